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
from engine.saliency.device import channels_last
from engine.saliency.noise import noise
from engine.saliency.samplers import Integers, Plan
from engine.tasks.cancel import CancelToken

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What is explained: the score of one class on one image, or on one case, under noise.

    Attributes
    ----------
    classifier
        Of single images; or a case model, bound to one case, or to one image of it.
    inputs, baseline
        x and x' in model units on the device, shape (3, height, width), or (k, 3, height, width)
        for all images of a case at once; and (3, 1, 1).
    noise_scale
        Standard deviation of the noise in model units, shape (3, 1, 1) or (k, 3, 1, 1).
    noise_keys
        Key of each image's noise.
    reduced
        float16 where the network runs in reduced precision, else None.
    gradient_scale
        The score is multiplied by this, and the gradients divided: it lifts small gradients into
        the range of float16.
    """

    classifier: Classifier
    target: int
    score: Score
    inputs: Tensor
    baseline: Tensor
    noise_scale: Tensor
    noise_keys: tuple[int, ...]
    cancel: CancelToken
    reduced: torch.dtype | None = None
    gradient_scale: float = 1.0

    @property
    def batch(self) -> int:
        """Gradients to take at once, before memory runs out."""
        return self.classifier.gradients_at_once()

    def precision(self) -> AbstractContextManager[object]:
        """Return the context in which the network runs."""
        if self.reduced is None:
            return nullcontext()
        return torch.autocast(self.classifier.device.type, dtype=self.reduced)

    def noise(self, streams: Integers, signs: Integers) -> Tensor:
        """Return the noise e in model units, shape (len(streams), *shape of the inputs)."""
        different, place = np.unique(streams, return_inverse=True)
        shape = (3, *self.inputs.shape[-2:])
        drawn = [noise(key, different.tolist(), shape=shape) for key in self.noise_keys]
        device = self.inputs.device
        each = torch.from_numpy(np.stack(drawn, axis=1).reshape(-1, *self.inputs.shape))
        normal = channels_last(each, device)
        return normal[torch.from_numpy(place).to(device)].mul_(
            self.column(signs) * self.noise_scale
        )

    def column(self, values: NDArray[np.generic]) -> Tensor:
        """Return one number for each input of a batch, to be multiplied with it, float32."""
        numbers = torch.from_numpy(values.astype(np.float32)).to(self.inputs.device)
        return numbers.reshape(-1, *(1,) * self.inputs.ndim)


def mean_attributions(subject: Subject, plan: Plan) -> NDArray[np.float64]:
    """Return the mean attribution of the plan's even and of its odd sweeps.

    Integrated Gradients by the right Riemann sum, summed over the channels: the mean over the
    sweeps of (x + e - x') (1/m) sum_k dF(x' + k/m (x + e - x'))/dx (Singh et al., section 2.3;
    Smilkov et al. 2017). Only the sums are held, never the noisy copies.

    Returns
    -------
    Shape (2, height, width), or (2, k, height, width) for a whole case, in score units; zero for
    a half without a sweep.

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
    exact /= subject.gradient_scale * counts.reshape(-1, *(1,) * (exact.ndim - 1))
    return exact


def _sums(subject: Subject, plan: Plan, start: int, stop: int) -> Tensor:
    piece = slice(start, stop)
    # Step by step as captum does it: one unit in the last place can tip a ReLU over.
    copies = subject.noise(plan.streams[piece], plan.signs[piece]).add_(subject.inputs)
    difference = copies.sub_(subject.baseline)
    along = subject.column(plan.nodes[piece] / plan.steps)
    inputs = (along * difference).add_(subject.baseline).requires_grad_()
    with subject.precision():
        outputs = subject.classifier.outputs(inputs)
    total = target_scores(subject, outputs).sum() * subject.gradient_scale
    (gradients,) = torch.autograd.grad(total, inputs)
    attributions = (gradients * difference).sum(-3)  # not in place: gradients may be weights
    odd = subject.column(plan.sweeps[piece] % 2).squeeze(-1)
    return torch.stack(((attributions * (1 - odd)).sum(0), (attributions * odd).sum(0)))


def clean_scores(subject: Subject) -> tuple[float, float]:
    """Return F(x) and F(x')."""
    images = torch.stack((subject.inputs, subject.baseline.expand_as(subject.inputs)))
    pieces = _pieces(subject, 2, lambda start, stop: _forward(subject, images[start:stop])[0])
    image, baseline = np.concatenate(list(pieces)).tolist()
    return image, baseline


def noisy_scores(subject: Subject, plan: Plan) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return F(x + e) of the plan's noisy copies, and whether each keeps the target class."""

    def run(start: int, stop: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        streams = plan.copies[start:stop]
        return _forward(subject, subject.inputs + subject.noise(streams, np.ones_like(streams)))

    pieces = list(_pieces(subject, len(plan.copies), run))
    values, kept = (np.concatenate(part) for part in zip(*pieces, strict=True))
    return values, kept


def _forward(subject: Subject, images: Tensor) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    images = channels_last(images, images.device)
    with torch.no_grad(), subject.precision():
        outputs = subject.classifier.outputs(images)
    values = target_scores(subject, outputs).cpu().double().numpy()
    return values, (outputs.argmax(1) == subject.target).cpu().numpy()


def target_scores(subject: Subject, outputs: Tensor) -> Tensor:
    """Return the scores of the target class, shape (n,), differentiable."""
    card = subject.classifier.card
    return scores(outputs, output=card.output, score=subject.score)[:, subject.target]


def _pieces(subject: Subject, total: int, run: Callable[[int, int], T]) -> Iterator[T]:
    def run_or_stop(start: int, stop: int) -> T:
        subject.cancel.check()
        return run(start, stop)

    return in_pieces(run_or_stop, total=total, batch=subject.batch)
