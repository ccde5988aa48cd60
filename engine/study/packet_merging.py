"""How the work of a returned packet is appended to the study, once, and over nothing."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from engine.domain.grading import Grading, Revision, Role, Status
from engine.domain.history import standing
from engine.domain.polygon import Region
from engine.domain.problem import Problem
from engine.study.audit_log import Writing
from engine.study.grading_rows import answer_values
from engine.study.packet_contents import Merged, ReturnedReading, record_key
from engine.study.packet_rows import append_copies, read_visits
from engine.study.schema import activity, graders, images, records, revisions, study
from engine.study.withdrawals import withdrawn_among

NO_GESTURE = ""
"""Begins a new undo history: the gestures of the packet do not follow from the study's."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A reading that the study asks the packet's grader for, or did before it was withdrawn."""

    record_id: int
    image: str
    width: int
    height: int
    grader: str
    role: Role
    is_withdrawn: bool


def merge_packet(
    writing: Writing, grader: str, readings: Iterable[ReturnedReading], *, takes_packet: bool
) -> Merged:
    """Append what is new in a grader's packet (see `engine.study.protocol.Study`)."""
    asked = _asked(writing.connection, grader)
    told = [_merge(writing, reading, asked, takes_packet=takes_packet) for reading in readings]
    appended = [one for one in told if isinstance(one, int)]
    return Merged(
        grader,
        readings=sum(number > 0 for number in appended),
        revisions=sum(appended),
        unchanged=appended.count(0),
        problems=tuple(problem for problem in told if isinstance(problem, Problem)),
    )


def _merge(
    writing: Writing,
    reading: ReturnedReading,
    asked: Mapping[str, _Asked],
    *,
    takes_packet: bool,
) -> int | Problem:
    """Append what is new in one reading; return how many revisions, or why it is left out."""
    known = asked.get(reading.key or "")
    if known is None:
        return _never_asked(reading) if reading.base or reading.revisions else 0
    if fault := _fault(reading, known):
        return _not_the_graders(reading, known, fault)
    if known.is_withdrawn and not takes_packet:
        return _withdrawn(reading, known) if reading.revisions else 0
    _merge_visits(writing.connection, known.record_id, reading.visits)
    stored = _stored(writing.connection, known.record_id)
    new = _new(reading, stored)
    if new is None:
        if not takes_packet:
            return _conflict(reading, known, stored)
        new = _taken(reading.revisions, stored)
    numbered = (_placed(r, known, number) for number, r in enumerate(new, start=len(stored) + 1))
    append_copies(writing, known.record_id, numbered)
    return len(new)


def _new(reading: ReturnedReading, stored: Sequence[Row[Any]]) -> Sequence[Revision] | None:
    """Return the revisions that the study does not have yet; None where they do not follow.

    Parameters
    ----------
    stored
        All that the study has of the reading.
    """
    if not reading.revisions:
        return ()
    theirs = [*map(_identity, reading.revisions)]
    ours = [(row.digest, row.author, row.time) for row in stored]
    if _begins_with(stored, reading.base):
        since = ours[len(reading.base) :]
        if since == theirs[: len(since)]:
            return reading.revisions[len(since) :]
    return () if theirs[-1] in ours else None  # it was merged, or taken, before


def _taken(written: Sequence[Revision], stored: Sequence[Row[Any]]) -> Sequence[Revision]:
    """Return the packet's last state, behind what was last done there, if that is another.

    Else a reading that was done, and then begun anew, would come as one that is only begun.
    """
    done = standing((revision.grading.status, revision.gesture) for revision in written)
    ours = [(row.digest, row.author, row.time) for row in stored]
    chosen = [*done[-1:], len(written) - 1]
    states = [written[index] for index in dict.fromkeys(chosen)]
    return [replace(r, gesture=NO_GESTURE) for r in states if _identity(r) not in ours]


def _fault(reading: ReturnedReading, known: _Asked) -> str:
    """Return what in a reading no grader's window writes; empty where there is nothing."""
    for revision in reading.revisions:
        if revision.author != known.grader:
            return f"a state of it was written by '{revision.author}'"
        if revision.grading.status not in (Status.STARTED, Status.DONE):
            return f"a state of it is '{revision.grading.status}', which is the lead's to say"
        if not _is_inside(revision.grading.region, width=known.width, height=known.height):
            return "a region of it lies outside the image"
    return ""


def _is_inside(region: Region, *, width: int, height: int) -> bool:
    rings = (ring for polygon in region for ring in polygon.rings)
    return all(((ring >= 0) & (ring <= (width, height))).all() for ring in rings)


