"""A grader's queue: every task with how far the grader is, in one question to the database."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from engine.domain.grading import Role, Status
from engine.domain.queue import QueueItem, QueueState, blank_grading
from engine.study.grading_rows import answer_values
from engine.study.schema import graders, images, records, revisions, tasks


def read_queue(connection: Connection, grader: str) -> list[QueueItem]:
    """Return all tasks of a grader with their state, in the order of `read_tasks`."""
    rows = connection.execute(_queue(grader))
    return [
        QueueItem(position, image, Role(role), width, height, digest, _state(*progress))
        for position, (image, role, width, height, digest, *progress) in enumerate(rows)
    ]


def _state(last: int | None, done: int | None, sent_back: int | None, beginning: str) -> QueueState:
    """Return how far the grader is.

    Parameters
    ----------
    last, done, sent_back
        Number of the last revision, of the last that was done, of the last that was sent back.
    beginning
        Digest of what the last revision says, where none was done.
    """
    if (sent_back or 0) > (done or 0):
        return QueueState.SENT_BACK
    if last is None or beginning == BLANK:  # all that was drawn may have been undone
        return QueueState.TO_DO
    return QueueState.DONE if last == done else QueueState.STARTED


def _queue(grader: str) -> Select[Any]:
    done = _last_number(revisions.c.status == Status.DONE)
    digest = (
        select(revisions.c.digest)
        .where(revisions.c.record_id == records.c.id)
        .order_by(revisions.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            images.c.path,
            records.c.role,
            images.c.width,
            images.c.height,
            images.c.digest,
            _last_number(),
            done,
            _last_number(revisions.c.status == Status.SENT_BACK),
            case((done.is_(None), digest)),
        )
        .select_from(records)
        .join(images)
        .join(graders)
        .outerjoin(tasks, tasks.c.record_id == records.c.id)
        .where(graders.c.name == grader)
        .order_by(tasks.c.position.asc().nulls_last(), records.c.id)
    )


def _last_number(*conditions: ColumnElement[bool]) -> ColumnElement[int | None]:
    """Return the number of a record's last revision among those that fulfil all, or null."""
    is_its = revisions.c.record_id == records.c.id
    return select(func.max(revisions.c.number)).where(is_its, *conditions).scalar_subquery()


BLANK = str(answer_values(blank_grading("", "", Role.ASSIGNED))["digest"])
"""The digest of a grading that says nothing."""
