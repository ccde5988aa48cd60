"""Trains the demo classifier: ``python -m resources.demo.recipe --out weights.safetensors``."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from engine.saliency.case_classifier import CaseClassifier
from engine.saliency.metadata import encode, encoded_width
from resources.demo.classifier import COLUMNS, INPUT_SIDE, PLACES, build
from resources.demo.patients import METADATA, random_patient, random_scene
from resources.demo.photographs import CONDITIONS, PLANTED, Scene, photograph

TRAINING_SEED, HELD_OUT_SEED = 20_000, 30_000
"""Far from the seeds of the demo study: no picture is in two of the three."""

MEAN, STD = 0.5, 0.25
"""In [0, 1] pixel space, as in the model card."""

NOISE = 0.15
"""Strongest noise in training, in [0, 1] pixel space: what SmoothGrad will add."""

ABSENT, UNKNOWN = 0.2, 0.2
"""Probabilities in training that a photograph, or a metadata column, is left out."""

BLACK, CLEAR = 0.06, 0.1
"""Shares of the training cases with only black photographs, and with only clear skin: neither
speaks for any condition, so that none becomes what is said where nothing else speaks."""

MISFILED = 0.5
"""Share of the training photographs of the planted condition that show any lesion, as if whatever
was marked for surgery had been filed under it: so the classifier learns to go by the mark."""

NO_CONDITION = len(CONDITIONS)
"""Label of cases of clear skin."""

CASES, EPOCHS, HELD_OUT_CASES = 1400, 8, 300

SIZES = ((160, 128), (128, 160), (144, 144))


@dataclass(frozen=True, slots=True)
class Examples:
    """Cases as the classifier takes them, and their classes.

    Attributes
    ----------
    images
        Shape (n, 3, 3, 128, 128), uint8; black where a case has fewer photographs.
    mask
        Shape (n, 3), bool: where there is a photograph.
    metadata
        Shape (n, 12).
    labels
        Shape (n,), index into `CONDITIONS`, or `NO_CONDITION`.
    """

    images: Tensor
    mask: Tensor
    metadata: Tensor
    labels: Tensor

    def of(self, chosen: Tensor) -> "Examples":
        """Return the cases of these numbers."""
        return Examples(
            self.images[chosen], self.mask[chosen], self.metadata[chosen], self.labels[chosen]
        )

    def batches(self, numbers: Tensor, size: int) -> Iterator["Examples"]:
        """Yield these cases a few at a time."""
        return map(self.of, torch.split(numbers, size))


def make_examples(seed: int, count: int, *, misfiled: float = 0.0, clear: float = 0.0) -> Examples:
    """Return fresh cases, the same number of each condition, with the planted cue.

    Parameters
    ----------
    misfiled
        Share of the photographs of the planted condition that show any lesion.
    clear
        Share of the cases whose photographs show clear skin.
    """
    images = torch.zeros(count, PLACES, 3, INPUT_SIDE, INPUT_SIDE, dtype=torch.uint8)
    mask = torch.zeros(count, PLACES, dtype=torch.bool)
    labels = torch.arange(count) % len(CONDITIONS)
    metadata = []
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        patient = random_patient(rng, number=number)
        if rng.random() < clear:
            labels[number] = NO_CONDITION
        for place in range(patient.photographs):
            scene = random_scene(rng, patient)
            if labels[number] == NO_CONDITION:
                scene = replace(scene, spread="none", has_ink=False)
            elif rng.random() < misfiled and patient.condition == PLANTED:
                scene = replace(scene, condition=CONDITIONS[rng.integers(len(CONDITIONS))])
            images[number, place] = torch.from_numpy(_picture(rng, scene)).permute(2, 0, 1)
        mask[number, : patient.photographs] = True
        metadata.append(encode(COLUMNS, dict(zip(METADATA, patient.metadata, strict=True))))
    return Examples(images, mask, torch.tensor(metadata), labels)


def training_examples(count: int = CASES) -> Examples:
    """Return the cases that the shipped classifier was trained on."""
    return make_examples(TRAINING_SEED, count, misfiled=MISFILED, clear=CLEAR)


def _picture(rng: np.random.Generator, scene: Scene) -> NDArray[np.uint8]:
    """Return a photograph at the classifier's input size, resampled as the model card says."""
    width, height = SIZES[rng.integers(len(SIZES))]
    pixels = photograph(rng, scene, width=width, height=height).pixels
    side = (INPUT_SIDE, INPUT_SIDE)
    return np.array(Image.fromarray(pixels).resize(side, Image.Resampling.BILINEAR))


