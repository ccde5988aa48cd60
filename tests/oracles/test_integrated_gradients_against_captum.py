"""Our maps against captum's Integrated Gradients, given the same noise."""

import numpy as np
import pytest
import torch
from captum.attr import IntegratedGradients, NoiseTunnel
from torch import nn

from engine.saliency.noise import noise, noise_key
from tests.tiny_networks import (
    STD,
    attributions_of,
    classifier_of,
    explained,
    picture_for,
    smooth_network,
)

STEPS, COPIES, LEVEL = 20, 3, 0.4


class WithBatchNorm(nn.Module):
    """A smooth network with layers that are folded."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(5)
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm2d(8), nn.Tanh(),
            nn.Conv2d(8, 8, 3, groups=4), nn.BatchNorm2d(8), nn.SiLU(),
        )  # fmt: skip
        self.last = nn.Linear(8, 3)
        for layer in self.features:
            if isinstance(layer, nn.BatchNorm2d):
                layer.running_mean.normal_()
                layer.running_var.uniform_(0.5, 2.0)

    def forward(self, images):
        return self.last(self.features(images).mean((2, 3)))


def noisy_copies(prepared):
    scale = LEVEL * (prepared.high - prepared.low) / np.array(STD)[:, None, None]
    drawn = noise(noise_key("image", 0), range(COPIES), shape=prepared.values.shape)
    return torch.from_numpy((prepared.model_values + drawn * scale).astype(np.float32))


@pytest.mark.parametrize("network", [smooth_network(), WithBatchNorm()])
@pytest.mark.parametrize("score", ["softmax", "logit"])
def test_the_literal_map_equals_captums_right_riemann_sum_over_the_same_copies(network, score):
    classifier = classifier_of(network)
    prepared = picture_for(classifier)
    settings = {"sampler": "literal", "steps": STEPS, "noise_samples": COPIES}
    found = explained(classifier, prepared, noise_level=LEVEL, score=score, **settings)

    copies = noisy_copies(prepared)
    black = torch.from_numpy(prepared.black).expand_as(copies)
    forward = nn.Sequential(network, nn.Softmax(1)) if score == "softmax" else network
    theirs, delta = IntegratedGradients(forward).attribute(
        copies, black, target=1, n_steps=STEPS, method="riemann_right",
        return_convergence_delta=True,
    )  # fmt: skip
    expected = theirs.sum(1).mean(0).numpy()
    rounding = found.facts.peak / 2 / 32700
    assert np.abs(attributions_of(found) - expected).max() < rounding + 1e-5 * found.facts.peak
    assert found.facts.completeness_gap == pytest.approx(float(delta.mean()), abs=1e-4)

    halves = [expected_half - 0 for expected_half in (theirs[::2], theirs[1::2])]
    a, b = (half.sum(1).mean(0).numpy() for half in halves)
    error = np.linalg.norm(a - b) / np.linalg.norm(a + b)
    assert found.facts.monte_carlo_error == pytest.approx(error, rel=1e-3)


def test_the_joint_map_comes_to_captums_noise_tunnel_with_its_own_noise():
    classifier = classifier_of(smooth_network())
    prepared = picture_for(classifier)
    found = explained(classifier, prepared, steps=10, joint_gradients=4000, noise_level=LEVEL)
    torch.manual_seed(0)
    x = torch.from_numpy(prepared.model_values)[None]
    scale = LEVEL * (prepared.high - prepared.low) / torch.tensor(STD)
    # captum takes one deviation for all channels, so each network input is scaled to that of one
    weights = scale.reshape(3, 1, 1)
    tunnel = NoiseTunnel(IntegratedGradients(lambda z: classifier.module(z * weights).softmax(1)))
    theirs = tunnel.attribute(
        x / weights, baselines=(torch.from_numpy(prepared.black) / weights).expand_as(x),
        nt_samples=800, nt_samples_batch_size=100, stdevs=1.0, target=1, n_steps=10,
        method="riemann_right",
    )  # fmt: skip
    expected = theirs.sum(1)[0].detach().numpy()
    gap = np.linalg.norm(attributions_of(found) - expected) / np.linalg.norm(expected)
    assert gap < 0.06
