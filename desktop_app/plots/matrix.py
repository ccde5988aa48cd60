"""One number for each pair of graders as a heat map with its numbers."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.plots.bars import short
from desktop_app.plots.frame import Floats, Frame
from desktop_app.plots.plot import Columns, Plot
from desktop_app.plots.view import Place
from desktop_app.session.selection import Selection
from desktop_app.window.theme import Theme
from desktop_app.window.tokens import contrast
from engine.figures.style import shown

UNDEFINED = "–"
ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class MatrixPlot(Plot):
    """A square for each pair: the higher its number the stronger its colour."""

    EMPTY = "No two graders have drawn on the same image yet."

    chosen = Signal(int, int)
    """Row and column of the pair that was clicked, or gone to by the arrows."""

    def __init__(
        self, theme: Theme, selection: Selection | None = None, parent: QWidget | None = None
    ) -> None:
        self._names: tuple[str, ...] = ()
        self._values = np.empty((0, 0))
        self._range = (0.0, 1.0)
        self._what = "Dice"
        self._cell: tuple[int, int] | None = None
        super().__init__(theme, selection, parent)
        self.refresh("", empty=self.EMPTY)

    def set_matrix(
        self,
        names: Sequence[str],
        values: Floats,
        *,
        low: float = 0.0,
        high: float = 1.0,
        title: str = "",
        what: str = "Dice",
        empty: str = "",
    ) -> None:
        """Show other pairs.

        Parameters
        ----------
        values
            The number of each pair, shape (n, n); NaN where it is undefined, as on the diagonal.
        low, high
            Ends of the scale of colours.
        what
            What the number is.
        empty
            What to say where there is nothing to draw, if this plot's own sentence will not do.
        """
        self._names, self._values = tuple(names), np.asarray(values, dtype=np.float64)
        self._range, self._what, self._cell = (low, high), what, None
        n = len(names)
        # the names below stand under each other where they are many
        self.view.set_ticks("left", [(row, short(name)) for row, name in enumerate(names)])
        self.view.set_ticks(
            "bottom", [(column, _brief(name, n)) for column, name in enumerate(names)]
        )
        self.view.show_range((-0.5, max(n, 1) - 0.5), (-0.5, max(n, 1) - 0.5), is_downward=True)
        self.refresh(title, empty="" if np.isfinite(self._values).any() else empty or self.EMPTY)

    def data(self) -> Columns:
        """Return both names and the number of each pair, row by row."""
        pairs = [
            (row, column) for row in range(len(self._names)) for column in range(len(self._names))
        ]
        values = [float(self._values[pair]) for pair in pairs]
        return {
            "first": [self._names[row] for row, _ in pairs],
            "second": [self._names[column] for _, column in pairs],
            self._what: [value if np.isfinite(value) else None for value in values],
        }

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint each pair, with its number where there is room."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(self.look.small)
        for row in range(len(self._names)):
            for column in range(len(self._names)):
                self._paint_cell(painter, self._square(frame, row, column), (row, column))
        if self._cell:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.look.ink), self.look.px(2.5)))
            painter.drawRect(self._square(frame, *self._cell))

    def words(self) -> str:
        """Return the number of each pair once, the lowest first."""
        said = "; ".join(
            f"{self._names[a]} and {self._names[b]} {shown(float(self._values[a, b]))}"
            for a, b in self._in_order()
        )
        return f"{self._what} of pairs of graders, the lowest first: {said}."

    def remarks(self) -> str:
        """Return how many pairs are undefined."""
        n = len(self._names)
        left = n * (n - 1) // 2 - len(self._in_order())
        return f"{left:,} {'pair' if left == 1 else 'pairs'} undefined" if left else ""

    def click(self, at: Place, *, is_added: bool) -> None:
        """Choose a pair."""
        cell = self._cell_at(at)
        if cell:
            self._choose(cell)

    def hint_at(self, at: Place) -> str:
        """Return the pair with its number."""
        cell = self._cell_at(at)
        return self._hint(cell) if cell else ""

    def press_key(self, event: QKeyEvent) -> bool:
        """Go from pair to pair by the arrows."""
        step = ARROWS.get(Qt.Key(event.key()))
        if step is None or self.empty:
            return super().press_key(event)
        last = len(self._names) - 1
        row, column = self._cell or (-step[0], -step[1])
        self._choose((min(max(row + step[0], 0), last), min(max(column + step[1], 0), last)))
        return True

    def _choose(self, cell: tuple[int, int]) -> None:
        self._cell = cell
        self.view.layer.update()
        self.chosen.emit(*cell)

    def _in_order(self) -> list[tuple[int, int]]:
        """Return the defined pairs of two, the lowest first."""
        n = len(self._names)
        pairs = [(a, b) for a in range(n) for b in range(a + 1, n)]
        known = [pair for pair in pairs if np.isfinite(self._values[pair])]
        return sorted(known, key=lambda pair: float(self._values[pair]))

    def _hint(self, cell: tuple[int, int]) -> str:
        row, column = cell
        value = float(self._values[cell])
        said = shown(value, digits=3) if np.isfinite(value) else "undefined"
        return f"{self._names[row]} and {self._names[column]}\n{self._what} {said}"

    def _cell_at(self, at: Place) -> tuple[int, int] | None:
        frame, n = self.view.frame, len(self._names)
        row, column = round(frame.y_at(at[1])), round(frame.x_at(at[0]))
        return (row, column) if 0 <= row < n and 0 <= column < n else None

    def _square(self, frame: Frame, row: int, column: int) -> QRectF:
        left, right = (round(frame.across(column + side)) for side in (-0.5, 0.5))
        top, bottom = (round(frame.down(row + side)) for side in (-0.5, 0.5))
        gap = round(self.look.px(1))
        return QRectF(left + gap, top + gap, right - left - 2 * gap, bottom - top - 2 * gap)

    def _paint_cell(self, painter: QPainter, box: QRectF, cell: tuple[int, int]) -> None:
        value = float(self._values[cell])
        is_defined = bool(np.isfinite(value))
        colour = self._colour(value) if is_defined else self.look.surface
        painter.fillRect(box, QColor(colour))
        if not is_defined and cell[0] != cell[1]:
            painter.fillRect(box, QBrush(QColor(self.look.grid), Qt.BrushStyle.BDiagPattern))
        text = shown(value) if is_defined else UNDEFINED
        if painter.fontMetrics().horizontalAdvance(text) + self.look.px(4) > box.width():
            return
        inks = self.look.ink, self.look.surface
        painter.setPen(QColor(max(inks, key=lambda ink: contrast(ink, colour))))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _colour(self, value: float) -> str:
        low, high = self._range
        part = min(max((value - low) / ((high - low) or 1.0), 0.0), 1.0)
        ends = QColor(self.look.palette.low), QColor(self.look.palette.high)
        first, last = ([end.red(), end.green(), end.blue()] for end in ends)
        mixed = (round(a + part * (b - a)) for a, b in zip(first, last, strict=True))
        return QColor(*mixed).name()


def _brief(name: str, count: int) -> str:
    """Return a name that leaves room for the others beside it."""
    letters = max(44 // max(count, 1), 3)
    half = letters // 2
    return name if len(name) <= letters else f"{name[: letters - half - 1]}…{name[-half:]}"
