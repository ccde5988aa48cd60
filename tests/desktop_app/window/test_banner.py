"""A problem is told once, the gravest first, and goes when it is over."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop_app.window.banner import Banner, Banners, Remedy
from desktop_app.window.settings import ThemeChoice
from engine.domain.problem import Problem, Severity


def problem(code, severity=Severity.WARNING, message="the picture cannot be read"):
    return Problem(code, "photos/IMG_1.jpg", message, "Ask the lead for it again", severity)


@pytest.fixture
def banners(qtbot, theme):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    banners = Banners(theme)
    column.addWidget(banners)
    column.addStretch()
    window.resize(900, 400)
    window.show()
    yield banners
    del window


def shown(banners):
    visible = [b for b in banners.findChildren(Banner) if b.isVisible()]
    return [b.problem.code for b in sorted(visible, key=lambda b: b.y())]


def words(banner):
    return " ".join(label.text() for label in banner.findChildren(QLabel)).replace("\u200b", "")


def only(banners):
    [banner] = [b for b in banners.findChildren(Banner) if b.isVisible()]
    return banner


def test_nothing_is_shown_where_nothing_is_wrong(banners):
    assert not banners.isVisible()


def test_a_banner_says_what_happened_where_and_what_to_do(banners):
    banners.tell(problem("unreadable"))
    said = words(only(banners))
    assert "The picture cannot be read." in said
    assert "photos/IMG_1.jpg" in said
    assert "Ask the lead for it again." in said


def test_a_banner_is_spoken_whole(banners):
    banners.tell(problem("full", Severity.ERROR))
    name = only(banners).accessibleName()
    assert name.startswith("Problem: photos/IMG_1.jpg: the picture cannot be read")


def test_a_problem_that_comes_again_has_one_banner(qapp, banners):
    banners.tell(problem("full"))
    banners.tell(problem("full", message="the disk is still full"))
    assert banners.codes == ("full",)
    assert "The disk is still full." in words(only(banners))


def test_a_problem_that_is_over_takes_its_banner_with_it(banners):
    banners.tell(problem("full"))
    banners.tell(problem("unreadable"))
    banners.withdraw("full")
    banners.withdraw("never told")
    assert banners.codes == ("unreadable",)
    banners.clear()
    assert not banners.isVisible()


def test_two_banners_are_shown_and_the_others_wait_behind_a_button(qtbot, qapp, banners):
    for code in "abcde":
        banners.tell(problem(code))
    qapp.processEvents()
    assert shown(banners) == ["e", "d"]
    more = banners.findChild(QPushButton)
    assert more.text() == "+3 more"
    assert more.accessibleName() == "Show 3 more problems"
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    qapp.processEvents()
    assert shown(banners) == ["e", "d", "c", "b", "a"]
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    qapp.processEvents()
    assert shown(banners) == ["e", "d"]


def test_errors_stand_above_warnings_and_notes(qapp, banners):
    banners.tell(problem("error", Severity.ERROR))
    banners.tell(problem("note", Severity.NOTE))
    banners.tell(problem("warning", Severity.WARNING))
    qapp.processEvents()
    assert banners.codes == ("error", "warning", "note")
    assert shown(banners) == ["error", "warning"]


def test_a_person_closes_a_banner(qtbot, banners):
    banners.tell(problem("full"))
    close = only(banners).findChild(QToolButton)
    assert "Dismiss" in close.accessibleName()
    with qtbot.waitSignal(banners.dismissed) as told:
        qtbot.keyClick(close, Qt.Key.Key_Space)
    assert told.args == ["full"]
    assert not banners.isVisible()


def test_a_remedy_is_done_by_its_button_and_the_banner_stays_until_the_problem_is_over(
    qtbot, banners
):
    tried = []
    banners.tell(problem("full"), Remedy("Retry", lambda: tried.append(1)))
    retry = only(banners).findChild(QPushButton)
    assert retry.text() == "Retry"
    qtbot.mouseClick(retry, Qt.MouseButton.LeftButton)
    assert tried == [1]
    assert banners.isVisible()


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_severities_differ_in_colour_and_in_icon(qapp, theme, banners, choice):
    theme.choose(choice)
    grounds, icons = set(), set()
    for severity in Severity:
        banners.clear()
        banners.tell(problem("x", severity))
        qapp.processEvents()
        image = only(banners).grab().toImage()
        grounds.add(image.pixelColor(image.width() // 2, 4).name())
        icons.add(only(banners).findChild(QLabel).pixmap().toImage().copy().constBits().tobytes())
    assert len(grounds) == len(icons) == 3


def test_long_paths_break_into_lines_and_nothing_is_cut_off(qapp, theme, banners):
    theme.set_scale(200)
    where = "/".join(["a-folder-with-a-long-name"] * 12)
    banners.tell(Problem("x", where, "the picture cannot be read", "Ask for it again"))
    banners.window().resize(600, 800)
    qapp.processEvents()
    for label in only(banners).findChildren(QLabel)[1:]:
        assert label.width() <= 600
        assert label.height() >= label.heightForWidth(label.width())
