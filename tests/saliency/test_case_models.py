import shutil
import sys
import types
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import resources
from engine.domain.problem import Refusal
from engine.saliency import gradients
from engine.saliency.cards import read_card
from engine.saliency.case_classifier import CaseClassifier
from engine.saliency.case_input import CaseInput
from engine.saliency.classifier import open_classifier
from engine.saliency.folding import folded
from engine.saliency.layers import grad_cam_layer
from engine.saliency.metadata import encoded_width
from engine.saliency.noise import noise, noise_key
from engine.saliency.preprocess import prepare
from engine.saliency.trust import TrustStore
from tests.tiny_networks import (
    STD,
    attributions_of,
    case_classifier_of,
    case_for,
    case_network,
    classifier_of,
    explained,
    explained_case,
    smooth_network,
)

SOURCE = """
import torch
from torch import nn

from engine.saliency.case_classifier import CaseClassifier

def backbone():
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, stride=2), nn.BatchNorm2d(4), nn.SiLU(), nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    )

def make(seed=0):
    torch.manual_seed(seed)
    return CaseClassifier(backbone(), features=4, metadata=5, classes=3)

class Forgetful(nn.Module):
    def __init__(self):
        super().__init__()
        self.case = make()

    def forward(self, images, mask, metadata):
        return self.case(images, torch.ones_like(mask), metadata)

class AllPlaces(nn.Module):
    def __init__(self):
        super().__init__()
        self.case = make()

    def forward(self, images, mask, metadata):
        features = self.case.backbone(images.flatten(0, 1)).unflatten(0, mask.shape)
        weights = mask.to(features.dtype)[:, :, None]
        mean = (features * weights).sum(1) / weights.sum(1)
        return self.case.head(torch.cat((mean, metadata), 1))

class Detached(nn.Module):
    def __init__(self):
        super().__init__()
        self.case = make()

    def forward(self, images, mask, metadata):
        return self.case(images.detach(), mask, metadata)
"""
NAMES: dict = {}
exec(SOURCE, NAMES)
CASE = {
    "case_images": 3,
    "metadata": {"sex": ["female", "male"], "age": [30, 50]},
    "kind": "python",
    "factory": "net:make",
    "weights": None,
}


@pytest.fixture
def open_card(card_of, tmp_path):
    """Open a card of a case model with these changes, on the CPU."""
    (tmp_path / "net.py").write_text(SOURCE)
    trust = TrustStore(tmp_path / "trust.json", ask=lambda _question: True)

    def open_changed(**changes):
        return open_classifier(card_of(**CASE | changes), trust=trust, device="cpu")

    return open_changed


def pictures(card, count):
    rng = np.random.default_rng(1)
    return tuple(
        prepare(rng.integers(0, 256, (30, 20, 3), dtype=np.uint8), card) for _ in range(count)
    )


def case_of(classifier, count=2, metadata=(0.0, 1.0, 0.0, 1.0, 0.0)):
    digests = tuple(f"{place}" for place in range(count))
    return CaseInput(pictures(classifier.card, count), digests, metadata)


def by_hand(case, module):
    images = torch.from_numpy(case.model_values)[None]
    mask = torch.ones((1, len(case.images)))
    with torch.no_grad():
        return module(images, mask, torch.tensor([case.metadata])).softmax(1)[0].numpy()


# opening and asking


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_case_gets_one_answer_for_all_of_its_images(open_card, count):
    opened = open_card()
    case = case_of(opened, count)
    expected = by_hand(case, NAMES["make"]().eval())
    assert opened.predict_case(case) == pytest.approx(expected.tolist(), abs=1e-6)


def test_what_a_case_model_is_told_of_a_case_changes_its_answer(open_card):
    opened = open_card()
    told, untold = (
        opened.predict_case(case_of(opened, 1, metadata))
        for metadata in ((1.0, 0, 0, 0, 1.0), (0.0,) * 5)
    )
    assert told != pytest.approx(untold, abs=1e-3)


