"""A first run of a classifier, forward and backward: what does not fit is found before the work."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from engine.domain.problem import Refusal
from engine.saliency.bound_case import OneCase
from engine.saliency.device import channels_last
from engine.saliency.metadata import encoded_width

if TYPE_CHECKING:
    from engine.saliency.classifier import Classifier


def tried(classifier: "Classifier") -> "Classifier":
    """Return the classifier with what a first run shows of its batches and memory.

    A case model is tried with as many images as it takes, with one, and with something else in
    the places of absent ones.

    Raises
    ------
    Refusal
        ``model_failed``: it does not fit its card, gradients do not reach the images, or its
        answers depend on what they must not depend on.
    """
    places = classifier.card.case_images
    if places is None:
        return _tried_in_batches(classifier)
    metadata = torch.zeros(encoded_width(classifier.card.metadata), device=classifier.device)
    case = OneCase(classifier.module, places=places, metadata=metadata)
    known = _tried_in_batches(replace(classifier, module=case, images=places))
    _require_mask(known, case)
    return replace(known, module=classifier.module, images=1)


def _tried_in_batches(classifier: "Classifier") -> "Classifier":
    images = _ramp(classifier, 2)
    if classifier.largest_batch is None and not _takes(classifier, images):
        classifier = replace(classifier, largest_batch=1)
    images.requires_grad_()
    outputs, kept_bytes = _with_kept_bytes(lambda: classifier.outputs(images))
    _require_gradient(classifier, outputs, images)
    with torch.no_grad():
        alone = classifier.outputs(images[:1])
    if not _same(alone[0], outputs[0]):
        raise classifier.failed(
            "one image gets different outputs alone and in a batch, or from run to run;"
            " it was saved in training mode"
        )
    return replace(classifier, image_bytes=kept_bytes // (len(images) * classifier.images))


def _ramp(classifier: "Classifier", count: int) -> Tensor:
    """Return inputs of the classifier that differ from each other, the same ones every time."""
    width, height = classifier.card.input_size
    is_case = classifier.card.case_images is not None
    shape = (count, *((classifier.images,) if is_case else ()), 3, height, width)
    ramp = torch.linspace(-1, 1, math.prod(shape)).reshape(shape)
    return channels_last(ramp, classifier.device)


class _FirstAlone(nn.Module):
    """A case model that is told that of all images only the first is there."""

    def __init__(self, case: OneCase) -> None:
        super().__init__()
        self.case = case

    def forward(self, images: Tensor) -> Tensor:
        mask = torch.zeros(images.shape[:2], dtype=torch.bool, device=images.device)
        mask[:, 0] = True
        outputs: Tensor = self.case.module(images, mask, self.case.metadata.expand(len(images), -1))
        return outputs


def _require_mask(classifier: "Classifier", case: OneCase) -> None:
    """Refuse a case model whose answer depends on what lies in the places of absent images."""
    classifier = replace(classifier, module=_FirstAlone(case))
    images = _ramp(classifier, 1)
    emptied = images.clone()
    emptied[:, 1:] = 0
    with torch.no_grad():
        full, empty = classifier.outputs(images)[0], classifier.outputs(emptied)[0]
    if not _same(full, empty):
        raise classifier.failed(
            "images that the mask calls absent change its outputs; they must count for nothing"
        )


def _same(one: Tensor, other: Tensor) -> bool:
    return torch.allclose(one, other, rtol=1e-2, atol=1e-3, equal_nan=True)


def _takes(classifier: "Classifier", images: Tensor) -> bool:
    try:
        with torch.no_grad():
            classifier.outputs(images)
    except Refusal:
        return False
    return True


def _with_kept_bytes(run: Callable[[], Tensor]) -> tuple[Tensor, int]:
    """Return the result, and the bytes of all tensors that its gradient keeps."""
    kept: dict[int, int] = {}

    def note(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        result = run()
    return result, sum(kept.values())


def _require_gradient(classifier: "Classifier", outputs: Tensor, images: Tensor) -> None:
    gradient = None
    if outputs.requires_grad:
        (gradient,) = torch.autograd.grad(outputs.sum(), images, allow_unused=True)
    if gradient is None:
        raise classifier.failed("no gradient reaches the image; it was saved without gradients")
