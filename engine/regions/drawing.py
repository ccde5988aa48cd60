"""What a gesture makes of a region: outlines, holes, vertices and stretches of a boundary.

Every function returns `Drawn`, whose polygons are valid and inside the image, or `Refused`.
Polygons that the gesture does not touch stay the same objects.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import wraps
from typing import ParamSpec

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from engine.domain.hit import EdgeHit, Point
from engine.domain.polygon import Polygon, Region, Ring, ring
from engine.regions.repair import clip, region_of_shape, repair_ring

SMALLEST_AREA = 0.01
"""Square pixels; what encloses less was no outline, and what is cut off with less is dropped."""

SPECK = 0.003
"""Of several parts, one with less than this share of the largest is a slip of the hand: dropped."""

NO_AREA = "Nothing was drawn: the outline encloses no area."
CROSSED = "The outline crossed itself and was repaired."
CLIPPED = "What lay outside the image was cut off."
TOO_FINE = "Not done: the outline is too fine to be repaired; draw it a little wider."

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A region after a gesture.

    Attributes
    ----------
    message
        What the grader must know beyond what they meant to do; empty where all went as drawn.
    selected
        Index of the polygon that the gesture was about, or None where it is gone.
    """

    region: Region
    message: str = ""
    selected: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a gesture leaves the region as it was."""

    message: str


Outcome = Drawn | Refused


def _refusing(gesture: Callable[P, Outcome]) -> Callable[P, Outcome]:
    """Refuse where coordinates lie too near each other for GEOS to tell inside from outside."""

    @wraps(gesture)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Outcome:
        try:
            return gesture(*args, **kwargs)
        except shapely.GEOSException:
            return Refused(TOO_FINE)

    return guarded


@dataclass(frozen=True, slots=True)
class Frame:
    """Size of the image in pixels."""

    width: int
    height: int

    def held(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return points, shape (n, 2), moved onto the image where they lie outside."""
        inside: NDArray[np.float64] = np.clip(
            np.asarray(points, dtype=np.float64), 0, (self.width, self.height)
        )
        return inside


@_refusing
def close_outline(region: Region, points: ArrayLike, frame: Frame) -> Outcome:
    """Add what a drawn ring encloses, as one more polygon.

    A ring that crosses itself becomes as many polygons as it has loops (see `repair_ring`); what
    lies outside the image is cut off.
    """
    parts, is_repaired = repair_ring(points)
    parts, is_clipped = clip(parts, width=frame.width, height=frame.height)
    parts = _sizeable(parts)
    if not parts:
        return Refused(NO_AREA)
    message = _told(_crossed(is_repaired, len(parts)), CLIPPED if is_clipped else "")
    return Drawn((*region, *parts), message, len(region))


@_refusing
def subtract_hole(
    region: Region, points: ArrayLike, frame: Frame, *, selected: int | None = None
) -> Outcome:
    """Cut what a drawn ring encloses out of every polygon that it meets.

    Since the union of the polygons counts, a hole in one of two that overlap would be none. A
    polygon may fall into several, which take its place, or go altogether.

    Parameters
    ----------
    selected
        Index of the polygon that was selected before; the one that stands for it stays selected.
    """
    hole, _ = clip(repair_ring(points)[0], width=frame.width, height=frame.height)
    hole = _sizeable(hole)
    if not hole:
        return Refused(NO_AREA)
    cut = _shape(hole)
    pieces = [_cut(polygon, hole, cut) for polygon in region]
    touched = [i for i, parts in enumerate(pieces) if parts != (region[i],)]
    if not touched:
        return Refused("Nothing was cut: the hole lies outside every region.")
    about = selected if selected is not None and pieces[selected] else touched[0]
    place = sum(len(parts) for parts in pieces[:about]) if pieces[about] else None
    result = tuple(part for parts in pieces for part in parts)
    return Drawn(result, _told_of_cut([len(pieces[i]) for i in touched]), place)


