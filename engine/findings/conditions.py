"""Question 2: how well maps find the region, condition by condition (Figure 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from engine.domain.findings import ConditionPoint
from engine.domain.measure import value_of
from engine.domain.rows import ImageLocalisation, ImageResult
from engine.domain.settings import FindingsSettings
from engine.findings.case_table import CaseTable, Flags, located_images
from engine.findings.estimates import estimate

EXAMPLES = 6
"""Images shown of a condition."""

Located = Mapping[str, Sequence[tuple[str, ImageLocalisation]]]


def condition_points(
    table: CaseTable, images: Sequence[ImageResult], settings: FindingsSettings
) -> tuple[ConditionPoint, ...]:
    """Average the metrics of each condition, over its correct and its incorrect cases apart.

    A condition is compared from ``min_cases_per_condition`` cases of that correctness on. Among
    those compared, it is marked where it is one of the ``lowest_conditions`` lowest of its
    correctness by mean DS and also by mean SRCC.

    Returns
    -------
    Ordered by condition, correct before incorrect; without cases of no known condition or
    correctness.

    References
    ----------
    Section 4.2 and Figure 7; method, section 10.2.
    """
    located = located_images(images)
    names = [name for name in np.unique(table.conditions).tolist() if name]
    points: list[ConditionPoint] = []
    for is_correct, correct in ((True, table.is_correct), (False, table.is_incorrect)):
        here = [
            _point(name, is_correct, correct & (table.conditions == name), table, located, settings)
            for name in names
        ]
        points += _marked([point for point in here if point.cases], settings.lowest_conditions)
    return tuple(sorted(points, key=lambda point: (point.condition, not point.is_correct)))


def _point(
    condition: str,
    is_correct: bool,
    cases: Flags,
    table: CaseTable,
    located: Located,
    settings: FindingsSettings,
) -> ConditionPoint:
    count = int(cases.sum())
    return ConditionPoint(
        condition=condition,
        is_correct=is_correct,
        cases=count,
        means={name: estimate(values[cases], settings) for name, values in table.values.items()},
        is_compared=count >= settings.min_cases_per_condition,
        is_lowest=False,
        examples=_examples([table.cases[index].case for index in np.flatnonzero(cases)], located),
    )


def _examples(cases: Sequence[str], located: Located) -> tuple[str, ...]:
    found = [
        (ds, path)
        for case in cases
        for path, image in located.get(case, ())
        if (ds := value_of(image.ds)) is not None
    ]
    return tuple(path for _, path in sorted(found)[:EXAMPLES])


def _marked(points: Sequence[ConditionPoint], count: int) -> list[ConditionPoint]:
    """Mark the conditions lowest in both metrics."""
    lowest = _lowest(points, "ds", count) & _lowest(points, "srcc", count)
    return [replace(point, is_lowest=point.condition in lowest) for point in points]


def _lowest(points: Sequence[ConditionPoint], metric: str, count: int) -> set[str]:
    means = [
        (mean, point.condition)
        for point in points
        if point.is_compared and (mean := value_of(point.means[metric].value)) is not None
    ]
    return {condition for _, condition in sorted(means)[:count]}
