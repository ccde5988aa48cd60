"""What the window keeps beside the gradings: half-drawn outlines and time at work, no revisions."""

import numpy as np
import pytest

from engine.domain.grading import Grading, Role
from engine.domain.image import Image
from engine.domain.polygon import ring
from engine.domain.problem import Refusal
from engine.domain.queue import Draft
from engine.study.protocol import Conflict

KEY = ("a.png", "ada", Role.ASSIGNED)
GRADING = Grading(*KEY[:2], visible=False)
MORNING, NOON = "2026-01-01T08:00:00.000+00:00", "2026-01-01T12:00:00.000+00:00"


@pytest.fixture
def study(study):
    study.add_images([Image("a.png", 10, 10)], author="lead")
    study.assign(*KEY, author="lead")
    study.assign("a.png", "ada", Role.REPEAT, author="lead")
    return study


@pytest.mark.parametrize("vertices", [0, 1, 2, 500])
def test_a_draft_comes_back_with_every_vertex_to_the_last_bit(study, vertices):
    points = np.random.default_rng(0).uniform(-5, 4000, (vertices, 2))
    study.keep_draft(*KEY, Draft("region", points))
    draft = study.sheet(*KEY).draft
    assert (draft.tool, draft.is_open) == ("region", True)
    assert draft.points.tobytes() == points.tobytes()
    assert draft.points.shape == (vertices, 2)
    assert not draft.points.flags.writeable


def test_a_draft_replaces_the_one_before_and_can_be_taken_away(study):
    for number in range(1, 5):
        study.keep_draft(*KEY, Draft("region", ring([[n, n * n] for n in range(number)])))
        assert len(study.sheet(*KEY).draft.points) == number
    study.keep_draft(*KEY, None)
    study.keep_draft(*KEY, None)
    assert study.sheet(*KEY).draft is None


def test_a_gesture_takes_the_draft_with_it_and_what_is_no_gesture_leaves_it(study):
    study.keep_draft(*KEY, Draft("region", ring([[1, 2]])))
    study.keep_draft("a.png", "ada", Role.REPEAT, Draft("hole", ring([[3, 4]])))
    study.append(GRADING, author="lead", parent=None)
    with pytest.raises(Conflict):
        study.append(GRADING, author="ada", parent=None, gesture="draw region")
    assert study.sheet(*KEY).draft.tool == "region"
    study.append(GRADING, author="ada", parent=1, gesture="draw region")
    assert study.sheet(*KEY).draft is None
    assert study.sheet("a.png", "ada", Role.REPEAT).draft.tool == "hole"


def test_each_role_of_a_grader_has_a_draft_of_its_own(study):
    study.keep_draft(*KEY, Draft("region", ring([[1, 2]])))
    assert study.sheet("a.png", "ada", Role.REPEAT).draft is None


def test_the_seconds_of_a_visit_are_replaced_and_those_of_visits_added_up(study):
    for seconds in (1.0, 2.5, 4.25):
        study.add_activity(*KEY, began=MORNING, seconds=seconds)
    study.add_activity(*KEY, began=NOON, seconds=10)
    study.add_activity("a.png", "ada", Role.REPEAT, began=NOON, seconds=7)
    assert study.activity() == {KEY: 14.25, ("a.png", "ada", Role.REPEAT): 7}


def test_a_study_nobody_worked_in_has_no_activity(study):
    assert study.activity() == {}


@pytest.mark.parametrize("key", [("a.png", "bo", Role.ASSIGNED), ("no.png", "ada", Role.ASSIGNED)])
def test_nothing_is_kept_of_an_image_that_the_grader_was_not_asked_to_read(study, key):
    for keep in (
        lambda: study.keep_draft(*key, Draft("region", ring([[1, 2]]))),
        lambda: study.keep_draft(*key, None),
        lambda: study.add_activity(*key, began=NOON, seconds=1),
    ):
        with pytest.raises(Refusal, match="not asked to read") as refused:
            keep()
        assert refused.value.problem.code == "unknown_task"
    assert (study.graders(), study.activity()) == (["ada"], {})


def test_what_is_scratch_leaves_no_entry_in_the_log_and_the_study_sound(study):
    before = study.info()
    study.keep_draft(*KEY, Draft("region", ring([[1, 2], [3, 4]])))
    study.add_activity(*KEY, began=NOON, seconds=1)
    assert study.info() == before
    assert study.revisions(*KEY) == []
    assert study.check() == []
