"""The rows of a packet: what identifies it, what came of its readings, and whether it is whole."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from engine.domain.grading import Revision, Role
from engine.domain.polygon import Polygon
from engine.domain.problem import Problem, Severity
from engine.study.appending import Line, append_rows
from engine.study.audit_log import Writing, canonical
from engine.study.chunks import chunks
from engine.study.grading_rows import audit_line, revision_of, revision_row
from engine.study.packet_contents import ReturnedReading
from engine.study.readings import full_revisions
from engine.study.schema import (
    activity,
    audit,
    graders,
    images,
    packet,
    packet_records,
    pictures,
    records,
    revisions,
)

MADE = "make_packet"
"""Action of the entry that covers what a grader's work in a packet never changes."""


def append_copies(writing: Writing, record_id: int, given: Iterable[Revision]) -> None:
    """Append revisions that were written elsewhere, with their own author, time and gesture."""
    for chunk in chunks(given):
        rows = [revision_row(revision, record_id) for revision in chunk]
        append_rows(writing, revisions, rows, line_of=audit_line)


def fixed_lines(connection: Connection) -> Iterator[Line]:
    """Yield what the audit log tells of a packet: whose it is, its pictures and its readings."""
    for row in connection.execute(select(packet)):
        yield "packet", row.study_id, row.grader, row.made
    columns = (images.c.path, images.c.digest, images.c.width, images.c.height, pictures.c.content)
    query = select(*columns).join(images).order_by(pictures.c.id)
    for *values, content in connection.execute(query).yield_per(1):
        yield "picture", *values, hashlib.sha256(content).hexdigest()
    for row in connection.execute(_readings().where(packet_records.c.key.is_not(None))):
        yield "reading", row.image, row.grader, row.role, row.key, row.base


def packet_problems(connection: Connection) -> list[Problem]:
    """Return whether a packet is not as it was made; a study is none."""
    content, is_packet = hashlib.sha256(), False
    for line in fixed_lines(connection):
        is_packet = True
        content.update(canonical(line))
    made = connection.execute(select(audit.c.detail).where(audit.c.action == MADE)).scalars()
    expected = [content.hexdigest()] if is_packet else []
    if [detail["content"] for detail in made] == expected:
        return []
    return [
        Problem(
            "packet_changed",
            "packet",
            "Pictures or readings of the packet were added, removed or changed past the log",
            "Ask the lead for a new packet",
            Severity.ERROR,
        )
    ]


def read_places(connection: Connection) -> list[Row[Any]]:
    """Return the readings of a packet as rows, in the order in which they were put into it."""
    return list(connection.execute(_readings()))


def read_returned(connection: Connection, place: Row[Any]) -> ReturnedReading:
    """Return what came of one of `read_places`."""
    is_its, base = revisions.c.record_id == place.record_id, place.base or 0
    order = revisions.c.number
    left_with = select(revisions.c.digest).where(is_its).order_by(order).limit(base)
    written = full_revisions().where(is_its).order_by(order).offset(base)
    known: dict[bytes, Polygon] = {}
    return ReturnedReading(
        image=place.image,
        grader=place.grader,
        role=Role(place.role),
        key=place.key,
        base=tuple(connection.execute(left_with).scalars()),
        revisions=tuple(revision_of(row, known) for row in connection.execute(written)),
        visits=read_visits(connection, place.record_id),
    )


def read_visits(connection: Connection, record_id: int) -> dict[str, float]:
    """Return the seconds of each visit to a record, by its beginning."""
    query = select(activity.c.began, activity.c.seconds).where(activity.c.record_id == record_id)
    return {row.began: row.seconds for row in connection.execute(query)}


def _readings() -> Select[Any]:
    """Return the query for all readings of a packet; one that was not put into it has no key."""
    return (
        select(
            records.c.id.label("record_id"),
            images.c.path.label("image"),
            graders.c.name.label("grader"),
            records.c.role,
            packet_records.c.key,
            packet_records.c.base,
        )
        .select_from(records)
        .join(images, records.c.image_id == images.c.id)
        .join(graders, records.c.grader_id == graders.c.id)
        .outerjoin(packet_records, packet_records.c.record_id == records.c.id)
        .order_by(records.c.id)
    )
