"""STAPLE: the hidden true region and each grader's reliability, estimated together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Measure, Reason, Undefined

MAX_ITERATIONS = 1000
TOLERANCE = 1e-9
"""Converged when no sensitivity or specificity moves by more; also the half width of a tie."""

AT_ZERO = 1e-6
"""A sensitivity or specificity this small is one that the iterations drive to 0."""

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Staple:
    """Solution of STAPLE on one image.

    Attributes
    ----------
    probability
        Probability that a pixel of each vote pattern is pathology, shape (2**G,), 0..1; 0 for
        patterns that no pixel has.
    chosen
        Patterns in the region, shape (2**G,): probability above one half, ties as asked.
    sensitivities, specificities
        Of each grader, 0..1; undefined where there is no truth, or no background, to find.
    iterations
        How many were taken.
    has_converged
        False where they ended at the limit.
    is_degenerate
        Nobody or everybody marks every pixel, or a sensitivity or specificity is at 0.
    """

    probability: Shares
    chosen: NDArray[np.bool_]
    sensitivities: tuple[Measure, ...]
    specificities: tuple[Measure, ...]
    iterations: int
    has_converged: bool
    is_degenerate: bool


def staple(counts: NDArray[np.int64], *, tie: str, max_iterations: int = MAX_ITERATIONS) -> Staple:
    """Estimate the true region and the graders' reliability from their votes.

    Expectation maximisation over vote patterns: all pixels of one pattern share one probability,
    so the cost does not depend on the size of the image. The prior is the mean share of the image
    that graders marked, the start the share of graders who marked a pixel; no spatial smoothing.

    Parameters
    ----------
    counts
        Pixels of each vote pattern, shape (2**G,).
    tie
        ``background`` or ``foreground``: what a probability of one half becomes.
    max_iterations
        At least 1.

    References
    ----------
    S. K. Warfield, K. H. Zou, W. M. Wells, "Simultaneous truth and performance level estimation
    (STAPLE)", IEEE Transactions on Medical Imaging 23 (2004) 903-921. Method, section 4.
    """
    occupied = np.flatnonzero(counts)
    pixels = counts[occupied].astype(np.float64)
    is_marked = (occupied[:, None] >> np.arange(len(counts).bit_length() - 1) & 1).astype(bool)
    truth = is_marked.mean(axis=1)
    prior = float(pixels @ truth / pixels.sum())
    if prior in {0.0, 1.0}:
        return _unanimous(counts, is_pathology=prior == 1)
    background = 1 - truth
    rates = np.zeros((2, is_marked.shape[1]))
    iterations, has_converged = 0, False
    while not has_converged and iterations < max_iterations:
        hit, missed = _rates(pixels * truth, is_marked)
        wrong, left = _rates(pixels * background, is_marked)
        truth, background = _posterior(
            is_marked, prior, hit=hit, missed=missed, wrong=wrong, left=left
        )
        has_converged = bool(np.abs(rates - (hit, left)).max() <= TOLERANCE)
        rates = np.stack((hit, left))
        iterations += 1
    probability = np.zeros(len(counts))
    probability[occupied] = truth
    return Staple(
        probability=probability,
        chosen=_above_half(probability, tie),
        sensitivities=tuple(hit.tolist()),
        specificities=tuple(left.tolist()),
        iterations=iterations,
        has_converged=has_converged,
        is_degenerate=bool((rates <= AT_ZERO).any()),
    )


def _rates(mass: Shares, is_marked: NDArray[np.bool_]) -> tuple[Shares, Shares]:
    """Return the shares of a mass over patterns that each grader marks, and does not mark.

    Both are summed: one minus the other would lose what is far smaller than 1.
    """
    marked, unmarked = mass @ is_marked, mass @ ~is_marked
    return marked / (marked + unmarked), unmarked / (marked + unmarked)


def _posterior(
    is_marked: NDArray[np.bool_],
    prior: float,
    *,
    hit: Shares,
    missed: Shares,
    wrong: Shares,
    left: Shares,
) -> tuple[Shares, Shares]:
    """Return the probabilities of pathology and of background of each pattern."""
    # A rate of 0 decides: its logarithm is minus infinity, and the exponential 0 or infinity. What
    # a grader's rates make of votes it never gives may be NaN, and is not taken.
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        votes = np.where(is_marked, np.log(hit) - np.log(wrong), np.log(missed) - np.log(left))
        odds = np.log(prior) - np.log1p(-prior) + votes.sum(axis=1)
        return 1 / (1 + np.exp(-odds)), 1 / (1 + np.exp(odds))


def _above_half(probability: Shares, tie: str) -> NDArray[np.bool_]:
    if tie == "foreground":
        return probability >= 0.5 - TOLERANCE
    return probability > 0.5 + TOLERANCE


def _unanimous(counts: NDArray[np.int64], *, is_pathology: bool) -> Staple:
    """Return the solution where nobody, or everybody, marks every pixel."""
    everyone = (1.0,) * (len(counts).bit_length() - 1)
    reason = Reason.EVERYTHING_IS_PATHOLOGY if is_pathology else Reason.NOTHING_DRAWN
    nobody = (Undefined(reason),) * len(everyone)
    chosen = (counts > 0) & is_pathology
    return Staple(
        probability=chosen.astype(np.float64),
        chosen=chosen,
        sensitivities=everyone if is_pathology else nobody,
        specificities=nobody if is_pathology else everyone,
        iterations=0,
        has_converged=True,
        is_degenerate=True,
    )
