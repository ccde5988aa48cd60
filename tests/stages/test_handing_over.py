"""A grader's work goes to others, or it is told what became of it."""

import pytest

from engine.domain.grading import Grading, Role, Status, Task
from engine.domain.image import Image
from engine.domain.problem import Refusal
from engine.stages.handing_over import hand_over
from engine.study.sqlite import create_study


class Hurried:
    """A study in which ada begins an image while it is given to somebody else."""

    def __init__(self, study):
        self._study = study

    def __getattr__(self, name):
        return getattr(self._study, name)

    def withdraw_tasks(self, tasks, *, author):
        if any(task.grader == "ada" for task in tasks):
            begun = Grading("b.png", "ada", visible=True, status=Status.STARTED)
            self._study.append(begun, author="ada", parent=None, gesture="answer")
        return self._study.withdraw_tasks(tasks, author=author)


@pytest.fixture
def study(tmp_path):
    with create_study(tmp_path / "study", author="lead") as study:
        study.add_images([Image(f"{name}.png", 9, 9) for name in "ab"], author="lead")
        tasks = [Task(f"{name}.png", "ada", Role.ASSIGNED, n) for n, name in enumerate("ab")]
        study.assign_tasks(tasks, author="lead", seed=1)
        yield study


def test_an_image_that_is_begun_meanwhile_stays_and_nobody_else_has_it(study):
    done = hand_over(Hurried(study), "ada", ["cy"], seed=0, author="lead")
    assert [problem.code for problem in done.problems] == ["task_begun"]
    assert [(task.image, task.grader) for task in done.given] == [("a.png", "cy")]
    asked = [(task.image, task.grader) for task in study.tasks()]
    assert asked == [("b.png", "ada"), ("a.png", "cy")]


def test_no_image_is_without_a_reader_on_the_way(study):
    hand_over(study, "ada", ["cy"], seed=0, author="lead")
    actions = [entry.action for entry in study.audit()]
    assert actions.index("withdraw_tasks") > actions.index("assign_tasks", 2)


def test_with_nobody_to_take_them_over_readings_are_taken_back(study):
    done = hand_over(study, "ada", [], seed=0, author="lead")
    assert (done.withdrawn, done.given, study.tasks()) == (2, (), [])


def test_what_cannot_be_given_is_refused_before_anything_is_withdrawn(study):
    study.assign("a.png", "cy", Role.EXTRA, author="lead")
    with pytest.raises(Refusal) as refused:
        hand_over(study, "ada", ["cy"], seed=0, author="lead")
    assert refused.value.problem.code == "too_few_graders"
    assert len(study.tasks("ada")) == 2
