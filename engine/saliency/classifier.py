"""A classifier that is open: images in, class probabilities and differentiable scores out."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.domain.problem import Refusal, refuse
from engine.saliency.batching import (
    batch_size,
    free_memory,
    in_pieces,
    is_out_of_memory,
    no_memory,
)
from engine.saliency.bound_case import OneCase, OneImage
from engine.saliency.cards import ModelCard
from engine.saliency.case_input import CaseInput
from engine.saliency.device import channels_last
from engine.saliency.loading import first_line, load
from engine.saliency.preprocess import Prepared
from engine.saliency.trial import tried
from engine.saliency.trust import TrustStore, read_code, require_trust

Output = Literal["logits", "probabilities"]
Score = Literal["softmax", "logit"]
Device = Literal["auto", "cpu", "cuda", "mps"]

CPU_BATCH = 8
"""On a CPU activations of more images leave the caches: EfficientNet-Lite0 is fastest here."""

SUM_TOLERANCE = 1e-3
"""How far the probabilities of one image may be from summing to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A module in eval mode with frozen parameters, on its device.

    Attributes
    ----------
    digest
        SHA-256 (hex) over weights, code, the version of the preprocessing, and everything in the
        card that changes a result.
    smallest_batch, largest_batch
        Batches that the module takes; None for any. `outputs` takes every batch all the same.
    image_bytes
        Memory that the gradient of one image keeps, bytes.
    images
        Images that one input of the module holds: 1, or those of the case to which a case model
        is bound (`of_case`, `of_one_image`).
    """

    module: nn.Module
    device: torch.device
    card: ModelCard
    digest: str
    smallest_batch: int = 1
    largest_batch: int | None = None
    image_bytes: int = 0
    images: int = 1

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names in the order of the outputs."""
        return self.card.classes

    def of_case(self, case: CaseInput) -> "Classifier":
        """Return a case model as a classifier of one case's images alone, its metadata fixed.

        Its inputs have shape (n, k, 3, height, width), k being the number of images.
        """
        assert self.card.case_images is not None
        metadata = torch.tensor(case.metadata, dtype=torch.float32, device=self.device)
        bound = OneCase(self.module, places=self.card.case_images, metadata=metadata)
        return replace(self, module=bound, images=len(case.images))

    def of_one_image(self, case: CaseInput, place: int) -> "Classifier":
        """Return a case model as a classifier of one image of a case, the others held.

        Its inputs have shape (n, 3, height, width).
        """
        whole = self.of_case(case)
        (images,) = whole.inputs([case])
        return replace(whole, module=OneImage(whole.module, images=images, place=place))

    def inputs(self, prepared: Sequence[Prepared | CaseInput]) -> Tensor:
        """Return images, or whole cases of equally many, in model units on the device.

        Returns
        -------
        Shape (n, 3, height, width), or (n, k, 3, height, width).
        """
        values = np.stack([one.model_values for one in prepared])
        return channels_last(torch.from_numpy(values), self.device)

    def outputs(self, inputs: Tensor) -> Tensor:
        """Return the module's raw outputs as float32, shape (n, classes).

        Gradients flow from them to the inputs.

        Raises
        ------
        Refusal
            ``model_failed``: the module raised, or did not return one number for each class.
        """
        pieces = torch.split(inputs, self.largest_batch or len(inputs))
        return torch.cat([self._piece(piece) for piece in pieces])

    def _piece(self, inputs: Tensor) -> Tensor:
        count = len(inputs)
        if count < self.smallest_batch:
            filling = inputs[-1:].expand(self.smallest_batch - count, *inputs.shape[1:])
            inputs = torch.cat([inputs, filling])
        try:
            outputs = self.module(inputs)
        except Exception as error:
            if is_out_of_memory(error):
                raise
            raise self.failed(first_line(error)) from error
        return self._checked(outputs, len(inputs))[:count].float()

    def _checked(self, outputs: object, count: int) -> Tensor:
        expected = (count, len(self.classes))
        if not isinstance(outputs, Tensor):
            raise self.failed(f"it returned {type(outputs).__name__}, not one tensor")
        if outputs.ndim == 2 and outputs.shape[0] == count and outputs.shape != expected:
            raise self.failed(
                f"it has {outputs.shape[1]} outputs, but the card names {len(self.classes)} classes"
            )
        if outputs.shape != expected:
            raise self.failed(f"it returned shape {tuple(outputs.shape)} instead of {expected}")
        return outputs

    def failed(self, message: str, code: str = "model_failed") -> Refusal:
        """Return the refusal of a model that does not do what its card says."""
        return refuse(
            code,
            str(self.card.file),
            f"the model {self.card.name} cannot be used: {message}",
            "Correct the card's `input_size`, `classes` and `output`, or save the model again",
        )

    def predict(self, prepared: Sequence[Prepared | CaseInput]) -> NDArray[np.float64]:
        """Return the class probabilities, shape (n, classes), rows summing to 1.

        Raises
        ------
        Refusal
            ``not_finite``: an output is NaN or infinite; ``model_failed``: outputs that the card
            calls probabilities are none, or do not fit its classes; ``out_of_memory``.
        """

        def run(start: int, stop: int) -> Tensor:
            with torch.no_grad():
                return self.outputs(self.inputs(prepared[start:stop])).cpu().double()

        pieces = list(in_pieces(run, total=len(prepared), batch=self.batch_size()))
        if not pieces:
            return np.empty((0, len(self.classes)))
        outputs = torch.cat(pieces)
        if not outputs.isfinite().all():
            raise self.failed("it returned NaN or infinite numbers", code="not_finite")
        rows = scores(outputs, output=self.card.output, score="softmax")
        sums = rows.sum(1, keepdim=True)
        if rows.min() < -SUM_TOLERANCE or (sums - 1).abs().max() > SUM_TOLERANCE:
            raise self.failed("its outputs are no probabilities that sum to 1, as the card says")
        rows = rows.clamp_min(0)
        probabilities: NDArray[np.float64] = (rows / rows.sum(1, keepdim=True)).numpy()
        return probabilities

    def predict_case(self, case: CaseInput) -> tuple[float, ...]:
        """Return the class probabilities of a case; of an image model those of its one image.

        Raises
        ------
        Refusal
            As `predict`.
        """
        if self.card.case_images is None:
            (row,) = self.predict(case.images)
        else:
            (row,) = self.of_case(case).predict([case])
        return tuple(row.tolist())

    def gradients_at_once(self) -> int:
        """Return how many inputs' gradients are taken at once: fewer on a CPU than memory holds."""
        largest = self.batch_size()
        if self.device.type != "cpu":
            return largest
        return min(largest, max(1, CPU_BATCH // self.images))

    def batch_size(self) -> int:
        """Return how many inputs' gradients to take at once, by the memory that is free now."""
        input_bytes = self.images * self.image_bytes
        return batch_size(input_bytes, device=self.device.type, free_bytes=_free_bytes(self.device))


def scores(outputs: Tensor, *, output: Output, score: Score) -> Tensor:
    """Return for each class the score F that is explained, shape (n, classes), differentiable.

    ``softmax`` is the class's probability; ``logit`` its logit, which is log p where the model
    returns probabilities (then known up to a constant of the image).
    """
    if score == "softmax":
        return outputs.softmax(1) if output == "logits" else outputs
    if output == "logits":
        return outputs
    return outputs.clamp_min(torch.finfo(outputs.dtype).tiny).log()


def open_classifier(card: ModelCard, *, trust: TrustStore, device: Device = "auto") -> Classifier:
    """Open the classifier of a model card and try it once, forward and backward.

    Parameters
    ----------
    trust
        Digests of code that a person trusts, and how to ask them.
    device
        ``auto`` takes CUDA, else MPS, else the CPU.

    Raises
    ------
    Refusal
        ``not_trusted``; ``no_device``; ``model_code``, ``model_file``, ``model_weights``,
        ``missing_package`` from its files; ``model_failed``: it does not fit the card, gradients
        do not reach the image, or its answers depend on the other images of a batch or, for a
        case model, on images that are not there.
    """
    place = _device(device)
    code = read_code(card)
    if code is not None:
        require_trust(card, code, trust=trust)
    loaded = load(card, code, device=place)
    try:
        return tried(
            Classifier(
                _frozen(loaded.module, place),
                place,
                card,
                loaded.digest,
                smallest_batch=loaded.smallest_batch,
                largest_batch=loaded.largest_batch,
            )
        )
    except (RuntimeError, MemoryError) as error:
        if is_out_of_memory(error):
            raise no_memory() from None
        raise


def _device(name: Device) -> torch.device:
    present = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        return torch.device(next(each for each, is_present in present.items() if is_present))
    if not present[name]:
        raise refuse(
            "no_device",
            f"device {name}",
            "torch finds no such device here",
            "Choose auto or cpu, or install the build of torch for this device",
        )
    return torch.device(name)


def _frozen(module: nn.Module, device: torch.device) -> nn.Module:
    module.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    with suppress(NotImplementedError):  # an exported program has no modes
        module.eval()
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    return module


def _free_bytes(device: torch.device) -> int:
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return free + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    if device.type == "mps":
        return torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory()
    return free_memory()
