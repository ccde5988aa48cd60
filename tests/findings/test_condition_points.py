import pytest

from engine.domain.measure import Reason, Undefined
from engine.domain.rows import CASE_METRICS
from engine.domain.settings import FindingsSettings
from engine.findings.case_table import case_table
from engine.findings.conditions import EXAMPLES, condition_points
from tests.finding_rows import NONE, OneCase, rows_of

SETTINGS = FindingsSettings(min_cases_per_condition=2, lowest_conditions=1, resamples=200)


def _cases(condition, values, *, correct=True):
    return [
        OneCase(
            f"{condition} {correct} {number}",
            condition,
            correct,
            images=[{"ds": ds, "srcc": srcc, "auc": 0.5, "ds_above_chance": 0, "roi_area": 0.1}],
        )
        for number, (ds, srcc) in enumerate(values)
    ]


def _points(cases, settings=SETTINGS):
    images, results = rows_of(cases)
    points = condition_points(case_table(images, results), images, settings)
    return {(point.condition, point.is_correct): point for point in points}


def test_correct_and_incorrect_cases_are_averaged_apart():
    cases = _cases("acne", [(0.2, 0.1), (0.4, 0.3)])
    points = _points([*cases, *_cases("acne", [(0.9, 0.8)], correct=False)])
    right, wrong = points["acne", True], points["acne", False]
    assert right.means["ds"].value == pytest.approx(0.3)
    assert right.means["ds"].sd == pytest.approx(0.02**0.5)
    assert (right.cases, wrong.cases) == (2, 1)
    assert wrong.means["srcc"].interval == Undefined(Reason.TOO_FEW_CASES)
    assert set(right.means) == {*CASE_METRICS, "roi_area"}


def test_a_case_without_a_value_is_counted_as_missing():
    points = _points(_cases("acne", [(0.2, 0.1), (0.4, NONE), (NONE, 0.3)]))
    means = points["acne", True].means
    assert (means["ds"].n, means["ds"].missing) == (2, 1)
    assert points["acne", True].cases == 3


def test_cases_of_no_known_condition_or_correctness_have_no_point():
    unknown = OneCase("x", None, True, images=[{"ds": 0.1}])
    unclassified = OneCase("y", "acne", NONE, images=[{"ds": 0.1}])
    assert _points([unknown, unclassified]) == {}


def test_small_conditions_are_shown_but_not_compared():
    points = _points([*_cases("acne", [(0.1, 0.1)]), *_cases("eczema", [(0.5, 0.5)] * 2)])
    assert not points["acne", True].is_compared
    assert not points["acne", True].is_lowest
    assert points["eczema", True].is_lowest


def test_the_lowest_condition_is_lowest_in_both_metrics():
    cases = [
        *_cases("acne", [(0.1, 0.5)] * 2),
        *_cases("eczema", [(0.5, 0.1)] * 2),
        *_cases("psoriasis", [(0.4, 0.4)] * 2),
        *_cases("acne", [(0.1, 0.1)] * 2, correct=False),
    ]
    points = _points(cases)
    assert [key for key, point in points.items() if point.is_lowest] == [("acne", False)]
    two = _points(cases, SETTINGS.model_copy(update={"lowest_conditions": 2}))
    assert {key for key, point in two.items() if point.is_lowest} == {
        ("acne", False),
        ("psoriasis", True),
    }


def test_a_condition_without_a_defined_mean_is_not_lowest():
    points = _points([*_cases("acne", [(NONE, NONE)] * 2), *_cases("eczema", [(0.5, 0.5)] * 2)])
    assert points["acne", True].means["ds"].value == Undefined(Reason.TOO_FEW_CASES)
    assert not points["acne", True].is_lowest
    assert points["eczema", True].is_lowest


def test_examples_are_a_few_images_the_lowest_first():
    values = [(0.9 - number / 20, 0.5) for number in range(EXAMPLES + 2)]
    examples = _points(_cases("acne", values))["acne", True].examples
    assert examples == tuple(f"acne True {n}/0.png" for n in range(EXAMPLES + 1, 1, -1))