def saved_torchscript(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.script(NAMES["make"]().eval()).save(str(path))


def saved_program(path):
    batch = torch.export.Dim("batch")
    example = torch.zeros(2, 3, 3, 12, 16), torch.ones(2, 3, dtype=torch.bool), torch.zeros(2, 5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(
            NAMES["AllPlaces"]().eval(), example, dynamic_shapes=({0: batch},) * 3
        )
        torch.export.save(program, path)


@pytest.mark.parametrize(
    ("kind", "save"), [("torchscript", saved_torchscript), ("torch_export", saved_program)]
)
def test_a_saved_case_model_answers_as_the_module_it_was(open_card, tmp_path, kind, save):
    save(tmp_path / "case.model")
    opened = open_card(kind=kind, factory=None, weights="case.model")
    for count in (1, 3):
        case = case_of(opened, count)
        expected = by_hand(case, NAMES["make"]().eval())
        assert opened.predict_case(case) == pytest.approx(expected.tolist(), abs=1e-6)


def test_a_timm_architecture_without_its_head_becomes_a_case_model(
    open_card, tmp_path, monkeypatch
):
    asked = []

    def create_model(architecture, *, pretrained, num_classes):
        asked.append((architecture, pretrained, num_classes))
        backbone = NAMES["backbone"]()
        backbone.num_features = 4
        return backbone

    stub = types.ModuleType("timm")
    stub.__version__, stub.is_model, stub.create_model = "0", lambda _name: True, create_model
    monkeypatch.setitem(sys.modules, "timm", stub)
    torch.save(NAMES["make"](seed=3).state_dict(), tmp_path / "case.pth")
    opened = open_card(kind="timm", factory=None, architecture="tiny", weights="case.pth")
    assert asked == [("tiny", False, 0)]
    case = case_of(opened)
    expected = by_hand(case, NAMES["make"](seed=3).eval())
    assert opened.predict_case(case) == pytest.approx(expected.tolist(), abs=1e-6)


@pytest.fixture
def inception_folder(tmp_path):
    """A copy of the example card, which comes without weights."""
    example = Path(resources.__file__).parent / "model_cards" / "inception_v4_case"
    shutil.copytree(example, tmp_path / "inception")
    (tmp_path / "inception" / "weights.safetensors").touch()
    return tmp_path / "inception"


def test_the_example_card_has_the_shape_of_the_papers_classifier(inception_folder):
    card = read_card(inception_folder / "card.toml")
    assert (card.architecture, card.case_images, len(card.classes)) == ("inception_v4", 6, 27)
    assert card.classes[-1] == "Other"
    assert encoded_width(card.metadata) == 2 + 7 + 6


def test_inception_v4_through_timm_takes_a_case(inception_folder):
    timm = pytest.importorskip("timm")
    from safetensors.torch import save_file

    backbone = timm.create_model("inception_v4", pretrained=False, num_classes=0)
    network = CaseClassifier(backbone, features=1536, metadata=15, classes=27)
    save_file(network.state_dict(), inception_folder / "weights.safetensors")
    opened = open_classifier(
        read_card(inception_folder / "card.toml"),
        trust=TrustStore(inception_folder / "trust.json"),
        device="cpu",
    )
    answer = opened.predict_case(case_of(opened, 2, (0.0,) * 15))
    assert sum(answer) == pytest.approx(1)
    assert grad_cam_layer(opened) is opened.module.backbone.features[21]


def test_a_case_model_that_counts_absent_images_is_refused(open_card):
    with pytest.raises(Refusal, match="the mask calls absent"):
        open_card(factory="net:Forgetful")


def test_a_case_model_that_no_gradient_passes_is_refused(open_card):
    with pytest.raises(Refusal, match="no gradient reaches"):
        open_card(factory="net:Detached")


def test_a_case_model_of_other_metadata_than_its_cards_is_refused(open_card):
    with pytest.raises(Refusal) as refused:
        open_card(metadata={"sex": ["female", "male"]})
    assert refused.value.problem.code == "model_failed"


def test_an_image_model_is_no_case_model(open_card, tmp_path):
    (tmp_path / "net.py").write_text(SOURCE + "\ndef image():\n    return backbone()\n")
    with pytest.raises(Refusal) as refused:
        open_card(factory="net:image")
    assert refused.value.problem.code == "model_failed"


def test_the_digest_of_a_case_model_follows_its_images_and_the_order_of_its_metadata(open_card):
    columns = {"age": [30, 50], "sex": ["female", "male"]}
    changes = [{}, {"case_images": 2}, {"metadata": columns}]
    changes += [{"metadata": {"sex": ["male", "female"], "age": [30, 50]}}]
    assert len({open_card(**change).digest for change in changes}) == len(changes)
    assert open_card(name="another").digest == open_card().digest


def test_memory_is_counted_by_image_however_many_a_case_has(open_card):
    opened = open_card()
    assert opened.image_bytes > 0
    assert open_card(case_images=1).image_bytes == pytest.approx(opened.image_bytes, rel=0.1)
    assert opened.images == 1
    assert opened.of_case(case_of(opened, 3)).images == 3


# training


def test_absent_images_leave_the_batch_statistics_of_training_alone():
    module = NAMES["make"]().train()
    images = torch.randn(2, 2, 3, 12, 16)
    images[:, 1] = 1000.0
    module(images, torch.tensor([[1, 0], [1, 0]]), torch.zeros(2, 5))
    assert module.backbone[1].running_mean.abs().max() < 1


def test_a_case_without_images_is_classified_by_its_metadata_alone():
    module = NAMES["make"]().eval()
    images = torch.full((1, 2, 3, 12, 16), torch.nan)
    logits = module(images, torch.zeros(1, 2), torch.eye(5)[:1])
    expected = module.head(torch.cat((torch.zeros(1, 4), torch.eye(5)[:1]), 1))
    assert torch.equal(logits, expected)


# explaining


@pytest.fixture(scope="module")
def classifier():
    network = case_network()
    network.head.weight.data *= 30  # so that an image changes what the others do
    return case_classifier_of(network)


def test_a_case_of_one_image_is_explained_like_an_image(classifier):
    case = case_for(classifier, images=1)
    fixed = torch.tensor([case.metadata])

    class Alone(nn.Module):
        def forward(self, images):
            ones = torch.ones((len(images), 1))
            return classifier.module(images[:, None], ones, fixed.expand(len(images), -1))

    alone = explained(classifier_of(Alone()), case.images[0], digest="image 0")
    for path in ("together", "separate"):
        (found,) = explained_case(classifier, case, case_path=path)
        assert np.abs(found.values.astype(int) - alone.values).max() <= 1
        assert found.facts.completeness_gap == pytest.approx(alone.facts.completeness_gap, abs=1e-6)


def test_one_image_of_a_case_moves_the_others_maps_together_and_not_separately(classifier):
    case = case_for(classifier, images=2)
    by_path = {path: explained_case(classifier, case, case_path=path) for path in PATHS}
    moved = np.abs(
        attributions_of(by_path["together"][0]) - attributions_of(by_path["separate"][0])
    )
    assert moved.max() > 0.01 * by_path["together"][0].facts.peak
    assert len({found.facts.completeness_gap for found in by_path["together"]}) == 1
    assert len({found.facts.score for found in by_path["separate"]}) == 1
    assert len({found.facts.completeness_gap for found in by_path["separate"]}) == 2


PATHS = ("together", "separate")


@pytest.mark.parametrize("path", PATHS)
def test_each_image_of_a_case_has_noise_of_its_own_digest_alone(classifier, path, monkeypatch):
    seen = []
    forward = CaseClassifier.forward
    monkeypatch.setattr(
        CaseClassifier, "forward", lambda self, x, m, d: seen.append(x) or forward(self, x, m, d)
    )
    case = case_for(classifier, images=2)
    settings = {"sampler": "literal", "noise_samples": 1, "steps": 1, "noise_level": 0.2}
    explained_case(classifier, case, case_path=path, **settings)
    last = seen[-1][0].detach().numpy()
    for place in (0, 1) if path == "together" else (1,):
        one = case.images[place]
        drawn = noise(noise_key(f"image {place}", 0), [0], shape=(3, 7, 9))[0]
        scale = 0.2 * (one.high - one.low) / np.array(STD)[:, None, None]
        assert last[place] == pytest.approx(one.model_values + drawn * scale, abs=1e-5)
    assert path == "together" or np.array_equal(last[0], case.images[0].model_values)


@pytest.mark.parametrize("path", PATHS)
def test_maps_of_a_case_are_the_same_at_any_batch_size(classifier, path, monkeypatch):
    found = []
    for batch in (1, 7, 50):
        monkeypatch.setattr(gradients.Subject, "batch", batch)
        found.append(explained_case(classifier, case_path=path, noise_level=0.3))
    for others in found[1:]:
        for one, other in zip(found[0], others, strict=True):
            gap = np.abs(attributions_of(one) - attributions_of(other)).max()
            assert gap < 1e-4 * one.facts.peak


def test_swapping_the_images_of_a_case_swaps_their_maps(classifier):
    case = case_for(classifier, images=2)
    swapped = CaseInput(case.images[::-1], case.digests[::-1], case.metadata)
    found, other = explained_case(classifier, case), explained_case(classifier, swapped)[::-1]
    for one, two in zip(found, other, strict=True):
        assert np.abs(one.values.astype(int) - two.values).max() <= 2


def test_facts_of_a_moving_case_are_those_of_the_case_and_errors_those_of_the_map(classifier):
    one, other = explained_case(classifier, noise_level=0.4)
    shared = ("completeness_gap", "score", "noisy_score", "kept_target_share", "gradients")
    assert all(getattr(one.facts, name) == getattr(other.facts, name) for name in shared)
    assert one.facts.monte_carlo_error != other.facts.monte_carlo_error
    assert one.facts.peak != other.facts.peak
    assert all(np.abs(half).max() == 32700 for each in (one, other) for half in each.halves)


def test_the_backbone_of_a_case_model_is_folded_once_and_answers_the_same():
    torch.manual_seed(2)
    backbone = nn.Sequential(
        nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm2d(8), nn.SiLU(), nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    )  # fmt: skip
    backbone[1].running_mean.normal_()
    backbone[1].running_var.uniform_(0.5, 2.0)
    network = case_network(backbone).eval().requires_grad_(False)
    image = torch.randn(1, 3, 7, 9)
    light = folded(network, image)
    assert light.backbone is folded(network, image).backbone is not network.backbone
    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in light.modules())
    assert isinstance(network.backbone[1], nn.BatchNorm2d)
    given = torch.randn(2, 3, 3, 7, 9), torch.tensor([[1, 1, 0], [1, 1, 1]]), torch.eye(2)
    assert torch.allclose(light(*given), network(*given), atol=1e-5)
    settings = {"steps": 4, "joint_gradients": 8}
    classifier = case_classifier_of(network)
    monkey = [explained_case(classifier, **settings)]
    classifier_unfolded = case_classifier_of(Unfoldable(network))
    monkey.append(explained_case(classifier_unfolded, **settings))
    for one, two in zip(*monkey, strict=True):
        assert np.abs(attributions_of(one) - attributions_of(two)).max() < 1e-4 * one.facts.peak


class Unfoldable(nn.Module):
    """A case model that is no `CaseClassifier`, and serves as it is."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, images, mask, metadata):
        return self.network(images, mask, metadata)


def test_an_image_model_explains_a_case_of_one_image_as_that_image():
    classifier = classifier_of(smooth_network())
    case = CaseInput(case_for(classifier, 1).images, ("image",))
    (found,) = explained_case(classifier, case)
    alone = explained(classifier, case.images[0])
    assert np.array_equal(found.values, alone.values)
    assert found.facts == alone.facts
