"""One table model for all lists: rows as they are, columns as data, a filter of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
Row = Callable[[R], Any]

NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """How one column shows a row.

    Attributes
    ----------
    title
        Heading of the column.
    text
        What a row says here.
    others
        Further item roles of Qt, each a function of the row.
    """

    title: str
    text: Row[R]
    others: Mapping[int, Row[R]] = field(default_factory=dict)


class ShownRows(QAbstractTableModel, Generic[R]):
    """Rows of any kind; what is filtered away stays in `rows` and has no index.

    `QSortFilterProxyModel` would ask Python for every row again and again; here a filter is one
    pass over the rows. Which rows are shown, and in which order, is up to the models below.
    """

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._set_columns(columns)
        self._rows: list[R] = []
        self._shown: Sequence[int] = ()

    @property
    def rows(self) -> Sequence[R]:
        """All rows, shown or not."""
        return self._rows

    @property
    def shown(self) -> Sequence[int]:
        """Numbers of the rows that are shown, in the order they are shown in."""
        return self._shown

    def _set_columns(self, columns: Sequence[Column[R]]) -> None:
        """Take columns; once there are rows, between the beginning and the end of a reset."""
        self._columns = tuple(columns)
        self._roles = [{int(Qt.ItemDataRole.DisplayRole): c.text, **c.others} for c in columns]

    def row_changed(self, number: int) -> None:
        """Tell that a row, replaced in place, reads differently now."""
        first = self.index_of(number)
        if first.isValid():
            self.dataChanged.emit(first, first.siblingAtColumn(len(self._columns) - 1))

    def number_of(self, index: Index) -> int | None:
        """Return the number of the row at an index, or None where there is none."""
        return self._shown[index.row()] if index.isValid() else None

    def index_of(self, number: int) -> QModelIndex:
        """Return the index of a row by its number; an invalid one where it is not shown."""
        place = self._place_of(number)
        return QModelIndex() if place is None else self.index(place, 0)

    def _place_of(self, number: int) -> int | None:
        """Return at which place a row is shown, None where it is not."""
        raise NotImplementedError

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what the column says of the row; None for roles that it does not know."""
        if not index.isValid():
            return None
        say = self._roles[index.column()].get(int(role))
        return None if say is None else say(self._rows[self._shown[index.row()]])

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return the title of a column, or the number of a shown row from 1."""
        if role != Qt.ItemDataRole.DisplayRole or section < 0:
            return None
        if orientation == Qt.Orientation.Vertical:
            return section + 1
        return self._columns[section].title if section < len(self._columns) else None


class RowsModel(ShownRows[R]):
    """Rows in the order they come in, all of them or those that pass a filter."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self._places: dict[int, int] | None = None

    def set_rows(self, rows: list[R], shown: Sequence[int] | None = None) -> None:
        """Replace all rows, of which the rising numbers in `shown` are shown; None shows all."""
        self.beginResetModel()
        self._rows = rows
        self._shown = range(len(rows)) if shown is None else shown
        self._places = None
        self.endResetModel()

    def show_only(self, shown: Sequence[int] | None) -> None:
        """Show the rows of these numbers, or all; the rows stay as they are."""
        self.set_rows(self._rows, shown)

    def _place_of(self, number: int) -> int | None:
        if isinstance(self._shown, range):
            return number if number in self._shown else None
        if self._places is None:
            self._places = {shown: place for place, shown in enumerate(self._shown)}
        return self._places.get(number)
