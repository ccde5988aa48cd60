"""The majority of graders, pixel by pixel."""

import numpy as np
import pytest

from engine.domain.grading import Adjudication, Adopted, Role
from engine.domain.measure import Reason, Undefined
from engine.domain.settings import AgreementSettings
from engine.graders.consensus import consensus, majority, region_of, staple_facts
from engine.regions.rasterise import rasterise

SETTINGS = AgreementSettings()
STAPLE = AgreementSettings(consensus="staple")


def _pixels(*polygons):
    return rasterise(polygons, width=20, height=10)


def test_the_majority_of_three_is_two():
    assert np.flatnonzero(majority(3, tie="background")).tolist() == [3, 5, 6, 7]


def test_an_even_split_is_what_the_setting_says():
    assert np.flatnonzero(majority(2, tie="background")).tolist() == [3]
    assert np.flatnonzero(majority(2, tie="foreground")).tolist() == [1, 2, 3]


@pytest.mark.parametrize("graders", [1, 3, 5])
def test_an_odd_number_of_graders_never_ties(graders):
    assert np.array_equal(majority(graders, tie="background"), majority(graders, tie="foreground"))


def test_what_two_of_three_marked_is_the_consensus(desk):
    readings = desk.readings(desk.drawn(desk.box), desk.drawn(desk.box), desk.drawn(desk.far))
    assert consensus(desk.image, readings, SETTINGS) == _pixels(desk.box)


def test_not_visible_votes_background(desk):
    readings = desk.readings(desk.drawn(desk.box), desk.not_visible(), desk.not_visible())
    assert consensus(desk.image, readings, SETTINGS).area == 0


def test_too_many_regions_is_a_missing_answer_and_not_a_vote_for_background(desk):
    readings = desk.readings(desk.drawn(desk.box), desk.drawn(desk.box), desk.too_many())
    assert consensus(desk.image, readings, SETTINGS) == _pixels(desk.box)
    split = desk.readings(desk.drawn(desk.box), desk.drawn(desk.far), desk.too_many())
    assert consensus(desk.image, split, SETTINGS).area == 0
    foreground = AgreementSettings(tie="foreground")
    assert consensus(desk.image, split, foreground) == _pixels(desk.box, desk.far)


def test_an_extra_grader_votes(desk):
    readings = [
        *desk.readings(desk.drawn(desk.box), desk.drawn(desk.far)),
        desk.reading(desk.drawn(desk.far), grader="C", role=Role.EXTRA),
    ]
    assert consensus(desk.image, readings, SETTINGS) == _pixels(desk.far)


def test_a_redone_reading_replaces_the_first(desk):
    readings = [
        desk.reading(desk.drawn(desk.box), desk.drawn(desk.far)),
        desk.reading(desk.drawn(desk.far), grader="B"),
    ]
    assert consensus(desk.image, readings, SETTINGS) == _pixels(desk.far)


def test_one_answer_is_no_consensus(desk):
    few = Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    readings = desk.readings(desk.drawn(desk.box), desk.too_many(), None)
    assert consensus(desk.image, readings, SETTINGS) == few
    assert consensus(desk.image, [], SETTINGS) == few


def test_more_graders_than_can_be_counted_have_no_consensus(desk):
    readings = desk.readings(*[desk.drawn(desk.box)] * 17)
    assert consensus(desk.image, readings, SETTINGS) == Undefined(Reason.TOO_MANY_GRADERS)
    assert consensus(desk.image, readings[1:], SETTINGS) == _pixels(desk.box)


def test_staple_decides_where_the_setting_says_so(desk):
    # C's box agrees with nobody's; A and B together are believed where their boxes meet, and the
    # prior makes STAPLE take what either of them adds.
    readings = desk.readings(*map(desk.drawn, (desk.box, desk.near, desk.far, desk.near)))
    by_majority = consensus(desk.image, readings, SETTINGS)
    by_staple = consensus(desk.image, readings, STAPLE)
    assert by_majority == _pixels(type(desk.box)(np.maximum(desk.box.exterior, [3, 0])))
    assert by_staple == _pixels(desk.near)


def test_staple_takes_the_same_voters_as_the_majority(desk):
    readings = [
        *desk.readings(desk.drawn(desk.box), desk.drawn(desk.box), desk.too_many()),
        desk.reading(desk.drawn(desk.box), desk.drawn(desk.near), grader="D"),
        desk.reading(desk.drawn(desk.near), grader="E", role=Role.EXTRA),
        desk.reading(desk.drawn(desk.far), grader="F", role=Role.REPEAT),
        desk.reading(desk.drawn(desk.far), grader="G", sent_back=True),
    ]
    facts = staple_facts(desk.image, readings, SETTINGS)
    assert facts.graders == ("A", "B", "D", "E")
    assert len(facts.sensitivities) == len(facts.specificities) == 4
    assert facts.has_converged
    assert not facts.is_degenerate


def test_staple_too_needs_two_answers_and_can_count_only_so_many(desk):
    few, many = Reason.FEWER_THAN_TWO_ANSWERS, Reason.TOO_MANY_GRADERS
    for graders, reason in ((1, few), (17, many)):
        readings = desk.readings(*[desk.drawn(desk.box)] * graders)
        assert consensus(desk.image, readings, STAPLE) == Undefined(reason)
        assert staple_facts(desk.image, readings, STAPLE) == Undefined(reason)


def test_a_grader_who_sees_nothing_makes_staple_degenerate(desk):
    readings = desk.readings(desk.drawn(desk.box), desk.drawn(desk.near), desk.not_visible())
    assert staple_facts(desk.image, readings, SETTINGS).is_degenerate
    assert not staple_facts(desk.image, readings[:2], SETTINGS).is_degenerate


def _decided(desk, *polygons):
    return Adjudication(
        desk.image.path, Adopted.EDITED, polygons, "lead", "2026-01-01T00:00:00Z", "edge unclear"
    )


@pytest.mark.parametrize("settings", [SETTINGS, STAPLE])
def test_what_a_lead_decided_stands_whatever_the_graders_say(desk, settings):
    decision = _decided(desk, desk.far)
    for graders in (0, 1, 3, 17):
        readings = desk.readings(*[desk.drawn(desk.box)] * graders)
        assert region_of(desk.image, readings, settings, decision) == _pixels(desk.far)


def test_a_lead_may_decide_that_there_is_nothing(desk):
    readings = desk.readings(*[desk.drawn(desk.box)] * 3)
    assert region_of(desk.image, readings, SETTINGS, _decided(desk)).area == 0


def test_a_decision_left_aside_or_not_made_leaves_the_consensus(desk):
    readings = desk.readings(*[desk.drawn(desk.box)] * 3)
    ignored = AgreementSettings(adjudication="ignored")
    assert region_of(desk.image, readings, ignored, _decided(desk, desk.far)) == _pixels(desk.box)
    assert region_of(desk.image, readings, SETTINGS, None) == _pixels(desk.box)
    few = Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    assert region_of(desk.image, readings[:1], SETTINGS, None) == few
