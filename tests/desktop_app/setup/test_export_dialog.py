"""Regions go to the files of other programs, byte for byte as by the command line."""

import json

import pytest

from desktop_app.setup.export_dialog import ExportRegionsDialog
from desktop_app.setup.export_words import CUTS_HOLES, FORMATS, HOLDS
from desktop_app.window.pickers import Pickers
from engine.domain.grading import Grading, Status
from engine.domain.polygon import Polygon, ring
from engine.domain.problem import refuse
from engine.domain.settings import AgreementSettings
from engine.formats.writers import WRITERS
from engine.study.sqlite import open_study
from engine.tasks.executors import Lane
from tests.desktop_app.accessible import nameless
from tests.desktop_app.desk.desks import HeldLane
from tests.packet_studies import draw, region

MAJORITY = AgreementSettings()
TIMES = {"started", "finished"}


def with_hole():
    """Return a square with a hole."""
    inner = ring([[4, 4], [4, 6], [6, 6], [6, 4]])
    return (Polygon(ring([[2, 2], [10, 2], [10, 10], [2, 10]]), (inner,)),)


@pytest.fixture
def file(file):
    """A closed study: two images graded by all three, two by one; one region has a hole."""
    with open_study(file) as study:
        for grader, first in zip(
            ("ada", "bo", "cy"), (with_hole(), region(2, 2, 8.0), region(3, 3, 8.0)), strict=True
        ):
            draw(study, "p/00.png", grader, first)
            draw(study, "p/01.png", grader, region(5, 5, 6.0))
        draw(study, "p/02.png", "ada", region(1, 1))
        noted = Grading("p/03.png", "ada", False, None, (), Status.DONE, note="=1+1, blurred")
        study.append(noted, author="ada", parent=None, gesture="done")
    return file


@pytest.fixture
def dialog(file, place_of, shown, qtbot):
    """A function that opens the dialog and waits until it has counted."""
    named = []

    def let_out(then, _failed):
        named.append("let out")
        then()

    def dialog(*, let_names_out=let_out, agreement=MAJORITY, **kwargs):
        hide = kwargs.pop("hide", str)
        made = ExportRegionsDialog(
            place_of(file, **kwargs), agreement, let_names_out=let_names_out, hide=hide
        )
        made.named = named
        shown(made)
        rest(qtbot, made)
        return made

    return dialog


def rest(qtbot, dialog):
    qtbot.waitUntil(
        lambda: not (dialog.is_looking or dialog.is_exporting or dialog.place.bridge.is_busy)
    )


def choose(qtbot, dialog, *, what="gradings", format="csv", reading="latest", folder=None):
    dialog.choices.what.choose(what)
    dialog.choices.reading.choose(reading)
    dialog.choices.format.choose(format)
    if folder is not None:
        dialog.choices.target.setText(str(folder))
        dialog.choices.target.textEdited.emit(str(folder))
    rest(qtbot, dialog)


def export(qtbot, dialog):
    dialog.go.click()
    rest(qtbot, dialog)


def content(folder):
    """Return the bytes of each file, the manifest without its times."""
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    found = {name: path.read_bytes() for name, path in files.items()}
    manifest = json.loads(found.pop("losses.manifest.json"))
    return {**found, "manifest": {k: v for k, v in manifest.items() if k not in TIMES}}


def said(dialog):
    return dialog.summary.accessibleName()


# What is written


@pytest.mark.parametrize("format", list(WRITERS))
def test_every_format_is_written_byte_for_byte_as_by_the_command_line(
    qtbot, dialog, file, run, tmp_path, format
):
    asked = dialog()
    choose(qtbot, asked, format=format, folder=tmp_path / "ours")
    export(qtbot, asked)
    run("export", file, "--out", tmp_path / "theirs", "--format", format)
    assert content(tmp_path / "ours") == content(tmp_path / "theirs")
    assert said(asked).startswith("Written: 8 gradings of 4 images, to ")


@pytest.mark.parametrize("method", ["majority", "staple"])
def test_the_consensus_is_the_command_lines(qtbot, dialog, file, run, tmp_path, method):
    asked = dialog(agreement=AgreementSettings(consensus=method))
    choose(qtbot, asked, what="consensus", format="mask", folder=tmp_path / "ours")
    export(qtbot, asked)
    setting = f"agreement.consensus={method}"
    theirs = tmp_path / "theirs"
    run(
        "export", file, "--out", theirs, "--format", "mask", "--what", "consensus", "--set", setting
    )
    assert content(tmp_path / "ours") == content(theirs)


def test_what_the_format_could_not_hold_is_listed_as_in_the_file(
    qtbot, dialog, file, run, tmp_path
):
    asked = dialog()
    choose(qtbot, asked, format="mask", folder=tmp_path / "ours")
    export(qtbot, asked)
    out = run("export", file, "--out", tmp_path / "theirs", "--format", "mask", "--json").stdout
    told = [(found["code"], found["where"]) for found in json.loads(out)["problems"]]
    assert [(p.code, p.where) for p in asked.problems.model.table.rows] == told != []
    assert f"{len(told)} notes below" in said(asked)


# What is said before


def test_what_would_be_written_and_lost_is_said_before(qtbot, dialog):
    asked = dialog()
    assert said(asked).startswith("Would be written: 8 gradings of 4 images. The table holds")
    choose(qtbot, asked, format="coco")
    assert said(asked).endswith("Holes cut open: in 1.")
    choose(qtbot, asked, format="qupath")
    assert "cut open" not in said(asked)
    choose(qtbot, asked, what="consensus")
    assert said(asked).startswith(
        "Would be written: regions of 2 images. Left out for want of a consensus: 4 images."
    )


