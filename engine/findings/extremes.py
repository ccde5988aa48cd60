"""Question 1: the images on which map and graders agree least, and most (Figure 5)."""

from collections.abc import Sequence

import numpy as np

from engine.domain.findings import Extremes
from engine.domain.measure import value_of
from engine.domain.rows import ImageResult
from engine.domain.settings import FindingsSettings

CONTROL, LABELLING = 1, 2
"""Streams of random numbers of their own."""


def find_extremes(images: Sequence[ImageResult], settings: FindingsSettings) -> Extremes:
    """Rank images by DS and by SRCC and take the lowest and the highest fraction.

    A fraction of n images is the whole number not above fraction x n, but at least one of two or
    more images. An image is among the lowest (highest) when both metrics say so. Images of the
    same value are ranked by path. The control sample, against which body parts of the lowest
    images are compared, is drawn from the ranked images that are lowest by neither metric, as
    many as are lowest by one (fewer where there are not so many).

    References
    ----------
    Section 4.1; method, section 10.1.
    """
    ds, srcc = _ranked(images)
    count = max(int(settings.extreme_fraction * len(ds) + 1e-9), min(1, len(ds) // 2))
    rank = {path: position for position, path in enumerate(ds)}
    for position, path in enumerate(srcc):
        rank[path] += position
    lowest = set(ds[:count]) & set(srcc[:count])
    highest = set(ds[len(ds) - count :]) & set(srcc[len(ds) - count :])
    others = sorted(set(ds) - set(ds[:count]) - set(srcc[:count]))
    chosen = np.random.default_rng([settings.seed, CONTROL]).permutation(len(others))[:count]
    return Extremes(
        fraction=settings.extreme_fraction,
        ranked=len(ds),
        lowest=tuple(sorted(lowest, key=lambda path: (rank[path], path))),
        highest=tuple(sorted(highest, key=lambda path: (-rank[path], path))),
        lowest_ds=tuple(ds[:count]),
        lowest_srcc=tuple(srcc[:count]),
        control=tuple(others[index] for index in sorted(chosen)),
    )


def labelling_list(extremes: Extremes, settings: FindingsSettings) -> tuple[str, ...]:
    """Return the images whose body parts are to be labelled, in an order that tells nothing.

    Images lowest by either metric and the control sample are shuffled together, each once, so
    that whoever labels them cannot know which are which.
    """
    paths = sorted({*extremes.lowest_ds, *extremes.lowest_srcc, *extremes.control})
    order = np.random.default_rng([settings.seed, LABELLING]).permutation(len(paths))
    return tuple(paths[index] for index in order)


def _ranked(images: Sequence[ImageResult]) -> tuple[list[str], list[str]]:
    """Return the paths of images with both metrics, by rising DS and by rising SRCC."""
    values: list[tuple[str, float, float]] = []
    for result in images:
        if result.localisation is not None:
            ds, srcc = value_of(result.localisation.ds), value_of(result.localisation.srcc)
            if ds is not None and srcc is not None:
                values.append((result.image.path, ds, srcc))
    by_ds = sorted(values, key=lambda item: (item[1], item[0]))
    by_srcc = sorted(values, key=lambda item: (item[2], item[0]))
    return [path for path, _, _ in by_ds], [path for path, _, _ in by_srcc]
