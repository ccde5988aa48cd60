"""A screen reader can name every control of the whole window and of every dialog it opens."""

import importlib
import pkgutil

import pytest
from PySide6.QtWidgets import QDialog, QInputDialog, QMessageBox

import desktop_app
from desktop_app.grade.instructions import InstructionsDialog
from desktop_app.grade.who import WhoDialog
from desktop_app.window.about import About
from desktop_app.window.new_study_dialog import NewStudyDialog
from desktop_app.window.pickers import Pickers
from desktop_app.window.preferences import Preferences
from desktop_app.window.problems import ProblemList
from desktop_app.window.progress import JobProgress
from desktop_app.window.shortcuts import ShortcutSheet
from engine.domain.problem import Problem, Severity
from engine.study.sqlite import open_study
from tests import packet_studies
from tests.desktop_app.accessible import controls, nameless
from tests.desktop_app.desk.desks import answering, at_desk, set_options
from tests.desktop_app.squares import square

PROBLEM = Problem("gone", "a.jpg", "It is gone", "Put it back", Severity.ERROR)


@pytest.fixture
def person(qtbot, tmp_path):
    with at_desk(qtbot, tmp_path) as person:
        yield person


@pytest.fixture
def file(tmp_path):
    """A study with instructions, that ada, bo and cy are asked for."""
    folder = tmp_path / "studies"
    folder.mkdir()
    file = packet_studies.make_study(folder)
    set_options(file, instructions="Outline every **spot**", leads=("ada",))
    return file


def assert_named(widget, *, at_least):
    assert len(controls(widget)) >= at_least
    assert nameless(widget) == []


def test_every_control_of_the_window_has_a_name_whatever_it_shows(person, file):
    window = person.window
    assert_named(window, at_least=3)
    with open_study(file, read_only=True) as study:
        image = study.queue("ada")[0].image
    person.open(file, grader="ada")
    page = person.desk.page
    person.wait_for_dialog(InstructionsDialog).close()
    assert_named(window, at_least=40)
    page.workbench.sent_back.show_reason("Too wide")
    for code in "abc":
        window.banners.tell(Problem(code, "a.jpg", "it is gone", "Ask for it"))
    person.draw(square())
    page.handlers["not_visible"]()
    assert page.workbench.question.is_open
    assert_named(window, at_least=45)
    page.workbench.question.no.click()
    person.wait_until_stored()
    write_elsewhere(file, image)
    person.draw(square(2.0))
    person.wait(page.workbench.conflict.isVisible)
    assert_named(window, at_least=45)
    page.workbench.conflict.mine.click()
    person.wait_until_stored()


def write_elsewhere(file, image):
    with open_study(file) as study:
        sheet = study.sheet(image, "ada")
        grading = sheet.history.present
        study.append(grading, author="ada", parent=sheet.parent, gesture="note")


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("new", NewStudyDialog),
        ("preferences", Preferences),
        ("shortcuts", ShortcutSheet),
        ("about", About),
        ("instructions", InstructionsDialog),
    ],
)
def test_every_control_of_a_dialog_has_a_name(person, file, action, kind):
    person.open(file, grader="ada")
    person.wait_for_dialog(InstructionsDialog).close()
    person.do(action)
    dialog = person.wait_for_dialog(kind)
    assert_named(dialog, at_least=1)
    assert dialog.windowTitle()
    dialog.close()


def test_every_control_of_the_question_who_grades_has_a_name(person, file):
    looked = []

    def look(dialog):
        looked.append(dialog)
        assert_named(dialog, at_least=4)
        dialog.reject()

    with answering(WhoDialog, look):
        person.desk.open(file)
        person.wait(lambda: looked)
        person.wait_for_first_page()


def test_every_control_of_lists_progress_and_questions_has_a_name(person, file, monkeypatch):
    problems = ProblemList("Left out", [PROBLEM], person.theme, person.window)
    assert_named(problems, at_least=2)
    progress = JobProgress("Packing", person.theme, person.window)
    assert_named(progress, at_least=1)
    progress.end()
    looked = []

    def look(dialog):
        assert_named(dialog, at_least=2)
        looked.append(dialog)
        dialog.button(QMessageBox.StandardButton.Cancel).click()

    with answering(QMessageBox, look):
        assert not person.desk._may_lose("3 changes would be lost.")
    assert looked


def test_every_control_of_the_question_whose_packet_has_a_name(person):
    looked = []

    def look(dialog):
        assert_named(dialog, at_least=2)
        looked.append(dialog)
        dialog.reject()

    with answering(QInputDialog, look):
        assert Pickers().grader(person.window, ["ada", "bo"]) == ""
    assert looked


LOOKED_AT_HERE = {
    "About", "CrashDialog", "InstructionsDialog", "JobProgress", "NewStudyDialog", "Preferences",
    "ProblemList", "ShortcutSheet", "WhoDialog",
}  # fmt: skip
LOOKED_AT_IN_THEIR_ROOMS = {
    "AssignDialog", "AuditDialog", "CheckDialog", "ChoiceEditor", "ColumnChooser",
    "ConditionsDialog", "ExportRegionsDialog", "FilterEditor", "ImportDialog", "LabelsDialog",
    "MapsDialog", "PeopleDialog", "Popup", "PredictionsDialog", "PreviewDialog", "RangeEditor",
    "SanityDialog", "SettingsDialog", "SetupDialog",
}  # fmt: skip


def test_no_other_dialog_is_in_the_program():
    """A new one has to be looked at, here or in its room."""
    for module in pkgutil.walk_packages(desktop_app.__path__, "desktop_app."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    known = LOOKED_AT_HERE | LOOKED_AT_IN_THEIR_ROOMS
    assert {kind.__name__ for kind in own_dialogs(QDialog)} == known


def own_dialogs(kind):
    for heir in kind.__subclasses__():
        if heir.__module__.startswith("desktop_app"):
            yield heir
        yield from own_dialogs(heir)
