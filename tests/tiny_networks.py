"""Small differentiable networks and pictures on which saliency can be known by hand."""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from engine.domain.settings import SaliencySettings
from engine.saliency.cards import ModelCard
from engine.saliency.case_classifier import CaseClassifier
from engine.saliency.case_input import CaseInput
from engine.saliency.classifier import Classifier
from engine.saliency.explain import explain, explain_case
from engine.saliency.preprocess import prepare
from engine.tasks.cancel import CancelToken

MEAN, STD = (0.5, 0.4, 0.3), (0.2, 0.25, 0.5)


def classifier_of(network, *, size=(9, 7), classes=("eczema", "psoriasis", "Other"), **card):
    """Return a frozen classifier around the network, on the CPU."""
    network.eval().requires_grad_(False)
    fields = {
        "file": Path("tiny.toml"), "name": "tiny", "kind": "python", "factory": "tiny:network",
        "input_size": size, "resize": "stretch", "mean": MEAN, "std": STD, "classes": classes,
        "output": "logits",
    }  # fmt: skip
    return Classifier(network, torch.device("cpu"), ModelCard(**fields | card), "0" * 64)


def picture_for(classifier, seed=0):
    """Return a random picture as the classifier takes it."""
    width, height = classifier.card.input_size
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return prepare(pixels, classifier.card)


def smooth_network(seed=0):
    """Return a nonlinear network without kinks, so that every summation order agrees."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.Tanh(), nn.Conv2d(8, 8, 3, stride=2), nn.Softplus(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3),
    )  # fmt: skip


class Linear(nn.Module):
    """Return logits that are weighted sums of the inputs: its attributions are known."""

    def __init__(self, weights):
        super().__init__()
        self.weights = nn.Parameter(torch.as_tensor(weights, dtype=torch.float32))

    def forward(self, images):
        return torch.einsum("nchw,kchw->nk", images, self.weights)


def explained(classifier, prepared=None, *, target=1, digest="image", cancel=None, **settings):
    """Explain a picture with few gradients unless told otherwise."""
    settings = {"steps": 10, "noise_samples": 4, "joint_gradients": 40} | settings
    return explain(
        classifier,
        prepared or picture_for(classifier),
        target=target,
        image_digest=digest,
        settings=SaliencySettings(**settings),
        cancel=cancel or CancelToken(),
    )


def case_network(backbone=None, *, features=8, seed=0, metadata=2):
    """Return a small case model around a smooth backbone, of three classes."""
    torch.manual_seed(seed)
    backbone = backbone or smooth_network(seed)[:-1]
    return CaseClassifier(backbone, features=features, metadata=metadata, classes=3)


def case_classifier_of(network, *, case_images=4, **card):
    """Return a frozen classifier around a case model that is told of the sex."""
    card = {"metadata": {"sex": ("female", "male")}} | card
    return classifier_of(network, case_images=case_images, **card)


def case_for(classifier, images=2, *, metadata=(0.0, 1.0), seed=0):
    """Return a case of random pictures."""
    pictures = tuple(picture_for(classifier, seed + place) for place in range(images))
    return CaseInput(pictures, tuple(f"image {place}" for place in range(images)), metadata)


def explained_case(classifier, case=None, *, target=1, cancel=None, **settings):
    """Explain a case with few gradients unless told otherwise."""
    settings = {"steps": 10, "noise_samples": 4, "joint_gradients": 40} | settings
    return explain_case(
        classifier,
        case or case_for(classifier),
        target=target,
        settings=SaliencySettings(**settings),
        cancel=cancel or CancelToken(),
    )


def attributions_of(saliency_map):
    """Return a map in score units, to the 1/32700 of its peak that int16 keeps."""
    return saliency_map.values / 32700 * saliency_map.facts.peak
