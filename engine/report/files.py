"""Result files: written whole or not at all, and never over another one unasked."""

import os
from collections.abc import Iterable
from pathlib import Path

from engine.domain.problem import refuse


def require_free(paths: Iterable[Path], *, overwrite: bool) -> None:
    """Refuse before any work is done if a result file exists or its folder does not.

    Raises
    ------
    Refusal
        A file is there and `overwrite` is false, or the folder is missing.
    """
    for path in paths:
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
        temporary.unlink(missing_ok=True)
        raise refuse(
            "cannot_write",
            str(path),
            f"the file cannot be written ({error.strerror})",
            "Free space or choose a folder you may write to, then run the same command again",
        ) from error
