"""Rows of append-only tables, each told to the audit log as it is written."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, insert

from engine.study.audit_log import Writing

Line = tuple[Any, ...]
"""What the audit log tells of one row."""

LineOf = Callable[[Mapping[Any, Any]], Line]
"""Returns the line of a row, whether it is about to be written or was read."""


def append_rows(
    writing: Writing, table: Table, rows: Sequence[Mapping[str, Any]], *, line_of: LineOf
) -> None:
    """Append rows to a table, with the number of the entry that covers them.

    Parameters
    ----------
    rows
        The columns of the table, and what else the line needs.
    """
    if not rows:
        return
    names = [name for name in table.c.keys() if name in rows[0]]  # noqa: SIM118
    values = [{**{name: row[name] for name in names}, "entry": writing.number} for row in rows]
    writing.connection.execute(insert(table), values)
    for row in rows:
        writing.tell(*line_of(row))