@_refusing
def move_vertex(
    region: Region, index: int, *, ring_number: int, vertex: int, to: Point, frame: Frame
) -> Outcome:
    """Put a vertex of a ring elsewhere on the image."""
    changed = region[index].rings[ring_number].copy()
    changed[vertex] = frame.held(to)
    return _with_ring(region, index, ring_number, changed, frame)


@_refusing
def insert_vertex(
    region: Region, index: int, *, ring_number: int, edge: int, at: Point, frame: Frame
) -> Outcome:
    """Put a new vertex into an edge, which goes from vertex `edge` to the next one."""
    changed = np.insert(region[index].rings[ring_number], edge + 1, frame.held(at), axis=0)
    return _with_ring(region, index, ring_number, changed, frame)


@_refusing
def delete_vertex(
    region: Region, index: int, *, ring_number: int, vertex: int, frame: Frame
) -> Outcome:
    """Take a vertex out of a ring that has more than three."""
    rings = region[index].rings
    if len(rings[ring_number]) <= 3:
        what = "A hole" if ring_number else "A region"
        return Refused(f"{what} needs at least three vertices.")
    changed = np.delete(rings[ring_number], vertex, axis=0)
    return _with_ring(region, index, ring_number, changed, frame)


@_refusing
def move_region(region: Region, index: int, *, by: Point, frame: Frame) -> Outcome:
    """Move a polygon, as far as the image goes: its shape stays as it is."""
    polygon = region[index]
    low, high = polygon.exterior.min(axis=0), polygon.exterior.max(axis=0)
    step = np.clip(by, np.minimum(-low, 0), np.maximum((frame.width, frame.height) - high, 0))
    rings = [ring(frame.held(vertices + step)) for vertices in polygon.rings]
    return _with_polygon(region, index, Polygon(rings[0], tuple(rings[1:])), frame)


@_refusing
def redraw_boundary(
    region: Region, index: int, stroke: ArrayLike, *, start: EdgeHit, end: EdgeHit, frame: Frame
) -> Outcome:
    """Replace a stretch of a ring by a stroke from one place on it to another.

    The two places part the ring into two stretches; the one is replaced whose replacing changes
    less of the area, which is the one that the stroke follows.

    Parameters
    ----------
    stroke
        What was drawn between the two places, shape (n, 2), without them.
    """
    if start.ring != end.ring:
        return Refused("A stretch begins and ends on the same boundary.")
    old = region[index].rings[start.ring]
    drawn = np.vstack((start.foot, frame.held(np.reshape(stroke, (-1, 2))), end.foot))
    candidates = [
        _without_repeats(np.vstack((drawn, _stretch(old, end, start)))),
        _without_repeats(np.vstack((drawn, _stretch(old, start, end)[::-1]))),
    ]
    before = _shape(repair_ring(old)[0])
    changes = [_change(before, candidate) for candidate in candidates]
    changed = candidates[int(np.argmin(changes))]
    return _with_ring(region, index, start.ring, changed, frame)


def delete_hole(region: Region, index: int, hole: int) -> Outcome:
    """Fill a hole, given by its index in `Polygon.holes`."""
    polygon = region[index]
    holes = (*polygon.holes[:hole], *polygon.holes[hole + 1 :])
    return Drawn(_replaced(region, index, (replace(polygon, holes=holes),)), "", index)


def delete_region(region: Region, index: int) -> Outcome:
    """Take a polygon away."""
    return Drawn(_replaced(region, index, ()))


def _with_ring(
    region: Region, index: int, ring_number: int, vertices: NDArray[np.float64], frame: Frame
) -> Outcome:
    rings = list(region[index].rings)
    rings[ring_number] = ring(_without_repeats(vertices))
    return _with_polygon(region, index, Polygon(rings[0], tuple(rings[1:])), frame)


