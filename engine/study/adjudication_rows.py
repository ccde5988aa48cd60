"""Adjudications in the store: a lead's decisions on regions, and their withdrawals."""

from typing import Any

from sqlalchemy import Connection, Row

from engine.domain.grading import Adjudication, Adopted
from engine.domain.problem import refuse
from engine.study.audit_log import Writing
from engine.study.region_codec import decode_region, encode_region
from engine.study.schema import adjudications
from engine.study.statements import append_statement, last_statement, last_statements


def adjudicate(writing: Writing, adjudication: Adjudication) -> None:
    """Append an adjudication, which counts from now on.

    Raises
    ------
    Refusal
        ``unknown_image``.
    """
    content = {
        "author": adjudication.author,
        "time": adjudication.time,
        "adopted": adjudication.adopted,
        "grader": adjudication.grader,
        "reason": adjudication.reason,
        "region": encode_region(adjudication.region),
    }
    append_statement(writing, adjudications, adjudication.image, content)


def withdraw_adjudication(writing: Writing, image: str, *, reason: str) -> None:
    """Append that the image's adjudication no longer counts.

    Raises
    ------
    Refusal
        ``not_adjudicated``.
    """
    last = last_statement(writing.connection, adjudications, image)
    if last is None or last.adopted is None:
        raise refuse(
            "not_adjudicated",
            image,
            "The image has no adjudication to withdraw",
            "Check the name of the image",
        )
    content = {
        "author": writing.author,
        "time": writing.time,
        "adopted": None,
        "grader": "",
        "reason": reason,
        "region": encode_region(()),
    }
    append_statement(writing, adjudications, image, content)


def read_adjudication(connection: Connection, image: str) -> Adjudication | None:
    """Return the adjudication of an image that counts, or None."""
    row = last_statement(connection, adjudications, image)
    return None if row is None or row.adopted is None else _adjudication(row)


def read_adjudications(connection: Connection) -> dict[str, Adjudication]:
    """Return the adjudications that count, by image path."""
    rows = last_statements(connection, adjudications)
    return {row.image: _adjudication(row) for row in rows if row.adopted is not None}


def _adjudication(row: Row[Any]) -> Adjudication:
    return Adjudication(
        image=row.image,
        adopted=Adopted(row.adopted),
        region=decode_region(row.region),
        author=row.author,
        time=row.time,
        reason=row.reason,
        grader=row.grader,
    )
