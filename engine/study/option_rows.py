"""The options of a study in the store: rows that are only added, of which the last counts."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, select

from engine.domain.options import StudyOptions
from engine.study.appending import Line, append_rows
from engine.study.audit_log import Writing
from engine.study.schema import options

NAMES = [field.name for field in fields(StudyOptions)]


def set_options(writing: Writing, given: StudyOptions) -> None:
    """Append options, which count from now on; the same as before change nothing."""
    if given == read_options(writing.connection):
        return
    # what a newer program added stays
    content = {**_last_content(writing.connection), **asdict(given)}
    append_rows(writing, options, [{"content": content}], line_of=options_line)


def read_options(connection: Connection) -> StudyOptions:
    """Return the options that count; what was never laid down is as by default."""
    content = _last_content(connection)
    known = {name: content[name] for name in NAMES if name in content}
    return StudyOptions(**{**known, "leads": tuple(known.get("leads", ()))})


def options_line(values: Mapping[Any, Any]) -> Line:
    """Return what the audit log tells of options."""
    return (values["content"],)


def _last_content(connection: Connection) -> dict[str, Any]:
    query = select(options.c.content).order_by(options.c.id.desc()).limit(1)
    content: dict[str, Any] = connection.execute(query).scalar() or {}
    return content
