"""How far the graders of an image agree, and why an image leaves."""

from dataclasses import replace

import pytest

from engine.domain.grading import Adjudication, Adopted, Role, Status
from engine.domain.measure import Reason, Undefined
from engine.domain.rows import ImageAgreement
from engine.domain.settings import AgreementSettings
from engine.graders.agreement import MEASURES, measure_agreement
from engine.graders.summary import summarise

SETTINGS = AgreementSettings()
LENIENT = AgreementSettings(require_all_graders_outlined=False)


def _row(desk, *gradings, settings=SETTINGS):
    return measure_agreement(desk.image, desk.readings(*gradings), settings)


def test_an_image_that_all_graders_outlined_alike_is_admitted(desk):
    row = _row(desk, *[desk.drawn(desk.box)] * 3)
    assert row.admitted
    assert row.reason is None
    assert (row.graders, row.voters, row.visible, row.roi_count) == (3, 3, 3, 1)
    assert row.fleiss_kappa == row.gwet_ac1 == row.pooled_dice == row.human_ceiling == 1
    assert row.foreground == 36 / 200


@pytest.mark.parametrize("settings", [SETTINGS, LENIENT])
@pytest.mark.parametrize("graders", [0, 1, 3])
def test_nobody_assigned_is_told_from_assigned_graders_who_have_not_finished(
    desk, graders, settings
):
    row = _row(desk, *[None] * graders, settings=settings)
    reason = Reason.INCOMPLETE if graders else Reason.NO_GRADINGS
    assert (row.admitted, row.reason) == (False, reason)
    assert row.fleiss_kappa == Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    assert row.roi_count == Undefined(Reason.NOT_ANSWERED)


def test_reasons_are_given_in_their_order(desk):
    box, unseen, many, empty = (
        desk.drawn(desk.box),
        desk.not_visible(),
        desk.too_many(),
        desk.imported(),
    )
    assert _row(desk, box, empty, unseen, many, None).reason is Reason.INCOMPLETE
    assert _row(desk, box, empty, unseen, many).reason is Reason.TOO_MANY_REGIONS
    assert _row(desk, box, empty, unseen).reason is Reason.NOT_VISIBLE
    assert _row(desk, box, box, empty).reason is Reason.NOT_OUTLINED
    assert _row(desk, box, desk.drawn(desk.far)).reason is Reason.KAPPA_BELOW_CUT
    assert _row(desk, box).reason is Reason.KAPPA_UNDEFINED


def test_an_outline_so_small_that_it_has_no_pixel_leaves_with_kappa_undefined(desk):
    speck = desk.drawn(type(desk.box)(desk.box.exterior / 100))
    row = _row(desk, speck, speck)
    assert row.reason is Reason.KAPPA_UNDEFINED
    assert row.fleiss_kappa == Undefined(Reason.NOTHING_DRAWN)


def test_kappa_at_the_cut_is_admitted(desk):
    gradings = desk.drawn(desk.box), desk.drawn(desk.near)
    kappa = _row(desk, *gradings).fleiss_kappa
    assert 0 < kappa < 1
    assert _row(desk, *gradings, settings=AgreementSettings(kappa_cut=kappa)).admitted
    above = AgreementSettings(kappa_cut=kappa + 1e-9)
    assert _row(desk, *gradings, settings=above).reason is Reason.KAPPA_BELOW_CUT


def test_too_many_is_a_missing_answer_beside_two_who_agree(desk):
    row = _row(desk, desk.drawn(desk.box), desk.drawn(desk.box), desk.too_many())
    assert (row.graders, row.voters, row.visible) == (3, 2, 3)
    assert row.fleiss_kappa == 1
    assert row.roi_count == 1
    assert not row.admitted


def test_not_visible_votes_background_and_is_not_counted_as_visible(desk):
    row = _row(desk, desk.drawn(desk.box), desk.drawn(desk.box), desk.not_visible())
    assert (row.voters, row.visible) == (3, 2)
    assert row.fleiss_kappa < 1


def test_an_image_may_enter_with_two_outlines_where_not_all_are_asked_for(desk):
    box = desk.drawn(desk.box)
    assert _row(desk, box, box, desk.too_many(), settings=LENIENT).admitted
    assert _row(desk, box, box, None, settings=LENIENT).admitted
    one = _row(desk, box, desk.not_visible(), desk.not_visible(), settings=LENIENT)
    assert one.reason is Reason.NOT_VISIBLE


def test_one_outline_alone_does_not_count_as_outlined_where_two_are_needed(desk):
    row = _row(desk, desk.drawn(desk.box), settings=LENIENT)
    assert row.reason is Reason.NOT_OUTLINED
    assert summarise([row]).before.images == 0


