"""A new study is asked for only once everything it needs is there, and each fault is said."""

import os
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt

from desktop_app.studies import NewStudy
from desktop_app.window.new_study import (
    count_photographs,
    faults_of,
    suggested_file,
    summary_of,
    wanted,
)
from desktop_app.window.new_study_dialog import NewStudyDialog
from desktop_app.window.pickers import Pickers


@pytest.fixture
def photographs(tmp_path):
    folder = tmp_path / "photos"
    (folder / "visit").mkdir(parents=True)
    for name in ("a.jpg", "visit/b.PNG", "visit/notes.txt", ".hidden.jpg"):
        (folder / name).touch()
    return folder


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "manifest.csv"
    file.write_text("image,case\na.jpg,1\nb.jpg,2\n\n")
    return file


# What is wrong yet


def test_a_study_without_faults(photographs):
    assert faults_of(str(photographs), str(photographs / "x.concord"), "Anna") == {}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "Choose a folder"),
        ("{tmp}/nowhere", "There is no nowhere"),
        ("{photos}/a.jpg", "neither a folder nor a CSV file"),
    ],
)
def test_a_source_that_cannot_be_used_is_named(photographs, tmp_path, source, words):
    source = source.format(tmp=tmp_path, photos=photographs)
    assert words in faults_of(source, str(tmp_path / "x.concord"), "Anna")["source"]


def test_a_file_that_exists_is_never_overwritten(photographs, tmp_path):
    (tmp_path / "x.concord").touch()
    fault = faults_of(str(photographs), str(tmp_path / "x"), "Anna")["file"]
    assert fault == "x.concord exists already and is never overwritten. Choose another name."


def test_a_folder_that_is_not_there_is_named(photographs, tmp_path):
    fault = faults_of(str(photographs), str(tmp_path / "no" / "x.concord"), "Anna")["file"]
    assert str(tmp_path / "no") in fault


def test_a_folder_that_cannot_be_written_to_is_named(photographs, tmp_path, monkeypatch):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    if os.access(locked, os.W_OK):  # a superuser may write anywhere
        monkeypatch.setattr(os, "access", lambda path, _: Path(path) != locked)
    fault = faults_of(str(photographs), str(locked / "x.concord"), "Anna")["file"]
    assert fault == f"You may not write in {locked}. Choose another folder."


def test_a_study_needs_a_file_and_a_name(photographs):
    assert set(faults_of(str(photographs), " ", "  ")) == {"file", "name"}


# What it will be


def test_the_file_is_suggested_in_the_folder_or_beside_the_table():
    assert suggested_file(Path("/a/photos")) == Path("/a/photos/photos.concord")
    assert suggested_file(Path("/a/list.csv")) == Path("/a/list.concord")


def test_the_suffix_of_a_study_is_added_and_spaces_are_dropped(photographs):
    study = wanted(f" {photographs} ", "/a/x ", " Anna ", instructions=" Go. ", masks_names=True)
    assert study == NewStudy(Path("/a/x.concord"), (photographs,), "Anna", "Go.", True)


def test_photographs_and_rows_are_counted_without_reading_them(photographs, table):
    assert count_photographs(photographs) == 2
    assert count_photographs(table) == 2


def test_the_summary_says_how_much_there_is(photographs, table):
    assert summary_of("", None) == ""
    assert summary_of(str(photographs), None).startswith("All photographs of photos")
    assert summary_of(str(photographs), 1234).startswith("1,234 photographs of photos")
    assert summary_of(str(photographs), 1).startswith("1 photograph of photos")
    assert summary_of(str(table), 2).startswith("2 rows of manifest.csv")
    assert summary_of(str(photographs), 0) == "No photographs found there."


# The dialog


@pytest.fixture
def dialog(qtbot, theme):
    def dialog(**kwargs):
        dialog = NewStudyDialog(theme, **{"name": "Anna", **kwargs})
        qtbot.addWidget(dialog)
        with qtbot.waitActive(dialog):
            dialog.show()
            dialog.activateWindow()
        return dialog

    return dialog


def below(field):
    return field.below.accessibleName()


def test_the_study_that_was_described_is_asked_for(qtbot, dialog, photographs):
    asked = dialog()
    asked.begin_with(photographs)
    qtbot.keyClicks(asked.instructions, "Outline all of it.")
    asked.masks_names.setChecked(True)
    with qtbot.waitSignal(asked.wanted) as told:
        qtbot.mouseClick(asked.make, Qt.MouseButton.LeftButton)
    assert told.args == [
        NewStudy(photographs / "photos.concord", (photographs,), "Anna", "Outline all of it.", True)
    ]
    assert not asked.isVisible()


def test_nothing_is_asked_for_while_there_are_faults_and_each_is_said(qtbot, dialog):
    asked = dialog(name="Anna")
    asked.name.line.setText("")
    with qtbot.assertNotEmitted(asked.wanted):
        qtbot.mouseClick(asked.make, Qt.MouseButton.LeftButton)
    assert asked.isVisible()
    assert "Choose a folder" in below(asked.source)
    assert below(asked.file) == "Say where the study goes."
    assert "Write your name" in below(asked.name)
    assert asked.source.line.hasFocus()
    assert asked.source.line.accessibleDescription() == below(asked.source)


