"""Saliency maps: which pixels of an image, or of each image of a case, speak for a class."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from torch import Tensor

from engine.domain.saliency_map import Geometry, SaliencyMap
from engine.domain.settings import SaliencySettings
from engine.saliency.attributions import Attributions
from engine.saliency.case_input import CaseInput
from engine.saliency.classifier import Classifier
from engine.saliency.folding import folded
from engine.saliency.gradients import Subject
from engine.saliency.integrated_gradients import integrated_gradients
from engine.saliency.methods import (
    grad_cam,
    gradient_shap,
    gradients,
    input_x_gradient,
    occlusion,
)
from engine.saliency.noise import noise_key
from engine.saliency.normalise import monte_carlo_error, normalised
from engine.saliency.preprocess import Prepared
from engine.saliency.samplers import effective
from engine.tasks.cancel import CancelToken

METHODS = {
    "integrated_gradients": integrated_gradients,
    "gradients": gradients,
    "input_x_gradient": input_x_gradient,
    "grad_cam": grad_cam,
    "occlusion": occlusion,
    "gradient_shap": gradient_shap,
}

WITH_A_PATH = {"integrated_gradients", "gradient_shap"}
"""Methods for which it matters whether the other images of a case move."""


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

    By default Integrated Gradients from a black image, averaged over noisy copies of the image
    (Singh et al., sections 2.3 and 3.4; Sundararajan et al. 2017; Smilkov et al. 2017), summed
    over the channels and divided by its largest |a|; or another of `METHODS`.

    Parameters
    ----------
    target
        Index of the class that is explained.
    image_digest
        With the seed it determines the noise; the same image gets the same noise in every run.
    settings
        Method and what it uses; `autocast` counts on CUDA alone.
    cancel
        Read before every batch.

    Returns
    -------
    SaliencyMap
        On the model's grid.

    Raises
    ------
    Refusal
        ``not_finite``: the model's scores or gradients are NaN or infinite; ``out_of_memory``;
        ``model_failed``; ``model_layer``: Grad-CAM has no layer to look at.
    Stopped
        Within one batch after the job was cancelled.
    """
    light = _light(classifier, prepared, settings)
    (inputs,) = light.inputs([prepared])
    subject = _subject(
        light,
        inputs,
        [prepared],
        digests=[image_digest],
        target=target,
        settings=settings,
        cancel=cancel,
    )
    return _map(METHODS[settings.method](subject, settings), prepared.geometry)


def explain_case(
    classifier: Classifier,
    case: CaseInput,
    *,
    target: int,
    settings: SaliencySettings,
    cancel: CancelToken,
) -> tuple[SaliencyMap, ...]:
    """Return the map of each image of a case, as `explain` does of one image.

    An image model is given cases of a single image. Of a case model with ``case_path = together``
    all images move along one path at once, each under noise of its own, and what is said of
    scores and completeness is said of the case (method 7); with ``separate`` each image has a
    path of its own while the others stay as they are. Metadata never move. Methods without a path
    look at every image beside the others as they are: for them both are the same.
    """
    if classifier.card.case_images is None:
        (image,), (digest,) = case.images, case.digests
        ask = partial(explain, target=target, settings=settings, cancel=cancel)
        return (ask(classifier, image, image_digest=digest),)
    light = _light(classifier, case.images[0], settings)
    (inputs,) = light.of_case(case).inputs([case])
    make = partial(_subject, target=target, settings=settings, cancel=cancel)
    method = METHODS[settings.method]
    if settings.case_path == "together" or settings.method not in WITH_A_PATH:
        subject = make(light.of_case(case), inputs, case.images, digests=case.digests)
        found = method(subject, settings)
        each = [found.of_image(place) for place in range(len(case.images))]
    else:
        subjects = (
            make(
                light.of_one_image(case, place),
                inputs[place],
                [case.images[place]],
                digests=[case.digests[place]],
            )
            for place in range(len(case.images))
        )
        each = [method(subject, settings) for subject in subjects]
    geometries = (image.geometry for image in case.images)
    return tuple(map(_map, each, geometries))


def _light(classifier: Classifier, prepared: Prepared, settings: SaliencySettings) -> Classifier:
    """Return the classifier with as few layers as answer the same; Grad-CAM needs them all."""
    if settings.method == "grad_cam":
        return classifier
    return replace(classifier, module=folded(classifier.module, classifier.inputs([prepared])))


def _subject(
    classifier: Classifier,
    inputs: Tensor,
    prepared: Sequence[Prepared],
    *,
    digests: Sequence[str],
    target: int,
    settings: SaliencySettings,
    cancel: CancelToken,
) -> Subject:
    device = classifier.device
    scales = [
        settings.noise_level * (each.high - each.low) / np.array(each.std) for each in prepared
    ]
    is_reduced = (
        effective(settings, device.type).autocast and settings.method == "integrated_gradients"
    )
    noise_scale = torch.from_numpy(np.array(scales).astype(np.float32)).to(device)
    return Subject(
        classifier,
        target,
        settings.score,
        inputs=inputs,
        baseline=torch.from_numpy(prepared[0].black).to(device),
        noise_scale=noise_scale.reshape(*inputs.shape[:-2], 1, 1),
        noise_keys=tuple(noise_key(digest, settings.seed) for digest in digests),
        cancel=cancel,
        reduced=torch.float16 if is_reduced else None,
    )


def _map(found: Attributions, geometry: Geometry) -> SaliencyMap:
    values, peak = normalised(found.values)
    facts = replace(found.facts, peak=peak, is_zero=peak == 0)
    if found.halves is None:
        return SaliencyMap(values, geometry, facts)
    facts = replace(facts, monte_carlo_error=monte_carlo_error(*found.halves))
    one, other = (normalised(half)[0] for half in found.halves)
    return SaliencyMap(values, geometry, facts, (one, other))
