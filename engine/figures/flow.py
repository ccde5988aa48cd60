"""Figure 3: the flow of one image, from the photograph to the two numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.rows import ImageResult
from engine.domain.saliency_map import SCALE, SaliencyMap
from engine.figures.contour import contour_of, draw_contour
from engine.figures.panels import DEFAULT_LOOK, Look, Picture, fitted, map_pictures, on_picture
from engine.figures.reference import draw_reference, ds_reference
from engine.figures.style import (
    EDGE,
    INK,
    MUTED,
    NEUTRAL,
    PALE,
    SMALL,
    Box,
    axes_in,
    counted,
    framed,
    in_house_style,
    shown,
    words,
    write,
    write_lines,
)
from engine.regions.runs import Runs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "From one photograph to its agreement"
CELL, WAY, NUMBERS = 1.42, 0.36, 1.3
"""Widths of a picture, of the way between two, and of the numbers, inches."""

NAME, BETWEEN, ROWS, BELOW = 0.2, 0.44, 1.2, 0.62
"""Heights of a picture's name, and at least of the way between the rows, of one row to the next,
and of the numbers below the middle of the lower row, inches."""

TALLEST = 1.4
"""Height of a picture in its widths, at most; taller ones are shown smaller."""

NO_MAP = Undefined(Reason.NO_MAP)

MAX_SIDE = 360
"""Longest side of a picture, pixels."""


@in_house_style
def image_flow(
    result: ImageResult,
    *,
    pixels: Picture,
    regions: Sequence[Runs],
    consensus: Runs,
    saliency_map: SaliencyMap | None,
    look: Look = DEFAULT_LOOK,
) -> "Figure":
    """Return how one image comes to its numbers, with arrows (Figure 3).

    Photograph, each grader's outlines and their consensus; saliency map and the map at the best
    threshold; the consensus is compared with the map itself (SRCC) and with the thresholded one
    (DS).

    Parameters
    ----------
    result
        The image's numbers.
    pixels
        The upright image, privacy boxes burnt in; shape (height, width, 3), uint8.
    regions
        Region of each grader, in the image's full resolution.
    """
    image = fitted(pixels, MAX_SIDE)
    height, width = image.shape[:2]
    grid = _Grid(cell=CELL * min(height / width, TALLEST), top=0.0, left=EDGE)
    figure, room = framed(TITLE, body=grid.height, note=_note(result))
    grid = replace(grid, top=room.top)
    tile = fitted(pixels, MAX_SIDE // _in_a_row(len(regions)))
    outlined = [_outlined(tile, region) for region in regions]
    count = counted(len(regions), "grader")
    _picture(figure, grid.box(0, 0.5), "photograph", [image])
    _picture(figure, grid.box(1, 0), f"outlines of {count}", outlined)
    _picture(figure, grid.box(2, 0), "consensus", [_outlined(image, consensus)])
    alone, salient, name = _map_pictures(result, saliency_map, look, width=width, height=height)
    _picture(figure, grid.box(1, 1), "saliency map", alone)
    _picture(figure, grid.box(2, 1), name, salient)
    _arrows(figure, grid)
    _numbers(figure, grid, result)
    return figure


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the pictures stand: three columns, two rows; the photograph lies between the rows."""

    cell: float
    top: float
    left: float

    @property
    def height(self) -> float:
        return 2 * (NAME + self.cell) + self.between + max(0.0, BELOW - self.cell / 2)

    @property
    def between(self) -> float:
        """Way between the rows: flat pictures leave more, or the numbers would meet."""
        return max(BETWEEN, ROWS - NAME - self.cell)

    def box(self, column: int, row: float) -> Box:
        top = self.top + NAME + row * (self.cell + NAME + self.between)
        return Box(self.left + column * (CELL + WAY), top, CELL, self.cell)

    def middle(self, row: float) -> float:
        return self.box(0, row).top + self.cell / 2


def _outlined(image: Picture, region: Runs) -> Picture:
    height, width = image.shape[:2]
    return draw_contour(image, contour_of(region, width=width, height=height))


def _map_pictures(
    result: ImageResult, saliency_map: SaliencyMap | None, look: Look, *, width: int, height: int
) -> tuple[list[Picture], list[Picture], str]:
    """Return the map, the thresholded map and its name; no pictures where there is no map."""
    if saliency_map is None:
        return [], [], "thresholded map"
    _, alone = map_pictures(saliency_map, look, width=width, height=height)
    threshold = result.localisation.ds_threshold if result.localisation else NO_MAP
    if isinstance(threshold, Undefined):
        return [alone], [], "thresholded map"
    salient = thresholded(saliency_map, threshold, width=width, height=height)
    picture = np.where(salient[..., None], np.uint8(255), np.uint8(0)).repeat(3, axis=2)
    return [alone], [picture], f"map ≥ {threshold:.2f}"


def thresholded(
    saliency_map: SaliencyMap, threshold: float, *, width: int, height: int
) -> NDArray[np.bool_]:
    """Return which pixels of a picture of the image reach a threshold k / 100 of DS.

    What the model never saw does not.
    """
    values = saliency_map.values[None].astype(np.float32)
    placed, seen = on_picture(values, saliency_map.geometry, width=width, height=height)
    return np.asarray(seen & (np.rint(placed[0]) >= round(threshold * SCALE)))


