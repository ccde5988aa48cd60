"""Integrated Gradients with SmoothGrad: which pixels speak for a class, and how sure the map is."""

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.problem import Refusal, refuse
from engine.domain.saliency_map import NOT_APPLICABLE, MapFacts, SaliencyMap
from engine.domain.settings import SaliencySettings
from engine.saliency.classifier import Classifier
from engine.saliency.folding import folded
from engine.saliency.gradients import Subject, clean_scores, mean_attributions, noisy_scores
from engine.saliency.noise import noise_key
from engine.saliency.normalise import monte_carlo_error, normalised
from engine.saliency.preprocess import Prepared
from engine.saliency.samplers import SAMPLERS, Plan, effective
from engine.tasks.cancel import CancelToken

AUTOCAST_GRADIENT_SCALES = (1024.0, 1.0)
"""The first lifts small gradients into float16's range; the second is for those that overflow."""

AUTOCAST_CHECKED = 10
"""Gradients that are also taken in float32 where autocast is on, evenly along the path."""


def explain(
    classifier: Classifier,
    prepared: Prepared,
    *,
    target: int,
    image_digest: str,
    settings: SaliencySettings,
    cancel: CancelToken,
) -> SaliencyMap:
    """Return how much each pixel speaks for (+) or against (-) a class, with its facts.

    Integrated Gradients from a black image, averaged over noisy copies of the image (Singh et
    al., sections 2.3 and 3.4; Sundararajan et al. 2017; Smilkov et al. 2017), summed over the
    channels and divided by its largest |a|.

    Parameters
    ----------
    target
        Index of the class that is explained.
    image_digest
        With the seed it determines the noise; the same image gets the same noise in every run.
    settings
        Sampler, steps, noise and score; `autocast` counts on CUDA alone.
    cancel
        Read before every batch.

    Returns
    -------
    SaliencyMap
        On the model's grid. The completeness gap and the noisy scores come from `noise_samples`
        noisy copies: those of the paths (literal), or as many more (joint). Halves are those of
        the even and the odd sweeps; from a single sweep there are none, and no Monte-Carlo error.

    Raises
    ------
    Refusal
        ``not_finite``: the model's scores or gradients are NaN or infinite; ``out_of_memory``;
        ``model_failed``.
    Stopped
        Within one batch after the job was cancelled.
    """
    subject = _subject(classifier, prepared, target, image_digest, settings, cancel)
    plan = SAMPLERS[settings.sampler](settings)
    score, baseline_score = clean_scores(subject)
    noisy, kept = noisy_scores(subject, plan)
    _require_finite(subject, np.array([score, baseline_score, *noisy]))
    halves, subject = _attributions(subject, plan)
    sweeps = np.bincount(plan.sweeps % 2, minlength=2) / plan.steps
    attributions = np.average(halves, axis=0, weights=sweeps)
    values, peak = normalised(attributions)
    has_halves = bool(sweeps.all())
    facts = MapFacts(
        method=settings.method,
        sampler=settings.sampler,
        target=classifier.classes[target],
        gradients=len(plan),
        peak=peak,
        monte_carlo_error=(
            monte_carlo_error(*halves) if has_halves else Undefined(Reason.SINGLE_SAMPLE)
        ),
        completeness_gap=float(attributions.sum() - (noisy.mean() - baseline_score)),
        score=score,
        noisy_score=float(noisy.mean()),
        kept_target_share=float(kept.mean()),
        is_zero=peak == 0,
        autocast_rank_correlation=_autocast_rank_correlation(subject, plan),
    )
    pair = (normalised(halves[0])[0], normalised(halves[1])[0]) if has_halves else None
    return SaliencyMap(values, prepared.geometry, facts, pair)


def _subject(
    classifier: Classifier,
    prepared: Prepared,
    target: int,
    image_digest: str,
    settings: SaliencySettings,
    cancel: CancelToken,
) -> Subject:
    device = classifier.device
    images = classifier.inputs([prepared])
    noise_scale = settings.noise_level * (prepared.high - prepared.low) / np.array(prepared.std)
    return Subject(
        replace(classifier, module=folded(classifier.module, images)),
        target,
        settings.score,
        image=images[0],
        baseline=torch.from_numpy(prepared.black).to(device),
        noise_scale=torch.from_numpy(noise_scale.astype(np.float32)).to(device).reshape(3, 1, 1),
        noise_key=noise_key(image_digest, settings.seed),
        cancel=cancel,
        reduced=torch.float16 if effective(settings, device.type).autocast else None,
    )


def _attributions(subject: Subject, plan: Plan) -> tuple[NDArray[np.float64], Subject]:
    """Return the two halves' attributions, and the subject with the gradient scale they took."""
    scales = AUTOCAST_GRADIENT_SCALES if subject.reduced else (1.0,)
    for scale in scales:
        subject = replace(subject, gradient_scale=scale)
        halves = mean_attributions(subject, plan)
        if np.isfinite(halves).all():
            return halves, subject
    raise _not_finite(subject)


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


def _require_finite(subject: Subject, values: NDArray[np.float64]) -> None:
    if not np.isfinite(values).all():
        raise _not_finite(subject)


def _not_finite(subject: Subject) -> Refusal:
    card = subject.classifier.card
    return refuse(
        "not_finite",
        str(card.file),
        f"the model {card.name} returns NaN or infinite numbers for this image or its noisy copies",
        "Turn autocast off" if subject.reduced else "Correct the model or the card's mean and std",
    )
