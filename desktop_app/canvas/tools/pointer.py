"""Where the pointer is, and what it is over."""

from dataclasses import dataclass

import numpy as np

from engine.domain.polygon import Polygon, Region

Point = tuple[float, float]

CLICK = 4.0
"""Screen pixels that the pointer may stray between press and release of a click."""

CATCH = 9.0
"""Screen pixels within which a vertex, the middle of an edge or a boundary is caught."""

SPACING = 9.0
"""Screen pixels from vertex to vertex, on average, below which they cannot be had one by one."""

LONG_EDGE = 28.0
"""Screen pixels from which on an edge offers its middle."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """One event of the pointer.

    Attributes
    ----------
    at
        Where, in image pixels; on the image, or beside it.
    scale
        Screen pixels per image pixel.
    is_alt
        True while Alt is held.
    """

    at: Point
    scale: float
    is_alt: bool = False

    def reach(self, screen_pixels: float) -> float:
        """Return a distance on the screen in image pixels."""
        return screen_pixels / self.scale

    def is_near(self, other: Point, screen_pixels: float) -> bool:
        """Return True within a distance on the screen."""
        return distance(self.at, other) <= self.reach(screen_pixels)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a tool acts on.

    Attributes
    ----------
    selected
        Index of the selected polygon, -1 for none.
    width, height
        Size of the image in pixels.
    may_edit
        False where regions may be looked at and selected only.
    """

    region: Region
    selected: int
    width: int
    height: int
    may_edit: bool = True

    @property
    def chosen(self) -> Polygon | None:
        """The selected polygon."""
        return self.region[self.selected] if 0 <= self.selected < len(self.region) else None

    def held(self, at: Point) -> Point:
        """Return a point moved onto the image where it lies outside."""
        return min(max(at[0], 0.0), float(self.width)), min(max(at[1], 0.0), float(self.height))


def distance(one: Point, other: Point) -> float:
    """Return how far two points are from each other."""
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


def are_vertices_apart(polygon: Polygon, scale: float) -> bool:
    """Return True where a polygon's vertices can be told from each other on the screen."""
    vertices = sum(len(ring) for ring in polygon.rings)
    steps = (np.roll(ring, -1, axis=0) - ring for ring in polygon.rings)
    length = sum(float(np.hypot(step[:, 0], step[:, 1]).sum()) for step in steps)
    return length * scale >= SPACING * vertices
