"""Each grader against the consensus of the other graders of the image."""

import numpy as np
from numpy.typing import NDArray

from engine.domain.agreement import AgainstOthers
from engine.domain.measure import Measure, Reason, Undefined
from engine.graders.consensus import chosen_patterns


def against_others(
    counts: NDArray[np.int64], *, tie: str, rule: str = "majority"
) -> tuple[AgainstOthers, ...]:
    """Return how each grader finds what the others see, in the order of the graders.

    Parameters
    ----------
    counts
        Pixels of each vote pattern, shape (2**G,), of two or more graders.
    tie
        ``background`` or ``foreground``: what an even split of the others becomes.
    rule
        ``majority`` or ``staple``: how the others' regions become one (of two graders, the other
        one's region).

    References
    ----------
    Method, sections 5 and 8.
    """
    return tuple(
        _against(counts, grader, tie=tie, rule=rule)
        for grader in range(len(counts).bit_length() - 1)
    )


def _against(counts: NDArray[np.int64], grader: int, *, tie: str, rule: str) -> AgainstOthers:
    # Bit `grader` of the pattern becomes an axis; what is left of the pattern is the others'.
    by_vote = counts.reshape(-1, 2, 1 << grader)
    marked, every = by_vote[:, 1].ravel(), by_vote.sum(axis=1).ravel()
    seen = chosen_patterns(every, tie=tie, rule=rule)
    own, roi, total = int(marked.sum()), int(every[seen].sum()), int(every.sum())
    shared = int(marked[seen].sum())
    empty, full = Undefined(Reason.ROI_EMPTY), Undefined(Reason.ROI_FULL)
    dice: Measure = 2 * shared / (own + roi) if roi else empty
    return AgainstOthers(
        sensitivity=shared / roi if roi else empty,
        specificity=(total - own - roi + shared) / (total - roi) if roi < total else full,
        dice=dice if roi < total else full,
    )
