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

MOST_REMEMBERED = 8192


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


_SOLVED: dict[tuple[bytes, str, int], Staple] = {}
"""Solutions by counts, tie rule and limit of iterations; see `remember`."""


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
    remembered = _SOLVED.get((counts.tobytes(), tie, max_iterations))
    if remembered is not None:
        return remembered
    (solution,) = solve_together(counts[None], tie=tie, max_iterations=max_iterations)
    return solution


def remember(counts: NDArray[np.int64], tie: str, solution: Staple) -> None:
    """Keep a solution, so that whoever asks `staple` for it next need not solve it again.

    Only a bounded number is kept; to forget one costs time and nothing else.
    """
    if len(_SOLVED) >= MOST_REMEMBERED:
        _SOLVED.clear()
    _SOLVED[counts.tobytes(), tie, MAX_ITERATIONS] = solution


def solve_together(
    counts: NDArray[np.int64], *, tie: str, max_iterations: int = MAX_ITERATIONS
) -> list[Staple]:
    """Return what `staple` returns for each row of counts, bit by bit the same.

    Parameters
    ----------
    counts
        Shape (n, 2**G), one image a row.
    """
    solutions: dict[int, Staple] = {}
    state = _Together(counts, tie)
    for at in np.flatnonzero((state.prior == 0) | (state.prior == 1)).tolist():
        solutions[at] = _unanimous(counts[at], is_pathology=bool(state.prior[at] == 1))
    open_ones = np.array([at for at in range(len(counts)) if at not in solutions], dtype=np.int64)
    for iteration in range(1, max_iterations + 1):
        if not len(open_ones):
            break
        has_converged = state.step(open_ones)
        is_over = has_converged | (iteration == max_iterations)
        for at, converged in zip(open_ones[is_over], has_converged[is_over], strict=True):
            solutions[int(at)] = state.solution(at, iteration, has_converged=bool(converged))
        open_ones = open_ones[~is_over]
    return [solutions[at] for at in range(len(counts))]


class _Together:
    """Many problems of equally many graders between two iterations; arrays have a row for each.

    Of the patterns only those are kept that some pixel of some problem has.
    """

    def __init__(self, counts: NDArray[np.int64], tie: str) -> None:
        self._tie, self._size = tie, counts.shape[1]
        graders = self._size.bit_length() - 1
        self._patterns = np.flatnonzero(counts.any(axis=0))
        self._is_marked = (self._patterns[:, None] >> np.arange(graders) & 1).astype(bool)
        of_patterns, marks = counts[:, self._patterns], self._is_marked.sum(axis=1)
        self.prior: Shares = (of_patterns * marks).sum(axis=1) / (graders * counts.sum(axis=1))
        self._pixels = of_patterns.astype(np.float64)
        self._truth = np.where(of_patterns > 0, marks / graders, 0)
        self._background = np.where(of_patterns > 0, 1 - marks / graders, 0)
        self._rates = np.zeros((2, len(counts), graders))

    def step(self, at: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Take one iteration of some problems; return which of them have converged."""
        pixels, is_marked = self._pixels[at], self._is_marked
        hit, missed = _rates(pixels * self._truth[at], is_marked)
        wrong, left = _rates(pixels * self._background[at], is_marked)
        each = {"hit": hit, "missed": missed, "wrong": wrong, "left": left}
        wide = {name: rate[:, None] for name, rate in each.items()}
        with np.errstate(invalid="ignore"):
            truth, background = _posterior(is_marked, self.prior[at, None], **wide)
        # Patterns that no pixel has may have any probability, also none.
        self._truth[at] = np.where(pixels > 0, truth, 0)
        self._background[at] = np.where(pixels > 0, background, 0)
        rates = np.stack((hit, left))
        has_converged = np.abs(self._rates[:, at] - rates).max(axis=(0, 2)) <= TOLERANCE
        self._rates[:, at] = rates
        return np.asarray(has_converged, dtype=np.bool_)

    def solution(self, at: int, iterations: int, *, has_converged: bool) -> Staple:
        """Return one problem as it stands."""
        hit, left = self._rates[:, at]
        probability = np.zeros(self._size)
        probability[self._patterns] = self._truth[at]
        return Staple(
            probability=probability,
            chosen=_above_half(probability, self._tie),
            sensitivities=tuple(hit.tolist()),
            specificities=tuple(left.tolist()),
            iterations=iterations,
            has_converged=has_converged,
            is_degenerate=bool((self._rates[:, at] <= AT_ZERO).any()),
        )


def _rates(mass: Shares, is_marked: NDArray[np.bool_]) -> tuple[Shares, Shares]:
    """Return the shares of a mass over patterns that each grader marks, and does not mark.

    Both are summed: one minus the other would lose what is far smaller than 1. Pattern by pattern,
    so that neither the other rows nor patterns without mass change a bit; a product of matrices
    would add in an order of its own.
    """
    wide = mass[..., None]
    marked = np.where(is_marked, wide, 0).sum(axis=-2)
    unmarked = np.where(is_marked, 0, wide).sum(axis=-2)
    return marked / (marked + unmarked), unmarked / (marked + unmarked)


def _posterior(
    is_marked: NDArray[np.bool_],
    prior: Shares,
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
        odds = np.log(prior) - np.log1p(-prior) + votes.sum(axis=-1)
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
