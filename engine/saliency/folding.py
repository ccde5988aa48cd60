"""The same network with fewer layers: convolutions take over batch norms and zero padding.

A batch norm in eval mode is a fixed scale and shift for each channel, so its convolution can do
it, and the ReLU after it may then overwrite its input; on a CPU this saves a third of a gradient's
time and two thirds of its memory. A module that cannot be traced, or whose rewriting answers
otherwise than itself, stays as it is.
"""

import copy
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any
from weakref import WeakKeyDictionary

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn
from torch.nn.utils.fusion import fuse_conv_bn_weights

from engine.saliency.case_classifier import CaseClassifier

EXACT_TOLERANCE = 1e-9
"""Largest relative difference of outputs and gradients in float64."""

DEVICE_TOLERANCE = 1e-2
"""Largest relative difference of the outputs on the device, where TF32 may be in use."""

IN_PLACE: dict[type[nn.Module], Callable[..., Tensor]] = {nn.ReLU: F.relu, nn.ReLU6: F.relu6}

CONVOLUTION: Mapping[str, Any] = {
    "input": None, "weight": None, "bias": None,
    "stride": 1, "padding": 0, "dilation": 1, "groups": 1, "padding_mode": "zeros",
}  # fmt: skip
BATCH_NORM: Mapping[str, Any] = {
    "input": None, "running_mean": None, "running_var": None, "weight": None, "bias": None,
    "training": False, "momentum": 0.1, "eps": 1e-5,
}  # fmt: skip
"""Arguments of the functions, in their order, with what they are where they are not given."""

_folded: WeakKeyDictionary[nn.Module, nn.Module | None] = WeakKeyDictionary()


def folded(module: nn.Module, image: Tensor) -> nn.Module:
    """Return an equal module that is cheaper to differentiate, or the module itself.

    The rewriting is proved in float64, where rounding cannot tip a ReLU over (in float32 it does:
    one gradient in three then differs by up to 1 % somewhere, as it does between any two orders
    of summation). Done once for each module; of a `CaseClassifier` it is the backbone's.

    Parameters
    ----------
    module
        In eval mode, with frozen parameters.
    image
        Shape (1, 3, height, width), on the module's device: where the two are compared.
    """
    if isinstance(module, CaseClassifier):
        return module.with_backbone(folded(module.backbone, image))
    if module not in _folded:
        _folded[module] = _try_folding(module, image)
    rewritten = _folded[module]
    return module if rewritten is None else rewritten


def _try_folding(module: nn.Module, image: Tensor) -> nn.Module | None:
    try:
        exact = copy.deepcopy(module).cpu().double()
        rewritten = fx.symbolic_trace(exact)
        if not _fold(rewritten) or not _agree(exact, rewritten, image.cpu().double()):
            return None
        rewritten.float().to(image.device)
        rewritten.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        with torch.no_grad():
            is_equal = _is_close(module(image), rewritten(image), tolerance=DEVICE_TOLERANCE)
    except Exception:
        # Whatever a stranger's network raises here, it serves as it is.
        return None
    return rewritten if is_equal else None


def _agree(module: nn.Module, rewritten: nn.Module, image: Tensor) -> bool:
    image = image.requires_grad_()
    outputs, outputs_too = module(image), rewritten(image)
    (gradient,) = torch.autograd.grad(outputs.max(), image)
    (gradient_too,) = torch.autograd.grad(outputs_too.flatten()[outputs.argmax()], image)
    pairs = (outputs, outputs_too), (gradient, gradient_too)
    return all(_is_close(one, other, tolerance=EXACT_TOLERANCE) for one, other in pairs)


def _is_close(expected: Tensor, actual: Tensor, *, tolerance: float) -> bool:
    """Tell whether two tensors differ by at most this share of the largest number expected.

    Tensors of zeros are equal; where any number is NaN or infinite they are not.
    """
    expected, actual = expected.detach(), actual.detach()
    difference = float((expected - actual).abs().max())
    return isfinite(difference) and difference <= tolerance * float(expected.abs().max())


