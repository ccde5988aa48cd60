"""Which records their graders are asked for now: all but those withdrawn and not begun since."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, FromClause, Subquery, case, func, select

from engine.study.appending import Line
from engine.study.schema import records, revisions, tasks, withdrawals


def last_changes() -> Subquery:
    """Return what became last of each record that was ever withdrawn."""
    change = withdrawals.alias()
    return select(change).where(_is_newest(change, change.c.record_id)).subquery("last_changes")


def is_asked() -> ColumnElement[bool]:
    """Return the condition on `records` that the grader is asked for the record now.

    Whoever wrote to a withdrawn record all the same, in a window where the image lay open or by
    an import, is asked for it again: nothing that was drawn is left out.
    """
    change, written = withdrawals.alias(), revisions.alias()
    is_newest = _is_newest(change, records.c.id)
    of_it = select(written.c.id).where(written.c.record_id == records.c.id)
    is_begun = of_it.correlate(records).exists()
    withdrawn = select(change.c.id).where(is_newest, change.c.is_withdrawn, ~is_begun)
    return ~withdrawn.correlate(records).exists()


def place_in(last: Subquery) -> ColumnElement[int | None]:
    """Return the place of a record in its grader's order, or null.

    Parameters
    ----------
    last
        `last_changes`, outer-joined to `records`, as `tasks` is.
    """
    return case((last.c.record_id.is_(None), tasks.c.position), else_=last.c.position)


def order_in(last: Subquery) -> tuple[ColumnElement[Any], ...]:
    """Return the order of a grader's records: by place, then in the order they were asked for."""
    return place_in(last).asc().nulls_last(), last.c.id.asc().nulls_first(), records.c.id


def withdrawn_among(connection: Connection, record_ids: Collection[int]) -> set[int]:
    """Return the records that are withdrawn now, among some."""
    query = select(records.c.id).where(records.c.id.in_(list(record_ids)), ~is_asked())
    return set(connection.execute(query).scalars())


def places_of(
    connection: Connection, record_ids: Iterable[int]
) -> dict[int, tuple[int | None, bool]]:
    """Return the place of each record, and whether it was ever withdrawn."""
    last = last_changes()
    query = (
        select(records.c.id, place_in(last), last.c.record_id.is_not(None).cast(Boolean))
        .select_from(records)
        .outerjoin(tasks, tasks.c.record_id == records.c.id)
        .outerjoin(last, last.c.record_id == records.c.id)
        .where(records.c.id.in_(list(record_ids)))
    )
    rows = connection.execute(query)
    return {record_id: (place, bool(changed)) for record_id, place, changed in rows}


def withdrawal_line(values: Mapping[Any, Any]) -> Line:
    """Return what the audit log tells of a withdrawal, or of its opposite."""
    names = ("image", "grader", "role", "is_withdrawn", "position", "seed")
    return tuple(values[name] for name in names)


def _is_newest(change: FromClause, record_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that a row is the last of a record, one look at the index a record.

    A list of all last rows would be gone through for every record.
    """
    other = withdrawals.alias()
    newest = select(func.max(other.c.id)).where(other.c.record_id == record_id)
    return change.c.id == newest.correlate_except(other).scalar_subquery()
