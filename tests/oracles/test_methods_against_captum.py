"""Every other method against captum called directly on the same module and images."""

import numpy as np
import pytest
import torch
from captum.attr import (
    GradientShap,
    InputXGradient,
    LayerGradCam,
    Occlusion,
    Saliency,
)
from torch import nn
from torch.nn.functional import interpolate

from tests.tiny_networks import (
    attributions_of,
    case_classifier_of,
    case_for,
    case_network,
    classifier_of,
    explained,
    explained_case,
    picture_for,
)

WINDOW, STRIDE = 4, 3
SETTINGS = {"occlusion_window": WINDOW, "occlusion_stride": STRIDE}


class Convolutions(nn.Sequential):
    """A smooth network with named layers, one of which is folded in other methods."""

    def __init__(self, *last):
        torch.manual_seed(4)
        super().__init__(
            nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.Tanh(),
            nn.Conv2d(8, 6, 3, stride=2), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), *last,
        )  # fmt: skip
        self[1].running_mean.normal_()
        self[1].running_var.uniform_(0.5, 2.0)


@pytest.fixture
def classifier():
    return classifier_of(Convolutions(nn.Linear(6, 3)), layer="4")


@pytest.fixture
def case_classifier():
    return case_classifier_of(case_network(Convolutions(), features=6), layer="backbone.4")


def assert_equal(found, expected):
    rounding = found.facts.peak / 2 / 32700 + 2e-5 * found.facts.peak
    of_scores = 3e-7 if found.facts.method == "occlusion" else 0  # differences of float32
    assert found.facts.peak == pytest.approx(np.abs(expected).max(), rel=1e-4, abs=of_scores)
    assert np.abs(attributions_of(found) - expected).max() < rounding + of_scores


def image(classifier):
    prepared = picture_for(classifier)
    x = torch.from_numpy(prepared.model_values)[None].requires_grad_()
    black = torch.from_numpy(prepared.black).expand_as(x).contiguous()
    return prepared, x, black


def probability(module):
    return lambda x: module(x).softmax(1)


def simple(method, forward, x, black, more):
    if method == "gradients":
        return Saliency(forward).attribute(x, target=1, abs=False, **more)
    if method == "input_x_gradient":
        return InputXGradient(forward).attribute(x, target=1, **more)
    shape = (*(1,) * (x.ndim - 4), 3)
    return Occlusion(forward).attribute(
        x, (*shape, WINDOW, WINDOW), strides=(*shape, STRIDE, STRIDE), baselines=black, target=1,
        **more,
    )  # fmt: skip


SIMPLE = ("gradients", "input_x_gradient", "occlusion")


@pytest.mark.parametrize("method", SIMPLE)
def test_a_map_of_an_image_is_captums_summed_over_the_channels(classifier, method):
    prepared, x, black = image(classifier)
    theirs = simple(method, probability(classifier.module), x, black, {})
    found = explained(classifier, prepared, method=method, **SETTINGS)
    assert_equal(found, theirs[0].sum(0).detach().numpy())
    assert found.facts.score == pytest.approx(classifier.module(x).softmax(1)[0, 1].item())


@pytest.mark.parametrize("method", SIMPLE)
@pytest.mark.parametrize("path", ["together", "separate"])
def test_maps_of_a_case_are_captums_beside_the_other_images(case_classifier, method, path):
    case = case_for(case_classifier, images=3)
    x, black, more = fixed(case, case_classifier)
    theirs = simple(method, answer, x, black, more)
    found = explained_case(case_classifier, case, method=method, case_path=path, **SETTINGS)
    for each, expected in zip(found, theirs[0].sum(1).detach().numpy(), strict=True):
        assert_equal(each, expected)


def fixed(case, classifier):
    """Return the images of a case, as many black ones, and what captum leaves fixed."""
    x = torch.from_numpy(case.model_values)[None].requires_grad_()
    black = torch.from_numpy(case.images[0].black).expand_as(x).contiguous()
    arguments = (torch.tensor([case.metadata]), classifier.module)
    return x, black, {"additional_forward_args": arguments}


def answer(images, metadata, module):
    ones = torch.ones(images.shape[:2])
    return module(images, ones, metadata.expand(len(images), -1)).softmax(1)


def test_grad_cam_is_captums_upsampled_bilinearly(classifier):
    prepared, x, _ = image(classifier)
    module = classifier.module
    theirs = LayerGradCam(probability(module), module[4]).attribute(
        x, target=1, relu_attributions=True
    )
    expected = interpolate(theirs, (7, 9), mode="bilinear")[0, 0].detach().numpy()
    found = explained(classifier, prepared, method="grad_cam")
    assert_equal(found, expected)
    assert found.values.min() >= 0
    assert found.values.max() == 32700


def test_grad_cam_of_a_case_is_captums_image_by_image(case_classifier):
    case = case_for(case_classifier, images=3)
    x, _, more = fixed(case, case_classifier)
    layer = case_classifier.module.backbone[4]
    theirs = LayerGradCam(answer, layer).attribute(x, target=1, relu_attributions=True, **more)
    expected = interpolate(theirs, (7, 9), mode="bilinear")[:, 0].detach().numpy()
    found = explained_case(case_classifier, case, method="grad_cam")
    for each, theirs_of_image in zip(found, expected, strict=True):
        assert_equal(each, theirs_of_image)
    assert len({each.facts.peak for each in found}) == 3


def with_our_points(monkeypatch, keys, samples):
    """Let captum take the points on the path that we take, for one stream of random numbers."""
    points = np.random.default_rng(keys).random(samples)
    monkeypatch.setattr(np.random, "uniform", lambda _low, _high, _size: points)
    monkeypatch.setattr(np.random, "choice", lambda _count, size: np.zeros(size, dtype=int))


@pytest.mark.parametrize("samples", [1, 7])
def test_gradient_shap_is_captums_at_the_same_points(classifier, monkeypatch, samples):
    from engine.saliency.noise import noise_key

    prepared, x, black = image(classifier)
    found = explained(classifier, prepared, method="gradient_shap", shap_samples=samples, seed=5)
    with_our_points(monkeypatch, [noise_key("image", 5)], samples)
    theirs, delta = GradientShap(probability(classifier.module)).attribute(
        x, black, n_samples=samples, stdevs=0.0, target=1, return_convergence_delta=True
    )
    assert_equal(found, theirs[0].sum(0).detach().numpy())
    assert found.facts.completeness_gap == pytest.approx(float(delta.mean()), abs=1e-5)


@pytest.mark.parametrize("path", ["together", "separate"])
def test_gradient_shap_of_a_case_is_captums_at_the_same_points(case_classifier, monkeypatch, path):
    from engine.saliency.noise import noise_key

    case = case_for(case_classifier, images=2)
    x, black, more = fixed(case, case_classifier)
    settings = {"method": "gradient_shap", "shap_samples": 6, "case_path": path}
    found = explained_case(case_classifier, case, **settings)
    keys = [noise_key(digest, 0) for digest in case.digests]
    for place, each in enumerate(found):
        start = black if path == "together" else x.detach().clone()
        start[:, place] = black[:, place]
        with_our_points(monkeypatch, keys if path == "together" else [keys[place]], 6)
        theirs = GradientShap(answer).attribute(
            x, start, n_samples=6, stdevs=0.0, target=1,
            additional_forward_args=more["additional_forward_args"],
        )  # fmt: skip
        assert_equal(each, theirs[0, place].sum(0).detach().numpy())
