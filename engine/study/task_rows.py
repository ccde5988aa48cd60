"""Tasks in the store: records that graders are asked for, each at its place in their order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, select, union

from engine.domain.grading import Role, Task
from engine.domain.problem import Problem
from engine.study.appending import Line, append_rows
from engine.study.audit_log import Writing
from engine.study.chunks import chunks
from engine.study.image_rows import image_ids, unknown_image
from engine.study.protocol import Changes, Conflict
from engine.study.recording import Key, find_records, make_record, make_records
from engine.study.schema import drafts, graders, images, records, revisions, tasks, withdrawals
from engine.study.withdrawals import (
    is_asked,
    last_changes,
    order_in,
    place_in,
    places_of,
    withdrawal_line,
    withdrawn_among,
)

AT_ONCE = 2_000
"""Tasks are small, and a study has hundreds of thousands."""


def assign_tasks(writing: Writing, given: Iterable[Task], *, seed: int | None) -> Changes:
    """Ask graders to read images in an order; a task they have changes nothing.

    Those that were withdrawn before become an entry of the log of their own, ``ask_again``.

    Raises
    ------
    Conflict
        A task has another place by now, or its place is another task's.
    """
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    places = _Places(_last_positions(writing.connection))
    again: list[dict[str, Any]] = []
    by_image = sorted(given, key=attrgetter("image"))  # so that a chunk touches few images
    for chunk in chunks(by_image, size=AT_ONCE):
        known = image_ids(writing.connection, (task.image for task in chunk))
        placed = [task for task in chunk if task.image in known]
        keys = [(task.image, task.grader, task.role) for task in placed]
        record_ids = make_records(writing.connection, keys, image_ids=known)
        stored = places_of(writing.connection, record_ids.values())
        rows: list[dict[str, Any]] = []
        for key, task in zip(keys, placed, strict=True):
            record_id = record_ids[key]
            place, was_withdrawn = stored[record_id]
            if place is not None:
                places.require(task, place)
                counts["unchanged"] += 1
                continue
            places.take(task)
            counts["added"] += 1
            stored[record_id] = task.position, was_withdrawn
            (again if was_withdrawn else rows).append(_row(task, record_id, seed))
        append_rows(writing, tasks, rows, line_of=task_line)
        problems += [
            unknown_image(task.image, f"{task.image}, {task.grader}")
            for task in chunk
            if task.image not in known
        ]
    writing.finish("assign_tasks")
    _ask_again(writing, again)
    return Changes(**counts, problems=tuple(problems))


def assign(writing: Writing, key: Key) -> None:
    """Ask a grader to read an image in a role; asked before, it changes nothing.

    One that was withdrawn becomes an entry ``ask_again``.

    Raises
    ------
    Refusal
        ``unknown_image``.
    """
    known = find_records(writing.connection, [key[0]])
    if key not in known:
        make_record(writing.connection, key)
        writing.tell(*key)
    elif withdrawn_among(writing.connection, [known[key]]):
        row = {**_named(key), "record_id": known[key], "position": None, "seed": None}
        _ask_again(writing, [row])


def withdraw_tasks(writing: Writing, given: Iterable[Task]) -> Changes:
    """Append that graders are asked no longer; a task that is begun stays, and is a problem."""
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    keys = dict.fromkeys((task.image, task.grader, task.role) for task in given)
    for chunk in chunks(keys, size=AT_ONCE):
        known = find_records(writing.connection, {image for image, *_ in chunk})
        record_ids = [known[key] for key in chunk if key in known]
        withdrawn = withdrawn_among(writing.connection, record_ids)
        begun = _begun(writing.connection, record_ids) - withdrawn
        rows = []
        for key in chunk:
            record_id = known.get(key)
            if record_id is None:
                problems.append(_never_asked(key))
            elif record_id in begun:
                problems.append(_task_begun(key))
            elif record_id in withdrawn:
                counts["unchanged"] += 1
            else:
                rows.append(_withdrawn(key, record_id))
        append_rows(writing, withdrawals, rows, line_of=withdrawal_line)
        counts["changed"] += len(rows)
    return Changes(**counts, problems=tuple(problems))


def read_tasks(connection: Connection, grader: str | None) -> list[Task]:
    """Return the tasks of one grader or of all, ordered by grader, then position."""
    last = last_changes()
    columns = (_IMAGE, _GRADER, records.c.role, place_in(last).label("position"))
    query = (
        _of_records(*columns)
        .outerjoin(last, last.c.record_id == records.c.id)
        .where(is_asked())
        .order_by(graders.c.name, *order_in(last))
    )
    if grader is not None:
        query = query.where(graders.c.name == grader)
    return list(_numbered(connection.execute(query)))


def full_tasks() -> Select[Any]:
    """Return the query for stored tasks together with their image, grader and role."""
    return _of_records(_IMAGE, _GRADER, records.c.role, tasks).where(tasks.c.id.is_not(None))


def full_withdrawals() -> Select[Any]:
    """Return the query for withdrawals together with their image, grader and role."""
    columns = (_IMAGE, _GRADER, records.c.role, withdrawals)
    return _of_records(*columns).join(withdrawals, withdrawals.c.record_id == records.c.id)


def task_line(values: Mapping[Any, Any]) -> Line:
    """Return what the audit log tells of a task."""
    return tuple(values[name] for name in ("image", "grader", "role", "position", "seed"))


class _Places:
    """The places in the graders' orders that are taken, while tasks are written."""

    def __init__(self, last: Mapping[str, int]) -> None:
        self._last = last
        self._taken: set[tuple[str, int]] = set()

    def take(self, task: Task) -> None:
        place = task.grader, task.position
        if place in self._taken or task.position <= self._last.get(task.grader, -1):
            raise _conflict(task)
        self._taken.add(place)

    def require(self, task: Task, position: int) -> None:
        if task.position != position:
            raise _conflict(task)


