"""The 95 % Hausdorff distance between regions, from the pixels of their borders alone."""

from collections.abc import Sequence
from functools import partial
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
    from scipy.spatial import KDTree  # noqa: PLC0415 - scipy is slow to load

    # Such trees are four times as quick here, where points lie dense along a line.
    tree = partial(KDTree, leafsize=32, compact_nodes=False, balanced_tree=False)
    trees = [tree(border(region)) if len(region.starts) else None for region in regions]
    matrix: list[list[Measure]] = [[Undefined(Reason.NOTHING_DRAWN)] * len(trees) for _ in trees]
    for a, one in enumerate(trees):
        for b, other in enumerate(trees[: a + 1]):
            if one is not None and other is not None:
                matrix[a][b] = matrix[b][a] = _hd95(one, other) if a != b else 0.0
    return tuple(map(tuple, matrix))


def _hd95(one: "KDTree", other: "KDTree") -> float:
    there, back = one.query(other.data)[0], other.query(one.data)[0]
    return float(np.percentile(np.concatenate((there, back)), PERCENTILE))


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
