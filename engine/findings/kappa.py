"""How sure the mean kappa of a study is: its bootstrap interval over cases (method 5)."""

from collections.abc import Iterable

import numpy as np

from engine.domain.findings import Interval
from engine.domain.measure import Undefined, value_of
from engine.domain.rows import ImageAgreement
from engine.domain.settings import FindingsSettings
from engine.findings.bootstrap import interval_of_mean


def kappa_interval(
    rows: Iterable[ImageAgreement], settings: FindingsSettings
) -> Interval | Undefined:
    """Return the interval of the mean Fleiss kappa of these images.

    Cases are resampled, each with all its images; images without a kappa are left out.
    """
    defined = [
        (kappa, row.image.case) for row in rows if (kappa := value_of(row.fleiss_kappa)) is not None
    ]
    return interval_of_mean(
        np.array([kappa for kappa, _ in defined]),
        clusters=np.array([case for _, case in defined]),
        resamples=settings.resamples,
        confidence=settings.confidence,
        seed=settings.seed,
    )
