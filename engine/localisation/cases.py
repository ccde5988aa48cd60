"""From the images of a case to one number for the case (sections 3.5 and 4.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.domain.measure import Measure, value_of

CaseRule = Literal["max", "mean", "median"]


@dataclass(frozen=True, slots=True)
class CaseValue:
    """One measure of one case.

    Attributes
    ----------
    value
        The number, or why it is undefined.
    chosen
        Index of the image it was taken from; None for a mean or median, or where undefined.
    used
        Number of the case's images on which the measure is defined.
    """

    value: Measure
    chosen: int | None
    used: int


def choose(values: Sequence[Measure], rule: CaseRule) -> CaseValue:
    """Return a measure of a case from those of its images.

    Under ``max``, the rule of the paper, the image with the highest value stands for its case, so
    that cases of many images do not weigh more; the first one on ties. ``mean`` and ``median``
    are over the images where the measure is defined. Where it is on none, the first image's
    reason is the case's.

    Parameters
    ----------
    values
        One for each image of the case, at least one.
    """
    numbers = {index: n for index, m in enumerate(values) if (n := value_of(m)) is not None}
    if not numbers:
        return CaseValue(values[0], None, 0)
    if rule == "max":
        chosen = max(numbers, key=numbers.__getitem__)
        return CaseValue(numbers[chosen], chosen, len(numbers))
    summarise = np.mean if rule == "mean" else np.median
    return CaseValue(float(summarise(list(numbers.values()))), None, len(numbers))
