"""Notes and problems: one gesture each, never lost, never in the way of the keys."""

from PySide6.QtCore import Qt

from engine.domain.grading import Status
from tests.desktop_app.grade.hands import draw, go, press, revisions, settle, stored, write
from tests.desktop_app.squares import square


def note(page):
    return page.side.remarks.note


def test_t_goes_to_the_note_and_letters_are_written_not_done(page):
    press(page, "T")
    assert note(page).hasFocus()
    write(page, "q13dP hair")
    assert note(page).toPlainText() == "q13dP hair"
    assert revisions(page) == []


def test_control_enter_saves_the_note_as_one_gesture_and_goes_back_to_the_canvas(page):
    press(page, "T")
    write(page, "hair at the left")
    press(page, "Ctrl+Return")
    assert stored(page).note == "hair at the left"
    assert [revision.gesture for revision in revisions(page)] == ["note"]
    assert page.canvas.hasFocus()
    assert page.session.at == 0


def test_esc_forgets_what_was_written(page):
    press(page, "T")
    write(page, "never mind")
    press(page, "Escape")
    assert note(page).toPlainText() == ""
    assert page.canvas.hasFocus()
    assert revisions(page) == []


def test_esc_brings_back_what_was_saved_before(page):
    press(page, "T")
    write(page, "first")
    press(page, "Ctrl+Enter", "T")
    write(page, " second")
    press(page, "Escape")
    assert note(page).toPlainText() == "first"


def test_leaving_the_note_saves_it(page):
    press(page, "T")
    write(page, "blurred edge")
    page.canvas.setFocus()
    assert stored(page).note == "blurred edge"


def test_a_note_left_unchanged_is_no_gesture(page):
    press(page, "T")
    page.canvas.setFocus()
    assert revisions(page) == []


def test_a_note_stays_with_its_image_when_a_key_opens_another_one(page):
    press(page, "T")
    write(page, "of the first image")
    press(page, "Ctrl+Shift+D")
    assert stored(page, 0).note == "of the first image"
    assert stored(page, 1) is None
    assert note(page).toPlainText() == ""


def test_a_note_being_written_is_saved_before_done(page):
    press(page, "Q", "T")
    write(page, "nothing to see")
    page.done()
    settle(page)
    assert (stored(page, 0).note, stored(page, 0).status) == ("nothing to see", Status.DONE)


def test_a_note_being_written_is_saved_when_the_window_closes(page):
    press(page, "T")
    write(page, "last words")
    page.window().close()
    assert stored(page).note == "last words"


def test_undo_takes_back_a_note_and_inside_the_note_it_takes_back_letters(page):
    press(page, "T")
    write(page, "abc")
    press(page, "Ctrl+Z")
    assert note(page).toPlainText() == ""
    write(page, "abc")
    press(page, "Ctrl+Return", "Ctrl+Z")
    assert stored(page).note == ""
    assert note(page).toPlainText() == ""


def test_another_gesture_does_not_disturb_a_note_that_is_being_written(page):
    press(page, "T")
    write(page, "half a th")
    draw(page, square())
    settle(page)
    assert note(page).toPlainText() == "half a th"
    write(page, "ought")
    press(page, "Ctrl+Return")
    assert stored(page).note == "half a thought"
    assert stored(page).region == (square(),)


def test_a_note_returns_with_its_image(page):
    press(page, "T")
    write(page, "kept")
    press(page, "Ctrl+Return")
    go(page, 3)
    assert note(page).toPlainText() == ""
    go(page, 0)
    assert note(page).toPlainText() == "kept"


def test_a_problem_is_one_gesture_and_can_be_taken_back(page, qtbot):
    press(page, "Shift+T")
    choose(page, qtbot, Qt.Key.Key_W)
    assert stored(page).problem == "wrong_picture"
    assert [revision.gesture for revision in revisions(page)] == ["report problem"]
    assert page.side.remarks.problem.text() == "Wrong picture"
    press(page, "Shift+T")
    choose(page, qtbot, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Return)
    assert stored(page).problem == ""


def choose(page, qtbot, *keys):
    """Choose from the open list of problems by its keys."""
    menu = page.side.remarks.problem.menu_of_problems
    assert menu.isVisible()
    for key in keys:
        qtbot.keyClick(menu, key)
    assert not menu.isVisible()


def test_a_problem_list_that_is_closed_again_chooses_nothing(page, qtbot):
    press(page, "Shift+T")
    choose(page, qtbot, Qt.Key.Key_Escape)
    assert revisions(page) == []


def test_a_problem_chosen_gives_the_keys_back_to_the_canvas(page, qtbot):
    page.side.remarks.problem.setFocus()
    press(page, "Space")
    choose(page, qtbot, Qt.Key.Key_I)
    assert stored(page).problem == "identifying_detail"
    assert page.canvas.hasFocus()


def test_a_problem_that_the_program_does_not_know_is_shown_and_kept(prepare, open_page):
    prepare({0: {"visible": False, "problem": "upside_down"}})
    page = open_page()
    go(page, 0)
    assert page.side.remarks.problem.text() == "upside_down"
    press(page, "1")
    assert stored(page).problem == "upside_down"


def test_tab_leaves_the_note(page, qtbot):
    press(page, "T")
    qtbot.keyClick(note(page), Qt.Key.Key_Tab)
    assert not note(page).hasFocus()
