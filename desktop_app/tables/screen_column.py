"""A column of the engine's tables as the window shows it: heading, texts, tool tips, side."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt

from desktop_app.tables.column_values import Kind, kind_of
from desktop_app.tables.formats import (
    PLAIN,
    NumberStyle,
    cell_text,
    reason_text,
    style_of,
    title_of,
)
from desktop_app.tables.rows import Column
from engine.domain.measure import Undefined
from engine.report.csv_file import NUMBER
from engine.report.table import Column as EngineColumn

SAMPLE = 200
"""Rows at the beginning of a table by which a column is judged before it has been read."""

RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class ScreenColumn:
    """How one column of the engine's tables is shown.

    Attributes
    ----------
    kind
        What it seems to hold, by a sample of its rows.
    side
        Where its heading and its cells stand: numbers, and texts that are numbers, at the right.
    """

    def __init__(self, column: EngineColumn[Any]) -> None:
        self.name, self.meaning = column.name, column.meaning
        self.title = title_of(column.name)
        self.read: Callable[[Any], Any] = column.read
        self.kind = Kind.EMPTY
        self.side = LEFT
        self._style: NumberStyle = PLAIN

    def judge(self, rows: Sequence[Any]) -> bool:
        """Look at some rows; tell whether cells are written otherwise now.

        What rows showed before counts on: numbers stay numbers where these rows have none.
        """
        values = [self.read(row) for row in rows]
        before = self.kind, self._style, self.side
        self.kind = max(self.kind, kind_of(values))
        numbers = [value for value in values if isinstance(value, float)]
        if numbers:
            self._style = style_of(numbers)
        texts = [value for value in values if isinstance(value, str) and value]
        if self.kind is Kind.NUMBER or (texts and all(map(NUMBER.fullmatch, texts))):
            self.side = RIGHT
        elif texts:
            self.side = LEFT
        return before != (self.kind, self._style, self.side)

    def text(self, row: object) -> str:
        """Return what the cell of a row shows."""
        return cell_text(self.read(row), self._style)

    def tip(self, row: object) -> str:
        """Return why the cell of a row is undefined, else its full value."""
        value = self.read(row)
        return reason_text(value) or (repr(value) if type(value) is float else cell_text(value))

    def spoken(self, row: object) -> str:
        """Return what a screen reader says of the cell of a row."""
        value = self.read(row)
        return f"{self.title}: {reason_text(value) or cell_text(value, self._style) or 'empty'}"

    def is_undefined(self, row: object) -> bool:
        """Tell whether the cell of a row stands for no value."""
        value = self.read(row)
        return value is None or isinstance(value, Undefined)

    def as_column(self) -> Column[Any]:
        """Return it as a column of an item model."""
        roles = {
            int(Qt.ItemDataRole.ToolTipRole): self.tip,
            int(Qt.ItemDataRole.AccessibleTextRole): self.spoken,
            int(Qt.ItemDataRole.TextAlignmentRole): lambda _row: self.side,
        }
        return Column(self.title, self.text, roles)
