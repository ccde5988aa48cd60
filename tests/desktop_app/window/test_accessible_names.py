"""Every control of the frame has a name that a screen reader can say."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QSpinBox,
    QWidget,
)

from desktop_app.window.about import About
from desktop_app.window.banner import Banners, Remedy
from desktop_app.window.crash import CrashDialog
from desktop_app.window.first_run import FirstRun
from desktop_app.window.main_window import MainWindow
from desktop_app.window.new_study_dialog import NewStudyDialog
from desktop_app.window.preferences import Preferences
from desktop_app.window.question import InlineQuestion
from desktop_app.window.recent import RecentStudy
from desktop_app.window.shortcuts import ShortcutSheet
from engine.domain.problem import Problem
from tests.desktop_app.accessible import controls, nameless


def main_window(theme, settings, keymap):
    window = MainWindow(theme, settings, keymap)
    window.show_recent([RecentStudy(Path("/studies/a.concord"))])
    window.status.show_grader("Anna")
    return window


def banners(theme, _settings, _keymap):
    made = Banners(theme)
    for code in "abc":
        made.tell(Problem(code, "a.jpg", "it is gone", "Ask for it"), Remedy("Retry", print))
    return made


def question(theme, _settings, _keymap):
    made = InlineQuestion(theme)
    made.ask("Delete 2 regions?", print, yes="Delete", no="Keep")
    return made


PIECES = {
    "main window": main_window,
    "first run": lambda theme, _s, _k: FirstRun(theme),
    "banners": banners,
    "question": question,
    "shortcuts": lambda theme, _s, keymap: ShortcutSheet(keymap, theme),
    "new study": lambda theme, _s, _k: NewStudyDialog(theme),
    "preferences": lambda theme, settings, _k: Preferences(theme, settings),
    "about": lambda theme, _s, _k: About(theme),
    "crash": lambda theme, _s, _k: CrashDialog(theme, Path("/log/crash-1.txt")),
}


@pytest.mark.parametrize("piece", PIECES)
def test_every_control_has_a_name(qtbot, theme, settings, keymap, piece):
    widget = PIECES[piece](theme, settings, keymap)
    qtbot.addWidget(widget)
    assert controls(widget)
    assert nameless(widget) == []
    widget.hide()


def test_the_check_finds_controls_without_a_name(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    for kind in (QLineEdit, QListView, QComboBox, QSpinBox, QPushButton):
        kind(page)
    assert len(nameless(page)) == 5


def test_a_label_beside_a_field_names_it(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    label, field = QLabel("Your name", page), QLineEdit(page)
    label.setBuddy(field)
    assert nameless(page) == []
