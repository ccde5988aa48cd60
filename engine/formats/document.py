"""Files read with care: every way that one, or its JSON, can be bad becomes a refusal."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.domain.problem import refuse

MAX_BYTES = 512 * 2**20
MAX_SIDE = 1_000_000


@contextmanager
def bounded(path: Path, where: str, *, most: int) -> Iterator[None]:
    """Refuse a file of more bytes than `most`, or one that the block finds it cannot read."""
    try:
        if (size := path.stat().st_size) > most:
            message = f"the file has {size / 2**20:.0f} MiB, more than {most // 2**20} MiB"
            raise refuse("file_too_large", where, message, "Split it into several files")
        yield
    except OSError as error:
        message = f"the file cannot be read ({error.strerror})"
        raise refuse("file_unreadable", where, message, "Check its permissions") from error


def read_json(path: Path, where: str) -> object:
    """Return what a JSON file holds.

    Parameters
    ----------
    where
        The file's name as a person knows it.

    Raises
    ------
    Refusal
        The file cannot be read, is over 512 MiB, in no Unicode encoding, cut short, no JSON,
        nested too deeply, or has a key twice in one object.
    """
    remedy = "Export the file again"
    with bounded(path, where, most=MAX_BYTES):
        content = path.read_bytes()
    try:
        return json.loads(content, object_pairs_hook=_with_keys_once)
    except _KeyTwice as twice:
        message = f"an object of the file has the key '{twice}' twice"
        raise refuse("json_key_twice", where, message, remedy) from None
    except json.JSONDecodeError as error:
        place = f"{where}, line {error.lineno}"
        message = f"the file is not valid JSON: {error.msg} at column {error.colno}"
        raise refuse("json_invalid", place, message, remedy) from error
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is not valid {error.encoding} text"
        raise refuse("json_encoding", where, message, "Save the file as UTF-8") from error
    except RecursionError as error:
        raise refuse("json_too_deep", where, "the file is nested too deeply", remedy) from error
    except ValueError as error:  # an integer of thousands of digits
        message = "the file holds a number that is too long"
        raise refuse("json_invalid", where, message, remedy) from error


class _KeyTwice(Exception):
    """A key stands twice in one object, and only one of its values would be read."""


def _with_keys_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise _KeyTwice(text(counts.most_common(1)[0][0])[:40])
    return keys


def mapping(value: object) -> Mapping[str, Any]:
    """Return a JSON object, or an empty one where the value is none."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> Sequence[Any]:
    """Return a JSON array, or an empty one where the value is none."""
    return value if isinstance(value, list) else ()


def text(value: object) -> str:
    """Return a string without surrounding blanks and broken characters; else an empty one."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode().replace("\0", "").strip()


def size_of(width: object, height: object) -> tuple[int, int] | None:
    """Return width and height in pixels, or None where a file does not state both."""
    if not (isinstance(width, int | float) and isinstance(height, int | float)):
        return None
    is_size = all(1 <= side <= MAX_SIDE and side == int(side) for side in (width, height))
    return (int(width), int(height)) if is_size else None
