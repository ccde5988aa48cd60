"""The network at work: gradients along noisy paths, summed batch by batch, and scores."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.saliency.batching import in_pieces
from engine.saliency.classifier import Classifier, Score, scores
from engine.saliency.noise import noise
from engine.saliency.samplers import Integers, Plan
from engine.tasks.cancel import CancelToken

T = TypeVar("T")

CPU_BATCH = 8
"""On a CPU activations of more images leave the caches: EfficientNet-Lite0 is fastest here."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What is explained: the score of one class on one image, under noise.

    Attributes
    ----------
    image, baseline
        x and x' in model units on the device, shape (3, height, width) and (3, 1, 1).
    noise_scale
        Standard deviation of the noise in model units, shape (3, 1, 1).
    noise_key
        Key of the image's noise.
    reduced
        float16 where the network runs in reduced precision, else None.
    gradient_scale
        The score is multiplied by this, and the gradients divided: it lifts small gradients into
        the range of float16.
    """

    classifier: Classifier
    target: int
    score: Score
    image: Tensor
    baseline: Tensor
    noise_scale: Tensor
    noise_key: int
    cancel: CancelToken
    reduced: torch.dtype | None = None
    gradient_scale: float = 1.0

    @property
    def batch(self) -> int:
        """Gradients to take at once, before memory runs out."""
        largest = self.classifier.batch_size()
        return min(largest, CPU_BATCH) if self.classifier.device.type == "cpu" else largest

    def precision(self) -> AbstractContextManager[object]:
        """Return the context in which the network runs."""
        if self.reduced is None:
            return nullcontext()
        return torch.autocast(self.classifier.device.type, dtype=self.reduced)

    def noise(self, streams: Integers, signs: Integers) -> Tensor:
        """Return the noise e in model units, shape (len(streams), 3, height, width)."""
        different, place = np.unique(streams, return_inverse=True)
        height, width = self.image.shape[1:]
        drawn = torch.from_numpy(
            noise(self.noise_key, different.tolist(), shape=(3, height, width))
        )
        device = self.image.device
        normal = drawn.to(device, memory_format=torch.channels_last)
        return normal[torch.from_numpy(place).to(device)].mul_(
            _column(signs, device) * self.noise_scale
        )


def mean_attributions(subject: Subject, plan: Plan) -> NDArray[np.float64]:
    """Return the mean attribution of the plan's even and of its odd sweeps.

    Integrated Gradients by the right Riemann sum, summed over the channels: the mean over the
    sweeps of (x + e - x') (1/m) sum_k dF(x' + k/m (x + e - x'))/dx (Singh et al., section 2.3;
    Smilkov et al. 2017). Only the sums are held, never the noisy copies.

    Returns
    -------
    Shape (2, height, width), in score units; zero for a half without a sweep.

    Raises
    ------
    Stopped
        Within one batch after the job was cancelled.
    Refusal
        ``out_of_memory``, ``model_failed``.
    """
    sums = sum(_pieces(subject, len(plan), lambda start, stop: _sums(subject, plan, start, stop)))
    assert isinstance(sums, Tensor)
    counts = np.bincount(plan.sweeps % 2, minlength=2).clip(min=1)
    exact: NDArray[np.float64] = sums.cpu().double().numpy()
    exact /= subject.gradient_scale * counts[:, None, None]
    return exact


def _sums(subject: Subject, plan: Plan, start: int, stop: int) -> Tensor:
    piece = slice(start, stop)
    device = subject.image.device
    # Step by step as captum does it: one unit in the last place can tip a ReLU over.
    copies = subject.noise(plan.streams[piece], plan.signs[piece]).add_(subject.image)
    difference = copies.sub_(subject.baseline)
    along = _column(plan.nodes[piece] / plan.steps, device)
    inputs = (along * difference).add_(subject.baseline).requires_grad_()
    with subject.precision():
        outputs = subject.classifier.outputs(inputs)
    total = _target_scores(subject, outputs).sum() * subject.gradient_scale
    (gradients,) = torch.autograd.grad(total, inputs)
    attributions = (gradients * difference).sum(1)  # not in place: gradients may be weights
    odd = _column(plan.sweeps[piece] % 2, device)[:, 0]
    return torch.stack(((attributions * (1 - odd)).sum(0), (attributions * odd).sum(0)))


def clean_scores(subject: Subject) -> tuple[float, float]:
    """Return F(x) and F(x')."""
    images = torch.stack((subject.image, subject.baseline.expand_as(subject.image)))
    pieces = _pieces(subject, 2, lambda start, stop: _forward(subject, images[start:stop])[0])
    image, baseline = np.concatenate(list(pieces)).tolist()
    return image, baseline


def noisy_scores(subject: Subject, plan: Plan) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return F(x + e) of the plan's noisy copies, and whether each keeps the target class."""

    def run(start: int, stop: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        streams = plan.copies[start:stop]
        return _forward(subject, subject.image + subject.noise(streams, np.ones_like(streams)))

    pieces = list(_pieces(subject, len(plan.copies), run))
    values, kept = (np.concatenate(part) for part in zip(*pieces, strict=True))
    return values, kept


def _forward(subject: Subject, images: Tensor) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    images = images.contiguous(memory_format=torch.channels_last)
    with torch.no_grad(), subject.precision():
        outputs = subject.classifier.outputs(images)
    values = _target_scores(subject, outputs).cpu().double().numpy()
    return values, (outputs.argmax(1) == subject.target).cpu().numpy()


def _target_scores(subject: Subject, outputs: Tensor) -> Tensor:
    card = subject.classifier.card
    return scores(outputs, output=card.output, score=subject.score)[:, subject.target]


def _pieces(subject: Subject, total: int, run: Callable[[int, int], T]) -> Iterator[T]:
    def run_or_stop(start: int, stop: int) -> T:
        subject.cancel.check()
        return run(start, stop)

    return in_pieces(run_or_stop, total=total, batch=subject.batch)


def _column(values: NDArray[np.generic], device: torch.device) -> Tensor:
    """Return one number for each image of a batch, shape (n, 1, 1, 1), float32."""
    return torch.from_numpy(values.astype(np.float32)).to(device).reshape(-1, 1, 1, 1)
