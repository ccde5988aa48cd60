"""What a case model is told of a case beside its images: metadata columns as one-hot numbers."""

import hashlib
import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise

from engine.domain.image import Metadata

Levels = tuple[str, ...]
Bounds = tuple[float, ...]
Column = Levels | Bounds
"""The levels of a column, or the rising bounds between the bins of a number: ``(30, 50)`` makes
the three bins below 30, from 30 to below 50, and from 50 on."""


def column_faults(column: Column) -> list[str]:
    """Return what is wrong with a column of a model card, in words."""
    if not column:
        return ["names no levels"]
    if len(set(column)) < len(column):
        return ["names a level more than once"]
    numbers = [bound for bound in column if not isinstance(bound, str)]
    if any(low > high for low, high in pairwise(numbers)):
        return ["has bounds that do not rise"]
    return []


def encoded_width(columns: Mapping[str, Column]) -> int:
    """Return how many numbers tell of a case."""
    return sum(map(_places, columns.values()))


def encode(columns: Mapping[str, Column], metadata: Metadata) -> tuple[float, ...]:
    """Return the metadata of a case as the model takes it: each column one-hot, one after another.

    A value that is missing, unknown, or no number where one is expected leaves all places of its
    column 0 (`unusable` names it).

    Parameters
    ----------
    columns
        Those of the model card, in its order.
    metadata
        What the images of the case agree on.
    """
    rows = (
        [float(place == _place(column, metadata.get(name))) for place in range(_places(column))]
        for name, column in columns.items()
    )
    return tuple(chain.from_iterable(rows))


def unusable(columns: Mapping[str, Column], metadata: Metadata) -> list[str]:
    """Return the columns of which the model is told nothing for this case."""
    return [name for name, column in columns.items() if _place(column, metadata.get(name)) is None]


def shared_metadata(of_images: Sequence[Metadata]) -> Metadata:
    """Return what the images of a case agree on; a column in which they differ is left out."""
    first, *others = of_images
    return {
        name: value
        for name, value in first.items()
        if all(other.get(name) == value for other in others)
    }


def case_digest(image_digests: Sequence[str], encoded: Sequence[float]) -> str:
    """Return the SHA-256 (hex) of all that a case model is given of a case, images in order."""
    told = json.dumps([list(image_digests), list(encoded)])
    return hashlib.sha256(told.encode()).hexdigest()


def _places(column: Column) -> int:
    return len(column) + (not isinstance(column[0], str))


def _place(column: Column, value: str | None) -> int | None:
    """Return the place of a value among those of its column, or None where it has none."""
    if value is None:
        return None
    if isinstance(column[0], str):
        return column.index(value) if value in column else None
    try:
        number = float(value)
    except ValueError:
        return None
    bounds = [bound for bound in column if not isinstance(bound, str)]
    return bisect_right(bounds, number) if math.isfinite(number) else None