def test_other_answers_vote_where_not_all_outlines_are_asked_for(desk):
    row = _row(desk, desk.drawn(desk.box), desk.drawn(desk.box), desk.imported(), settings=LENIENT)
    assert row.voters == 3
    assert row.fleiss_kappa < 1
    assert row.admitted


def test_sending_work_back_does_not_change_kappa_and_keeps_the_image_out(desk):
    before = [desk.reading(desk.drawn(desk.box)), desk.reading(desk.drawn(desk.near), grader="B")]
    sent_back = [before[0], desk.reading(desk.drawn(desk.near), grader="B", sent_back=True)]
    redone = [before[0], desk.reading(desk.drawn(desk.near), desk.drawn(desk.box), grader="B")]
    rows = [measure_agreement(desk.image, r, SETTINGS) for r in (before, sent_back, redone)]
    assert rows[0].fleiss_kappa == rows[1].fleiss_kappa == rows[2].fleiss_kappa < 1
    assert [row.reason for row in rows] == [None, Reason.INCOMPLETE, None]
    latest = measure_agreement(desk.image, redone, AgreementSettings(reading="latest"))
    assert latest.fleiss_kappa == 1


@pytest.mark.parametrize("role", [Role.EXTRA, Role.REPEAT])
def test_extra_and_repeat_readings_do_not_enter_the_agreement(desk, role):
    readings = desk.readings(desk.drawn(desk.box), desk.drawn(desk.box))
    more = desk.reading(desk.drawn(desk.far), grader="C", role=role)
    alone = measure_agreement(desk.image, readings, SETTINGS)
    assert measure_agreement(desk.image, [*readings, more], SETTINGS) == alone


def test_an_extra_grader_alone_is_no_grading_of_the_assigned(desk):
    readings = [desk.reading(desk.drawn(desk.box), role=Role.EXTRA)]
    assert measure_agreement(desk.image, readings, SETTINGS).reason is Reason.NO_GRADINGS


def test_the_count_of_regions_is_the_median_answer(desk):
    two = desk.drawn(desk.box, desk.far)
    assert _row(desk, desk.drawn(desk.box), two, two).roi_count == 2
    assert _row(desk, desk.drawn(desk.box), two).roi_count == 1.5
    uncounted = _row(desk, desk.imported(), desk.imported())
    assert uncounted.roi_count == Undefined(Reason.NOT_ANSWERED)


def test_notes_and_problems_of_all_graders_reach_the_row(desk):
    readings = [
        desk.reading(desk.drawn(desk.box, note="faint"), grader="A"),
        desk.reading(desk.not_visible(problem="blurred"), grader="B"),
        desk.reading(desk.drawn(desk.box, note="ruler"), grader="C", role=Role.EXTRA),
    ]
    row = measure_agreement(desk.image, readings, SETTINGS)
    assert row.notes == "A: faint; C: ruler"
    assert row.problems == "B: blurred"


def test_what_is_noted_on_a_reading_that_is_not_done_reaches_the_row(desk):
    started = desk.drawn(status=Status.STARTED, note="redo", problem="blurred")
    done = desk.drawn(desk.box, note="fine")
    readings = [
        desk.reading(last=started, grader="A"),
        desk.reading(done, last=started, grader="B"),
        desk.reading(done, desk.drawn(desk.box), grader="C"),
    ]
    row = measure_agreement(desk.image, readings, SETTINGS)
    assert row.notes == "A: redo; B: redo"
    assert row.problems == "A: blurred; B: blurred"


def test_more_voters_than_can_be_counted_leave_one_image_undefined_and_out(desk):
    too_many = Undefined(Reason.TOO_MANY_GRADERS)
    for settings in (SETTINGS, LENIENT):
        row = _row(desk, *[desk.drawn(desk.box, note="x")] * 17, None, settings=settings)
        assert [getattr(row, name) for name in MEASURES] == [too_many] * 6
        assert (row.admitted, row.reason) == (False, Reason.TOO_MANY_GRADERS)
        assert (row.graders, row.voters, row.visible, row.roi_count) == (18, 17, 17, 1)
        assert row.notes.startswith("A: x; B: x")
        assert summarise([row]).before.images == 0
    assert _row(desk, *[desk.drawn(desk.box)] * 16).admitted


def test_eight_graders_are_counted(desk):
    row = _row(desk, *[desk.imported(desk.box)] * 7, desk.imported(desk.near))
    assert (row.graders, row.voters) == (8, 8)
    assert row.admitted


