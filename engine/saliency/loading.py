"""The four kinds of model file: each becomes a module and a digest of what it computes."""

import hashlib
import io
import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.domain.problem import Refusal, refuse
from engine.saliency.cards import ModelCard
from engine.saliency.case_classifier import CaseClassifier
from engine.saliency.factories import load_source
from engine.saliency.metadata import encoded_width
from engine.saliency.preprocess import PREPROCESSING_VERSION
from engine.saliency.trust import Code

CARD_KEYS = {
    "kind", "architecture", "input_size", "resize", "resize_to", "interpolation", "mean", "std",
    "classes", "output",
}  # fmt: skip
"""What in a card changes a map or a probability, beside code, weights and preprocessing."""


LARGEST_KNOWN = 1_000_000
"""An exported program that takes larger batches than this has no limit in practice."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A module as its file gives it.

    Attributes
    ----------
    digest
        SHA-256 (hex) over weights, code, the version of the preprocessing, and what in the card
        changes a result.
    smallest_batch, largest_batch
        Batches the module takes; None for any.
    """

    module: nn.Module
    digest: str
    smallest_batch: int = 1
    largest_batch: int | None = None


def load(card: ModelCard, code: Code | None, *, device: torch.device) -> Loaded:
    """Load a card's model for a device; its code, if any, is trusted by now.

    Raises
    ------
    Refusal
        ``model_file``: a file is damaged or of another kind; ``model_code``: a factory raised, or
        returned no module; ``model_weights``: the weights do not fit the architecture;
        ``missing_package``: timm or safetensors is needed and not installed.
    """
    if card.kind == "torchscript" and code is not None:
        with _of_kind(card, "TorchScript"):
            module = torch.jit.load(_stream(code), map_location=device)  # type: ignore[no-untyped-call]
        return Loaded(module, _digest(card, code.digest))
    if card.kind == "torch_export" and code is not None:
        with _of_kind(card, "torch.export"):
            program = _moved(torch.export.load(_stream(code)), device)
            return Loaded(program.module(), _digest(card, code.digest), *batch_limits(program))
    if code is not None:
        module, made_by = _made(card, code), code.digest
    else:
        module, made_by = _timm(card)
    if card.weights is not None:
        _fill(module, card, card.weights)
    return Loaded(module, _digest(card, made_by, _state_digest(module)))


def _moved(
    program: torch.export.ExportedProgram, device: torch.device
) -> torch.export.ExportedProgram:
    """Move the devices that are written into a program, which moving its module leaves behind."""
    try:
        from torch.export.passes import move_to_device_pass  # noqa: PLC0415 - since torch 2.7
    except ImportError:
        return program
    return move_to_device_pass(program, device)


def _stream(code: Code) -> io.BytesIO:
    (content,) = code.files.values()
    return io.BytesIO(content)


@contextmanager
def _of_kind(card: ModelCard, kind: str) -> Iterator[None]:
    """Turn whatever a damaged model file raises into a refusal; silence torch's own notices."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    except Exception as error:
        raise refuse(
            "model_file",
            str(card.weights),
            f"it cannot be read as a {kind} file ({first_line(error)})",
            "Save the model again with this version of torch, or correct `kind` in the card",
        ) from error


def first_line(error: BaseException) -> str:
    """Return the name of an error and the first line of what it says."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def batch_limits(program: torch.export.ExportedProgram) -> tuple[int, int | None]:
    """Return the smallest and the largest batch that an exported program takes."""
    images = program.graph_signature.user_inputs[0]
    node = next(node for node in program.graph.nodes if node.name == images)
    batch = node.meta["val"].shape[0]
    if isinstance(batch, int):
        return batch, batch
    limits = program.range_constraints.get(batch.node.expr)
    if limits is None:
        return 1, None
    largest = int(limits.upper) if limits.upper < LARGEST_KNOWN else None
    return max(1, int(limits.lower)), largest


def _made(card: ModelCard, code: Code) -> nn.Module:
    """Return what the card's Python factory makes."""
    assert code.source is not None
    assert card.factory is not None
    name = card.factory.partition(":")[2]
    try:
        module = getattr(load_source(code.source), name)(**card.arguments)
    except Exception as error:
        raise _bad_code(card, f"{card.factory} failed ({first_line(error)})") from error
    if not isinstance(module, nn.Module):
        raise _bad_code(card, f"{card.factory} returned {type(module).__name__}, no torch module")
    return module


