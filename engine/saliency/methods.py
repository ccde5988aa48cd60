"""The other ways to make a map: gradients, Grad-CAM, Occlusion and GradientSHAP.

They look at the clean images: the noise of SmoothGrad belongs to Integrated Gradients. captum
computes them, but for GradientSHAP, whose random numbers captum draws from the generator that the
whole process shares.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

from engine.domain.measure import Reason, Undefined
from engine.domain.saliency_map import MapFacts
from engine.domain.settings import SaliencySettings
from engine.saliency.attributions import Attributions, require_finite
from engine.saliency.batching import in_pieces
from engine.saliency.gradients import Subject, clean_scores, mean_attributions, target_scores
from engine.saliency.layers import grad_cam_layer, require_pictures
from engine.saliency.samplers import Plan


def gradients(subject: Subject, settings: SaliencySettings) -> Attributions:
    """Return dF/dx, with its sign (Simonyan et al. 2013)."""
    from captum.attr import Saliency  # noqa: PLC0415 - two seconds to import

    method = Saliency(_score(subject))
    found = _at_once(subject, lambda inputs: method.attribute(inputs, abs=False))
    return _attributions(subject, settings, _summed(found), gradients=1)


def input_x_gradient(subject: Subject, settings: SaliencySettings) -> Attributions:
    """Return x dF/dx, x in model units (Shrikumar et al. 2016)."""
    from captum.attr import InputXGradient  # noqa: PLC0415

    method = InputXGradient(_score(subject))
    return _attributions(
        subject, settings, _summed(_at_once(subject, method.attribute)), gradients=1
    )


def grad_cam(subject: Subject, settings: SaliencySettings) -> Attributions:
    """Return Grad-CAM of the card's layer: nothing below 0, upsampled bilinearly.

    Selvaraju et al. 2017. The layer sees all images of a case in one batch.

    Raises
    ------
    Refusal
        ``model_layer``: there is no such layer, or it makes no pictures.
    """
    from captum.attr import LayerGradCam  # noqa: PLC0415

    layer = grad_cam_layer(subject.classifier)
    require_pictures(subject.classifier, layer, subject.inputs[None])
    method = LayerGradCam(_score(subject), layer)
    small = _at_once(subject, lambda inputs: method.attribute(inputs, relu_attributions=True))
    size = subject.inputs.shape[-2:]
    large = interpolate(small[: subject.classifier.images], size, mode="bilinear")
    values = large.cpu().double().numpy().reshape(*subject.inputs.shape[:-3], *size)
    return _attributions(subject, settings, values, gradients=1)


def occlusion(subject: Subject, settings: SaliencySettings) -> Attributions:
    """Return how much the score falls where a black square hides a part of one image.

    Zeiler and Fergus 2014; where squares overlap, their mean. In a case one image is hidden at a
    time.
    """
    from captum.attr import Occlusion  # noqa: PLC0415

    inputs = subject.inputs
    sides = [min(settings.occlusion_window, side) for side in inputs.shape[-2:]]
    strides = [min(settings.occlusion_stride, side) for side in sides]
    one_image = (1,) * (inputs.ndim - 3)
    with torch.no_grad():
        found = Occlusion(_score(subject)).attribute(
            inputs[None],
            (*one_image, 3, *sides),
            strides=(*one_image, 3, *strides),
            baselines=subject.baseline.expand_as(inputs)[None],
            perturbations_per_eval=subject.batch,
        )
    return _attributions(subject, settings, _summed(found))


def gradient_shap(subject: Subject, settings: SaliencySettings) -> Attributions:
    """Return the mean of (x - x') dF/dx at random points between black and x.

    Lundberg and Lee 2017, as captum's GradientShap with the black image as the only baseline and
    no noise: Integrated Gradients at nodes drawn evenly from the path. The image's digest and the
    seed determine them.
    """
    samples = settings.shap_samples
    random = np.random.default_rng(subject.noise_keys)
    numbers = np.arange(samples)
    plan = Plan(
        nodes=random.random(samples),
        steps=1,
        streams=np.zeros_like(numbers),
        signs=np.ones_like(numbers),
        sweeps=numbers,
        copies=numbers[:0],
    )
    noiseless = replace(subject, noise_scale=torch.zeros_like(subject.noise_scale))
    halves = mean_attributions(noiseless, plan)
    weights = np.bincount(numbers % 2, minlength=2)
    values = np.average(halves, axis=0, weights=weights)
    found = _attributions(subject, settings, values, gradients=samples)
    score, baseline_score = clean_scores(subject)
    facts = replace(
        found.facts,
        monte_carlo_error=Undefined(Reason.SINGLE_SAMPLE),
        completeness_gap=float(values.sum() - (score - baseline_score)),
    )
    return Attributions(values, facts, halves if samples > 1 else None)


def _score(subject: Subject) -> Callable[[Tensor], Tensor]:
    """Return F of the target class, shape (n,), in float32, at any number of inputs."""

    def score(inputs: Tensor) -> Tensor:
        def run(start: int, stop: int) -> Tensor:
            subject.cancel.check()
            outputs = subject.classifier.outputs(inputs[start:stop])
            return target_scores(subject, outputs)

        return torch.cat(list(in_pieces(run, total=len(inputs), batch=len(inputs))))

    return score


def _at_once(subject: Subject, attribute: Callable[[Tensor], Tensor]) -> Tensor:
    """Return what captum finds for the one input, which must fit into memory."""
    inputs = subject.inputs[None].clone().requires_grad_()
    (found,) = in_pieces(lambda _start, _stop: attribute(inputs), total=1, batch=1)
    return found.detach()


def _summed(found: Tensor) -> NDArray[np.float64]:
    """Return the attributions of the one input with their channels summed."""
    summed: NDArray[np.float64] = found[0].sum(-3).cpu().double().numpy()
    return summed


def _attributions(
    subject: Subject,
    settings: SaliencySettings,
    values: NDArray[np.float64],
    *,
    gradients: int = 0,
) -> Attributions:
    score, _ = clean_scores(subject)
    require_finite(subject, np.array([score, *values.ravel()]))
    facts = MapFacts(
        method=settings.method,
        target=subject.classifier.classes[subject.target],
        gradients=gradients,
        score=score,
    )
    return Attributions(values, facts)
