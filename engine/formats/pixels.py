"""Run lengths and runs, of masks that files hold in few words, as polygons exact to the pixel."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.domain.polygon import Polygon, Region, ring
from engine.formats.outlines import Unusable
from engine.images.refusals import MAX_PIXELS
from engine.regions.outline import region_of_mask
from engine.regions.runs import Runs, joined, sample


def runs_of_lengths(lengths: Sequence[int], *, width: int, height: int) -> Runs:
    """Return lengths of runs in reading order, background first, as runs.

    Raises
    ------
    Unusable
        There are more pixels than a picture may have, or the lengths do not add up to them.
    """
    check_pixels(width * height)
    if any(length < 0 for length in lengths) or sum(lengths) != width * height:
        raise Unusable("its run lengths do not add up to the mask; it was left out")
    bounds = np.cumsum([*lengths, *(0,) * (len(lengths) % 2)])
    return joined(bounds[::2], bounds[1::2], width=width, height=height)


def region_of_runs(runs: Runs) -> Region:
    """Return runs as polygons exact to the pixel, without making the mask of few long ones."""
    row, column = np.divmod(np.concatenate((runs.starts, runs.ends)), runs.width)
    # Between these rows no run begins or ends, and within a row only at these columns.
    below = np.minimum(row + 1, runs.height)
    rows = np.unique(np.concatenate(([0, runs.height], row, below)))
    columns = np.unique(np.concatenate(([0, runs.width], column)))
    small = region_of_mask(sample(runs, rows=rows[:-1], columns=columns[:-1]))
    return tuple(_stretched(polygon, columns, rows) for polygon in small)


def _stretched(polygon: Polygon, columns: NDArray[np.int64], rows: NDArray[np.int64]) -> Polygon:
    corners = (part.astype(np.int64) for part in polygon.rings)
    exterior, *holes = (
        ring(np.column_stack((columns[at[:, 0]], rows[at[:, 1]]))) for at in corners
    )
    return Polygon(exterior, tuple(holes))


def check_pixels(pixels: int) -> None:
    """Raise `Unusable` for a mask of more pixels than a picture may have."""
    if pixels > MAX_PIXELS:
        raise Unusable(f"the mask has more than {MAX_PIXELS} pixels; it was left out")
