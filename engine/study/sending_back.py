"""Sending a reading back: the revision by which a lead asks a grader to look again."""

from dataclasses import replace

from sqlalchemy import Connection

from engine.domain.grading import Grading, Role, Status
from engine.domain.problem import Refusal, refuse
from engine.study.image_rows import image_ids, unknown_image
from engine.study.readings import read_revisions

ROLES = (Role.ASSIGNED, Role.EXTRA)
"""A repeat reading measures how far a grader agrees with the first one, so it is never redone."""


def sent_back(
    connection: Connection, image: str, grader: str, *, reason: str
) -> tuple[Grading, int]:
    """Return the grading that sends a done reading back, and the number of the last revision.

    Raises
    ------
    Refusal
        ``unknown_image``, ``nothing_to_send_back``.
    """
    if not image_ids(connection, [image]):
        raise Refusal(unknown_image(image, f"{image}, {grader}"))
    for role in ROLES:
        revisions = read_revisions(connection, (image, grader, role))
        if any(revision.grading.status is Status.DONE for revision in revisions):
            last = revisions[-1]
            return replace(last.grading, status=Status.SENT_BACK, note=reason), last.number
    raise refuse(
        "nothing_to_send_back",
        f"{image}, {grader}",
        "The grader has not done a reading of this image",
        "Wait until it is done, or check both names",
    )
