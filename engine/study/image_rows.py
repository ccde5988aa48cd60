"""Images in the store: added once, then brought up to date by what is given anew."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from engine.domain.image import Image
from engine.domain.problem import Problem
from engine.study.audit_log import Writing
from engine.study.chunks import chunks
from engine.study.protocol import Changes
from engine.study.schema import images


def add_images(writing: Writing, given: Iterable[Image]) -> Changes:
    """Add images, or bring known ones up to date (see `engine.study.protocol.Study`)."""
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    for chunk in chunks(given):
        stored = _stored_images(writing.connection, [image.path for image in chunk])
        before = set(stored)
        written: dict[str, Image] = {}
        for image in chunk:
            old = stored.get(image.path)
            if old and (problem := _mismatch(old, image)):
                problems.append(problem)
                continue
            new = _merged(old, image) if old else image
            counts["unchanged" if new == old else "changed" if old else "added"] += 1
            if new != old:
                stored[image.path] = written[image.path] = new
        _write(writing, written, known=before)
    return Changes(**counts, problems=tuple(problems))


def read_images(connection: Connection) -> list[Image]:
    """Return all images, ordered by path."""
    return [image_of(row) for row in connection.execute(select(images).order_by(images.c.path))]


def read_image(connection: Connection, path: str) -> Image | None:
    """Return one image, or None where the study does not have it."""
    return _stored_images(connection, [path]).get(path)


def count_images(connection: Connection) -> int:
    """Return the number of images."""
    return connection.execute(select(func.count()).select_from(images)).scalar_one()


def image_ids(connection: Connection, paths: Iterable[str]) -> dict[str, int]:
    """Return the row ids of those of the paths that are images of the study."""
    query = select(images.c.path, images.c.id).where(images.c.path.in_(set(paths)))
    return {row.path: row.id for row in connection.execute(query)}


def image_of(row: Row[Any]) -> Image:
    """Return the image of a row of the table of images."""
    return Image(
        path=row.path,
        width=row.width,
        height=row.height,
        digest=row.digest,
        case=row.case_name,
        condition=row.condition,
        metadata=row.metadata,
    )


def unknown_image(path: str, where: str) -> Problem:
    """Return the problem of something that names an image the study does not have."""
    return Problem(
        "unknown_image",
        where,
        f"The study has no image {path}",
        "Import the image or its manifest first",
    )


def _stored_images(connection: Connection, paths: list[str]) -> dict[str, Image]:
    query = select(images).where(images.c.path.in_(set(paths)))
    return {row.path: image_of(row) for row in connection.execute(query)}


def _mismatch(old: Image, new: Image) -> Problem | None:
    if new.size != old.size:
        return Problem(
            "image_size",
            new.path,
            f"The image has {new.width} x {new.height} pixels, in the study it has"
            f" {old.width} x {old.height}",
            "Give the picture the graders saw, or another name for this one",
        )
    if old.has_pixels and new.has_pixels and old.digest != new.digest:
        return Problem(
            "image_changed",
            new.path,
            "The file is not the one the study knows",
            "Put the original file back, or give the changed one another name",
        )
    return None


def _merged(old: Image, new: Image) -> Image:
    is_case_named = new.case != new.path
    return replace(
        old,
        digest=new.digest or old.digest,
        case=new.case if is_case_named else old.case,
        condition=old.condition if new.condition is None else new.condition,
        metadata={**old.metadata, **new.metadata},
    )


def _write(writing: Writing, written: dict[str, Image], *, known: set[str]) -> None:
    inserts = [_values(image) for path, image in written.items() if path not in known]
    updates = [{**_values(image), "key": path} for path, image in written.items() if path in known]
    if inserts:
        writing.connection.execute(insert(images), inserts)
    if updates:
        change = update(images).where(images.c.path == bindparam("key"))
        writing.connection.execute(change, updates)
    for image in written.values():
        writing.tell(_values(image))


def _values(image: Image) -> dict[str, Any]:
    return {
        "path": image.path,
        "digest": image.digest,
        "width": image.width,
        "height": image.height,
        "case_name": image.case,
        "condition": image.condition,
        "metadata": dict(image.metadata),
    }
