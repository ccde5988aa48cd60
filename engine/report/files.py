"""Result files: written whole or not at all, and never over another one unasked."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from engine.domain.problem import refuse


def require_free(paths: Iterable[Path], *, overwrite: bool) -> None:
    """Refuse before any work is done what could not be written after it.

    Raises
    ------
    Refusal
        A file is there and `overwrite` is false, it is a folder, or its folder is missing or may
        not be written to.
    """
    for path in paths:
        if path.is_dir():
            message = "this is a folder, not a file"
            raise refuse("is_folder", str(path), message, "Give the name of a file")
        if path.exists() and not overwrite:
            raise refuse(
                "file_exists",
                str(path),
                "the file exists already",
                "Give another name, or add --overwrite",
            )
        if not path.parent.is_dir():
            raise refuse(
                "no_folder",
                str(path),
                f"the folder {path.parent} does not exist",
                "Make the folder first, or give another name",
            )
        write_whole(path.with_name(f".{path.name}.probe"), b"")
        path.with_name(f".{path.name}.probe").unlink()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, then rename it into place.

    Raises
    ------
    Refusal
        The folder is not writable or the disk is full; no partial file is left.
    """
    temporary = path.with_name(f".{path.name}.partial")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise refuse(
            "cannot_write",
            str(path),
            f"the file cannot be written ({error.strerror})",
            "Free space or choose a folder you may write to, then run the same command again",
        ) from error
