"""Names of graders kept from the eye: numbers over a study, letters on an image, until a reveal."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.report.table import Column, Table

NAMED = frozenset({"grader", "first", "second"})
"""Columns whose cell is a grader's name."""

WRITTEN = frozenset({"notes", "problems"})
"""Columns of texts that begin with the name of who wrote them."""


def numbered(graders: Iterable[str], *, seed: str) -> dict[str, str]:
    """Return what each grader is called while names are hidden, such as ``Grader 3``.

    Parameters
    ----------
    seed
        The study's id: the order says nothing of the names, and is the same each time.
    """

    def drawn(name: str) -> bytes:
        return hashlib.sha256(f"{seed}\n{name}".encode()).digest()

    return {name: f"Grader {k}" for k, name in enumerate(sorted(graders, key=drawn), 1)}


def masked(table: Table[Any], called: Mapping[str, str]) -> Table[Any]:
    """Return a table in which graders are called otherwise; the rows are the same.

    Parameters
    ----------
    called
        By name; a name that is not among them stays.
    """
    hide = hider(called)
    return replace(table, columns=tuple(_masked(column, called, hide) for column in table.columns))


def hider(called: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that replaces each name in a text, wherever it stands as a word."""
    if not called:
        return str
    names = sorted(called, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
    return lambda text: pattern.sub(lambda found: called[found.group()], text)


def _masked(
    column: Column[Any], called: Mapping[str, str], hide: Callable[[str], str]
) -> Column[Any]:
    read = column.read
    if column.name in NAMED:
        return replace(column, read=lambda row: called.get(read(row), read(row)))
    if column.name in WRITTEN:
        return replace(column, read=lambda row: _hidden(read(row), hide))
    return column


def _hidden(cell: object, hide: Callable[[str], str]) -> object:
    """Return a text without names; a count of texts is no text."""
    return hide(cell) if isinstance(cell, str) else cell


def progress_table(graders: Table[Any]) -> Table[Any]:
    """Return how far each grader is, out of the table of graders."""
    wanted: Sequence[str] = ("grader", "images", "done", "started", "sent_back", "timed", "seconds")
    by_name = {column.name: column for column in graders.columns}
    columns = [by_name[name] for name in wanted]
    left: Column[Any] = Column(
        "to_do",
        "those that nobody has begun",
        lambda row: row.images - row.done - row.started - row.sent_back,
    )
    return Table("progress", (*columns[:2], left, *columns[2:]), graders.rows)
