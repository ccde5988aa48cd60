"""Corrections of p-values for the number of tests made."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def holm(p: Floats) -> Floats:
    """Return p-values corrected so that one false finding in a family is as rare as alpha.

    Uniformly more powerful than Bonferroni's, under the same (no) assumptions.

    References
    ----------
    Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6, 1979.
    """
    order = np.argsort(p, kind="stable")
    stepped = p[order] * np.arange(len(p), 0, -1)
    return _in_place(np.minimum(np.maximum.accumulate(stepped), 1), order)


def benjamini_hochberg(p: Floats) -> Floats:
    """Return p-values corrected so that the expected share of false findings is at most alpha.

    References
    ----------
    Benjamini & Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical
    Society B 57, 1995.
    """
    order = np.argsort(p, kind="stable")
    stepped = p[order] * (len(p) / np.arange(1, len(p) + 1))
    return _in_place(np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1), order)


def _in_place(corrected: Floats, order: NDArray[np.intp]) -> Floats:
    result = np.empty_like(corrected)
    result[order] = corrected
    return result
