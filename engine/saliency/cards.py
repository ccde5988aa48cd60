"""Model cards: a TOML file that says what a classifier is and how it takes its images."""

import tomllib
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from engine.domain.measure import Reason, Undefined
from engine.domain.problem import Refusal, refuse
from engine.saliency.metadata import Column, column_faults

Kind = Literal["torchscript", "torch_export", "python", "timm"]

OTHER = "Other"
"""Name of the class that takes every condition without a class of its own."""

KEYS_OF_KIND: Mapping[str, tuple[set[str], set[str]]] = {
    "torchscript": ({"weights"}, set()),
    "torch_export": ({"weights"}, set()),
    "python": ({"factory"}, {"arguments", "weights"}),
    "timm": ({"architecture", "weights"}, set()),
}
"""For each kind of model the keys it needs, and those it may have beside them."""

MODEL_KEYS = ("weights", "factory", "arguments", "architecture")

REMEDY = "Correct the card; docs/model-cards.md says what each key means"


class ModelCard(BaseModel):
    """What a classifier is, how it takes its images, and what its outputs mean (method 6).

    Attributes
    ----------
    file
        The card itself; other files are named relative to its folder.
    weights
        Path of the TorchScript, ``.pt2``, safetensors or state-dict file.
    factory, arguments
        ``package.module:callable`` that returns the module, and its keyword arguments.
    architecture
        Name of a timm architecture.
    input_size
        Width and height in pixels; one number in the card means a square.
    resize, resize_to, interpolation
        How an image comes to that size; `resize_to` is the shorter side before a centre crop.
    mean, std
        For each channel, in [0, 1] pixel space.
    classes
        Class names in the order of the model's outputs.
    output
        What the model returns.
    conditions
        The class that stands for each reference condition.
    case_images
        For a case model how many images of a case it takes at most; None for an image model.
    metadata
        For a case model the metadata columns that it takes: for each the levels in the order of
        their one-hot places, or the rising bounds between the bins of a number.
    layer
        Dotted name of the layer that Grad-CAM looks at.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    file: Path
    name: str = Field(min_length=1)
    kind: Kind
    weights: Path | None = None
    factory: str | None = Field(None, pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$")
    arguments: dict[str, Any] = {}
    architecture: str | None = None
    input_size: tuple[int, int]
    resize: Literal["stretch", "crop", "pad"]
    resize_to: int | None = None
    interpolation: Literal["bilinear", "bicubic"] = "bilinear"
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    classes: tuple[str, ...] = Field(min_length=2)
    output: Literal["logits", "probabilities"]
    conditions: dict[str, str] = {}
    case_images: int | None = Field(None, ge=1)
    metadata: dict[str, Column] = {}
    layer: str | None = Field(None, min_length=1)

    @field_validator("input_size", mode="before")
    @classmethod
    def _one_number_is_a_square(cls, value: object) -> object:
        return (value, value) if isinstance(value, int) else value

    @field_validator("input_size")
    @classmethod
    def _sides_are_positive(cls, value: tuple[int, int]) -> tuple[int, int]:
        if min(value) < 1:
            raise ValueError("width and height must be at least 1")
        return value

    @field_validator("std")
    @classmethod
    def _std_is_positive(cls, value: tuple[float, float, float]) -> tuple[float, float, float]:
        if min(value) <= 0:
            raise ValueError("every number must be above 0")
        return value

    @field_validator("classes")
    @classmethod
    def _classes_are_named_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        twice = sorted(name for name, count in Counter(value).items() if count > 1)
        if twice:
            raise ValueError(f"named more than once: {', '.join(twice)}")
        if "" in value:
            raise ValueError("a class name is empty")
        return value

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        faults = (
            *self._misplaced_keys(),
            *self._crop_faults(),
            *self._condition_faults(),
            *self._case_faults(),
        )
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _misplaced_keys(self) -> list[str]:
        needed, allowed = KEYS_OF_KIND[self.kind]
        given = {key for key in MODEL_KEYS if getattr(self, key)}
        missing = [f"`{key}` is missing" for key in sorted(needed - given)]
        extra = [f"`{key}` does not belong" for key in sorted(given - needed - allowed)]
        return [f'{fault} (kind = "{self.kind}")' for fault in missing + extra]

    def _crop_faults(self) -> list[str]:
        if self.resize != "crop":
            return [] if self.resize_to is None else ['`resize_to` belongs to resize = "crop" only']
        if self.resize_to is None or self.resize_to < max(self.input_size):
            return [f'resize = "crop" needs `resize_to` of at least {max(self.input_size)}']
        return []

    def _condition_faults(self) -> list[str]:
        return [
            f"`conditions`: {condition!r} goes to {name!r}, which is none of the classes"
            for condition, name in self.conditions.items()
            if name not in self.classes
        ]

    def _case_faults(self) -> list[str]:
        if self.metadata and self.case_images is None:
            return ["`metadata` belongs to case models, which have `case_images`"]
        return [
            f"`metadata`: {name!r} {fault}"
            for name, column in self.metadata.items()
            for fault in column_faults(column)
        ]


def read_card(path: Path) -> ModelCard:
    """Read a model card.

    Raises
    ------
    Refusal
        ``model_card``: the card, or the list of class names it points to, cannot be read or
        does not fit; the message names each key at fault.
    """
    file = path.absolute()
    table = _read_table(file)
    if "file" in table:
        raise _refused(file, "`file` is no key of a model card")
    if isinstance(table.get("classes"), str):
        table["classes"] = _read_names(file, file.parent / table["classes"])
    if isinstance(table.get("weights"), str):
        table["weights"] = file.parent / table["weights"]
    try:
        card = ModelCard.model_validate({**table, "file": file})
    except ValidationError as error:
        raise _refused(file, "; ".join(map(_sentence, error.errors()))) from None
    if card.weights and not card.weights.is_file():
        raise _refused(file, f"`weights`: there is no file {card.weights}")
    return card


def _read_table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise refuse(
            "model_card", str(file), "there is no such file", "Give the path of a model card"
        ) from None
    except OSError as error:
        raise _refused(file, f"it cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refused(file, f"it is no TOML text ({error})") from None


def _read_names(file: Path, names: Path) -> list[str]:
    try:
        lines = names.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(file, f"`classes`: {names} cannot be read ({error})") from None
    return [line.strip() for line in lines if line.strip()]


def _refused(file: Path, message: str) -> Refusal:
    return refuse("model_card", str(file), message, REMEDY)


def _sentence(error: ErrorDetails) -> str:
    """Say what is wrong with which key."""
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "missing":
        return f"`{key}` is missing"
    if error["type"] == "extra_forbidden":
        return f"`{key}` is no key of a model card"
    said = error["msg"].removeprefix("Value error, ")
    return f"`{key}`: {said} (here {_short(error['input'])})" if key else said


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def conditions_in_force(card: ModelCard, stored: Mapping[str, str] | None) -> dict[str, str]:
    """Return the condition-to-class map that counts: a study's own, else the card's.

    Parameters
    ----------
    stored
        The study's map of the model, None where it has none.

    Raises
    ------
    Refusal
        ``condition_map``: the study names a class that the model does not have.
    """
    if stored is None:
        return dict(card.conditions)
    unknown = sorted(set(stored.values()) - set(card.classes))
    if unknown:
        raise refuse(
            "condition_map",
            str(card.file),
            f"the study gives a condition to the class {unknown[0]}, which the model does not have",
            "Choose one of the model's classes for it, or clear the study's map",
        )
    return dict(stored)


def condition_class(
    classes: Collection[str], conditions: Mapping[str, str], condition: str | None
) -> str | Undefined:
    """Return the class that a case of this reference condition should be given.

    The condition-to-class map comes first, then a class of the same name, then the class
    ``Other`` where the model has one (method 6).

    Parameters
    ----------
    classes
        Names of the model's classes.
    conditions
        Class of each mapped condition.
    condition
        The reference condition; None or empty where unknown.
    """
    if not condition:
        return Undefined(Reason.NO_CONDITION)
    if condition in conditions:
        return conditions[condition]
    if condition in classes:
        return condition
    return OTHER if OTHER in classes else Undefined(Reason.CONDITION_NOT_MAPPED)