def _picture(figure: "Figure", box: Box, name: str, pictures: Sequence[Picture]) -> None:
    """Draw pictures side by side in their box, its name above; a pale box where there is none."""
    write(figure, box.left, box.top - NAME + 0.03, name, size=SMALL, bold=True)
    if not pictures:
        axes = axes_in(figure, box)
        axes.set(facecolor=PALE, xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        axes.text(0.5, 0.5, "none", color=MUTED, ha="center", va="center")
        return
    in_a_row = _in_a_row(len(pictures))
    width, height = box.width / in_a_row, box.height / in_a_row
    for number, picture in enumerate(pictures):
        row, column = divmod(number, in_a_row)
        left, top = box.left + column * width, box.top + row * height
        seam = 0.03 if in_a_row > 1 else 0.0
        axes = axes_in(figure, Box(left, top, width - seam, height - seam))
        axes.imshow(picture)
        axes.set_anchor("C")
        axes.set_axis_off()


def _in_a_row(pictures: int) -> int:
    return max(math.ceil(math.sqrt(pictures)), 1)


def _arrows(figure: "Figure", grid: _Grid) -> None:
    """Draw how one picture leads to the next; both lines of work meet in the numbers."""
    paper = _paper(figure)
    photograph, consensus = grid.box(0, 0.5), grid.box(2, 0)
    fork = photograph.left + CELL + WAY * 0.4
    meeting = consensus.left + CELL + WAY * 0.4
    numbers = consensus.left + CELL + WAY
    upper, between, lower = grid.middle(0), _between(grid), grid.middle(1)
    column = grid.box(1, 0).left
    _line(paper, [(photograph.left + CELL, grid.middle(0.5)), (fork, grid.middle(0.5))])
    for row in (upper, lower):
        _line(paper, [(fork, grid.middle(0.5)), (fork, row)])
        _arrow(paper, (fork, row), (column, row))
        _arrow(paper, (column + CELL, row), (consensus.left, row))
    _line(paper, [(consensus.left + CELL, upper), (meeting, upper), (meeting, lower)])
    # the map itself goes by the thresholded one, between the rows
    rise = column + CELL + WAY / 2
    _line(paper, [(rise, lower), (rise, between), (meeting, between)])
    _line(paper, [(consensus.left + CELL, lower), (meeting, lower)])
    for row in (between, lower):
        _arrow(paper, (meeting, row), (numbers, row))
    for x, y in ((rise, lower), (meeting, between), (meeting, lower)):
        paper.plot(x, y, color=INK, marker="o", markersize=3)


def _between(grid: _Grid) -> float:
    """Return the height of the way between the two rows."""
    upper = grid.box(0, 0)
    return upper.top + upper.height + grid.between / 2


def _paper(figure: "Figure") -> "Axes":
    """Return axes over the whole figure whose units are inches from the upper left corner."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((0, 0, 1, 1), facecolor="none")
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    return axes


def _line(paper: "Axes", points: Sequence[tuple[float, float]]) -> None:
    paper.plot(*zip(*points, strict=True), color=INK, linewidth=0.9, solid_joinstyle="miter")


def _arrow(paper: "Axes", start: tuple[float, float], end: tuple[float, float]) -> None:
    head = {"arrowstyle": "-|>,head_width=0.16,head_length=0.32", "shrinkA": 0, "shrinkB": 2}
    paper.annotate("", end, start, arrowprops={**head, "color": INK, "linewidth": 0.9})


def _numbers(figure: "Figure", grid: _Grid, result: ImageResult) -> None:
    left = grid.box(2, 0).left + CELL + WAY + 0.06
    agreement, localisation = result.agreement, result.localisation
    kappa = f"kappa {shown(agreement.fleiss_kappa)}"
    write(figure, left, grid.middle(0) - 0.08, kappa, colour=MUTED)
    srcc, ds = (NO_MAP, NO_MAP) if localisation is None else (localisation.srcc, localisation.ds)
    write(figure, left, _between(grid) - 0.08, f"SRCC {_or_why(srcc)}", bold=True)
    top = grid.middle(1) - 0.08
    write(figure, left, top, f"DS {_or_why(ds)}", bold=True)
    if localisation is None or isinstance(ds, Undefined):
        return
    auc = f"AUC {shown(localisation.auc)}"
    write(figure, left, _between(grid) + 0.08, auc, size=SMALL, colour=MUTED)
    axes = axes_in(figure, Box(left, top + 0.2, NUMBERS, 0.12))
    axes.barh(0, ds, 1, color=NEUTRAL)
    axes.set(xlim=(0, 1), ylim=(-0.5, 0.5), xticks=[], yticks=[], facecolor=PALE)
    axes.spines[:].set_visible(False)
    reference = ds_reference([result])
    draw_reference(axes, reference, axis="x", is_named=False)
    lines = [
        f"human ceiling {shown(agreement.human_ceiling)}",
        f"chance {shown(localisation.ds_chance)}",
    ]
    write_lines(figure, left, top + 0.36, lines, size=SMALL, colour=MUTED)


def _or_why(measure: Measure) -> str:
    return words(measure) if isinstance(measure, Undefined) else shown(measure)


def _note(result: ImageResult) -> str:
    predicted = "none" if isinstance(result.predicted, Undefined) else result.predicted
    condition = result.image.condition or "unknown"
    return f"{result.image.path}\nCondition: {condition}; predicted: {predicted}."