def test_why_a_lead_sent_work_back_is_no_note_of_the_grader(desk):
    done = desk.drawn(desk.box, note="faint", problem="blurred")
    started = replace(done, note="larger now", problem="", status=Status.STARTED)
    readings = [
        desk.reading(done, sent_back=True),
        desk.reading(done, last=started, sent_back=True, grader="B"),
    ]
    row = measure_agreement(desk.image, readings, SETTINGS)
    assert row.notes == "A: faint; B: larger now"
    assert row.problems == "A: blurred"


def test_kappa_of_the_latest_readings_stands_beside_that_of_the_first(desk):
    readings = [
        desk.reading(desk.drawn(desk.box)),
        desk.reading(desk.drawn(desk.near), desk.drawn(desk.box), grader="B"),
    ]
    row = measure_agreement(desk.image, readings, SETTINGS)
    assert row.fleiss_kappa < row.fleiss_kappa_latest == 1
    latest = measure_agreement(desk.image, readings, AgreementSettings(reading="latest"))
    assert latest.fleiss_kappa == latest.fleiss_kappa_latest == 1


def test_where_nothing_was_redone_both_kappas_are_one(desk):
    row = _row(desk, desk.drawn(desk.box), desk.drawn(desk.near))
    assert row.fleiss_kappa_latest == row.fleiss_kappa
    nobody = _row(desk)
    assert nobody.fleiss_kappa_latest == Undefined(Reason.FEWER_THAN_TWO_ANSWERS)


def test_an_extra_grader_changes_neither_kappa_but_may_be_redone(desk):
    readings = desk.readings(desk.drawn(desk.box), desk.drawn(desk.near))
    redone = desk.reading(desk.drawn(desk.far), desk.drawn(desk.box), grader="C", role=Role.EXTRA)
    row = measure_agreement(desk.image, [*readings, redone], SETTINGS)
    assert row.fleiss_kappa_latest == row.fleiss_kappa


STAPLE = AgreementSettings(consensus="staple", require_all_graders_outlined=False)


def test_a_degenerate_staple_consensus_is_told_in_the_row(desk):
    boxes = desk.drawn(desk.box), desk.drawn(desk.near), desk.drawn(desk.box)
    assert _row(desk, *boxes, settings=STAPLE).consensus_warning == ""
    unseen = desk.not_visible()
    assert _row(desk, *boxes, unseen, settings=STAPLE).consensus_warning == "degenerate"
    assert _row(desk, *boxes, unseen).consensus_warning == ""
    assert _row(desk, boxes[0], settings=STAPLE).consensus_warning == ""


def test_the_warning_is_about_who_enters_the_consensus(desk):
    readings = desk.readings(desk.drawn(desk.box), desk.drawn(desk.near))
    unseen = desk.reading(desk.not_visible(), grader="C", role=Role.EXTRA)
    repeated = desk.reading(desk.not_visible(), role=Role.REPEAT)
    rows = [measure_agreement(desk.image, [*readings, r], STAPLE) for r in (unseen, repeated)]
    assert [row.consensus_warning for row in rows] == ["degenerate", ""]


def test_staple_that_has_not_converged_is_told_in_the_row(desk, monkeypatch):
    monkeypatch.setattr("engine.graders.staple.staple.__kwdefaults__", {"max_iterations": 1})
    row = _row(desk, desk.drawn(desk.box), desk.drawn(desk.near), settings=STAPLE)
    assert row.consensus_warning == "not_converged"


def test_the_ceiling_follows_the_rule_of_the_consensus(desk):
    gradings = [desk.drawn(p) for p in (desk.box, desk.near, desk.far, desk.far, desk.box)]
    assert (
        _row(desk, *gradings).human_ceiling != _row(desk, *gradings, settings=STAPLE).human_ceiling
    )


def test_work_is_counted_and_the_state_is_the_first_that_applies(desk):
    outline = desk.drawn(desk.box)
    begun = desk.reading(last=replace(outline, status=Status.STARTED, roi_count=None), grader="B")
    untouched = desk.reading(grader="C")
    done = [desk.reading(outline), desk.reading(outline, grader="B")]
    back = desk.reading(outline, grader="B", sent_back=True)
    expected = [
        ([], (0, 0, 0, "to_do")),
        ([untouched], (0, 0, 0, "to_do")),
        ([begun, untouched], (0, 1, 0, "in_progress")),
        ([done[0], untouched], (1, 0, 0, "in_progress")),
        ([done[0], begun], (1, 1, 0, "in_progress")),
        (done, (2, 0, 0, "done")),
        ([done[0], back], (1, 0, 1, "sent_back")),
    ]
    for readings, numbers in expected:
        row = measure_agreement(desk.image, readings, SETTINGS)
        assert (row.done, row.started, row.sent_back, row.state) == numbers


