"""Agreement on answers with categories, where the number of graders differs between images.

A table of answers has one row for each way in which an image was answered: entry k of a row of
`counts` is the number of graders who gave answer k, and `images` says how many images have that
row. Each row has at least one answer. No coefficient needs the same graders on every image; they
take graders as interchangeable.
"""

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Measure, Reason, Undefined

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


def fleiss_kappa(counts: Integers, images: Integers) -> Measure:
    """Return Fleiss kappa, generalised to images with different numbers of answers.

    Observed agreement is the mean, over images with two or more answers, of the share of their
    pairs of answers that are equal. The chance of an answer is its mean share over all images.

    Parameters
    ----------
    counts, images
        Shapes (rows, categories) and (rows,); see the module.

    Returns
    -------
    At most 1. Undefined where no image has two answers, and where all answers are the same.

    References
    ----------
    K. L. Gwet, "Handbook of Inter-Rater Reliability", 4th edition (2014), section 2.4; J. L.
    Fleiss, Psychological Bulletin 76 (1971) 378-382.
    """
    if isinstance(observed := _observed(counts, images), Undefined):
        return observed
    if _is_one_category(counts):
        return Undefined(Reason.NO_VARIATION)
    by_chance = float(np.sum(_shares(counts, images) ** 2))
    return (observed - by_chance) / (1 - by_chance)


def gwet_ac1(counts: Integers, images: Integers) -> Measure:
    """Return Gwet's first-order coefficient, which stands where almost all answers are alike.

    Parameters
    ----------
    counts, images
        Shapes (rows, categories) and (rows,); see the module. All possible categories count,
        those that nobody chose too.

    Returns
    -------
    At most 1, and 1 where all answers are the same. Undefined where no image has two answers.

    References
    ----------
    K. L. Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008) 29-48, and
    "Handbook of Inter-Rater Reliability", 4th edition (2014), section 2.4.
    """
    if isinstance(observed := _observed(counts, images), Undefined):
        return observed
    shares = _shares(counts, images)
    by_chance = float(np.sum(shares * (1 - shares))) / (len(shares) - 1)
    return (observed - by_chance) / (1 - by_chance)


def krippendorff_alpha(counts: Integers, images: Integers, *, is_ordinal: bool = False) -> Measure:
    """Return Krippendorff's alpha: 1 minus observed over expected disagreement.

    Images with one answer do not enter.

    Parameters
    ----------
    counts, images
        Shapes (rows, categories) and (rows,); see the module.
    is_ordinal
        Whether categories have an order: two answers then disagree by the square of the number
        of answers between them, each end counted half.

    Returns
    -------
    At most 1. Undefined where no image has two answers, and where all of them are the same.

    References
    ----------
    K. Krippendorff, "Content Analysis", 3rd edition (2013), chapter 12.
    """
    is_paired = counts.sum(axis=1) > 1
    if not is_paired.any():
        return Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    answers = counts[is_paired].astype(np.float64)
    if _is_one_category(answers):
        return Undefined(Reason.NO_VARIATION)
    weights = images[is_paired] / (answers.sum(axis=1) - 1)
    # An answer is no pair with itself, but such pairs do not disagree and need not be taken out.
    coincidences = (answers * weights[:, None]).T @ answers
    totals = images[is_paired] @ answers
    distances = _ordinal(totals) if is_ordinal else 1 - np.eye(len(totals))
    observed = float((coincidences * distances).sum())
    expected = float(totals @ distances @ totals / (totals.sum() - 1))
    return 1 - observed / expected


def _observed(counts: Integers, images: Integers) -> Measure:
    """Return the mean share of equal pairs over images with two or more answers."""
    answers = counts.sum(axis=1)
    is_paired = answers > 1
    if not is_paired.any():
        return Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    equal = (counts * (counts - 1)).sum(axis=1)[is_paired]
    pairs = (answers * (answers - 1))[is_paired]
    return float(np.average(equal / pairs, weights=images[is_paired]))


def _shares(counts: Integers, images: Integers) -> Floats:
    """Return the mean share of each category over images, shape (categories,)."""
    shares = counts / counts.sum(axis=1, keepdims=True)
    return np.asarray(images @ shares / images.sum())


def _is_one_category(counts: Integers | Floats) -> bool:
    return int(counts.any(axis=0).sum()) == 1


def _ordinal(totals: Floats) -> Floats:
    """Return the squared ordinal distances of all pairs of categories."""
    # The middle of each category on the line of all answers in order.
    middle = np.cumsum(totals) - totals / 2
    return np.asarray((middle[:, None] - middle) ** 2)
