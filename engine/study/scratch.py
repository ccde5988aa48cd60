"""What the grader's window keeps beside the gradings: half-drawn outlines, and time at work."""

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select

from engine.domain.grading import Role
from engine.domain.polygon import Ring
from engine.domain.queue import Draft
from engine.study.recording import Key, require_record
from engine.study.schema import activity, drafts, graders, images, records

COORDINATES = np.dtype("<f8")
TOOLS = ("region", "hole")


def keep_draft(connection: Connection, key: Key, draft: Draft | None) -> None:
    """Replace the half-drawn outline of a record.

    Raises
    ------
    Refusal
        ``unknown_task``.
    """
    record_id = require_record(connection, key)
    connection.execute(delete(drafts).where(drafts.c.record_id == record_id))
    if draft is not None:
        row = {
            "record_id": record_id,
            "tool": draft.tool,
            "is_open": draft.is_open,
            "points": draft.points.astype(COORDINATES).tobytes(),
        }
        connection.execute(insert(drafts), row)


def read_draft(connection: Connection, record_id: int) -> Draft | None:
    """Return the half-drawn outline of a record, or None.

    One that cannot be read counts as none: it is scratch, and never keeps the record closed.
    """
    query = select(drafts).where(drafts.c.record_id == record_id)
    try:
        row = connection.execute(query).first()
        points = _points(row.points) if row else None
    except (TypeError, ValueError):
        return None
    if row is None or points is None or row.tool not in TOOLS or not np.isfinite(points).all():
        return None
    return Draft(row.tool, points, row.is_open)


def add_activity(connection: Connection, key: Key, *, began: str, seconds: float) -> None:
    """Replace the seconds of the visit to a record that began then.

    Raises
    ------
    Refusal
        ``unknown_task``.
    """
    record_id = require_record(connection, key)
    is_visit = (activity.c.record_id == record_id) & (activity.c.began == began)
    connection.execute(delete(activity).where(is_visit))
    row = {"record_id": record_id, "began": began, "seconds": seconds}
    connection.execute(insert(activity), row)


def read_seconds(connection: Connection, record_id: int) -> float:
    """Return the seconds of all visits to a record."""
    query = select(func.sum(activity.c.seconds)).where(activity.c.record_id == record_id)
    seconds: float | None = connection.execute(query).scalar()
    return seconds or 0.0


def read_activity(connection: Connection, grader: str | None = None) -> dict[Key, float]:
    """Return the seconds of all visits to each record that had one, of one grader or of all."""
    query = (
        select(images.c.path, graders.c.name, records.c.role, func.sum(activity.c.seconds))
        .select_from(activity)
        .join(records)
        .join(images)
        .join(graders)
        .group_by(records.c.id)
    )
    if grader is not None:
        query = query.where(graders.c.name == grader)
    rows = connection.execute(query)
    return {(image, grader, Role(role)): seconds for image, grader, role, seconds in rows}


def _points(content: bytes) -> Ring:
    points: Ring = np.frombuffer(content, COORDINATES).reshape(-1, 2)
    return points
