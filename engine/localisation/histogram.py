"""The joint histogram of map value and region, from which every measure is taken."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Reason

Counts = NDArray[np.int64]

LOWEST = int(np.iinfo(np.int16).min)
DISTINCT = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class JointHistogram:
    """How often each map value occurs inside and outside the region.

    Attributes
    ----------
    values
        Distinct map values that occur, ascending, shape (n,), in units of 1 / `SCALE`.
    inside, outside
        Number of pixels with that value in the region and beside it, shape (n,).
    """

    values: Counts
    inside: Counts
    outside: Counts

    @property
    def both(self) -> Counts:
        """Number of pixels with each value, wherever they lie."""
        return self.inside + self.outside

    @property
    def roi_pixels(self) -> int:
        """Number of pixels in the region."""
        return int(self.inside.sum())

    @property
    def other_pixels(self) -> int:
        """Number of pixels beside the region."""
        return int(self.outside.sum())

    @property
    def pixels(self) -> int:
        """Number of compared pixels."""
        return self.roi_pixels + self.other_pixels


def joint_histogram(values: NDArray[np.int16], roi: NDArray[np.bool_]) -> JointHistogram:
    """Count the pixels of every map value, in the region and beside it.

    Parameters
    ----------
    values
        Map in units of 1 / `SCALE`, int16, any shape.
    roi
        True in the region, of the same shape.
    """
    cell = np.multiply(roi, DISTINCT, dtype=np.int64)
    cell += values
    cell -= LOWEST
    outside, inside = np.bincount(cell.ravel(), minlength=2 * DISTINCT).reshape(2, DISTINCT)
    present = np.flatnonzero(outside + inside)
    return JointHistogram(values=present + LOWEST, inside=inside[present], outside=outside[present])


def why_undefined(histogram: JointHistogram) -> Reason | None:
    """Return why map and region cannot be compared, or None where they can (method 8)."""
    if not histogram.roi_pixels:
        return Reason.ROI_EMPTY
    if not histogram.other_pixels:
        return Reason.ROI_FULL
    if len(histogram.values) == 1:
        return Reason.CONSTANT_MAP if histogram.values[0] else Reason.ZERO_MAP
    return None
