"""Who votes, and with which reading."""

from dataclasses import replace

import pytest

from engine.domain.grading import Role, Status
from engine.domain.settings import AgreementSettings
from engine.graders.readings import (
    Answer,
    answer_of,
    count_category,
    counted,
    in_consensus,
    is_complete,
    is_visible,
    region_count,
)

SETTINGS = AgreementSettings()


def test_a_grading_with_two_of_three_regions_is_not_done(desk):
    grading = desk.drawn(desk.box, desk.far, roi_count=3)
    assert not is_complete(grading, SETTINGS)
    assert answer_of(grading, SETTINGS) is Answer.INCOMPLETE


def test_a_grading_with_more_regions_than_counted_is_not_done(desk):
    assert not is_complete(desk.drawn(desk.box, desk.far, roi_count=1), SETTINGS)


def test_a_grading_with_all_regions_is_an_outline(desk):
    grading = desk.drawn(desk.box, desk.far)
    assert is_complete(grading, SETTINGS)
    assert answer_of(grading, SETTINGS) is Answer.OUTLINED


@pytest.mark.parametrize("count", [None, 0])
def test_a_visible_condition_without_a_count_is_not_done(desk, count):
    assert not is_complete(desk.drawn(visible=True, roi_count=count), SETTINGS)


def test_no_answer_at_all_is_not_done(desk):
    assert not is_complete(desk.drawn(visible=None, roi_count=None), SETTINGS)


def test_a_count_also_says_visible(desk):
    grading = desk.drawn(desk.box, visible=None, roi_count=1)
    assert is_visible(grading) is True
    assert is_complete(grading, SETTINGS)


def test_not_visible_is_done_and_votes_background(desk):
    assert answer_of(desk.not_visible(), SETTINGS) is Answer.NOT_VISIBLE
    assert Answer.NOT_VISIBLE.says_where


def test_not_visible_with_a_region_is_a_contradiction_and_not_done(desk):
    assert not is_complete(desk.drawn(desk.box, visible=False, roi_count=None), SETTINGS)


def test_five_regions_are_too_many_and_four_are_not(desk):
    assert answer_of(desk.too_many(roi_count=5), SETTINGS) is Answer.TOO_MANY
    assert not Answer.TOO_MANY.says_where
    assert answer_of(desk.too_many(roi_count=4), SETTINGS) is Answer.INCOMPLETE
    roomy = AgreementSettings(max_outlined_regions=5)
    assert answer_of(desk.too_many(roi_count=5), roomy) is Answer.INCOMPLETE


def test_too_many_with_outlines_is_not_done(desk):
    drawn = desk.drawn(*[desk.box] * 5)
    assert answer_of(drawn, SETTINGS) is Answer.INCOMPLETE
    assert answer_of(replace(drawn, region=()), SETTINGS) is Answer.TOO_MANY


@pytest.mark.parametrize("status", [Status.STARTED, Status.SENT_BACK])
def test_a_grading_that_is_not_done_answers_nothing(desk, status):
    grading = replace(desk.drawn(desk.box), status=status)
    assert answer_of(grading, SETTINGS) is Answer.INCOMPLETE


def test_a_missing_reading_answers_nothing():
    assert answer_of(None, SETTINGS) is Answer.INCOMPLETE
    assert not Answer.INCOMPLETE.says_where


def test_an_imported_empty_grading_is_done_and_its_visibility_unknown(desk):
    grading = desk.imported()
    assert answer_of(grading, SETTINGS) is Answer.NOTHING_DRAWN
    assert Answer.NOTHING_DRAWN.says_where
    assert is_visible(grading) is None


def test_an_imported_outline_is_an_outline_however_many_regions_it_has(desk):
    many = [desk.box] * 9
    assert answer_of(desk.imported(*many), SETTINGS) is Answer.OUTLINED
    assert answer_of(desk.imported(*many, roi_count=9), SETTINGS) is Answer.OUTLINED


def test_imported_answers_without_regions_are_what_they_say(desk):
    assert answer_of(desk.imported(visible=False), SETTINGS) is Answer.NOT_VISIBLE
    assert answer_of(desk.imported(visible=True, roi_count=7), SETTINGS) is Answer.TOO_MANY


def test_an_imported_outline_says_visible_and_counts_its_regions(desk):
    grading = desk.imported(desk.box, desk.far)
    assert is_visible(grading) is True
    assert region_count(grading) == 2
    assert region_count(desk.imported()) is None
    assert region_count(desk.imported(desk.box, roi_count=3)) == 3


def test_the_first_reading_counts_for_agreement_and_the_latest_where_asked(desk):
    reading = desk.reading(desk.drawn(desk.box), desk.drawn(desk.far))
    assert counted(reading, SETTINGS).region == (desk.box,)
    assert counted(reading, AgreementSettings(reading="latest")).region == (desk.far,)


def test_a_reading_that_did_not_answer_everything_counts_when_it_is_completed(desk):
    reading = desk.reading(desk.drawn(desk.box, roi_count=2), desk.drawn(desk.box, desk.far))
    assert counted(reading, SETTINGS).region == (desk.box, desk.far)
    assert counted(desk.reading(None, None), SETTINGS) is None


def test_the_consensus_takes_the_latest_reading_of_assigned_and_extra_graders(desk):
    readings = [
        desk.reading(desk.drawn(desk.box), desk.drawn(desk.near)),
        desk.reading(desk.drawn(desk.far), grader="B", role=Role.EXTRA),
    ]
    assert [g.region for g in in_consensus(readings)] == [(desk.near,), (desk.far,)]


def test_repeat_and_sent_back_and_missing_readings_stay_out_of_the_consensus(desk):
    readings = [
        desk.reading(desk.drawn(desk.box), role=Role.REPEAT),
        desk.reading(desk.drawn(desk.box), grader="B", sent_back=True),
        desk.reading(None, grader="C"),
    ]
    assert in_consensus(readings) == []


def test_a_count_above_the_limit_is_one_category(desk):
    many = [desk.too_many(roi_count=5), desk.too_many(roi_count=50), desk.imported(*[desk.box] * 7)]
    assert [count_category(grading, SETTINGS) for grading in many] == [5, 5, 5]
    assert count_category(desk.drawn(desk.box), SETTINGS) == 1
    assert count_category(desk.not_visible(), SETTINGS) is None
