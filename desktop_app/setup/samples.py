"""The first rows of a table that is to be imported, as they stand in the file."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.tables.grid import Grid
from desktop_app.tables.table_model import TableModel
from desktop_app.window.theme import Theme, space
from engine.report.table import Column, Table

Cells = tuple[str, ...]


class _Verbatim(TableModel):
    """Columns are called as in the file, and not as columns of the engine are on screen."""

    def set_table(self, table: Table[Any]) -> None:
        """Show another table under the names of its columns."""
        super().set_table(table)
        for column in self.columns:
            column.title = column.name

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the name of a column."""
        is_name = role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal
        if is_name and 0 <= section < len(self.columns):
            return self.columns[section].name
        return super().headerData(section, orientation, role)


class SampleRows(QWidget):
    """Rows under the names of the file's own columns."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.model = _Verbatim(self)
        self.grid = Grid(self.model, theme)
        self.grid.setAccessibleName(name)
        layout = QVBoxLayout(self)
        space(layout, theme, spacing="none")
        layout.addWidget(self.grid)

    def show_rows(self, header: Sequence[str], rows: Sequence[Cells]) -> None:
        """Show these rows in place of the earlier ones."""
        columns: tuple[Column[Cells], ...] = tuple(
            Column(name or f"column {at + 1}", "as in the file", itemgetter(at))
            for at, name in enumerate(header)
        )
        self.model.set_table(Table("sample", columns, tuple(rows)))
        self.grid.fit_columns()
