"""A model card and tiny real networks for the tests of this room."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.saliency.cards import ModelCard, read_card

STANDARD = {
    "name": "tiny",
    "kind": "torchscript",
    "weights": "tiny.pt",
    "input_size": [16, 12],
    "resize": "stretch",
    "mean": [0.5, 0.4, 0.3],
    "std": [0.2, 0.25, 0.5],
    "classes": ["eczema", "psoriasis", "Other"],
    "output": "logits",
}


def toml_of(table: dict[str, Any]) -> str:
    """Write a flat table with at most one level of tables as TOML."""
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    lines = [f"{key} = {json.dumps(value)}" for key, value in plain.items()]
    for key in table.keys() - plain.keys():
        lines.append(f"[{key}]")
        lines += [f"{json.dumps(k)} = {json.dumps(v)}" for k, v in table[key].items()]
    return "\n".join(lines) + "\n"


@pytest.fixture
def card_path(tmp_path: Path) -> Callable[..., Path]:
    """Write a card: the standard one with changes; a key set to None is left out."""

    def write(**changes: Any) -> Path:
        table = {**STANDARD, **changes}
        path = tmp_path / "card.toml"
        path.write_text(toml_of({k: v for k, v in table.items() if v is not None}), "utf-8")
        return path

    return write


@pytest.fixture
def card_of(card_path: Callable[..., Path], tmp_path: Path) -> Callable[..., ModelCard]:
    """Write and read a card; the weights it names are made empty where they are missing."""

    def read(**changes: Any) -> ModelCard:
        weights = changes.get("weights", STANDARD["weights"])
        if weights is not None and not (tmp_path / weights).exists():
            (tmp_path / weights).touch()
        return read_card(card_path(**changes))

    return read
