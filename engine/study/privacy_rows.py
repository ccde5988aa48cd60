"""Privacy boxes in the store: the whole set of an image, replaced by a later set."""

from collections.abc import Sequence
from dataclasses import astuple

from sqlalchemy import Connection

from engine.domain.image import PrivacyBox
from engine.study.audit_log import Writing
from engine.study.schema import privacy_boxes
from engine.study.statements import append_statement, last_statements


def set_privacy_boxes(writing: Writing, image: str, boxes: Sequence[PrivacyBox]) -> None:
    """Append the set of an image's boxes, which counts from now on.

    Raises
    ------
    Refusal
        ``unknown_image``.
    """
    corners = [[float(corner) for corner in astuple(box)] for box in boxes]
    append_statement(writing, privacy_boxes, image, {"boxes": corners}, unsaid={"boxes": []})


def read_privacy_boxes(connection: Connection) -> dict[str, tuple[PrivacyBox, ...]]:
    """Return the boxes of each image that has some, by path."""
    rows = last_statements(connection, privacy_boxes)
    return {row.image: tuple(PrivacyBox(*box) for box in row.boxes) for row in rows if row.boxes}
