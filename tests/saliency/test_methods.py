"""What the methods beside Integrated Gradients promise of their own."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from torch import nn

from engine.domain.measure import Reason, Undefined
from engine.domain.problem import Refusal
from engine.domain.saliency_map import NOT_APPLICABLE
from engine.domain.settings import SaliencySettings
from engine.saliency.explain import METHODS
from engine.saliency.layers import grad_cam_layer
from engine.tasks.cancel import CancelToken, Stopped
from tests.tiny_networks import (
    Linear,
    attributions_of,
    case_classifier_of,
    case_network,
    classifier_of,
    explained,
    explained_case,
    picture_for,
    smooth_network,
)

OTHERS = [name for name in METHODS if name != "integrated_gradients"]
NOISE = {"noise_level": 0.9, "noise_samples": 3, "steps": 7, "joint_gradients": 14, "seed": 4}


@pytest.fixture(scope="module")
def smooth():
    return classifier_of(smooth_network(), layer="3")


def test_every_method_of_the_settings_can_be_asked_for():
    assert set(METHODS) == set(SaliencySettings.model_json_schema()["properties"]["method"]["enum"])


@pytest.mark.parametrize("method", OTHERS)
def test_the_noise_of_smoothgrad_does_not_touch_the_other_methods(smooth, method):
    quiet, noisy = (explained(smooth, method=method, **more) for more in ({}, NOISE | {"seed": 0}))
    assert np.array_equal(quiet.values, noisy.values)
    assert quiet.facts == noisy.facts


@pytest.mark.parametrize("method", OTHERS)
def test_facts_that_do_not_apply_to_a_method_say_so(smooth, method):
    facts = explained(smooth, method=method).facts
    assert facts.method == method
    assert facts.sampler == ""
    assert facts.target == "psoriasis"
    assert facts.peak > 0
    assert facts.noisy_score == facts.kept_target_share == NOT_APPLICABLE
    assert facts.autocast_rank_correlation == NOT_APPLICABLE
    has_samples = method == "gradient_shap"
    assert (facts.completeness_gap != NOT_APPLICABLE) == has_samples
    assert (facts.monte_carlo_error != NOT_APPLICABLE) == has_samples
    expected = {"gradient_shap": 100, "occlusion": 0}
    assert facts.gradients == expected.get(method, 1)


@pytest.mark.parametrize("method", OTHERS)
def test_logit_and_softmax_are_explained_differently(smooth, method):
    by_score = [
        attributions_of(explained(smooth, method=method, score=s)) for s in ("softmax", "logit")
    ]
    assert np.abs(by_score[0] - by_score[1]).max() > 0.05 * np.abs(by_score[0]).max()


@pytest.fixture
def linear():
    weights = np.random.default_rng(1).normal(size=(3, 3, 7, 9)).astype(np.float32)
    return classifier_of(Linear(weights))


@pytest.mark.parametrize("method", ["gradients", "input_x_gradient", "gradient_shap", "occlusion"])
def test_a_linear_logit_is_explained_as_is_known_by_hand(linear, method):
    prepared = picture_for(linear)
    weights, x = linear.module.weights[1].numpy(), prepared.model_values
    by_hand = {
        "gradients": weights,
        "input_x_gradient": weights * x,
        "gradient_shap": weights * (x - prepared.black),
        # hiding one pixel hides all of its channels, and each is given the whole fall
        "occlusion": 3 * (weights * (x - prepared.black)).sum(0, keepdims=True),
    }
    settings = {"occlusion_window": 1, "occlusion_stride": 1, "score": "logit"}
    found = explained(linear, prepared, method=method, **settings)
    expected = by_hand[method].sum(0)
    assert attributions_of(found) == pytest.approx(expected, abs=found.facts.peak / 5000)


def test_gradient_shap_of_a_linear_logit_is_complete_and_sure(linear):
    facts = explained(linear, method="gradient_shap", score="logit").facts
    assert facts.completeness_gap == pytest.approx(0, abs=1e-4)
    assert facts.monte_carlo_error == pytest.approx(0, abs=1e-5)


def test_gradient_shap_comes_nearer_to_completeness_with_more_samples(smooth):
    few, many = (
        [
            abs(
                explained(
                    smooth, method="gradient_shap", score="logit", shap_samples=n, seed=seed
                ).facts.completeness_gap
            )
            for seed in range(8)
        ]
        for n in (2, 200)
    )
    assert np.mean(few) > 4 * np.mean(many)


def test_gradient_shap_of_one_sample_has_no_halves(smooth):
    found = explained(smooth, method="gradient_shap", shap_samples=1)
    assert found.halves is None
    assert found.facts.monte_carlo_error == Undefined(Reason.SINGLE_SAMPLE)


def test_the_points_of_gradient_shap_follow_digest_and_seed_alone(smooth):
    prepared = picture_for(smooth)

    def values(**changes):
        return explained(
            smooth, prepared, **{"method": "gradient_shap", "shap_samples": 4} | changes
        ).values

    torch.manual_seed(0)
    first = values()
    torch.manual_seed(9)
    np.random.seed(9)  # noqa: NPY002 - what captum itself would draw from
    assert np.array_equal(first, values())
    assert not np.array_equal(first, values(seed=1))
    assert not np.array_equal(first, values(digest="another"))


def test_a_window_larger_than_the_picture_hides_all_of_it(smooth):
    settings = {"occlusion_window": 500, "occlusion_stride": 400}
    found = explained(smooth, method="occlusion", **settings)
    assert len(np.unique(found.values)) == 1


def test_squares_with_gaps_between_them_are_refused():
    with pytest.raises(ValidationError, match="must be at most occlusion_window"):
        SaliencySettings(occlusion_window=4, occlusion_stride=5)


@pytest.mark.parametrize("method", ["occlusion", "gradient_shap"])
def test_long_methods_stop_within_one_batch(method):
    cancel, batches = CancelToken(), []

    class Cancelling(nn.Module):
        def forward(self, images):
            batches.append(len(images))
            cancel.cancel()
            return images.mean((2, 3))

    settings = {"occlusion_window": 1, "occlusion_stride": 1}
    with pytest.raises(Stopped):
        explained(classifier_of(Cancelling()), method=method, cancel=cancel, **settings)
    assert len(batches) <= 2


@pytest.mark.parametrize("method", METHODS)
def test_out_of_memory_halves_the_batch_of_every_method(smooth, method):
    class Crowded(nn.Sequential):
        def forward(self, images):
            if len(images) > 2:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().forward(images)

    crowded = classifier_of(Crowded(*smooth.module), layer="3")
    assert (
        np.abs(
            explained(crowded, method=method).values.astype(int)
            - explained(smooth, method=method).values
        ).max()
        <= 3
    )


@pytest.mark.parametrize("method", OTHERS)
def test_numbers_that_are_not_finite_are_refused_by_every_method(smooth, method):
    class Nan(nn.Sequential):
        def forward(self, images):
            return super().forward(images) * torch.nan

    with pytest.raises(Refusal) as refused:
        explained(classifier_of(Nan(*smooth.module), layer="3"), method=method)
    assert refused.value.problem.code == "not_finite"


# Grad-CAM's layer


def layer_problem(network, **card):
    with pytest.raises(Refusal) as refused:
        explained(classifier_of(network, **card), method="grad_cam")
    assert refused.value.problem.code == "model_layer"
    return refused.value.problem


def test_grad_cam_without_a_layer_names_layers_that_would_do():
    problem = layer_problem(smooth_network())
    assert "needs `layer`" in problem.message
    assert "such as 0 or 2" in problem.remedy


def test_grad_cam_of_a_layer_that_is_not_there_is_refused():
    assert "has no layer head.9" in layer_problem(smooth_network(), layer="head.9").message


def test_grad_cam_of_a_layer_without_pictures_is_refused():
    assert "gives (1, 3) where" in layer_problem(smooth_network(), layer="6").message


def test_grad_cam_of_a_layer_that_never_runs_is_refused():
    class Idle(nn.Sequential):
        def forward(self, images):
            return nn.Sequential(*list(self)[:-1])(images)

    network = Idle(*smooth_network(), nn.Conv2d(3, 3, 1))
    assert "gives nothing where" in layer_problem(network, layer="7").message


def test_grad_cam_of_a_layer_that_runs_twice_is_refused():
    class Twice(nn.Sequential):
        def forward(self, images):
            return super().forward(images) + super().forward(-images)

    assert "where Grad-CAM needs one" in layer_problem(Twice(*smooth_network()), layer="2").message


@pytest.mark.parametrize("kind", ["torchscript", "torch_export"])
def test_grad_cam_of_a_saved_program_is_refused(kind):
    card = {"kind": kind, "factory": None, "weights": "x.pt", "layer": "2"}
    assert "cannot be watched" in layer_problem(smooth_network(), **card).message


def test_the_layer_of_a_case_model_is_found_bound_or_not():
    classifier = case_classifier_of(case_network(), layer="backbone.2")
    assert grad_cam_layer(classifier) is classifier.module.backbone[2]
    maps = explained_case(classifier, method="grad_cam")
    assert all(found.values.min() >= 0 for found in maps)


def test_grad_cam_sees_layers_that_are_rewritten_for_other_methods():
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), *smooth_network()[4:-1])
    network.append(nn.Linear(4, 3))
    classifier = classifier_of(network, layer="1")
    explained(classifier)  # folds the batch norm
    assert not explained(classifier, method="grad_cam").facts.is_zero
