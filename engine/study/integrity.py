"""Is a study whole: its file, its references, its revisions and the chain of its audit log."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row

from engine.domain.problem import Problem, Severity
from engine.study.audit_log import all_entries, broken_links, canonical
from engine.study.chunks import CHUNK
from engine.study.grading_rows import answer_digest, audit_line, grading_of
from engine.study.readings import full_revisions
from engine.study.schema import revisions

REMEDY = "Open a saved copy or a backup of the study"
REVISIONS_ARE_WRITTEN_BY = ("record_gradings", "append")


def file_problems(connection: Connection) -> list[Problem]:
    """Return what SQLite finds wrong with the file itself."""
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return [
        _problem("study_damaged", "database file", f"The database is damaged: {message}")
        for message in found
        if message != "ok"
    ]


def reference_problems(connection: Connection) -> list[Problem]:
    """Return the rows that refer to a row that is not there."""
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [
        _problem("reference_lost", f"table {table}, row {row}", f"Its row in {parent} is missing")
        for table, row, parent, _ in found
    ]


def audit_problems(connection: Connection) -> list[Problem]:
    """Return the entries of the audit log that do not follow from the entry before them."""
    return list(broken_links(all_entries(connection)))


def revision_problems(connection: Connection) -> list[Problem]:
    """Return the revisions that are damaged, or not those that the audit log covers."""
    contents = {
        entry.number: entry.detail["content"]
        for entry in all_entries(connection)
        if entry.action in REVISIONS_ARE_WRITTEN_BY
    }
    rows = connection.execute(full_revisions().order_by(revisions.c.id)).yield_per(CHUNK)
    return list(_revision_problems(rows, contents))


def _revision_problems(rows: Iterable[Row[Any]], contents: dict[int, str]) -> Iterator[Problem]:
    for entry, group in groupby(rows, key=lambda row: row.entry):
        content = hashlib.sha256()
        for row in group:
            content.update(canonical(audit_line(row._mapping)))
            if not _is_intact(row):
                where = f"{row.image}, {row.grader}, revision {row.number}"
                yield _problem("revision_damaged", where, "The stored grading was changed")
        if contents.pop(entry, None) != content.hexdigest():
            yield _not_covered(entry)
    yield from map(_not_covered, contents)


def _is_intact(row: Row[Any]) -> bool:
    try:
        grading_of(row)
    except ValueError:
        return False
    return answer_digest(row._mapping) == str(row.digest)


def _not_covered(entry: int) -> Problem:
    message = "Revisions of this entry were added, removed or changed past the log"
    return _problem("revisions_changed", f"audit log, entry {entry}", message)


def _problem(code: str, where: str, message: str) -> Problem:
    return Problem(code, where, message, REMEDY, Severity.ERROR)


CHECKS = (file_problems, reference_problems, audit_problems, revision_problems)
"""Each takes a connection and returns what it finds."""
