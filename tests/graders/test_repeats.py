"""One grader against the same grader."""

import pytest

from engine.domain.grading import Role
from engine.domain.measure import Reason, Undefined
from engine.domain.settings import AgreementSettings
from engine.graders.repeats import repeat_agreement

SETTINGS = AgreementSettings()
FEW = Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
NOT_ANSWERED = Undefined(Reason.NOT_ANSWERED)


def _compare(desk, first, again, *, settings=SETTINGS):
    readings = [desk.reading(first), desk.reading(again, role=Role.REPEAT)]
    return repeat_agreement(desk.image, readings, settings)


def test_a_grader_who_draws_the_same_twice_agrees_perfectly(desk):
    (found,) = _compare(desk, desk.drawn(desk.box), desk.drawn(desk.box))
    assert found.grader == "A"
    assert (found.dice, found.kappa, found.visible, found.roi_count) == (1, 1, 1, 1)


def test_a_grader_who_draws_elsewhere_agrees_less(desk):
    (found,) = _compare(desk, desk.drawn(desk.box), desk.drawn(desk.near, desk.far))
    assert found.dice == pytest.approx(2 * 30 / (36 + 72))
    assert found.kappa < found.dice
    assert (found.visible, found.roi_count) == (1, 0)


def test_a_grader_who_sees_nothing_again_differs_in_visibility_and_has_no_count(desk):
    (found,) = _compare(desk, desk.drawn(desk.box), desk.not_visible())
    assert (found.dice, found.visible, found.roi_count) == (0, 0, NOT_ANSWERED)


def test_too_many_regions_say_nothing_of_where_and_any_number_of_them_is_the_same_count(desk):
    (found,) = _compare(desk, desk.too_many(roi_count=5), desk.too_many(roi_count=9))
    assert (found.dice, found.kappa) == (FEW, FEW)
    assert (found.visible, found.roi_count) == (1, 1)


def test_imported_readings_without_an_answer_have_none_to_compare(desk):
    (found,) = _compare(desk, desk.imported(), desk.imported())
    assert found.dice == found.kappa == Undefined(Reason.NOTHING_DRAWN)
    assert found.visible == found.roi_count == NOT_ANSWERED


def test_only_completed_readings_of_one_grader_are_compared(desk):
    box = desk.drawn(desk.box)
    assert _compare(desk, None, box) == _compare(desk, box, None) == ()
    assert _compare(desk, box, desk.drawn(desk.box, roi_count=2)) == ()
    others = [desk.reading(box), desk.reading(box, grader="B", role=Role.REPEAT)]
    assert repeat_agreement(desk.image, others, SETTINGS) == ()
    extra = [desk.reading(box, role=Role.EXTRA), desk.reading(box, role=Role.REPEAT)]
    assert repeat_agreement(desk.image, extra, SETTINGS) == ()


def test_the_first_of_each_reading_is_compared_and_the_latest_where_asked(desk):
    readings = [
        desk.reading(desk.drawn(desk.box), desk.drawn(desk.far)),
        desk.reading(desk.drawn(desk.box), desk.drawn(desk.near), role=Role.REPEAT),
    ]
    assert repeat_agreement(desk.image, readings, SETTINGS)[0].dice == 1
    latest = AgreementSettings(reading="latest")
    assert repeat_agreement(desk.image, readings, latest)[0].dice == 0
