"""The study before and after the cut."""

from statistics import mean, stdev

import pytest

from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.rows import ImageAgreement
from engine.graders.summary import summarise

NOTHING = Undefined(Reason.NOTHING_DRAWN)
TOO_FEW = Undefined(Reason.TOO_FEW_IMAGES)


def _row(path, kappa, reason=None, *, case="", voters=3):
    return ImageAgreement(
        image=Image(path, 10, 10, case=case),
        graders=3,
        voters=voters,
        visible=3,
        roi_count=1.0,
        fleiss_kappa=kappa,
        gwet_ac1=1.0,
        pooled_dice=1.0,
        mean_pairwise_dice=1.0,
        foreground=0.1,
        human_ceiling=1.0,
        admitted=reason is None,
        reason=reason,
    )


ROWS = [
    _row("a", 0.9, case="one"),
    _row("b", 0.5, case="one"),
    _row("c", 0.2, Reason.KAPPA_BELOW_CUT, case="two"),
    _row("d", NOTHING, Reason.KAPPA_UNDEFINED, case="three"),
    _row("e", 0.8, Reason.TOO_MANY_REGIONS, case="four"),
    _row("f", Undefined(Reason.FEWER_THAN_TWO_ANSWERS), Reason.INCOMPLETE, case="four"),
]


def test_the_cut_leaves_the_admitted_images_and_their_cases():
    summary = summarise(ROWS)
    groups = summary.everything, summary.before, summary.after
    assert [group.images for group in groups] == [6, 4, 2]
    assert [group.cases for group in groups] == [4, 3, 1]


def test_kappa_is_averaged_where_it_is_defined_and_the_rest_is_counted_by_reason():
    before = summarise(ROWS).before
    assert before.kappa_mean == pytest.approx(mean([0.9, 0.5, 0.2]))
    assert before.kappa_sd == pytest.approx(stdev([0.9, 0.5, 0.2]))
    assert before.kappa_images == 3
    assert before.kappa_undefined == {Reason.NOTHING_DRAWN: 1}


def test_over_everything_kappa_takes_in_images_whose_graders_did_not_all_outline():
    everything = summarise(ROWS).everything
    assert everything.kappa_mean == pytest.approx(mean([0.9, 0.5, 0.2, 0.8]))
    assert sum(everything.kappa_undefined.values()) == 2


def test_images_left_out_are_counted_by_reason():
    summary = summarise(ROWS)
    assert summary.left_out == dict.fromkeys(
        (
            Reason.INCOMPLETE,
            Reason.TOO_MANY_REGIONS,
            Reason.KAPPA_UNDEFINED,
            Reason.KAPPA_BELOW_CUT,
        ),
        1,
    )
    assert sum(summary.left_out.values()) == summary.everything.images - summary.after.images


def test_reasons_come_in_one_order_whatever_the_order_of_rows():
    assert list(summarise(ROWS).left_out) == list(summarise(ROWS[::-1]).left_out)


def test_one_image_has_a_mean_and_no_standard_deviation():
    after = summarise(ROWS[:1]).after
    assert after.kappa_mean == 0.9
    assert after.kappa_sd == TOO_FEW


def test_no_images_have_neither():
    summary = summarise([])
    assert summary.after.images == summary.after.cases == 0
    assert summary.after.kappa_mean == summary.after.kappa_sd == TOO_FEW
    assert summary.left_out == {}


def test_rows_may_stream():
    assert summarise(iter(ROWS)) == summarise(ROWS)
