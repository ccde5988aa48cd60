"""A line of clicked vertices and freehand stretches, as it grows and is taken back."""

from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from desktop_app.canvas.tools.pointer import CATCH, Point, distance
from engine.domain.simplify import simplify

FREEHAND_TOLERANCE = 0.5
"""Screen pixels by which the vertices of a freehand stretch may leave what was drawn."""

KEPT_EVERY = 64
"""Points of the pointer after which a stretch still being drawn is made vertices."""

DROPPED = 14.0
"""Screen pixels of a freehand stretch that are taken back at a time."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """The vertices so far, and the trail of the pointer since the last of them.

    Attributes
    ----------
    points
        The vertices.
    is_freehand
        For each vertex, True where the pointer drew it with the button down.
    trail
        Where the pointer has been since the last vertex, with the button down.
    """

    points: tuple[Point, ...] = ()
    is_freehand: tuple[bool, ...] = ()
    trail: tuple[Point, ...] = ()

    @property
    def shown(self) -> tuple[Point, ...]:
        """Vertices and trail, to be painted."""
        return (*self.points, *self.trail)

    @property
    def tidy(self) -> tuple[Point, ...]:
        """The vertices; none stands on the one before it."""
        return tuple(at for at, _ in groupby(self.points))

    def clicked(self, at: Point) -> "Stroke":
        """Return the stroke with a vertex at a click."""
        if self.points and self.points[-1] == at:
            return self
        return Stroke((*self.points, at), (*self.is_freehand, False))

    def trailed(self, at: Point, scale: float) -> "Stroke":
        """Return the stroke with the pointer moved on; a long trail is made vertices."""
        last = (*self.points[-1:], *self.trail[-1:])[-1:]
        if last == (at,):
            return self
        longer = replace(self, trail=(*self.trail, at))
        return longer.ended(scale) if len(longer.trail) >= KEPT_EVERY else longer

    def ended(self, scale: float) -> "Stroke":
        """Return the stroke with its trail made vertices, as few as its course needs."""
        if not self.trail:
            return self
        line = np.array((*self.points[-1:], *self.trail))
        needed = simplify(line, FREEHAND_TOLERANCE / scale)[len(self.points[-1:]) :].tolist()
        points = tuple((x, y) for x, y in needed)
        return Stroke((*self.points, *points), (*self.is_freehand, *(True for _ in points)))

    def dropped(self, scale: float) -> "Stroke":
        """Return the stroke without its last vertex, or without the end of a freehand stretch."""
        if self.trail:
            return replace(self, trail=()).dropped(scale) if self.points else Stroke()
        count, length = len(self.points), 0.0
        while count:
            count -= 1
            if not self.is_freehand[count]:
                break
            length += distance(self.points[count], self.points[count - 1])
            if length >= DROPPED / scale:
                break
        return Stroke(self.points[:count], self.is_freehand[:count])

    def brought_back(self, scale: float) -> "Stroke":
        """Return the stroke without what a freehand stretch drew at its very start, or past it."""
        count = len(self.points)
        while count > 3 and self.is_freehand[count - 1]:
            if distance(self.points[count - 1], self.points[0]) > CATCH / scale:
                break
            count -= 1
        return Stroke(self.points[:count], self.is_freehand[:count])

    def has_left_start(self, scale: float) -> bool:
        """Return True once the stroke has been well away from its first vertex."""
        start = self.points[0]
        line = np.array(self.shown) - start
        return bool(np.hypot(line[:, 0], line[:, 1]).max() > 2 * CATCH / scale)


NO_STROKE = Stroke()
