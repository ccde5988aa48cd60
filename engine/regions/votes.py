"""How many graders marked which pixels, by one sweep over the ends of their runs."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.regions.runs import Runs, joined

GRADER_BITS = 4
MAX_GRADERS = 1 << GRADER_BITS
"""Counts are kept for each of the 2**G patterns of votes."""


def vote_patterns(regions: Sequence[Runs]) -> NDArray[np.int64]:
    """Count the pixels of each pattern of votes.

    Parameters
    ----------
    regions
        One region for each of the G graders, all of one image size.

    Returns
    -------
    int64 array of shape (2**G,): entry b counts the pixels that exactly the graders g with bit g
    set in b marked as pathology; entry 0 is background to everybody. Sums to width * height.

    Raises
    ------
    ValueError
        No region, more than `MAX_GRADERS`, or regions of different image sizes.

    References
    ----------
    Method, sections 2 and 5.
    """
    bounds, patterns = _sweep(regions)
    # float64 sums of whole numbers are exact below 2**53 pixels.
    counts = np.bincount(patterns, weights=np.diff(bounds), minlength=2 ** len(regions))
    return counts.astype(np.int64)


def select(regions: Sequence[Runs], chosen: NDArray[np.bool_]) -> Runs:
    """Return the pixels whose pattern of votes is chosen, such as those of a majority.

    Parameters
    ----------
    regions
        One region for each of the G graders, all of one image size.
    chosen
        Shape (2**G,), indexed as in `vote_patterns`.

    Raises
    ------
    ValueError
        As `vote_patterns`.
    """
    bounds, patterns = _sweep(regions)
    is_in = chosen[patterns]
    width, height = regions[0].width, regions[0].height
    return joined(bounds[:-1][is_in], bounds[1:][is_in], width=width, height=height)


def _sweep(regions: Sequence[Runs]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut the image where any region begins or ends.

    Returns the n + 1 bounds of n stretches of linear index, some of them empty, and the pattern
    of votes on each. The runs of one grader never overlap, so each end toggles the grader's bit.
    """
    if not 1 <= len(regions) <= MAX_GRADERS:
        raise ValueError(f"votes of 1 to {MAX_GRADERS} graders can be counted, not {len(regions)}")
    if len({(region.width, region.height) for region in regions}) > 1:
        raise ValueError("the regions are of images of different sizes")
    ends = [part for region in regions for part in (region.starts, region.ends)]
    grader = np.repeat(np.arange(len(ends)) // 2, [len(part) for part in ends])
    # Position and grader in one number: sorting numbers is far quicker than sorting pairs.
    keys = np.sort((np.concatenate(ends) << GRADER_BITS) | grader)
    bounds = np.concatenate(([0], keys >> GRADER_BITS, [regions[0].width * regions[0].height]))
    toggles = np.concatenate(([0], 1 << (keys & (MAX_GRADERS - 1))))
    return bounds, np.bitwise_xor.accumulate(toggles)
