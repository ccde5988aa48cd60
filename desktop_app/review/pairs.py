"""The pairs of graders: a matrix of their Dice over the table of all their numbers."""

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop_app.plots.matrix import MatrixPlot
from desktop_app.tables.table_view import TableView
from desktop_app.window.theme import Theme, space
from engine.domain.agreement import PairRow
from engine.domain.measure import Undefined

HIDDEN = "Grader "
"""What the numbers of graders begin with while names are hidden; the matrix has no room for it."""

MATRIX, TABLE = 260, 220
"""Heights at 100 % to begin with."""


class PairsPanel(QWidget):
    """A click on a pair in the matrix goes to its row."""

    def __init__(self, theme: Theme, table: TableView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inside")
        self._table = table
        self._rows: dict[frozenset[str], int] = {}
        self._names: list[str] = []
        self.matrix = MatrixPlot(theme)
        self.matrix.chosen.connect(self._on_chosen)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(self.matrix)
        split.addWidget(table)
        split.setSizes([theme.metrics.px(MATRIX), theme.metrics.px(TABLE)])
        body = QVBoxLayout(self)
        space(body, theme, "s")
        body.addWidget(split)

    def show_pairs(self, pairs: Sequence[PairRow], called: Mapping[str, str]) -> None:
        """Show the Dice of all pairs, graders in the order of what they are called."""
        names = {name for pair in pairs for name in (pair.first, pair.second)}
        self._names = sorted(names, key=lambda name: _order(called.get(name, name)))
        place = {name: k for k, name in enumerate(self._names)}
        values = np.full((len(names), len(names)), np.nan)
        for pair in pairs:
            if not isinstance(dice := pair.dice.value, Undefined):
                one, other = place[pair.first], place[pair.second]
                values[one, other] = values[other, one] = dice
        self._rows = {frozenset((p.first, p.second)): k for k, p in enumerate(pairs)}
        shown = [called.get(name, name).removeprefix(HIDDEN) for name in self._names]
        self.matrix.set_matrix(shown, values, title="Mean Dice of two graders")

    def _on_chosen(self, row: int, column: int) -> None:
        number = self._rows.get(frozenset((self._names[row], self._names[column])))
        if number is not None:
            self._table.set_current(number)


def _order(name: str) -> tuple[int, str]:
    """Return a name's place: Grader 2 before Grader 10."""
    number = name.rpartition(" ")[2]
    return (int(number) if number.isdecimal() else 0, name)
