"""Measures of order alone: Spearman's rank correlation and the area under the ROC curve."""

import math

from engine.localisation.histogram import Counts, JointHistogram


def spearman(histogram: JointHistogram) -> float:
    """Return Spearman's rank correlation of the map with the binary region, -1..1.

    Pearson's correlation of the map's average ranks with the mask (section 3.5, reference [29]).
    Without ties it is sqrt(3 p (1 - p)) (2 AUC - 1): AUC squeezed by the region's share p.

    Parameters
    ----------
    histogram
        With pixels in the region and beside it, and at least two map values.
    """
    balance = _balance(histogram)
    # The balance is twice a rank's distance from the mean rank; the factors cancel. Sums of its
    # squares can exceed the range of an integer, sums of the products cannot.
    variation = float((histogram.both * balance.astype(float) ** 2).sum())
    covariation = int((histogram.inside * balance).sum())
    mask_variation = histogram.roi_pixels * histogram.other_pixels / histogram.pixels
    correlation = covariation / math.sqrt(variation * mask_variation)
    return max(-1.0, min(correlation, 1.0))  # rounding may carry it past the ends


def roc_auc(histogram: JointHistogram) -> float:
    """Return the area under the ROC curve, 0..1.

    The chance that a pixel in the region has a higher map value than one beside it, with ties
    counted half (Mann-Whitney).

    Parameters
    ----------
    histogram
        With pixels in the region and beside it.
    """
    # Pairs within the region cancel, so what is left are wins minus losses over mixed pairs.
    wins_less_losses = int((histogram.inside * _balance(histogram)).sum())
    pairs = histogram.roi_pixels * histogram.other_pixels
    return (pairs + wins_less_losses) / (2 * pairs)


def _balance(histogram: JointHistogram) -> Counts:
    """Return for each value how many pixels lie below it minus how many lie above."""
    both = histogram.both
    below_or_equal = both.cumsum()
    balance: Counts = 2 * below_or_equal - both - below_or_equal[-1]
    return balance
