"""The engine's tables as an item model: sorted, searched and filtered by raw values."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt, Signal

from desktop_app.tables.column_values import ColumnValues, Kind, Mask, all_of
from desktop_app.tables.filters import ColumnFilter
from desktop_app.tables.rows import ShownRows
from desktop_app.tables.screen_column import SAMPLE, ScreenColumn
from desktop_app.tables.warming import Warming
from engine.report.table import Table

AT_ONCE = 5_000
"""Rows of a column that are read on the spot; the rest of a longer one is read in slices."""

ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
ROWS_MOVE = QAbstractItemModel.LayoutChangeHint.VerticalSortHint
"""Told with a change, so that the columns keep their widths and stay hidden."""

WITH_HINT = "QList<QPersistentModelIndex>,QAbstractItemModel::LayoutChangeHint"

MEANING_ROLES = frozenset({
    Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole,
})  # fmt: skip
EMPTY_TABLE: Table[Any] = Table("", (), ())
Numbers = NDArray[np.intp]


class TableModel(ShownRows[Any]):
    """Rows of one table of the engine; a row's number is its place in the table, shown or not.

    Cells are read when they are painted. What sorting, filtering and searching need of a column is
    read once and kept; of a long table that takes a while, and what was asked for shows when the
    columns it needs are read. Rows that come, change or go out of sight move the others without a
    reset, so that whatever is selected stays so.
    """

    arranged = Signal(bool)
    """What was asked for holds now; True where other rows show, or in another order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__((), parent)
        self._table: Table[Any] = EMPTY_TABLE
        self._screen: tuple[ScreenColumn, ...] = ()
        self._values: dict[str, ColumnValues] = {}
        self._filters: dict[str, ColumnFilter] = {}
        self._mask: Mask | None = None
        self._words: tuple[str, ...] = ()
        self._searched: Collection[str] | None = None
        self._sorting: tuple[str, Qt.SortOrder] | None = None
        self._numbers: Numbers = np.arange(0)
        self._place: Numbers = np.arange(0)
        self._warming = Warming(self)
        self._warming.ready.connect(self._arrange)

    # What is shown

    @property
    def table(self) -> Table[Any]:
        """The table; its rows are those that came by `set_table`, later ones are in `rows`."""
        return self._table

    @property
    def columns(self) -> Sequence[ScreenColumn]:
        """The columns in the order of the table."""
        return self._screen

    @property
    def sorting(self) -> tuple[str, Qt.SortOrder] | None:
        """Name of the column that rows are sorted by, and which way; None as they come."""
        return self._sorting

    @property
    def filters(self) -> Mapping[str, ColumnFilter]:
        """What is asked of columns, by their names."""
        return self._filters

    @property
    def search(self) -> str:
        """The words that are searched for."""
        return " ".join(self._words)

    @property
    def mask(self) -> Mask | None:
        """Which rows are brushed, None where all may show."""
        return self._mask

    @property
    def is_filtered(self) -> bool:
        """True where a search, a filter or a mask may keep rows out of sight."""
        return bool(self._words or self._filters) or self._mask is not None

    @property
    def is_settled(self) -> bool:
        """True where what is shown is what was asked for; until then columns are being read."""
        return all(map(self._is_read, self._needed()))

    @property
    def is_warm(self) -> bool:
        """True where no column is being read in the background."""
        return self._warming.is_over

    @property
    def shown_mask(self) -> Mask:
        """Tell for each row of the table whether it is shown."""
        return self._place >= 0

    def text_at(self, place: int, column: int) -> str:
        """Return what a cell shows; the shortest way for whoever paints many of them."""
        return self._screen[column].text(self._rows[self._shown[place]])

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return the title of a column, or its meaning where that is asked for."""
        is_column = orientation == Qt.Orientation.Horizontal and 0 <= section < len(self._screen)
        if is_column and role in MEANING_ROLES:
            return self._screen[section].meaning
        return super().headerData(section, orientation, role)

    def column_at(self, name: str) -> int:
        """Return the place of a column by its name, -1 where there is none."""
        return next((at for at, column in enumerate(self._screen) if column.name == name), -1)

    # Rows

    def set_table(self, table: Table[Any]) -> None:
        """Show another table; sorting, filters and search hold on where it has their columns."""
        self.beginResetModel()
        self._table = table
        self._rows = list(table.rows)
        self._screen = tuple(map(ScreenColumn, table.columns))
        for column in self._screen:
            column.judge(self._rows[:SAMPLE])
        self._set_columns([column.as_column() for column in self._screen])
        self._values = {c.name: ColumnValues(c.read) for c in self._screen}
        self._filters = {k: f for k, f in self._filters.items() if k in self._values}
        if self._sorting and self._sorting[0] not in self._values:
            self._sorting = None
        self._warming.restart(self._rows)
        self._show(self._wanted() if self._prepare() else np.arange(len(self._rows)))
        self.endResetModel()
        self._warm()
        self.arranged.emit(True)

    def append_rows(self, rows: Iterable[Any]) -> None:
        """Add rows behind the last one; they show where sorting puts them."""
        added = list(rows)
        if not added:
            return
        start = len(self._rows)
        if self._sorting or self.is_filtered or start > len(self._numbers):
            self._rows += added
            self._place = np.append(self._place, np.full(len(added), -1))
            self._arrange()
        else:
            self.beginInsertRows(QModelIndex(), start, start + len(added) - 1)
            self._rows += added
            self._show(np.arange(len(self._rows)))
            self.endInsertRows()
            self.arranged.emit(True)
        self._judge([] if start >= SAMPLE else self._rows[:SAMPLE], added)
        self._warm()

    def update_rows(self, changed: Iterable[tuple[int, Any]]) -> None:
        """Replace rows by their numbers; they move to where sorting puts them."""
        pairs = list(changed)
        for number, row in pairs:
            self._rows[number] = row
            for values in self._values.values():
                values.replace(number, row)
            self.row_changed(number)
        is_early = any(number < SAMPLE for number, _ in pairs)
        self._judge(self._rows[:SAMPLE] if is_early else [], [row for _, row in pairs])
        self._arrange()

    # What a person asks for

    def sort(self, column: int, order: Qt.SortOrder = ASCENDING) -> None:
        """Sort by a column, stable, what is undefined last; -1 leaves rows as they come."""
        self._sorting = (self._screen[column].name, order) if column >= 0 else None
        self._arrange()

    def set_search(self, text: str) -> None:
        """Show rows that have each word of a text somewhere in a column of texts."""
        words = tuple(text.split())
        if words != self._words:
            self._words = words
            self._arrange()

    def set_searched(self, names: Collection[str] | None) -> None:
        """Search these columns only, or all; and read them ahead of others."""
        self._searched = names
        self._warm()
        if self._words:
            self._arrange()

    def set_filter(self, name: str, wanted: ColumnFilter | None) -> None:
        """Ask something of a column, or nothing any more; a name of no column is passed over."""
        if wanted is None:
            self._filters.pop(name, None)
        elif name in self._values:
            self._filters[name] = wanted
        self._arrange()

    def set_mask(self, mask: Mask | None) -> None:
        """Show brushed rows only, or all; rows beyond the mask are not in it."""
        self._mask = mask
        self._arrange()

    def clear_filters(self) -> None:
        """Show all rows again."""
        self._filters, self._words, self._mask = {}, (), None
        self._arrange()

    def values(self, name: str) -> ColumnValues | None:
        """Return what was read of a column; None while it is being read, `arranged` comes then."""
        values = self._values[name]
        return values if self._read([values]) else None

    def rows_but(self, name: str) -> Mask:
        """Tell which rows pass all that is asked but of one column."""
        return self._passing(but=name)

    def settle(self) -> None:
        """Read what is needed for what was asked for, however long it takes."""
        self._warming.read_now(self._needed())
        self._arrange()

    # Inside

    def _is_read(self, values: ColumnValues) -> bool:
        return values.count == len(self._rows)

    def _needed(self) -> list[ColumnValues]:
        names = set(self._filters) | ({self._sorting[0]} if self._sorting else set())
        if self._words:
            names |= set(self._text_columns())
        return [self._values[name] for name in names]

    def _text_columns(self) -> list[str]:
        return [
            c.name
            for c in self._screen
            if (self._searched is None or c.name in self._searched)
            and Kind.TEXT in (c.kind, self._values[c.name].kind)
        ]

    def _prepare(self) -> bool:
        """Read what is needed, or have it read; tell whether all of it is there."""
        return self._read(self._needed())

    def _read(self, columns: Sequence[ColumnValues]) -> bool:
        cold = [values for values in columns if not self._is_read(values)]
        if sum(len(self._rows) - values.count for values in cold) <= AT_ONCE:
            self._warming.read_now(cold)
            return True
        self._warming.want(cold)
        return False

    def _warm(self) -> None:
        names = [c.name for c in self._screen if self._searched is None or c.name in self._searched]
        self._warming.warm(v for v in map(self._values.__getitem__, names) if not self._is_read(v))

    def _arrange(self) -> None:
        """Show what was asked for as soon as it can be told; what is selected moves along."""
        if not self._prepare():
            return
        wanted = self._wanted()
        is_other = not np.array_equal(wanted, self._numbers)
        if is_other:
            self.layoutAboutToBeChanged[WITH_HINT].emit([], ROWS_MOVE)  # type: ignore[index]
            before = self.persistentIndexList()
            numbers = [self._shown[index.row()] for index in before]
            self._show(wanted)
            after = [self._moved(number, at) for number, at in zip(numbers, before, strict=True)]
            self.changePersistentIndexList(before, after)
            self.layoutChanged[WITH_HINT].emit([], ROWS_MOVE)  # type: ignore[index]
        self.arranged.emit(is_other)

    def _moved(self, number: int, was: QModelIndex) -> QModelIndex:
        place = int(self._place[number])
        return self.index(place, was.column()) if place >= 0 else QModelIndex()

    def _show(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._shown = numbers.tolist()
        self._place = np.full(len(self._rows), -1)
        self._place[numbers] = np.arange(len(numbers))

    def _place_of(self, number: int) -> int | None:
        place = int(self._place[number]) if 0 <= number < len(self._place) else -1
        return place if place >= 0 else None

    def _wanted(self) -> Numbers:
        order = self._order()
        return order[self._passing()[order]] if self.is_filtered else order

    def _order(self) -> Numbers:
        if self._sorting is None:
            return np.arange(len(self._rows))
        name, order = self._sorting
        keys = self._values[name].sort_keys
        # NaN sorts last whichever the sign, and equal keys stay as they came
        return np.argsort(keys if order is ASCENDING else -keys, kind="stable")

    def _passing(self, but: str = "") -> Mask:
        masks = [
            wanted.passes(self._values[name])
            for name, wanted in self._filters.items()
            if name != but
        ]
        masks += [self._holding(word) for word in self._words]
        if self._mask is not None:
            masks.append(self._mask)
        return all_of(masks, len(self._rows))

    def _holding(self, word: str) -> Mask:
        found = np.zeros(len(self._rows), dtype=bool)
        for name in self._text_columns():
            found |= self._values[name].holding(word)
        return found

    def _judge(self, first: Sequence[Any], fresh: Sequence[Any]) -> None:
        """Look again at the first rows, and at fresh ones for columns that had no value so far."""
        changed = [
            column.judge(first or fresh[:SAMPLE])
            for column in self._screen
            if first or column.kind is Kind.EMPTY
        ]
        if any(changed) and self._shown:
            last = len(self._screen) - 1
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, last))
