"""Polygons made valid at the border: self-crossings repaired, parts united, the outside cut off."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest

import numpy as np
import shapely
from numpy.typing import ArrayLike

from engine.domain.polygon import Polygon, Region, Ring, ring


def repair_ring(points: ArrayLike) -> tuple[Region, bool]:
    """Return the area that a drawn ring encloses, as valid polygons.

    A ring that crosses itself encloses what it winds around an odd number of times, as for the
    rasteriser: a bow-tie keeps both halves, a spike is cut off.

    Parameters
    ----------
    points
        Shape (n, 2), columns x and y in pixels; the first vertex may be repeated at the end.

    Returns
    -------
    region
        A valid ring as it was drawn; else the repaired polygons, none where the ring encloses no
        area or has a coordinate that is not finite.
    is_repaired
        True where the region is not simply the ring as it was drawn.

    References
    ----------
    Method, section 2.
    """
    drawn = ring(points)
    if not np.isfinite(drawn).all() or len(drawn) < 3:
        return (), True
    shape = shapely.Polygon(drawn)
    if shape.is_valid:
        return (Polygon(drawn),), False
    return region_of_shape(_odd_area(shape)), True


def unite(polygons: Iterable[Polygon]) -> Region:
    """Return the union of polygons, never their exclusive or; one valid polygon stays as it is."""
    parts = tuple(polygons)
    shapes = [_shape_of(polygon) for polygon in parts]
    if len(parts) == 1 and shapes[0].is_valid:
        return parts
    return region_of_shape(shapely.union_all(shapely.make_valid(shapes)))


def even_odd(rings: Sequence[ArrayLike]) -> Region:
    """Return what lies inside an odd number of the rings, such as the paths of one Darwin region.

    Each ring is repaired first; rings that enclose nothing add nothing.
    """
    nothing = shapely.MultiPolygon()
    shapes = [shapely.MultiPolygon([*map(_shape_of, repair_ring(r)[0])]) for r in rings]
    while len(shapes) > 1:  # two by two: one after another would take the square of their number
        pairs = zip_longest(shapes[::2], shapes[1::2], fillvalue=nothing)
        shapes = [shapely.symmetric_difference(*pair) for pair in pairs]
    return region_of_shape(shapes[0]) if shapes else ()


def clip(region: Region, *, width: int, height: int) -> tuple[Region, bool]:
    """Cut off what lies outside the image.

    Parameters
    ----------
    region
        Valid polygons.
    width, height
        Size of the image in pixels.

    Returns
    -------
    region
        The part inside [0, width] x [0, height], in pixels; unchanged where all of it is inside.
    is_clipped
        True where something was cut off.
    """
    corners = [polygon.exterior for polygon in region]
    if all((r >= 0).all() and (r <= (width, height)).all() for r in corners):
        return region, False
    frame = shapely.box(0, 0, width, height)
    shape = shapely.union_all([_shape_of(polygon) for polygon in region])
    inside = shapely.intersection(shape, frame)
    # Vertices that lie outside by less than GEOS resolves are left there.
    within = shapely.transform(inside, lambda at: np.clip(at, 0, (width, height)))
    return region_of_shape(within), True


def region_of_shape(shape: shapely.Geometry) -> Region:
    """Return the polygonal parts of any shape, in an order that depends on their places alone."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    areas = parts[shapely.area(parts) > 0]
    ordered = shapely.get_parts(shapely.normalize(shapely.multipolygons(areas)))
    return tuple(
        Polygon(_ring_of(part.exterior), tuple(map(_ring_of, part.interiors))) for part in ordered
    )


def _odd_area(shape: shapely.Polygon) -> shapely.Geometry:
    """Return the area of a ring that crosses itself.

    It is that of shapely's make_valid, except where sides lie on one another: a spike across
    another side makes that one fill areas outside the ring and empty some inside.
    """
    sides = shapely.get_parts(shapely.union_all([shape.exterior]))
    faces = shapely.get_parts(shapely.polygonize(sides))
    with np.errstate(over="ignore"):  # GEOS divides by sides shorter than 1e-308
        x, y = shapely.get_coordinates(shapely.point_on_surface(faces)).T
    shapely.prepare(shape)
    return shapely.union_all(faces[shapely.contains_xy(shape, x, y)])


def _shape_of(polygon: Polygon) -> shapely.Polygon:
    return shapely.Polygon(polygon.exterior, polygon.holes)


def _ring_of(line: shapely.LinearRing) -> Ring:
    return ring(shapely.get_coordinates(line))
