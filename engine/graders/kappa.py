"""Agreement between the graders of one image, from the counts of their 2**G vote patterns.

Entry b of the counts is the number of pixels that exactly the graders g with bit g set in b
marked as pathology. All sums are exact; each measure is rounded once, at its final division.
"""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Measure, Reason, Undefined
from engine.graders.others import against_others

Counts = NDArray[np.int64]


def fleiss_kappa(counts: Counts) -> Measure:
    """Return how far graders agree on pixels beyond chance; 1 is perfect, 0 is chance.

    Pixels are the subjects, pathology and background the two categories. It falls for large
    lesions at the same overlap: read it beside `gwet_ac1` and `foreground`. For complete
    gradings it is (D - p) / (1 - p), with D `pooled_dice` and p `foreground`.

    Parameters
    ----------
    counts
        Pixels of each vote pattern, shape (2**G,).

    Returns
    -------
    At most 1. Undefined for fewer than two graders, where nobody drew anything, and where
    everything is pathology to everybody.

    References
    ----------
    J. L. Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin
    76 (1971) 378-382. Section 3.3 of the paper; method, section 5.
    """
    graders = _graders(counts)
    if graders < 2:
        return Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    marked, votes, split = _sums(counts)
    if marked == 0:
        return Undefined(Reason.NOTHING_DRAWN)
    if marked == votes:
        return Undefined(Reason.EVERYTHING_IS_PATHOLOGY)
    # 1 - observed agreement = 2 split / (votes (G - 1)); 1 - expected = 2 p (1 - p).
    by_chance = (graders - 1) * marked * (votes - marked)
    return (by_chance - split * votes) / by_chance


def gwet_ac1(counts: Counts) -> Measure:
    """Return Gwet's first-order agreement coefficient, which does not fall for large lesions.

    Parameters
    ----------
    counts
        Pixels of each vote pattern, shape (2**G,).

    Returns
    -------
    At most 1. Undefined for fewer than two graders; it is 1 where all agree that there is
    nothing, or nothing but pathology.

    References
    ----------
    K. L. Gwet, "Computing inter-rater reliability and its variance in the presence of high
    agreement", British Journal of Mathematical and Statistical Psychology 61 (2008) 29-48.
    """
    graders = _graders(counts)
    if graders < 2:
        return Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    marked, votes, split = _sums(counts)
    # As kappa, but with the expected agreement 2 p (1 - p).
    by_chance = (graders - 1) * (votes**2 - 2 * marked * (votes - marked))
    return (by_chance - 2 * split * votes) / by_chance


def pooled_dice(counts: Counts) -> Measure:
    """Return the Dice overlap pooled over all pairs of graders, 0..1.

    Twice the pixels shared by a pair over the pixels of both, each summed over all pairs first,
    so that large regions weigh more than in `mean_pairwise_dice`.

    Returns
    -------
    Undefined for fewer than two graders and where nobody drew anything.
    """
    graders = _graders(counts)
    if graders < 2:
        return Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    marked, _, split = _sums(counts)
    if marked == 0:
        return Undefined(Reason.NOTHING_DRAWN)
    by_pairs = (graders - 1) * marked
    return (by_pairs - split) / by_pairs


def pairwise_dice(counts: Counts) -> tuple[tuple[Measure, ...], ...]:
    """Return the Dice overlap of each grader with each, a symmetric G x G matrix, 0..1.

    Two graders who both drew nothing have no Dice: undefined.
    """
    is_marked = (np.arange(len(counts))[:, None] >> np.arange(_graders(counts))) & 1
    shared = (is_marked.T @ (counts[:, None] * is_marked)).tolist()
    members = range(len(shared))
    return tuple(
        tuple(_dice(shared[a][b], shared[a][a] + shared[b][b]) for b in members) for a in members
    )


def mean_pairwise_dice(counts: Counts) -> Measure:
    """Return the mean Dice overlap over the pairs of graders, 0..1.

    Pairs who both drew nothing are left out. Undefined for fewer than two graders and where
    nobody drew anything.
    """
    matrix = pairwise_dice(counts)
    if len(matrix) < 2:
        return Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    return _mean_of_defined([matrix[a][b] for a, b in combinations(range(len(matrix)), 2)])


def foreground(counts: Counts) -> Measure:
    """Return the share of the image that graders marked, in the mean, 0..1.

    Undefined for fewer than two graders, as everything beside which it is read.
    """
    if _graders(counts) < 2:
        return Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    marked, votes, _ = _sums(counts)
    return marked / votes


def human_ceiling(counts: Counts, *, tie: str, rule: str = "majority") -> Measure:
    """Return how well a grader finds the consensus of the other graders: the mean Dice, 0..1.

    What a saliency map can hope for. Each grader in turn is compared with the consensus of the
    others (with two graders, with the other one). As for a map, the comparison is undefined
    where that consensus is empty or the whole image, and such a grader is left out; who marked
    nothing where the others see pathology scores 0.

    Parameters
    ----------
    counts
        Pixels of each vote pattern, shape (2**G,).
    tie
        ``background`` or ``foreground``: what an even split of the others becomes.
    rule
        ``majority`` or ``staple``: how the others' regions become one.

    Returns
    -------
    Undefined for fewer than two graders, where nobody drew anything, and where no grader is
    left: ``roi_empty`` where the others of any grader mark nothing, else ``roi_full``.

    References
    ----------
    Method, section 8.
    """
    if _graders(counts) < 2:
        return Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    if not counts[1:].any():
        return Undefined(Reason.NOTHING_DRAWN)
    overlaps = [grader.dice for grader in against_others(counts, tie=tie, rule=rule)]
    defined = [dice for dice in overlaps if not isinstance(dice, Undefined)]
    if not defined:
        is_any_empty = Undefined(Reason.ROI_EMPTY) in overlaps
        return Undefined(Reason.ROI_EMPTY if is_any_empty else Reason.ROI_FULL)
    return sum(defined) / len(defined)


def _graders(counts: Counts) -> int:
    return len(counts).bit_length() - 1


def _sums(counts: Counts) -> tuple[int, int, int]:
    """Return the votes for pathology, all votes, and the sum of k (G - k), k votes on a pixel."""
    graders = _graders(counts)
    votes_for = np.bitwise_count(np.arange(len(counts))).astype(np.int64)
    marked = int(counts @ votes_for)
    split = int(counts @ (votes_for * (graders - votes_for)))
    return marked, int(counts.sum()) * graders, split


def _dice(shared: int, areas: int) -> Measure:
    return 2 * shared / areas if areas else Undefined(Reason.NOTHING_DRAWN)


def _mean_of_defined(measures: list[Measure]) -> Measure:
    defined = [measure for measure in measures if not isinstance(measure, Undefined)]
    return sum(defined) / len(defined) if defined else Undefined(Reason.NOTHING_DRAWN)
