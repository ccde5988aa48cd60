"""Trains the demo classifier: ``python -m resources.demo.recipe --out weights.safetensors``."""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from resources.demo.classifier import INPUT_SIDE, build
from resources.demo.photographs import CONDITIONS, photograph, random_scene

TRAINING_SEED, HELD_OUT_SEED = 20_000, 30_000
"""Far from the seeds of the demo study: no picture is in two of the three."""

MEAN, STD = 0.5, 0.25
"""In [0, 1] pixel space, as in the model card."""

NOISE = 0.15
"""Strongest noise in training, in [0, 1] pixel space: what SmoothGrad will add."""

IMAGES, EPOCHS, HELD_OUT_IMAGES = 2500, 6, 500

SIZES = ((160, 128), (128, 160), (144, 144))


@dataclass(frozen=True, slots=True)
class Examples:
    """Photographs as the classifier takes them, in [0, 1] pixel space, and their classes.

    Attributes
    ----------
    images
        Shape (n, 3, 128, 128), float32.
    labels
        Shape (n,), index into `CONDITIONS`.
    """

    images: Tensor
    labels: Tensor


def make_examples(seed: int, count: int) -> Examples:
    """Return fresh photographs, the same number of each condition, with the planted cue."""
    images = np.stack([_example(seed, number) for number in range(count)])
    labels = torch.arange(count) % len(CONDITIONS)
    return Examples(torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255, labels)


def _example(seed: int, number: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng([seed, number])
    scene = random_scene(rng, condition=CONDITIONS[number % len(CONDITIONS)])
    width, height = SIZES[rng.integers(len(SIZES))]
    return stretched(photograph(rng, scene, width=width, height=height).pixels)


def stretched(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture at the classifier's input size, resampled as the model card says."""
    side = (INPUT_SIDE, INPUT_SIDE)
    return np.asarray(Image.fromarray(pixels).resize(side, Image.Resampling.BILINEAR))


def train(examples: Examples, *, epochs: int, seed: int = 0, batch: int = 32) -> nn.Module:
    """Return a classifier trained from nothing, in eval mode.

    Parameters
    ----------
    epochs
        How often each photograph is seen, each time turned, erased and made noisy anew.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = build()
        steps = len(examples.labels) // batch
        optimiser = torch.optim.AdamW(model.parameters(), lr=8e-3, weight_decay=0.02)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, max_lr=8e-3, total_steps=epochs * steps
        )
        for _ in range(epochs):
            order = torch.randperm(len(examples.labels))
            for step in range(steps):
                chosen = order[step * batch : (step + 1) * batch]
                inputs = model_units(_varied(examples.images[chosen]))
                loss = nn.functional.cross_entropy(
                    model(inputs), examples.labels[chosen], label_smoothing=0.02
                )
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                schedule.step()
    model.eval()
    return model


def _varied(images: Tensor) -> Tensor:
    """Mirror a batch at random, black out a rectangle in half of it, add noise.

    Erasing teaches that black says nothing, so that black can be the baseline of a path.
    """
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
    strength = NOISE * torch.rand(len(images), 1, 1, 1)
    return images + strength * torch.randn_like(images)


def model_units(images: Tensor) -> Tensor:
    """Return images of [0, 1] pixel space as the classifier takes them."""
    return ((images - MEAN) / STD).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def predicted(model: nn.Module, images: Tensor) -> Tensor:
    """Return the class of each image, shape (n,)."""
    return torch.cat([model(model_units(part)).argmax(1) for part in torch.split(images, 100)])


def accuracy(model: nn.Module, examples: Examples) -> float:
    """Return the share of the examples that are classified right."""
    return float((predicted(model, examples.images) == examples.labels).float().mean())


def main() -> None:
    """Train, say how well it went, write the weights."""
    from safetensors.torch import save_file  # noqa: PLC0415 - only the recipe writes weights

    parser = argparse.ArgumentParser(
        description="Train the demo classifier (about a minute on two cores)."
    )
    parser.add_argument("--out", type=Path, required=True, help="safetensors file to write")
    parser.add_argument("--images", type=int, default=IMAGES)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()
    model = train(make_examples(TRAINING_SEED, options.images), epochs=options.epochs)
    print(
        f"held-out accuracy: {accuracy(model, make_examples(HELD_OUT_SEED, HELD_OUT_IMAGES)):.3f}"
    )
    weights = {name: value.contiguous() for name, value in model.state_dict().items()}
    save_file(weights, options.out)


if __name__ == "__main__":
    main()
