"""Figure 8: how well maps find the region in each group of patients, with the test's verdict."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.domain.findings import Comparison, Estimate, Level, Scale
from engine.domain.measure import Measure, Undefined
from engine.domain.rows import CASE_METRICS, CaseResult, ImageResult
from engine.figures.reference import DsReference, draw_reference
from engine.figures.style import (
    BODY,
    INK,
    MUTED,
    NEUTRAL,
    NEUTRAL_EDGE,
    SMALL,
    Box,
    axes_in,
    broken,
    counted,
    empty_figure,
    framed,
    in_house_style,
    line_height,
    shown,
    text_width,
    words,
    write,
    write_lines,
)
from engine.findings.case_table import CaseTable, case_table
from engine.findings.columns import numbers_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Groups: does the map find the region equally well?"
METRICS = CASE_METRICS | {"roi_area": "area of the region", "ds": "thresholded Dice score (DS)"}
TEST_NAMES = {"t": "Two-sample t-test", "anova": "One-way ANOVA", "pearson": "Pearson correlation"}
SYMBOLS = {"t": "t", "anova": "F", "pearson": "r"}

ROW, BAR, PLOT = 0.25, 0.62, 1.7
"""Height of a group in inches, of its bar as a share of it, and of a plot of points in inches."""

NAME_WIDTH = 1.3
"""Longest line of a group's name, inches."""

HEAD, AXIS, VERDICT = 0.38, 0.34, 0.06
"""Room above a plot, below it, and between it and its verdict, inches."""


@in_house_style
def group_comparisons(
    comparisons: Sequence[Comparison],
    images: Sequence[ImageResult],
    cases: Sequence[CaseResult],
    *,
    reference: DsReference,
    title: str = TITLE,
) -> "Figure":
    """Return a panel for each comparison, two in a row, its verdict below (Figure 8).

    Means of groups are bars with their bootstrap intervals; a number is the x of a scatter of
    cases with its regression line. Human ceiling and chance level lie on every panel of DS.

    Parameters
    ----------
    comparisons
        Of any metadata columns; those of one column stand together, in the order given.
    images, cases
        The rows of the run, from which the points of the scatters are taken.
    """
    if not comparisons:
        return empty_figure(title, "There is no metadata column to compare groups by")
    table = case_table(images, cases)
    rows = _rows(comparisons)
    heights = [_row_height(row) for row in rows]
    note = "Behind each bar: mean and number of cases; thin lines: bootstrap intervals."
    if any(comparison.metric == "ds" for comparison in comparisons):
        note = f"{note}\n{reference.caption}"
    figure, room = framed(title, body=sum(heights), note=note)
    top = room.top
    for row, height in zip(rows, heights, strict=True):
        name = broken(row[0].column, width=room.width, size=BODY, most=1, bold=True)
        write_lines(figure, room.left, top + 0.04, name, bold=True)
        for number, comparison in enumerate(row):
            left = room.left + number * room.width / 2
            _panel(figure, Box(left, top, room.width / 2, height), comparison, table, reference)
        top += height
    return figure


def _rows(comparisons: Sequence[Comparison]) -> list[list[Comparison]]:
    """Return comparisons of one column side by side, two in a row."""
    columns = dict.fromkeys(one.column for one in comparisons)
    rows = []
    for column in columns:
        of_column = [one for one in comparisons if one.column == column]
        rows += [of_column[start : start + 2] for start in range(0, len(of_column), 2)]
    return rows


def _row_height(row: Sequence[Comparison]) -> float:
    verdicts = max(len(_verdict_lines(one)) for one in row)
    plots = max(_plot_height(one) for one in row)
    return HEAD + plots + AXIS + VERDICT + (verdicts + 1.5) * line_height(SMALL)


def _plot_height(comparison: Comparison) -> float:
    if comparison.scale is Scale.NUMBER:
        return PLOT
    return ROW * max(len(comparison.levels), 2)


def _panel(
    figure: "Figure", box: Box, comparison: Comparison, table: CaseTable, reference: DsReference
) -> None:
    is_number = comparison.scale is Scale.NUMBER
    left = box.left + (0.46 if is_number else _names_width(comparison))
    right = box.left + box.width - (0.5 if is_number else 0.2)
    plot = Box(left, box.top + HEAD, right - left, _plot_height(comparison))
    axes = axes_in(figure, plot)
    ceiling = reference if comparison.metric == "ds" else None
    if is_number:
        _points(axes, comparison, table, ceiling)
    else:
        _bars(axes, comparison, ceiling)
    top = plot.top + plot.height + AXIS + VERDICT
    head, *rest = _verdict_lines(comparison)
    write(figure, box.left, top, head, size=SMALL, bold=True)
    write_lines(figure, box.left, top + line_height(SMALL), rest, size=SMALL, colour=MUTED)


def _bars(axes: "Axes", comparison: Comparison, reference: DsReference | None) -> None:
    levels = comparison.levels
    axes.set(ylim=(max(len(levels), 2) - 0.5, -0.5), xlabel=METRICS[comparison.metric])
    axes.set_xlim(_span_of(levels, reference))
    if reference:
        draw_reference(axes, reference, axis="x")
    axes.set_yticks(range(len(levels)), ["\n".join(lines) for lines in _names(comparison)])
    axes.tick_params(axis="y", length=0)
    axes.locator_params(axis="x", nbins=5)
    axes.grid(axis="x")
    axes.axvline(0, color=MUTED, linewidth=0.6)
    for row, level in enumerate(levels):
        _bar(axes, row, level.mean)
    if not levels:
        axes.text(0.5, 0.5, "no groups", transform=axes.transAxes, color=MUTED, ha="center")


