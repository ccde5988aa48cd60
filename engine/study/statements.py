"""What is said of an image again and again: rows that are only added, of which the last counts."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, select

from engine.domain.problem import Problem, Refusal
from engine.study.appending import Line, append_rows
from engine.study.audit_log import Writing
from engine.study.chunks import chunks
from engine.study.image_rows import image_ids, unknown_image
from engine.study.protocol import Changes
from engine.study.schema import images

Content = Mapping[str, Any]
"""The columns of a statement but its id, image and entry."""

NO_CONTENT = frozenset({"id", "image_id", "entry"})


def append_statements(
    writing: Writing,
    table: Table,
    contents: Mapping[str, Content],
    *,
    unsaid: Content | None = None,
) -> Changes:
    """Append a statement for each image path; one equal to the image's last changes nothing.

    Parameters
    ----------
    unsaid
        What holds of an image that nothing was said of, so that saying it changes nothing.
    """
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    for chunk in chunks(contents.items()):
        given = dict(chunk)
        known = image_ids(writing.connection, given)
        last = {row.image: row._mapping for row in _last(writing.connection, table, given)}
        rows = []
        for path, content in given.items():
            if path not in known:
                problems.append(unknown_image(path, path))
                continue
            row = {"image": path, "image_id": known[path], **content}
            if _says_the_same(table, row, last.get(path, unsaid)):
                counts["unchanged"] += 1
                continue
            counts["changed" if path in last else "added"] += 1
            rows.append(row)
        append_rows(writing, table, rows, line_of=partial(statement_line, table))
    return Changes(**counts, problems=tuple(problems))


def append_statement(
    writing: Writing, table: Table, path: str, content: Content, *, unsaid: Content | None = None
) -> None:
    """Append a statement of one image.

    Raises
    ------
    Refusal
        ``unknown_image``.
    """
    changes = append_statements(writing, table, {path: content}, unsaid=unsaid)
    for problem in changes.problems:
        raise Refusal(problem)


def last_statements(connection: Connection, table: Table) -> Iterator[Row[Any]]:
    """Yield the statement that counts of each image that has one, with `image`, by path."""
    query = full_statements(table).where(_is_last(table)).order_by(images.c.path)
    return iter(connection.execute(query))


def last_statement(connection: Connection, table: Table, path: str) -> Row[Any] | None:
    """Return the statement that counts of one image, or None where nothing was said of it."""
    return next(_last(connection, table, [path]), None)


def full_statements(table: Table) -> Select[Any]:
    """Return the query for statements together with the paths of their images."""
    is_its_image = table.c.image_id == images.c.id
    return select(table, images.c.path.label("image")).join(images, is_its_image)


def statement_line(table: Table, values: Mapping[Any, Any]) -> Line:
    """Return what the audit log tells of a statement; of bytes it tells the SHA-256."""
    return values["image"], *_content(table, values)


def _last(connection: Connection, table: Table, paths: Collection[str]) -> Iterator[Row[Any]]:
    is_its_image = images.c.path.in_(list(paths))
    return iter(
        connection.execute(full_statements(table).where(is_its_image).where(_is_last(table)))
    )


def _is_last(table: Table) -> ColumnElement[bool]:
    other = table.alias()
    newest = select(func.max(other.c.id)).where(other.c.image_id == table.c.image_id)
    is_last: ColumnElement[bool] = table.c.id == newest.scalar_subquery()
    return is_last


def _says_the_same(table: Table, row: Content, earlier: Mapping[Any, Any] | None) -> bool:
    return earlier is not None and _content(table, row) == _content(table, earlier)


def _content(table: Table, values: Mapping[Any, Any]) -> Line:
    names = (name for name in table.c.keys() if name not in NO_CONTENT)  # noqa: SIM118
    return tuple(map(_told, (values[name] for name in names)))


def _told(value: object) -> object:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value