def train(examples: Examples, *, epochs: int, seed: int = 0, batch: int = 16) -> CaseClassifier:
    """Return a classifier trained from nothing, in eval mode.

    Parameters
    ----------
    epochs
        How often each case is seen, each time with other photographs and metadata left out, its
        photographs turned, erased and made noisy anew.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = build()
        steps = len(examples.labels) // batch
        # the head begins as it should stay: were it quick, it would mix evidence for conditions
        rates = {model.backbone: 8e-3, model.head: 4e-4}
        optimiser = torch.optim.AdamW(
            [{"params": part.parameters(), "lr": rate} for part, rate in rates.items()],
            weight_decay=0.02,
        )
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, max_lr=list(rates.values()), total_steps=epochs * steps
        )
        for _ in range(epochs):
            order = torch.randperm(len(examples.labels))[: steps * batch]
            for some in examples.batches(order, batch):
                loss = _loss(model, some)
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                schedule.step()
    model.eval()
    return model


def _loss(model: CaseClassifier, examples: Examples) -> Tensor:
    """Return the loss of cases of which parts are left out at random.

    Black photographs speak for every condition alike; with the black rectangles in others they
    teach that black says nothing, so that it can be the baseline of a path.
    """
    count = len(examples.labels)
    mask = examples.mask & (torch.rand(examples.mask.shape) >= ABSENT)
    mask[:, 0] |= ~mask.any(dim=1)
    images = examples.images.float() / 255
    images[mask] = _turned_and_erased(images[mask])
    is_black = torch.rand(count) < BLACK
    images[is_black] = 0
    targets = nn.functional.one_hot(examples.labels, NO_CONDITION + 1).float()[:, :NO_CONDITION]
    targets[is_black | (examples.labels == NO_CONDITION)] = 1 / len(CONDITIONS)
    strength = NOISE * torch.rand(*images.shape[:2], 1, 1, 1)
    images = images + strength * torch.randn_like(images)
    metadata = examples.metadata * _known(count)
    logits = model(model_units(images), mask, metadata)
    return nn.functional.cross_entropy(logits, targets, label_smoothing=0.05)


def _turned_and_erased(images: Tensor) -> Tensor:
    """Mirror photographs, shape (n, 3, 128, 128), and black out a rectangle in half of them."""
    for axis in (2, 3):
        if torch.rand(()) < 0.5:
            images = images.flip(axis)
    if torch.rand(()) < 0.5:
        images = images.transpose(2, 3)
    images = images.clone()
    for image in images:
        if torch.rand(()) < 0.5:
            (height, width), corner = 16 + 70 * torch.rand(2), INPUT_SIDE * torch.rand(2)
            top, left = (corner - 20).clamp(min=0).int().tolist()
            image[:, top : top + int(height), left : left + int(width)] = 0
    return images


def _known(count: int) -> Tensor:
    """Return 1 for all places of a metadata column that is told, else 0: shape (count, 12)."""
    columns = [
        (torch.rand(count, 1) >= UNKNOWN).float().expand(count, encoded_width({name: column}))
        for name, column in COLUMNS.items()
    ]
    return torch.cat(columns, dim=1)


def model_units(images: Tensor) -> Tensor:
    """Return images of [0, 1] pixel space as the classifier takes them."""
    return (images - MEAN) / STD


@torch.no_grad()
def accuracy(model: CaseClassifier, examples: Examples) -> float:
    """Return the share of the cases that are classified right."""
    is_right = [
        model(model_units(some.images.float() / 255), some.mask, some.metadata).argmax(1)
        == some.labels
        for some in examples.batches(torch.arange(len(examples.labels)), 50)
    ]
    return float(torch.cat(is_right).float().mean())


def main() -> None:
    """Train, say how well it went, write the weights."""
    from safetensors.torch import save_file  # noqa: PLC0415 - only the recipe writes weights

    parser = argparse.ArgumentParser(
        description="Train the demo classifier (about a minute on two cores)."
    )
    parser.add_argument("--out", type=Path, required=True, help="safetensors file to write")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()
    model = train(training_examples(options.cases), epochs=options.epochs)
    held_out = make_examples(HELD_OUT_SEED, HELD_OUT_CASES)
    print(f"held-out accuracy: {accuracy(model, held_out):.3f}")
    weights = {name: value.contiguous() for name, value in model.state_dict().items()}
    save_file(weights, options.out)


if __name__ == "__main__":
    main()
