"""Which columns are shown, in which groups they are offered, and what a person chose before."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSettings

from desktop_app.tables.screen_column import ScreenColumn
from engine.report import columns
from engine.report.table import Column as EngineColumn

FROM_MANIFEST = "from the manifest"
OTHERS = "Other columns"
METADATA = "Metadata"

GROUPS: Mapping[str, Sequence[EngineColumn[Any]]] = {
    "Image": columns.IMAGE,
    "Progress": columns.STANDING,
    "Agreement of the graders": columns.AGREEMENT,
    "Admission": columns.ADMISSION,
    "Prediction": columns.PREDICTION,
    "Map against region": columns.LOCALISATION,
    "Outcome": columns.OUTCOME,
    "Saliency map": columns.FACTS,
    "Notes": columns.NOTES,
}
"""Columns of the engine's tables by what they are about, in the order they are offered."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Where the choice of columns of one table is kept.

    Attributes
    ----------
    get, save
        Read and write the choice: names of columns, each with ``+`` before it where it is shown
        against the default, or ``-`` where it is hidden against it.
    """

    get: Callable[[], Iterable[str]]
    save: Callable[[Sequence[str]], None]


def memory_in(store: QSettings, key: str) -> Memory:
    """Return the memory of a table in the settings of this machine, under a key of its own."""

    def get() -> list[str]:
        return [mark for mark in str(store.value(key, "")).split(",") if mark]

    return Memory(get, lambda marks: store.setValue(key, ",".join(marks)))


NO_MEMORY = Memory(tuple, lambda _names: None)


def grouped(offered: Sequence[ScreenColumn]) -> dict[str, list[ScreenColumn]]:
    """Return columns by the group they are offered in.

    A name may mean one thing in one table and another elsewhere, so the meaning counts as well.
    """
    titles = {(c.name, c.meaning): title for title, group in GROUPS.items() for c in group}
    groups: dict[str, list[ScreenColumn]] = {title: [] for title in (*GROUPS, METADATA, OTHERS)}
    for column in offered:
        other = METADATA if column.meaning == FROM_MANIFEST else OTHERS
        groups[titles.get((column.name, column.meaning), other)].append(column)
    return {title: group for title, group in groups.items() if group}


def chosen(names: Sequence[str], default: Collection[str], memory: Iterable[str]) -> set[str]:
    """Return which of the columns are shown: the default, but for what a person chose."""
    marks = {mark[1:]: mark[:1] == "+" for mark in memory}
    return {name for name in names if marks.get(name, name in default)}


def marks_of(
    names: Sequence[str], default: Collection[str], shown: Collection[str], memory: Iterable[str]
) -> tuple[str, ...]:
    """Return a choice as marks; what was chosen of columns that are not there now is kept."""
    elsewhere = [mark for mark in memory if mark[1:] not in names]
    here = [
        f"{'+' if name in shown else '-'}{name}"
        for name in names
        if (name in shown) != (name in default)
    ]
    return (*elsewhere, *here)
