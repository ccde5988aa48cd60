"""How graders are told apart on a picture: by colour, by line style and by letter."""

from dataclasses import dataclass

COLOURS = ("#e69f00", "#009e73", "#cc79a7", "#f0e442", "#0072b2", "#d55e00")
"""Of the palette of Okabe and Ito; its sky blue is left to the region that counts."""

DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (6.0, 4.0),
    (3.0, 2.0),
    (9.0, 3.0, 2.0, 3.0),
    (12.0, 4.0),
    (6.0, 3.0, 2.0, 3.0, 2.0, 3.0),
)
"""Lengths drawn and left out in turn, in screen pixels; none for a line without gaps."""

COUNTED = "#56b4e9"
"""Of the region that counts."""


@dataclass(frozen=True, slots=True)
class GraderLook:
    """How one grader's outline is drawn.

    Attributes
    ----------
    hatch
        Direction of the lines that fill what only this grader marked: steps of x and of y.
    """

    colour: str
    dashes: tuple[float, ...]
    hatch: tuple[int, int]


HATCHES = ((1, 1), (1, -1), (0, 1), (1, 0))


def look_of(place: int) -> GraderLook:
    """Return the look of the grader at a place among the letters, from 0.

    The first six differ in colour and in line; of 36 no two are alike.
    """
    turn, first = divmod(place, len(COLOURS))
    line = (first + turn) % len(DASHES)
    return GraderLook(COLOURS[first], DASHES[line], HATCHES[place % len(HATCHES)])
