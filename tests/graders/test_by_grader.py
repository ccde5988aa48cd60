"""Graders and pairs of graders over a study."""

from dataclasses import replace

import pytest

from engine.domain.agreement import Mean
from engine.domain.grading import Role, Status
from engine.domain.measure import Reason, Undefined
from engine.domain.polygon import ring
from engine.domain.settings import AgreementSettings
from engine.graders import by_grader
from engine.graders.by_grader import gather, measure_graders

SETTINGS = AgreementSettings()


def _study(desk, *images, settings=SETTINGS):
    return gather(measure_graders(desk.image, readings, settings) for readings in images)


def _graders(desk, *images, settings=SETTINGS):
    return {row.grader: row for row in _study(desk, *images, settings=settings).graders}


def test_work_is_counted_by_where_it_stands(desk):
    box, started = desk.drawn(desk.box), desk.drawn(status=Status.STARTED)
    rows = _graders(
        desk,
        [desk.reading(box)],
        [desk.reading(last=started)],
        [desk.reading(box, sent_back=True)],
        [desk.reading(desk.drawn(desk.box, roi_count=3))],
        [desk.reading(box, role=Role.EXTRA), desk.reading(None, grader="B")],
        [desk.reading(box), desk.reading(box, role=Role.REPEAT)],
    )
    row = rows["A"]
    assert (row.images, row.done, row.started, row.sent_back) == (6, 3, 2, 1)
    assert (rows["B"].images, rows["B"].done, rows["B"].started) == (1, 0, 0)


def test_the_time_at_work_is_the_median_over_the_images_that_are_done_and_timed(desk):
    box = desk.drawn(desk.box)
    readings = {
        "1": [desk.reading(box), desk.reading(box, role=Role.REPEAT)],
        "2": [desk.reading(box, role=Role.EXTRA)],
        "3": [desk.reading(box)],
        "4": [desk.reading(last=desk.drawn(status=Status.STARTED))],
        "5": [desk.reading(box, sent_back=True)],
        "6": [desk.reading(box)],
        "7": [desk.reading(box, grader="B")],
    }
    known = {"1": 40.0, "2": 10.5, "3": 1000.0, "4": 1.0, "5": 2.0}
    activity = {(image, "A", Role.ASSIGNED): seconds for image, seconds in known.items()}
    activity[("2", "A", Role.EXTRA)] = activity.pop(("2", "A", Role.ASSIGNED))
    activity[("1", "A", Role.REPEAT)] = 3.0
    measured = [
        measure_graders(replace(desk.image, path=path), of_image, SETTINGS)
        for path, of_image in readings.items()
    ]
    a, b = gather(measured, activity).graders
    assert (a.done, a.timed, a.seconds) == (4, 3, 40.0)
    assert (b.done, b.timed, b.seconds) == (1, 0, Undefined(Reason.TOO_FEW_IMAGES))
    assert gather(measured).graders[0].timed == 0


def test_imported_work_that_was_only_looked_at_is_not_timed(desk):
    box, imported = desk.drawn(desk.box), desk.imported(desk.box)
    readings = {
        "1": desk.reading(imported),
        "2": desk.reading(imported, latest=box),
        "3": desk.reading(box, latest=imported),
        "4": desk.reading(imported, last=replace(box, status=Status.STARTED)),
    }
    measured = [
        measure_graders(replace(desk.image, path=path), [reading], SETTINGS)
        for path, reading in readings.items()
    ]
    activity = {(image, "A", Role.ASSIGNED): 10.0 * int(image) for image in readings}
    (row,) = gather(measured, activity).graders
    assert (row.done, row.timed, row.seconds) == (4, 1, 20.0)


def test_numbers_against_the_others_are_averaged_and_undefined_ones_counted(desk):
    box, near = desk.drawn(desk.box), desk.drawn(desk.near)
    alone = [desk.reading(box), desk.reading(desk.too_many(), grader="B")]
    rows = _graders(desk, desk.readings(box, box), desk.readings(box, near), alone)
    assert rows["A"].dice == Mean(pytest.approx((1 + 30 / 36) / 2), 2, 1)
    assert rows["A"].specificity == Mean(pytest.approx((1 + 158 / 164) / 2), 2, 1)
    assert rows["B"].sensitivity == Mean(pytest.approx((1 + 30 / 36) / 2), 2, 0)
    assert rows["B"].too_many == 1


def test_a_grader_without_any_number_has_an_undefined_mean(desk):
    row = _graders(desk, desk.readings(desk.drawn(desk.box)))["A"]
    assert row.dice == Mean(Undefined(Reason.TOO_FEW_IMAGES), 0, 1)
    assert row.repeat_dice == Mean(Undefined(Reason.TOO_FEW_IMAGES), 0, 0)


