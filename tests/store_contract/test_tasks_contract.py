"""Tasks: what graders are asked to read, each grader's in a fixed order of their own."""

from dataclasses import replace

import pytest

from engine.domain.grading import Grading, Role, Task
from engine.domain.image import Image
from engine.study.protocol import Conflict

A0 = Task("b.png", "ada", Role.ASSIGNED, 0)
A1 = Task("a.png", "ada", Role.ASSIGNED, 1)
A2 = Task("b.png", "ada", Role.REPEAT, 2)
B0 = Task("a.png", "bo", Role.ASSIGNED, 0)


@pytest.fixture
def study(study):
    study.add_images([Image(f"{name}.png", 10, 10) for name in "abc"], author="lead")
    return study


def test_tasks_come_back_by_grader_then_position(study):
    changes = study.assign_tasks([B0, A2, A0, A1], author="lead", seed=7)
    assert (changes.added, changes.problems) == (4, ())
    assert study.tasks() == [A0, A1, A2, B0]
    assert study.tasks("bo") == [B0]
    assert study.tasks("nobody") == []
    assert study.graders() == ["ada", "bo"]


def test_a_task_is_an_empty_reading_until_it_is_read(study):
    study.assign_tasks([A0, A2], author="lead", seed=None)
    (readings,) = [readings for image, readings in study.readings() if image.path == "b.png"]
    assert [(r.grader, r.role, r.last) for r in readings] == [
        ("ada", Role.ASSIGNED, None),
        ("ada", Role.REPEAT, None),
    ]


def test_the_same_tasks_again_change_nothing_and_leave_no_entry(study):
    study.assign_tasks([A0, A1], author="lead", seed=7)
    before = study.info()
    assert study.assign_tasks([A1, A0], author="lead", seed=8).unchanged == 2
    assert study.info() == before


def test_further_tasks_follow_the_earlier_ones(study):
    study.assign_tasks([A0], author="lead", seed=7)
    changes = study.assign_tasks([A0, A1, B0], author="lead", seed=8)
    assert (changes.added, changes.unchanged) == (2, 1)
    assert study.tasks() == [A0, A1, B0]


@pytest.mark.parametrize(
    "late",
    [
        [replace(A0, position=5)],
        [replace(A1, position=0)],
        [B0, replace(A1, position=0)],
        [A1, replace(A2, position=1)],
        [A1, replace(A1, position=2)],
    ],
    ids=["moved", "place taken before", "other grader first", "same place twice", "two places"],
)
def test_tasks_drawn_on_an_older_state_are_a_conflict_and_nothing_is_stored(study, late):
    study.assign_tasks([A0], author="lead", seed=7)
    before = study.info()
    with pytest.raises(Conflict, match=r"ada: place \d does not fit"):
        study.assign_tasks(late, author="lead", seed=8)
    assert study.tasks() == [A0]
    assert study.info() == before


def test_a_task_of_an_unknown_image_is_left_out_and_reported(study):
    unknown = Task("nowhere.png", "ada", Role.ASSIGNED, 0)
    changes = study.assign_tasks([unknown, A1], author="lead", seed=7)
    (problem,) = changes.problems
    assert (problem.code, problem.where) == ("unknown_image", "nowhere.png, ada")
    assert (changes.added, study.tasks()) == (1, [A1])


def test_records_that_came_without_a_place_follow_in_the_order_in_which_they_came(study):
    study.record_gradings([Grading("c.png", "ada"), Grading("a.png", "ada")], author="importer")
    study.assign("b.png", "ada", Role.EXTRA, author="lead")
    assert [(task.image, task.position) for task in study.tasks()] == [
        ("c.png", 0),
        ("a.png", 1),
        ("b.png", 2),
    ]
    study.assign_tasks([replace(A0, role=Role.REPEAT)], author="lead", seed=7)
    assert [(task.image, task.position) for task in study.tasks("ada")] == [
        ("b.png", 0),
        ("c.png", 1),
        ("a.png", 2),
        ("b.png", 3),
    ]


def test_a_record_that_came_without_a_place_gains_the_one_it_is_given(study):
    study.record_gradings([Grading("c.png", "ada"), Grading("a.png", "ada")], author="importer")
    planned = [*study.tasks(), replace(A0, position=2)]
    study.assign_tasks(planned, author="lead", seed=7)
    study.assign("b.png", "ada", Role.EXTRA, author="lead")
    assert study.tasks() == [*planned, Task("b.png", "ada", Role.EXTRA, 3)]
    assert len(study.revisions("c.png", "ada")) == 1


def test_an_error_in_the_middle_of_the_tasks_leaves_the_study_as_it_was(study):
    def tasks():
        yield from (A0, A1)
        raise RuntimeError("the draw broke")

    before = study.info()
    with pytest.raises(RuntimeError, match="the draw broke"):
        study.assign_tasks(tasks(), author="lead", seed=7)
    assert (study.info(), study.tasks(), study.graders()) == (before, [], [])


def test_thousands_of_tasks_in_one_call_keep_their_places(make_study):
    study = make_study()
    study.add_images([Image(f"{n}.png", 1, 1) for n in range(2100)], author="lead")
    tasks = [
        Task(f"{n}.png", grader, Role.ASSIGNED, n) for grader in ("ada", "bo") for n in range(2100)
    ]
    assert study.assign_tasks(reversed(tasks), author="lead", seed=7).added == 4200
    assert study.tasks() == tasks
    assert study.check() == []


def test_the_log_covers_images_places_and_seed(make_study):
    heads = set()
    for tasks, seed in (([A0], 7), ([A0], 8), ([A0], None), ([replace(A0, position=1)], 7)):
        study = make_study()
        study.add_images([Image("b.png", 1, 1)], author="lead")
        study.assign_tasks(tasks, author="lead", seed=seed)
        entry = list(study.audit())[-1]
        assert (entry.action, entry.author, entry.detail["items"]) == ("assign_tasks", "lead", 1)
        assert study.check() == []
        heads.add(entry.detail["content"])
    assert len(heads) == 4