def _fold(traced: fx.GraphModule) -> int:
    """Fold every batch norm that alone uses its convolution; return how many there were."""
    count = 0
    for node in list(traced.graph.nodes):
        norm = _call(traced, node, nn.BatchNorm2d, F.batch_norm, BATCH_NORM)
        if norm.get("training", True) is not False or len(norm["input"].users) > 1:
            continue
        convolution = _call(traced, norm["input"], nn.Conv2d, F.conv2d, CONVOLUTION)
        if not convolution or convolution.pop("padding_mode", "zeros") != "zeros":
            continue
        weight, bias = fuse_conv_bn_weights(
            convolution["weight"],
            convolution["bias"],
            norm["running_mean"],
            norm["running_var"],
            norm["eps"],
            norm["weight"],
            norm["bias"],
        )
        convolution |= {"weight": weight, "bias": bias, **_with_padding(traced, convolution)}
        _replace(traced, node, convolution, name=f"fold{count}")
        count += 1
    traced.graph.eliminate_dead_code()
    traced.graph.lint()
    traced.delete_all_unused_submodules()
    traced.recompile()
    return count


def _with_padding(traced: fx.GraphModule, convolution: Mapping[str, Any]) -> dict[str, Any]:
    """Return the convolution's input and padding that make an even zero padding before it idle."""
    pad: fx.Node = convolution["input"]
    unpadded = convolution["padding"] in (0, (0, 0))
    if pad.op == "call_module" and unpadded:
        layer = traced.get_submodule(str(pad.target))
        if type(layer) is nn.ZeroPad2d:
            left, right, top, bottom = layer.padding
            if left == right >= 0 and top == bottom >= 0:
                return {"input": pad.args[0], "padding": (top, left)}
    return {}


def _call(
    traced: fx.GraphModule,
    node: fx.Node,
    layer_type: type[nn.Module],
    function: Callable[..., Tensor],
    defaults: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the arguments of a call of this layer or function, or nothing for another call."""
    if node.op == "call_module":
        layer = traced.get_submodule(str(node.target))
        if type(layer) is layer_type:  # a subclass may do more
            return {name: getattr(layer, name, None) for name in defaults} | {"input": node.args[0]}
    if node.op == "call_function" and node.target is function:
        given = dict(zip(defaults, node.args, strict=False)) | node.kwargs
        return {**defaults, **{name: _fixed(traced, value) for name, value in given.items()}}
    return {}


def _fixed(traced: fx.GraphModule, value: object) -> object:
    """Return the parameter or buffer that a node reads; anything else as it is."""
    if not isinstance(value, fx.Node) or value.op != "get_attr":
        return value
    found: object = traced
    for name in str(value.target).split("."):
        found = getattr(found, name)
    return found


def _replace(
    traced: fx.GraphModule, node: fx.Node, convolution: dict[str, Any], *, name: str
) -> None:
    """Let a convolution take the place of a batch norm's result."""
    with traced.graph.inserting_before(node):
        for part in ("weight", "bias"):
            traced.register_buffer(f"{name}_{part}", convolution[part].detach())
            convolution[part] = traced.graph.get_attr(f"{name}_{part}")
        result = traced.graph.call_function(F.conv2d, kwargs=convolution)
    node.replace_all_uses_with(result)
    traced.graph.erase_node(node)
    _rectify_in_place(traced, result)


def _rectify_in_place(traced: fx.GraphModule, convolution: fx.Node) -> None:
    """Let the ReLU that alone uses a convolution overwrite it: nothing else needs its values."""
    user, *others = convolution.users
    if others or user.op != "call_module":
        return
    function = IN_PLACE.get(type(traced.get_submodule(str(user.target))))
    if function is None:
        return
    with traced.graph.inserting_before(user):
        result = traced.graph.call_function(function, (convolution,), {"inplace": True})
    user.replace_all_uses_with(result)
    traced.graph.erase_node(user)
