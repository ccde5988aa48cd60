"""Each metric over cases, correctly and incorrectly classified ones apart, as a person reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from engine.domain.measure import Measure, Undefined, value_of
from engine.domain.rows import CASE_METRICS, CaseResult


@dataclass(frozen=True, slots=True)
class Verdict:
    """Cases of one correctness.

    Attributes
    ----------
    metrics
        Mean, standard deviation and undefined count in words, by the names in `CASE_METRICS`.
    """

    name: str
    cases: int
    metrics: dict[str, str]


def by_verdict(cases: Sequence[CaseResult]) -> list[Verdict]:
    """Return correct cases, incorrect ones, and those of which it is not known, where any are."""
    groups = {
        "correct": [case for case in cases if case.is_correct is True],
        "incorrect": [case for case in cases if case.is_correct is False],
        "not known": [case for case in cases if isinstance(case.is_correct, Undefined)],
    }
    return [
        Verdict(name, len(group), {metric: _told(group, metric) for metric in CASE_METRICS})
        for name, group in groups.items()
        if group
    ]


def mean_and_sd(measures: Sequence[Measure]) -> str:
    """Return mean and standard deviation of the defined measures with two decimals."""
    values = [value for measure in measures if (value := value_of(measure)) is not None]
    if not values:
        return "–"
    return f"{fmean(values):.2f}" + (f" ± {stdev(values):.2f}" if len(values) > 1 else "")


def _told(cases: Sequence[CaseResult], metric: str) -> str:
    measures = [case.metrics[metric].value for case in cases]
    undefined = sum(isinstance(measure, Undefined) for measure in measures)
    return mean_and_sd(measures) + (f" ({undefined} undefined)" if undefined else "")
