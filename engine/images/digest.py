"""The identity of a picture's file."""

import hashlib
from pathlib import Path

from engine.images.source import open_source


def digest_of(path: Path) -> str:
    """Return the SHA-256 of the file's bytes, 64 hexadecimal digits.

    Raises
    ------
    Refusal
        The file is missing, empty, or may not be read.
    """
    with open_source(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
