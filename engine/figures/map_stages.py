"""The display of a signed map, stage by stage, each picture with what was done to it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.figures.signed_map import Stage
from engine.figures.style import (
    EDGE,
    MUTED,
    PAGE,
    SMALL,
    Box,
    axes_in,
    broken,
    empty_figure,
    framed,
    in_house_style,
    write,
    write_lines,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "How a signed map becomes a picture"
IN_A_ROW, GAP, HIGHEST, TEXT_TOP, CAPTION = 3, 0.16, 2.4, 0.22, 0.52
"""Pictures in a row; gap between them, and heights of a picture at most, of the name above it and
of the caption below it, inches."""


@in_house_style
def map_stages(stages: Sequence[Stage]) -> "Figure":
    """Return the pictures of `signed_map_stages` in reading order, numbered."""
    if not stages:
        return empty_figure(TITLE, "No map")
    width = (PAGE - 2 * EDGE - (IN_A_ROW - 1) * GAP) / IN_A_ROW
    height = min(HIGHEST, _height(stages[-1], width))
    row = TEXT_TOP + height + CAPTION
    rows = -(-len(stages) // IN_A_ROW)
    figure, room = framed(TITLE, body=rows * row)
    for number, stage in enumerate(stages):
        line, column = divmod(number, IN_A_ROW)
        left, top = room.left + column * (width + GAP), room.top + line * row
        write(figure, left, top + 0.04, f"{number + 1}  {stage.name}", bold=True)
        axes = axes_in(figure, Box(left, top + TEXT_TOP, width, height))
        axes.imshow(stage.picture, interpolation="nearest")
        axes.set_anchor("NW")
        axes.set_axis_off()
        lines = broken(stage.caption, width=width, size=SMALL, most=3)
        below = top + TEXT_TOP + min(height, _height(stage, width)) + 0.05
        write_lines(figure, left, below, lines, size=SMALL, colour=MUTED)
    return figure


def _height(stage: Stage, width: float) -> float:
    high, wide = stage.picture.shape[:2]
    return float(width * high / wide)
