"""A mean over cases with its interval, its spread and what was missing."""

import numpy as np

from engine.domain.findings import TOO_FEW_CASES, Estimate
from engine.domain.settings import FindingsSettings
from engine.findings.bootstrap import interval_of_mean
from engine.findings.case_table import Floats


def estimate(values: Floats, settings: FindingsSettings) -> Estimate:
    """Return mean, standard deviation and bootstrap interval over cases.

    Parameters
    ----------
    values
        Shape (n,), one for each case, NaN where undefined.
    """
    known = values[np.isfinite(values)]
    missing = len(values) - len(known)
    if not len(known):
        return Estimate(TOO_FEW_CASES, TOO_FEW_CASES, 0, missing)
    interval = interval_of_mean(
        known, resamples=settings.resamples, confidence=settings.confidence, seed=settings.seed
    )
    sd = float(known.std(ddof=1)) if len(known) > 1 else TOO_FEW_CASES
    return Estimate(float(known.mean()), interval, len(known), missing, sd)
