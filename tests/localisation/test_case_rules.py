"""From the images of a case to one number for the case."""

import pytest

from engine.domain.measure import Reason, Undefined
from engine.localisation.cases import CaseValue, choose

EMPTY = Undefined(Reason.ROI_EMPTY)
ZERO = Undefined(Reason.ZERO_MAP)


def test_the_best_image_stands_for_its_case():
    assert choose([0.2, 0.7, 0.5], "max") == CaseValue(0.7, 1, 3)


def test_the_first_of_tied_images_is_chosen():
    assert choose([EMPTY, 0.4, 0.1, 0.4], "max") == CaseValue(0.4, 1, 3)


def test_a_case_of_negative_values_has_the_one_nearest_zero():
    assert choose([-0.5, EMPTY, -0.1], "max") == CaseValue(-0.1, 2, 2)


@pytest.mark.parametrize(("rule", "value"), [("mean", 0.4), ("median", 0.3)])
def test_a_mean_or_median_is_over_the_defined_images_and_chooses_none(rule, value):
    got = choose([0.1, EMPTY, 0.3, 0.8], rule)
    assert got == CaseValue(pytest.approx(value), None, 3)


@pytest.mark.parametrize("rule", ["max", "mean", "median"])
def test_a_case_without_a_defined_image_takes_the_first_reason(rule):
    assert choose([ZERO, EMPTY], rule) == CaseValue(ZERO, None, 0)
