"""What SQLite says when the environment fails, told as a problem a person can act on."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from engine.domain.problem import Refusal, refuse

Wording = tuple[str, str, str]
"""Code, message and remedy of a problem."""

DAMAGED: Wording = (
    "study_damaged",
    "The file is no study or is damaged",
    "Open a saved copy or a backup of the study",
)
NEWER: Wording = (
    "study_newer",
    "The study was made by a newer DermConcord",
    "Update DermConcord, then open the study again",
)
OLDER: Wording = (
    "study_older",
    "The study was made by an older DermConcord and cannot be brought up to date read-only",
    "Open it once for writing; a backup of it is kept beside it",
)
MISSING: Wording = (
    "study_missing",
    "There is no such study",
    "Check the name, or make a new study",
)
LOCKED: Wording = (
    "study_locked",
    "Another program is writing to the study",
    "Wait until it is finished or close it, then try again",
)
READ_ONLY: Wording = (
    "study_read_only",
    "The study or its folder cannot be written to",
    "Open it for reading only, or copy it to a folder where you may write",
)
DISK_FULL: Wording = (
    "disk_full",
    "The disk is full; nothing of this step was stored",
    "Make room on the disk, then do the step again",
)
DISK_FAILED: Wording = (
    "disk_failed",
    "The disk could not be read or written; nothing of this step was stored",
    "Check the disk and its connection, then try again",
)

WORDING_BY_SQLITE_ERROR = {
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_IOERR: DISK_FAILED,
}
NEARLY_NO_ROOM = 1 << 16
"""Free bytes below which a failed write means a full disk."""


@contextmanager
def refusing(file: Path) -> Iterator[None]:
    """Turn an error of the environment inside the block into a `Refusal` that names the file.

    Raises
    ------
    Refusal
        ``study_damaged``, ``study_locked``, ``study_read_only``, ``disk_full``, ``disk_failed``.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        known = _known(error, file)
        if known is None:
            raise
        raise known from error


def refusal(wording: Wording, file: Path) -> Refusal:
    """Return a `Refusal` to raise, for a study's file."""
    code, message, remedy = wording
    return refuse(code, str(file), message, remedy)


def _known(error: Exception, file: Path) -> Refusal | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    extended_code = getattr(cause, "sqlite_errorcode", 0)
    wording = WORDING_BY_SQLITE_ERROR.get(extended_code & 0xFF)
    if wording is DISK_FAILED and shutil.disk_usage(file.parent).free < NEARLY_NO_ROOM:
        wording = DISK_FULL
    return refusal(wording, file) if wording else None