def _with_polygon(region: Region, index: int, polygon: Polygon, frame: Frame) -> Outcome:
    """Put a polygon in the place of another, repaired and cut to the image where needed."""
    parts, is_repaired = _valid(polygon)
    parts, is_clipped = clip(parts, width=frame.width, height=frame.height)
    parts = _sizeable(parts, least=min(SMALLEST_AREA, 0.999 * _as_drawn(region[index]).area))
    if not parts:
        return Refused("Not done: nothing of the region would be left.")
    message = _told(_crossed(is_repaired, len(parts)), CLIPPED if is_clipped else "")
    return Drawn(_replaced(region, index, parts), message, index)


def _valid(polygon: Polygon) -> tuple[Region, bool]:
    """Return what a changed polygon encloses; its holes take away even where they stick out."""
    if all(len(vertices) >= 3 for vertices in polygon.rings) and _as_drawn(polygon).is_valid:
        return (polygon,), False
    exterior = _shape(repair_ring(polygon.exterior)[0])
    holes = [_shape(repair_ring(hole)[0]) for hole in polygon.holes]
    return region_of_shape(shapely.difference(exterior, shapely.union_all(holes))), True


def _cut(polygon: Polygon, hole: Region, shape: shapely.Geometry) -> Region:
    """Return what is left of a polygon; a hole wholly inside leaves its other rings as they are."""
    whole = _as_drawn(polygon)
    if len(hole) == 1 and not hole[0].holes and shapely.contains_properly(whole, shape):
        return (replace(polygon, holes=(*polygon.holes, hole[0].exterior)),)
    if shapely.intersection(whole, shape).area < SMALLEST_AREA:
        return (polygon,)
    return _sizeable(region_of_shape(shapely.difference(whole, shape)))


def _stretch(vertices: Ring, start: EdgeHit, end: EdgeHit) -> NDArray[np.float64]:
    """Return the vertices from one place on a ring on to another; all of them where they meet."""
    count = len(vertices)
    first, last = start.edge + start.along, end.edge + end.along
    if last <= first:
        last += count
    inside = np.arange(np.floor(first) + 1, np.ceil(last)).astype(np.intp)
    stretch: NDArray[np.float64] = vertices[inside % count]
    return stretch


def _without_repeats(vertices: NDArray[np.float64]) -> NDArray[np.float64]:
    following = np.roll(vertices, -1, axis=0)
    distinct: NDArray[np.float64] = vertices[(vertices != following).any(axis=1)]
    return distinct


def _change(before: shapely.Geometry, vertices: NDArray[np.float64]) -> float:
    after = _shape(repair_ring(vertices)[0])
    return float(shapely.symmetric_difference(before, after).area)


def _replaced(region: Region, index: int, parts: Iterable[Polygon]) -> Region:
    return (*region[:index], *parts, *region[index + 1 :])


def _sizeable(region: Region, *, least: float = SMALLEST_AREA) -> Region:
    """Leave out what is no outline, and slips of the hand beside a larger part."""
    areas = [_as_drawn(polygon).area for polygon in region]
    least = max(least, SPECK * max(areas, default=0))
    return tuple(polygon for polygon, area in zip(region, areas, strict=True) if area >= least)


def _as_drawn(polygon: Polygon) -> shapely.Polygon:
    return shapely.Polygon(polygon.exterior, polygon.holes)


def _shape(region: Region) -> shapely.Geometry:
    return shapely.union_all([_as_drawn(polygon) for polygon in region])


def _crossed(is_repaired: bool, parts: int) -> str:
    if not is_repaired:
        return ""
    return CROSSED if parts == 1 else f"The outline crossed itself: it is now {parts} regions."


def _told_of_cut(parts: list[int]) -> str:
    """Return what became of the polygons that were cut, from how many each is now."""
    more, gone = sum(count > 1 for count in parts), parts.count(0)
    return _told(
        f"The hole cut through {len(parts)} regions." if len(parts) > 1 else "",
        f"A region fell into {max(parts)} parts." if more else "",
        "A region was cut away altogether." if gone else "",
    )


def _told(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
