"""A small network for each study, trained in seconds, and opened as the product opens one."""

import hashlib
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from benchmarks.power.fields import SIDE
from benchmarks.power.studies import HEALTHY, Pictures, Plan
from engine.saliency.cards import ModelCard
from engine.saliency.classifier import Classifier

MEAN, STD = 0.5, 0.25
"""In [0, 1] pixel space."""

NOISE = 0.08
"""Strongest noise in training, in [0, 1] pixel space; more of it drowns the fainter lesions."""

LITTLE = 0.01
"""Evidence that every class has in an empty picture."""

BLACK = 3
"""Pictures of a batch that are made black and count as healthy: a baseline must say nothing of
the classes that are explained (Sundararajan et al. 2017)."""

GRAIN = 200
"""Pictures of noise, each used many times; to draw new noise takes as long as the network."""

EPOCHS, BATCH, RATE = 12, 32, 1.5e-2


class SmallNet(nn.Module):
    """Nonnegative evidence for every class at every place; probabilities are its shares."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.evidence = nn.Sequential(
            *_block(3, 12, size=3, stride=2),
            *_block(12, 24, size=3, stride=2),
            *_block(24, 24, size=3, stride=1),
            nn.Conv2d(24, classes, 1),
            nn.Softplus(),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Return logits, shape (n, classes)."""
        evidence: Tensor = self.evidence(images).pow(3).mean(dim=(2, 3))
        return torch.log(evidence + LITTLE)


def _block(inputs: int, outputs: int, *, size: int, stride: int) -> tuple[nn.Module, ...]:
    return (
        nn.Conv2d(inputs, outputs, size, stride=stride, padding=size // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.SiLU(),
    )


def train(pictures: Pictures, *, classes: int, seed: int) -> nn.Module:
    """Return a network trained on the pictures from nothing, in eval mode."""
    images = torch.from_numpy(pictures.pixels).permute(0, 3, 1, 2).float() / 255
    labels = torch.from_numpy(pictures.scenes.condition)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        grain = torch.randn(GRAIN, *images.shape[1:])
        model = SmallNet(classes).to(memory_format=torch.channels_last)
        optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.02)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, max_lr=RATE, total_steps=EPOCHS * (len(labels) // BATCH)
        )
        for _ in range(EPOCHS):
            order = torch.randperm(len(labels))
            for chosen in order.split(BATCH)[: len(labels) // BATCH]:
                shown, expected = images[chosen], labels[chosen]
                shown[:BLACK], expected[:BLACK] = 0, classes - 1
                inputs = (_varied(shown, grain) - MEAN) / STD
                loss = nn.functional.cross_entropy(model(inputs), expected)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
    return model.eval()


def _varied(images: Tensor, grain: Tensor) -> Tensor:
    """Mirror a batch at random, black out a square in half of its images, add noise."""
    for axis in (2, 3):
        if torch.rand(()) < 0.5:
            images = images.flip(axis)
    count = len(images)
    corner = torch.randint(SIDE, (2, count, 1)) - 6
    edge = torch.randint(5, 16, (count, 1)) * torch.randint(2, (count, 1))
    pixel = torch.arange(SIDE)
    down, across = ((pixel >= start) & (pixel < start + edge) for start in corner)
    erased = down[:, None, :, None] & across[:, None, None, :]
    strength = NOISE * (2 * torch.rand(count, 1, 1, 1) - 1)
    noise = grain[torch.randint(len(grain), (count,))]
    mixed = torch.addcmul(images.masked_fill(erased, 0), strength, noise)
    return mixed.contiguous(memory_format=torch.channels_last)


def train_classifier(plan: Plan, pictures: Pictures) -> Classifier:
    """Return the study's classifier as the engine takes it: a class for each look there is."""
    module = train(pictures, classes=len(plan.looks), seed=plan.seed)
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    card = ModelCard(
        file=Path("power.toml"),
        name=f"planted flaw {plan.kind} {plan.seed}",
        kind="python",
        factory="benchmarks.power.classifiers:SmallNet",
        input_size=(SIDE, SIDE),
        resize="stretch",
        mean=(MEAN,) * 3,
        std=(STD,) * 3,
        classes=(*plan.conditions, HEALTHY),
        output="logits",
    )
    return Classifier(module, torch.device("cpu"), card, _digest(module))


def _digest(module: nn.Module) -> str:
    weights = b"".join(value.numpy().tobytes() for value in module.state_dict().values())
    return hashlib.sha256(weights).hexdigest()


def pixels_digest(pixels: NDArray[np.uint8]) -> str:
    """Return SHA-256 (hex) of a picture's pixels."""
    return hashlib.sha256(pixels.tobytes()).hexdigest()
