"""Percentile bootstrap of a mean, cases being what is resampled (Efron & Tibshirani, 1993)."""

import numpy as np
from numpy.typing import NDArray

from engine.domain.findings import Interval
from engine.domain.measure import Reason, Undefined

Floats = NDArray[np.float64]

CHUNK = 200_000
"""Numbers drawn at a time: few enough to stay in a processor's cache."""


def interval_of_mean(
    values: Floats,
    *,
    clusters: NDArray[np.generic] | None = None,
    resamples: int = 10_000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Interval | Undefined:
    """Return the percentile bootstrap interval of a mean.

    The interval says how far the mean would move if other cases of the same kind had been seen.
    Images of one case are alike, so that they are resampled together: a resample draws as many
    cases as there are, and each brings all its values.

    Parameters
    ----------
    values
        Shape (n,), all finite.
    clusters
        Shape (n,), the case of each value; None where each value is a case of its own.
    confidence
        Level of the interval, such as 0.95.

    Returns
    -------
    Low and high quantile of the resampled means; undefined with ``too_few_cases`` for fewer than
    two cases.

    References
    ----------
    Section 4.3 and Figure 8; method, sections 5 and 10. Efron & Tibshirani, "An Introduction to
    the Bootstrap", 1993, chapter 13.
    """
    sizes = None
    if clusters is not None:
        _, case = np.unique(clusters, return_inverse=True)
        sizes = np.bincount(case).astype(np.float64)
        values = np.bincount(case, weights=values).astype(np.float64)
    if len(values) < 2:
        return Undefined(Reason.TOO_FEW_CASES)
    rng = np.random.default_rng(seed)
    return interval_of(resampled_means(values, rng, resamples=resamples, sizes=sizes), confidence)


def interval_of(resampled: Floats, confidence: float) -> Interval:
    """Return the central interval that holds a share of resampled statistics."""
    tail = (1 - confidence) / 2
    low, high = np.quantile(resampled, (tail, 1 - tail))
    return Interval(float(low), float(high), confidence)


def resampled_means(
    values: Floats,
    rng: np.random.Generator,
    *,
    resamples: int,
    sizes: Floats | None = None,
) -> Floats:
    """Return the mean of each resample with replacement.

    Parameters
    ----------
    values
        Shape (n,): one number for each case, or its sum over the case where `sizes` is given.
    sizes
        Shape (n,): how many numbers each sum is of.

    Returns
    -------
    Shape (resamples,). Memory is bounded whatever n is.
    """
    count = len(values)
    rows = max(1, CHUNK // count)
    means = np.empty(resamples)
    for start in range(0, resamples, rows):
        shape = (min(rows, resamples - start), count)
        drawn = rng.integers(0, count, size=shape, dtype=np.int32)
        totals = values[drawn].sum(axis=1)
        weight = count if sizes is None else sizes[drawn].sum(axis=1)
        means[start : start + rows] = totals / weight
    return means
