"""Rows as text for the clipboard, cell for cell as the CSV has them."""

import csv
import io
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop_app.tables.screen_column import ScreenColumn
from desktop_app.tables.warming import SLICE
from engine.domain.measure import Undefined
from engine.report.csv_file import cell_text


class Copier(QObject):
    """Writes rows in slices too short to be felt, then puts all of them on the clipboard."""

    def __init__(self, parent: QObject, *, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(parent)
        self._clock = clock
        self._lines: Iterator[None] = iter(())
        self._text = io.StringIO()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_turn)

    def copy(self, columns: Sequence[ScreenColumn], rows: Sequence[Any]) -> None:
        """Copy rows below the names of columns, in place of what was being copied before."""
        self._text = io.StringIO(newline="")
        self._lines = _written(columns, rows, self._text)
        self._on_turn()

    def _on_turn(self) -> None:
        until = self._clock() + SLICE
        for _ in self._lines:
            if self._clock() >= until:
                self._timer.start()
                return
        self._timer.stop()
        QApplication.clipboard().setText(self._text.getvalue())


def _written(
    columns: Sequence[ScreenColumn], rows: Sequence[Any], text: io.StringIO
) -> Iterator[None]:
    """Write line by line, with tabulators between cells."""
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(column.name for column in columns)
    for row in rows:
        values = (column.read(row) for column in columns)
        writer.writerow(cell_text(None if isinstance(v, Undefined) else v) for v in values)
        yield
