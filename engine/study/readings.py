"""What is read of the gradings: the revisions of one record, or all that counts, page by page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, select, true, tuple_

from engine.domain.grading import Grading, Reading, Revision, Role, Status
from engine.domain.history import standing
from engine.domain.image import Image
from engine.domain.polygon import Polygon
from engine.study.chunks import CHUNK
from engine.study.grading_rows import grading_of, revision_of
from engine.study.image_rows import image_of
from engine.study.recording import Key, record_id_of
from engine.study.schema import graders, images, records, revisions
from engine.study.withdrawals import is_asked

ImageReadings = tuple[Image, tuple[Reading, ...]]

Place = tuple[str, str]
"""Case and path: where an image stands in the order of the readings."""


@dataclass(frozen=True, slots=True)
class _Record:
    """Which revisions of a record count, by their row ids."""

    grader: str
    role: Role
    first: int | None
    latest: int | None
    last: int | None
    is_sent_back: bool


def read_revisions(connection: Connection, key: Key) -> list[Revision]:
    """Return all revisions of one record, oldest first; polygons that stayed are shared."""
    is_of_record = revisions.c.record_id == record_id_of(connection, key)
    query = full_revisions().where(is_of_record).order_by(revisions.c.number)
    known: dict[bytes, Polygon] = {}
    return [revision_of(row, known) for row in connection.execute(query)]


def readings_after(connection: Connection, place: Place | None) -> list[ImageReadings]:
    """Return the next images after a place with their readings, at most `CHUNK` of them."""
    return _with_readings(connection, _images_after(place))


def readings_of(connection: Connection, path: str) -> tuple[Reading, ...]:
    """Return the readings of one image; none where the study does not have it."""
    found = _with_readings(connection, select(images).where(images.c.path == path))
    return found[0][1] if found else ()


def full_revisions() -> Select[Any]:
    """Return the query for revisions together with their image, grader and role."""
    return (
        select(
            revisions,
            images.c.path.label("image"),
            graders.c.name.label("grader"),
            records.c.role,
        )
        .join(records, revisions.c.record_id == records.c.id)
        .join(images, records.c.image_id == images.c.id)
        .join(graders, records.c.grader_id == graders.c.id)
    )


def _with_readings(connection: Connection, query: Select[Any]) -> list[ImageReadings]:
    """Return the images of a query with their readings."""
    rows = connection.execute(query).all()
    records_by_image = _records_by_image(connection, [row.id for row in rows])
    of_all_images = [record for group in records_by_image.values() for record in group]
    gradings = _gradings(connection, of_all_images)
    return [
        (image_of(row), tuple(_reading(r, gradings) for r in records_by_image.get(row.id, ())))
        for row in rows
    ]


def _images_after(place: Place | None) -> Select[Any]:
    order = (images.c.case_name, images.c.path)
    is_after = tuple_(*order) > tuple_(*place) if place else true()
    return select(images).where(is_after).order_by(*order).limit(CHUNK)


def _records_by_image(connection: Connection, image_ids: Sequence[int]) -> dict[int, list[_Record]]:
    query = (
        select(
            records.c.image_id,
            graders.c.name,
            records.c.role,
            revisions.c.id,
            revisions.c.number,
            revisions.c.status,
            revisions.c.gesture,
        )
        .join(graders, records.c.grader_id == graders.c.id)
        .outerjoin(revisions, revisions.c.record_id == records.c.id)
        .where(records.c.image_id.in_(image_ids), is_asked())
        .order_by(records.c.image_id, graders.c.name, records.c.role, revisions.c.number)
    )
    by_image: dict[int, list[_Record]] = {}
    rows = connection.execute(query)
    for key, group in groupby(rows, key=lambda row: (row.image_id, row.name, row.role)):
        by_image.setdefault(key[0], []).append(_record(key[1], Role(key[2]), list(group)))
    return by_image


def _record(grader: str, role: Role, rows: Sequence[Any]) -> _Record:
    written = [row for row in rows if row.id is not None]
    marks = [(Status(row.status), row.gesture or "") for row in written]
    done = [written[index] for index in standing(marks)]
    sent_back = [row.number for row in written if row.status == Status.SENT_BACK]
    own = [row.id for row in written if row.status != Status.SENT_BACK]
    return _Record(
        grader,
        role,
        first=done[0].id if done else None,
        latest=done[-1].id if done else None,
        last=own[-1] if own else None,
        is_sent_back=bool(sent_back) and sent_back[-1] > (done[-1].number if done else 0),
    )


def _gradings(connection: Connection, counting: Iterable[_Record]) -> dict[int | None, Grading]:
    """Return the gradings that count, by row id; regions of other revisions are not fetched."""
    wanted = {id_ for r in counting for id_ in (r.first, r.latest, r.last) if id_}
    rows = connection.execute(full_revisions().where(revisions.c.id.in_(wanted)))
    return {row.id: grading_of(row) for row in rows}


def _reading(record: _Record, gradings: dict[int | None, Grading]) -> Reading:
    first, latest, last = map(gradings.get, (record.first, record.latest, record.last))
    return Reading(record.grader, record.role, first, latest, record.is_sent_back, last)
