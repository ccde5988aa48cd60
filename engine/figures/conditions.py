"""Figure 7: where maps find the region well and where not, condition by condition."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.domain.findings import ConditionPoint, Estimate
from engine.domain.measure import Undefined
from engine.figures.label_places import label_places, nearest_edge
from engine.figures.reference import DsReference, draw_reference
from engine.figures.style import (
    CORRECT,
    EDGE,
    INCORRECT,
    MUTED,
    SMALL,
    Box,
    Mark,
    axes_in,
    broken,
    counted,
    empty_figure,
    framed,
    in_house_style,
    line_height,
    text_width,
    write,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Conditions: does the map find the region?"
NAME_WIDTH = 1.7
"""Longest line of a condition's name, inches; what is longer is broken, and cut at three lines."""

NAMES, HEAD, LEFT, AXIS = 0.06, 0.34, 0.42, 0.36
"""Room for the names of the two lines, above each plot, to the left and below, inches."""


@dataclass(frozen=True, slots=True)
class _Dot:
    """A condition that can be drawn: both means defined."""

    point: ConditionPoint
    ds: float
    srcc: float


@in_house_style
def condition_scatter(points: Sequence[ConditionPoint], *, reference: DsReference) -> "Figure":
    """Return mean DS against mean SRCC, one mark for each condition (Figure 7).

    Correct cases above, incorrect ones below, on the same scales; diamonds mark conditions among
    the lowest in both metrics, thin lines are the intervals of the means. Conditions with too few
    cases are counted, not drawn.
    """
    dots = [_dot(point) for point in points if can_be_drawn(point)]
    if not dots:
        return empty_figure(TITLE, "No condition has enough cases with a DS and an SRCC")
    sides = [
        (mark, [dot for dot in dots if dot.point.is_correct is (mark is CORRECT)])
        for mark in (CORRECT, INCORRECT)
    ]
    heights = [1.8 + 0.055 * min(len(of_side), 40) for _, of_side in sides]
    body = NAMES + sum(HEAD + height for height in heights) + AXIS
    figure, room = framed(TITLE, body=body, note=_note(points, dots, reference))
    top = room.top + NAMES
    limits = _limits(dots, reference)
    for number, ((mark, of_side), height) in enumerate(zip(sides, heights, strict=True)):
        _head(figure, top - (0 if number else NAMES) + 0.1, mark, of_side)
        box = Box(room.left + LEFT, top + HEAD, room.width - LEFT, height)
        axes = axes_in(figure, box)
        axes.set(xlim=limits[0], ylim=limits[1], ylabel="mean SRCC")
        axes.grid()
        axes.tick_params(labelbottom=number == 1)
        draw_reference(axes, reference, axis="x", is_named=number == 0)
        _draw_dots(axes, of_side, mark)
        _name_dots(axes, of_side, box)
        top += HEAD + height
    axes.set_xlabel("mean thresholded Dice score (DS)")
    return figure


def can_be_drawn(point: ConditionPoint) -> bool:
    """Return whether a condition has enough cases, and both means."""
    means = (point.means[metric].value for metric in ("ds", "srcc"))
    return point.is_compared and not any(isinstance(mean, Undefined) for mean in means)


def _dot(point: ConditionPoint) -> _Dot:
    ds, srcc = point.means["ds"].value, point.means["srcc"].value
    assert not isinstance(ds, Undefined)
    assert not isinstance(srcc, Undefined)
    return _Dot(point, ds, srcc)


