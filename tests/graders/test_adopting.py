"""A lead's decision: whose region it is a copy of, and what cannot be adopted."""

from dataclasses import replace

import numpy as np
import pytest

from engine.domain.grading import Adjudication, Adopted, Role
from engine.domain.problem import Refusal
from engine.domain.settings import AgreementSettings
from engine.graders.adopting import decide
from engine.regions.rasterise import rasterise

SETTINGS = AgreementSettings()
SAID = {"author": "lena", "time": "2026-01-01T00:00:00.000+00:00", "reason": "clearer"}


def mask(desk, region):
    return rasterise(region, width=desk.image.width, height=desk.image.height).to_mask()


def test_a_graders_region_is_adopted_as_it_was_last_done(desk):
    readings = [
        desk.reading(desk.drawn(desk.box)),
        desk.reading(desk.drawn(desk.box), desk.drawn(desk.far), grader="B"),
        desk.reading(desk.drawn(desk.near), grader="B", role=Role.REPEAT),
    ]
    decision = decide(desk.image, readings, SETTINGS, Adopted.GRADER, grader="B", **SAID)
    assert decision == Adjudication(
        "a.jpg", Adopted.GRADER, (desk.far,), SAID["author"], SAID["time"], "clearer", "B"
    )


def test_a_grader_who_sees_no_condition_is_adopted_as_an_empty_region(desk):
    readings = desk.readings(desk.drawn(desk.box), desk.not_visible())
    decision = decide(desk.image, readings, SETTINGS, Adopted.GRADER, grader="B", **SAID)
    assert decision.region == ()


def test_the_majority_is_adopted_exact_to_the_pixel_and_names_nobody(desk):
    readings = desk.readings(*map(desk.drawn, (desk.box, desk.near, desk.far)))
    decision = decide(desk.image, readings, SETTINGS, Adopted.MAJORITY, grader="B", **SAID)
    assert (decision.adopted, decision.grader) == (Adopted.MAJORITY, "")
    both = mask(desk, (desk.box,)) & mask(desk, (desk.near,))
    assert np.array_equal(mask(desk, decision.region), both)


def test_the_majority_follows_the_tie_rule_and_not_the_consensus_method(desk):
    readings = desk.readings(desk.drawn(desk.box), desk.drawn(desk.near))
    tied = AgreementSettings(tie="foreground", consensus="staple")
    decision = decide(desk.image, readings, tied, Adopted.MAJORITY, **SAID)
    either = mask(desk, (desk.box,)) | mask(desk, (desk.near,))
    assert np.array_equal(mask(desk, decision.region), either)


def test_an_edited_region_is_taken_as_it_is_whoever_graded(desk):
    decision = decide(
        desk.image, [], SETTINGS, Adopted.EDITED, region=(desk.near, desk.far), **SAID
    )
    assert (decision.region, decision.grader) == ((desk.near, desk.far), "")


@pytest.mark.parametrize("kind", ["absent", "too many", "incomplete", "repeat alone"])
def test_a_grader_who_says_nowhere_where_it_is_cannot_be_adopted(desk, kind):
    other = {
        "absent": [],
        "too many": [desk.reading(desk.too_many(), grader="B")],
        "incomplete": [desk.reading(replace(desk.drawn(desk.box), roi_count=3), grader="B")],
        "repeat alone": [desk.reading(desk.drawn(desk.box), grader="B", role=Role.REPEAT)],
    }[kind]
    readings = [desk.reading(desk.drawn(desk.box)), *other]
    with pytest.raises(Refusal) as caught:
        decide(desk.image, readings, SETTINGS, Adopted.GRADER, grader="B", **SAID)
    assert caught.value.problem.code == "nothing_to_adopt"


def test_one_answer_is_no_majority(desk):
    readings = desk.readings(desk.drawn(desk.box), desk.too_many())
    with pytest.raises(Refusal) as caught:
        decide(desk.image, readings, SETTINGS, Adopted.MAJORITY, **SAID)
    assert "fewer than two answers" in caught.value.problem.message
