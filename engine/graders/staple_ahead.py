"""STAPLE of many images at once: hundreds of small problems cost little more than one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.domain.grading import Grading, Reading
from engine.domain.image import Image
from engine.domain.measure import Undefined
from engine.domain.settings import AgreementSettings
from engine.graders.consensus import votes_of
from engine.graders.readings import assigned, counted, in_consensus
from engine.graders.staple import remember, solve_together
from engine.regions.votes import vote_patterns

MOST_GRADERS = 6
"""Above this a problem has so many patterns that it is better solved by itself."""

Counts = NDArray[np.int64]


def solve_ahead(
    graded: Iterable[tuple[Image, Sequence[Reading]]], settings: AgreementSettings
) -> None:
    """Solve what the measures of these images will ask STAPLE for, where it is the consensus.

    They find the solutions remembered; what is not found they solve by themselves.
    """
    if settings.consensus != "staple":
        return
    problems: defaultdict[int, dict[bytes, Counts]] = defaultdict(dict)
    for image, readings in graded:
        for counts in _problems(image, readings, settings):
            problems[len(counts)][counts.tobytes()] = counts
    for size, of_size in problems.items():
        if size <= 2**MOST_GRADERS:
            some = np.stack([*of_size.values()])
            for counts, solution in zip(some, solve_together(some, tie=settings.tie), strict=True):
                remember(counts, settings.tie, solution)


def _problems(
    image: Image, readings: Sequence[Reading], settings: AgreementSettings
) -> list[Counts]:
    """Return the counts of those who vote together, and of the others of each who is compared."""
    together = in_consensus(readings)
    compared = [counted(reading, settings) for reading in assigned(readings)]
    found = [] if together == compared else _counts(image, together, settings)
    for counts in _counts(image, compared, settings):
        found.append(counts)
        graders = len(counts).bit_length() - 1
        found += [counts.reshape(-1, 2, 1 << g).sum(axis=1).ravel() for g in range(graders)]
    return found


def _counts(
    image: Image, gradings: Sequence[Grading | None], settings: AgreementSettings
) -> list[Counts]:
    votes = votes_of(image, gradings, settings)
    return [] if isinstance(votes, Undefined) or len(votes) < 2 else [vote_patterns(votes)]
