"""Maps of a case model against captum's Integrated Gradients, the same images moving in both."""

import numpy as np
import pytest
import torch
from captum.attr import IntegratedGradients

from tests.tiny_networks import (
    attributions_of,
    case_classifier_of,
    case_for,
    case_network,
    explained_case,
)

STEPS = 12
QUIET = {"sampler": "literal", "steps": STEPS, "noise_samples": 1, "noise_level": 0}


@pytest.fixture
def classifier():
    return case_classifier_of(case_network())


def images_of(case):
    return torch.from_numpy(case.model_values)[None]


def forward(images, mask, metadata, module, score):
    logits = module(images, mask, metadata)
    return logits.softmax(1) if score == "softmax" else logits


def assert_equal(found, expected, delta):
    peak = max(each.facts.peak for each in found)
    for each, theirs in zip(found, expected, strict=True):
        rounding = each.facts.peak / 2 / 32700
        assert np.abs(attributions_of(each) - theirs).max() < rounding + 1e-5 * peak
        assert each.facts.completeness_gap == pytest.approx(delta, abs=1e-5)


@pytest.mark.parametrize("score", ["softmax", "logit"])
def test_together_all_images_move_along_captums_path_with_mask_and_metadata_fixed(
    classifier, score
):
    case = case_for(classifier, images=3)
    found = explained_case(classifier, case, case_path="together", score=score, **QUIET)

    images = images_of(case)
    black = torch.from_numpy(case.images[0].black).expand_as(images)
    fixed = (torch.ones(1, 3), torch.tensor([case.metadata]), classifier.module, score)
    theirs, delta = IntegratedGradients(forward).attribute(
        images, black, target=1, additional_forward_args=fixed, n_steps=STEPS,
        method="riemann_right", return_convergence_delta=True,
    )  # fmt: skip
    assert_equal(found, theirs[0].sum(1).numpy(), float(delta))


@pytest.mark.parametrize("score", ["softmax", "logit"])
def test_separately_each_image_moves_alone_along_captums_path(classifier, score):
    case = case_for(classifier, images=3)
    found = explained_case(classifier, case, case_path="separate", score=score, **QUIET)

    images = images_of(case)
    fixed = (torch.ones(1, 3), torch.tensor([case.metadata]), classifier.module, score)
    for place, each in enumerate(found):
        start = images.clone()
        start[:, place] = torch.from_numpy(case.images[0].black)
        theirs, delta = IntegratedGradients(forward).attribute(
            images, start, target=1, additional_forward_args=fixed, n_steps=STEPS,
            method="riemann_right", return_convergence_delta=True,
        )  # fmt: skip
        assert_equal([each], [theirs[0, place].sum(0).numpy()], float(delta))
