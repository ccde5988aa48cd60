"""The layer that Grad-CAM looks at, found by the name that the model card gives it."""

import torch
from torch import Tensor, nn

from engine.domain.problem import Refusal, refuse
from engine.saliency.bound_case import OneCase
from engine.saliency.classifier import Classifier

WATCHED_KINDS = {"python", "timm"}
"""Kinds of models whose layers can be watched while they run."""

NAMED = 5
"""Layers that are offered where the card names none."""


def grad_cam_layer(classifier: Classifier) -> nn.Module:
    """Return the layer of a classifier, open or bound to a case, that its card names.

    Raises
    ------
    Refusal
        ``model_layer``: the card names none, the model has no such layer, or its layers cannot be
        watched; the remedy names some that it has.
    """
    card = classifier.card
    if card.kind not in WATCHED_KINDS:
        raise refuse(
            "model_layer",
            str(card.file),
            f"the layers of a model of kind {card.kind} cannot be watched, as Grad-CAM must",
            "Give the model as `python` or `timm`, or choose another method",
        )
    module = _unbound(classifier.module)
    layers: dict[str, nn.Module] = dict(module.named_modules())
    if card.layer is None:
        raise _no_layer(classifier, "Grad-CAM needs `layer`, which the card does not give")
    if card.layer not in layers:
        raise _no_layer(classifier, f"`layer`: the model has no layer {card.layer}")
    return layers[card.layer]


def require_pictures(classifier: Classifier, layer: nn.Module, inputs: Tensor) -> None:
    """Refuse a layer that does not make one stack of small pictures of each image.

    Parameters
    ----------
    inputs
        One input of the classifier, shape (1, ...).

    Raises
    ------
    Refusal
        ``model_layer``.
    """
    seen: list[object] = []
    hook = layer.register_forward_hook(lambda _layer, _given, output: seen.append(output))
    try:
        with torch.no_grad():
            classifier.outputs(inputs)
    finally:
        hook.remove()
    shapes = [tuple(each.shape) if isinstance(each, Tensor) else None for each in seen]
    shape = shapes[0] if len(shapes) == 1 else None
    batches = {classifier.images, classifier.card.case_images}
    if shape is None or len(shape) != 4 or shape[0] not in batches:
        told = ", ".join(map(str, shapes)) or "nothing"
        raise _no_layer(
            classifier,
            f"`layer`: {classifier.card.layer} gives {told} where Grad-CAM needs one result of"
            f" shape ({classifier.images}, channels, height, width)",
        )


def _unbound(module: nn.Module) -> nn.Module:
    return module.module if isinstance(module, OneCase) else module


def _no_layer(classifier: Classifier, message: str) -> Refusal:
    layers = dict(_unbound(classifier.module).named_modules())
    convolutions = [name for name, layer in layers.items() if isinstance(layer, nn.Conv2d)]
    some = (convolutions or [name for name in layers if name])[-NAMED:]
    return refuse(
        "model_layer",
        str(classifier.card.file),
        message,
        f"Set `layer` to one that makes pictures, such as {' or '.join(some)}"
        if some
        else "Choose another method: this model has no layers of its own",
    )
