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
    inside = np.arange(counts.sum()) + np.repeat(first + 1 - starts, counts)
    distance = _distances(points, inside, counts, (first, last))
    most = np.maximum.reduceat(distance, starts)
    at_most = np.flatnonzero(distance == np.repeat(most, counts))
    once = at_most[np.searchsorted(at_most, starts)]
    return inside[once], np.sqrt(most)


def _distances(
    points: NDArray[np.float64],
    inside: NDArray[np.intp],
    counts: NDArray[np.intp],
    ends: tuple[NDArray[np.intp], NDArray[np.intp]],
) -> NDArray[np.float64]:
    """Return the squared distance of each vertex from the segment between its stretch's ends."""
    begin, end = points[ends[0]], points[ends[1]]
    way = end - begin
    length = way[:, 0] ** 2 + way[:, 1] ** 2
    unit = way / np.where(length > 0, length, 1)[:, None]
    begin_x, begin_y, way_x, way_y, unit_x, unit_y = np.repeat(
        np.hstack((begin, way, unit)), counts, axis=0
    ).T
    off_x, off_y = points[inside, 0] - begin_x, points[inside, 1] - begin_y
    along = np.clip(off_x * unit_x + off_y * unit_y, 0, 1)
    distances: NDArray[np.float64] = (off_x - along * way_x) ** 2 + (off_y - along * way_y) ** 2
    return distances
