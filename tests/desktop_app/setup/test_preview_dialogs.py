"""Predictions, maps and labels are looked at before they are taken."""

import numpy as np
import pytest

from desktop_app.setup.preview_dialogs import LabelsDialog, MapsDialog, PredictionsDialog
from desktop_app.window.pickers import Pickers
from engine.tasks.executors import Lane
from tests.desktop_app.accessible import nameless
from tests.desktop_app.desk.desks import HeldLane


@pytest.fixture
def predictions(tmp_path):
    rows = [f"p/{n:02}.png,0.{n + 1},0.{9 - n}" for n in range(4)]
    file = tmp_path / "predictions.csv"
    file.write_text("\n".join(["image,probability_eczema,probability_rest", *rows, "x.png,.5,.5"]))
    return file


def rest(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog.place.bridge.is_busy)


def codes(dialog):
    return [problem.code for problem in dialog.problems.model.table.rows]


def test_predictions_are_counted_shown_and_taken(qtbot, predictions, file, place_of, shown):
    place = place_of(file, pickers=Pickers(table=lambda *_: predictions))
    dialog = shown(PredictionsDialog(place))
    assert not dialog.take.isEnabled()
    dialog.pick.click()
    rest(qtbot, dialog)
    assert dialog.summary.accessibleName() == "4 images of the study have a prediction."
    assert dialog.sample.model.rowCount() == 5
    assert len(codes(dialog)) == 1
    with qtbot.waitSignal(dialog.chosen) as told:
        dialog.take.click()
    assert told.args == [predictions]
    assert not dialog.isVisible()


def test_predictions_of_other_classes_are_told(qtbot, predictions, place, shown):
    dialog = shown(PredictionsDialog(place, classes=("a", "b")))
    dialog.look_at(predictions)
    rest(qtbot, dialog)
    assert codes(dialog)
    assert not dialog.take.isEnabled()


def test_a_file_that_cannot_be_read_is_told_and_cannot_be_taken(qtbot, place, shown, tmp_path):
    dialog = shown(PredictionsDialog(place))
    dialog.look_at(tmp_path / "nowhere.csv")
    rest(qtbot, dialog)
    assert len(codes(dialog)) == 1
    assert not dialog.take.isEnabled()


def test_a_look_that_was_overtaken_is_never_shown(qtbot, predictions, file, place_of, tmp_path):
    lanes = HeldLane(Lane.JOB)
    dialog = PredictionsDialog(place_of(file, executor=lanes))
    qtbot.addWidget(dialog)
    other = tmp_path / "other.csv"
    other.write_text("image,probability_a,probability_b\np/00.png,0.5,0.5\n")
    dialog.look_at(predictions)
    dialog.look_at(other)
    lanes.waiting.close()
    rest(qtbot, dialog)
    assert dialog.preview.path == other
    assert dialog.summary.accessibleName() == "1 image of the study has a prediction."


def test_maps_are_matched_with_images(qtbot, file, place_of, shown, tmp_path):
    folder = tmp_path / "maps"
    folder.mkdir()
    for name in ("00", "01", "elsewhere"):
        np.save(folder / f"{name}.npy", np.zeros((4, 4)))
    place = place_of(file, pickers=Pickers(maps=lambda *_: folder))
    dialog = shown(MapsDialog(place))
    dialog.pick.click()
    rest(qtbot, dialog)
    assert dialog.summary.accessibleName() == "2 images of the study have a map. 4 have none."
    assert len(codes(dialog)) == 1
    with qtbot.waitSignal(dialog.chosen) as told:
        dialog.take.click()
    assert told.args == [folder]


def test_labels_are_counted(qtbot, place, shown, tmp_path):
    file = tmp_path / "labels.csv"
    file.write_text("image,body_parts\np/00.png,scalp; eye\np/01.png,nose of a fish\n")
    dialog = shown(LabelsDialog(place))
    dialog.look_at(file)
    rest(qtbot, dialog)
    assert dialog.preview.usable == 1
    assert dialog.take.isEnabled()
    assert codes(dialog)


@pytest.mark.parametrize("kind", [PredictionsDialog, LabelsDialog, MapsDialog])
def test_every_control_has_a_name(place, shown, kind):
    assert nameless(shown(kind(place))) == []
