"""Tasks in the store: records that graders are asked for, each at its place in their order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Select, func, select

from engine.domain.grading import Role, Task
from engine.domain.problem import Problem
from engine.study.appending import Line, append_rows
from engine.study.audit_log import Writing
from engine.study.chunks import chunks
from engine.study.image_rows import image_ids, unknown_image
from engine.study.protocol import Changes, Conflict
from engine.study.recording import make_records
from engine.study.schema import graders, images, records, tasks

AT_ONCE = 2_000
"""Tasks are small, and a study has hundreds of thousands."""


def assign_tasks(writing: Writing, given: Iterable[Task], *, seed: int | None) -> Changes:
    """Ask graders to read images in an order; a task they have changes nothing.

    Raises
    ------
    Conflict
        A task has another place by now, or its place is another task's.
    """
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    places = _Places(_last_positions(writing.connection))
    by_image = sorted(given, key=attrgetter("image"))  # so that a chunk touches few images
    for chunk in chunks(by_image, size=AT_ONCE):
        known = image_ids(writing.connection, (task.image for task in chunk))
        placed = [task for task in chunk if task.image in known]
        keys = [(task.image, task.grader, task.role) for task in placed]
        record_ids = make_records(writing.connection, keys, image_ids=known)
        stored = _positions(writing.connection, record_ids.values())
        rows = []
        for key, task in zip(keys, placed, strict=True):
            record_id = record_ids[key]
            if record_id in stored:
                places.require(task, stored[record_id])
                counts["unchanged"] += 1
                continue
            places.take(task)
            stored[record_id] = task.position
            rows.append(_row(task, record_id, seed))
        append_rows(writing, tasks, rows, line_of=task_line)
        counts["added"] += len(rows)
        problems += [
            unknown_image(task.image, f"{task.image}, {task.grader}")
            for task in chunk
            if task.image not in known
        ]
    return Changes(**counts, problems=tuple(problems))


def read_tasks(connection: Connection, grader: str | None) -> list[Task]:
    """Return the tasks of one grader or of all, ordered by grader, then position."""
    order = (graders.c.name, tasks.c.position.asc().nulls_last(), records.c.id)
    query = _tasks().order_by(*order)
    if grader is not None:
        query = query.where(graders.c.name == grader)
    return list(_numbered(connection.execute(query)))


def full_tasks() -> Select[Any]:
    """Return the query for stored tasks together with their image, grader and role."""
    return _tasks().where(tasks.c.id.is_not(None))


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
    return {
        "record_id": record_id,
        "image": task.image,
        "grader": task.grader,
        "role": task.role,
        "position": task.position,
        "seed": seed,
    }


def _tasks() -> Select[Any]:
    return (
        select(
            images.c.path.label("image"),
            graders.c.name.label("grader"),
            records.c.role,
            tasks,
        )
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
    query = (
        select(graders.c.name, func.max(tasks.c.position).label("position"))
        .join(records, records.c.grader_id == graders.c.id)
        .join(tasks, tasks.c.record_id == records.c.id)
        .group_by(graders.c.name)
    )
    return {row.name: row.position for row in connection.execute(query)}


def _positions(connection: Connection, record_ids: Iterable[int]) -> dict[int, int]:
    query = select(tasks.c.record_id, tasks.c.position).where(
        tasks.c.record_id.in_(list(record_ids))
    )
    return {row.record_id: row.position for row in connection.execute(query)}
