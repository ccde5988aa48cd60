"""A map of attributions -> [-1, 1] as int16, and how far its two halves lie apart."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.saliency_map import SCALE

Attributions = NDArray[np.floating[Any]]


def normalised(attributions: Attributions) -> tuple[NDArray[np.int16], float]:
    """Divide a signed map by its largest |a|, which keeps zero at zero (method 7).

    Parameters
    ----------
    attributions
        Finite, any shape.

    Returns
    -------
    values
        int16, round-half-even(a / peak * 32700); all zero where the map is.
    peak
        Largest |a|.
    """
    exact = np.asarray(attributions, dtype=np.float64)
    peak = float(np.abs(exact).max())
    if peak == 0:
        return np.zeros(exact.shape, dtype=np.int16), 0.0
    return np.rint(exact / peak * SCALE).astype(np.int16), peak


def monte_carlo_error(half_a: Attributions, half_b: Attributions) -> Measure:
    """Return half the L2 distance of two independent half-sample maps over their mean's norm.

    It estimates the relative L2 error of the whole map that comes from the finite number of noisy
    samples: 0.5 says that half of what is seen would differ under another seed.

    Returns
    -------
    0 or above; undefined (``zero_map``) where the mean of the two is zero everywhere.
    """
    norm = float(np.linalg.norm(half_a + half_b)) / 2
    if norm == 0:
        return Undefined(Reason.ZERO_MAP)
    return float(np.linalg.norm(half_a - half_b)) / 2 / norm