def test_a_field_is_not_judged_before_a_person_was_there(dialog):
    asked = dialog()
    assert "Choose" not in below(asked.source)
    assert asked.source.line.property("invalid") is False


def test_a_fault_goes_as_soon_as_it_is_mended(dialog, photographs, tmp_path):
    asked = dialog()
    asked.begin_with(photographs)
    asked.file.line.setText(str(tmp_path / "no" / "x.concord"))
    asked.file.line.editingFinished.emit()
    assert "There is no folder" in below(asked.file)
    asked.file.line.setText(str(tmp_path / "x.concord"))
    assert "There is no folder" not in below(asked.file)


def test_the_suggested_file_follows_the_source_until_a_person_writes_another(
    dialog, photographs, table
):
    asked = dialog()
    asked.begin_with(photographs)
    assert asked.file.text == str(photographs / "photos.concord")
    asked.begin_with(table)
    assert asked.file.text == str(table.with_suffix(".concord"))
    asked.file.line.setText("/elsewhere/mine.concord")
    asked.begin_with(photographs)
    assert asked.file.text == "/elsewhere/mine.concord"


def test_files_are_chosen_with_the_systems_dialogs(qtbot, dialog, photographs, table, tmp_path):
    answers = Pickers(
        folder=lambda *_: photographs,
        table=lambda *_: table,
        new_study=lambda *_: tmp_path / "chosen.concord",
    )
    asked = dialog(pickers=answers)
    for button, field, path in (
        (asked.choose_folder, asked.source, photographs),
        (asked.choose_table, asked.source, table),
        (asked.choose_file, asked.file, tmp_path / "chosen.concord"),
    ):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert field.text == str(path)


def test_a_system_dialog_that_was_given_up_changes_nothing(qtbot, dialog, photographs):
    asked = dialog(pickers=Pickers(folder=lambda *_: None))
    asked.begin_with(photographs)
    qtbot.mouseClick(asked.choose_folder, Qt.MouseButton.LeftButton)
    assert asked.source.text == str(photographs)


def test_the_number_of_photographs_is_said_once_it_is_known(dialog, photographs, table):
    asked_for = []
    asked = dialog(count=lambda source, then: asked_for.append((source, then)))
    asked.begin_with(photographs)
    assert asked.summary.accessibleName().startswith("All photographs")
    [(source, then)] = asked_for
    assert source == photographs
    asked.begin_with(table)
    then(2)  # of a source that is no longer wanted
    assert asked.summary.accessibleName().startswith("All rows")
    asked_for[-1][1](7)
    assert asked.summary.accessibleName().startswith("7 rows")


def test_photographs_in_the_home_folder_are_counted_by_its_short_name(
    dialog, photographs, monkeypatch
):
    monkeypatch.setenv("HOME", str(photographs.parent))
    monkeypatch.setenv("USERPROFILE", str(photographs.parent))
    asked_for = []
    asked = dialog(count=lambda source, then: asked_for.append(source))
    asked.begin_with(Path("~") / photographs.name)
    assert asked_for == [photographs]


def test_a_number_that_comes_after_the_dialog_was_closed_is_nobodys(theme, photographs):
    asked_for = []
    asked = NewStudyDialog(theme, name="Mia", count=lambda _source, then: asked_for.append(then))
    asked.begin_with(photographs)
    shiboken6.delete(asked)
    asked_for[0](2)


def test_nothing_is_promised_of_a_folder_that_is_not_there(dialog, tmp_path):
    asked = dialog()
    asked.begin_with(tmp_path / "nowhere")
    assert asked.summary.accessibleName() == ""


def test_what_is_wrong_is_readable_to_its_last_line(qapp, dialog, tmp_path):
    asked = dialog(name="")
    asked.begin_with(tmp_path / "nowhere")
    asked.name.line.clear()
    asked.make.click()
    qapp.processEvents()
    for field in (asked.source, asked.file, asked.name):
        assert field.below.height() >= field.below.heightForWidth(field.below.width())


def test_the_login_name_is_the_first_suggestion(dialog, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "weber")
    assert dialog(name="").name.text == "weber"


def test_a_login_without_a_name_is_no_error(dialog, monkeypatch):
    def nobody():
        raise OSError("no name")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert dialog(name="").name.text == ""


@pytest.mark.parametrize("scale", [100, 200])
def test_nothing_is_cut_off_in_its_width(qapp, theme, dialog, photographs, scale):
    theme.set_scale(scale)
    asked = dialog()
    asked.begin_with(photographs)
    qapp.processEvents()
    for button in (asked.choose_folder, asked.choose_table, asked.choose_file, asked.make):
        assert button.width() >= button.sizeHint().width()
    for field in (asked.source, asked.file, asked.name):
        assert field.below.height() >= field.below.heightForWidth(field.below.width())
