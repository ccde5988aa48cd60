"""A mask to polygons with holes that run along the edges of its pixels."""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from engine.domain.polygon import Polygon, Region, ring
from engine.regions.repair import region_of_shape

BLOCK = 2**22
"""Pixels whose sides are looked for at a time; memory beside the mask is a few times as much."""


def region_of_mask(mask: ArrayLike) -> Region:
    """Return a mask as polygons, exact to the pixel.

    Pixels that share a side belong to one polygon; pixels that only touch at a corner do not, so
    that every polygon is valid. Vertices stand only where the outline turns. Rasterising the
    result gives the mask again.

    Parameters
    ----------
    mask
        Shape (height, width); whatever is not zero is inside.
    """
    pixels = np.asarray(mask, dtype=bool)
    lines = np.concatenate((_level_sides(pixels), _level_sides(pixels.T)[:, :, ::-1]))
    faces = shapely.get_parts(shapely.polygonize(shapely.linestrings(lines)))
    return region_of_shape(shapely.multipolygons(faces[_is_inside(faces, pixels)]))


def shifted(region: Region, by: ArrayLike) -> Region:
    """Return a region moved by x and y, in pixels."""
    step = np.asarray(by, dtype=np.float64)
    return tuple(
        Polygon(ring(polygon.exterior + step), tuple(ring(hole + step) for hole in polygon.holes))
        for polygon in region
    )


def _level_sides(pixels: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the horizontal sides of an outline, each as long as it goes: (n, 2 ends, 2 for x, y).

    Where pixels touch at a corner, the inside changes from above to below and the side ends.
    """
    height, width = pixels.shape
    rows = max(1, BLOCK // (width + 2))
    blocks = range(0, height + 1, rows)
    return np.concatenate([_sides_above(pixels, at, min(at + rows, height + 1)) for at in blocks])


def _sides_above(pixels: NDArray[np.bool_], first: int, last: int) -> NDArray[np.int64]:
    """Return the sides between each row from `first` to before `last` and the row above it."""
    height, width = pixels.shape
    padded = np.zeros((last - first + 1, width + 2), dtype=np.int8)
    begin, end = max(first - 1, 0), min(last, height)
    padded[begin - first + 1 : end - first + 1, 1:-1] = pixels[begin:end]
    step = (padded[1:] - padded[:-1]).ravel()
    bounds = np.flatnonzero(step[1:] != step[:-1]) + 1
    starts, ends = bounds[:-1], bounds[1:]
    is_side = step[starts] != 0
    # The padding is flat, so a side never goes on into the next row.
    row, column = np.divmod(starts[is_side], width + 2)
    length = (ends - starts)[is_side]
    left = np.stack((column - 1, row + first), axis=1)
    return np.stack((left, left + np.stack((length, 0 * length), axis=1)), axis=1)


def _is_inside(faces: NDArray[np.object_], pixels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which faces are made of true pixels: the one below a face's first corner tells."""
    corners, face = shapely.get_coordinates(shapely.get_exterior_ring(faces), return_index=True)
    x, y = corners.astype(np.int64).T
    order = np.lexsort((x, y, face))
    first = order[np.searchsorted(face, np.arange(len(faces)))]
    inside: NDArray[np.bool_] = pixels[y[first], x[first]]
    return inside
