"""A brushed range or rectangle: where the pointer takes hold of it, and how it moves."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from PySide6.QtCore import Qt

from desktop_app.plots.frame import Frame, Range


class Grip(Enum):
    """Which part of a box is held."""

    NONE = auto()
    INSIDE = auto()
    LEFT = auto()
    RIGHT = auto()
    LOW = auto()
    HIGH = auto()


CURSORS = {
    Grip.NONE: Qt.CursorShape.CrossCursor,
    Grip.INSIDE: Qt.CursorShape.SizeAllCursor,
    Grip.LEFT: Qt.CursorShape.SizeHorCursor,
    Grip.RIGHT: Qt.CursorShape.SizeHorCursor,
    Grip.LOW: Qt.CursorShape.SizeVerCursor,
    Grip.HIGH: Qt.CursorShape.SizeVerCursor,
}


@dataclass(frozen=True, slots=True)
class Box:
    """What is brushed, in the numbers of the axes.

    Attributes
    ----------
    x
        Lowest and highest x.
    y
        Lowest and highest y; None where only x counts, as in a histogram.
    """

    x: Range
    y: Range | None = None

    def held_at(self, frame: Frame, at: tuple[float, float], *, tolerance: float) -> Grip:
        """Return what a pointer at some pixels would take hold of."""
        left, right = (frame.across(end) for end in self.x)
        top, bottom = 0.0, frame.height
        if self.y:
            top, bottom = sorted(frame.down(end) for end in self.y)
        x, y = at
        if not (left - tolerance <= x <= right + tolerance):
            return Grip.NONE
        if not (top - tolerance <= y <= bottom + tolerance):
            return Grip.NONE
        near = {Grip.LEFT: abs(x - left), Grip.RIGHT: abs(x - right)}
        if self.y:
            is_upright = not frame.is_downward
            near[Grip.HIGH if is_upright else Grip.LOW] = abs(y - top)
            near[Grip.LOW if is_upright else Grip.HIGH] = abs(y - bottom)
        grip = min(near, key=near.__getitem__)
        return grip if near[grip] <= tolerance else Grip.INSIDE

    def moved(self, grip: Grip, dx: float, dy: float, *, within: Frame) -> "Box":
        """Return the box after the held part was moved, inside the limits of a frame."""
        y = self.y and _moved(self.y, _ends(grip, Grip.LOW, Grip.HIGH), dy, within.y)
        return replace(
            self, x=_moved(self.x, _ends(grip, Grip.LEFT, Grip.RIGHT), dx, within.x), y=y
        )


def between(first: Range, second: Range, *, within: Frame, is_flat: bool = False) -> Box:
    """Return the box with two opposite corners; a flat one has no y."""
    (x0, x1), (y0, y1) = sorted((first[0], second[0])), sorted((first[1], second[1]))
    x = max(x0, within.x[0]), min(x1, within.x[1])
    return Box(x) if is_flat else Box(x, (max(y0, within.y[0]), min(y1, within.y[1])))


def _ends(grip: Grip, low: Grip, high: Grip) -> tuple[bool, bool]:
    """Return whether the lower and the upper end follow the pointer."""
    return grip in (Grip.INSIDE, low), grip in (Grip.INSIDE, high)


def _moved(ends: Range, are_held: tuple[bool, bool], by: float, limits: Range) -> Range:
    low, high = ends
    if all(are_held):
        by = min(max(by, limits[0] - low), limits[1] - high)
        return low + by, high + by
    low = min(max(low + by, limits[0]), limits[1]) if are_held[0] else low
    high = min(max(high + by, limits[0]), limits[1]) if are_held[1] else high
    return min(low, high), max(low, high)