def _limits(
    dots: Sequence[_Dot], reference: DsReference
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return limits of DS and of SRCC that hold the marks, their intervals and the two lines."""
    lines = [v for v in (reference.human_ceiling, reference.chance) if not isinstance(v, Undefined)]
    ds = [0.0, *lines, *(v for dot in dots for v in _span(dot.point.means["ds"], dot.ds))]
    srcc = [0.0, *(v for dot in dots for v in _span(dot.point.means["srcc"], dot.srcc))]
    return (0.0, min(max(ds) + 0.04, 1.0)), (min(srcc) - 0.04, max(srcc) + 0.06)


def _span(estimate: Estimate, value: float) -> tuple[float, float]:
    if isinstance(estimate.interval, Undefined):
        return value, value
    return estimate.interval.low, estimate.interval.high


def _head(figure: "Figure", top: float, mark: Mark, dots: Sequence[_Dot]) -> None:
    cases = sum(dot.point.cases for dot in dots)
    conditions = counted(len(dots), "condition")
    text = f"{mark.label.capitalize()}: {conditions}, {counted(cases, 'case')}"
    write(figure, EDGE + LEFT, top, text, bold=True)


def _draw_dots(axes: "Axes", dots: Sequence[_Dot], mark: Mark) -> None:
    for dot in dots:
        low, high = _span(dot.point.means["ds"], dot.ds)
        axes.hlines(dot.srcc, low, high, color=mark.edge, linewidth=0.5, alpha=0.55, zorder=2)
        low, high = _span(dot.point.means["srcc"], dot.srcc)
        axes.vlines(dot.ds, low, high, color=mark.edge, linewidth=0.5, alpha=0.55, zorder=2)
    for is_lowest, marker, area in ((False, mark.marker, 20), (True, "D", 34)):
        of_kind = [dot for dot in dots if dot.point.is_lowest is is_lowest]
        axes.scatter(
            [dot.ds for dot in of_kind],
            [dot.srcc for dot in of_kind],
            s=area,
            marker=marker,
            c=mark.colour,
            edgecolors=mark.edge,
            linewidths=0.7,
            zorder=5,
        )


def _name_dots(axes: "Axes", dots: Sequence[_Dot], box: Box) -> None:
    """Write each name beside its mark."""
    lines = [_name(dot) for dot in dots]
    anchors = np.array([_inches(axes, dot, box) for dot in dots]).reshape(-1, 2)
    sizes = np.array([_size(of_dot, dot) for of_dot, dot in zip(lines, dots, strict=True)])
    places = label_places(
        anchors,
        sizes.reshape(-1, 2),
        bounds=(box.width, box.height),
        are_first=np.array([dot.point.is_lowest for dot in dots], dtype=np.bool_),
    )
    whole = np.array([box.width, box.height])
    for dot, text, anchor, size, place in zip(dots, lines, anchors, sizes, places, strict=True):
        if place is None:
            continue  # counted below
        x, y = np.array([anchor, nearest_edge(anchor, place, size)]).T / whole[:, None]
        axes.plot(x, y, color=MUTED, linewidth=0.4, transform=axes.transAxes, zorder=3)
        axes.text(
            place[0] / box.width,
            place[1] / box.height,
            "\n".join(text),
            transform=axes.transAxes,
            fontsize=SMALL,
            fontweight="bold" if dot.point.is_lowest else "normal",
            linespacing=1.1,
            ha="center",
            va="center",
            zorder=3.5,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
        )
    if nameless := places.count(None):
        note = f"no room for {counted(nameless, 'name')}"
        axes.annotate(note, (0.99, 0.02), xycoords="axes fraction", color=MUTED, ha="right")


def _name(dot: _Dot) -> list[str]:
    name = dot.point.condition
    lines = broken(name, width=NAME_WIDTH, size=SMALL, most=3, bold=dot.point.is_lowest) or [""]
    return [*lines[:-1], f"{lines[-1]} ({dot.point.cases:,})"]


def _size(lines: Sequence[str], dot: _Dot) -> tuple[float, float]:
    widths = [text_width(line, size=SMALL, bold=dot.point.is_lowest) for line in lines]
    return max(widths), len(lines) * line_height(SMALL) * 0.9


def _inches(axes: "Axes", dot: _Dot, box: Box) -> tuple[float, float]:
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    return (
        (dot.ds - left) / (right - left) * box.width,
        (dot.srcc - bottom) / (top - bottom) * box.height,
    )


def _note(points: Sequence[ConditionPoint], dots: Sequence[_Dot], reference: DsReference) -> str:
    levels = {
        f"{interval.level:.0%}"
        for dot in dots
        for interval in (dot.point.means["ds"].interval, dot.point.means["srcc"].interval)
        if not isinstance(interval, Undefined)
    }
    bars = f" Lines: {', '.join(sorted(levels))} intervals." if levels else ""
    left = len(points) - len(dots)
    out = f" {left:,} of {len(points):,} not drawn: too few cases, or no mean." if left else ""
    return (
        f"Number of cases behind each name. Diamonds, in bold: among the lowest in DS and in SRCC."
        f"{bars}{out}\n{reference.caption}"
    )
