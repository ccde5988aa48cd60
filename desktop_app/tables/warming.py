"""Reads columns while the window has nothing else to do, in slices too short to be felt."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.tables.column_values import ColumnValues

SLICE = 0.008
"""Seconds after which the window has its turn again."""

STEP = 1_000
"""Rows that are read between two looks at the clock."""


class Warming(QObject):
    """Columns that are still to be read, those that somebody waits for first."""

    ready = Signal()
    """A column that somebody waits for has been read as far as there are rows."""

    def __init__(
        self, parent: QObject | None = None, *, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._rows: Sequence[Any] = ()
        self._wanted: list[ColumnValues] = []
        self._others: list[ColumnValues] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_turn)

    def restart(self, rows: Sequence[Any]) -> None:
        """Read rows of another table from now on; nothing is to be read yet."""
        self._rows = rows
        self._wanted, self._others = [], []
        self._timer.stop()

    def want(self, columns: Iterable[ColumnValues]) -> None:
        """Read columns ahead of all others, and tell of each one at `ready`."""
        self._wanted += [c for c in columns if not any(c is other for other in self._wanted)]
        self._go_on()

    def warm(self, columns: Iterable[ColumnValues]) -> None:
        """Read columns when there is nothing more urgent, in place of those told before."""
        self._others = list(columns)
        self._go_on()

    def read_now(self, columns: Iterable[ColumnValues]) -> None:
        """Read columns to the end before anything else happens."""
        for column in columns:
            if column.count < len(self._rows):
                column.extend(self._rows, len(self._rows))

    @property
    def is_over(self) -> bool:
        """True while nothing is left to be read."""
        return not self._wanted and not self._others

    def _go_on(self) -> None:
        if not self.is_over:
            self._timer.start()

    def _on_turn(self) -> None:
        until = self._clock() + SLICE
        while not self.is_over:
            self._step(self._wanted or self._others)
            if self._clock() >= until:
                return
        self._timer.stop()

    def _step(self, queue: list[ColumnValues]) -> None:
        column, count = queue[0], len(self._rows)
        if column.count < count:
            column.extend(self._rows, min(column.count + STEP, count))
        elif not column.is_ranked:
            _ = column.ranks  # a step of its own, since it takes a while for many texts
        else:
            queue.pop(0)
            if queue is self._wanted:
                self.ready.emit()
