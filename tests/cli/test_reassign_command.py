"""``dermconcord reassign``: what a grader has not begun goes to others."""

import json

import pytest

from engine.domain.grading import Grading, Role, Status
from engine.domain.image import Image
from engine.domain.polygon import ring
from engine.domain.queue import Draft
from engine.study.protocol import Conflict
from engine.study.sqlite import open_study
from engine.study.sqlite_study import SqliteStudy

GRADERS = ("ada", "bo", "cy", "dee")


@pytest.fixture
def study(run, study):
    """A study of 12 images, each read by two of four graders, a quarter of them twice."""
    with open_study(study) as opened:
        opened.add_images([Image(f"{n:02}.png", 9, 9) for n in range(12)], author="lead")
    options = ("--graders", ",".join(GRADERS), "--per-image", "2", "--repeats", "0.25")
    run("assign", study, *options)
    return study


def tasks(study, grader=None):
    with open_study(study, read_only=True) as opened:
        assert opened.check() == []
        return opened.tasks(grader)


def readers(study):
    """Return who is asked of each image, as an assigned grader."""
    asked = {}
    for task in tasks(study):
        if task.role is Role.ASSIGNED:
            asked.setdefault(task.image, []).append(task.grader)
    return asked


def begin(study, task):
    with open_study(study) as opened:
        said = Grading(task.image, task.grader, True, role=task.role, status=Status.STARTED)
        opened.append(said, author=task.grader, parent=None, gesture="answer visible")


def test_all_that_is_not_begun_goes_to_the_others_evenly(run, study):
    begun = tasks(study, "ada")[0]
    begin(study, begun)
    before = len(tasks(study, "ada"))
    document = json.loads(run("reassign", study, "--from", "ada", "--json").stdout)
    assert tasks(study, "ada") == [begun]
    assert (document["from"], document["withdrawn"], document["kept"]) == ("ada", before - 1, 1)
    assert document["problems"] == []
    asked = readers(study)
    assert all(len(set(names)) == len(names) == 2 for names in asked.values())
    loads = [sum(name in names for names in asked.values()) for name in GRADERS[1:]]
    assert max(loads) - min(loads) <= 1
    assert sum(document["given"].values()) == 5


def test_repeat_readings_are_withdrawn_and_given_to_nobody(run, study):
    assert any(task.role is Role.REPEAT for task in tasks(study, "ada"))
    others = [task for task in tasks(study) if task.role is Role.REPEAT and task.grader != "ada"]
    run("reassign", study, "--from", "ada")
    assert tasks(study, "ada") == []
    assert [task for task in tasks(study) if task.role is Role.REPEAT] == others


def test_extra_readings_stay_extra_ones(run, study):
    (image,) = [image for image, names in readers(study).items() if "ada" not in names][:1]
    run("ask-extra", study, image, "ada")
    run("reassign", study, "--from", "ada", "--graders", "eve")
    extra = [(t.image, t.grader) for t in tasks(study) if t.role is Role.EXTRA]
    assert extra == [(image, "eve")]


def test_those_named_get_the_images_and_the_log_tells_both_steps(run, study):
    said = run("reassign", study, "--from", "ada", "--graders", " eve, fay ", "--author", "lena")
    assert said.stdout.splitlines() == [
        "Withdrew 8 readings from ada; 0 that are begun stay",
        "  eve: 3 more images",
        "  fay: 3 more images",
    ]
    with open_study(study) as opened:
        entries = [(entry.action, entry.author) for entry in list(opened.audit())[-2:]]
    assert entries == [("assign_tasks", "lena"), ("withdraw_tasks", "lena")]


def test_the_seed_decides_and_the_same_one_gives_the_same(run, study, tmp_path):
    found = []
    for number, seed in enumerate((0, 0, 1)):
        copy = tmp_path / f"{number}.concord"
        copy.write_bytes(study.read_bytes())
        run("reassign", copy, "--from", "ada", "--seed", seed)
        found.append(tasks(copy))
    assert found[0] == found[1] != found[2]


def test_who_left_can_be_asked_again(run, study):
    run("reassign", study, "--from", "ada")
    with open_study(study) as opened:
        opened.add_images([Image(f"new-{n}.png", 9, 9) for n in range(8)], author="lead")
    run("assign", study, "--graders", "ada,bo", "--per-image", "2")
    assert [task.image for task in tasks(study, "ada")].count("new-0.png") == 1
    assert all(len(names) == 2 for names in readers(study).values())


def test_a_half_drawn_outline_stays_with_its_grader_and_is_told(run, study):
    task = tasks(study, "ada")[2]
    with open_study(study) as opened:
        opened.keep_draft(task.image, "ada", task.role, Draft("region", ring([[0, 0], [1, 1]])))
    document = json.loads(run("reassign", study, "--from", "ada", "--json", code=1).stdout)
    (problem,) = document["problems"]
    assert (problem["code"], problem["where"]) == ("task_begun", f"{task.image}, ada")
    assert tasks(study, "ada") == [task]
    assert sum(document["given"].values()) == 5


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--from", "nobody"), "no_tasks"),
        (("--from", "ada", "--graders", "bo"), "too_few_graders"),
        (("--from", "ada", "--graders", "ada"), "too_few_graders"),
        (("--from", "ada", "--graders", "eve,eve"), "name_twice"),
    ],
)
def test_what_cannot_be_given_is_refused_before_anything_changes(run, study, options, code):
    before = study.read_bytes()
    document = json.loads(run("reassign", study, *options, "--json", code=1).stdout)
    assert [problem["code"] for problem in document["problems"]] == [code]
    assert study.read_bytes() == before


def test_who_has_begun_everything_gives_nothing_away(run, study):
    for task in tasks(study, "ada"):
        begin(study, task)
    assert "no reading that is not begun" in run("reassign", study, "--from", "ada", code=1).stderr


def test_an_empty_name_is_wrong_usage(run, study):
    assert "name the grader" in run("reassign", study, "--from", " ", code=2).stderr
    from_ada = ("reassign", study, "--from", "ada")
    assert "--nobody" in run(*from_ada, "--graders", ",", code=2).stderr
    assert "either" in run(*from_ada, "--graders", "bo", "--nobody", code=2).stderr


def test_readings_are_only_taken_back_where_nobody_is_to_have_them(run, study):
    others = [task for task in tasks(study) if task.grader != "ada"]
    document = json.loads(run("reassign", study, "--from", "ada", "--nobody", "--json").stdout)
    assert (document["withdrawn"], document["given"]) == (8, {})
    assert tasks(study) == others


def test_where_somebody_assigns_at_the_same_moment_it_is_drawn_anew(run, study, monkeypatch):
    given = SqliteStudy.assign_tasks
    waiting = ["a conflict"]

    def assign_tasks(self, *args, **options):
        if waiting:
            raise Conflict(waiting.pop())
        return given(self, *args, **options)

    monkeypatch.setattr(SqliteStudy, "assign_tasks", assign_tasks)
    run("reassign", study, "--from", "ada")
    assert all(len(names) == 2 for names in readers(study).values())


def test_where_others_always_assign_first_the_way_out_is_told(run, study, monkeypatch):
    def assign_tasks(*_args, **_options):
        raise Conflict("again")

    before = tasks(study)
    with monkeypatch.context() as patch:
        patch.setattr(SqliteStudy, "assign_tasks", assign_tasks)
        said = run("reassign", study, "--from", "ada", code=1).stderr
    assert "nothing was written" in said
    assert tasks(study) == before