def test_where_there_is_nothing_it_is_said_and_nothing_can_be_exported(qtbot, dialog):
    asked = dialog()
    choose(qtbot, asked, what="adjudicated")
    assert said(asked) == "The study has no adjudicated regions to export. Adjudicate images first."
    assert not asked.go.isEnabled()


def test_every_format_of_the_engine_is_offered_with_what_it_loses():
    assert {name for name, _ in FORMATS} == set(HOLDS) == set(WRITERS)
    assert set(WRITERS) > CUTS_HOLES


# Where it goes


def test_the_folder_is_named_by_what_is_in_it_until_a_person_names_it(qtbot, dialog, file):
    asked = dialog()
    choose(qtbot, asked, what="consensus", format="coco")
    assert asked.choices.folder == file.with_name("study-consensus-coco")
    choose(qtbot, asked, folder=file.with_name("mine"))
    choose(qtbot, asked, format="labelme")
    assert asked.choices.folder == file.with_name("mine")


def test_a_folder_that_was_picked_gets_a_new_one_inside(qtbot, dialog, tmp_path):
    asked = dialog(pickers=Pickers(new_folder=lambda *_: tmp_path))
    asked.choices.pick.click()
    rest(qtbot, asked)
    assert asked.choices.folder == tmp_path / "study-gradings-csv"


def test_a_folder_with_something_in_it_is_never_written_to(qtbot, dialog, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    asked = dialog()
    choose(qtbot, asked, folder=tmp_path / "full")
    assert asked.fault.isVisible()
    assert not asked.go.isEnabled()
    choose(qtbot, asked, folder=tmp_path / "free")
    assert asked.fault.isHidden()
    (tmp_path / "free").mkdir()
    (tmp_path / "free" / "late.txt").write_text("late")
    export(qtbot, asked)
    assert [p.code for p in asked.problems.model.table.rows] == ["folder_not_empty"]
    assert [p.name for p in (tmp_path / "free").iterdir()] == ["late.txt"]


# Names


def test_names_are_let_out_before_files_that_hold_them(qtbot, dialog, tmp_path):
    asked = dialog()
    choose(qtbot, asked, folder=tmp_path / "named")
    assert "the audit log will say" in asked.choices.note.accessibleName()
    export(qtbot, asked)
    assert asked.named == ["let out"]


def test_a_consensus_names_nobody(qtbot, dialog, tmp_path):
    asked = dialog()
    choose(qtbot, asked, what="consensus", folder=tmp_path / "nameless")
    assert "no grader’s name" in asked.choices.note.accessibleName()
    export(qtbot, asked)
    assert asked.named == []
    assert (tmp_path / "nameless").is_dir()


def test_nothing_is_written_where_the_log_cannot_be(qtbot, dialog, tmp_path):
    refusal = refuse("locked", "study", "the study is busy", "Try again")
    asked = dialog(let_names_out=lambda _then, failed: failed(refusal))
    choose(qtbot, asked, folder=tmp_path / "named")
    export(qtbot, asked)
    assert not (tmp_path / "named").exists()
    assert [p.code for p in asked.problems.model.table.rows] == ["locked"]
    assert asked.go.isEnabled()


def test_what_is_listed_in_the_window_names_nobody(qtbot, dialog, tmp_path):
    asked = dialog(hide=lambda text: text.replace("ada", "Grader 1"))
    choose(qtbot, asked, format="mask", folder=tmp_path / "masks")
    export(qtbot, asked)
    places = [found.where for found in asked.problems.model.table.rows]
    assert any("Grader 1" in where for where in places)
    assert not any("ada" in where for where in places)
    assert "ada" in (tmp_path / "masks" / "losses.csv").read_text()


# Stopping


def test_a_stopped_export_leaves_nothing(qtbot, file, place_of, tmp_path):
    lanes = HeldLane(Lane.JOB)
    place = place_of(file, executor=lanes)
    asked = ExportRegionsDialog(place, MAJORITY, let_names_out=lambda then, _: then())
    qtbot.addWidget(asked)
    asked.show()
    lanes.waiting.close()
    rest(qtbot, asked)
    choose_folder = tmp_path / "stopped"
    asked.choices.target.setText(str(choose_folder))
    asked.go.click()
    assert asked.is_exporting
    asked.reject()
    assert asked.isVisible()
    asked.question.no.click()
    asked.stop.click()
    lanes.waiting.close()
    rest(qtbot, asked)
    assert said(asked) == "The export was stopped; nothing was written."
    assert not list(tmp_path.glob("*stopped*"))


def test_closed_while_the_log_is_written_it_exports_nothing(qtbot, dialog, tmp_path):
    waiting = []
    asked = dialog(let_names_out=lambda then, _: waiting.append(then))
    choose(qtbot, asked, folder=tmp_path / "late")
    asked.go.click()
    asked.reject()
    asked.question.yes.click()
    assert not asked.isVisible()
    waiting[0]()
    qtbot.waitUntil(lambda: not asked.place.bridge.is_busy)
    assert not (tmp_path / "late").exists()


@pytest.mark.parametrize("scale", [100, 200])
def test_every_control_has_a_name(theme, dialog, scale):
    theme.set_scale(scale)
    assert nameless(dialog()) == []