def test_more_voters_than_can_be_counted_leave_their_numbers_undefined(desk):
    study = _study(desk, desk.readings(*[desk.drawn(desk.box)] * 17))
    assert study.pairs == ()
    assert {row.dice for row in study.graders} == {Mean(Undefined(Reason.TOO_FEW_IMAGES), 0, 1)}


def test_the_visible_share_is_of_answers_and_unknown_ones_are_counted(desk):
    readings = desk.drawn(desk.box), desk.not_visible(), desk.imported(), None
    row = _graders(desk, *[desk.readings(grading) for grading in readings])["A"]
    assert row.visible == Mean(0.5, 2, 1)


def test_notes_and_problems_are_the_graders_own(desk):
    noted = desk.drawn(desk.box, note="faint", problem="blurred")
    rows = _graders(
        desk,
        [desk.reading(noted)],
        [desk.reading(desk.drawn(desk.box), sent_back=True)],
        [desk.reading(noted, role=Role.REPEAT)],
        [desk.reading(noted, sent_back=True, grader="B")],
    )
    assert (rows["A"].notes, rows["A"].problems) == (2, 2)
    assert (rows["B"].notes, rows["B"].problems) == (1, 1)


def test_a_grader_is_compared_with_itself_over_its_repeats(desk):
    box, again = desk.drawn(desk.box), {"role": Role.REPEAT}
    row = _graders(
        desk,
        [desk.reading(box), desk.reading(box, **again)],
        [desk.reading(box), desk.reading(desk.drawn(desk.far), **again)],
        [desk.reading(desk.too_many()), desk.reading(box, **again)],
        [desk.reading(box), desk.reading(None, **again)],
    )["A"]
    assert row.repeats == 3
    assert row.repeat_dice == Mean(0.5, 2, 1)
    assert row.repeat_kappa.n == 2
    assert row.repeat_visible == Mean(1, 3, 0)
    assert row.repeat_roi_count == Mean(pytest.approx(2 / 3), 3, 0)


def test_pairs_are_averaged_over_their_common_images_whatever_their_order(desk):
    box, near, nothing = desk.drawn(desk.box), desk.drawn(desk.near), desk.imported()
    swapped = [desk.reading(near, grader="B"), desk.reading(box, grader="A")]
    images = desk.readings(box, near), swapped, desk.readings(nothing, nothing), desk.readings(box)
    (pair,) = _study(desk, *images).pairs
    assert (pair.first, pair.second, pair.images) == ("A", "B", 3)
    assert pair.dice == Mean(pytest.approx(30 / 36), 2, 1)
    assert pair.iou == Mean(pytest.approx(30 / 42), 2, 1)
    assert pair.hd95 == Mean(1, 2, 1)


def test_extra_and_repeat_readings_are_in_no_pair_and_against_nobody(desk):
    box, far = desk.drawn(desk.box), desk.drawn(desk.far)
    readings = [
        *desk.readings(box, box),
        desk.reading(far, grader="C", role=Role.EXTRA),
        desk.reading(far, role=Role.REPEAT),
    ]
    study = _study(desk, readings)
    assert [(pair.first, pair.second) for pair in study.pairs] == [("A", "B")]
    assert [row.dice.n for row in study.graders] == [1, 1, 0]


def test_the_others_agree_by_the_rule_of_the_consensus(desk):
    readings = desk.readings(*map(desk.drawn, (desk.box, desk.near, desk.far, desk.far, desk.box)))
    staple = AgreementSettings(consensus="staple")
    by_majority = _graders(desk, readings)["A"].dice.value
    assert _graders(desk, readings, settings=staple)["A"].dice.value != by_majority


def test_a_study_without_readings_has_no_graders(desk):
    study = _study(desk, [], [])
    assert study.graders == study.pairs == ()


def test_pairs_of_graders_are_measured_again_only_where_a_region_changed(desk, monkeypatch):
    measured = []
    matrices = by_grader.overlap_matrices
    monkeypatch.setattr(
        by_grader, "overlap_matrices", lambda *given: measured.append(1) or matrices(*given)
    )
    known = {}
    a, b = desk.reading(desk.drawn(desk.box)), desk.reading(desk.drawn(desk.box), grader="B")
    first = measure_graders(desk.image, [a, b], SETTINGS, known=known)
    staple = SETTINGS.model_copy(update={"consensus": "staple"})
    assert measure_graders(desk.image, [a, b], SETTINGS, known=known) == first
    assert measure_graders(desk.image, [a, b], staple, known=known).overlaps == first.overlaps
    assert len(measured) == 1
    half = replace(desk.box, exterior=ring(desk.box.exterior * 0.5))
    other = desk.reading(desk.drawn(half), grader="B")
    again = measure_graders(desk.image, [a, other], SETTINGS, known=known)
    assert len(measured) == 2
    assert again == measure_graders(desk.image, [a, other], SETTINGS)
    assert again.overlaps != first.overlaps
