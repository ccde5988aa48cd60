"""Thresholded Dice: how well the best cut through the map covers the region (section 3.5)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.saliency_map import SCALE
from engine.localisation.histogram import Counts, JointHistogram

STEPS = 100
THRESHOLDS: Counts = np.arange(STEPS + 1, dtype=np.int64) * (SCALE // STEPS)
"""The thresholds k / 100 of the paper, k = 0..100, in units of 1 / `SCALE`."""


@dataclass(frozen=True, slots=True)
class BestCut:
    """The threshold at which the salient pixels, map >= threshold, overlap the region most.

    Attributes
    ----------
    dice
        Their Dice score with the region, 0..1.
    threshold
        The threshold in map units, the lowest on ties.
    plateau
        Number of tried thresholds in a row, from `threshold` on, that reach this Dice score.
    salient, hits, roi
        Number of salient pixels, of those in the region, and of pixels in the region.
    """

    dice: float
    threshold: float
    plateau: int
    salient: int
    hits: int
    roi: int

    @property
    def iou(self) -> float:
        """Intersection over union of the salient pixels and the region, 0..1."""
        return self.hits / (self.salient + self.roi - self.hits)

    @property
    def ground_truth_coverage(self) -> float:
        """Share of the region that is salient, 0..1."""
        return self.hits / self.roi

    @property
    def saliency_coverage(self) -> Measure:
        """Share of the salient pixels in the region, 0..1; undefined where none is salient."""
        if not self.salient:
            return Undefined(Reason.NO_POSITIVE_ATTRIBUTION)
        return self.hits / self.salient


def best_cut(histogram: JointHistogram, thresholds: Counts = THRESHOLDS) -> BestCut:
    """Return the threshold with the highest Dice score with the region, the lowest on ties.

    Where no map value reaches any threshold, nothing is salient and the Dice score is 0.

    Parameters
    ----------
    histogram
        With at least one pixel in the region.
    thresholds
        Ascending, in units of 1 / `SCALE`, at least one.

    References
    ----------
    Dice (1945), Sorensen (1948); references [8] and [28] of the paper.
    """
    first = np.searchsorted(histogram.values, thresholds)
    salient = _pixels_from(histogram.both)[first]
    hits = _pixels_from(histogram.inside)[first]
    roi = histogram.roi_pixels
    dice: NDArray[np.float64] = 2 * hits / (salient + roi)
    best = int(dice.argmax())
    return BestCut(
        dice=float(dice[best]),
        threshold=int(thresholds[best]) / SCALE,
        plateau=int(np.append(dice[best:] < dice[best], True).argmax()),
        salient=int(salient[best]),
        hits=int(hits[best]),
        roi=roi,
    )


def exact_optimum(histogram: JointHistogram) -> tuple[float, Measure]:
    """Return the highest Dice score over all thresholds >= 0, and the lowest value reaching it.

    Only map values that occur are tried, as nothing changes between them. Negative attributions
    never enter: a map without values >= 0 scores 0 at no value.
    """
    candidates = histogram.values[histogram.values >= 0]
    if not len(candidates):
        return 0.0, Undefined(Reason.NO_POSITIVE_ATTRIBUTION)
    best = best_cut(histogram, candidates)
    return best.dice, best.threshold


def chance_dice(histogram: JointHistogram) -> float:
    """Return the Dice score to expect of a map that knows nothing of the region, 0..1.

    2 f p / (f + p), with p the share of pixels in the region and f the share with a map value
    >= 0: such a map does best with the lowest threshold, and is in the region at rate p.
    """
    salient = int(histogram.both[histogram.values >= 0].sum())
    roi = histogram.roi_pixels
    return 2 * salient * roi / (histogram.pixels * (salient + roi))


def _pixels_from(counts: Counts) -> Counts:
    """Return how many pixels lie at or after each position, with a 0 for none."""
    return np.append(counts[::-1].cumsum()[::-1], 0)
