"""A study and the machine are checked, and whatever is found is listed with what to do."""

import csv

import pytest

from desktop_app.setup import check_dialog
from desktop_app.setup.check_dialog import CheckDialog
from desktop_app.window.pickers import Pickers
from engine.doctor import Machine, examine_study
from engine.domain.problem import Problem, Severity
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor, Lane
from tests.desktop_app.accessible import nameless
from tests.desktop_app.desk.desks import HeldLane

VERSIONS = {"dermconcord": "1.0", "python": "3.12", "platform": "Linux x86_64"}
NOTE = Problem("no_torch", "this machine", "PyTorch is missing", "Install it", Severity.NOTE)


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    """A machine with all it needs, so that no test loads PyTorch."""
    found = [Machine(VERSIONS, "cpu, 2 threads", ())]
    monkeypatch.setattr(check_dialog, "_machine", lambda: found[0])
    return found


def rest(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog.place.bridge.is_busy)


def problems(dialog):
    return [(found.code, found.where) for found in dialog.problems.model.table.rows]


def broken(file):
    """Take one photograph away and change another."""
    photographs = sorted(file.parent.rglob("*.png")) or sorted(file.parent.rglob("*.jpg"))
    photographs[0].unlink()
    photographs[1].write_bytes(photographs[2].read_bytes())
    return [path.relative_to(file.parent).as_posix() for path in photographs[:2]]


def test_a_whole_study_is_said_to_be_whole(place, shown):
    dialog = shown(CheckDialog(place))
    assert problems(dialog) == []
    assert dialog.verdict.accessibleName() == (
        "Nothing found: the study, its log and 6 images are as they were stored."
    )
    assert dialog.facts.accessibleName().startswith("6 images  ·  3 graders  ·  ")
    assert "cpu, 2 threads" in dialog.machine.accessibleName()
    assert not dialog.save.isEnabled()
    assert dialog.stop.isHidden()


def test_a_missing_and_a_changed_photograph_are_found_as_on_the_command_line(file, place_of, shown):
    missing, changed = broken(file)
    dialog = shown(CheckDialog(place_of(file)))
    assert problems(dialog) == [("pixels_missing", missing), ("pixels_changed", changed)]
    study = dialog.place.study
    told = examine_study(study, file, JobContext(InlineExecutor())).problems
    assert tuple(dialog.problems.model.table.rows) == told
    assert dialog.verdict.accessibleName() == "2 problems found: each says what to do."


def test_a_note_of_the_machine_is_listed_and_the_study_is_whole_nonetheless(place, shown, machine):
    machine[0] = Machine(VERSIONS, "none", (NOTE,))
    dialog = shown(CheckDialog(place))
    assert problems(dialog) == [("no_torch", "this machine")]
    assert dialog.verdict.accessibleName().startswith("Nothing found")


def test_what_was_put_right_is_gone_from_the_next_check(qtbot, file, place_of, shown):
    photograph = next(path for path in sorted(file.parent.rglob("*.png")))
    content = photograph.read_bytes()
    photograph.unlink()
    dialog = shown(CheckDialog(place_of(file)))
    assert [code for code, _ in problems(dialog)] == ["pixels_missing"]
    photograph.write_bytes(content)
    dialog.again.click()
    rest(qtbot, dialog)
    assert problems(dialog) == []


def test_a_check_is_stopped(qtbot, file, place_of):
    lanes = HeldLane(Lane.JOB)
    dialog = CheckDialog(place_of(file, executor=lanes))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.stop.isVisible()
    dialog.stop.click()
    lanes.waiting.close()
    rest(qtbot, dialog)
    assert dialog.verdict.accessibleName() == "The check was stopped before its end."
    assert dialog.again.isEnabled()


def test_the_list_is_saved(qtbot, file, place_of, shown, tmp_path):
    broken(file)
    target = tmp_path / "check.csv"
    dialog = shown(CheckDialog(place_of(file, pickers=Pickers(new_table=lambda *_: target))))
    dialog.save.click()
    rest(qtbot, dialog)
    with target.open(newline="") as lines:
        codes = [row["code"] for row in csv.DictReader(lines)]
    assert codes == ["pixels_missing", "pixels_changed"]


@pytest.mark.parametrize("scale", [100, 200])
def test_every_control_has_a_name(theme, place, shown, scale):
    theme.set_scale(scale)
    assert nameless(shown(CheckDialog(place))) == []
