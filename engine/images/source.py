"""The border: files opened for reading only, and decoders' exceptions and warnings kept inside."""

import io
import os
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from engine.domain.problem import Refusal
from engine.images import refusals

_DECODERS = re.compile(r"(PIL|pillow_heif|pydicom)\b")
_SILENCE = ("ignore", None, Warning, _DECODERS, 0)
_lock = threading.Lock()
_readers = 0


@contextmanager
def open_source(path: Path) -> Iterator[io.BufferedReader]:
    """Open a file for reading only; the block is given its stream.

    Raises
    ------
    Refusal
        The file is missing, empty, or may not be read.
    """
    try:
        stream = path.open("rb")
    except FileNotFoundError as error:
        raise refusals.missing(path) from error
    except OSError as error:
        raise refusals.unreadable(path, error) from error
    with stream:
        if os.fstat(stream.fileno()).st_size == 0:
            raise refusals.empty(path)
        yield stream


@contextmanager
def decoding(path: Path) -> Iterator[None]:
    """Run decoders in the block: all they raise becomes a refusal that names the file.

    Raises
    ------
    Refusal
        The picture is of no known format, too large, damaged, or its drive fails.
    """
    try:
        with _quiet():
            yield
    except (Refusal, MemoryError):
        raise
    except UnidentifiedImageError as error:
        raise refusals.unknown(path) from error
    except Image.DecompressionBombError as error:
        raise refusals.too_large(path) from error
    except Exception as error:  # parsers of broken bytes raise anything: KeyError, struct.error
        if isinstance(error, OSError) and error.errno is not None:
            raise refusals.unreadable(path, error) from error
        raise refusals.damaged(path) from error


def check_size(width: int, height: int, path: Path) -> None:
    """Refuse a size that no picture has, or beyond `MAX_PIXELS`, before pixels are allocated."""
    if width < 1 or height < 1:
        raise refusals.damaged(path)
    if width * height > refusals.MAX_PIXELS:
        raise refusals.too_large(path)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the decoders' warnings while at least one thread is inside.

    `warnings.catch_warnings` swaps the list of filters and puts the old one back, which threads
    that overlap do in the wrong order; one filter, counted, has no such order.
    """
    global _readers  # noqa: PLW0603 - the filters are one per process, so is their count
    with _lock:
        _readers += 1
        if _SILENCE not in warnings.filters:
            warnings.filters.insert(0, _SILENCE)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        with _lock:
            _readers -= 1
            if not _readers and _SILENCE in warnings.filters:
                warnings.filters.remove(_SILENCE)  # type: ignore[attr-defined]