def _placed(revision: Revision, known: _Asked, number: int) -> Revision:
    """Return a revision under the study's name of the image, after those that the study has."""
    grading = replace(revision.grading, image=known.image, grader=known.grader, role=known.role)
    return replace(revision, grading=grading, number=number)


def _identity(revision: Revision) -> tuple[str, str, str]:
    """Return what tells a revision from others: what it says, whose it is, and when."""
    return _digest(revision.grading), revision.author, revision.time


def _digest(grading: Grading) -> str:
    return str(answer_values(grading)["digest"])


def _begins_with(stored: Sequence[Row[Any]], base: Sequence[str]) -> bool:
    return [row.digest for row in stored[: len(base)]] == list(base)


def _asked(connection: Connection, grader: str) -> dict[str, _Asked]:
    """Return the readings that the study asks, or asked, a grader for, by their keys."""
    study_id = connection.execute(select(study.c.id)).scalar_one()
    query = (
        select(records.c.id, images.c.path, images.c.width, images.c.height, records.c.role)
        .select_from(records)
        .join(images)
        .join(graders)
        .where(graders.c.name == grader)
    )
    rows = connection.execute(query).all()
    withdrawn = withdrawn_among(connection, [row.id for row in rows])
    asked = [
        _Asked(record_id, image, width, height, grader, Role(role), record_id in withdrawn)
        for record_id, image, width, height, role in rows
    ]
    return {record_key(study_id, one.image, grader, one.role): one for one in asked}


def _stored(connection: Connection, record_id: int) -> list[Row[Any]]:
    """Return of each revision of a record what tells it from others, oldest first."""
    columns = (revisions.c.digest, revisions.c.author, revisions.c.time, revisions.c.status)
    is_its = revisions.c.record_id == record_id
    query = select(*columns).where(is_its).order_by(revisions.c.number)
    return list(connection.execute(query))


def _merge_visits(connection: Connection, record_id: int, visits: Mapping[str, float]) -> None:
    """Store the visits; of one that the study has by now, the longer account counts."""
    stored = read_visits(connection, record_id)
    for began, seconds in visits.items():
        if not _is_duration(seconds):
            continue
        if began not in stored:
            row = {"record_id": record_id, "began": began, "seconds": seconds}
            connection.execute(insert(activity), row)
        elif seconds > stored[began]:
            is_visit = (activity.c.record_id == record_id) & (activity.c.began == began)
            connection.execute(update(activity).where(is_visit).values(seconds=seconds))


def _is_duration(seconds: object) -> bool:
    return isinstance(seconds, int | float) and math.isfinite(seconds) and seconds >= 0


def _not_the_graders(reading: ReturnedReading, known: _Asked, fault: str) -> Problem:
    return Problem(
        "not_the_graders_work",
        f"{known.image}, {reading.grader}",
        f"{fault[0].upper()}{fault[1:]}; nothing of it was merged",
        "Ask the grader how it came into the packet, and for a packet graded in the window",
    )


def _never_asked(reading: ReturnedReading) -> Problem:
    remedy = (
        "Export it from the packet and import it, if it is wanted"
        if reading.key is None
        else "Assign the image to the grader, then merge again, if it is wanted"
    )
    return Problem(
        "not_asked",
        f"{reading.image}, {reading.grader}",
        f"The study never asked the packet's grader for this {reading.role} reading",
        remedy,
    )


def _withdrawn(reading: ReturnedReading, known: _Asked) -> Problem:
    return Problem(
        "task_withdrawn",
        f"{known.image}, {reading.grader}",
        "The study withdrew this reading after the packet was made;"
        f" {len(reading.revisions)} states of it in the packet were left out",
        "Keep the packet, or merge again with --take-packet, which lets the reading count",
    )


def _conflict(reading: ReturnedReading, known: _Asked, stored: Sequence[Row[Any]]) -> Problem:
    """Return the problem of a reading that went on both in the study and in the packet."""
    if not _begins_with(stored, reading.base):
        happened = "The study does not hold what the packet began with"
    elif any(row.status == Status.SENT_BACK for row in stored[len(reading.base) :]):
        happened = "The study sent this reading back after the packet was made"
    else:
        happened = "The reading went on in the study after the packet was made"
    return Problem(
        "merge_conflict",
        f"{known.image}, {reading.grader}",
        f"{happened}; {len(reading.revisions)} states of it in the packet were left out",
        "Make the grader a new packet, or merge again with --take-packet, which appends the"
        " packet's last state after the study's",
    )
