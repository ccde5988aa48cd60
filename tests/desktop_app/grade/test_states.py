"""What the page says where there is no image to grade, and while one is on its way."""

import pytest

from desktop_app.grade.empty import all_done, duration, no_task, without_picture
from desktop_app.session.pictures import without_pixels
from engine.domain.grading import Role
from engine.domain.image import Image
from engine.domain.problem import Problem
from engine.domain.queue import QueueItem, QueueState
from engine.study.sqlite import open_study
from engine.tasks.executors import SteppingExecutor
from tests.desktop_app.grade.hands import go, press, settle, stored, write

ALL = {place: {"visible": False} for place in range(6)}


def is_state(page):
    """Tell whether the page says something in place of image and answers."""
    return page.state.isVisible()


def test_while_the_queue_is_read_the_page_says_so(open_page):
    page = open_page(executor=SteppingExecutor(), waits=False)
    assert is_state(page)
    assert page.state.title == "Opening your images…"
    assert not page.side.isVisible()


def test_while_an_image_is_read_nothing_can_be_answered_or_drawn(open_page, qtbot):
    executor = SteppingExecutor()
    page = open_page(executor=executor, waits=False)
    executor.step()
    qtbot.waitUntil(lambda: page.session.at == 0)
    assert not is_state(page)
    press_without_rest(page, qtbot, "Q")
    qtbot.waitUntil(lambda: not page.side.isEnabled())
    while executor.step():
        qtbot.wait(0)
    settle(page)
    assert page.side.isEnabled()
    assert stored(page) is None


def press_without_rest(page, qtbot, key):
    qtbot.keyClicks(page.canvas, key)


def test_a_grader_without_a_task_is_told_so_and_can_change_who_they_are(open_page, qtbot):
    page = open_page("Cy")
    assert is_state(page)
    assert page.state.title == "No images for you yet"
    assert "Cy" in page.state.text
    with qtbot.waitSignal(page.who_asked):
        _button(page, "Change grader…").click()


def test_keys_do_nothing_without_a_task(open_page):
    page = open_page("Cy")
    press(page, "Q", "3", "Ctrl+Return", "D", "A", "Ctrl+Z", "T", "]", "P")
    assert is_state(page)


def test_after_the_last_image_the_page_thanks_with_a_summary(prepare, file, open_page, qtbot):
    prepare({place: ALL[place] for place in range(5)})
    with open_study(file) as study:
        for place, (grader, seconds) in enumerate([("Ada", 40), ("Ada", 50), ("Bo", 999)]):
            image = f"visit_0/photo_{place}.png"
            began = "2026-01-01T00:00:00.000+00:00"
            study.add_activity(image, grader, Role.ASSIGNED, began=began, seconds=seconds)
    page = open_page()
    press(page, "Q", "Ctrl+Return")
    qtbot.waitUntil(lambda: is_state(page))
    assert page.state.title == "All your 6 images are done"
    assert "Half of them took you at most 40 seconds each." in page.state.text


def test_a_queue_that_was_done_before_opens_with_the_summary_and_can_be_looked_at_again(
    prepare, open_page, qtbot
):
    prepare(ALL)
    page = open_page()
    qtbot.waitUntil(lambda: is_state(page))
    _button(page, "Look at the images again").click()
    assert not is_state(page)
    assert page.session.at == 0
    press(page, "D")
    assert not is_state(page)


def test_an_image_without_pixels_explains_itself_and_can_still_be_answered(file, open_page, images):
    with open_study(file) as study:
        study.add_images([Image("film_12", 800, 600)], author="lead")
        study.assign("film_12", "Ada", Role.ASSIGNED, author="lead")
    page = open_page()
    go(page, 6)
    bench = page.workbench
    assert not bench.has_canvas
    assert bench.state.title == "There is no photograph to look at"
    assert "Nothing can be outlined here" in bench.state.text
    assert not bench.tools.button("draw").isEnabled()
    press(page, "Q", "T")
    write(page, "no file")
    press(page, "Ctrl+Return")
    assert (stored(page, 6).visible, stored(page, 6).note) == (False, "no file")


@pytest.mark.parametrize(
    ("spoil", "title"),
    [
        (lambda path: path.unlink(), "The photograph is not where it was"),
        (lambda path: path.write_bytes(b"no picture"), "The photograph cannot be shown"),
        (lambda path: path.write_bytes((path.parent / "photo_0.png").read_bytes()),
         "The photograph is not the one it was"),
    ],
)  # fmt: skip
def test_a_missing_damaged_or_changed_file_is_told_with_what_to_do(
    tmp_path, open_page, spoil, title
):
    spoil(tmp_path / "visit_0" / "photo_1.png")
    page = open_page()
    assert page.workbench.has_canvas
    go(page, 1)
    assert page.workbench.state.title == title
    text = page.workbench.state.text
    assert "For whoever keeps the photographs: " in text or "Put the original file back" in text
    assert not page.workbench.tools.button("draw").isEnabled()
    go(page, 2)
    assert page.workbench.has_canvas
    assert page.workbench.tools.button("draw").isEnabled()


def test_from_an_image_without_a_picture_the_next_one_is_a_click_away(tmp_path, open_page):
    (tmp_path / "visit_0" / "photo_0.png").unlink()
    page = open_page()
    _button(page, "Next image").click()
    settle(page)
    assert page.session.at == 1


def test_a_packets_last_words_say_where_to_send_it():
    assert "send the file back" in all_done(3, [], is_packet=True).text
    assert "This packet" in no_task("Ada", is_packet=True).text


def test_a_summary_without_times_names_none():
    assert "took you" not in all_done(1, [], is_packet=False).text
    assert all_done(1, [], is_packet=False).title == "Your one image is done"


def test_a_problem_of_a_picture_is_said_in_whole_sentences():
    item = QueueItem(0, "film", Role.ASSIGNED, 9, 9, None, QueueState.TO_DO)
    state = without_picture(without_pixels(item))
    assert ".." not in state.text
    other = without_picture(Problem("lost", "a.png", "the file is gone", "Put it back"))
    assert other.text.startswith(
        "The file is gone. For whoever keeps the photographs: put it back."
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 seconds"), (1.2, "1 second"), (59.4, "59 seconds"), (60, "1 min"),
     (125, "2 min 5 s"), (3600, "60 min")],
)  # fmt: skip
def test_a_time_is_said_in_words(seconds, text):
    assert duration(seconds) == text


def _button(page, text):
    from PySide6.QtWidgets import QPushButton

    return next(b for b in page.findChildren(QPushButton) if b.text() == text)