def _bad_code(card: ModelCard, message: str) -> Refusal:
    return refuse(
        "model_code",
        str(card.file),
        message,
        "Correct the factory or its `arguments`; modules beside the card import each other"
        " relatively (from . import name)",
    )


def _timm(card: ModelCard) -> tuple[nn.Module, str]:
    """Return an untrained timm architecture, and the version of timm that made it.

    For a case model it is the backbone of a `CaseClassifier`, without its own last layer.
    """
    try:
        import timm  # noqa: PLC0415 - an optional extra
    except Exception as error:  # a broken installation raises more than ImportError
        raise _missing(card, "timm", extra="timm", error=error) from error
    if not timm.is_model(card.architecture):
        raise refuse(
            "model_code",
            str(card.file),
            f"timm {timm.__version__} has no architecture {card.architecture}",
            "Correct `architecture`; timm.list_models() names them all",
        )
    classes = len(card.classes)
    if card.case_images is None:
        module = timm.create_model(card.architecture, pretrained=False, num_classes=classes)
        return module, timm.__version__
    backbone = timm.create_model(card.architecture, pretrained=False, num_classes=0)
    features = getattr(backbone, "head_hidden_size", None) or backbone.num_features
    metadata = encoded_width(card.metadata)
    module = CaseClassifier(backbone, features=features, metadata=metadata, classes=classes)
    return module, timm.__version__


def _missing(card: ModelCard, package: str, *, extra: str, error: Exception) -> Refusal:
    return refuse(
        "missing_package",
        str(card.file),
        f"this model needs the package {package}, which cannot be imported ({first_line(error)})",
        f"Run: pip install 'dermconcord[{extra}]'",
    )


def _fill(module: nn.Module, card: ModelCard, weights: Path) -> None:
    state = _read_state(card, weights)
    try:
        module.load_state_dict(state)
    except RuntimeError as error:
        said = " ".join(str(error).split())
        raise refuse(
            "model_weights",
            str(weights),
            f"these weights do not fit the model ({said[:300]})",
            "Give the weights of this architecture and number of classes",
        ) from error


def _read_state(card: ModelCard, weights: Path) -> Mapping[str, Tensor]:
    """Read tensors by name, never running code: safetensors, or a torch file of tensors only."""
    state: object
    try:
        if weights.suffix == ".safetensors":
            from safetensors.torch import load_file  # noqa: PLC0415 - an optional extra

            state = load_file(weights)
        else:
            state = torch.load(weights, map_location="cpu", weights_only=True)
    except ImportError as error:
        raise _missing(card, "safetensors", extra="saliency", error=error) from None
    except Exception as error:
        raise _no_state(weights, first_line(error)) from error
    state = state.get("state_dict", state) if isinstance(state, Mapping) else state
    if not isinstance(state, Mapping):
        raise _no_state(weights, f"it holds a {type(state).__name__}")
    others = [name for name, value in state.items() if not isinstance(value, Tensor)]
    if others:
        raise _no_state(weights, f"{others[0]!r} is no tensor")
    return state


def _no_state(weights: Path, why: str) -> Refusal:
    return refuse(
        "model_file",
        str(weights),
        f"it is no file of tensors by name ({why})",
        "Save model.state_dict() with torch.save, or with safetensors",
    )


def _state_digest(module: nn.Module) -> str:
    """Return the SHA-256 over names, types, shapes and values of parameters and buffers."""
    digest = hashlib.sha256()
    for name, value in sorted(module.state_dict().items()):
        digest.update(f"{name} {value.dtype} {tuple(value.shape)}\n".encode())
        digest.update(memoryview(value.detach().cpu().reshape(-1).view(torch.uint8).numpy()))
    return digest.hexdigest()


def _digest(card: ModelCard, *parts: str) -> str:
    read = card.model_dump(mode="json", include=CARD_KEYS)
    told: list[object] = [PREPROCESSING_VERSION, read, *parts]
    if card.case_images is not None:  # the digests of image models stay what they were
        told += [card.case_images, list(card.metadata.items())]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
