"""Figure 5: images where map and graders agree least and most, by correctness."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Measure
from engine.figures.panels import TITLES
from engine.figures.reference import DsReference
from engine.figures.style import (
    CORRECT,
    EDGE,
    INCORRECT,
    MUTED,
    PAGE,
    SMALL,
    Box,
    Mark,
    axes_in,
    broken,
    empty_figure,
    framed,
    in_house_style,
    line_height,
    shown,
    write,
    write_lines,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "Where map and graders agree least and most"
GAP, HEAD, STRIP, EMPTY = 0.24, 0.36, 0.84, 0.1
"""Between the columns; heights of a block's head, a thumbnail, a block without any, inches."""


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """One image of the gallery.

    Attributes
    ----------
    strip
        Its four panels side by side (`panels.panel_strip`), shape (height, width, 3), uint8.
    condition, predicted
        Reference label and predicted class, in words.
    """

    strip: NDArray[np.uint8]
    ds: Measure
    srcc: Measure
    condition: str
    predicted: str
    is_correct: bool
    is_lowest: bool


@in_house_style
def gallery(thumbnails: Sequence[Thumbnail], *, reference: DsReference, most: int = 5) -> "Figure":
    """Return lowest images left and highest right, correct above and incorrect below (Figure 5).

    Parameters
    ----------
    most
        Images shown of each of the four kinds, the first ones given.
    """
    if not thumbnails:
        return empty_figure(TITLE, "No image of known correctness is extreme in both DS and SRCC")
    verdicts = [
        (mark, [_of_kind(thumbnails, mark, is_lowest, most) for is_lowest in (True, False)])
        for mark in (CORRECT, INCORRECT)
    ]
    width = (PAGE - 2 * EDGE - GAP) / 2
    row = STRIP + 0.12 + line_height(SMALL) * (1 + max(len(_names(t, width)) for t in thumbnails))
    heights = [HEAD + max(row * max(map(len, sides)), EMPTY) + 0.08 for _, sides in verdicts]
    figure, room = framed(TITLE, body=sum(heights), note=_note(reference))
    top = room.top
    for (mark, sides), height in zip(verdicts, heights, strict=True):
        for number, (side, of_side) in enumerate(zip(("Lowest", "Highest"), sides, strict=True)):
            left = room.left + number * (width + GAP)
            _block(figure, Box(left, top, width, row), f"{side}, {mark.label}", of_side)
        top += height
    return figure


def _of_kind(
    thumbnails: Sequence[Thumbnail], mark: Mark, is_lowest: bool, most: int
) -> list[Thumbnail]:
    of_kind = [one for one in thumbnails if one.is_lowest is is_lowest]
    return [one for one in of_kind if one.is_correct is (mark is CORRECT)][:most]


def _block(figure: "Figure", box: Box, title: str, thumbnails: Sequence[Thumbnail]) -> None:
    """Draw thumbnails one under the other; the box is as high as one of them."""
    write(figure, box.left, box.top + 0.03, title, bold=True)
    if not thumbnails:
        write(figure, box.left, box.top + 0.22, "none", colour=MUTED)
        return
    for number, name in enumerate(TITLES):
        middle = box.left + (number + 0.5) * box.width / len(TITLES)
        write(figure, middle, box.top + 0.2, name, size=SMALL, colour=MUTED, align="center")
    for number, one in enumerate(thumbnails):
        _item(figure, Box(box.left, box.top + HEAD + number * box.height, box.width, STRIP), one)


def _item(figure: "Figure", box: Box, one: Thumbnail) -> None:
    axes = axes_in(figure, box)
    axes.imshow(one.strip, aspect="equal")
    axes.set_anchor("NW")
    axes.set_axis_off()
    top = box.top + box.height + 0.03
    write(figure, box.left, top, f"DS {shown(one.ds)}    SRCC {shown(one.srcc)}", size=SMALL)
    lines = _names(one, box.width)
    write_lines(figure, box.left, top + line_height(SMALL), lines, size=SMALL, colour=MUTED)


def _names(one: Thumbnail, width: float) -> list[str]:
    return broken(f"{one.condition} → {one.predicted}", width=width, size=SMALL, most=2)


def _note(reference: DsReference) -> str:
    return (
        "I: image; ROI: the graders' consensus; SM: saliency map. Condition → prediction."
        f" For comparison, DS: human ceiling {shown(reference.human_ceiling)},"
        f" chance {shown(reference.chance)}."
    )
