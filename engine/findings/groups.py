"""Question 3: how well maps find the region, across the levels of a metadata column (Figure 8)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.domain.findings import Comparison, Family, Level, Scale, Test
from engine.domain.measure import Reason, Undefined
from engine.domain.settings import FindingsSettings
from engine.findings.case_table import ROI_AREA, CaseTable, Flags, Floats
from engine.findings.columns import columns_of, is_number, numbers_of
from engine.findings.corrections import benjamini_hochberg, holm
from engine.findings.estimates import estimate
from engine.findings.group_tests import compare_groups, correlate
from engine.findings.linear_model import indicators, partial_f, undefined_model

PAPER_METRICS = ("ds", "srcc")
COMPANION_METRICS = ("auc", ROI_AREA)
SMALLEST = 2
"""Levels of fewer cases are not compared: they have no spread."""


def compare_columns(table: CaseTable, settings: FindingsSettings) -> tuple[Comparison, ...]:
    """Compare DS, SRCC, AUC and ROI area across sex, skin tone, age and further columns.

    Levels are compared by t (two) or one-way ANOVA (more), numbers by Pearson correlation. Every
    family of tests has its own level, alpha over the number of its comparisons (Bonferroni):
    the six of the paper, the same for AUC and ROI area, and those of further columns. The verdict
    is mechanical: p below that level, whatever the size of the effect. A column that no case has
    is listed too, with undefined tests.

    References
    ----------
    Section 4.3 and Figure 8; method, section 10.3.
    """
    groups = [_Column.read(table, name, settings) for name in columns_of(settings)]
    own = {settings.sex_column, settings.skin_tone_column, settings.age_column}
    made: list[Comparison] = []
    for column in groups:
        for metric in (*PAPER_METRICS, *COMPANION_METRICS):
            paper = Family.PAPER if metric in PAPER_METRICS else Family.COMPANION
            family = paper if column.name in own else Family.STRATUM
            made.append(_compare(table, column, metric, family, settings))
    by_family = (_judged([c for c in made if c.family is f], settings.alpha) for f in Family)
    return tuple(comparison for family in by_family for comparison in family)


@dataclass(frozen=True, slots=True)
class _Column:
    """A metadata column: numbers, NaN where missing, or names, empty where missing."""

    name: str
    numbers: Floats | None
    names: NDArray[np.str_]
    is_known: Flags
    usual: Scale

    @classmethod
    def read(cls, table: CaseTable, name: str, settings: FindingsSettings) -> "_Column":
        texts = table.column(name)
        names = np.array(texts, dtype=np.str_)
        is_absent_age = name == settings.age_column and not any(texts)
        if is_absent_age or is_number(name, texts, settings):
            numbers = numbers_of(texts)
            return cls(name, numbers, names, np.isfinite(numbers), Scale.NUMBER)
        usual = Scale.TWO_GROUPS if name == settings.sex_column else Scale.GROUPS
        return cls(name, None, names, names != "", usual)


def _compare(
    table: CaseTable, column: _Column, metric: str, family: Family, settings: FindingsSettings
) -> Comparison:
    values = table.values[metric]
    known = column.is_known & np.isfinite(values)
    levels, left_out = _levels(column.names[known]) if column.numbers is None else ([], [])
    if column.numbers is not None:
        compared, scale = known, Scale.NUMBER
        group = column.numbers[known][:, None]
        tests: tuple[Test, ...] = (correlate(values[known], column.numbers[known]),)
    else:
        compared = known & np.isin(column.names, levels)
        scale = _scale(len(levels), column.usual)
        group = indicators(column.names[compared])
        of_level = [values[compared & (column.names == level)] for level in levels]
        tests = compare_groups(of_level, two=scale is Scale.TWO_GROUPS)
    decides, *beside = tests
    return Comparison(
        column=column.name,
        metric=metric,
        scale=scale,
        family=family,
        levels=tuple(
            Level(level, estimate(values[compared & (column.names == level)], settings))
            for level in levels
        ),
        n=int(compared.sum()),
        missing=len(table) - int(known.sum()),
        left_out=tuple(left_out),
        test=decides,
        beside=(*beside, _linear_model(table, metric, compared, group, decides)),
        alpha=settings.alpha,
        p_holm=decides.p,
        p_benjamini_hochberg=decides.p,
        is_significant=Undefined(Reason.TOO_FEW_CASES),
    )


def _levels(names: NDArray[np.str_]) -> tuple[list[str], list[tuple[str, int]]]:
    """Return the levels large enough, and those that are not with their size, in natural order."""
    found, sizes = np.unique(names, return_counts=True)
    counted = sorted(zip(found.tolist(), sizes.tolist(), strict=True), key=_natural)
    large = [name for name, size in counted if size >= SMALLEST]
    return large, [(name, size) for name, size in counted if size < SMALLEST]


def _natural(level: tuple[str, int]) -> list[tuple[int, str]]:
    """Return a key by which ``type 10`` comes after ``type 9``."""
    return [(int(p) if p.isdecimal() else 0, p) for p in re.split(r"([0-9]+)", level[0])]


def _scale(levels: int, usual: Scale) -> Scale:
    if levels < 2:
        return usual
    return Scale.TWO_GROUPS if levels == 2 else Scale.GROUPS


def _linear_model(
    table: CaseTable, metric: str, compared: Flags, group: Floats, decides: Test
) -> Test:
    """Test the group beside ROI area, number of images and condition."""
    if isinstance(decides.p, Undefined):
        return undefined_model(decides.p.reason)
    known = np.isfinite(table.areas[metric][compared])
    cases = np.flatnonzero(compared)[known]
    beside = {"number of images": table.images[cases, None]}
    if metric != ROI_AREA:
        beside["ROI area"] = table.areas[metric][cases, None]
    beside["condition"] = indicators(table.conditions[cases])
    return partial_f(table.values[metric][cases], group[known], beside)


def _judged(family: Sequence[Comparison], alpha: float) -> list[Comparison]:
    """Correct the tests of a family for each other, and give the verdict."""
    ps = np.array([c.test.p for c in family if not isinstance(c.test.p, Undefined)])
    corrected = iter(zip(holm(ps).tolist(), benjamini_hochberg(ps).tolist(), strict=True))
    return [_verdict(c, alpha / len(family), corrected) for c in family]


def _verdict(
    comparison: Comparison, alpha: float, corrected: Iterator[tuple[float, float]]
) -> Comparison:
    p = comparison.test.p
    if isinstance(p, Undefined):
        return replace(comparison, alpha=alpha, is_significant=p)
    by_holm, by_rate = next(corrected)
    return replace(
        comparison,
        alpha=alpha,
        p_holm=by_holm,
        p_benjamini_hochberg=by_rate,
        is_significant=p < alpha,
    )
