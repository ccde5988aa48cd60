"""How gradings are recorded: revisions of one image, grader and role, numbered from one."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, delete, func, insert, select

from engine.domain.grading import Grading, Origin, Revision, Role, Status
from engine.domain.problem import Problem, Refusal, Severity, refuse
from engine.study.appending import append_rows
from engine.study.audit_log import Writing
from engine.study.chunks import chunks
from engine.study.grading_rows import audit_line, revision_row
from engine.study.image_rows import image_ids, unknown_image
from engine.study.protocol import Changes, Conflict
from engine.study.schema import drafts, graders, images, records, revisions
from engine.study.withdrawals import is_asked

Key = tuple[str, str, Role]
"""Image, grader and role: what a record stands for."""


def record_gradings(writing: Writing, gradings: Iterable[Grading]) -> Changes:
    """Append imported gradings; one that says what was last imported changes nothing."""
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    for chunk in chunks(gradings):
        known = image_ids(writing.connection, (grading.image for grading in chunk))
        placed = _as_asked(writing.connection, [g for g in chunk if g.image in known])
        problems += _record(writing, placed, image_ids=known, counts=counts)
        problems += [
            unknown_image(grading.image, f"{grading.image}, {grading.grader}")
            for grading in chunk
            if grading.image not in known
        ]
    return Changes(**counts, problems=tuple(problems))


def append_revision(
    writing: Writing, grading: Grading, *, parent: int | None, gesture: str
) -> Revision:
    """Append one revision after revision number `parent` (None for the first).

    Parameters
    ----------
    gesture
        What the grader did in the window; empty where it was not done there.

    Raises
    ------
    Conflict
        The latest revision is not `parent`.
    Refusal
        ``unknown_image``.
    """
    record_id = make_record(writing.connection, _key(grading))
    number, *_ = _latest_revisions(writing.connection, [record_id]).get(record_id, (0,))
    if number != (parent or 0):
        raise Conflict(
            f"{grading.image}, {grading.grader}: revision {number} is the latest, not {parent or 0}"
        )
    revision = Revision(grading, number + 1, writing.author, writing.time, gesture)
    append_rows(writing, revisions, [revision_row(revision, record_id)], line_of=audit_line)
    if gesture:  # together, so that an outline is never both closed and offered back
        writing.connection.execute(delete(drafts).where(drafts.c.record_id == record_id))
    return revision


def make_records(
    connection: Connection, keys: Sequence[Key], *, image_ids: Mapping[str, int]
) -> dict[Key, int]:
    """Return the row ids of records by their keys; those that are missing are made."""
    grader_ids = _ids(connection, graders, ("name",), [(grader,) for _, grader, _ in keys])
    rows = {key: (image_ids[key[0]], grader_ids[key[1:2]], key[2]) for key in keys}
    ids = _ids(connection, records, ("image_id", "grader_id", "role"), list(rows.values()))
    return {key: ids[row] for key, row in rows.items()}


def find_records(connection: Connection, paths: Collection[str]) -> dict[Key, int]:
    """Return the row ids of all records of some images, withdrawn ones among them."""
    query = (
        select(records.c.id, images.c.path, graders.c.name, records.c.role)
        .select_from(records)
        .join(images)
        .join(graders)
        .where(images.c.path.in_(list(paths)))
    )
    rows = connection.execute(query)
    return {(path, grader, Role(role)): record_id for record_id, path, grader, role in rows}


def record_id_of(connection: Connection, key: Key) -> int | None:
    """Return the row id of a record, or None where there is none."""
    image, grader, role = key
    query = (
        select(records.c.id)
        .join(images)
        .join(graders)
        .where(images.c.path == image, graders.c.name == grader, records.c.role == role)
    )
    return connection.execute(query).scalar()


def require_record(connection: Connection, key: Key) -> int:
    """Return the row id of a record.

    Raises
    ------
    Refusal
        ``unknown_task``: there is none.
    """
    record_id = record_id_of(connection, key)
    if record_id is None:
        raise unknown_task(key)
    return record_id


def unknown_task(key: Key) -> Refusal:
    """Return the refusal of a reading that its grader is not asked for."""
    image, grader, role = key
    return refuse(
        "unknown_task",
        f"{image}, {grader}",
        f"The grader was not asked to read this image ({role} reading)",
        "Check both names, or assign the image to the grader first",
    )


def read_graders(connection: Connection) -> list[str]:
    """Return the names of all graders, ordered."""
    return list(connection.execute(select(graders.c.name).order_by(graders.c.name)).scalars())


def _as_asked(connection: Connection, gradings: Sequence[Grading]) -> list[Grading]:
    """Return gradings in the role their graders were asked for.

    Few files tell of a role: whoever was asked as an extra grader alone is no assigned one.
    """
    query = (
        select(images.c.path, graders.c.name, records.c.role)
        .select_from(records)
        .join(images)
        .join(graders)
        .where(images.c.path.in_({grading.image for grading in gradings}), is_asked())
    )
    asked: dict[tuple[str, str], set[str]] = {}
    for path, grader, role in connection.execute(query):
        asked.setdefault((path, grader), set()).add(role)
    return [
        replace(g, role=Role.EXTRA)
        if g.role is Role.ASSIGNED and asked.get((g.image, g.grader)) == {Role.EXTRA}
        else g
        for g in gradings
    ]


def _record(
    writing: Writing,
    gradings: list[Grading],
    *,
    image_ids: Mapping[str, int],
    counts: Counter[str],
) -> list[Problem]:
    record_ids = make_records(writing.connection, [_key(g) for g in gradings], image_ids=image_ids)
    latest = _latest_revisions(writing.connection, record_ids.values())
    imported = _latest_imports(writing.connection, record_ids.values())
    rows = []
    problems = []
    for grading in gradings:
        record_id = record_ids[_key(grading)]
        number, digest, status = latest.get(record_id, (0, "", ""))
        revision = Revision(grading, number + 1, writing.author, writing.time)
        row = revision_row(revision, record_id)
        if row["digest"] in {digest, imported.get(record_id)}:
            counts["unchanged"] += 1
            if row["digest"] != digest and status == Status.SENT_BACK:
                problems.append(_still_sent_back(grading))
            continue
        counts["changed" if number else "added"] += 1
        latest[record_id] = row["number"], row["digest"], row["status"]
        if grading.origin is Origin.IMPORTED and grading.status is not Status.SENT_BACK:
            imported[record_id] = row["digest"]
        rows.append(row)
    append_rows(writing, revisions, rows, line_of=audit_line)
    return problems


def _still_sent_back(grading: Grading) -> Problem:
    return Problem(
        "still_sent_back",
        f"{grading.image}, {grading.grader}",
        "The grading was sent back and came again as it was: it still waits to be done again",
        "Import it when the grader has changed it, or has left a note in it",
        Severity.NOTE,
    )


def _key(grading: Grading) -> Key:
    return grading.image, grading.grader, grading.role


def make_record(connection: Connection, key: Key) -> int:
    """Return the row id of a record, which is made where it is missing.

    Raises
    ------
    Refusal
        ``unknown_image``.
    """
    known = image_ids(connection, [key[0]])
    if key[0] not in known:
        raise Refusal(unknown_image(key[0], f"{key[0]}, {key[1]}"))
    return make_records(connection, [key], image_ids=known)[key]


def _ids(
    connection: Connection, table: Table, names: tuple[str, ...], keys: list[tuple[Any, ...]]
) -> dict[tuple[Any, ...], int]:
    """Return the row ids of the keys in a table; those that are missing are inserted."""
    found = _find(connection, table, names, keys)
    missing = [key for key in dict.fromkeys(keys) if key not in found]
    if not missing:
        return found
    connection.execute(insert(table), [dict(zip(names, key, strict=True)) for key in missing])
    return _find(connection, table, names, keys)


def _find(
    connection: Connection, table: Table, names: tuple[str, ...], keys: list[tuple[Any, ...]]
) -> dict[tuple[Any, ...], int]:
    columns = [table.c[name] for name in names]
    query = select(table.c.id, *columns).where(columns[0].in_({key[0] for key in keys}))
    return {tuple(row[1:]): row.id for row in connection.execute(query)}


def _latest_revisions(
    connection: Connection, record_ids: Iterable[int]
) -> dict[int, tuple[int, str, str]]:
    """Return number, digest and status of the last revision of each record that has one."""
    query = _newest(revisions.c.record_id.in_(list(record_ids)))
    return {
        row.record_id: (row.number, row.digest, row.status) for row in connection.execute(query)
    }


def _latest_imports(connection: Connection, record_ids: Iterable[int]) -> dict[int, str]:
    """Return the digest of what was last imported for each record: a send-back is only a copy."""
    query = _newest(
        revisions.c.record_id.in_(list(record_ids)),
        revisions.c.origin == Origin.IMPORTED,
        revisions.c.status != Status.SENT_BACK,
    )
    return {row.record_id: row.digest for row in connection.execute(query)}


def _newest(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Return the query for the newest revision of each record among those that fulfil all."""
    newest = (
        select(revisions.c.record_id, func.max(revisions.c.number).label("number"))
        .where(*conditions)
        .group_by(revisions.c.record_id)
        .subquery()
    )
    is_newest = and_(
        revisions.c.record_id == newest.c.record_id, revisions.c.number == newest.c.number
    )
    columns = (revisions.c.record_id, revisions.c.number, revisions.c.digest, revisions.c.status)
    return select(*columns).join(newest, is_newest)
