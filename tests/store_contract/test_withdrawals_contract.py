"""Tasks taken back from graders who have not begun, and asked for again."""

from dataclasses import replace

import pytest

from engine.domain.grading import Grading, Origin, Role, Status, Task
from engine.domain.image import Image
from engine.domain.polygon import ring
from engine.domain.problem import Refusal
from engine.domain.queue import Draft
from engine.study.protocol import Conflict

A0 = Task("a.png", "ada", Role.ASSIGNED, 0)
A1 = Task("b.png", "ada", Role.ASSIGNED, 1)
A2 = Task("c.png", "ada", Role.ASSIGNED, 2)
B0 = Task("b.png", "bo", Role.ASSIGNED, 0)
BEGUN = Grading("b.png", "ada", status=Status.STARTED, visible=True)


@pytest.fixture
def study(study):
    """A study that asks ada for three images in order, and bo for one of them."""
    study.add_images([Image(f"{name}.png", 10, 10) for name in "abcd"], author="lead")
    study.assign_tasks([A0, A1, A2, B0], author="lead", seed=7)
    return study


def asked(study, grader="ada"):
    """Return the images of a grader in the order of the tasks, which is that of the queue."""
    images = [task.image for task in study.tasks(grader)]
    assert images == [item.image for item in study.queue(grader)]
    return images


# taken back


def test_a_withdrawn_task_is_gone_from_tasks_queue_and_readings(study):
    changes = study.withdraw_tasks([A1], author="lena")
    assert (changes.changed, changes.unchanged, changes.problems) == (1, 0, ())
    assert study.tasks() == [A0, A2, B0]
    assert asked(study) == ["a.png", "c.png"]
    assert [reading.grader for reading in study.readings_of("b.png")] == ["bo"]
    readings = {image.path: readings for image, readings in study.readings()}
    assert [reading.grader for reading in readings["b.png"]] == ["bo"]
    assert study.check() == []


def test_who_has_no_task_left_is_still_known(study):
    study.withdraw_tasks([B0], author="lena")
    assert study.graders() == ["ada", "bo"]
    assert study.queue("bo") == []


def test_the_place_of_what_is_withdrawn_does_not_matter(study):
    assert study.withdraw_tasks([replace(A1, position=9)], author="lena").changed == 1
    assert asked(study) == ["a.png", "c.png"]


def test_the_log_tells_who_withdrew_how_many(study):
    study.withdraw_tasks([A1, A2, A1], author="lena")
    entry = list(study.audit())[-1]
    assert (entry.action, entry.author, entry.detail["items"]) == ("withdraw_tasks", "lena", 2)


def test_the_log_covers_which_tasks_were_withdrawn(make_study):
    contents = set()
    for task in (A0, A1, B0):
        study = make_study()
        study.add_images([Image(f"{name}.png", 10, 10) for name in "abcd"], author="lead")
        study.assign_tasks([A0, A1, A2, B0], author="lead", seed=7)
        study.withdraw_tasks([task], author="lena")
        contents.add(list(study.audit())[-1].detail["content"])
    assert len(contents) == 3


def test_withdrawn_twice_changes_nothing_and_leaves_no_entry(study):
    study.withdraw_tasks([A1], author="lena")
    before = study.info()
    assert study.withdraw_tasks([A1], author="lena").unchanged == 1
    assert study.withdraw_tasks([], author="lena").changed == 0
    assert study.info() == before


@pytest.mark.parametrize(
    "begin",
    [
        lambda study: study.append(BEGUN, author="ada", parent=None, gesture="answer visible"),
        lambda study: study.append(
            replace(BEGUN, visible=None), author="ada", parent=None, gesture="undo"
        ),
        lambda study: study.keep_draft(
            "b.png", "ada", Role.ASSIGNED, Draft("region", ring([[0, 0], [1, 1]]))
        ),
        lambda study: study.record_gradings([replace(BEGUN, status=Status.DONE)], author="i"),
    ],
    ids=["a gesture", "all undone", "a half-drawn outline", "an import"],
)
def test_a_task_that_is_begun_stays_and_the_others_go(study, begin):
    begin(study)
    changes = study.withdraw_tasks([A0, A1, A2], author="lena")
    (problem,) = changes.problems
    assert (problem.code, problem.where, changes.changed) == ("task_begun", "b.png, ada", 2)
    assert asked(study) == ["b.png"]


def test_time_spent_looking_is_no_beginning(study):
    study.add_activity("b.png", "ada", Role.ASSIGNED, began="2026-01-01", seconds=3)
    assert study.withdraw_tasks([A1], author="lena").changed == 1
    assert study.activity("ada") == {("b.png", "ada", Role.ASSIGNED): 3}


@pytest.mark.parametrize(
    "task",
    [
        replace(A0, role=Role.REPEAT),
        replace(A0, grader="nobody"),
        replace(A0, image="d.png"),
        replace(A0, image="nowhere.png"),
    ],
    ids=["other role", "unknown grader", "never asked", "unknown image"],
)
def test_what_nobody_was_asked_for_is_a_problem_and_makes_nothing(study, task):
    before = study.info()
    (problem,) = study.withdraw_tasks([task], author="lena").problems
    assert (problem.code, problem.where) == ("unknown_task", f"{task.image}, {task.grader}")
    assert (study.info(), study.graders()) == (before, ["ada", "bo"])


