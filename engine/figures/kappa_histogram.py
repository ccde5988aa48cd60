"""Figure 2: how kappa is distributed over the images, and what the cut takes away."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Reason, Undefined, value_of
from engine.domain.rows import ImageAgreement
from engine.figures.style import (
    COLUMN,
    CORRECT,
    INCORRECT,
    INK,
    PAGE,
    SMALL,
    Box,
    axes_in,
    counted,
    empty_figure,
    framed,
    in_house_style,
    shown,
)
from engine.graders.summary import Group, summarise

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "Agreement between graders"
BIN = 0.05
PLOT, RUG = 1.8, 0.11
"""Heights of the histogram and of the rug under it, inches."""

Floats = NDArray[np.float64]


@in_house_style
def kappa_histogram(
    rows: Iterable[ImageAgreement], *, cut: float, with_ac1: bool = False
) -> "Figure":
    """Return the histogram of the per-image kappa, a rug of its points, and the cut (Figure 2).

    Parameters
    ----------
    rows
        All images; those that the graders outlined and whose kappa is defined are drawn.
    cut
        ``kappa_cut``: images with a lower kappa leave.
    with_ac1
        Gwet's AC1 of the same images beside it.
    """
    rows = list(rows)
    drawn = [row for row in rows if row.reason in (None, Reason.KAPPA_BELOW_CUT)]
    width = PAGE if with_ac1 else COLUMN
    if not drawn:
        return empty_figure(TITLE, "No outlined image has a defined kappa", width=width)
    summary = summarise(rows)
    note = f"Before the cut: {_said(summary.before)}.\nAfter it: {_said(summary.after)}."
    figure, room = framed(TITLE, body=PLOT + RUG + 0.52, note=note, width=width)
    panels = ["fleiss_kappa", "gwet_ac1"] if with_ac1 else ["fleiss_kappa"]
    share = room.width / len(panels)
    for number, name in enumerate(panels):
        box = Box(room.left + number * share + 0.4, room.top + 0.18, share - 0.5, PLOT)
        sides = [
            _values([row for row in drawn if row.admitted is stays], name)
            for stays in (False, True)
        ]
        edges = bin_edges(np.concatenate(sides), cut)
        _histogram(figure, box, sides, edges, cut=None if number else cut)
        _rug(
            figure,
            box,
            np.concatenate(sides),
            edges,
            name="Gwet's AC1" if number else "Fleiss kappa",
        )
    return figure


def bin_edges(values: Floats, cut: float) -> Floats:
    """Return edges `BIN` apart, one of them exactly at the cut, from the lowest value up to 1."""
    lowest = min(0.0, cut, values.min(initial=0.0))
    below = int(np.ceil((cut - lowest) / BIN - 1e-9))
    above = max(int(np.ceil((1 - cut) / BIN - 1e-9)), 1)
    edges = cut + BIN * np.arange(-below, above + 1)
    edges[-1] = max(edges[-1], 1.0)
    return np.asarray(edges)


def _histogram(
    figure: "Figure", box: Box, sides: Sequence[Floats], edges: Floats, *, cut: float | None
) -> None:
    axes = axes_in(figure, box)
    base = np.zeros(len(edges) - 1)
    for mark, name, values in zip((INCORRECT, CORRECT), ("leave", "stay"), sides, strict=True):
        counts, _ = np.histogram(values, edges)
        axes.bar(
            edges[:-1],
            counts,
            np.diff(edges),
            base,
            align="edge",
            color=mark.colour,
            edgecolor=mark.edge if mark is INCORRECT else "white",
            linewidth=0.5,
            hatch=mark.hatch,
            label=f"{name} ({len(values):,})",
        )
        base = base + counts
    axes.set(ylabel="images", xlim=edges[[0, -1]], ylim=(0, base.max() * 1.05))
    axes.locator_params(axis="y", integer=True, nbins=5)
    axes.tick_params(labelbottom=False)
    axes.grid(axis="y")
    if cut is not None:
        axes.axvline(cut, color=INK, linewidth=1.1, linestyle=(0, (4, 2)))
        place = axes.get_xaxis_transform()
        text = f"cut {cut:g}"
        axes.text(cut, 1.02, text, transform=place, fontsize=SMALL, ha="center", va="bottom")
        axes.legend(loc="upper left", frameon=False, fontsize=SMALL, handlelength=1.4)


def _rug(figure: "Figure", box: Box, values: Floats, edges: Floats, *, name: str) -> None:
    axes = axes_in(figure, Box(box.left, box.top + PLOT + 0.03, box.width, RUG))
    axes.vlines(values, 0, 1, color=CORRECT.colour, linewidth=0.4, alpha=0.7)
    axes.set(xlim=edges[[0, -1]], ylim=(0, 1), yticks=[], xlabel=name)
    axes.spines["left"].set_visible(False)


def _values(rows: Iterable[ImageAgreement], name: str) -> Floats:
    defined = (value_of(getattr(row, name)) for row in rows)
    return np.array([value for value in defined if value is not None], dtype=np.float64)


def _said(group: Group) -> str:
    undefined = sum(group.kappa_undefined.values())
    without = f", {undefined:,} undefined" if undefined else ""
    n = f"{counted(group.images, 'image')} of {counted(group.cases, 'case')}{without}"
    if isinstance(group.kappa_mean, Undefined):
        return f"no kappa ({n})"
    spread = "" if isinstance(group.kappa_sd, Undefined) else f" ± {shown(group.kappa_sd)}"
    return f"kappa {shown(group.kappa_mean)}{spread} ({n})"
