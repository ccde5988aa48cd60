"""Stars and comments on candidate wrong cues: rows that are only added, the last counts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, select

from engine.domain.findings import FindingMark
from engine.study.appending import Line, append_rows
from engine.study.audit_log import Writing
from engine.study.schema import finding_marks

NAMES = ("model", "key", "is_starred", "comment", "author", "time")


def mark_finding(writing: Writing, mark: FindingMark) -> None:
    """Append a mark, which counts from now on; one that says the same changes nothing."""
    last = _last_rows(writing.connection, mark.model).get(mark.key)
    said = (last.is_starred, last.comment) if last else (False, "")
    if (mark.is_starred, mark.comment) == said:
        return
    row = {
        "model": mark.model,
        "key": mark.key,
        "is_starred": mark.is_starred,
        "comment": mark.comment,
        "author": writing.author,
        "time": writing.time,
    }
    append_rows(writing, finding_marks, [row], line_of=mark_line)


def read_finding_marks(connection: Connection, model: str) -> dict[str, FindingMark]:
    """Return the marks that count and say something, by the keys of their cues."""
    rows = _last_rows(connection, model)
    return {
        key: FindingMark(*(getattr(row, name) for name in NAMES))
        for key, row in sorted(rows.items())
        if row.is_starred or row.comment
    }


def mark_line(values: Mapping[Any, Any]) -> Line:
    """Return what the audit log tells of a mark."""
    return tuple(values[name] for name in NAMES)


def _last_rows(connection: Connection, model: str) -> dict[str, Row[Any]]:
    is_its = finding_marks.c.model == model
    newest = select(func.max(finding_marks.c.id)).where(is_its).group_by(finding_marks.c.key)
    rows = connection.execute(select(finding_marks).where(finding_marks.c.id.in_(newest)))
    return {row.key: row for row in rows}
