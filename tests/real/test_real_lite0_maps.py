"""Maps of EfficientNet-Lite0 on real photographs, beside captum's."""

from pathlib import Path

import numpy as np
import pytest
import torch
from captum.attr import IntegratedGradients
from PIL import Image

import resources
from engine.saliency import folding
from engine.saliency.cards import read_card
from engine.saliency.classifier import open_classifier
from engine.saliency.noise import noise, noise_key
from engine.saliency.preprocess import prepare
from engine.saliency.trust import TrustStore
from tests.tiny_networks import attributions_of, explained

EXAMPLE = Path(resources.__file__).parent / "model_cards" / "lite0"

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    store = TrustStore(tmp_path_factory.mktemp("trust") / "trust.json")
    return open_classifier(read_card(EXAMPLE / "card.toml"), trust=store, device="cpu")


@pytest.fixture(scope="module")
def prepared(real_data, classifier):
    pixels = np.asarray(Image.open(real_data / "photos" / "ISIC_0000001.jpg").convert("RGB"))
    return prepare(pixels, classifier.card)


@pytest.fixture(scope="module")
def target(classifier, prepared):
    return int(classifier.predict([prepared])[0].argmax())


def test_the_literal_map_of_a_photograph_equals_captums_but_for_tipped_relus(
    classifier, prepared, target
):
    """Rounding tips a ReLU over here and there: captum in float64 is as far from captum in float32
    (1.4e-3 of the maximum on this photograph).
    """
    found = explained(
        classifier, prepared, target=target, sampler="literal", steps=10, noise_samples=2
    )
    drawn = noise(noise_key("image", 0), [0, 1], shape=prepared.values.shape)
    scale = 0.15 * (prepared.high - prepared.low) / np.array(prepared.std)[:, None, None]
    copies = torch.from_numpy((prepared.model_values + drawn * scale).astype(np.float32))
    black = torch.from_numpy(prepared.black).expand_as(copies).contiguous()
    theirs = IntegratedGradients(lambda z: classifier.module(z).softmax(1)).attribute(
        copies, black, target=target, n_steps=10, method="riemann_right", internal_batch_size=10
    )
    expected = theirs.sum(1).mean(0).numpy()
    gap = np.abs(attributions_of(found) - expected) / np.abs(expected).max()
    assert gap.max() < 2e-2
    assert np.median(gap) < 1e-4


def test_the_example_network_is_folded(classifier, prepared):
    image = classifier.inputs([prepared])
    light = folding.folded(classifier.module, image)
    assert light is not classifier.module
    assert not any(isinstance(layer, torch.nn.BatchNorm2d) for layer in light.modules())
    with torch.no_grad():
        assert torch.allclose(light(image), classifier.module(image), atol=1e-4)


def test_a_joint_map_of_a_photograph_has_all_its_facts(classifier, prepared, target):
    found = explained(classifier, prepared, target=target, steps=10, joint_gradients=40)
    assert found.values.shape == (224, 224)
    assert 0 < found.facts.monte_carlo_error < 5
    assert 0 < found.facts.score < 1
    assert 0 <= found.facts.noisy_score <= 1
    assert not found.facts.is_zero
