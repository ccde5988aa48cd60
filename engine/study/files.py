"""The names of study files, and how a new one appears: whole, and never over another."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.domain.problem import Refusal, refuse

SUFFIX = ".concord"
BESIDE_A_DATABASE = ("-journal", "-wal", "-shm")


def study_file(path: Path) -> Path:
    """Return the path with the suffix of a study, added where it is missing."""
    return path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX)


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """Lend an empty temporary file beside the target; it takes the target's name at the end.

    Raises
    ------
    Refusal
        ``file_exists``: there is a file of this name, which is never overwritten.
        ``folder_read_only``: no file can be made in the folder.
    """
    if target.exists():
        raise _taken(target)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        temporary.touch(exist_ok=False)
    except OSError as error:
        raise refuse(
            "folder_read_only",
            str(target),
            f"No file can be made in this folder ({error.strerror})",
            "Choose an existing folder where you may write",
        ) from error
    try:
        yield temporary
        _publish(temporary, target)
    finally:
        for suffix in ("", *BESIDE_A_DATABASE):
            temporary.with_name(temporary.name + suffix).unlink(missing_ok=True)


def free_name(target: Path) -> Path:
    """Return the target, or ``NAME-2.concord`` and so on where files of these names exist."""
    candidate, number = target, 1
    while candidate.exists():
        number += 1
        candidate = target.with_stem(f"{target.stem}-{number}")
    return candidate


def _publish(temporary: Path, target: Path) -> None:
    try:
        os.link(temporary, target)  # unlike a rename, a link cannot overwrite
    except FileExistsError as error:
        raise _taken(target) from error
    except OSError as error:  # the file system has no hard links
        if target.exists():
            raise _taken(target) from error
        temporary.rename(target)


def _taken(target: Path) -> Refusal:
    return refuse(
        "file_exists",
        str(target),
        "A file of this name exists already and is not overwritten",
        "Choose another name, or move the old file away",
    )
