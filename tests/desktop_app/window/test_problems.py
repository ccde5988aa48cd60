"""Many problems at once: all of them can be read and copied."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QWidget

from desktop_app.window.problems import ProblemList
from engine.domain.problem import Problem, Severity

PROBLEMS = tuple(
    Problem(
        "image_unreadable", f"p/{n:04}.jpg", "It is damaged", "Replace the file", Severity.WARNING
    )
    for n in range(1200)
)
TITLE = "Some files could not be brought in"


@pytest.fixture
def parent(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


@pytest.fixture
def shown(qtbot, theme, parent):
    problems = ProblemList(TITLE, PROBLEMS, theme, parent)
    problems.open()
    qtbot.waitUntil(problems.isVisible)
    yield problems
    problems.close()


def test_every_problem_is_listed_with_its_place_and_its_remedy(shown):
    text = shown.text.toPlainText()
    assert text.split("\n\n") == [str(problem) for problem in PROBLEMS]
    assert "p/1199.jpg" in text
    assert "Replace the file" in text


def test_it_says_how_many_they_are_and_that_the_rest_is_stored(shown):
    words = [label.text() for label in shown.findChildren(QLabel)]
    assert f"{TITLE} (1,200)" in words
    assert "Everything else is stored." in words


def test_the_list_can_be_copied_but_not_changed(shown):
    assert shown.text.isReadOnly()
    shown.text.selectAll()
    shown.text.copy()
    assert QGuiApplication.clipboard().text() == shown.text.toPlainText()


def test_the_list_is_named_for_who_cannot_see_it(shown):
    assert shown.text.accessibleName() == TITLE


def test_closing_lets_the_list_go(qtbot, theme, parent):
    problems = ProblemList(TITLE, PROBLEMS[:2], theme, parent)
    problems.open()
    close = problems.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Close)
    close.click()
    qtbot.waitUntil(lambda: parent.findChildren(ProblemList) == [])
