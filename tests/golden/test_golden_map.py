"""A small map as it has always been: where it changes, `engine.saliency.cache.MAP_VERSION` must
rise, or maps made before and after would be taken for the same.
"""

import numpy as np
import pytest
import torch
from torch import nn

from engine.saliency.preprocess import prepare
from tests.tiny_networks import classifier_of, explained

ROUNDING = 2
"""Units of 1 / 32700 by which float32 arithmetic may differ between machines."""

GOLDEN = {
    "joint": (
        [[-4627, 20288, -5312, 4104], [12202, 168, -32700, 2383], [-1942, -23050, 11740, 24979]],
        [[-6322, 22961, -6023, 4887], [15389, -942, -32700, 6227], [-2609, -30126, 13032, 27153]],
        [[-2887, 17546, -4584, 3302], [8932, 1306, -32700, -1561], [-1257, -15790, 10416, 22749]],
    ),
    "literal": (
        [[5128, 8664, -4947, 8854], [13042, 1809, -32700, -1058], [-2289, -19244, 6328, 21855]],
        [[2377, 18504, -6965, 9137], [14794, -4469, -32700, -2029], [-2850, -18556, 2266, 21258]],
        [[10454, -10388, -1040, 8306], [9649, 13965, -32700, 823], [-1203, -20578, 14192, 23012]],
    ),
}
"""For each sampler the map and its two halves."""


def _network():
    """Return a network whose every weight is an eighth of a small integer."""
    convolution, last = nn.Conv2d(3, 2, 2), nn.Linear(12, 3)
    with torch.no_grad():
        for part in (convolution.weight, convolution.bias, last.weight, last.bias):
            numbers = torch.arange(part.numel()) * 7 % 11 - 5
            part.copy_(numbers.reshape(part.shape) / 8)
    return nn.Sequential(convolution, nn.Tanh(), nn.Flatten(), last)


@pytest.mark.parametrize("sampler", GOLDEN)
def test_the_map_of_a_known_network_and_picture_is_the_golden_one(sampler):
    classifier = classifier_of(_network(), size=(4, 3))
    pixels = (np.arange(36) * 37 % 256).astype(np.uint8).reshape(3, 4, 3)
    found = explained(
        classifier, prepare(pixels, classifier.card), sampler=sampler, steps=4,
        joint_gradients=12, noise_samples=3, noise_level=0.25,
    )  # fmt: skip
    maps = np.array([found.values, *found.halves], dtype=int)
    assert np.abs(maps - GOLDEN[sampler]).max() <= ROUNDING
