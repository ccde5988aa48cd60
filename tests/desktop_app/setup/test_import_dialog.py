"""An import is looked at before it is made, and whatever was stored before a stop stays."""

import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from desktop_app.setup.import_dialog import ImportDialog
from desktop_app.setup.mapping import NAMED, NONE
from desktop_app.window.pickers import Pickers
from engine.study.sqlite import create_study
from engine.tasks.executors import Lane
from tests.desktop_app.accessible import controls, nameless
from tests.desktop_app.desk.desks import HeldLane
from tests.packet_studies import smooth_picture

PATIENT = 20_000


@pytest.fixture
def photographs(tmp_path):
    """Six photographs, and a table that speaks of them and of one that is not there."""
    folder = tmp_path / "new"
    folder.mkdir()
    for number in range(6):
        smooth_picture(20, 16, number).save(folder / f"{number}.png")
    rows = ["file,patient,dx,age,sex", *(f"{n}.png,c{n},eczema,{20 + n},F" for n in range(6))]
    (folder / "list.csv").write_text("\n".join([*rows, "9.png,c9,eczema,9,F"]))
    return folder


@pytest.fixture
def empty(tmp_path):
    file = tmp_path / "empty.concord"
    create_study(file, author="lena").close()
    return file


@pytest.fixture
def dialog(qtbot, empty, place_of, shown):
    """A function that opens the dialog on paths and waits for its preview."""

    def dialog(*paths, waits=True, **kwargs):
        made = ImportDialog(place_of(empty, **kwargs), paths)
        if not waits:
            qtbot.addWidget(made)
            made.show()
            return made
        shown(made)
        rest(qtbot, made)
        return made

    return dialog


def rest(qtbot, dialog):
    """Wait until nothing is looked at and nothing is imported."""
    qtbot.waitUntil(
        lambda: not (dialog.is_looking or dialog.is_importing or dialog.place.bridge.is_busy),
        timeout=PATIENT,
    )


def said(dialog):
    return dialog.summary.accessibleName()


def problems(dialog):
    return [problem.code for problem in dialog.problems.model.table.rows]


def images(dialog):
    return {image.path: image for image in dialog.place.study.images()}


# What would be imported


def test_nothing_can_be_imported_before_something_is_chosen(dialog):
    asked = dialog()
    assert not asked.go.isEnabled()
    assert asked.choices.mapping.isHidden()
    assert said(asked) == ""


def test_what_an_import_would_bring_is_said_and_nothing_is_stored(dialog, photographs):
    asked = dialog(photographs)
    assert said(asked) == "Would be stored: 6 new photographs; 6 changed rows of tables."
    assert problems(asked) == ["image_unknown", "manifest_columns"]
    assert images(asked) == {}
    assert asked.go.isEnabled()


def test_the_first_rows_stand_under_the_names_of_the_file(dialog, photographs):
    sample = dialog(photographs).choices.mapping.sample
    names = [
        sample.model.headerData(at, Qt.Orientation.Horizontal)
        for at in range(sample.model.columnCount())
    ]
    assert names == ["file", "patient", "dx", "age", "sex"]
    assert sample.model.index(0, 0).data() == "0.png"
    assert sample.model.rowCount() == 7


