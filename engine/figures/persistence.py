"""Whether the images of lowest agreement stay lowest when another method makes the maps."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Measure, value_of
from engine.figures.style import (
    INCORRECT,
    NEUTRAL,
    SMALL,
    Box,
    axes_in,
    broken,
    counted,
    empty_figure,
    framed,
    in_house_style,
    shown,
)
from engine.findings.persistence import Persistence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "Ranks of images under several methods"
PLOT, LEFT, RIGHT, AXIS = 3.0, 0.5, 0.4, 0.42
"""Height of the plot, and margins to its left, right and below, inches."""

NAME_WIDTH = 1.25
"""Longest line of a method's name, inches."""


@in_house_style
def persistence_lines(
    by_method: Mapping[str, Mapping[str, Measure]], persistence: Persistence
) -> "Figure":
    """Return one line for each image through its ranks under each method.

    The lowest images under the first method are drawn in another colour, on top.

    Parameters
    ----------
    by_method
        For each method the metric's value by image path.
    persistence
        What `engine.findings.persistence.rank_persistence` says of the same values.
    """
    ranks = ranks_of(by_method, persistence.methods)
    if not ranks.shape[1]:
        return empty_figure(TITLE, "No image has a value under every method")
    note = (
        f"Each line is one of {counted(persistence.images, 'image')}. Dark: the"
        f" {persistence.lowest:,} lowest under {persistence.methods[0]};"
        f" {len(persistence.stay_lowest):,} of them lowest under every method."
        f" {persistence.left_out:,} left out for want of a value."
    )
    title = f"{TITLE}: Kendall's W {shown(persistence.kendall_w)}"
    figure, room = framed(title, body=PLOT + AXIS, note=note)
    _draw(figure, room, persistence.methods, ranks, ranks[0] <= persistence.lowest)
    return figure


def ranks_of(
    by_method: Mapping[str, Mapping[str, Measure]], methods: Sequence[str]
) -> NDArray[np.int64]:
    """Return ranks from 1, shape (methods, images), ties by path; images known to all methods."""
    known = [
        {path for path, value in by_method[method].items() if value_of(value) is not None}
        for method in methods
    ]
    paths = sorted(set.intersection(*known))
    ranks = np.empty((len(methods), len(paths)), dtype=np.int64)
    for row, method in zip(ranks, methods, strict=True):
        values = np.array([value_of(by_method[method][path]) for path in paths], dtype=np.float64)
        row[np.argsort(values, kind="stable")] = np.arange(1, len(paths) + 1)
    return ranks


def _draw(
    figure: "Figure",
    room: Box,
    names: Sequence[str],
    ranks: NDArray[np.int64],
    lowest: NDArray[np.bool_],
) -> None:
    box = Box(room.left + LEFT, room.top + 0.06, room.width - LEFT - RIGHT, PLOT)
    axes = axes_in(figure, box)
    methods, images = ranks.shape
    for of_kind, colour, width in ((~lowest, NEUTRAL, 0.35), (lowest, INCORRECT.edge, 0.9)):
        axes.plot(np.arange(methods), ranks[:, of_kind], color=colour, linewidth=width, alpha=0.6)
    column = min(NAME_WIDTH, box.width / methods)
    labels = ["\n".join(broken(name, width=column, size=SMALL, most=2)) for name in names]
    axes.set_xticks(range(methods), labels)
    axes.set(xlim=(-0.15, methods - 0.85), ylim=(0, images + 1), ylabel="rank (1 agrees least)")
    axes.locator_params(axis="y", integer=True)
    axes.grid(axis="x")
