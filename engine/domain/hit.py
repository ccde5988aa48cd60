"""What lies at a point of the image: a vertex, an edge, a region, a hole."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain.area import polygon_area
from engine.domain.polygon import Polygon, Region, Ring

Point = tuple[float, float]
"""x and y in pixels of the upright image."""


@dataclass(frozen=True, slots=True)
class VertexHit:
    """A vertex near a point.

    Attributes
    ----------
    ring
        Index in `Polygon.rings`: 0 is the exterior, 1 the first hole.
    vertex
        Index in the ring.
    distance
        From the point, in pixels.
    """

    ring: int
    vertex: int
    distance: float


@dataclass(frozen=True, slots=True)
class EdgeHit:
    """A place on the boundary near a point.

    Attributes
    ----------
    ring
        Index in `Polygon.rings`.
    edge
        Edge k goes from vertex k to the next one, the last edge back to vertex 0.
    along
        Where on the edge, from 0 at its first vertex to 1 at the next.
    foot
        The place itself.
    distance
        From the point, in pixels.
    """

    ring: int
    edge: int
    along: float
    foot: Point
    distance: float


def nearest_vertex(polygon: Polygon, at: Point, *, radius: float) -> VertexHit | None:
    """Return the vertex nearest to a point, or None where none lies within the radius."""
    found: VertexHit | None = None
    for number, ring in enumerate(polygon.rings):
        if len(ring) == 0:
            continue
        distances = np.hypot(ring[:, 0] - at[0], ring[:, 1] - at[1])
        vertex = int(distances.argmin())
        distance = float(distances[vertex])
        if distance <= radius and (found is None or distance < found.distance):
            found = VertexHit(number, vertex, distance)
    return found


def nearest_edge(polygon: Polygon, at: Point, *, radius: float) -> EdgeHit | None:
    """Return the place on the boundary nearest to a point, or None beyond the radius."""
    found: EdgeHit | None = None
    for number, ring in enumerate(polygon.rings):
        hit = _on_ring(number, ring, at) if len(ring) else None
        if hit and hit.distance <= radius and (found is None or hit.distance < found.distance):
            found = hit
    return found


def nearest_midpoint(
    polygon: Polygon, at: Point, *, radius: float, shortest: float
) -> EdgeHit | None:
    """Return the nearest middle of an edge within the radius, among edges not too short.

    Parameters
    ----------
    shortest
        Length in pixels below which an edge offers no middle.
    """
    found: EdgeHit | None = None
    for number, ring in enumerate(polygon.rings):
        following = np.roll(ring, -1, axis=0)
        middle, way = (ring + following) / 2, following - ring
        distances = np.hypot(middle[:, 0] - at[0], middle[:, 1] - at[1])
        distances[np.hypot(way[:, 0], way[:, 1]) < shortest] = np.inf
        edge = int(distances.argmin()) if len(ring) else 0
        distance = float(distances[edge]) if len(ring) else np.inf
        if distance <= radius and (found is None or distance < found.distance):
            x, y = middle[edge].tolist()
            found = EdgeHit(number, edge, 0.5, (x, y), distance)
    return found


def contains(polygon: Polygon, at: Point) -> bool:
    """Return True where a point lies inside an odd number of the polygon's rings.

    A point on the boundary belongs as a pixel's centre does to the rasteriser, by half-open edges.
    """
    if len(polygon.exterior) == 0 or _is_beside(polygon.exterior, at):
        return False
    return sum(_winds_around(ring, at) for ring in polygon.rings) % 2 == 1


def regions_at(region: Region, at: Point) -> tuple[int, ...]:
    """Return which polygons contain a point, the smallest area first."""
    inside = [index for index, polygon in enumerate(region) if contains(polygon, at)]
    return tuple(sorted(inside, key=lambda index: polygon_area(region[index])))


def hole_at(polygon: Polygon, at: Point) -> int | None:
    """Return the hole that a point lies in, as an index in `Polygon.holes`, or None."""
    inside = (index for index, hole in enumerate(polygon.holes) if _winds_around(hole, at))
    return next(inside, None)


def _on_ring(number: int, ring: Ring, at: Point) -> EdgeHit:
    """Return the place on one ring that is nearest to a point."""
    way = np.roll(ring, -1, axis=0) - ring
    off = np.asarray(at) - ring
    length = np.einsum("ij,ij->i", way, way)
    along = np.einsum("ij,ij->i", off, way) / np.where(length > 0, length, 1)
    along = np.clip(along, 0, 1)
    rest = off - along[:, None] * way
    distances = np.hypot(rest[:, 0], rest[:, 1])
    edge = int(distances.argmin())
    x, y = (ring[edge] + along[edge] * way[edge]).tolist()
    return EdgeHit(number, edge, float(along[edge]), (x, y), float(distances[edge]))


def _is_beside(ring: Ring, at: Point) -> bool:
    low, high = ring.min(axis=0), ring.max(axis=0)
    return bool(at[0] < low[0] or at[1] < low[1] or at[0] > high[0] or at[1] > high[1])


def _winds_around(ring: Ring, at: Point) -> bool:
    """Return True where an odd number of edges crosses the point's row at or left of it."""
    x0, y0 = ring[:, 0], ring[:, 1]
    x1, y1 = np.roll(x0, -1), np.roll(y0, -1)
    crossing = np.flatnonzero((y0 <= at[1]) != (y1 <= at[1]))
    x0, y0, x1, y1 = (values[crossing] for values in (x0, y0, x1, y1))
    columns: NDArray[np.float64] = x0 + (at[1] - y0) / (y1 - y0) * (x1 - x0)
    return int((columns <= at[0]).sum()) % 2 == 1