def test_a_folder_is_picked_and_files_are_dropped(qtbot, dialog, photographs):
    asked = dialog(pickers=Pickers(folder=lambda *_: photographs))
    asked.sources.folder.click()
    rest(qtbot, asked)
    assert asked.sources.paths == (photographs,)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photographs / "list.csv"))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    about = (QPointF(1, 1), copy, data, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(asked.sources, QDragEnterEvent(QPoint(1, 1), copy, data, left, about[4]))
    QApplication.sendEvent(asked.sources, QDropEvent(*about))
    assert asked.sources.paths == (photographs, photographs / "list.csv")
    rest(qtbot, asked)


def test_a_source_can_be_taken_away_again(qtbot, dialog, photographs):
    asked = dialog(photographs)
    asked.sources.list.setCurrentRow(0)
    asked.sources.remove.click()
    rest(qtbot, asked)
    assert asked.sources.paths == ()
    assert not asked.go.isEnabled()


def test_a_path_that_is_gone_is_told_as_a_problem(dialog, photographs):
    asked = dialog(photographs / "nowhere")
    assert problems(asked) == ["path_missing"]
    assert not asked.go.isEnabled()


# How it is read


def test_another_column_is_chosen_and_seen_at_once(qtbot, dialog, photographs):
    asked = dialog(photographs)
    mapping = asked.choices.mapping
    assert mapping.parts["image"].currentText() == "By its name: file"
    assert mapping.parts["case"].currentText() == "None found"
    assert mapping.metadata.names == ("patient", "age", "sex")
    mapping.parts["case"].choose(f"{NAMED}patient")
    rest(qtbot, asked)
    assert mapping.parts["case"].choice == f"{NAMED}patient"
    assert mapping.metadata.names == ("age", "sex")
    assert asked.preview.manifests[0].chosen["case"] == "patient"


def test_what_was_chosen_is_what_is_stored(qtbot, dialog, photographs):
    asked = dialog(photographs)
    mapping = asked.choices.mapping
    mapping.parts["case"].choose(f"{NAMED}patient")
    mapping.parts["condition"].choose(NONE)
    mapping.metadata.check("sex", is_checked=False)
    rest(qtbot, asked)
    assert mapping.metadata.names == ("dx", "age", "sex")
    assert mapping.metadata.checked == ("dx", "age")
    asked.go.click()
    rest(qtbot, asked)
    first = images(asked)["new/0.png"]
    assert (first.case, first.condition) == ("c0", None)
    assert first.metadata == {"dx": "eczema", "age": "20"}


def test_a_refused_table_is_told_and_cannot_be_imported(qtbot, dialog, photographs):
    asked = dialog(photographs)
    asked.choices.strict.setChecked(True)
    rest(qtbot, asked)
    assert said(asked) == "Nothing would be imported: see the problem below."
    assert problems(asked) == ["manifest_rows"]
    assert not asked.go.isEnabled()


def test_a_pattern_that_cannot_be_read_is_said_at_the_fields(qtbot, dialog, photographs):
    asked = dialog(photographs)
    asked.choices.pattern.setText("{grader")
    rest(qtbot, asked)
    assert asked.choices.fault.accessibleName().startswith("File names: ")
    assert not asked.go.isEnabled()
    asked.choices.pattern.clear()
    rest(qtbot, asked)
    assert asked.choices.fault.isHidden()
    assert asked.go.isEnabled()


def test_a_preview_of_earlier_choices_is_never_shown(qtbot, dialog, photographs):
    lanes = HeldLane(Lane.JOB)
    asked = dialog(waits=False, executor=lanes)
    asked.sources.add([photographs])
    asked.sources.add([photographs / "list.csv"])
    asked.sources.list.setCurrentRow(0)
    asked.sources.remove.click()
    for _ in range(2):
        lanes.waiting.step()
        QApplication.processEvents()
        assert asked.preview is None
    lanes.waiting.close()
    rest(qtbot, asked)
    assert asked.preview.photographs == 0


def test_of_several_tables_each_can_be_looked_at(qtbot, dialog, photographs):
    (photographs / "more.csv").write_text("image,place\n0.png,arm\n")
    asked = dialog(photographs)
    mapping = asked.choices.mapping
    assert not mapping.table.isHidden()
    assert mapping.metadata.names == ("patient", "age", "sex", "place")
    mapping.table.setCurrentIndex(1)
    assert mapping.sample.model.rowCount() == 1
    asked.choices.verify.setChecked(False)
    rest(qtbot, asked)
    assert mapping.table.currentText() == "more.csv"
    assert mapping.sample.model.index(0, 1).data() == "arm"


def test_pictures_that_somebody_drew_are_read_as_masks(qtbot, dialog, photographs):
    asked = dialog(photographs)
    asked.choices.grader.setText("ada")
    rest(qtbot, asked)
    assert asked.preview.photographs == 0
    assert asked.preview.annotations == {"mask": 6}


def test_choices_made_in_one_go_are_looked_at_once(qtbot, dialog, photographs):
    asked = dialog(photographs)
    looks = []
    begin = asked.begin
    asked.begin = lambda *args, **kwargs: looks.append(args) or begin(*args, **kwargs)
    qtbot.keyClicks(asked.choices.grader, "ada")
    assert not asked.go.isEnabled()
    rest(qtbot, asked)
    assert len(looks) == 1


# Importing


def test_an_import_is_told_and_its_problems_stay_to_be_read(qtbot, dialog, photographs):
    asked = dialog(photographs)
    with qtbot.waitSignal(asked.imported) as told:
        asked.go.click()
    assert told.args[0].photographs.added == 6
    assert len(images(asked)) == 6
    assert asked.isVisible()
    assert said(asked) == "Stored: 6 new photographs; 6 changed rows of tables."
    assert problems(asked) == ["image_unknown", "manifest_columns"]
    assert not asked.go.isEnabled()
    assert [entry.author for entry in asked.place.study.audit()] == ["lena"] * 3


def test_problems_are_sorted_and_saved(qtbot, dialog, photographs, tmp_path):
    target = tmp_path / "problems"
    asked = dialog(photographs, pickers=Pickers(new_table=lambda *_: target))
    asked.problems.sort_by("where")
    asked.save.click()
    rest(qtbot, asked)
    lines = (tmp_path / "problems.csv").read_text().splitlines()
    assert lines[0] == "severity,where,problem,remedy,code,undefined"
    assert [line.split(",")[0] for line in lines[1:]] == ["warning", "note"]


def test_a_list_of_problems_replaces_no_file(qtbot, dialog, photographs, tmp_path):
    target = tmp_path / "problems.csv"
    target.write_text("mine")
    asked = dialog(photographs, pickers=Pickers(new_table=lambda *_: target))
    asked.save.click()
    rest(qtbot, asked)
    assert asked.banners.codes == ("file_exists",)
    assert target.read_text() == "mine"


class Stopping:
    """A study in which somebody presses *Stop* once the first images are stored."""

    def __init__(self, study):
        self._study = study
        self.press = None

    def __getattr__(self, name):
        return getattr(self._study, name)

    def add_images(self, images, *, author):
        changes = self._study.add_images(images, author=author)
        if self.press:
            self.press()
        return changes


def test_what_was_stored_before_a_stop_stays_and_the_next_import_goes_on(
    qtbot, dialog, photographs, monkeypatch
):
    monkeypatch.setattr("engine.stages.importing.CHUNK", 2)
    lanes = HeldLane(Lane.JOB)
    asked = dialog(photographs, waits=False, executor=lanes, wrap=Stopping)
    lanes.waiting.close()
    rest(qtbot, asked)
    asked.go.click()
    asked.place.study.press = asked.stop.click
    with qtbot.waitSignal(asked.imported) as told:
        lanes.waiting.close()
    assert [problem.code for problem in told.args[0].problems] == ["import_stopped"]
    assert 0 < len(images(asked)) < 6
    assert "stays in the study" in said(asked)
    asked.place.study.press = None
    asked.look()
    lanes.waiting.close()
    rest(qtbot, asked)
    asked.go.click()
    lanes.waiting.close()
    rest(qtbot, asked)
    assert len(images(asked)) == 6


def test_how_far_an_import_is_shows_while_it_runs(qtbot, dialog, photographs):
    lanes = HeldLane(Lane.JOB)
    asked = dialog(photographs, waits=False, executor=lanes, wrap=Stopping)
    lanes.waiting.close()
    rest(qtbot, asked)
    seen = []

    def look():
        QApplication.processEvents()
        seen.append((asked.step.text(), asked.bar.isVisible(), asked.stop.isVisible()))

    asked.go.click()
    asked.place.study.press = look
    lanes.waiting.close()
    rest(qtbot, asked)
    assert seen[0] == ("Photographs: 6 of 6", True, True)
    assert not asked.bar.isVisible()


def test_a_dialog_that_is_deleted_stops_what_it_had_begun(qtbot, place_of, empty, photographs):
    lanes = HeldLane(Lane.JOB)
    place = place_of(empty, executor=lanes)
    asked = ImportDialog(place, [photographs])
    lanes.waiting.close()
    rest(qtbot, asked)
    asked.go.click()
    shiboken6.delete(asked)
    lanes.waiting.close()
    qtbot.waitUntil(lambda: not place.bridge.is_busy)
    assert place.study.images() == []


def test_closing_while_an_import_runs_asks_and_goes_on_where_it_is_refused(
    qtbot, dialog, photographs
):
    lanes = HeldLane(Lane.JOB)
    asked = dialog(photographs, waits=False, executor=lanes)
    lanes.waiting.close()
    rest(qtbot, asked)
    asked.go.click()
    assert asked.is_importing
    asked.close()
    assert asked.isVisible()
    assert asked.question.is_open
    asked.question.no.click()
    lanes.waiting.close()
    rest(qtbot, asked)
    assert asked.isVisible()
    assert len(images(asked)) == 6


def test_closing_while_an_import_runs_stops_it_where_it_is_agreed_to(qtbot, dialog, photographs):
    lanes = HeldLane(Lane.JOB)
    asked = dialog(photographs, waits=False, executor=lanes)
    lanes.waiting.close()
    rest(qtbot, asked)
    asked.go.click()
    asked.reject()
    asked.question.yes.click()
    assert asked.isVisible()
    with qtbot.waitSignal(asked.imported):
        lanes.waiting.close()
    assert not asked.isVisible()
    assert images(asked) == {}


def test_a_question_about_closing_is_over_once_the_import_is(qtbot, dialog, photographs):
    lanes = HeldLane(Lane.JOB)
    asked = dialog(photographs, waits=False, executor=lanes)
    lanes.waiting.close()
    rest(qtbot, asked)
    asked.go.click()
    asked.reject()
    lanes.waiting.close()
    rest(qtbot, asked)
    assert not asked.question.is_open
    asked.reject()
    assert not asked.isVisible()


def test_a_preview_that_comes_after_closing_is_nobodys(qtbot, dialog, photographs):
    lanes = HeldLane(Lane.JOB)
    asked = dialog(photographs, waits=False, executor=lanes)
    asked.reject()
    lanes.waiting.close()
    qtbot.waitUntil(lambda: not asked.place.bridge.is_busy)
    assert asked.preview is None


def test_every_control_has_a_name(dialog, photographs):
    asked = dialog(photographs)
    assert nameless(asked) == []
    assert len(controls(asked)) > 15
