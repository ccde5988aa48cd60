"""One page of a study is shown at a time; the others live behind it and are told what happens."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from desktop_app.window.action_table import Place
from desktop_app.window.main_window import MainWindow
from desktop_app.window.study_page import StudyPage


class Page(StudyPage):
    """A page that notes its comings and goings."""

    def __init__(self, name, log, **handlers):
        super().__init__()
        self.name, self.log = name, log
        self.handlers = handlers

    def enter(self):
        self.log.append(("enter", self.name))

    def leave(self):
        self.log.append(("leave", self.name))


@pytest.fixture
def log():
    return []


@pytest.fixture
def study(qtbot, theme, settings, keymap, log):
    """Return a window with a study of two pages, the second one not made yet."""
    window = MainWindow(theme, settings, keymap)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    grade = Page("grade", log, done=lambda: log.append("done"))
    window.show_page(grade, "melanoma", handlers={"save_copy": lambda: log.append("copy")})
    window.offer_pages(
        {Place.REVIEW: lambda: Page("review", log, reveal=lambda: log.append("reveal"))}
    )
    return window


def buttons(window):
    return {
        button.text(): button
        for button in window.pages.findChildren(QPushButton)
        if button.isVisible()
    }


def test_the_switch_names_the_pages_that_a_person_has(study):
    assert list(buttons(study)) == ["Grade", "Review"]
    assert buttons(study)["Grade"].isChecked()


def test_a_study_with_one_page_has_no_switch(study):
    study.show_page(QLabel("page"), "melanoma")
    assert buttons(study) == {}


def test_a_page_is_left_before_the_other_one_is_entered(study, log, qtbot):
    qtbot.mouseClick(buttons(study)["Review"], Qt.MouseButton.LeftButton)
    assert study.page.name == "review"
    assert buttons(study)["Review"].isChecked()
    assert log == [("leave", "grade"), ("enter", "review")]


def test_keys_go_from_page_to_page(study, qtbot):
    qtbot.keyClick(study, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert study.page.name == "review"
    qtbot.keyClick(study, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert study.page.name == "grade"
    qtbot.keyClick(study, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert study.page.name == "grade"


def test_a_page_that_was_made_is_the_same_when_it_is_gone_back_to(study):
    study.pages.go(Place.REVIEW)
    review = study.page
    study.pages.go(Place.GRADE)
    study.pages.go(Place.REVIEW)
    assert study.page is review


def test_each_page_has_its_actions_and_the_study_s_beside_them(study):
    by_id = study.action_set.by_id
    assert [by_id[i].isEnabled() for i in ("done", "save_copy", "reveal")] == [True, True, False]
    study.pages.go(Place.REVIEW)
    assert [by_id[i].isEnabled() for i in ("done", "save_copy", "reveal")] == [False, True, True]


def test_a_page_may_change_its_actions_while_it_is_shown(study):
    study.pages.go(Place.REVIEW)
    page = study.page
    page.handlers = {"close_outline": lambda: None}
    page.handlers_changed.emit()
    by_id = study.action_set.by_id
    assert by_id["close_outline"].isEnabled()
    assert not by_id["reveal"].isEnabled()


def test_what_a_page_says_behind_the_other_one_is_not_shown(study):
    grade = study.page
    study.pages.go(Place.REVIEW)
    grade.undo_changed.emit("draw region", "")
    grade.handlers = {"fit": lambda: None}
    grade.handlers_changed.emit()
    assert study.action_set.by_id["undo"].text() == "Undo"
    assert not study.action_set.by_id["fit"].isEnabled()


def test_a_page_that_is_no_longer_offered_can_no_longer_be_gone_to(study):
    study.offer_pages({})
    assert buttons(study) == {}
    study.pages.go(Place.REVIEW)
    assert study.page.name == "grade"
    assert not study.action_set.by_id["page_review"].isEnabled()
