"""Permutation test of whether a group has lower values than the others of its strata."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

CHUNK = 500_000
"""Cases permuted at a time, over all permutations of a step, which bounds the memory."""

TIE = 1e-9
"""Statistics closer than this are one number, rounded differently."""


@dataclass(frozen=True, slots=True)
class Lowness:
    """How much lower the members of groups are, each array of shape (values, groups).

    Attributes
    ----------
    difference
        Others minus members, within strata.
    statistic
        The difference beyond the margin, divided by its standard error.
    p
        One-sided p-value, at least 1 / (permutations + 1).
    """

    difference: Floats
    statistic: Floats
    p: Floats


def lowness(
    values: Floats,
    groups: Floats,
    strata: Indices,
    *,
    margins: Floats,
    permutations: int,
    rng: np.random.Generator,
) -> Lowness:
    """Test whether the members of each group have lower values than the others.

    The difference is that of the linear model value ~ group + stratum: the differences of means
    in the strata, each weighted by members x others / cases, so that a stratum with members only,
    or with none, says nothing. It is divided by its heteroscedasticity-consistent standard error
    (in one stratum: that of Welch's t), so that a group of another spread is not taken for one of
    another mean. Permutations exchange cases within their stratum, all values of a case together;
    the same ones serve all groups. A margin is taken off the observed difference alone: what is
    tested is then whether members are lower by more than the margin.

    Parameters
    ----------
    values
        Shape (m, n), finite: m values of each of n cases.
    groups
        Shape (k, n): 1 for the members of a group, 0 for the others; each group has members and
        others in at least one stratum.
    strata
        Shape (n,), whole numbers from 0 without gaps.
    margins
        Shape (m, k), in the unit of the values.

    References
    ----------
    Chung & Romano, "Exact and asymptotically robust permutation tests", Annals of Statistics 41,
    2013. White, "A heteroskedasticity-consistent covariance matrix estimator and a direct test
    for heteroskedasticity", Econometrica 48, 1980.
    """
    order = np.argsort(strata, kind="stable")
    edges = np.flatnonzero(np.diff(strata[order], prepend=-1, append=-1))
    weights = _Weights.of(within(groups, strata)[:, order])
    values = within(values, strata)[:, order]
    difference, error = _differences(values[:, None, :], weights)
    observed = (difference[:, 0] - margins) / error[:, 0]
    reached = np.ones_like(observed)
    rows = max(1, CHUNK // len(order))
    for start in range(0, permutations, rows):
        permuted = _permuted(min(rows, permutations - start), edges, rng)
        d, e = _differences(values[:, permuted], weights)
        reached += (d / e >= observed[:, None] - TIE).sum(axis=1)
    return Lowness(difference[:, 0], observed, reached / (permutations + 1))


def within(columns: Floats, strata: Indices) -> Floats:
    """Return columns of shape (k, n) minus their means in each stratum."""
    counts = np.bincount(strata)
    means = [np.bincount(strata, weights=column) / counts for column in columns]
    return np.stack([c - m[strata] for c, m in zip(columns, means, strict=True)])


def _permuted(rows: int, edges: Indices, rng: np.random.Generator) -> Indices:
    """Return indices of cases, shape (rows, n), permuted between neighbouring edges."""
    indices = np.tile(np.arange(edges[-1]), (rows, 1))
    for start, stop in pairwise(edges):
        block = indices[:, start:stop]
        block[...] = rng.permuted(block, axis=1)
    return indices


@dataclass(frozen=True, slots=True)
class _Weights:
    """Membership of groups, centred in each stratum: its powers, (n, k), and their sums, (k,)."""

    first: Floats
    second: Floats
    third: Floats
    sum_second: Floats
    sum_fourth: Floats

    @classmethod
    def of(cls, centred: Floats) -> "_Weights":
        first = np.ascontiguousarray(centred.T)
        second = first * first
        return cls(first, second, first * second, second.sum(axis=0), (second * second).sum(axis=0))


def _differences(values: Floats, weights: _Weights) -> tuple[Floats, Floats]:
    """Return difference and standard error, each (m, rows, k), of values (m, rows, n).

    With w the centred membership, the difference is d = -sum(w v) / sum(w w), the residuals are
    v + d w, and the variance of d is the sum of (w residual)^2 over the square of sum(w w).
    """
    difference = -(values @ weights.first) / weights.sum_second
    squares = values * values
    spread = (
        squares @ weights.second
        + 2 * difference * (values @ weights.third)
        + difference * difference * weights.sum_fourth
    )
    smallest = 1e-12 * squares.mean(axis=2, keepdims=True) * weights.sum_second
    error = np.sqrt(np.maximum(spread, smallest + np.finfo(np.float64).tiny)) / weights.sum_second
    return difference, error
