"""A table as data: named, described columns over frozen rows, for screen and export alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from engine.domain.measure import Undefined

R = TypeVar("R")
Cell = str | int | float | bool | None
UNDEFINED_COLUMN = "undefined"


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column: its stable documented name, what it means, and how to read it off a row."""

    name: str
    meaning: str
    read: Callable[[R], Any]


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """Rows with the columns that show them."""

    name: str
    columns: tuple[Column[R], ...]
    rows: Sequence[R]

    @property
    def header(self) -> tuple[str, ...]:
        """Column names; the last names each undefined number of a row with its reason."""
        return (*(column.name for column in self.columns), UNDEFINED_COLUMN)

    def cells(self, row: R) -> tuple[Cell, ...]:
        """Return the row's cells; an undefined number is None and is told in the last cell."""
        values = [(column.name, column.read(row)) for column in self.columns]
        undefined = "; ".join(
            f"{name}={value.reason.value}" for name, value in values if isinstance(value, Undefined)
        )
        return (*(None if isinstance(v, Undefined) else v for _, v in values), undefined)

    def undefined_counts(self) -> dict[str, dict[str, int]]:
        """Return, for each column with undefined numbers, how many there are by reason."""
        counts: dict[str, dict[str, int]] = {}
        for row in self.rows:
            for column in self.columns:
                value = column.read(row)
                if isinstance(value, Undefined):
                    of_column = counts.setdefault(column.name, {})
                    of_column[value.reason.value] = of_column.get(value.reason.value, 0) + 1
        return counts