def test_a_count_that_the_outlines_do_not_fill_is_started_and_not_done(desk):
    row = _row(desk, replace(desk.drawn(desk.box), roi_count=2), desk.drawn(desk.box))
    assert (row.done, row.started, row.state) == (1, 1, "in_progress")


def test_extra_readings_are_no_work_of_the_assigned_but_one_sent_back_shows(desk):
    done = desk.readings(desk.drawn(desk.box), desk.drawn(desk.box))
    extra = desk.reading(grader="X", role=Role.EXTRA)
    row = measure_agreement(desk.image, [*done, extra], SETTINGS)
    assert (row.done, row.state) == (2, "done")
    back = desk.reading(desk.drawn(desk.far), grader="X", role=Role.EXTRA, sent_back=True)
    row = measure_agreement(desk.image, [*done, back], SETTINGS)
    assert (row.done, row.sent_back, row.state) == (2, 1, "sent_back")


def test_an_adjudication_is_told_and_changes_neither_agreement_nor_admission(desk):
    readings = desk.readings(desk.drawn(desk.box), desk.drawn(desk.far))
    decision = Adjudication(
        desk.image.path, Adopted.GRADER, (desk.far,), "lena", "2026-01-01", "clearer", "B"
    )
    before, after = (measure_agreement(desk.image, readings, SETTINGS, d) for d in (None, decision))
    assert (before.adjudicated, before.state, before.roi_area) == ("", "done", 0)
    assert (after.adjudicated, after.state, after.roi_area) == ("grader", "adjudicated", 36 / 200)
    unlike = {"adjudicated", "roi_area"}
    for name in set(ImageAgreement.__dataclass_fields__) - unlike:
        assert getattr(after, name) == getattr(before, name)


def test_a_decision_gives_an_area_where_the_graders_have_no_consensus(desk):
    decision = Adjudication(desk.image.path, Adopted.EDITED, (desk.box,), "lena", "2026", "why")
    readings = desk.readings(desk.drawn(desk.box))
    nothing = Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    assert measure_agreement(desk.image, readings, SETTINGS).roi_area == nothing
    assert measure_agreement(desk.image, readings, SETTINGS, decision).roi_area == 36 / 200
    ignoring = AgreementSettings(adjudication="ignored")
    row = measure_agreement(desk.image, readings, ignoring, decision)
    assert (row.roi_area, row.adjudicated) == (nothing, "edited")


def test_the_area_is_of_who_enters_the_consensus_and_agreement_of_who_was_first(desk):
    first = desk.readings(desk.drawn(desk.box), desk.drawn(desk.box), desk.drawn(desk.far))
    redone = desk.reading(desk.drawn(desk.box), desk.drawn(desk.far), grader="B")
    row = measure_agreement(desk.image, [first[0], redone, first[2]], SETTINGS)
    assert row.fleiss_kappa == measure_agreement(desk.image, first, SETTINGS).fleiss_kappa
    assert measure_agreement(desk.image, [first[0], first[2], redone], SETTINGS).roi_area == 0.18
    extra = desk.reading(desk.drawn(desk.near), grader="X", role=Role.EXTRA)
    both = [desk.reading(desk.drawn(desk.box)), extra]
    assert measure_agreement(desk.image, both, SETTINGS).roi_area == 30 / 200


def test_agreement_on_answers_is_the_share_of_pairs_that_answer_alike(desk):
    one, two = desk.drawn(desk.box), desk.drawn(desk.box, desk.far)
    unseen, many = desk.not_visible(), desk.too_many()
    row = _row(desk, one, one, two, unseen)
    assert (row.visible_agreement, row.count_agreement) == (0.5, pytest.approx(1 / 3))
    row = _row(desk, many, replace(many, roi_count=9), one)
    assert (row.visible_agreement, row.count_agreement) == (1, pytest.approx(1 / 3))


def test_agreement_on_answers_is_undefined_below_two_answers(desk):
    nothing = Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    row = _row(desk, desk.drawn(desk.box), desk.not_visible(), None)
    assert (row.visible_agreement, row.count_agreement) == (0, nothing)
    row = _row(desk, desk.drawn(desk.box), desk.imported(), None)
    assert (row.visible_agreement, row.count_agreement) == (nothing, nothing)


def test_answers_of_extra_and_repeat_readings_do_not_count(desk):
    readings = desk.readings(desk.drawn(desk.box), desk.drawn(desk.near))
    more = [
        desk.reading(desk.not_visible(), grader="X", role=Role.EXTRA),
        desk.reading(desk.not_visible(), role=Role.REPEAT),
    ]
    row = measure_agreement(desk.image, [*readings, *more], SETTINGS)
    assert (row.visible_agreement, row.count_agreement, row.done) == (1, 1, 2)
