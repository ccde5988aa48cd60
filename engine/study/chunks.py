"""Long streams in short pieces, so that memory stays flat and the database is asked seldom."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

CHUNK = 100
"""Items handled at once; a region of 10,000 vertices has 160 kB, so a chunk stays in memory."""


def chunks(items: Iterable[T], *, size: int = CHUNK) -> Iterator[list[T]]:
    """Yield the items in lists of at most `size`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
