"""One image before one grader: the undo history, the half-drawn outline, the lead's reason."""

from collections.abc import Sequence

from sqlalchemy import Connection

from engine.domain.grading import Revision, Status
from engine.domain.history import history_of, standing
from engine.domain.queue import Sheet, blank_grading
from engine.study.readings import read_revisions
from engine.study.recording import Key, require_record, unknown_task
from engine.study.scratch import read_draft, read_seconds
from engine.study.withdrawals import withdrawn_among


def read_sheet(connection: Connection, key: Key) -> Sheet:
    """Return all that a grader has said of an image so far, with its undo history.

    Raises
    ------
    Refusal
        ``unknown_task``.
    """
    record_id = require_record(connection, key)
    if withdrawn_among(connection, [record_id]):
        raise unknown_task(key)
    revisions = read_revisions(connection, key)
    return Sheet(
        *key,
        history_of(revisions, blank_grading(*key)),
        parent=revisions[-1].number if revisions else None,
        draft=read_draft(connection, record_id),
        sent_back=_reason(revisions),
        seconds=read_seconds(connection, record_id),
    )


def _reason(revisions: Sequence[Revision]) -> str:
    """Return why the last reading is to be done again; empty where it is not."""
    done = standing((revision.grading.status, revision.gesture) for revision in revisions)
    since = revisions[done[-1] + 1 :] if done else revisions
    notes = [r.grading.note for r in since if r.grading.status is Status.SENT_BACK]
    return notes[-1] if notes else ""
