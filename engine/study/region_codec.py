"""A region as bytes and back: WKB MultiPolygon, exact to the last bit of every coordinate."""

from collections.abc import Sequence

import numpy as np
import shapely

from engine.domain.polygon import Polygon, Region, Ring

LITTLE_ENDIAN = 1


def encode_region(region: Region) -> bytes:
    """Return the region as WKB MultiPolygon; equal regions give equal bytes.

    Parameters
    ----------
    region
        Polygons in image pixels; order, holes, overlaps and self-intersections are kept as given.
        Every ring has at least three vertices.
    """
    polygons = [
        shapely.Polygon(_closed(polygon.exterior), [_closed(hole) for hole in polygon.holes])
        for polygon in region
    ]
    wkb: bytes = shapely.to_wkb(shapely.MultiPolygon(polygons), byte_order=LITTLE_ENDIAN)
    return wkb


def decode_region(blob: bytes) -> Region:
    """Return the region that `encode_region` wrote, with open read-only rings.

    Raises
    ------
    ValueError
        The bytes are no WKB MultiPolygon.
    """
    try:
        geometry = shapely.from_wkb(blob)
    except shapely.errors.ShapelyError as error:
        raise ValueError(f"no WKB: {error}") from error
    if shapely.get_type_id(geometry) != shapely.GeometryType.MULTIPOLYGON:
        raise ValueError("no WKB MultiPolygon")
    return tuple(_polygon(shapely.get_rings(part)) for part in shapely.get_parts(geometry))


def _closed(ring: Ring) -> shapely.LinearRing:
    # adding zero makes -0.0 and 0.0, which are equal, the same bytes
    return shapely.linearrings(np.concatenate((ring, ring[:1])) + 0.0)


def _polygon(rings: Sequence[shapely.LinearRing]) -> Polygon:
    exterior, *holes = [_open(ring) for ring in rings]
    return Polygon(exterior, tuple(holes))


def _open(ring: shapely.LinearRing) -> Ring:
    vertices: Ring = shapely.get_coordinates(ring)[:-1]
    vertices.setflags(write=False)
    return vertices
