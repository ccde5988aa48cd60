"""The demo command: whose folder it takes, what it runs, and that it goes on to its end."""

import json
from functools import partial

import pytest
import typer

from engine.cli import demo as command
from engine.study.sqlite import open_study
from resources.demo.study import write_demo

PROBLEM = {"code": "told_nothing", "severity": "note", "where": "x", "message": "m", "remedy": ""}


@pytest.fixture
def calls(monkeypatch):
    """What explain and report are asked for by a demo of one case; neither computes anything."""
    calls = {"explain": [], "report": []}

    def stand_in(name, document):
        def run(study, **options):
            calls[name].append(options)
            if options["as_json"]:
                typer.echo(json.dumps({**document(options), "problems": [PROBLEM]}))

        monkeypatch.setattr(command, name, run)

    stand_in("explain", lambda options: {})
    stand_in("report", lambda options: {"report": str(options["out"] / "page"), "cues": ["a cue"]})
    monkeypatch.setattr("resources.demo.study.write_demo", partial(write_demo, cases=1))
    return calls


@pytest.fixture
def explained(calls):
    """The calls of explain."""
    return calls["explain"]


def test_an_empty_folder_gets_a_study_and_nothing_is_overwritten(run, tmp_path, explained):
    folder = tmp_path / "demo"
    run("demo", folder)
    assert (folder / "demo.concord").is_file()
    assert (folder / "agreement.csv").is_file()
    assert [call["overwrite"] for call in explained] == [False]


def test_an_earlier_demo_is_run_again(run, tmp_path, explained):
    run("demo", tmp_path)
    run("demo", tmp_path)
    assert [call["overwrite"] for call in explained] == [False, True]


def test_the_study_has_labels_of_what_its_images_show(run, tmp_path, explained):
    run("demo", tmp_path)
    with open_study(tmp_path / "demo.concord", read_only=True) as study:
        images = {image.path for image in study.images()}
        assert study.body_parts().keys() == images


def test_the_report_is_of_the_very_maps_that_were_made(run, tmp_path, calls):
    run("demo", tmp_path, "--sampler", "literal")
    run("demo", tmp_path, "--sampler", "literal")
    explains, reports = calls["explain"], calls["report"]
    assert [call["model"] for call in reports] == [call["model"] for call in explains]
    assert [call["sampler"] for call in explains] == ["literal"] * 2
    assert [call["assignments"] for call in reports] == [["saliency.sampler=literal"]] * 2
    assert [call["overwrite"] for call in reports] == [False, True]
    assert {call["out"] for call in reports} == {tmp_path / "report"}


@pytest.mark.parametrize(
    "present",
    [
        ["agreement.csv"],
        ["explain.csv", "SYNTHETIC.txt"],
        ["demo.concord"],
        ["explain.cases.csv"],
        ["report"],
    ],
)
def test_somebody_s_work_is_refused_and_kept(run, tmp_path, explained, present):
    for name in present:
        (tmp_path / name).write_text("mine")
    said = run("demo", tmp_path, code=1).stderr
    assert str(tmp_path) in said
    assert present[0] in said
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(present)
    assert all((tmp_path / name).read_text() == "mine" for name in present)


def test_a_file_in_the_place_of_the_folder_is_refused(run, tmp_path, explained):
    file = tmp_path / "demo"
    file.touch()
    said = run("demo", file, code=1).stderr
    assert str(file) in said
    assert "another folder" in said


def test_another_study_s_manifest_is_refused(run, tmp_path, explained):
    (tmp_path / "manifest.csv").write_text("image\n")
    assert "belongs to another study" in run("demo", tmp_path, code=1).stderr


def test_problems_in_the_data_do_not_end_the_demo(run, tmp_path, explained):
    run("demo", tmp_path)
    (tmp_path / "gradings" / "damaged.json").write_text("{")
    run("demo", tmp_path, code=1)
    assert len(explained) == 2
    document = json.loads(run("demo", tmp_path, "--json", code=1).stdout)
    assert any("damaged.json" in problem["where"] for problem in document["problems"])


def test_a_refusal_ends_the_demo(run, tmp_path, explained):
    run("demo", tmp_path)
    (tmp_path / "demo.concord").write_bytes(b"no database " * 100)
    assert "demo.concord" in run("demo", tmp_path, code=1).stderr
    assert len(explained) == 1


def test_json_is_one_document_of_paths(run, tmp_path, explained):
    document = json.loads(run("demo", tmp_path, "--json").stdout)
    assert document["study"] == str(tmp_path / "demo.concord")
    assert document["agreement"] == str(tmp_path / "agreement.csv")
    assert document["images"] == str(explained[0]["csv"])
    assert document["panels"] == str(explained[0]["panels"])
    assert document["cases"] == str(tmp_path / "explain.cases.csv")
    assert document["report"] == str(tmp_path / "report" / "page")
    assert document["cues"] == ["a cue"]


def test_json_lists_a_problem_of_two_steps_once(run, tmp_path, explained):
    document = json.loads(run("demo", tmp_path, "--json").stdout)
    assert document["problems"].count(PROBLEM) == 1
