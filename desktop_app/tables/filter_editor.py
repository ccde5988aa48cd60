"""What is asked of one column, set by hand: numbers in a range, chosen values, a part of a text."""

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from desktop_app.tables.cells import row_height
from desktop_app.tables.column_values import ColumnValues, Kind, Mask
from desktop_app.tables.filters import NO_TEXT, Choice, ColumnFilter, Contains, Defined, NumberRange
from desktop_app.tables.formats import whole
from desktop_app.tables.popup import Popup
from desktop_app.tables.screen_column import ScreenColumn
from desktop_app.tables.search_field import SearchField
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

VALUE = int(Qt.ItemDataRole.UserRole)
ON, OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked
MOST_CHOICES = 500
"""A column with more different texts offers its most frequent ones only."""

FEW_TEXTS = 12
"""Up to so many texts, though written as numbers, are codes to choose from and no range."""

SIZE = (300, 220)
"""Width and height of the list of values in pixels at 100 %."""

MATCHING, WITH_VALUE, WITHOUT = range(3)


class FilterEditor(Popup):
    """Edits the filter of one column; nothing holds before *Apply* or Enter."""

    applied = Signal(str, object)
    """Name of the column, and its filter, None where nothing is asked of it any more."""

    def __init__(self, column: ScreenColumn, theme: Theme, parent: QWidget) -> None:
        super().__init__(f"Filter by {column.title}", theme, parent)
        self.column = column
        heading = WrappedLabel(self.windowTitle(), "strong")
        meaning = WrappedLabel(column.meaning, "muted")
        self.which = QComboBox()
        self.which.setAccessibleName("Which rows to show")
        self.body.addWidget(heading)
        self.body.addWidget(meaning)
        self.body.addWidget(self.which)
        self.which.currentIndexChanged.connect(self._on_which)
        self._inner = QWidget()
        self._inner.setObjectName("inside")

    def _finish(self, first: QWidget) -> None:
        """Add what goes below, once the middle is there."""
        self.apply_button, self.clear_button = QPushButton("Apply"), QPushButton("Take off")
        set_role(self.apply_button, "primary")
        self.apply_button.setDefault(True)
        self.clear_button.setAutoDefault(False)
        foot = QHBoxLayout()
        space(foot, self.theme)
        for button in (self.apply_button, self.clear_button):
            button.setAccessibleName(button.text())
            foot.addWidget(button)
        foot.addStretch()
        self.body.addWidget(self._inner)
        self.body.addLayout(foot)
        self.apply_button.clicked.connect(self.apply)
        self.clear_button.clicked.connect(lambda: self._give(None))
        self._on_which()
        first.setFocus()

    def apply(self) -> None:
        """Give the filter as it stands, unless it cannot be read."""
        which = self.which.currentIndex()
        if which != MATCHING:
            self._give(Defined(which == WITH_VALUE))
        elif self._is_readable():
            self._give(self._matching())

    def _matching(self) -> ColumnFilter | None:
        raise NotImplementedError

    def _is_readable(self) -> bool:
        return True

    def _give(self, wanted: ColumnFilter | None) -> None:
        self.applied.emit(self.column.name, wanted)
        self.close()

    def _on_which(self) -> None:
        self._inner.setEnabled(self.which.currentIndex() == MATCHING)

    def _offer(self, matching: str, values: ColumnValues, present: ColumnFilter | None) -> None:
        """Fill the list of which rows to show, with how many there are."""
        defined = int(np.count_nonzero(values.is_defined))
        without = values.count - defined
        self.which.addItems(
            [
                matching,
                f"All with a value ({whole(defined)})",
                f"All without a value ({whole(without)})",
            ]
        )
        if isinstance(present, Defined):
            self.which.setCurrentIndex(WITH_VALUE if present.has_value else WITHOUT)