def test_a_withdrawn_task_has_no_sheet(study):
    study.withdraw_tasks([A1], author="lena")
    with pytest.raises(Refusal) as refused:
        study.sheet("b.png", "ada")
    assert refused.value.problem.code == "unknown_task"


def test_a_role_of_the_same_grader_stays(study):
    study.assign("b.png", "ada", Role.REPEAT, author="lead")
    study.withdraw_tasks([A1], author="lena")
    assert [task.role for task in study.tasks("ada")] == [
        Role.ASSIGNED, Role.ASSIGNED, Role.REPEAT,
    ]  # fmt: skip


# asked again


def test_a_withdrawn_task_is_asked_for_again_behind_the_others(study):
    study.assign("d.png", "ada", Role.EXTRA, author="lead")
    study.withdraw_tasks([A1], author="lena")
    study.assign("b.png", "ada", Role.ASSIGNED, author="lena")
    assert asked(study) == ["a.png", "c.png", "d.png", "b.png"]
    entry = list(study.audit())[-1]
    assert (entry.action, entry.author, entry.detail["items"]) == ("ask_again", "lena", 1)
    assert study.sheet("b.png", "ada").parent is None
    assert study.check() == []


def test_an_extra_grader_can_be_asked_and_taken_back_again_and_again(study):
    for _ in range(3):
        study.assign("d.png", "bo", Role.EXTRA, author="lena")
        assert asked(study, "bo") == ["b.png", "d.png"]
        (extra,) = (task for task in study.tasks("bo") if task.role is Role.EXTRA)
        assert study.withdraw_tasks([extra], author="lena").problems == ()
        assert asked(study, "bo") == ["b.png"]
    assert study.check() == []


def test_tasks_are_asked_for_again_at_the_places_they_are_given(study):
    study.withdraw_tasks([A0, A2], author="lena")
    new = [replace(A2, position=2), Task("d.png", "ada", Role.ASSIGNED, 3), replace(A0, position=4)]
    changes = study.assign_tasks(new, author="lena", seed=8)
    assert (changes.added, changes.unchanged) == (3, 0)
    assert study.tasks("ada") == [A1, *new]
    assert asked(study) == ["b.png", "c.png", "d.png", "a.png"]
    entries = [(entry.action, entry.detail["items"]) for entry in list(study.audit())[-2:]]
    assert entries == [("assign_tasks", 1), ("ask_again", 2)]
    assert study.check() == []


def test_places_of_withdrawn_tasks_are_free_for_others(study):
    study.withdraw_tasks([A1, A2], author="lena")
    study.assign_tasks([Task("d.png", "ada", Role.ASSIGNED, 1)], author="lena", seed=8)
    assert asked(study) == ["a.png", "d.png"]


def test_tasks_asked_for_again_must_fit_behind_the_others(study):
    study.withdraw_tasks([A1], author="lena")
    before = study.info()
    with pytest.raises(Conflict):
        study.assign_tasks([A1], author="lena", seed=8)
    assert (study.info(), asked(study)) == (before, ["a.png", "c.png"])


def test_a_task_asked_for_again_without_a_place_gains_the_one_it_is_given(study):
    study.withdraw_tasks([A1], author="lena")
    study.assign("b.png", "ada", Role.ASSIGNED, author="lena")
    placed = replace(A1, position=3)
    assert study.assign_tasks([placed], author="lena", seed=8).added == 1
    assert study.assign_tasks([placed], author="lena", seed=8).unchanged == 1
    assert study.tasks("ada")[-1] == placed
    assert study.check() == []


def test_a_task_can_be_withdrawn_again(study):
    study.withdraw_tasks([A1], author="lena")
    study.assign_tasks([replace(A1, position=3)], author="lena", seed=8)
    assert study.withdraw_tasks([A1], author="lena").changed == 1
    assert asked(study) == ["a.png", "c.png"]


# drawn all the same


def test_who_draws_on_what_was_withdrawn_meanwhile_is_asked_again(study):
    study.withdraw_tasks([A1], author="lena")
    study.keep_draft("b.png", "ada", Role.ASSIGNED, Draft("region", ring([[0, 0], [1, 1]])))
    study.append(BEGUN, author="ada", parent=None, gesture="answer visible")
    assert asked(study) == ["a.png", "c.png", "b.png"]
    assert study.sheet("b.png", "ada").history.present == BEGUN
    assert [reading.last for reading in study.readings_of("b.png")] == [BEGUN, None]
    (problem,) = study.withdraw_tasks([A1], author="lena").problems
    assert problem.code == "task_begun"
    assert study.check() == []


def test_an_import_for_a_withdrawn_task_counts(study):
    study.withdraw_tasks([A1], author="lena")
    done = replace(BEGUN, status=Status.DONE, origin=Origin.IMPORTED)
    assert study.record_gradings([done], author="importer").added == 1
    assert study.readings_of("b.png")[0].latest == done


def test_who_was_withdrawn_as_an_extra_grader_alone_is_imported_as_an_assigned_one(study):
    study.assign("d.png", "bo", Role.EXTRA, author="lead")
    study.withdraw_tasks([Task("d.png", "bo", Role.EXTRA, 1)], author="lena")
    study.record_gradings([Grading("d.png", "bo")], author="importer")
    assert [reading.role for reading in study.readings_of("d.png")] == [Role.ASSIGNED]
