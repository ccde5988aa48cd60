"""What of a study is exported, and a folder that appears whole or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.domain.grading import Adjudication, Adopted, Grading, Role, Status
from engine.domain.image import Image
from engine.domain.problem import Problem, Refusal
from engine.domain.settings import AgreementSettings
from engine.formats.annotations import read_each
from engine.formats.names import ImageNames
from engine.formats.options import ImportOptions
from engine.formats.sources import find_sources
from engine.formats.writers import WRITERS
from engine.stages.exporting import ExportRequest, export_study, new_folder
from engine.study.sqlite import create_study
from engine.tasks.cancel import CancelToken, Stopped
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor
from tests.round_trip import square

IMAGES = [Image("a.png", 20, 20), Image("b.png", 20, 20)]
LEFT, RIGHT, BOTH = (square(2, 2, 6),), (square(10, 2, 6),), (square(2, 2, 6), square(10, 2, 6))


def drawn(image: str, grader: str, region: tuple = LEFT, **more: object) -> Grading:
    return Grading(image, grader, True, len(region), region, **more)


@pytest.fixture
def study(tmp_path):
    with create_study(tmp_path / "x.concord", author="lead") as made:
        made.add_images(IMAGES, author="lead")
        yield made


def exported(study, folder: Path, **asked: object) -> tuple[list[Grading], list[Problem]]:
    """Export as CSV and read the file."""
    losses: list[Problem] = []
    job = JobContext(InlineExecutor())
    with new_folder(folder) as empty:
        export_study(study, empty, ExportRequest("csv", **asked), job, on_loss=losses.append)
    options = ImportOptions()
    files = find_sources([folder], options).annotations
    parsed = read_each(files, options, ImageNames(IMAGES))
    return [grading for file in parsed for grading in file.gradings], losses


def test_the_latest_done_grading_of_every_reader_is_exported_and_no_other(study, tmp_path) -> None:
    first = drawn("a.png", "ann")
    study.append(first, author="ann", parent=None)
    study.append(replace(first, region=RIGHT), author="ann", parent=1)
    study.append(replace(first, region=(), status=Status.STARTED), author="ann", parent=2)
    study.append(drawn("a.png", "bob", status=Status.STARTED), author="bob", parent=None)
    study.append(drawn("b.png", "ann", role=Role.REPEAT), author="ann", parent=None)
    found, losses = exported(study, tmp_path / "out")
    assert [(g.image, g.grader, g.role, g.region) for g in found] == [
        ("a.png", "ann", Role.ASSIGNED, RIGHT),
        ("b.png", "ann", Role.REPEAT, LEFT),
    ]
    assert losses == []
    (earlier, _), _ = exported(study, tmp_path / "first", reading="first")
    assert earlier.region == LEFT


def test_the_consensus_is_exported_as_a_grader_and_images_without_one_are_told(
    study, tmp_path
) -> None:
    for grader, region in {"ann": LEFT, "bob": BOTH, "eve": BOTH}.items():
        study.append(drawn("a.png", grader, region), author=grader, parent=None)
    study.append(drawn("b.png", "ann"), author="ann", parent=None)
    found, losses = exported(study, tmp_path / "out", what="consensus")
    (grading,) = found
    assert (grading.image, grading.grader, grading.roi_count) == ("a.png", "consensus", 2)
    assert {tuple(p.exterior.min(axis=0)) for p in grading.region} == {(2, 2), (10, 2)}
    assert [(loss.code, loss.where) for loss in losses] == [("no_consensus", "b.png")]


def test_the_consensus_heeds_the_settings(study, tmp_path) -> None:
    study.append(drawn("a.png", "ann", LEFT), author="ann", parent=None)
    study.append(drawn("a.png", "bob", BOTH), author="bob", parent=None)
    counts = {}
    for tie in ("background", "foreground"):
        settings = AgreementSettings(tie=tie)
        found, _ = exported(study, tmp_path / tie, what="consensus", agreement=settings)
        counts[tie] = found[0].roi_count
    assert counts == {"background": 1, "foreground": 2}


def test_only_adjudicated_images_are_exported_as_the_lead_left_them(study, tmp_path) -> None:
    study.append(drawn("a.png", "ann"), author="ann", parent=None)
    time = "2026-01-01T00:00:00Z"
    decision = Adjudication("b.png", Adopted.EDITED, RIGHT, "lead", time, "both were wrong")
    study.adjudicate(decision, author="lead")
    found, _ = exported(study, tmp_path / "out", what="adjudicated")
    assert [(g.image, g.grader, g.region) for g in found] == [("b.png", "adjudicated", RIGHT)]


@pytest.mark.parametrize("what", ["gradings", "consensus", "adjudicated"])
def test_a_study_without_what_is_asked_for_is_refused_and_leaves_no_folder(
    study, tmp_path, what
) -> None:
    with pytest.raises(Refusal) as refused:
        exported(study, tmp_path / "out", what=what)
    assert refused.value.problem.code == "nothing_to_export"
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_a_stopped_export_leaves_nothing_behind(study, tmp_path) -> None:
    study.append(drawn("a.png", "ann"), author="ann", parent=None)
    cancel = CancelToken()
    cancel.cancel()
    job = JobContext(InlineExecutor(), cancel)
    with pytest.raises(Stopped), new_folder(tmp_path / "out") as empty:
        export_study(study, empty, ExportRequest("csv"), job, on_loss=print)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_an_export_stops_after_the_image_at_hand(study, tmp_path, monkeypatch) -> None:
    for image in IMAGES:
        study.append(drawn(image.path, "ann"), author="ann", parent=None)
    cancel = CancelToken()
    written = []

    def slow(items, folder):
        for item in items:
            written.append(item.image.path)
            cancel.cancel()
        yield from ()

    monkeypatch.setitem(WRITERS, "csv", slow)
    job = JobContext(InlineExecutor(), cancel)
    with pytest.raises(Stopped), new_folder(tmp_path / "out") as empty:
        export_study(study, empty, ExportRequest("csv"), job, on_loss=print)
    assert written == ["a.png"]
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_a_new_folder_takes_its_name_only_when_it_is_whole(tmp_path) -> None:
    with new_folder(tmp_path / "out") as folder:
        (folder / "x").write_text("1")
        assert not (tmp_path / "out").exists()
    assert (tmp_path / "out" / "x").read_text() == "1"
    (tmp_path / "empty").mkdir()
    with new_folder(tmp_path / "empty") as folder:
        (folder / "y").touch()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["empty", "out"]


@pytest.mark.parametrize("target", ["full", "file", "nowhere/deep/out", "file/out"])
def test_a_place_where_no_new_folder_can_be_is_refused_and_untouched(tmp_path, target) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "precious").touch()
    (tmp_path / "file").touch()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Refusal), new_folder(tmp_path / target):
        pytest.fail("a folder was lent")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path) -> None:
    def fill() -> None:
        with new_folder(tmp_path / "out") as folder:
            (folder / "x").touch()
            raise OSError(28, "No space left on device")

    with pytest.raises(Refusal) as refused:
        fill()
    assert "No space left" in str(refused.value)
    assert list(tmp_path.iterdir()) == []
