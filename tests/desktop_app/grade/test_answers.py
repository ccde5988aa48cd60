"""Answers by key and by button, and what keeps an image from being done."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from engine.domain.grading import Grading, Status
from engine.domain.queue import QueueState
from tests.desktop_app.grade.hands import draw, go, press, revisions, stored
from tests.desktop_app.squares import square


def buttons(page):
    return {b.text(): b for b in page.side.answers.findChildren(QPushButton)}


def checked(page):
    return {text for text, button in buttons(page).items() if button.isChecked()}


def test_an_image_without_visible_condition_is_graded_in_two_key_presses(page):
    press(page, "Q", "Ctrl+Return")
    assert (stored(page, 0).visible, stored(page, 0).status) == (False, Status.DONE)
    assert page.session.at == 1


def test_each_key_answers_and_shows_its_answer(page):
    for key, shown in (
        ("Q", {"Not visible"}),
        ("1", {"Visible", "1"}),
        ("2", {"Visible", "2"}),
        ("3", {"Visible", "3"}),
        ("4", {"Visible", "4"}),
        ("5", {"Visible", "Too many"}),
    ):
        press(page, key)
        assert checked(page) == shown
    assert stored(page).roi_count == 5


def test_a_button_does_what_its_key_does(page, qtbot):
    for text, answer in (
        ("Not visible", (False, None)),
        ("Visible", (True, None)),
        ("3", (True, 3)),
        ("Too many", (True, 5)),
    ):
        qtbot.mouseClick(buttons(page)[text], Qt.MouseButton.LeftButton)
        assert (stored(page).visible, stored(page).roi_count) == answer


def test_an_answer_pressed_again_stays_and_is_no_further_gesture(page, qtbot):
    qtbot.mouseClick(buttons(page)["2"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(buttons(page)["2"], Qt.MouseButton.LeftButton)
    press(page, "2")
    assert checked(page) == {"Visible", "2"}
    assert len(revisions(page)) == 1


def test_looking_at_images_writes_nothing(page):
    press(page, "D", "D", "A", "I", "I")
    assert [stored(page, place) for place in range(6)] == [None] * 6


def test_how_many_are_outlined_of_how_many_is_said_as_they_grow(page):
    press(page, "2")
    assert page.side.answers.outlined == "0 of 2 outlined"
    draw(page, square())
    assert page.side.answers.outlined == "1 of 2 outlined"
    draw(page, square(30))
    assert page.side.answers.outlined == "2 of 2 outlined"
    assert page.side.done.reason == ""


def test_outlines_without_a_count_ask_for_it(page):
    draw(page, square(), square(30))
    assert page.side.answers.outlined == "2 regions outlined, not counted yet"
    press(page, "Ctrl+Return")
    assert page.side.done.reason == (
        "You outlined 2 regions. Say how many distinct regions there are."
    )


def test_done_is_refused_while_count_and_outlines_disagree_and_says_which(page):
    press(page, "3")
    draw(page, square(), square(30))
    assert not page.side.done.is_loud
    press(page, "Ctrl+Return")
    assert page.session.at == 0
    assert stored(page).status is Status.STARTED
    assert page.side.done.is_loud
    assert page.side.done.reason == (
        "You said 3 regions and outlined 2. Outline one more, or change the answer."
    )


def test_a_refusal_is_quiet_again_once_something_changed(page):
    press(page, "3", "Ctrl+Return")
    assert page.side.done.is_loud
    press(page, "2")
    assert not page.side.done.is_loud
    assert "You said 2 regions" in page.side.done.reason


def test_the_done_button_may_be_pressed_while_it_is_refused_and_looks_ready_when_it_is_not(
    page, qtbot
):
    button = page.side.done.button
    assert button.isEnabled()
    assert button.property("ready") is False
    press(page, "Q")
    assert button.property("ready") is True
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.session.at == 1


def test_done_goes_to_the_next_image_that_is_not_done(prepare, open_page):
    prepare({0: {"visible": False}, 2: {"visible": False}})
    page = open_page()
    assert page.session.at == 1
    press(page, "Q", "Ctrl+Enter")
    assert page.session.at == 3


def test_editing_a_done_image_makes_it_started_again_until_it_is_done_again(prepare, open_page):
    prepare({0: {"visible": False}})
    page = open_page()
    go(page, 0)
    assert page.side.done.button.text() == "Done — next image"
    press(page, "5")
    assert page.session.items[0].state is QueueState.STARTED
    assert page.side.done.button.text() == "Done and next"


@pytest.mark.parametrize(
    ("answer", "button"), [("Q", "Delete 2 regions"), ("5", "Delete 2 regions")]
)
def test_an_answer_that_would_delete_regions_asks_once_and_is_one_step_to_undo(
    page, answer, button
):
    press(page, "2")
    draw(page, square(), square(30))
    before = stored(page)
    press(page, answer)
    question = page.workbench.question
    assert question.is_open
    assert question.yes.text() == button
    assert stored(page) == before
    press(page, "Return")
    assert stored(page).region == ()
    assert not question.is_open
    press(page, "Ctrl+Z")
    assert (stored(page).region, stored(page).roi_count) == (before.region, 2)


def test_a_question_refused_changes_nothing(page):
    draw(page, square())
    before = len(revisions(page))
    press(page, "Q", "Escape")
    assert not page.workbench.question.is_open
    assert len(revisions(page)) == before
    assert page.canvas.hasFocus()


def test_a_question_left_open_is_withdrawn_by_the_next_gesture_and_the_next_image(page):
    draw(page, square())
    press(page, "Q")
    page.session.answer_count(1)
    assert not page.workbench.question.is_open
    press(page, "Q")
    page.go_next()
    assert not page.workbench.question.is_open
    assert stored(page, 0).region == (square(),)


def test_drawing_says_visible_after_not_visible(page):
    press(page, "Q")
    draw(page, square())
    assert stored(page).visible is True
    assert "Visible" in checked(page)


def test_undo_and_redo_take_answers_back_and_bring_them_again(page):
    press(page, "2", "3", "Ctrl+Z")
    assert checked(page) == {"Visible", "2"}
    press(page, "Ctrl+Z")
    assert checked(page) == set()
    press(page, "Ctrl+Shift+Z", "Ctrl+Y")
    assert checked(page) == {"Visible", "3"}


def test_nothing_of_the_image_before_is_shown_while_the_next_is_read(page):
    press(page, "2")
    draw(page, square())
    shown = []
    page.session.opening.connect(lambda _item: shown.append((checked(page), _rows(page))))
    page.go_next()
    assert shown == [(set(), 0)]
    assert page.canvas.selected == -1


def _rows(page):
    return page.side.regions.model.rowCount()


def test_the_side_shows_the_answers_of_a_grading_whatever_it_says(theme, keymap, qtbot):
    from desktop_app.grade.answers import Answers
    from engine.domain.settings import AgreementSettings

    answers = Answers(theme, keymap, AgreementSettings(max_outlined_regions=2))
    qtbot.addWidget(answers)
    texts = [b.text() for b in answers.findChildren(QPushButton)]
    assert sorted(texts) == ["1", "2", "Not visible", "Too many", "Visible"]
    answers.show_grading(Grading("a", "Ada", roi_count=7))
    assert answers.outlined == "Nothing to outline"
