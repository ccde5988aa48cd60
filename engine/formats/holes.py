"""Polygons cut open where they have holes, for formats whose polygons cannot have any."""

import numpy as np
import shapely

from engine.domain.polygon import Polygon, Region
from engine.regions.repair import region_of_shape


def without_holes(polygon: Polygon) -> Region:
    """Return polygons without holes that cover the same area and meet along cuts.

    The cuts are vertical, through holes; parts that share a cut share its ends to the last digit,
    so that their union is the polygon again. A polygon whose sides run along the edges of pixels
    is cut along such edges too.
    """
    if not polygon.holes:
        return (polygon,)
    whole: list[Polygon] = []
    waiting = [polygon]
    while waiting:
        part = waiting.pop()
        if part.holes:
            waiting += _cut(part)
        else:
            whole.append(part)
    return tuple(whole)


def _cut(polygon: Polygon) -> Region:
    """Cut through the hole in the middle of all, so that about as many lie on either side."""
    left_ends = [hole[:, 0].min() for hole in polygon.holes]
    middle = int(np.argsort(left_ends)[len(left_ends) // 2])
    hole = polygon.holes[middle]
    at_left_end = hole[:, 0] == left_ends[middle]
    is_upright = at_left_end.sum() > 1
    x = left_ends[middle] if is_upright else (left_ends[middle] + hole[:, 0].max()) / 2
    parts = _cut_at(polygon, x)
    if sum(len(part.holes) for part in parts) < len(polygon.holes):
        return parts
    others = (*polygon.holes[:middle], *polygon.holes[middle + 1 :])
    return (Polygon(polygon.exterior, others),)  # the hole is narrower than numbers resolve


def _cut_at(polygon: Polygon, x: float) -> Region:
    shape = shapely.Polygon(polygon.exterior, polygon.holes)
    top, bottom = polygon.exterior[:, 1].min() - 1, polygon.exterior[:, 1].max() + 1
    sides = shapely.union(shape.boundary, shapely.LineString([(x, top), (x, bottom)]))
    faces = shapely.get_parts(shapely.polygonize([sides]))
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    shapely.prepare(shape)
    return region_of_shape(shapely.multipolygons(faces[shapely.contains_xy(shape, inside)]))
