"""A grader's queue: every task with how far the grader is, in one question to the database."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, case, func, or_, select

from engine.domain.grading import Role, Status
from engine.domain.history import REDO, UNDO, standing
from engine.domain.queue import QueueItem, QueueState, blank_grading
from engine.study.chunks import chunks
from engine.study.grading_rows import answer_values
from engine.study.schema import graders, images, records, revisions, tasks
from engine.study.withdrawals import is_asked, last_changes, order_in


def read_queue(connection: Connection, grader: str) -> list[QueueItem]:
    """Return all tasks of a grader with their state, in the order of `read_tasks`."""
    rows = connection.execute(_queue(grader)).all()
    stands = _standing(connection, [record_id for record_id, may_not, *_ in rows if may_not])
    return [
        QueueItem(
            position,
            path,
            ROLES[role],
            width,
            height,
            digest,
            _state(*progress, stands=stands.get(record_id, progress[1])),
        )
        # by place: in a long queue, names of columns take as long as the database
        for position, (record_id, _, path, role, width, height, digest, *progress) in enumerate(
            rows
        )
    ]


def _state(
    last: int | None, done: int | None, sent_back: int | None, content: str, *, stands: int | None
) -> QueueState:
    """Return how far the grader is.

    Parameters
    ----------
    last, done, sent_back
        Number of the last revision, of the last that was done, of the last that was sent back.
    content
        Digest of what the last revision says, where it may be blank.
    stands
        Number of the last done revision that the grader did not take back.
    """
    if (sent_back or 0) > (stands or 0):
        return QueueState.SENT_BACK
    if last and last == done:
        return QueueState.DONE
    if last is None or (content == BLANK and not stands):  # all that was drawn may have been undone
        return QueueState.TO_DO
    return QueueState.STARTED


def _standing(connection: Connection, record_ids: Sequence[int]) -> dict[int, int | None]:
    """Return the number of the last done revision that stands, of records with something undone."""
    found: dict[int, int | None] = {}
    for chunk in chunks(record_ids):
        query = (
            select(
                revisions.c.record_id, revisions.c.number, revisions.c.status, revisions.c.gesture
            )
            .where(revisions.c.record_id.in_(chunk))
            .order_by(revisions.c.record_id, revisions.c.number)
        )
        for record_id, group in groupby(connection.execute(query), key=lambda row: row.record_id):
            rows = list(group)
            done = standing((Status(row.status), row.gesture or "") for row in rows)
            found[record_id] = rows[done[-1]].number if done else None
    return found


def _queue(grader: str) -> Select[Any]:
    progress, last = _progress(grader), last_changes()
    digest = (
        select(revisions.c.digest)
        .where(revisions.c.record_id == records.c.id, revisions.c.number == progress.c.last)
        .scalar_subquery()
    )
    may_be_blank = or_(progress.c.done.is_(None), progress.c.has_undone.is_not(None))
    return (
        select(
            records.c.id,
            case((progress.c.done.is_not(None), progress.c.has_undone)),
            images.c.path,
            records.c.role,
            images.c.width,
            images.c.height,
            images.c.digest,
            progress.c.last,
            progress.c.done,
            progress.c.sent_back,
            case((may_be_blank, digest)),
        )
        .select_from(records)
        .join(images)
        .join(graders)
        .outerjoin(tasks, tasks.c.record_id == records.c.id)
        .outerjoin(last, last.c.record_id == records.c.id)
        .outerjoin(progress, progress.c.record_id == records.c.id)
        .where(graders.c.name == grader, is_asked())
        .order_by(*order_in(last))
    )


def _progress(grader: str) -> Subquery:
    """Return the last numbers of a grader's records that have any revision, in one pass."""
    return (
        select(
            revisions.c.record_id,
            func.max(revisions.c.number).label("last"),
            _last_number(Status.DONE).label("done"),
            _last_number(Status.SENT_BACK).label("sent_back"),
            func.max(case((revisions.c.gesture.in_((UNDO, REDO)), 1))).label("has_undone"),
        )
        .select_from(revisions)
        .join(records)
        .join(graders)
        .where(graders.c.name == grader)
        .group_by(revisions.c.record_id)
        .subquery()
    )


def _last_number(status: Status) -> ColumnElement[int | None]:
    """Return the number of a record's last revision of a status, or null."""
    return func.max(case((revisions.c.status == status, revisions.c.number)))


ROLES = {role.value: role for role in Role}
"""A look-up costs a third of the enumeration's own, and a queue is long."""

BLANK = str(answer_values(blank_grading("", "", Role.ASSIGNED))["digest"])
"""The digest of a grading that says nothing."""
