"""DS against SRCC of every image, by correctness, with the distribution of each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import value_of
from engine.domain.rows import ImageResult
from engine.figures.reference import DsReference, draw_reference
from engine.figures.style import (
    CORRECT,
    INCORRECT,
    UNKNOWN,
    Box,
    Mark,
    axes_in,
    counted,
    empty_figure,
    framed,
    in_house_style,
    mark_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Every image: does the map find the region?"
LEFT, GAP, SIDE, SIZE, MARGINAL, NAMES = 0.48, 0.08, 1.55, 4.0, 0.55, 0.14
"""Left margin, gap, width of the key, heights of the plot, of a histogram beside it, and of the
names of lines above, inches."""

BINS = 40

Floats = NDArray[np.float64]


@in_house_style
def metric_scatter(results: Iterable[ImageResult], *, reference: DsReference) -> "Figure":
    """Return DS against SRCC of all images with both, a histogram beside each axis."""
    located = [result for result in results if result.localisation]
    groups = _groups(located)
    drawn = sum(len(points) for points in groups.values())
    if not drawn:
        return empty_figure(TITLE, "No image has a DS and an SRCC")
    without = len(located) - drawn
    note = f"{counted(without, 'image')} without DS or SRCC.\n" if without else ""
    figure, room = framed(
        TITLE, body=NAMES + MARGINAL + GAP + SIZE + 0.38, note=note + reference.caption
    )
    width = room.width - LEFT - GAP - MARGINAL - SIDE
    left, top = room.left + LEFT, room.top + NAMES + MARGINAL + GAP
    main = axes_in(figure, Box(left, top, width, SIZE))
    above = axes_in(figure, Box(left, room.top + NAMES, width, MARGINAL))
    beside = axes_in(figure, Box(left + width + GAP, top, MARGINAL, SIZE))
    _scatter(main, groups)
    xs = np.linspace(*main.get_xlim(), BINS + 1)
    ys = np.linspace(*main.get_ylim(), BINS + 1)
    _histogram(above, groups, 0, xs, on_y=False)
    _histogram(beside, groups, 1, ys, on_y=True)
    draw_reference(main, reference, axis="x", is_named=False)
    draw_reference(above, reference, axis="x")
    place = (1 + (2 * GAP + MARGINAL) / width, 1)
    main.legend(loc="upper left", bbox_to_anchor=place, frameon=False, borderaxespad=0)
    return figure


def _groups(results: Sequence[ImageResult]) -> dict[Mark, Floats]:
    """Return DS and SRCC, shape (n, 2), of the images of each correctness."""
    points: dict[Mark, list[tuple[float, float]]] = {CORRECT: [], INCORRECT: [], UNKNOWN: []}
    for result in results:
        assert result.localisation is not None
        ds, srcc = value_of(result.localisation.ds), value_of(result.localisation.srcc)
        if ds is not None and srcc is not None:
            points[mark_of(result.is_correct)].append((ds, srcc))
    return {mark: np.array(some).reshape(-1, 2) for mark, some in points.items() if some}


def _scatter(axes: "Axes", groups: Mapping[Mark, Floats]) -> None:
    count = sum(map(len, groups.values()))
    for mark, points in groups.items():
        axes.scatter(
            points[:, 0],
            points[:, 1],
            s=16 if count < 300 else 8,
            marker=mark.marker,
            c=mark.colour,
            edgecolors=mark.edge,
            linewidths=0.4,
            alpha=0.75,
            label=f"{mark.label} ({len(points):,})",
        )
    srcc = np.concatenate([points[:, 1] for points in groups.values()])
    axes.set(xlim=(0, 1), ylim=(min(srcc.min(), 0) - 0.04, max(srcc.max(), 0) + 0.04))
    axes.set(xlabel="thresholded Dice score (DS)", ylabel="Spearman correlation (SRCC)")
    axes.grid()


def _histogram(
    axes: "Axes", groups: Mapping[Mark, Floats], column: int, edges: Floats, *, on_y: bool
) -> None:
    base = np.zeros(len(edges) - 1)
    for mark, points in groups.items():
        counts, _ = np.histogram(points[:, column], edges)
        bar = axes.barh if on_y else axes.bar
        drawn = counts > 0
        starts, widths = edges[:-1][drawn], np.diff(edges)[drawn]
        bars = bar(starts, counts[drawn], widths, base[drawn], align="edge")
        for patch in bars:
            patch.set(facecolor=mark.colour, edgecolor=mark.edge, linewidth=0.3, hatch=mark.hatch)
        base = base + counts
    limits = {"ylim": edges[[0, -1]]} if on_y else {"xlim": edges[[0, -1]]}
    axes.set(xticks=[], yticks=[], **limits)
    axes.spines["bottom" if on_y else "left"].set_visible(False)
