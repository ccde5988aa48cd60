"""A mask to polygons with holes that run along the edges of its pixels."""

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from engine.domain.polygon import Region
from engine.regions.repair import region_of_shape


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
    padded = np.pad(pixels, 1).astype(np.int8)
    lines = np.concatenate((_level_sides(padded), _level_sides(padded.T)[:, :, ::-1]))
    faces = shapely.get_parts(shapely.polygonize(shapely.linestrings(lines)))
    return region_of_shape(shapely.multipolygons(faces[_is_inside(faces, pixels)]))


def _level_sides(padded: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return the horizontal sides of an outline, each as long as it goes: (n, 2 ends, 2 for x, y).

    Where pixels touch at a corner, the inside changes from above to below and the side ends.
    """
    step = (padded[1:] - padded[:-1]).ravel()
    bounds = np.flatnonzero(step[1:] != step[:-1]) + 1
    first, last = bounds[:-1], bounds[1:]
    is_side = step[first] != 0
    # The padding is flat, so a side never goes on into the next row.
    row, start = np.divmod(first[is_side], padded.shape[1])
    length = (last - first)[is_side]
    left = np.stack((start - 1, row), axis=1)
    return np.stack((left, left + np.stack((length, 0 * length), axis=1)), axis=1)


def _is_inside(faces: NDArray[np.object_], pixels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which faces are made of true pixels: the one below a face's first corner tells."""
    corners, face = shapely.get_coordinates(shapely.get_exterior_ring(faces), return_index=True)
    x, y = corners.astype(np.int64).T
    order = np.lexsort((x, y, face))
    first = order[np.searchsorted(face, np.arange(len(faces)))]
    inside: NDArray[np.bool_] = pixels[y[first], x[first]]
    return inside