def _conflict(task: Task) -> Conflict:
    return Conflict(
        f"{task.image}, {task.grader}: place {task.position} does not fit the tasks that the"
        " grader has by now"
    )


def _row(task: Task, record_id: int, seed: int | None) -> dict[str, Any]:
    key = task.image, task.grader, task.role
    return {**_named(key), "record_id": record_id, "position": task.position, "seed": seed}


def _withdrawn(key: Key, record_id: int) -> dict[str, Any]:
    nowhere = {"position": None, "seed": None}
    return {**_named(key), "record_id": record_id, "is_withdrawn": True, **nowhere}


def _named(key: Key) -> dict[str, Any]:
    return dict(zip(("image", "grader", "role"), key, strict=True))


def _ask_again(writing: Writing, rows: Iterable[Mapping[str, Any]]) -> None:
    given = [{**row, "is_withdrawn": False} for row in rows]
    append_rows(writing, withdrawals, given, line_of=withdrawal_line)
    writing.finish("ask_again")


def _begun(connection: Connection, record_ids: Sequence[int]) -> set[int]:
    """Return the records among some to which anything was written, if only a draft."""
    written = (
        select(table.c.record_id).where(table.c.record_id.in_(record_ids))
        for table in (revisions, drafts)
    )
    return set(connection.execute(union(*written)).scalars())


def _never_asked(key: Key) -> Problem:
    image, grader, role = key
    message = f"The grader was not asked to read this image ({role} reading)"
    return Problem("unknown_task", f"{image}, {grader}", message, "Check both names")


def _task_begun(key: Key) -> Problem:
    image, grader, role = key
    message = f"The grader has begun this image ({role} reading), so it stays with them"
    remedy = "Let the grader finish it, or send it back once it is done"
    return Problem("task_begun", f"{image}, {grader}", message, remedy)


_IMAGE, _GRADER = images.c.path.label("image"), graders.c.name.label("grader")


def _of_records(*columns: FromClause | ColumnElement[Any]) -> Select[Any]:
    """Return the query for columns of records, with their images, graders and tasks."""
    return (
        select(*columns)
        .select_from(records)
        .join(images, records.c.image_id == images.c.id)
        .join(graders, records.c.grader_id == graders.c.id)
        .outerjoin(tasks, tasks.c.record_id == records.c.id)
    )


def _numbered(rows: Iterable[Any]) -> Iterator[Task]:
    """Yield tasks; records that came without a place go on after the last place."""
    for grader, group in groupby(rows, key=lambda row: row.grader):
        position = -1
        for row in group:
            position = position + 1 if row.position is None else row.position
            yield Task(row.image, grader, Role(row.role), position)


def _last_positions(connection: Connection) -> dict[str, int]:
    last = last_changes()
    query = (
        _of_records(graders.c.name, func.max(place_in(last)).label("position"))
        .outerjoin(last, last.c.record_id == records.c.id)
        .group_by(graders.c.name)
    )
    rows = connection.execute(query)
    return {row.name: row.position for row in rows if row.position is not None}
