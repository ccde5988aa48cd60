"""One revision of a grading as a row of the store, and the digest of what it says."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from engine.domain.grading import Grading, Origin, Revision, Role, Status
from engine.domain.polygon import Polygon
from engine.study.appending import Line
from engine.study.audit_log import canonical
from engine.study.region_codec import decode_region, encode_region

ANSWERS = ("status", "origin", "visible", "roi_count", "note", "problem")


def revision_row(revision: Revision, record_id: int) -> dict[str, Any]:
    """Return the row of a revision, with what `audit_line` tells beside it."""
    grading = revision.grading
    return {
        "record_id": record_id,
        "image": grading.image,
        "grader": grading.grader,
        "role": grading.role,
        "number": revision.number,
        "author": revision.author,
        "time": revision.time,
        "gesture": revision.gesture or None,
        **answer_values(grading),
    }


def answer_values(grading: Grading) -> dict[str, Any]:
    """Return the columns that hold what the grader says; equal gradings have equal digests."""
    values: dict[str, Any] = {name: getattr(grading, name) for name in ANSWERS}
    values["region"] = encode_region(grading.region)
    return {**values, "digest": answer_digest(values)}


def answer_digest(values: Mapping[Any, Any]) -> str:
    """Return the SHA-256 (hex) of the columns in `ANSWERS` and the region."""
    answers = hashlib.sha256(canonical([values[name] for name in ANSWERS]))
    answers.update(values["region"])
    return answers.hexdigest()


def grading_of(row: Row[Any], known: dict[bytes, Polygon] | None = None) -> Grading:
    """Return the grading of a row that holds its image, grader and role besides its answers.

    Parameters
    ----------
    known
        Polygons decoded so far, as for `decode_region`.

    Raises
    ------
    ValueError
        The row holds no status, origin, role or region that can be read.
    """
    return Grading(
        image=row.image,
        grader=row.grader,
        role=Role(row.role),
        status=Status(row.status),
        origin=Origin(row.origin),
        visible=row.visible,
        roi_count=row.roi_count,
        note=row.note,
        problem=row.problem,
        region=decode_region(row.region, known),
    )


def revision_of(row: Row[Any], known: dict[bytes, Polygon] | None = None) -> Revision:
    """Return the revision of such a row."""
    return Revision(grading_of(row, known), row.number, row.author, row.time, row.gesture or "")


def audit_line(values: Mapping[Any, Any]) -> Line:
    """Return what the audit log tells of one appended revision."""
    names = ("image", "grader", "role", "number", "author", "time", "digest")
    line = tuple(values[name] for name in names)
    gesture = values["gesture"]
    return line if gesture is None else (*line, gesture)  # older rows have none
