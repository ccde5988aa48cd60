"""The audit log: entries chained by their hashes, each of which covers all that was written."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.domain.problem import Problem, Severity
from engine.study.chunks import CHUNK
from engine.study.protocol import AuditEntry
from engine.study.schema import audit

NO_HASH = "0" * 64
"""Stands before the first entry."""


@dataclass(slots=True)
class Writing:
    """A write in progress, which becomes one entry of the log, or several, one after another.

    Attributes
    ----------
    number
        Number of the entry to be next.
    author, time
        Who writes, and when (ISO 8601, UTC).
    """

    connection: Connection
    number: int
    author: str
    time: str
    _previous_hash: str
    _lines: int = 0
    _content: Any = field(default_factory=hashlib.sha256)

    def tell(self, *line: object) -> None:
        """Take one written item into the hash of the entry."""
        self._content.update(canonical(line))
        self._lines += 1

    def finish(self, action: str, **facts: object) -> None:
        """Append the entry to the log; where nothing was written there is none.

        Parameters
        ----------
        facts
            What a reader of the log is told beside the number and the hash of the items.
        """
        if not self._lines:
            return
        detail = {"items": self._lines, "content": self._content.hexdigest(), **facts}
        entry = _entry(
            self.number,
            time=self.time,
            author=self.author,
            action=action,
            detail=detail,
            previous_hash=self._previous_hash,
        )
        self.connection.execute(insert(audit), _values(entry))
        self.number, self._previous_hash = self.number + 1, entry.hash
        self._lines, self._content = 0, hashlib.sha256()


def canonical(value: object) -> bytes:
    """Return the one JSON text of a value, as bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def begin_writing(connection: Connection, *, author: str, time: str) -> Writing:
    """Begin the write that follows the last entry of the log."""
    number, head = last_entry(connection)
    return Writing(connection, number + 1, author, time, head)


def last_entry(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the last entry."""
    query = select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)
    row = connection.execute(query).first()
    return (row.number, row.hash) if row else (0, NO_HASH)


def entries_after(connection: Connection, number: int) -> list[AuditEntry]:
    """Return the next entries after a number, at most `CHUNK` of them."""
    query = select(audit).where(audit.c.number > number).order_by(audit.c.number).limit(CHUNK)
    return [AuditEntry(**row._mapping) for row in connection.execute(query)]


def all_entries(connection: Connection) -> Iterator[AuditEntry]:
    """Stream the log, oldest first, from one open connection."""
    rows = connection.execute(select(audit).order_by(audit.c.number)).yield_per(CHUNK)
    return (AuditEntry(**row._mapping) for row in rows)


def broken_links(entries: Iterable[AuditEntry]) -> Iterator[Problem]:
    """Yield a problem for each entry that does not follow from the one before it."""
    number, head = 0, NO_HASH
    for entry in entries:
        number += 1
        expected = _entry(
            number,
            time=entry.time,
            author=entry.author,
            action=entry.action,
            detail=entry.detail,
            previous_hash=head,
        )
        if entry != expected:
            yield Problem(
                "audit_broken",
                f"audit log, entry {entry.number}",
                "The entry was changed, or entries before it were removed",
                "Open a saved copy or a backup of the study",
                Severity.ERROR,
            )
        number, head = entry.number, entry.hash


def _entry(number: int, *, detail: Mapping[str, Any], **fields: str) -> AuditEntry:
    digest = hashlib.sha256(canonical({"number": number, "detail": detail, **fields}))
    return AuditEntry(number=number, detail=detail, hash=digest.hexdigest(), **fields)


def _values(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in audit.c.keys()}  # noqa: SIM118
