"""The 95 % Hausdorff distance between regions, from the pixels of their borders alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.domain.agreement import Matrix
from engine.domain.measure import Measure, Reason, Undefined
from engine.regions.runs import Runs, joined
from engine.regions.votes import select

if TYPE_CHECKING:
    from scipy.spatial import KDTree

PERCENTILE = 95

_PATTERNS = np.arange(16)
_AT_THE_EDGE = (_PATTERNS & 1 == 1) & (_PATTERNS != 15)
"""Votes of a pixel that is in the region, but not together with its neighbours on all sides."""


def hd95_matrix(regions: Sequence[Runs]) -> Matrix:
    """Return how far the borders of each two regions lie apart, leaving out the farthest 5 %.

    From each border pixel of either region the distance to the nearest border pixel of the other;
    the 95th percentile (linear interpolation) of the distances of both directions pooled, as
    medpy's ``hd95`` has it. The larger of the two directed percentiles, which others report, may
    differ. A border pixel is one of the region with a neighbour (of four) outside it; what lies
    outside the image is outside the region.

    Parameters
    ----------
    regions
        One region for each of the G graders, all of one image size.

    Returns
    -------
    Symmetric G x G matrix in pixels; undefined with `Reason.NOTHING_DRAWN` for an empty region.

    References
    ----------
    D. P. Huttenlocher, G. A. Klanderman, W. J. Rucklidge, "Comparing images using the Hausdorff
    distance", IEEE Transactions on Pattern Analysis and Machine Intelligence 15 (1993) 850-863.
    Method, section 5.
    """
    borders = [_border_of(region) if len(region.starts) else None for region in regions]
    matrix: list[list[Measure]] = [
        [Undefined(Reason.NOTHING_DRAWN)] * len(borders) for _ in regions
    ]
    for a, one in enumerate(borders):
        for b, other in enumerate(borders[: a + 1]):
            if one is not None and other is not None:
                matrix[a][b] = matrix[b][a] = _hd95(one, other) if a != b else 0.0
    return tuple(map(tuple, matrix))


@dataclass(frozen=True, slots=True, eq=False)
class _Border:
    """Border pixels, shape (n, 2) for row and column in reading order, ready to be searched.

    Attributes
    ----------
    along_rows, along_columns
        One number for each pixel, ascending, in reading order and in that of columns. Lines are
        so far apart there that the difference of two numbers is never less than the distance.
    columns_order
        The places in `pixels` of what stands in `along_columns`.
    """

    pixels: NDArray[np.float64]
    along_rows: NDArray[np.int64]
    along_columns: NDArray[np.int64]
    columns_order: NDArray[np.int64]
    tree: "KDTree"


def _border_of(region: Runs) -> _Border:
    from scipy.spatial import KDTree  # noqa: PLC0415 - scipy is slow to load

    row, column = np.ascontiguousarray(border(region).T)
    pixels = np.stack((row, column), axis=1, dtype=np.float64)
    by_column = column * (2 * region.height) + row
    order = np.argsort(by_column)
    # Such a tree is four times as quick here, where points lie dense along a line.
    tree = KDTree(pixels, leafsize=32, compact_nodes=False, balanced_tree=False)
    return _Border(pixels, row * (2 * region.width) + column, by_column[order], order, tree)


def _hd95(one: _Border, other: _Border) -> float:
    """Return the percentile of the pooled distances, most of which are never looked for.

    It needs but the largest 5 % and the next. Each distance is at most that to a neighbour along
    the row or column, so the ones that are not among the largest are known to be small.
    """
    bounds = np.concatenate((_at_most(one, other), _at_most(other, one)))
    below, share = divmod((len(bounds) - 1) * PERCENTILE, 100)
    needed = len(bounds) - below
    split = max(len(bounds) - 2 * needed, 0)
    rest, likely = np.split(np.argpartition(bounds, split), [split])
    found = _distances(one, other, likely)
    least = np.partition(found, -needed)[-needed]
    overlooked = rest[bounds[rest] > least]
    if len(overlooked):
        found = np.concatenate((found, _distances(one, other, overlooked)))
    low, high = np.sort(found)[-needed:][[0, min(1, needed - 1)]]
    return float(low + (high - low) * share / 100)


def _at_most(own: _Border, other: _Border) -> NDArray[np.int64]:
    """Return for each pixel what its distance from the other border cannot exceed."""
    bounds = _gaps(own.along_rows, other.along_rows)
    across = _gaps(own.along_columns, other.along_columns)
    bounds[own.columns_order] = np.minimum(bounds[own.columns_order], across)
    return bounds


def _gaps(own: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how far each number is from the nearest of the others; both are ascending."""
    after = np.searchsorted(other, own)
    before = other[np.maximum(after - 1, 0)]
    after = np.minimum(after, len(other) - 1)
    gaps: NDArray[np.int64] = np.minimum(np.abs(own - before), np.abs(other[after] - own))
    return gaps


def _distances(one: _Border, other: _Border, at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the exact distances of some pixels of the two borders, numbered one after another."""
    at = np.sort(at)  # a tree is quicker to search for points that lie near each other
    split = np.searchsorted(at, len(one.pixels))
    there = other.tree.query(one.pixels[at[:split]])[0]
    back = one.tree.query(other.pixels[at[split:] - len(one.pixels)])[0]
    distances: NDArray[np.float64] = np.concatenate((there, back))
    return distances


def border(region: Runs) -> NDArray[np.int64]:
    """Return row and column of each pixel of a region with one of its four neighbours outside.

    Returns
    -------
    int64 array of shape (n, 2), in reading order.
    """
    width, height = region.width, region.height
    first, last = region.starts // width, (region.ends - 1) // width
    rows = last - first + 1
    run = np.repeat(np.arange(len(rows)), rows)
    row = np.arange(len(run)) + np.repeat(first - (np.cumsum(rows) - rows), rows)
    # The parts of runs on each row without their two ends: left and right neighbours are inside.
    starts = np.maximum(region.starts[run], row * width) + 1
    ends = np.minimum(region.ends[run], (row + 1) * width) - 1
    across = joined(starts, ends, width=width, height=height)
    votes = [region, across, _moved(region, width), _moved(region, -width)]
    edge = select(votes, _AT_THE_EDGE)
    lengths = edge.ends - edge.starts
    offset = np.repeat(edge.starts - (np.cumsum(lengths) - lengths), lengths)
    return np.stack(np.divmod(np.arange(len(offset)) + offset, width), axis=1)


def _moved(region: Runs, step: int) -> Runs:
    """Return the region moved by a step of linear index, without what leaves the image."""
    size = region.width * region.height
    starts, ends = (np.clip(at + step, 0, size) for at in (region.starts, region.ends))
    return joined(starts, ends, width=region.width, height=region.height)
