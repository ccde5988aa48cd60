"""Body parts in the store: the whole set that an image shows, replaced by a later set."""

from collections.abc import Mapping

from sqlalchemy import Connection

from engine.study.audit_log import Writing
from engine.study.protocol import Changes
from engine.study.schema import body_parts
from engine.study.statements import append_statements, last_statements


def label_body_parts(writing: Writing, labels: Mapping[str, frozenset[str]]) -> Changes:
    """Append the parts that images show, by path; a set equal to the last changes nothing."""
    contents = {image: {"parts": sorted(parts)} for image, parts in labels.items()}
    return append_statements(writing, body_parts, contents)


def read_body_parts(connection: Connection) -> dict[str, frozenset[str]]:
    """Return the parts of each labelled image, by path."""
    return {row.image: frozenset(row.parts) for row in last_statements(connection, body_parts)}
