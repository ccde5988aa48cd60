"""What the paper prints in section 4.3, against what its own counts determine.

1083 cases remain after admission. The paper prints two decimals of a statistic, so that p is only
known to lie in a range.
"""

import numpy as np
import pytest
from scipy import stats

from engine.findings.group_tests import compare_groups, correlate

CASES = 1083
ALPHA = 0.05 / 6


def _pair(statistic):
    """Two groups of all cases whose pooled t is a given number."""
    half = CASES // 2
    first, second = np.linspace(-1, 1, half), np.linspace(-1, 1, CASES - half)
    t, *_ = compare_groups([first, second], two=True)
    pooled = np.sqrt(
        (first.var() * half + second.var() * len(second)) / (CASES - 2)
        * (1 / half + 1 / len(second))
    )  # fmt: skip
    return [first + (statistic - t.statistic) * pooled, second]


def _six(statistic):
    """Six groups of all cases whose F is a given number."""
    sizes = [181, 181, 181, 180, 180, 180]
    groups = [np.linspace(-1, 1, size) for size in sizes]
    means = np.arange(6) - np.average(np.arange(6), weights=sizes)
    inside = sum((group**2).sum() for group in groups) / (CASES - 6)
    between = float(np.average(means**2, weights=sizes)) * CASES / 5
    scale = np.sqrt(statistic * inside / between)
    return [group + scale * mean for group, mean in zip(groups, means, strict=True)]


def _correlated(r):
    """All cases, with a Pearson correlation of r."""
    x = stats.zscore(np.linspace(-1, 1, CASES))
    y = stats.zscore(x**2)
    return x, r * x + np.sqrt(1 - r**2) * y


@pytest.mark.parametrize("t", [-3.67, -3.36])
def test_the_difference_between_sexes_is_significant_as_printed(t):
    test, *_ = compare_groups(_pair(t), two=True)
    assert test.statistic == pytest.approx(t)
    assert test.degrees == (1081,)
    assert test.p < 0.001 < ALPHA


@pytest.mark.parametrize(("statistic", "printed"), [((0.415, 0.425), 0.83), ((2.655, 2.665), 0.02)])
def test_the_comparison_of_skin_tones_has_five_and_1077_degrees_of_freedom(statistic, printed):
    low, high = (compare_groups(_six(f), two=False)[0] for f in statistic)
    assert low.degrees == high.degrees == (5, 1077)
    assert round(high.p, 2) <= printed <= round(low.p, 2)
    assert high.p > ALPHA  # not significant, as the paper says of both


def test_the_printed_f_is_determined_by_the_printed_p():
    """P = 0.02 with 5 and 1077 degrees of freedom lies between F = 2.58 and 2.83: 2.66 fits."""
    assert stats.f.isf(0.025, 5, 1077) < 2.66 < stats.f.isf(0.015, 5, 1077)
    assert compare_groups(_six(2.66), two=False)[0].p == pytest.approx(0.0213, abs=1e-4)


def test_the_correlations_with_age_have_the_printed_p():
    low, high = (correlate(*_correlated(r)) for r in (0.095, 0.105))
    assert high.p < 0.001 < low.p  # printed: r = 0.10, p < 0.001
    assert correlate(*_correlated(0.10)).p < 0.001
    low, high = (correlate(*_correlated(r)) for r in (0.035, 0.045))
    assert high.p < 0.16 < low.p  # printed: r = 0.04, p = 0.16


def test_a_correlation_that_the_paper_calls_not_significant_is_below_its_own_level():
    """The text says there is no significant difference by age, for p < 0.001 < 0.0083 in DS."""
    assert correlate(*_correlated(0.10)).p < ALPHA == pytest.approx(0.0083, abs=5e-5)
