"""The rows and columns themselves: keys, copying, and a place that is kept while rows arrive."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from desktop_app.tables.cells import CellDelegate, row_height, tabular
from desktop_app.tables.copying import Copier
from desktop_app.tables.header import TableHeader
from desktop_app.tables.table_model import TableModel
from desktop_app.window.theme import Theme

ENTER = frozenset[int]({Qt.Key.Key_Return, Qt.Key.Key_Enter})
WIDEST = 300
"""Pixels at 100 % that a column takes at first, at most."""

WIDTH_ROWS = 60
"""About so many rows, from all over the table, say how wide a column is."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is at the top of the view: a row's number and how far it is scrolled above."""

    number: int
    above: int


class Grid(QTableView):
    """Whole rows are selected; the cell with the frame says which column the keys are about."""

    activated_row = Signal(int)
    """Number of a row that was double-clicked, or on which Enter was pressed."""

    menu_asked = Signal(int)
    """A column whose menu was asked for by key."""

    def __init__(self, model: TableModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._theme = theme
        self._scale = theme.metrics.scale
        self.header = TableHeader(model, theme, self)
        self.setHorizontalHeader(self.header)
        self.setModel(model)
        self.setItemDelegate(CellDelegate(model, theme, self))
        self._copier = Copier(self)
        self._set_up()
        self.doubleClicked.connect(self._on_double_click)
        theme.changed.connect(self._take_theme)
        self._take_theme()

    # What is at hand

    def row_at_hand(self) -> int | None:
        """Return the number of the current row, None where there is none."""
        return self._rows.number_of(self.currentIndex())

    def place(self) -> Place | None:
        """Return what is at the top, None where the view is at its upper end."""
        top = self.rowAt(0)
        if top < 0 or not self.verticalScrollBar().value():
            return None
        number = self._rows.number_of(self._rows.index(top, 0))
        return None if number is None else Place(number, self.rowViewportPosition(top))

    def return_to(self, place: Place | None) -> None:
        """Scroll so that the same row is at the top as before, if it is still shown."""
        if place is None:
            self.verticalScrollBar().setValue(0)
            return
        index = self._rows.index_of(place.number)
        if index.isValid():
            self.executeDelayedItemsLayout()
            bar = self.verticalScrollBar()
            moved = self.rowViewportPosition(index.row()) - place.above
            bar.setValue(bar.value() + moved)

    def selected_places(self) -> list[int]:
        """Return which of the rows shown are selected, counted from the top."""
        return sorted({place for block in self._selected_blocks() for place in block})

    def copy(self) -> None:
        """Put the selected rows with the columns shown on the clipboard, as the CSV has them."""
        hidden, model = self.isColumnHidden, self._rows
        columns = [column for at, column in enumerate(model.columns) if not hidden(at)]
        rows = [model.rows[model.shown[place]] for place in self.selected_places()]
        self._copier.copy(columns, rows)

    # Widths

    def fit_columns(self, columns: Iterable[int] | None = None) -> None:
        """Give columns, or all of them, the width that their headings and some rows need."""
        metrics = self.fontMetrics()
        around = 2 * self._theme.px("s") + self._theme.px("xs")
        count = self._rows.rowCount()
        rows = range(0, count, max(count // WIDTH_ROWS, 1))
        for at in range(self._rows.columnCount()) if columns is None else columns:
            if self.isColumnHidden(at):
                continue
            texts = {str(self._rows.index(row, at).data()) for row in rows}
            wanted = max(map(metrics.horizontalAdvance, texts), default=0) + around
            widest = max(self._theme.metrics.px(WIDEST), self.header.least_width(at))
            self.setColumnWidth(at, min(max(wanted, self.header.least_width(at)), widest))

    # Painting and keys

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and rows across the whole width, then the cells on them.

        Only because the ground is painted here may scrolling move what is painted already.
        """
        painter = QPainter(self.viewport())
        colours, area = self._theme.colours, event.rect()
        painter.fillRect(area, QColor(colours.surface))
        picked, line = QColor(colours.accent_soft), QColor(colours.border)
        blocks = self._selected_blocks()
        first = self.rowAt(area.top())
        for row in range(first, self._rows.rowCount()) if first >= 0 else ():
            top = self.rowViewportPosition(row)
            if top > area.bottom():
                break
            height = self.rowHeight(row)
            if any(row in block for block in blocks):
                painter.fillRect(area.left(), top, area.width(), height, picked)
            painter.fillRect(area.left(), top + height - 1, area.width(), 1, line)
        painter.end()
        super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy rows, open them, open a column's menu, or move."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in ENTER:
            number = self.row_at_hand()
            if number is not None:
                self.activated_row.emit(number)
        elif event.key() == Qt.Key.Key_Menu or _is_menu_key(event):
            self.menu_asked.emit(max(self.currentIndex().column(), self._first_column()))
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Leave letters to the keys of the page."""

    # Inside

    def _set_up(self) -> None:
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _take_theme(self) -> None:
        grown = self._theme.metrics.scale / self._scale
        self._scale = self._theme.metrics.scale
        if grown != 1:
            for at in range(self._rows.columnCount()):
                if not self.isColumnHidden(at):
                    self.setColumnWidth(at, round(self.columnWidth(at) * grown))
        self.setFont(tabular(QApplication.font()))
        self.verticalHeader().setDefaultSectionSize(row_height(self._theme, self.font()))
        self.header.setMinimumSectionSize(self._theme.px("xxl"))

    def _selected_blocks(self) -> list[range]:
        """Return the selected rows as ranges; asking Qt about a row asks it about each column."""
        ranges = self.selectionModel().selection()
        blocks = (ranges.at(number) for number in range(ranges.count()))
        return [range(block.top(), block.bottom() + 1) for block in blocks]

    def _first_column(self) -> int:
        return max(self.header.logicalIndexAt(0), 0)

    def _on_double_click(self, index: QModelIndex | QPersistentModelIndex) -> None:
        number = self._rows.number_of(index)
        if number is not None:
            self.activated_row.emit(number)


def _is_menu_key(event: QKeyEvent) -> bool:
    """Tell whether Shift+F10 was pressed, which opens a menu on keyboards without its key."""
    is_shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
    return event.key() == Qt.Key.Key_F10 and is_shift
