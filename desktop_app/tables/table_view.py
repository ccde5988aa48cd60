"""A table of the engine on screen: search, filters as chips, columns to choose, rows to walk."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from desktop_app.session.selection import Selection
from desktop_app.tables.chips import Chips, ChipText
from desktop_app.tables.column_chooser import ColumnChooser
from desktop_app.tables.column_values import Kind, Mask
from desktop_app.tables.filter_editor import FilterEditor, editor_of
from desktop_app.tables.filters import ColumnFilter
from desktop_app.tables.formats import whole
from desktop_app.tables.grid import Grid
from desktop_app.tables.menu import Act, menu
from desktop_app.tables.search_field import SearchField
from desktop_app.tables.shown_columns import NO_MEMORY, Memory, chosen, grouped, marks_of
from desktop_app.tables.table_model import ASCENDING, DESCENDING, TableModel
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.report.table import Table

BRUSHED = "\0brushed"
"""Name of the chip that stands for what is brushed in a plot; no column is called so."""

SEARCH_WIDTH = 380
"""Pixels at 100 % that the search field takes at most."""

SORT_WORDS = {
    Kind.NUMBER: ("Sort, smallest first", "Sort, largest first"),
    Kind.TEXT: ("Sort from A to Z", "Sort from Z to A"),
    Kind.BOOL: ("Sort, no first", "Sort, yes first"),
}
PICK = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class TableView(QWidget):
    """Shows one `Table`; its rows are known by their numbers, their places in the table.

    Whoever has more buttons to add puts them into `actions_row`.

    Parameters
    ----------
    name
        What it lists, for a screen reader: ``Images``.
    memory
        Where the choice of columns is kept.
    """

    current_changed = Signal(int)
    """Number of the row that a person went to."""

    activated = Signal(int)
    """Number of a row that was double-clicked, or on which Enter was pressed."""

    filtered = Signal()
    """Other rows are shown, or in another order."""

    def __init__(
        self,
        theme: Theme,
        *,
        name: str = "Rows",
        memory: Memory = NO_MEMORY,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._name, self._memory = theme, name, memory
        self._default: Collection[str] | None = None
        self._current = -1
        self._selection: Selection | None = None
        self._waiting = ""
        self._keeps_place = False
        self.model = TableModel(self)
        self.grid = Grid(self.model, theme)
        hint = f"Find {name.lower()}"
        self.search = SearchField(hint, f"{hint} by any text", self.grid)
        self.count_line, self.chips = QLabel(), Chips(theme)
        self.filter_button, self.columns_button = QPushButton("Filter"), QPushButton("Columns")
        self.actions_row = QHBoxLayout()
        self._stack = QStackedLayout()
        self._lay_out()
        self._connect()
        self._show_counts()

    # Rows

    def set_table(self, table: Table[Any], *, shown: Collection[str] | None = None) -> None:
        """Show a table, with the row at hand as before where it has one of that number.

        Parameters
        ----------
        shown
            Names of the columns to show where the person chose nothing else; None shows all, or
            those that were named before.
        """
        are_new = [c.name for c in table.columns] != [c.name for c in self.model.columns]
        had_rows = bool(self.model.rows)
        self._default = shown if shown is not None else self._default
        self._current = self._current if self._current < len(table.rows) else -1
        with self._at_its_place():
            self.model.set_table(table)
        self._show_columns()
        if are_new or not had_rows:
            self.grid.fit_columns()

    def append_rows(self, rows: Iterable[Any]) -> None:
        """Add rows behind the last ones; what is selected and at the top stays where it is."""
        had_rows = bool(self.model.rows)
        with self._at_its_place():
            self.model.append_rows(rows)
        if not had_rows:
            self.grid.fit_columns()

    def update_row(self, number: int, row: object) -> None:
        """Replace a row by what it is now; the others stay where they are."""
        self.update_rows([(number, row)])

    def update_rows(self, changed: Iterable[tuple[int, Any]]) -> None:
        """Replace rows by their numbers, all at once; the others stay where they are."""
        with self._at_its_place():
            self.model.update_rows(changed)

    def export_rows(self) -> list[Any]:
        """Return the rows that are shown, in their order, as the engine's tables take them."""
        return [self.model.rows[number] for number in self.model.shown]

    @property
    def selected(self) -> list[int]:
        """Numbers of the selected rows, in the order they are shown in."""
        return [self.model.shown[place] for place in self.grid.selected_places()]

    # The row at hand

    @property
    def current(self) -> int:
        """Number of the row at hand, shown or not; -1 for none."""
        return self._current

    def set_current(self, number: int) -> None:
        """Take a row at hand and bring it into view, telling only what the table is linked to."""
        if number != self._current:
            self._current = number
            self._tell_selection()
        self._show_current()

    def step(self, by: int) -> None:
        """Go to the next shown row (+1) or to the one before (-1), as a person would."""
        count = self.model.rowCount()
        if not count:
            return
        index = self.model.index_of(self._current)
        start = index.row() if index.isValid() else (-1 if by > 0 else count)
        number = self.model.shown[min(max(start + by, 0), count - 1)]
        if number != self._current:
            self._current = number
            self._show_current()
            self._tell_selection()
            self.current_changed.emit(number)

    def link(self, selection: Selection) -> None:
        """Share the row at hand with others, and show brushed rows only."""
        self._selection = selection
        selection.current_changed.connect(self._on_selection)
        selection.brushed.connect(self._on_brushed)
        self._on_brushed(selection.mask, None)
        self._on_selection(selection.current, None)

    # What is asked for

    def sort_by(self, name: str, order: Qt.SortOrder = ASCENDING) -> None:
        """Sort by a column of this name; an unknown one leaves rows as they come."""
        self.model.sort(self.model.column_at(name), order)

    def set_filter(self, name: str, wanted: ColumnFilter | None) -> None:
        """Ask something of a column, or nothing any more."""
        self.model.set_filter(name, wanted)

    def clear_filters(self) -> None:
        """Show all rows again, brushed or not."""
        self.search.clear()
        if self._selection is not None:
            self._selection.brush(None, self)
        self.model.clear_filters()

    def go_to_search(self) -> None:
        """Go to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def show_empty(self, title: str, text: str = "") -> None:
        """Say what stands in place of rows while there are none."""
        self._empty_title.setText(title)
        self._empty_text.setText(text)
        self._empty_text.setVisible(bool(text))

    # Columns

    @property
    def shown_columns(self) -> list[str]:
        """Names of the columns that are shown, from left to right."""
        hidden = self.grid.isColumnHidden
        return [c.name for at, c in enumerate(self.model.columns) if not hidden(at)]

    def choose_columns(self, shown: Collection[str]) -> None:
        """Show these columns, at least one, and remember it."""
        if not shown:
            return
        names = [column.name for column in self.model.columns]
        before = list(self._memory.get())
        self._memory.save(marks_of(names, self._default_columns(), shown, before))
        self._show_columns(shown)

    def open_chooser(self) -> None:
        """Open the list of all columns below its button."""
        groups = grouped(self.model.columns)
        chooser = ColumnChooser(groups, self.shown_columns, self._theme, self)
        chooser.chosen.connect(self.choose_columns)
        chooser.default_wanted.connect(lambda: self.choose_columns(self._default_columns()))
        chooser.default_wanted.connect(lambda: chooser.show_chosen(self.shown_columns))
        chooser.open_at(_below(self.columns_button))

    def open_menu(self, column: int, at: QPoint) -> None:
        """Open the menu of a column at a point of the screen."""
        shown = self.model.columns[column]
        name = shown.name
        is_sorted = self.model.sorting is not None
        is_filtered = name in self.model.filters
        others = {*self.shown_columns} - {name}
        up, down = SORT_WORDS.get(shown.kind, SORT_WORDS[Kind.NUMBER])
        acts: dict[str, Act | None] = {
            up: lambda: self.model.sort(column, ASCENDING),
            down: lambda: self.model.sort(column, DESCENDING),
            "Do not sort": (lambda: self.model.sort(-1)) if is_sorted else None,
            "-1": None,
            "Filter…": lambda: self.open_filter(name),
            "Take off the filter": (lambda: self.set_filter(name, None)) if is_filtered else None,
            "-2": None,
            "Hide this column": partial(self.choose_columns, others) if others else None,
            "Columns…": self.open_chooser,
        }
        menu(f"Column {shown.title}", acts, self).popup(at)

    def open_filter(self, name: str) -> None:
        """Open the editor of a column's filter, as soon as its values are read."""
        values = self.model.values(name)
        self._waiting = "" if values else name
        if values is None:
            return
        at = self.model.column_at(name)
        editor = editor_of(
            self.model.columns[at], values, self.model.filters.get(name),
            rows=self.model.rows_but(name), theme=self._theme, parent=self,
        )  # fmt: skip
        self._open_editor(editor, at)

    # Inside

    @contextmanager
    def _at_its_place(self) -> Iterator[None]:
        """Change rows, not what is at the top of the view; nor is the row at hand scrolled to."""
        self._keeps_place, place = True, self.grid.place()
        try:
            yield
            self.grid.return_to(place)
        finally:
            self._keeps_place = False

    def _open_editor(self, editor: FilterEditor, column: int) -> None:
        editor.applied.connect(self.set_filter)
        header = self.grid.header
        left = min(max(header.sectionViewportPosition(column), 0), header.width())
        editor.open_at(header.viewport().mapToGlobal(QPoint(left, header.height())))

    def _open_filter_list(self) -> None:
        """Offer the shown columns to filter by."""
        titles = {c.title: c.name for c in self.model.columns if c.name in self.shown_columns}
        acts: dict[str, Act | None] = {
            title: partial(self.open_filter, name) for title, name in titles.items()
        }
        menu(f"Filter {self._name.lower()} by", acts, self).popup(_below(self.filter_button))

    def _on_chip_changed(self, name: str) -> None:
        if name == BRUSHED:
            self._take_off(name)
        else:
            self.open_filter(name)

    def _take_off(self, name: str) -> None:
        if name != BRUSHED:
            self.set_filter(name, None)
        elif self._selection is not None:
            self._selection.brush(None, self)
            self.model.set_mask(None)
        self.grid.setFocus()

    def _on_sort(self, column: int) -> None:
        is_ascending = self.model.sorting == (self.model.columns[column].name, ASCENDING)
        self.model.sort(column, DESCENDING if is_ascending else ASCENDING)

    def _on_arranged(self, is_other: bool) -> None:
        self._show_counts()
        self._show_chips()
        self._show_current()
        self.grid.header.viewport().update()
        if self._waiting:
            self.open_filter(self._waiting)
        if is_other:
            self._scroll_to_current()
            self.filtered.emit()

    def _on_row(self, index: QModelIndex, _before: QModelIndex) -> None:
        number = self.model.number_of(index)
        if number is None or number == self._current:
            return
        if not self.grid.selectionModel().hasSelection():
            self.grid.selectRow(index.row())  # the keyboard came in and chose the first row
        self._current = number
        self._tell_selection()
        self.current_changed.emit(number)

    def _on_selection(self, number: int, source: object) -> None:
        if source is not self and number != self._current:
            self._current = number
            self._show_current()

    def _on_brushed(self, mask: Mask | None, source: object) -> None:
        if source is not self:
            self.model.set_mask(mask)

    def _tell_selection(self) -> None:
        if self._selection is not None and self._current < self._selection.count:
            self._selection.set_current(self._current, self)

    def _show_current(self) -> None:
        """Put the mark on the row at hand, telling nobody; what else is selected stays."""
        chosen_rows = self.grid.selectionModel()
        index = self.model.index_of(self._current)
        if index.row() == self.grid.currentIndex().row():
            return
        column = max(self.grid.currentIndex().column(), 0)
        with QSignalBlocker(chosen_rows):
            chosen_rows.setCurrentIndex(index.siblingAtColumn(column), PICK)
        self.grid.viewport().update()
        self._scroll_to_current()

    def _scroll_to_current(self) -> None:
        index = self.grid.currentIndex()
        if index.isValid() and not self._keeps_place:
            self.grid.executeDelayedItemsLayout()
            self.grid.scrollTo(index)

    def _show_columns(self, shown: Collection[str] | None = None) -> None:
        names = [column.name for column in self.model.columns]
        if shown is None:
            shown = chosen(names, self._default_columns(), self._memory.get())
        fresh = []
        for at, name in enumerate(names):
            if self.grid.isColumnHidden(at) and name in shown:
                fresh.append(at)
            self.grid.setColumnHidden(at, name not in shown)
        self.grid.fit_columns(fresh)
        self.model.set_searched(set(shown))

    def _default_columns(self) -> Collection[str]:
        return [c.name for c in self.model.columns] if self._default is None else self._default

    def _show_counts(self) -> None:
        count, total = self.model.rowCount(), len(self.model.rows)
        text = f"{whole(count)} of {whole(total)}" if count < total else whole(total)
        words = f"{text} {noun(self._name, total)}" if self.model.is_settled else "Reading…"
        self.count_line.setText(words)
        self.count_line.setAccessibleName(words)
        self._stack.setCurrentIndex(GRID if count else NOTHING_FOUND if total else EMPTY)

    def _show_chips(self) -> None:
        titles = {column.name: column.title for column in self.model.columns}
        texts = [ChipText(n, f.words(titles[n])) for n, f in self.model.filters.items()]
        if self.model.mask is not None:
            count = int(self.model.mask.sum())
            texts.insert(0, ChipText(BRUSHED, f"Picked in a plot: {whole(count)}"))
        self.chips.show_texts(texts)

    def _connect(self) -> None:
        self.search.textChanged.connect(self.model.set_search)
        self.grid.selectionModel().currentChanged.connect(self._on_row)
        self.grid.activated_row.connect(self.activated)
        self.grid.header.sort_asked.connect(self._on_sort)
        self.grid.header.menu_asked.connect(self.open_menu)
        self.grid.menu_asked.connect(self.grid.header.ask_menu)
        self.chips.changed.connect(self._on_chip_changed)
        self.chips.removed.connect(self._take_off)
        self.filter_button.clicked.connect(self._open_filter_list)
        self.columns_button.clicked.connect(self.open_chooser)
        self.model.arranged.connect(self._on_arranged)
        self._theme.changed.connect(self._take_theme)
        self._take_theme()

    def _take_theme(self) -> None:
        self.search.setMaximumWidth(self._theme.metrics.px(SEARCH_WIDTH))

    def _lay_out(self) -> None:
        body = QVBoxLayout(self)
        space(body, self._theme, spacing="s")
        self.grid.setAccessibleName(self._name)
        set_role(self.count_line, "muted")
        row = QHBoxLayout()
        space(row, self._theme, spacing="s")
        row.addWidget(self.search, 1)
        row.addWidget(self.count_line)
        row.addStretch()
        row.addLayout(self.actions_row)
        for button, icon, words in (
            (self.filter_button, "filter", f"Filter {self._name.lower()} by a column"),
            (self.columns_button, "columns", "Choose the columns to show"),
        ):
            KeptIcon(button, self._theme, icon, tone="muted")
            button.setAutoDefault(False)
            button.setAccessibleName(words)
            button.setToolTip(words)
            row.addWidget(button)
        body.addLayout(row)
        body.addWidget(self.chips)
        body.addLayout(self._stack, 1)
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self._nothing_found())
        self._stack.addWidget(self._empty())

    def _nothing_found(self) -> QWidget:
        page, body = _page(self._theme)
        words = WrappedLabel("Nothing here matches the search and the filters.", "muted")
        self.show_all_button = QPushButton("Show all")
        self.show_all_button.setAccessibleName("Take off the search and all filters")
        self.show_all_button.clicked.connect(self.clear_filters)
        body.addWidget(words)
        body.addWidget(self.show_all_button, 0, Qt.AlignmentFlag.AlignLeft)
        body.addStretch()
        return page

    def _empty(self) -> QWidget:
        page, body = _page(self._theme)
        self._empty_title, self._empty_text = WrappedLabel("Nothing yet", "strong"), WrappedLabel()
        set_role(self._empty_text, "muted")
        self._empty_text.hide()
        body.addWidget(self._empty_title)
        body.addWidget(self._empty_text)
        body.addStretch()
        return page


GRID, NOTHING_FOUND, EMPTY = range(3)


def _page(theme: Theme) -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    page.setObjectName("inside")
    body = QVBoxLayout(page)
    space(body, theme, "l xl", spacing="m")
    return page, body


def _below(button: QWidget) -> QPoint:
    return button.mapToGlobal(QPoint(0, button.height()))


def noun(name: str, count: int) -> str:
    """Return what is counted, in the singular where there is one: ``problems``, ``1 problem``."""
    first, *rest = name.lower().split(" ")
    if count == 1:
        first = f"{first[:-3]}y" if first.endswith("ies") else first.removesuffix("s")
    return " ".join((first, *rest))
