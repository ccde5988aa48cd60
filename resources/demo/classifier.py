"""A small case classifier for the demo study: local evidence for each condition, pooled."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from engine.saliency.case_classifier import CaseClassifier
from engine.saliency.metadata import Column, encoded_width
from resources.demo.patients import SEXES
from resources.demo.photographs import CONDITIONS
from resources.demo.skin import TONES

INPUT_SIDE = 128
"""Side of the square input, in pixels."""

PLACES = 3
"""Photographs of a case that the classifier takes at most."""

COLUMNS: Mapping[str, Column] = {"sex": SEXES, "age": (30.0, 45.0, 60.0), "skin_tone": TONES}
"""What it is told of a case beside them, as in the model card."""

LITTLE = 0.01
"""Evidence that every class has in an empty picture, so that nothing is as likely as anything."""


class Evidence(nn.Module):
    """Says how much of a picture speaks for each condition.

    A few convolutions see 42 pixels at a time and turn each place of the picture into
    nonnegative evidence for every condition; the feature of a condition is the logarithm of its
    mean cubed evidence. Activations are smooth, so that gradients vary little from pixel to pixel.

    Takes a batch of shape (n, 3, 128, 128) in model units (card: mean 0.5, std 0.25); gives
    features of shape (n, 5), in the order of `resources.demo.photographs.CONDITIONS`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.evidence = nn.Sequential(
            Blur(),
            *_block(3, 24, size=6, stride=2),
            *_block(24, 48, size=4, stride=2),
            *_block(48, 64, size=3, stride=1),
            nn.Conv2d(64, len(CONDITIONS), 1),
            nn.Softplus(),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Return features."""
        evidence: Tensor = self.evidence(images).pow(3).mean(dim=(2, 3))
        return torch.log(evidence + LITTLE)


class Blur(nn.Module):
    """Halves the picture through a binomial filter, so that gradients have no checkerboard."""

    kernel: Tensor

    def __init__(self) -> None:
        super().__init__()
        row = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
        kernel = (row[:, None] * row).expand(3, 1, 4, 4).clone()
        self.register_buffer("kernel", kernel, persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        """Return half the height and width."""
        return nn.functional.conv2d(images, self.kernel, stride=2, padding=1, groups=3)


def _block(inputs: int, outputs: int, *, size: int, stride: int) -> tuple[nn.Module, ...]:
    return (
        nn.Conv2d(inputs, outputs, size, stride=stride, padding=(size - 1) // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.SiLU(),
    )


def build() -> CaseClassifier:
    """Return the untrained classifier; the model card's factory.

    It begins with the features as logits: evidence for a condition speaks for that condition.
    """
    classes = len(CONDITIONS)
    model = CaseClassifier(
        Evidence(), features=classes, metadata=encoded_width(COLUMNS), classes=classes
    )
    nn.init.eye_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    return model
