"""What reaches a grader of the lead and of other windows, and that other graders never do."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.domain.grading import Grading, Role
from engine.domain.queue import QueueState
from engine.study.sqlite import open_study
from tests.desktop_app.grade.hands import draw, go, press, revisions, settle, stored, words
from tests.desktop_app.squares import square

REASON = "Please leave out the healthy skin at the left"


def test_the_leads_reason_stands_above_the_image_until_it_is_done_again(prepare, open_page):
    prepare({0: {"visible": False}}, sent_back={0: REASON})
    page = open_page()
    bar = page.workbench.sent_back
    assert page.session.at == 0
    assert bar.isVisible()
    assert bar.text.text() == REASON
    press(page, "1")
    assert bar.isVisible()
    assert page.session.items[0].state is QueueState.SENT_BACK
    seen = []
    page.session.opening.connect(lambda _item: seen.append(bar.isVisible()))
    go(page, 1)
    assert seen == [False]
    go(page, 0)
    press(page, "Q", "Ctrl+Return")
    assert page.session.items[0].state is QueueState.DONE
    assert not bar.isVisible()
    go(page, 0)
    assert not bar.isVisible()


def test_the_leads_reason_is_not_the_graders_note(prepare, open_page):
    prepare({0: {"visible": False, "note": "mine"}}, sent_back={0: REASON})
    page = open_page()
    assert page.side.remarks.note.toPlainText() == "mine"


def test_an_image_that_was_never_sent_back_has_no_bar(prepare, open_page):
    prepare({0: {"visible": False}}, sent_back={0: REASON})
    page = open_page()
    go(page, 1)
    assert not page.workbench.sent_back.isVisible()


def two_windows(open_page):
    """Return two pages of Ada at the same image, both having answered; the second came late."""
    first, second = open_page(), open_page()
    second.dashed = []
    show_other = second.canvas.show_other
    second.canvas.show_other = lambda region: second.dashed.append(region) or show_other(region)
    draw(first, square())
    settle(first)
    draw(second, square(30), square(50))
    settle_conflict(second)
    return first, second


def settle_conflict(page):
    for _ in range(100):
        QApplication.processEvents()
        if page.workbench.conflict.isVisible():
            return
    raise AssertionError("no conflict was told")


def test_two_windows_on_one_image_show_both_versions_and_say_that_none_is_lost(open_page):
    _, second = two_windows(open_page)
    bar = second.workbench.conflict
    assert bar.title.text() == "Another window saved this image meanwhile"
    assert "both stay in the history" in bar.text.text()
    assert "visible, 2 outlined" in bar.text.text()
    assert "visible, 1 outlined" in bar.text.text()
    assert bar.mine.hasFocus()


def test_their_version_is_dashed_on_the_canvas_beside_mine_until_one_is_chosen(open_page):
    _, second = two_windows(open_page)
    assert second.dashed[-1] == (square(),)
    assert second.canvas.region == (square(30), square(50))
    second.workbench.conflict.mine.click()
    settle(second)
    assert second.dashed[-1] is None


def test_while_a_conflict_waits_nothing_else_can_be_said(open_page):
    _, second = two_windows(open_page)
    assert not second.side.isEnabled()
    assert not second.workbench.tools.button("draw").isEnabled()
    before = len(second.session.study.revisions(second.session.item.image, "Ada"))
    at = second.canvas.to_screen(90, 20).toPoint()
    QTest.mouseClick(second.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    second.handlers["not_visible"]()
    QApplication.processEvents()
    assert not second.canvas.is_drawing
    assert len(second.session.study.revisions(second.session.item.image, "Ada")) == before


def test_keeping_mine_stores_it_on_top_and_undo_brings_back_theirs(open_page):
    _, second = two_windows(open_page)
    second.workbench.conflict.mine.click()
    settle(second)
    assert stored(second).region == (square(30), square(50))
    assert not second.workbench.conflict.isVisible()
    assert second.side.isEnabled()
    press(second, "Ctrl+Z")
    assert stored(second).region == (square(),)


def test_taking_theirs_keeps_mine_in_the_history(open_page):
    _, second = two_windows(open_page)
    second.workbench.conflict.theirs.click()
    settle(second)
    assert stored(second).region == (square(),)
    assert (square(30), square(50)) in [r.grading.region for r in revisions(second)]


def test_a_conflict_is_put_off_by_going_on_and_comes_back_with_the_image(open_page):
    _, second = two_windows(open_page)
    second.session.go(3)
    assert not second.workbench.conflict.isVisible()
    second.session.go(0)
    settle_conflict(second)
    assert second.workbench.conflict.isVisible()


SECRET = "seen only by Bo"
ALLOWED = {
    "queue", "options", "packet", "sheet", "append", "keep_draft", "add_activity", "activity",
    "picture", "close", "folder",
}  # fmt: skip


class Watched:
    """A study that notes by whom and how it is asked."""

    def __init__(self, study):
        self._study = study
        self.asked = []

    def __getattr__(self, name):
        value = getattr(self._study, name)
        if not callable(value):
            self.asked.append((name, ()))
            return value

        def call(*arguments, **named):
            self.asked.append((name, (*arguments, *named.values())))
            return value(*arguments, **named)

        return call


def test_nothing_of_another_grader_is_shown_or_read(file, images, open_page):
    with open_study(file) as study:
        for place in range(3):
            grading = Grading(
                images[place].path,
                "Bo",
                visible=True,
                roi_count=1,
                region=(square(7),),
                note=SECRET,
                problem="blurred",
            )
            study.append(grading, author="Bo", parent=None)
            study.add_activity(images[place].path, "Bo", Role.ASSIGNED, began="2026", seconds=77)
    studies = []

    def watch(study):
        studies.append(Watched(study))
        return studies[0]

    page = open_page(wrap=watch)
    for _ in range(6):
        press(page, "Q", "Ctrl+Return")
    settle(page)
    assert page.queue.progress == "6 of 6 done"
    told = words(page.window())
    assert SECRET not in told
    assert "77" not in told
    asked = studies[0].asked
    assert {name for name, _ in asked} <= ALLOWED
    assert not any("Bo" in map(str, arguments) for _, arguments in asked)
    assert all("Ada" in arguments for name, arguments in asked if name == "activity")


def test_times_of_other_graders_are_not_in_ones_own(file, images):
    with open_study(file) as study:
        for grader, seconds in (("Ada", 5.0), ("Bo", 7.0)):
            study.add_activity(images[0].path, grader, Role.ASSIGNED, began="2026", seconds=seconds)
        assert study.activity("Ada") == {(images[0].path, "Ada", Role.ASSIGNED): 5.0}
        assert len(study.activity()) == 2
