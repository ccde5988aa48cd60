"""Which images stand behind each mark of a plot: by row number, for brushing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain.findings import Comparison, Findings, Scale
from engine.domain.rows import CaseResult, ImageResult

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]
Labels = Mapping[str, frozenset[str]]
NONE: Indices = np.empty(0, dtype=np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class LinkedComparison:
    """One comparison with the images behind it.

    Attributes
    ----------
    images
        Row numbers of the images of each level, or of each case where it is by a number.
    numbers, values
        By a number: number and metric of each case, NaN where undefined; else empty.
    """

    comparison: Comparison
    images: tuple[Indices, ...]
    numbers: Floats
    values: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """The images behind every mark of the findings' plots.

    Attributes
    ----------
    conditions
        Of each condition point, in their order.
    comparisons
        Of each comparison, in their order.
    case_names
        Of comparisons by a number, in the order of their cases.
    parts
        Lowest images that show a part, by group (``ds``, ``srcc``, ``both``) and part.
    labels
        Body parts of each labelled image when the findings were asked.
    """

    conditions: tuple[Indices, ...]
    comparisons: tuple[LinkedComparison, ...]
    case_names: tuple[str, ...]
    parts: Mapping[tuple[str, str], Indices]
    labels: Labels


def link(
    images: Sequence[ImageResult],
    cases: Sequence[CaseResult],
    findings: Findings,
    labels: Labels,
) -> Linked:
    """Find the images behind the findings of a run."""
    from engine.findings.case_table import case_table, condition_name  # noqa: PLC0415 - scipy

    table = case_table(images, cases)
    rows = _rows_of_cases(images)
    of_case = tuple(rows.get(case.case, NONE) for case in table.cases)
    by_condition: dict[tuple[str, object], list[Indices]] = {}
    for case, numbers in zip(table.cases, of_case, strict=True):
        by_condition.setdefault((condition_name(case), case.is_correct), []).append(numbers)
    conditions = tuple(
        _joined(by_condition.get((point.condition, point.is_correct), ()))
        for point in findings.conditions
    )
    comparisons = tuple(
        _linked(comparison, table.column(comparison.column), table.values, of_case)
        for comparison in findings.comparisons
    )
    names = tuple(case.case for case in table.cases)
    return Linked(conditions, comparisons, names, _parts(images, findings, labels), labels)


def _linked(
    comparison: Comparison,
    column: Sequence[str],
    values: Mapping[str, Floats],
    of_case: tuple[Indices, ...],
) -> LinkedComparison:
    from engine.findings.columns import numbers_of  # noqa: PLC0415 - loads the findings' rooms

    empty = np.empty(0)
    if comparison.scale is Scale.NUMBER:
        numbers = numbers_of(column)
        return LinkedComparison(comparison, of_case, numbers, values[comparison.metric])
    images = tuple(
        _joined([rows for text, rows in zip(column, of_case, strict=True) if text == level.name])
        for level in comparison.levels
    )
    return LinkedComparison(comparison, images, empty, empty)


def _rows_of_cases(images: Sequence[ImageResult]) -> dict[str, Indices]:
    """Return the row numbers of each case's images that have a map."""
    rows: dict[str, list[int]] = {}
    for number, result in enumerate(images):
        if result.localisation is not None:
            rows.setdefault(result.image.case, []).append(number)
    return {case: np.array(numbers, dtype=np.intp) for case, numbers in rows.items()}


def _parts(
    images: Sequence[ImageResult], findings: Findings, labels: Labels
) -> dict[tuple[str, str], Indices]:
    numbers = {result.image.path: number for number, result in enumerate(images)}
    extremes = findings.extremes
    groups = {"ds": extremes.lowest_ds, "srcc": extremes.lowest_srcc, "both": extremes.lowest}
    found: dict[tuple[str, str], list[int]] = {}
    for group, paths in groups.items():
        for path in paths:
            for part in labels.get(path, ()):
                if path in numbers:
                    found.setdefault((group, part), []).append(numbers[path])
    return {key: np.array(rows, dtype=np.intp) for key, rows in found.items()}


def _joined(parts: Sequence[Indices]) -> Indices:
    return np.concatenate(parts) if parts else NONE
