"""Fewer vertices for the same line, within a tolerance (Douglas and Peucker, 1973)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def simplify(line: ArrayLike, tolerance: float) -> NDArray[np.float64]:
    """Return those vertices of an open line that its course needs.

    No point of the line is farther than `tolerance` from the result, both ends stay, and no new
    vertex is made.

    Parameters
    ----------
    line
        Shape (n, 2), columns x and y in pixels.
    tolerance
        In pixels.
    """
    points = np.asarray(line, dtype=np.float64).reshape(-1, 2)
    if len(points) < 3:
        return points
    return points[needed_vertices(points, [0, len(points) - 1], tolerance)]


def needed_vertices(
    points: NDArray[np.float64], ends: ArrayLike, tolerance: float
) -> NDArray[np.intp]:
    """Return the indices, rising, of the vertices that lines need, all lines in one pass.

    Each round splits every stretch at its vertex farthest from the straight way between its ends,
    as long as that is farther than the tolerance: the recursion of Douglas and Peucker, a depth
    at a time.

    Parameters
    ----------
    points
        The vertices of all lines, one line after the other, shape (n, 2).
    ends
        Indices, rising, of vertices that stay; the first and the last of each line among them.
    """
    kept = np.asarray(ends, dtype=np.intp)
    first, last = kept[:-1], kept[1:]
    while (is_long := last - first > 1).any():
        first, last = first[is_long], last[is_long]
        far, distance = _farthest(points, first, last)
        is_split = distance > tolerance
        first, middle, last = first[is_split], far[is_split], last[is_split]
        kept = np.concatenate((kept, middle))
        first, last = np.concatenate((first, middle)), np.concatenate((middle, last))
    return np.sort(kept)


def _farthest(
    points: NDArray[np.float64], first: NDArray[np.intp], last: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return, for each stretch, the vertex inside it that is farthest from its straight way."""
    counts = last - first - 1
    starts = np.cumsum(counts) - counts
    stretch = np.repeat(np.arange(len(counts)), counts)
    inside = np.arange(len(stretch)) - starts[stretch] + first[stretch] + 1
    distance = _distance(points[inside], points[first][stretch], points[last][stretch])
    most = np.maximum.reduceat(distance, starts)
    at_most = np.flatnonzero(distance == most[stretch])
    _, once = np.unique(stretch[at_most], return_index=True)
    return inside[at_most[once]], most


def _distance(
    at: NDArray[np.float64], begin: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the distance of each point from its segment."""
    way, off = end - begin, at - begin
    length = np.einsum("ij,ij->i", way, way)
    along = np.einsum("ij,ij->i", off, way) / np.where(length > 0, length, 1)
    off = off - np.clip(along, 0, 1)[:, None] * way
    distance: NDArray[np.float64] = np.hypot(off[:, 0], off[:, 1])
    return distance
