"""The tests of question 3: do means differ between groups, or change with a number."""

from collections.abc import Callable, Sequence

import numpy as np

from engine.domain.findings import Test
from engine.domain.measure import Reason, Undefined
from engine.findings.case_table import Floats

Numbers = tuple[float, tuple[float, ...], float, float]
"""Statistic, degrees of freedom, p-value, effect size."""
Named = tuple[str, str, Callable[[Sequence[Floats]], Numbers]]
"""A test, its effect size, and how to make them."""


def compare_groups(groups: Sequence[Floats], *, two: bool) -> tuple[Test, ...]:
    """Return the test that decides, then those beside it.

    For two groups Student's t with pooled variance, the first group minus the second, with
    Cohen's d; beside it Welch's t with Hedges' g. For more, one-way ANOVA with eta squared (for
    two groups it would be the square of t, with the same p). Last Kruskal-Wallis with epsilon
    squared.

    Parameters
    ----------
    groups
        Values of each group, at least two in each.
    two
        Whether the tests for two groups are meant, which matters where there are too few.

    Returns
    -------
    Tests undefined with ``too_few_cases`` without a group, with ``one_group`` for one alone, with
    ``no_variation`` where no group varies.

    References
    ----------
    Section 4.3; method, section 10.3.
    """
    named = _OF_TWO if two else _OF_MORE
    if not groups:
        return _all_undefined(named, Reason.TOO_FEW_CASES)
    if len(groups) == 1:
        return _all_undefined(named, Reason.ONE_GROUP)
    if not any(_varies(group) for group in groups):
        return _all_undefined(named, Reason.NO_VARIATION)
    return tuple(_defined(name, effect, make(groups)) for name, effect, make in named)


def correlate(values: Floats, numbers: Floats) -> Test:
    """Return the Pearson correlation of values with a number, two-sided; its effect size is r.

    Undefined with ``too_few_cases`` for fewer than three, with ``no_variation`` where either is
    constant.
    """
    from scipy.stats import pearsonr  # noqa: PLC0415 - a second that few commands need

    if len(values) < 3:
        return undefined("pearson", "r", Reason.TOO_FEW_CASES)
    if not (_varies(values) and _varies(numbers)):
        return undefined("pearson", "r", Reason.NO_VARIATION)
    found = pearsonr(numbers, values)
    r = float(found.statistic)
    return _defined("pearson", "r", (r, (len(values) - 2,), float(found.pvalue), r))


def undefined(name: str, effect_name: str, reason: Reason) -> Test:
    """Return a test that could not be made."""
    why = Undefined(reason)
    return Test(name, why, (), why, why, effect_name)


def _defined(name: str, effect_name: str, numbers: Numbers) -> Test:
    statistic, degrees, p, effect = numbers
    return Test(name, statistic, degrees, p, effect, effect_name)


def _all_undefined(named: Sequence[Named], reason: Reason) -> tuple[Test, ...]:
    return tuple(undefined(name, effect_name, reason) for name, effect_name, _ in named)


def _varies(values: Floats) -> bool:
    """Return whether values differ by more than the last digits of a computation."""
    return bool(np.ptp(values) > 1e-12 * np.abs(values).max())


def _student_t(groups: Sequence[Floats]) -> Numbers:
    statistic, p = _t(groups, equal_variances=True)
    return statistic, (sum(map(len, groups)) - 2,), p, _cohens_d(groups)


def _welch_t(groups: Sequence[Floats]) -> Numbers:
    statistic, p = _t(groups, equal_variances=False)
    errors = [group.var(ddof=1) / len(group) for group in groups]
    parts = (error**2 / (len(group) - 1) for error, group in zip(errors, groups, strict=True))
    degrees = float(sum(errors) ** 2 / sum(parts))
    unbiased = 1 - 3 / (4 * (sum(map(len, groups)) - 2) - 1)
    return statistic, (degrees,), p, unbiased * _cohens_d(groups)


def _t(groups: Sequence[Floats], *, equal_variances: bool) -> tuple[float, float]:
    """Return t and p; from means and deviations, as one group alone may be constant."""
    from scipy.stats import ttest_ind_from_stats  # noqa: PLC0415 - a second few commands need

    first, second = groups
    found = ttest_ind_from_stats(
        first.mean(),
        first.std(ddof=1),
        len(first),
        second.mean(),
        second.std(ddof=1),
        len(second),
        equal_var=equal_variances,
    )
    return float(found.statistic), float(found.pvalue)


def _cohens_d(groups: Sequence[Floats]) -> float:
    degrees = [len(group) - 1 for group in groups]
    pooled = np.average([group.var(ddof=1) for group in groups], weights=degrees)
    return float((groups[0].mean() - groups[1].mean()) / np.sqrt(pooled))


def _anova(groups: Sequence[Floats]) -> Numbers:
    """Return F from sums of squares: scipy's f_oneway has no p where means are equal."""
    from scipy.stats import f  # noqa: PLC0415 - a second that few commands need

    every = np.concatenate(groups)
    degrees = len(groups) - 1, len(every) - len(groups)
    between = sum(len(group) * (group.mean() - every.mean()) ** 2 for group in groups)
    inside = sum(((group - group.mean()) ** 2).sum() for group in groups)
    statistic = float((between / degrees[0]) / (inside / degrees[1]))
    return statistic, degrees, float(f.sf(statistic, *degrees)), float(between / (between + inside))


def _kruskal_wallis(groups: Sequence[Floats]) -> Numbers:
    from scipy.stats import kruskal  # noqa: PLC0415 - a second that few commands need

    found = kruskal(*groups)
    effect = float(found.statistic) / (sum(map(len, groups)) - 1)
    return float(found.statistic), (len(groups) - 1,), float(found.pvalue), effect


_RANKS: Named = ("kruskal_wallis", "epsilon squared", _kruskal_wallis)
_OF_TWO: tuple[Named, ...] = (
    ("t", "Cohen's d", _student_t),
    ("welch_t", "Hedges' g", _welch_t),
    _RANKS,
)
_OF_MORE: tuple[Named, ...] = (("anova", "eta squared", _anova), _RANKS)
