"""What a person may ask of a column: a range, a choice, a part of a text, a value or none."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from desktop_app.tables.column_values import ColumnValues, Mask
from desktop_app.tables.formats import cell_text

NO_TEXT = "(empty)"
"""Stands for rows without a value among the values to choose."""


class ColumnFilter(Protocol):
    """Lets some rows pass by their value in one column."""

    def passes(self, values: ColumnValues) -> Mask:
        """Tell which of the rows read pass."""
        ...

    def words(self, title: str) -> str:
        """Return it in words, with the heading of its column."""
        ...


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers from `low` to `high`, both included; None leaves an end open.

    What is undefined never passes.
    """

    low: float | None = None
    high: float | None = None

    def passes(self, values: ColumnValues) -> Mask:
        """Tell which rows have a number in the range."""
        numbers = values.numbers
        kept: Mask = ~np.isnan(numbers)
        if self.low is not None:
            kept &= numbers >= self.low
        if self.high is not None:
            kept &= numbers <= self.high
        return kept

    def words(self, title: str) -> str:
        """Return it as ``DS ≥ 0.5`` or ``DS 0.2 – 0.5``."""
        low, high = (None if end is None else cell_text(end) for end in (self.low, self.high))
        if low is None:
            return f"{title} ≤ {high}" if high is not None else f"{title} has a value"
        return f"{title} ≥ {low}" if high is None else f"{title} {low} – {high}"


@dataclass(frozen=True, slots=True)
class Choice:
    """Rows whose text, or yes and no, is among `chosen`; the empty text is for no value."""

    chosen: frozenset[str]

    def passes(self, values: ColumnValues) -> Mask:
        """Tell which rows have one of the chosen values."""
        hits = [text in self.chosen for text in values.texts]
        return np.array([*hits, "" in self.chosen], dtype=bool)[values.codes]

    def words(self, title: str) -> str:
        """Return it as ``Condition: acne, eczema``; a long one is cut short."""
        names = sorted(name or NO_TEXT for name in self.chosen)
        if len(names) > 3:
            names = [*names[:2], f"{len(names) - 2} more"]
        return f"{title}: {', '.join(names) or 'nothing'}"


@dataclass(frozen=True, slots=True)
class Contains:
    """Rows whose text holds a part, in any case."""

    part: str

    def passes(self, values: ColumnValues) -> Mask:
        """Tell which rows hold the part."""
        return values.holding(self.part)

    def words(self, title: str) -> str:
        """Return it as ``Image contains “left”``."""
        return f"{title} contains “{self.part}”"


@dataclass(frozen=True, slots=True)
class Defined:
    """Rows that have a value, or those that have none."""

    has_value: bool = True

    def passes(self, values: ColumnValues) -> Mask:
        """Tell which rows are asked for."""
        return values.is_defined if self.has_value else ~values.is_defined

    def words(self, title: str) -> str:
        """Return it as ``DS has a value`` or ``DS has none``."""
        return f"{title} has {'a value' if self.has_value else 'no value'}"
