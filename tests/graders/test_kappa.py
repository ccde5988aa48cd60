"""Agreement at the edges: what is undefined, why, and what large lesions do to kappa."""

import numpy as np
import pytest

from engine.domain.measure import Reason, Undefined
from engine.graders import kappa

FEW = Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
NOTHING = Undefined(Reason.NOTHING_DRAWN)


def _counts(*pixels):
    return np.array(pixels, dtype=np.int64)


@pytest.mark.parametrize("counts", [_counts(9), _counts(9, 3)])
def test_everything_is_undefined_for_fewer_than_two_graders(counts):
    assert kappa.fleiss_kappa(counts) == FEW
    assert kappa.gwet_ac1(counts) == FEW
    assert kappa.pooled_dice(counts) == FEW
    assert kappa.mean_pairwise_dice(counts) == FEW
    assert kappa.foreground(counts) == FEW
    assert kappa.human_ceiling(counts, tie="background") == FEW


def test_where_nobody_drew_anything_overlap_is_undefined_and_never_nought_or_one():
    counts = _counts(100, 0, 0, 0, 0, 0, 0, 0)
    assert kappa.fleiss_kappa(counts) == NOTHING
    assert kappa.pooled_dice(counts) == NOTHING
    assert kappa.mean_pairwise_dice(counts) == NOTHING
    assert kappa.human_ceiling(counts, tie="background") == NOTHING
    assert kappa.foreground(counts) == 0
    assert kappa.gwet_ac1(counts) == 1


def test_where_everything_is_pathology_kappa_is_undefined_and_overlap_is_full():
    counts = _counts(0, 0, 0, 100)
    assert kappa.fleiss_kappa(counts) == Undefined(Reason.EVERYTHING_IS_PATHOLOGY)
    assert kappa.pooled_dice(counts) == 1
    assert kappa.mean_pairwise_dice(counts) == 1
    assert kappa.foreground(counts) == 1


def test_a_pair_that_drew_nothing_is_left_out_of_the_mean():
    # Grader 0 drew, graders 1 and 2 drew nothing: two pairs with Dice 0, one without any.
    counts = _counts(90, 10, 0, 0, 0, 0, 0, 0)
    matrix = kappa.pairwise_dice(counts)
    assert matrix[1][2] == NOTHING
    assert matrix[0] == (1, 0, 0)
    assert kappa.mean_pairwise_dice(counts) == 0


def test_regions_that_never_meet_agree_less_than_chance():
    assert kappa.fleiss_kappa(_counts(80, 10, 10, 0)) == pytest.approx(-1 / 9)


def test_large_lesions_lower_kappa_and_not_ac1_at_the_same_overlap():
    # Close-ups: three graders leave out 2 % each, at places of their own.
    counts = np.zeros(8, dtype=np.int64)
    counts[[0, 0b110, 0b101, 0b011, 0b111]] = [0, 200, 200, 200, 9400]
    assert kappa.mean_pairwise_dice(counts) == pytest.approx(0.98, abs=0.005)
    assert kappa.fleiss_kappa(counts) < 0
    assert kappa.gwet_ac1(counts) == pytest.approx(0.96, abs=0.01)


def test_counting_too_many_as_background_would_ruin_kappa():
    two = _counts(8900, 30, 30, 1040)
    with_background = np.concatenate((two, np.zeros(4, dtype=np.int64)))
    assert kappa.fleiss_kappa(two) > 0.9
    assert kappa.fleiss_kappa(with_background) < 0.5


def test_sums_over_gigapixels_are_exact():
    large = 10**15
    assert kappa.fleiss_kappa(_counts(large, 1, 0, large)) == pytest.approx(1, abs=1e-14)
    assert kappa.fleiss_kappa(_counts(large, 1, 0, large)) < 1


def test_the_ceiling_with_two_graders_is_their_overlap():
    counts = _counts(70, 10, 10, 10)
    dice = kappa.pairwise_dice(counts)[0][1]
    assert kappa.human_ceiling(counts, tie="background") == dice == 0.5


def test_the_ceiling_of_an_even_number_of_others_follows_the_tie_rule():
    # Graders 0 and 1 agree, grader 2 drew nothing: the others of 0 and of 1 are split, and the
    # others of 2 see what it does not.
    counts = _counts(90, 0, 0, 10, 0, 0, 0, 0)
    assert kappa.human_ceiling(counts, tie="background") == 0
    assert kappa.human_ceiling(counts, tie="foreground") == pytest.approx(2 / 3)


def test_a_grader_who_marks_nothing_of_what_the_others_see_lowers_the_ceiling():
    # Of two graders only the first drew: it has nothing to find, the second finds nothing of it.
    assert kappa.human_ceiling(_counts(90, 10, 0, 0), tie="background") == 0
    # Of four, 0 and 1 and 2 draw alike: they find all of what the others see, 3 finds nothing.
    counts = np.zeros(16, dtype=np.int64)
    counts[[0, 0b0111]] = 90, 10
    assert kappa.human_ceiling(counts, tie="background") == 3 / 4


def test_a_grader_whose_others_mark_everything_is_left_out_of_the_ceiling():
    # 0, 1 and 2 mark all, 3 a half, 4 a quarter beside it: the others of 3 and of 4 mark all,
    # those of the first three what 3 or 4 mark.
    counts = np.zeros(32, dtype=np.int64)
    counts[[0b00111, 0b01111, 0b10111]] = 25, 50, 25
    expected = pytest.approx(2 * 0.75 / (1 + 0.75))
    assert kappa.human_ceiling(counts, tie="background") == expected


def test_a_ceiling_that_no_grader_has_says_why():
    alone = _counts(90, 10, 0, 0, 0, 0, 0, 0)
    assert kappa.human_ceiling(alone, tie="background") == Undefined(Reason.ROI_EMPTY)
    assert kappa.human_ceiling(_counts(0, 0, 0, 9), tie="background") == Undefined(Reason.ROI_FULL)
    # One marks all, the other nothing: the first has nothing to find, the second everything.
    assert kappa.human_ceiling(_counts(0, 9, 0, 0), tie="background") == Undefined(Reason.ROI_EMPTY)