def _names(comparison: Comparison) -> list[list[str]]:
    return [broken(one.name, width=NAME_WIDTH, size=SMALL, most=2) for one in comparison.levels]


def _names_width(comparison: Comparison) -> float:
    """Return the room that the names of the groups take, the same for all but long ones."""
    widths = [text_width(line, size=SMALL) for lines in _names(comparison) for line in lines]
    return max([0.6, *widths]) + 0.1


def _bar(axes: "Axes", row: int, mean: Estimate) -> None:
    end = 0.0
    if not isinstance(mean.value, Undefined):
        axes.barh(row, mean.value, BAR, color=NEUTRAL, edgecolor=NEUTRAL_EDGE, linewidth=0.6)
        end = max(mean.value, 0.0)
        if not isinstance(mean.interval, Undefined):
            axes.hlines(row, mean.interval.low, mean.interval.high, color=INK, linewidth=1.1)
            end = max(end, mean.interval.high)
    axes.annotate(
        f"{shown(mean.value)} ({mean.n:,})",
        (end, row),
        (3, 0),
        textcoords="offset points",
        fontsize=SMALL,
        va="center",
        zorder=6,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )


def _span_of(levels: Sequence[Level], reference: DsReference | None) -> tuple[float, float]:
    """Return limits that hold bars, intervals and lines, and to the right the numbers."""
    ends = [0.0]
    for level in levels:
        if not isinstance(level.mean.value, Undefined):
            ends.append(level.mean.value)
        if not isinstance(level.mean.interval, Undefined):
            ends += [level.mean.interval.low, level.mean.interval.high]
    room = 0.45 * (max(ends) - min(ends)) or 1.0
    lines = [reference.human_ceiling, reference.chance] if reference else []
    known = [line for line in lines if not isinstance(line, Undefined)]
    return min(ends) * 1.08, max([max(ends) + room, *(line * 1.06 for line in known)])


def _points(
    axes: "Axes", comparison: Comparison, table: CaseTable, reference: DsReference | None
) -> None:
    label = "".join(broken(comparison.column, width=2.2, size=BODY, most=1))
    numbers = numbers_of(table.column(comparison.column))
    values = table.values[comparison.metric]
    both = ~np.isnan(numbers) & ~np.isnan(values)
    x, y = numbers[both], values[both]
    axes.scatter(x, y, s=7, c=NEUTRAL, edgecolors=NEUTRAL_EDGE, linewidths=0.3, alpha=0.6)
    if len(np.unique(x)) > 1:
        ends = np.array([x.min(), x.max()])
        slope, height = np.polyfit(x, y, 1)
        axes.plot(ends, slope * ends + height, color=INK, linewidth=1.4)
    axes.set(xlabel=label, ylabel=METRICS[comparison.metric])
    axes.grid()
    if reference:
        axes.set_ylim(0, 1)
        draw_reference(axes, reference, axis="y")
    if not len(x):
        axes.text(0.5, 0.5, "no cases", transform=axes.transAxes, color=MUTED, ha="center")


def _verdict_lines(comparison: Comparison) -> list[str]:
    width = 3.2
    lines = broken(verdict(comparison), width=width, size=SMALL, bold=True)
    for text in (deciding_test(comparison), counts_words(comparison)):
        lines += broken(text, width=width, size=SMALL)
    return lines


def verdict(comparison: Comparison) -> str:
    """Return the test's verdict in words."""
    if isinstance(comparison.is_significant, Undefined):
        return f"No verdict: {words(comparison.is_significant)}"
    return "Significant" if comparison.is_significant else "Not significant"


def deciding_test(comparison: Comparison) -> str:
    """Return the test that decides with its numbers."""
    test = comparison.test
    name = TEST_NAMES.get(test.name, test.name)
    degrees = f"({', '.join(f'{d:g}' for d in test.degrees)})" if test.degrees else ""
    statistic = f"{SYMBOLS.get(test.name, 'statistic')}{degrees} = {shown(test.statistic)}"
    effect = "" if test.name == "pearson" else f"; {test.effect_name} {_effect(test.effect)}"
    return f"{name}: {statistic}, p = {_exact(test.p)}, alpha {comparison.alpha:.3g}{effect}"


def _effect(effect: Measure) -> str:
    return "undefined" if isinstance(effect, Undefined) else f"{effect:.2g}".replace("-", "−")


def _exact(p: Measure) -> str:
    return "undefined" if isinstance(p, Undefined) else f"{p:.3g}"


def counts_words(comparison: Comparison) -> str:
    """Return how many cases are compared, and which are not."""
    text = f"{counted(comparison.n, 'case')}, {comparison.missing:,} without a value"
    if not comparison.left_out:
        return text
    left = ", ".join(f"{name} ({cases:,})" for name, cases in comparison.left_out)
    return f"{text}; too small to compare: {left}"
