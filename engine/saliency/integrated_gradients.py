"""Integrated Gradients with SmoothGrad, and how sure its map is."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.saliency_map import NOT_APPLICABLE, MapFacts
from engine.domain.settings import SaliencySettings
from engine.saliency.attributions import Attributions, not_finite, require_finite
from engine.saliency.gradients import Subject, clean_scores, mean_attributions, noisy_scores
from engine.saliency.samplers import SAMPLERS, Plan

AUTOCAST_GRADIENT_SCALES = (1024.0, 1.0)
"""The first lifts small gradients into float16's range; the second is for those that overflow."""

AUTOCAST_CHECKED = 10
"""Gradients that are also taken in float32 where autocast is on, evenly along the path."""


def integrated_gradients(subject: Subject, settings: SaliencySettings) -> Attributions:
    """Return Integrated Gradients from a black image, averaged over noisy copies (method 7).

    The completeness gap and the noisy scores come from `noise_samples` noisy copies: those of the
    paths (literal), or as many more (joint). Halves are those of the even and the odd sweeps;
    from a single sweep there are none, and no Monte-Carlo error.

    Raises
    ------
    Refusal
        ``not_finite``, ``out_of_memory``, ``model_failed``.
    """
    plan = SAMPLERS[settings.sampler](settings)
    score, baseline_score = clean_scores(subject)
    noisy, kept = noisy_scores(subject, plan)
    require_finite(subject, np.array([score, baseline_score, *noisy]))
    halves, subject = _attributions(subject, plan)
    sweeps = np.bincount(plan.sweeps % 2, minlength=2) / plan.steps
    values = np.average(halves, axis=0, weights=sweeps)
    facts = MapFacts(
        method=settings.method,
        sampler=settings.sampler,
        target=subject.classifier.classes[subject.target],
        gradients=len(plan),
        monte_carlo_error=Undefined(Reason.SINGLE_SAMPLE),
        completeness_gap=float(values.sum() - (noisy.mean() - baseline_score)),
        score=score,
        noisy_score=float(noisy.mean()),
        kept_target_share=float(kept.mean()),
        autocast_rank_correlation=_autocast_rank_correlation(subject, plan),
    )
    return Attributions(values, facts, halves if sweeps.all() else None)


def _attributions(subject: Subject, plan: Plan) -> tuple[NDArray[np.float64], Subject]:
    """Return the two halves' attributions, and the subject with the gradient scale they took."""
    scales = AUTOCAST_GRADIENT_SCALES if subject.reduced else (1.0,)
    for scale in scales:
        subject = replace(subject, gradient_scale=scale)
        halves = mean_attributions(subject, plan)
        if np.isfinite(halves).all():
            return halves, subject
    raise not_finite(subject)


def _autocast_rank_correlation(subject: Subject, plan: Plan) -> Measure:
    """Return Spearman's correlation of the same few gradients in reduced precision and float32.

    Rounding averages out over a map's gradients, so the whole map agrees better than these few.
    """
    if subject.reduced is None:
        return NOT_APPLICABLE
    from scipy.stats import spearmanr  # noqa: PLC0415 - a second to import, rarely needed

    few = plan.first_sweep(AUTOCAST_CHECKED)
    exact = replace(subject, reduced=None, gradient_scale=1.0)
    maps = [mean_attributions(each, few)[0].ravel() for each in (subject, exact)]
    if any(np.ptp(each) == 0 for each in maps):
        return Undefined(Reason.CONSTANT_MAP)
    return float(spearmanr(*maps).statistic)
