"""Where the relevance sits: the pointing game, relevance mass and relevance rank accuracy."""

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Measure, Reason, Undefined
from engine.localisation.histogram import JointHistogram


def pointing_game(histogram: JointHistogram) -> float:
    """Return the share of the pixels with the map's highest value that lie in the region, 0..1.

    References
    ----------
    Zhang et al., "Top-down neural attention by excitation backprop", IJCV 2018.
    """
    return int(histogram.inside[-1]) / int(histogram.both[-1])


def tolerant_pointing_game(
    values: NDArray[np.int16], roi: NDArray[np.bool_], *, tolerance: float
) -> float:
    """Return the share of the map's highest pixels in the region or at most `tolerance` beside it.

    Parameters
    ----------
    values, roi
        Map and region, shape (rows, columns); at least one pixel in the region.
    tolerance
        Distance between pixel centres, grid pixels.
    """
    from scipy.ndimage import distance_transform_edt  # noqa: PLC0415  only where a tolerance is set

    is_near = distance_transform_edt(~roi) <= tolerance
    return float(is_near[values == values.max()].mean())


def mass_accuracy(histogram: JointHistogram) -> Measure:
    """Return the share of all positive attribution that lies in the region, 0..1.

    Relevance mass accuracy; undefined where the map has no positive value.

    References
    ----------
    Arras et al., "CLEVR-XAI", Information Fusion 2022.
    """
    weights = histogram.values.clip(min=0)
    mass = int((weights * histogram.both).sum())
    if not mass:
        return Undefined(Reason.NO_POSITIVE_ATTRIBUTION)
    return int((weights * histogram.inside).sum()) / mass


def rank_accuracy(histogram: JointHistogram) -> float:
    """Return the share of the |ROI| highest pixels that lie in the region, 0..1.

    Relevance rank accuracy; of pixels tied at the last place, each counts by the share of them
    that still fits.

    Parameters
    ----------
    histogram
        With at least one pixel in the region.

    References
    ----------
    Arras et al., "CLEVR-XAI", Information Fusion 2022.
    """
    roi = histogram.roi_pixels
    from_the_top = histogram.both[::-1]
    inside = histogram.inside[::-1]
    taken = from_the_top.cumsum()
    last = int(np.searchsorted(taken, roi))
    tied = int(from_the_top[last])
    room = roi - (int(taken[last]) - tied)
    hits_above = int(inside[:last].sum())
    return (hits_above * tied + room * int(inside[last])) / (roi * tied)
