"""``dermconcord assign``: readings spread over a pool, topped up by a second call."""

import json

import pytest

from engine.domain.grading import Role
from engine.domain.image import Image
from engine.study.protocol import Conflict
from engine.study.sqlite import open_study
from engine.study.sqlite_study import SqliteStudy

POOL = "ada, bo,cy ,dee"


@pytest.fixture
def study(study):
    """A study of twelve images."""
    with open_study(study) as opened:
        opened.add_images([Image(f"{n:02}.png", 9, 9) for n in range(12)], author="lead")
    return study


def tasks_of(study):
    with open_study(study, read_only=True) as opened:
        return opened.tasks()


def test_each_image_gets_three_of_the_pool_and_loads_and_pairs_are_told(run, study):
    said = run("assign", study, "--graders", POOL, "--author", "lena").stdout.splitlines()
    assert said[0] == "Assigned 36 readings; 0 were there already"
    assert said[1:5] == [f"  {name:<3}       9 images" for name in ("ada", "bo", "cy", "dee")]
    assert said[5] == "Two graders share 6 to 6 images"
    assert len({(task.image, task.grader) for task in tasks_of(study)}) == 36
    with open_study(study, read_only=True) as opened:
        entry = list(opened.audit())[-1]
    assert (entry.action, entry.author) == ("assign_tasks", "lena")


def test_a_second_call_keeps_what_was_assigned_and_adds_what_is_missing(run, study):
    options = ("--graders", POOL, "--per-image", "1", "--json")
    run("assign", study, *options)
    before = tasks_of(study)
    again = json.loads(run("assign", study, *options).stdout)
    assert (again["added"], again["unchanged"]) == (0, 12)
    options = ("--graders", POOL, "--per-image", "2", "--repeats", "0.5", "--seed", "5", "--json")
    more = json.loads(run("assign", study, *options).stdout)
    assert (more["added"], more["unchanged"], more["images"]) == (24, 12, 12)
    assert more["loads"] == dict.fromkeys(("ada", "bo", "cy", "dee"), 6)
    assert more["repeats"] == dict.fromkeys(("ada", "bo", "cy", "dee"), 3)
    assert (more["fewest_shared"], more["most_shared"], more["problems"]) == (2, 2, [])
    assert set(before) < set(tasks_of(study))


def test_readings_that_were_imported_count_as_assigned(run, study):
    with open_study(study) as opened:
        for n in range(12):
            opened.assign(f"{n:02}.png", "zoe", Role.ASSIGNED, author="lead")
    document = json.loads(run("assign", study, "--graders", POOL, "--json").stdout)
    assert (document["added"], document["unchanged"]) == (24, 12)


def test_the_pool_may_stand_in_a_file(run, study, tmp_path):
    file = tmp_path / "pool.txt"
    file.write_text("\ufeffÉve\n\n Bo \ncy\n", encoding="utf-8")
    said = run("assign", study, "--graders-file", file, "--repeats", "0.25").stdout
    assert "  Éve      12 images, 3 twice" in said
    assert {task.grader for task in tasks_of(study)} == {"Éve", "Bo", "cy"}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "--graders or with --graders-file"),
        (("--graders", "a", "--graders-file", __file__), "--graders or with --graders-file"),
        (("--graders", POOL, "--per-image", "0"), "per-image"),
        (("--graders", POOL, "--repeats", "0.6"), "repeats"),
        (("--graders", POOL, "--seed", "-1"), "seed"),
    ],
)
def test_wrong_usage_ends_with_status_2(run, study, options, told):
    assert told in run("assign", study, *options, code=2).stderr
    assert tasks_of(study) == []


def test_a_file_of_names_in_another_encoding_is_wrong_usage(run, study, tmp_path):
    file = tmp_path / "pool.txt"
    file.write_bytes(b"\xc9ve\n")
    assert "not in UTF-8" in run("assign", study, "--graders-file", file, code=2).stderr


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--graders", "ada,bo"), "graders_per_image"),
        (("--graders", "ada,ada,bo"), "name_twice"),
        (("--graders", " , "), "empty_pool"),
    ],
)
def test_a_pool_that_cannot_do_it_is_refused_with_status_1(run, study, options, code):
    (problem,) = json.loads(run("assign", study, *options, "--json", code=1).stdout)["problems"]
    assert problem["code"] == code
    assert tasks_of(study) == []


def test_a_study_without_images_has_nothing_to_assign(run, tmp_path):
    run("new", tmp_path / "empty")
    assert "no images" in run("assign", tmp_path / "empty", "--graders", POOL, code=1).stderr


def test_somebody_who_assigns_meanwhile_is_told_of(run, study, monkeypatch):
    def conflict(*_, **__):
        raise Conflict("ada: place 3 does not fit")

    monkeypatch.setattr(SqliteStudy, "assign_tasks", conflict)
    said = run("assign", study, "--graders", POOL, code=1).stderr
    assert "Somebody else assigned images meanwhile" in said
    assert "Run the command again" in said
