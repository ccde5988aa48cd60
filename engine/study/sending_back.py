"""Sending a reading back: by a revision a lead asks a grader to look again, or takes that back."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from engine.domain.grading import Grading, Revision, Role, Status
from engine.domain.history import standing
from engine.domain.problem import Refusal, refuse
from engine.study.audit_log import Writing
from engine.study.image_rows import image_ids, unknown_image
from engine.study.protocol import Conflict
from engine.study.readings import read_revisions
from engine.study.recording import append_revision

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
    _require_image(connection, image, grader)
    for role in ROLES:
        revisions = read_revisions(connection, (image, grader, role))
        if _done(revisions):
            last = revisions[-1]
            return replace(last.grading, status=Status.SENT_BACK, note=reason), last.number
    raise refuse(
        "nothing_to_send_back",
        f"{image}, {grader}",
        "The grader has not done a reading of this image",
        "Wait until it is done, or check both names",
    )


def withdraw_send_back(writing: Writing, image: str, grader: str) -> Revision:
    """Append what the reading said before it was sent back, so that it counts as it did.

    That is the done reading that counted and, where the grader had begun it anew, that state
    behind it. No gesture made them: the grader's undo history begins there.

    Raises
    ------
    Refusal
        ``unknown_image``, ``not_sent_back``.
    Conflict
        The grader went on.
    """
    _require_image(writing.connection, image, grader)
    for role in ROLES:
        revisions = read_revisions(writing.connection, (image, grader, role))
        before = _before_sent_back(revisions)
        if before is not None:
            break
    else:
        raise refuse(
            "not_sent_back",
            f"{image}, {grader}",
            "No reading of this image waits to be done again by this grader",
            "Check both names",
        )
    if any(r.grading.status is not Status.SENT_BACK for r in revisions[len(before) :]):
        raise Conflict(f"{image}, {grader}: the grader went on after the reading was sent back")
    counted, last = before[_done(before)[-1]].grading, before[-1].grading
    for grading in (counted,) if counted == last else (counted, last):
        parent = revisions[-1].number
        revisions.append(append_revision(writing, grading, parent=parent, gesture=""))
    return revisions[-1]


def _before_sent_back(revisions: Sequence[Revision]) -> Sequence[Revision] | None:
    """Return the revisions before the send-back that waits; None where none does."""
    done = _done(revisions)
    since = range(done[-1] + 1 if done else 0, len(revisions))
    sent = [at for at in since if revisions[at].grading.status is Status.SENT_BACK]
    return revisions[: sent[0]] if done and sent else None


def _done(revisions: Sequence[Revision]) -> tuple[int, ...]:
    """Return which revisions are done readings that the grader did not take back."""
    return standing((revision.grading.status, revision.gesture) for revision in revisions)


def _require_image(connection: Connection, image: str, grader: str) -> None:
    if not image_ids(connection, [image]):
        raise Refusal(unknown_image(image, f"{image}, {grader}"))
