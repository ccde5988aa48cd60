"""Whether the images that one saliency method ranks lowest stay lowest under another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Measure, Reason, Undefined, value_of


@dataclass(frozen=True, slots=True)
class PairPersistence:
    """How two methods rank the same images.

    Attributes
    ----------
    spearman
        Rank correlation of their values; undefined where one of them is the same for all images.
    shared_lowest
        Images that are among the lowest by both.
    """

    one: str
    other: str
    spearman: Measure
    shared_lowest: int


@dataclass(frozen=True, slots=True)
class Persistence:
    """How far several methods agree on which images are low in one metric.

    Attributes
    ----------
    methods
        Names, in the order given.
    images
        Images with a defined value by every method; the others are left out.
    left_out
        Images that some method knows and another does not, or leaves undefined.
    kendall_w
        Kendall's coefficient of concordance, corrected for ties: 0 where the rankings have
        nothing in common, 1 where they are the same.
    lowest
        How many images are the lowest fraction.
    stay_lowest
        Paths of the images that are among the lowest by every method.
    pairs
        Each two methods.
    """

    methods: tuple[str, ...]
    images: int
    left_out: int
    kendall_w: Measure
    lowest: int
    stay_lowest: tuple[str, ...]
    pairs: tuple[PairPersistence, ...]

    @property
    def share_staying(self) -> Measure:
        """Share of the lowest images that are lowest by every method, 0..1."""
        if not self.lowest:
            return Undefined(Reason.TOO_FEW_IMAGES)
        return len(self.stay_lowest) / self.lowest


def rank_persistence(
    by_method: Mapping[str, Mapping[str, Measure]], *, fraction: float = 0.1
) -> Persistence:
    """Compare how methods rank the same images by one metric, such as DS or SRCC.

    Parameters
    ----------
    by_method
        For each method, at least two, the metric's value by image path.
    fraction
        Which part of the images counts as lowest: of n images the whole number not above
        fraction x n, but at least one of two or more. Images of the same value are ranked by
        path, as in question 1.

    Raises
    ------
    ValueError
        There are fewer than two methods.

    References
    ----------
    Kendall and Babington Smith 1939, The problem of m rankings; ties after Kendall 1948.
    """
    if len(by_method) < 2:
        raise ValueError("rankings of at least two methods can be compared")
    known = [
        {path for path, value in values.items() if not isinstance(value, Undefined)}
        for values in by_method.values()
    ]
    paths = sorted(set.intersection(*known))
    values = np.array(
        [[value_of(of_image[path]) for path in paths] for of_image in by_method.values()],
        dtype=float,
    )
    count = max(int(fraction * len(paths) + 1e-9), min(1, len(paths) // 2))
    lowest = [{paths[i] for i in np.argsort(row, kind="stable")[:count]} for row in values]
    methods = tuple(by_method)
    pairs = (
        PairPersistence(
            methods[a], methods[b], _spearman(values[[a, b]]), len(lowest[a] & lowest[b])
        )
        for a, b in combinations(range(len(methods)), 2)
    )
    return Persistence(
        methods=methods,
        images=len(paths),
        left_out=len(set().union(*by_method.values())) - len(paths),
        kendall_w=kendall_w(values),
        lowest=count,
        stay_lowest=tuple(sorted(set.intersection(*lowest))),
        pairs=tuple(pairs),
    )


def kendall_w(values: Sequence[Sequence[float]] | NDArray[np.float64]) -> Measure:
    """Return Kendall's coefficient of concordance of m rankings of n objects, ties corrected.

    W = 12 S / (m^2 (n^3 - n) - m T): S is the sum of squared deviations of the objects' rank sums
    from their mean, ranks are averaged over ties, and T sums t^3 - t over groups of t tied
    objects in each ranking.

    Parameters
    ----------
    values
        Shape (m, n): what each ranking is made from, finite.

    Returns
    -------
    0..1; undefined with fewer than two objects (``too_few_images``), or where every ranking ties
    all of them (``no_variation``).
    """
    from scipy.stats import rankdata  # noqa: PLC0415 - a second to import

    rows = np.asarray(values, dtype=float)
    m, n = rows.shape
    if n < 2:
        return Undefined(Reason.TOO_FEW_IMAGES)
    sums = rankdata(rows, axis=1).sum(axis=0)
    tied = [np.unique(row, return_counts=True)[1].astype(float) for row in rows]
    ties = sum(float((t**3 - t).sum()) for t in tied)
    possible = m**2 * (float(n) ** 3 - n) - m * ties
    if possible == 0:
        return Undefined(Reason.NO_VARIATION)
    return float(12 * ((sums - sums.mean()) ** 2).sum() / possible)


def _spearman(pair: NDArray[np.float64]) -> Measure:
    from scipy.stats import spearmanr  # noqa: PLC0415

    if pair.shape[1] < 2:
        return Undefined(Reason.TOO_FEW_IMAGES)
    if (np.ptp(pair, axis=1) == 0).any():
        return Undefined(Reason.NO_VARIATION)
    return float(spearmanr(*pair).statistic)
