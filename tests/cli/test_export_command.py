"""``dermconcord export`` as a person runs it."""

import csv
import json

import pytest

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.formats.writers import WRITERS
from engine.study.sqlite import open_study
from tests.round_trip import square


@pytest.fixture
def graded_study(study):
    """A study with one image, read by three."""
    with open_study(study) as opened:
        opened.add_images([Image("p/a.jpg", 40, 30, digest="d" * 64)], author="lead")
        for grader, hole in {"ann": 2, "bob": 0, "eve": 0}.items():
            region = (square(5, 5, 15, hole=hole),)
            said = Grading("p/a.jpg", grader, True, 1, region, note="see =1")
            opened.append(said, author=grader, parent=None)
    return study


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_is_written_with_its_report_and_manifest(run, graded_study, name) -> None:
    out = graded_study.parent / "out"
    result = run("export", graded_study, "--format", name, "--out", out)
    assert f"Wrote 3 gradings of 1 images to {out}" in result.stdout
    manifest = json.loads((out / "losses.manifest.json").read_text())
    assert (manifest["format"], manifest["what"], manifest["gradings"]) == (name, "gradings", 3)
    assert manifest["images"] == {"p/a.jpg": "d" * 64}
    with (out / "losses.csv").open(newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == ["code", "where", "message"]
    assert sum(manifest["losses"].values()) == len(rows)
    assert bool(rows) == (name not in ("csv", "darwin", "qupath"))


def test_losses_are_counted_by_kind_and_all_told_to_machines(run, graded_study) -> None:
    out = graded_study.parent / "out"
    said = run("export", graded_study, "--format", "mask", "--out", out)
    assert "3 note_lost: p/a.jpg, ann:" in said.stderr
    out = graded_study.parent / "again"
    told = json.loads(
        run("export", graded_study, "--format", "mask", "--out", out, "--json").stdout
    )
    assert told["losses"] == {"note_lost": 3}
    assert [problem["code"] for problem in told["problems"]] == ["note_lost"] * 3
    assert told["folder"] == str(out)


@pytest.mark.parametrize("name", sorted(WRITERS.keys() - {"mask"}))
def test_an_exported_folder_is_imported_again_and_changes_nothing(run, graded_study, name) -> None:
    out = graded_study.parent / "out"
    run("export", graded_study, "--format", name, "--out", out)
    other = graded_study.parent / "y.concord"
    run("new", other)
    first = json.loads(run("import", other, out, "--json").stdout)
    assert (first["gradings"]["added"], first["manifest rows"]["added"]) == (3, 0)
    again = json.loads(run("import", other, out, "--json").stdout)
    assert (again["gradings"]["added"], again["gradings"]["unchanged"]) == (0, 3)
    with open_study(other) as opened:
        assert opened.graders() == ["ann", "bob", "eve"]
        ((image, readings),) = opened.readings()
    assert (image.path, image.size) == ("p/a.jpg", (40, 30))
    assert [reading.latest.note for reading in readings] == ["see =1"] * 3


def test_consensus_and_settings_are_exported_on_request(run, graded_study) -> None:
    out = graded_study.parent / "out"
    setting = ("--set", "agreement.tie=foreground")
    run("export", graded_study, "--format", "coco", "--what", "consensus", "--out", out, *setting)
    assert (out / "consensus.json").exists()
    manifest = json.loads((out / "losses.manifest.json").read_text())
    assert manifest["settings"]["agreement"]["tie"] == "foreground"


def test_a_folder_with_something_in_it_is_never_touched(run, graded_study) -> None:
    out = graded_study.parent / "out"
    out.mkdir()
    (out / "mine.txt").write_text("precious")
    result = run("export", graded_study, "--out", out, code=1)
    assert "never replaced" in result.stderr
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_an_export_without_gradings_says_what_to_do(run, study) -> None:
    result = run("export", study, "--out", study.parent / "out", code=1)
    assert "no done gradings" in result.stderr
    assert not (study.parent / "out").exists()
