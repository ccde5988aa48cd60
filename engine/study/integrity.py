"""Is a study whole: its file, its references, its rows and the chain of its audit log."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select

from engine.domain.problem import Problem, Severity
from engine.study.appending import LineOf
from engine.study.audit_log import all_entries, broken_links, canonical
from engine.study.chunks import CHUNK
from engine.study.condition_map_rows import condition_map_line
from engine.study.finding_mark_rows import mark_line
from engine.study.grading_rows import answer_digest, audit_line, grading_of
from engine.study.option_rows import options_line
from engine.study.packet_rows import packet_problems
from engine.study.readings import full_revisions
from engine.study.schema import (
    adjudications,
    body_parts,
    condition_maps,
    finding_marks,
    options,
    privacy_boxes,
    revisions,
    tasks,
    withdrawals,
)
from engine.study.statements import full_statements, statement_line
from engine.study.task_rows import full_tasks, full_withdrawals, task_line
from engine.study.withdrawals import withdrawal_line

REMEDY = "Open a saved copy or a backup of the study"


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


def append_only_problems(connection: Connection) -> list[Problem]:
    """Return the rows that are damaged, or not those that the audit log covers."""
    entries = [
        (entry.number, entry.action, entry.detail["content"]) for entry in all_entries(connection)
    ]
    problems: list[Problem] = []
    for covered in COVERED:
        contents = {number: c for number, action, c in entries if action in covered.written_by}
        query = covered.rows.order_by(covered.table.c.id)
        rows = connection.execute(query).yield_per(CHUNK)
        problems += _uncovered(rows, contents, covered)
    return problems


def _uncovered(
    rows: Iterable[Row[Any]], contents: dict[int, str], covered: "_Covered"
) -> Iterator[Problem]:
    for entry, group in groupby(rows, key=lambda row: row.entry):
        content = hashlib.sha256()
        for row in group:
            content.update(canonical(covered.line_of(row._mapping)))
            yield from covered.damage_of(row)
        if contents.pop(entry, None) != content.hexdigest():
            yield _not_covered(entry, covered)
    for entry in contents:
        yield _not_covered(entry, covered)


def _not_covered(entry: int, covered: "_Covered") -> Problem:
    message = (
        f"{covered.what.capitalize()} of this entry were added, removed or changed past the log"
    )
    code = f"{covered.what.replace(' ', '_')}_changed"
    return _problem(code, f"audit log, entry {entry}", message)


def _damaged_revision(row: Row[Any]) -> Iterator[Problem]:
    if not _is_intact(row):
        where = f"{row.image}, {row.grader}, revision {row.number}"
        yield _problem("revision_damaged", where, "The stored grading was changed")


def _is_intact(row: Row[Any]) -> bool:
    try:
        grading_of(row)
    except ValueError:
        return False
    return answer_digest(row._mapping) == str(row.digest)


def _problem(code: str, where: str, message: str) -> Problem:
    return Problem(code, where, message, REMEDY, Severity.ERROR)


def _no_damage(_row: Row[Any]) -> Iterator[Problem]:
    return iter(())


@dataclass(frozen=True, slots=True)
class _Covered:
    """An append-only table, and how the audit log covers its rows.

    Attributes
    ----------
    written_by
        Actions of the entries that cover rows of the table, and no others.
    damage_of
        Says what is wrong with a row in itself.
    """

    what: str
    table: Table
    rows: Select[Any]
    line_of: LineOf
    written_by: tuple[str, ...]
    damage_of: Callable[[Row[Any]], Iterable[Problem]] = _no_damage


def _statements(what: str, table: Table, *written_by: str) -> _Covered:
    return _Covered(what, table, full_statements(table), partial(statement_line, table), written_by)


COVERED = (
    _Covered(
        "revisions",
        revisions,
        full_revisions(),
        audit_line,
        (
            "record_gradings",
            "append",
            "send_back",
            "withdraw_send_back",
            "copy_gradings",
            "merge_packet",
        ),
        _damaged_revision,
    ),
    _Covered("tasks", tasks, full_tasks(), task_line, ("assign_tasks",)),
    _statements("adjudications", adjudications, "adjudicate", "withdraw_adjudication"),
    _statements("privacy boxes", privacy_boxes, "set_privacy_boxes"),
    _statements("body parts", body_parts, "label_body_parts"),
    _Covered(
        "withdrawals",
        withdrawals,
        full_withdrawals(),
        withdrawal_line,
        ("withdraw_tasks", "ask_again"),
    ),
    _Covered("options", options, select(options), options_line, ("set_options",)),
    _Covered(
        "condition maps",
        condition_maps,
        select(condition_maps),
        condition_map_line,
        ("set_condition_map",),
    ),
    _Covered("finding marks", finding_marks, select(finding_marks), mark_line, ("mark_finding",)),
)
CHECKS = (
    file_problems,
    reference_problems,
    audit_problems,
    append_only_problems,
    packet_problems,
)
"""Each takes a connection and returns what it finds."""
