"""A region as bytes and back: WKB MultiPolygon, exact to the last bit of every coordinate."""

import struct
from collections.abc import Iterator

import numpy as np
import shapely

from engine.domain.polygon import Polygon, Region, Ring

LITTLE_ENDIAN = 1
POLYGON, MULTIPOLYGON = 3, 6
HEADER = struct.Struct("<BII")
"""Byte order, kind of geometry, and how many parts follow: polygons, or the rings of one."""

COUNT = struct.Struct("<I")
COORDINATES = np.dtype("<f8")
VERTEX_SIZE = 2 * COORDINATES.itemsize


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


def decode_region(blob: bytes, known: dict[bytes, Polygon] | None = None) -> Region:
    """Return the region that `encode_region` wrote, with open read-only rings.

    Parameters
    ----------
    known
        Polygons by their bytes, which grows: regions decoded with the same one share what they
        have in common, as the revisions of one image do.

    Raises
    ------
    ValueError
        The bytes are no WKB MultiPolygon.
    """
    known = {} if known is None else known
    try:
        return tuple(_decoded(part, known) for part in _parts(blob))
    except (struct.error, ValueError) as error:
        raise ValueError(f"no WKB MultiPolygon: {error}") from error


def _closed(ring: Ring) -> shapely.LinearRing:
    # adding zero makes -0.0 and 0.0, which are equal, the same bytes
    return shapely.linearrings(np.concatenate((ring, ring[:1])) + 0.0)


def _parts(blob: bytes) -> Iterator[bytes]:
    """Yield the WKB of each polygon of a MultiPolygon."""
    end = HEADER.size
    for _ in range(_count(blob, 0, MULTIPOLYGON)):
        start = end
        end += HEADER.size
        for _ in range(_count(blob, start, POLYGON)):
            (vertices,) = COUNT.unpack_from(blob, end)
            end += COUNT.size + vertices * VERTEX_SIZE
        yield blob[start:end]
    if end != len(blob):
        raise ValueError("it does not end where the bytes end")


def _count(blob: bytes, start: int, kind: int) -> int:
    """Return how many parts the geometry of this kind has that begins there."""
    *found, parts = HEADER.unpack_from(blob, start)
    if found != [LITTLE_ENDIAN, kind]:
        raise ValueError("it is another kind of geometry")
    return int(parts)


def _decoded(part: bytes, known: dict[bytes, Polygon]) -> Polygon:
    if part not in known:
        exterior, *holes = _rings(part)
        known[part] = Polygon(exterior, tuple(holes))
    return known[part]


def _rings(part: bytes) -> Iterator[Ring]:
    start = HEADER.size
    while start < len(part):
        (vertices,) = COUNT.unpack_from(part, start)
        start += COUNT.size
        closed = np.frombuffer(part, COORDINATES, 2 * vertices, start).reshape(-1, 2)
        if vertices < 4:
            raise ValueError("a ring has fewer than three vertices")
        vertices_once = closed[:-1].astype(np.float64)
        vertices_once.setflags(write=False)
        yield vertices_once
        start += closed.nbytes