class RangeEditor(FilterEditor):
    """Numbers from one to another; an empty field leaves that end open."""

    def __init__(
        self,
        column: ScreenColumn,
        values: ColumnValues,
        present: ColumnFilter | None,
        *,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(column, theme, parent)
        self._offer("Numbers in a range", values, present)
        self.low, self.high = QLineEdit(), QLineEdit()
        defined = values.numbers[values.is_defined]
        ends = (defined.min(), defined.max()) if len(defined) else ("", "")
        form = QFormLayout(self._inner)
        space(form, theme, spacing="s")
        for field, words, end in ((self.low, "At least", ends[0]), (self.high, "At most", ends[1])):
            field.setPlaceholderText("" if end == "" else f"{end:.4g}")
            field.setAccessibleName(words)
            form.addRow(words, field)
            field.textEdited.connect(lambda _text, field=field: _mark(field))
        if isinstance(present, NumberRange):
            self.low.setText(_written(present.low))
            self.high.setText(_written(present.high))
        self._finish(self.low)

    def _matching(self) -> ColumnFilter | None:
        low, high = _number(self.low.text()), _number(self.high.text())
        return None if low is None and high is None else NumberRange(low, high)

    def _is_readable(self) -> bool:
        return all([_mark(field) for field in (self.low, self.high)])


class ChoiceEditor(FilterEditor):
    """Ticked values; with none ticked, rows whose text holds what is written in the field."""

    def __init__(
        self,
        column: ScreenColumn,
        values: ColumnValues,
        present: ColumnFilter | None,
        *,
        rows: Mask,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(column, theme, parent)
        self._offer("Values chosen below", values, present)
        self.list = QListWidget()
        hint = "Contains, or find a value below"
        self.part = SearchField(hint, f"Part of the text of {column.title}", self.list)
        self.list.setAccessibleName(f"Values of {column.title}; Space chooses one")
        self.list.setMinimumSize(*map(theme.metrics.px, SIZE))
        self._left_out = QLabel()
        set_role(self._left_out, "small")
        self._fill(values, rows, present)
        self._lay_out(is_text=values.kind is Kind.TEXT)
        if isinstance(present, Contains):
            self.part.setText(present.part)
        self.part.textChanged.connect(self._find)
        self._find(self.part.text())
        self._finish(self.part if values.kind is Kind.TEXT else self.list)

    @property
    def chosen(self) -> frozenset[str]:
        """The values that are ticked."""
        return frozenset(str(i.data(VALUE)) for i in self._items if i.checkState() == ON)

    def _matching(self) -> ColumnFilter | None:
        if self.chosen:
            return Choice(self.chosen)
        part = self.part.text().strip()
        return Contains(part) if part else None

    def _fill(self, values: ColumnValues, rows: Mask, present: ColumnFilter | None) -> None:
        chosen = present.chosen if isinstance(present, Choice) else frozenset()
        counts = values.counts(rows, most=MOST_CHOICES, also=chosen)
        self._items = [
            self._item(text, count, is_chosen=text in chosen)
            for text, count in counts.items()
            if text or count or "" in chosen
        ]
        left_out = len(values.texts) - len(counts) + 1
        self._left_out.setText(f"{whole(left_out)} rarer values not listed")
        self._left_out.setVisible(left_out > 0)

    def _item(self, text: str, count: int, *, is_chosen: bool) -> QListWidgetItem:
        item = QListWidgetItem(f"{text or NO_TEXT}  ({whole(count)})", self.list)
        item.setSizeHint(QSize(0, row_height(self.theme, self.list.font())))
        item.setData(VALUE, text)
        item.setToolTip(text)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(ON if is_chosen else OFF)
        return item

    def _lay_out(self, *, is_text: bool) -> None:
        form = QFormLayout(self._inner)
        space(form, self.theme, spacing="s")
        if is_text:
            form.addRow(self.part)
        else:
            self.part.setParent(None)
        form.addRow(self.list)
        form.addRow(self._left_out)

    def _find(self, text: str) -> None:
        part = text.strip().casefold()
        for item in self._items:
            item.setHidden(part not in str(item.data(VALUE)).casefold())


def editor_of(
    column: ScreenColumn,
    values: ColumnValues,
    present: ColumnFilter | None,
    *,
    rows: Mask,
    theme: Theme,
    parent: QWidget,
) -> FilterEditor:
    """Return the editor that fits what a column holds.

    Parameters
    ----------
    rows
        Rows that pass all other filters: those that the counts are of.
    """
    is_range = values.reads_as_numbers and len(values.texts) > FEW_TEXTS
    if values.kind in (Kind.TEXT, Kind.BOOL) and not is_range:
        return ChoiceEditor(column, values, present, rows=rows, theme=theme, parent=parent)
    return RangeEditor(column, values, present, theme=theme, parent=parent)


def _number(text: str) -> float | None:
    """Return the number that was written, None for none; a comma may stand for the point."""
    written = text.strip().replace(",", ".").replace("−", "-")
    return float(written) if written else None


def _mark(field: QLineEdit) -> bool:
    """Tell whether a field can be read, and show where not."""
    try:
        _number(field.text())
        is_readable = True
    except ValueError:
        is_readable = False
    field.setProperty("invalid", "false" if is_readable else "true")
    field.style().unpolish(field)
    field.style().polish(field)
    return is_readable


def _written(end: float | None) -> str:
    return "" if end is None else f"{end:g}"
