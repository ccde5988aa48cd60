"""The majority of graders, pixel by pixel."""

import numpy as np
import pytest

from engine.domain.grading import Role
from engine.domain.measure import Reason, Undefined
from engine.domain.settings import AgreementSettings
from engine.graders.consensus import consensus, majority
from engine.regions.rasterise import rasterise

SETTINGS = AgreementSettings()


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
