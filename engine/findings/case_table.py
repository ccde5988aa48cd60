"""The cases of a run as columns of numbers, which every question reads."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Undefined, value_of
from engine.domain.rows import CASE_METRICS, CaseResult, ImageLocalisation, ImageResult

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]

ROI_AREA = "roi_area"
"""Beside `CASE_METRICS`: share of the image in the region, of the image chosen for DS."""


@dataclass(frozen=True, slots=True)
class CaseTable:
    """Cases ordered by name, so that nothing depends on the order in which a run yields them.

    NaN marks an undefined number within this room and never leaves it.

    Attributes
    ----------
    cases
        The rows.
    values
        By metric, the names in `CASE_METRICS` and ``roi_area``: one number for each case.
    areas
        By metric: ROI area of the image that the metric was taken from; where the case rule takes
        none (mean, median), mean over the case's images on which the metric is defined.
    images
        Number of admitted images of each case.
    conditions
        Reference label of each case; empty where it is unknown or contradictory.
    is_correct, is_incorrect
        Correctness; neither is set where it is undefined.
    """

    cases: tuple[CaseResult, ...]
    values: Mapping[str, Floats]
    areas: Mapping[str, Floats]
    images: Floats
    conditions: NDArray[np.str_]
    is_correct: Flags
    is_incorrect: Flags

    def __len__(self) -> int:
        return len(self.cases)

    def column(self, name: str) -> list[str]:
        """Return a metadata column as text, stripped; empty where a case has no value."""
        return [case.metadata.get(name, "").strip() for case in self.cases]


def case_table(images: Sequence[ImageResult], cases: Sequence[CaseResult]) -> CaseTable:
    """Bring the rows of a run into columns."""
    ordered = tuple(sorted(cases, key=lambda case: case.case))
    areas = _areas(ordered, images)
    values = {
        name: _floats(value_of(case.metrics[name].value) for case in ordered)
        for name in CASE_METRICS
    }
    return CaseTable(
        cases=ordered,
        values=values | {ROI_AREA: areas["ds"]},
        areas=areas | {ROI_AREA: areas["ds"]},
        images=np.array([case.images for case in ordered], dtype=np.float64),
        conditions=np.array([condition_name(case) for case in ordered], dtype=np.str_),
        is_correct=np.array([case.is_correct is True for case in ordered], dtype=np.bool_),
        is_incorrect=np.array([case.is_correct is False for case in ordered], dtype=np.bool_),
    )


def condition_name(case: CaseResult) -> str:
    """Return the reference label of a case; empty where it is unknown or contradictory."""
    return "" if isinstance(case.condition, Undefined) else case.condition or ""


def located_images(
    images: Iterable[ImageResult],
) -> dict[str, list[tuple[str, ImageLocalisation]]]:
    """Return path and localisation of each image that has one, by case, ordered by path."""
    found: dict[str, list[tuple[str, ImageLocalisation]]] = defaultdict(list)
    for result in images:
        if result.localisation is not None:
            found[result.image.case].append((result.image.path, result.localisation))
    for of_case in found.values():
        of_case.sort(key=lambda item: item[0])
    return dict(found)


def _areas(cases: Sequence[CaseResult], images: Sequence[ImageResult]) -> dict[str, Floats]:
    located = located_images(images)
    area_of = {path: value_of(o.roi_area) for some in located.values() for path, o in some}

    def area(case: CaseResult, metric: str) -> float | None:
        chosen = case.metrics[metric].image
        if chosen:
            return area_of.get(chosen)
        defined = (
            value_of(one.roi_area)
            for _, one in located.get(case.case, ())
            if value_of(getattr(one, metric)) is not None
        )
        numbers = [number for number in defined if number is not None]
        return float(np.mean(numbers)) if numbers else None

    return {metric: _floats(area(case, metric) for case in cases) for metric in CASE_METRICS}


def _floats(numbers: Iterable[float | None]) -> Floats:
    return np.array([np.nan if n is None else n for n in numbers], dtype=np.float64)
