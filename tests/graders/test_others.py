"""Each grader against the others."""

import numpy as np
import pytest

from engine.domain.measure import Reason, Undefined
from engine.graders import kappa
from engine.graders.others import against_others

EMPTY, FULL = Undefined(Reason.ROI_EMPTY), Undefined(Reason.ROI_FULL)


def _counts(graders, pixels):
    counts = np.zeros(2**graders, dtype=np.int64)
    counts[list(pixels)] = list(pixels.values())
    return counts


def test_of_two_graders_each_is_the_truth_of_the_other():
    first, second = against_others(_counts(2, {0: 60, 1: 10, 2: 20, 3: 10}), tie="background")
    assert first.sensitivity == pytest.approx(10 / 30)
    assert first.specificity == pytest.approx(60 / 70)
    assert second.sensitivity == pytest.approx(10 / 20)
    assert second.specificity == pytest.approx(60 / 80)
    assert first.dice == second.dice == pytest.approx(20 / 50)


def test_who_marks_nothing_of_what_the_others_see_has_no_sensitivity_and_full_specificity():
    found = against_others(_counts(3, {0: 90, 0b011: 10}), tie="background")[2]
    assert (found.sensitivity, found.specificity, found.dice) == (0, 1, 0)


def test_others_who_see_nothing_leave_sensitivity_and_dice_undefined():
    found = against_others(_counts(3, {0: 90, 0b001: 10}), tie="background")[0]
    assert (found.sensitivity, found.specificity, found.dice) == (EMPTY, 0.9, EMPTY)


def test_others_who_see_nothing_but_pathology_leave_specificity_and_dice_undefined():
    found = against_others(_counts(3, {0b110: 60, 0b111: 40}), tie="background")[0]
    assert (found.sensitivity, found.specificity, found.dice) == (0.4, FULL, FULL)


def test_an_even_split_of_the_others_follows_the_tie_rule():
    counts = _counts(3, {0: 80, 0b001: 10, 0b101: 10})
    assert against_others(counts, tie="background")[1].dice == 2 * 0 / 10
    assert against_others(counts, tie="foreground")[1].sensitivity == 0
    assert against_others(counts, tie="foreground")[2].sensitivity == 10 / 20


def test_the_ceiling_is_the_mean_dice_against_the_others_by_either_rule():
    counts = _counts(5, {0: 500, 0b11111: 20, 0b10011: 30, 0b10001: 6, 0b00010: 6, 0b01100: 36})
    ceilings = []
    for rule in ("majority", "staple"):
        dice = [g.dice for g in against_others(counts, tie="background", rule=rule)]
        ceilings.append(kappa.human_ceiling(counts, tie="background", rule=rule))
        assert ceilings[-1] == pytest.approx(np.mean(dice))
    assert ceilings[0] != ceilings[1]
