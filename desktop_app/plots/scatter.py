"""Two numbers of each image against each other, as in the figure of DS and SRCC."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from desktop_app.plots.box import CURSORS, Grip
from desktop_app.plots.brushing import Brush
from desktop_app.plots.frame import Floats, Frame, Range, nearest
from desktop_app.plots.inside import Mask, fitted, in_lasso, in_rectangle
from desktop_app.plots.legend import Key
from desktop_app.plots.plot import Columns, Plot, line_keys, line_words
from desktop_app.plots.points import PointPainter, Points
from desktop_app.plots.reference import Line, as_lines, draw_lines
from desktop_app.plots.shapes import draw_ring
from desktop_app.plots.view import Place
from desktop_app.session.selection import Selection
from desktop_app.window.theme import Theme
from engine.figures.style import counted, shown

REACH = 8.0
"""So near to a point, in pixels at 100 %, the pointer means it."""

STEPS = {
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Up: (1, 1),
    Qt.Key.Key_Down: (1, -1),
}
"""Which number decides and which way, for the keys that walk from point to point."""


class ScatterPlot(Plot):
    """One mark for each image; brushed by rectangle or lasso, clicked to take it at hand.

    Drag brushes a rectangle, Ctrl and drag a lasso, Shift adds to what is brushed; the middle
    button pans, the wheel zooms. The arrows walk to the next point by x, or by y, with Ctrl among
    the brushed ones; Space brushes the point at hand, or no longer.
    """

    EMPTY = "No image has both numbers yet."

    def __init__(
        self, theme: Theme, selection: Selection | None = None, parent: QWidget | None = None
    ) -> None:
        nothing = np.empty(0)
        self._x = self._y = nothing
        self._points = Points(nothing, nothing, np.empty(0, dtype=np.intp))
        self._drawn = np.empty(0, dtype=np.intp)
        self._titles = ("x", "y")
        self._lines: tuple[Line, ...] = ()
        self._brush, self._painter = Brush(), PointPainter()
        self._lit: Mask | None = None
        self._former: Mask | None = None
        self._order: dict[int, NDArray[np.intp]] = {}
        super().__init__(theme, selection, parent)
        self.view.is_zoomable = True
        self._lasso = self.add_tool("lasso", "Brush with a lasso", self._choose, is_kept=True)
        self._pan = self.add_tool("move", "Drag moves the plot", self._choose_pan, is_kept=True)
        self.add_tool("fit", "Show everything", self.view.fit)
        self.refresh("", empty=self.EMPTY)

    def set_points(  # noqa: PLR0913 - each is one thing that is drawn
        self,
        x: Floats,
        y: Floats,
        *,
        marks: NDArray[np.integer] | Sequence[int] | None = None,
        x_title: str,
        y_title: str,
        title: str = "",
        lines: Sequence[Line | tuple[float, str]] = (),
        ranges: tuple[Range, Range] | None = None,
        names: Sequence[str] = (),
        empty: str = "",
    ) -> None:
        """Show other points.

        Parameters
        ----------
        x, y
            Both numbers of each row, shape (n,); NaN where one is undefined.
        marks
            0 correct, 1 incorrect, 2 unknown, shape (n,); all unknown where there are none.
        lines
            Upright lines at an x, with their names.
        ranges
            What the axes of x and y show; from 0 to 1, and all points and 0, unless given: as in
            the figure of DS and SRCC.
        names
            What each row is called.
        empty
            What to say where there is nothing to draw, if this plot's own sentence will not do.
        """
        self.names = names
        kinds = np.full(len(x), 2) if marks is None else np.asarray(marks)
        self._x, self._y = x, y
        self._drawn = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        self._points = Points(
            x[self._drawn], y[self._drawn], kinds[self._drawn].astype(np.intp, copy=False)
        )
        self._order = {}
        self._titles = (x_title, y_title)
        self._lines = as_lines(lines)
        self._brush.clear()
        self.view.set_lines(self._lines)
        self.view.show_range(*(ranges or (_unit(self._points.x), _around(self._points.y))))
        self.view.name_axes(x_title, y_title)
        self.take_rows(len(x))
        self.refresh(title, empty="" if len(self._drawn) else empty or self.EMPTY)

    def data(self) -> Columns:
        """Return row, name, both numbers and mark of each point that is drawn."""
        points, marks = self._points, self.look.marks
        columns: Columns = {"row": list(self._drawn.tolist())}
        if self.names:
            columns["name"] = [self.name_of(row) for row in self._drawn.tolist()]
        columns[self._titles[0]] = list(points.x.tolist())
        columns[self._titles[1]] = list(points.y.tolist())
        columns["mark"] = [marks[kind].label for kind in points.kinds]
        return columns

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint points, lines, the ring about the image at hand, and the brush."""
        marks = self.look.marks
        self._painter.paint(painter, frame, self.look, self._points, marks=marks, lit=self._lit)
        draw_lines(painter, frame, self.look, self._lines)
        at = self._place_of(self.selection.current, frame)
        if at:
            draw_ring(painter, at, self.look, self.look.px(self._points.radius + 3.5))
        self._brush.paint(painter, frame, self.look)

    def keys(self) -> tuple[Key, ...]:
        """Return marks with their counts, and the lines."""
        counts = np.bincount(self._points.kinds, minlength=3)
        marks = tuple(
            Key(f"{mark.label} ({count:,})", mark)
            for mark, count in zip(self.look.marks, counts, strict=True)
            if count
        )
        return marks + line_keys(self._lines)

    def words(self) -> str:
        """Return how many points there are and over what they spread."""
        points = self._points
        spread = ", ".join(
            f"{name} from {shown(float(v.min()))} to {shown(float(v.max()))}, median"
            f" {shown(float(np.median(v)))}"
            for name, v in zip(self._titles, (points.x, points.y), strict=True)
        )
        kinds = ", ".join(key.text for key in self.keys() if key.mark)
        said = f"Scatter of {counted(len(points.x), 'image')} ({kinds}): {spread}."
        return f"{said} {line_words(self._lines)}".strip()

    def state_words(self) -> str:
        """Return the image at hand with its numbers."""
        at_hand = self._hint_of(self.selection.current).replace("\n", ", ")
        return f"At hand: {at_hand}." if at_hand else ""

    def remarks(self) -> str:
        """Return how many rows lack a number."""
        left = len(self._x) - len(self._drawn)
        return f"{left:,} undefined" if left else ""

    def emphasise(self) -> None:
        """Find the points that are brushed."""
        self._lit = None if self.picked is None else self.picked[self._drawn]

    def forget_brush(self) -> None:
        """Forget rectangle and lasso."""
        self._brush.clear()

    def restyle(self) -> None:
        """Write the names of the axes in the new size."""
        self.view.name_axes(*self._titles)

    def press(self, at: Place, *, is_panning: bool, is_added: bool) -> None:
        """Take hold of the rectangle, or begin a new one."""
        super().press(at, is_panning=is_panning, is_added=is_added)
        self._former = self.picked if is_added else None
        if is_added:
            self._brush.clear()
        self._brush.press(self.view.frame, at, self.look)

    def drag(self, start: Place, at: Place, *, is_lasso: bool) -> None:
        """Brush further."""
        frame = self.view.frame
        if (is_lasso or self._lasso.isChecked()) and self._brush.box is None:
            self._brush.drag_lasso(frame, start, at)
        else:
            self._brush.drag(frame, start, at)
        self._brush_points()

    def drop(self) -> None:
        """Let the rectangle lie; what was added to a former brush has no shape of its own."""
        if self._former is not None:
            self._brush.clear()
            self.view.layer.update()

    def click(self, at: Place, *, is_added: bool) -> None:
        """Take the image at hand, or clear the brush where there is none."""
        row = self.row_at(at)
        if row < 0:
            self.clear_brush()
        else:
            self.take_at_hand(row)

    def activate(self, at: Place) -> None:
        """Open the image."""
        row = self.row_at(at)
        if row >= 0:
            self.take_at_hand(row)
            self.activated.emit(row)

    def hover(self, at: Place | None) -> None:
        """Say what is under the pointer, and show what a press would take hold of."""
        super().hover(at)
        grip = self._brush.grip_at(self.view.frame, at, self.look) if at else Grip.NONE
        is_point = bool(self.hint)
        shape = Qt.CursorShape.PointingHandCursor if is_point else CURSORS[grip]
        if self.view.pans and not is_point:
            shape = Qt.CursorShape.OpenHandCursor
        self.view.viewport().setCursor(shape)

    def hint_at(self, at: Place) -> str:
        """Return name and numbers of the point."""
        return self._hint_of(self.row_at(at))

    def row_at(self, at: Place) -> int:
        """Return the row of the point at a place, -1 where there is none."""
        frame, points = self.view.frame, self._points
        across, down = frame.across(points.x), frame.down(points.y)
        found = nearest(across, down, to=at, within=self.look.px(REACH))
        return int(self._drawn[found]) if found >= 0 else -1

    def press_key(self, event: QKeyEvent) -> bool:
        """Walk from point to point by the arrows, and brush one by Space."""
        if event.key() == Qt.Key.Key_Space and self.selection.current in self._drawn:
            self._toggle(self.selection.current)
            return True
        step = STEPS.get(Qt.Key(event.key()))
        if step and len(self._drawn):
            is_within = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._walk(*step, is_within=is_within)
            return True
        return super().press_key(event)

    def _brush_points(self) -> None:
        box, lasso, points = self._brush.box, self._brush.lasso, self._points
        if lasso is not None:
            inside = in_lasso(points.x, points.y, lasso)
        elif box is not None and box.y is not None:
            inside = in_rectangle(points.x, points.y, across=box.x, upward=box.y)
        else:
            return
        mask = np.zeros(len(self._x), dtype=np.bool_)
        mask[self._drawn[inside]] = True
        if self._former is not None:
            mask |= fitted(self._former, mask.size)
        self.brush(mask)
        self.view.layer.update()

    def _toggle(self, row: int) -> None:
        """Brush a point beside the others, or no longer; the shape of a brush goes."""
        mask = np.zeros(len(self._x), dtype=np.bool_) if self.picked is None else self.picked.copy()
        mask[row] = not mask[row]
        if mask.any():
            self._brush.clear()
            self.brush(mask)
        else:
            self.clear_brush()

    def _walk(self, axis: int, step: int, *, is_within: bool) -> None:
        """Take the next point by x or y at hand, or the next brushed one."""
        if axis not in self._order:
            values = (self._points.x, self._points.y)[axis]
            self._order[axis] = np.argsort(values, kind="stable")
        order = self._order[axis]
        if is_within and self._lit is not None and self._lit.any():
            order = order[self._lit[order]]
        rows = self._drawn[order]
        at = np.flatnonzero(rows == self.selection.current)
        start = -1 if step > 0 else len(rows)
        place = int(at[0]) if at.size else start
        self.take_at_hand(int(rows[min(max(place + step, 0), len(rows) - 1)]))

    def _place_of(self, row: int, frame: Frame) -> Place | None:
        if not 0 <= row < len(self._x):
            return None
        x, y = float(self._x[row]), float(self._y[row])
        return (frame.across(x), frame.down(y)) if np.isfinite(x) and np.isfinite(y) else None

    def _hint_of(self, row: int) -> str:
        if not 0 <= row < len(self._x):
            return ""
        name = self.name_of(row)
        x, y = (shown(float(v[row]), digits=3) for v in (self._x, self._y))
        return f"{name}\n{self._titles[0]} {x}\n{self._titles[1]} {y}"

    def _choose(self) -> None:
        self._pan.setChecked(False)
        self.view.pans = False

    def _choose_pan(self) -> None:
        self._lasso.setChecked(False)
        self.view.pans = self._pan.isChecked()


def _unit(values: Floats) -> Range:
    low = min(0.0, float(values.min(initial=0.0)))
    return low, max(1.0, float(values.max(initial=1.0)))


def _around(values: Floats) -> Range:
    return float(values.min(initial=0.0)) - 0.04, float(values.max(initial=0.0)) + 0.04
