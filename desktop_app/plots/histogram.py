"""How one number is distributed over the images: bars, a rug of single images, lines, a range."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from desktop_app.plots.box import CURSORS, Box, Grip
from desktop_app.plots.brushing import Brush
from desktop_app.plots.frame import Floats, Frame, Range
from desktop_app.plots.inside import Mask, fitted
from desktop_app.plots.legend import Key
from desktop_app.plots.look import Mark
from desktop_app.plots.plot import Columns, Plot, line_keys, line_words
from desktop_app.plots.reference import Line, as_lines, draw_lines
from desktop_app.plots.shapes import draw_bar
from desktop_app.plots.view import Place
from desktop_app.session.selection import Selection
from desktop_app.window.theme import Theme
from engine.figures.style import counted, shown

RUG = 0.09
"""Room for the rug under the bars, as a share of the highest bar."""

REACH = 5.0
"""So near to a line of the rug, in pixels at 100 %, the pointer means it."""

Key_ = Qt.Key
Counts = NDArray[np.int64]


class HistogramPlot(Plot):
    """Bars of counts, stacked by kind, a line of the rug for each image, and a brushed range.

    Drag brushes a range, which moves and is resized by its edges; a click on a bar brushes the
    bar, one on the rug takes the image at hand. By keyboard the arrows move the range by a bar,
    Shift and arrow its upper end, Ctrl and arrow its lower end; Home and End take it to the ends.
    """

    EMPTY = "No image has this number yet."

    def __init__(
        self, theme: Theme, selection: Selection | None = None, parent: QWidget | None = None
    ) -> None:
        self._values = np.empty(0)
        self._kinds = np.empty(0, dtype=np.intp)
        self._edges = np.array([0.0, 1.0])
        self._labels: tuple[str, ...] = ("",)
        self._lines: tuple[Line, ...] = ()
        self._x_title = ""
        self._counts: Counts = np.zeros((1, 1), dtype=np.int64)
        self._lit: Counts | None = None
        self._brush = Brush(is_flat=True)
        self._former: Mask | None = None
        super().__init__(theme, selection, parent)
        self.refresh("", empty=self.EMPTY)

    def set_values(  # noqa: PLR0913 - each is one thing that is drawn
        self,
        values: Floats,
        *,
        bins: int | Floats = 40,
        title: str = "",
        x_title: str = "",
        lines: Sequence[Line | tuple[float, str]] = (),
        kinds: NDArray[np.integer] | Sequence[int] | None = None,
        labels: Sequence[str] = (),
        names: Sequence[str] = (),
        empty: str = "",
    ) -> None:
        """Show other values.

        Parameters
        ----------
        values
            The number of each row, shape (n,); NaN where it is undefined.
        bins
            The edges of the bars, or how many there are from the lowest to the highest value.
            `engine.figures.kappa_histogram.bin_edges` gives those of Figure 2.
        lines
            Upright lines at a number, with their names: a cut, the human ceiling, chance.
        kinds, labels
            Which of up to three stacked kinds each row is of, and what the kinds are called:
            correct, incorrect and unknown, or for Figure 2 stay and leave.
        names
            What each row is called.
        empty
            What to say where there is nothing to draw, if this plot's own sentence will not do.
        """
        self.names = names
        self._values, self._x_title = values, x_title
        defined = values[np.isfinite(values)]
        self._edges = _edges(defined, bins)
        self._labels = tuple(labels) or (
            ("correct", "incorrect", "unknown") if kinds is not None else ("",)
        )
        self._kinds = np.zeros(len(values), dtype=np.intp)
        if kinds is not None:
            self._kinds = np.asarray(kinds).astype(np.intp)
        self._lines = as_lines(lines)
        self._counts = self._count(np.ones(len(values), dtype=np.bool_))
        self._brush.clear()
        self.view.set_lines(self._lines)
        highest = max(int(self._counts.sum(axis=0).max()), 1)
        self.view.set_ticks("left", _count_ticks(highest), has_grid=True)
        self.view.show_range((self._edges[0], self._edges[-1]), (-RUG * highest, 1.05 * highest))
        self.view.name_axes(x_title, "images")
        self.take_rows(len(values))
        self.refresh(title, empty="" if defined.size else empty or self.EMPTY)

    def data(self) -> Columns:
        """Return from, to and the number of images of each kind, one row for each bar."""
        bars = slice(None) if self.is_shown else slice(0)
        edges = list(self._edges.tolist())
        columns: Columns = {"from": edges[:-1][bars], "to": edges[1:][bars]}
        for label, counts in zip(self._labels, self._counts.tolist(), strict=True):
            columns[label or "images"] = counts[bars]
        return columns

    @property
    def range(self) -> Range | None:
        """The range that is brushed here."""
        return self._brush.box.x if self._brush.box else None

    def brush_range(self, between: Range) -> None:
        """Brush a range: from its lower end on, up to but without its upper end.

        The upper end belongs to it only at the end of the axis, as the last bar's does.
        """
        self._brush.box = Box(between)
        self._brush_values()

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint bars, rug, lines, the image at hand, and the brush."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self._lit is not None:
            total = self._counts.sum(axis=0, keepdims=True)
            self._paint_bars(painter, frame, total, (self.look.neutral,), is_dim=True)
        lit = self._counts if self._lit is None else self._lit
        self._paint_bars(painter, frame, lit, self._marks())
        self._paint_rug(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_lines(painter, frame, self.look, self._lines)
        self._paint_at_hand(painter, frame)
        self._brush.paint(painter, frame, self.look)

    def keys(self) -> tuple[Key, ...]:
        """Return the kinds with their numbers of images, and the lines."""
        kinds: tuple[Key, ...] = ()
        if len(self._labels) > 1:
            rows = zip(self._labels, self._marks(), self._counts.sum(axis=1), strict=True)
            kinds = tuple(
                Key(f"{label} ({count:,})", mark, is_bar=True)
                for label, mark, count in rows
                if count
            )
        return kinds + line_keys(self._lines)

    def words(self) -> str:
        """Return how many values there are, where they lie, and where most of them are."""
        values = self._values[np.isfinite(self._values)]
        total = self._counts.sum(axis=0)
        most = int(total.argmax())
        kinds = ", ".join(key.text for key in self.keys() if key.mark)
        said = (
            f"Histogram of {counted(values.size, 'image')}{f' ({kinds})' if kinds else ''}:"
            f" {self._x_title or 'values'} from {shown(float(values.min()))} to"
            f" {shown(float(values.max()))}, median {shown(float(np.median(values)))}; most,"
            f" {total[most]:,}, between {shown(float(self._edges[most]))} and"
            f" {shown(float(self._edges[most + 1]))}."
        )
        return f"{said} {line_words(self._lines)}".strip()

    def state_words(self) -> str:
        """Return the brushed range, and the image at hand with its number."""
        low, high = map(shown, self.range or (0.0, 0.0))
        brushed = f"Brushed from {low} to {high}." if self.range else ""
        row = self.selection.current
        if not 0 <= row < len(self._values):
            return brushed
        value = float(self._values[row])
        said = shown(value) if np.isfinite(value) else "undefined"
        return f"{brushed} At hand: {self.name_of(row)}, {said}.".strip()

    def remarks(self) -> str:
        """Return how many values are undefined, and how many lie beyond the axis."""
        undefined = int(np.count_nonzero(~np.isfinite(self._values)))
        beyond = len(self._values) - undefined - int(self._counts.sum())
        said = (f"{undefined:,} undefined", f"{beyond:,} beyond the axis")
        return " · ".join(
            text for text, count in zip(said, (undefined, beyond), strict=True) if count
        )

    def emphasise(self) -> None:
        """Count what is brushed in each bar."""
        self._lit = None if self.picked is None else self._count(self.picked)

    def forget_brush(self) -> None:
        """Forget the range."""
        self._brush.clear()

    def restyle(self) -> None:
        """Write the names of the axes in the new size."""
        self.view.name_axes(self._x_title, "images")

    def press(self, at: Place, *, is_panning: bool, is_added: bool) -> None:
        """Take hold of the range, or begin a new one."""
        super().press(at, is_panning=is_panning, is_added=is_added)
        self._former = self.picked if is_added else None
        self._brush.press(self.view.frame, at, self.look)

    def drag(self, start: Place, at: Place, *, is_lasso: bool) -> None:
        """Brush further."""
        self._brush.drag(self.view.frame, start, at)
        self._brush_values()

    def click(self, at: Place, *, is_added: bool) -> None:
        """Brush a bar, take an image of the rug at hand, or clear the brush."""
        row, bar = self.row_at(at), self.bar_at(at)
        if row >= 0:
            self.take_at_hand(row)
        elif bar < 0:
            self.clear_brush()
        else:
            self.brush_range((float(self._edges[bar]), float(self._edges[bar + 1])))

    def activate(self, at: Place) -> None:
        """Open the image of the rug."""
        row = self.row_at(at)
        if row >= 0:
            self.take_at_hand(row)
            self.activated.emit(row)

    def hover(self, at: Place | None) -> None:
        """Say what is under the pointer, and show what a press would take hold of."""
        super().hover(at)
        grip = self._brush.grip_at(self.view.frame, at, self.look) if at else Grip.NONE
        self.view.viewport().setCursor(CURSORS[grip])

    def hint_at(self, at: Place) -> str:
        """Return the bar's counts, or name and number of an image of the rug."""
        row, bar = self.row_at(at), self.bar_at(at)
        if row >= 0:
            value = shown(float(self._values[row]), digits=3)
            return f"{self.name_of(row)}\n{self._x_title or 'Value'} {value}"
        if bar < 0:
            return ""
        low, high = (shown(float(edge)) for edge in self._edges[bar : bar + 2])
        total = counted(int(self._counts[:, bar].sum()), "image")
        kinds = [
            f"{counts[bar]:,} {label}"
            for label, counts in zip(self._labels, self._counts, strict=True)
            if label and counts[bar]
        ]
        return f"{low} to {high}: {total}" + "".join(f"\n{kind}" for kind in kinds)

    def bar_at(self, at: Place) -> int:
        """Return the bar at a place, or above it, -1 where there is none."""
        frame = self.view.frame
        x = frame.x_at(at[0])
        bar = int(np.searchsorted(self._edges, x, side="right")) - 1
        is_bar = 0 <= bar < len(self._edges) - 1 and frame.y_at(at[1]) >= 0
        return bar if is_bar and self._counts[:, bar].any() else -1

    def row_at(self, at: Place) -> int:
        """Return the row whose line of the rug is at a place, -1 where there is none."""
        frame = self.view.frame
        if frame.y_at(at[1]) >= 0 or not self._values.size:
            return -1
        away = np.abs(frame.across(self._values) - at[0])
        away = np.where(np.isnan(away), np.inf, away)
        row = int(away.argmin())
        return row if away[row] <= self.look.px(REACH) else -1

    def press_key(self, event: QKeyEvent) -> bool:
        """Move and resize the range by bars."""
        steps = {Key_.Key_Left: -1, Key_.Key_Right: 1}
        ends = {Key_.Key_Home: -len(self._edges), Key_.Key_End: len(self._edges)}
        step = (steps | ends).get(Key_(event.key()), 0)
        if not step or self.empty:
            return super().press_key(event)
        modifiers = event.modifiers()
        grip = Grip.INSIDE
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            grip = Grip.RIGHT
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            grip = Grip.LEFT
        self._step(grip, step)
        return True

    def _step(self, grip: Grip, step: int) -> None:
        """Move range or end by bars; without a range the first, or last, bar becomes one."""
        edges, box = self._edges, self._brush.box
        if box is None:
            bars = np.flatnonzero(self._counts.any(axis=0))
            bar = int(bars[0] if step > 0 else bars[-1])
            self.brush_range((float(edges[bar]), float(edges[bar + 1])))
            return
        first, last = (int(np.abs(edges - end).argmin()) for end in box.x)
        end = len(edges) - 1
        if grip is Grip.INSIDE:
            step = min(max(step, -first), end - last)
            first, last = first + step, last + step
        elif grip is Grip.RIGHT:
            last = min(max(last + step, first + 1), end)
        else:
            first = max(min(first + step, last - 1), 0)
        self.brush_range((float(edges[first]), float(edges[last])))

    def _brush_values(self) -> None:
        if self._brush.box is None:
            return
        mask = _within(self._values, self._brush.box.x, self._edges[-1])
        if self._former is not None:
            mask |= fitted(self._former, mask.size)
        self.brush(mask)
        self.view.layer.update()

    def _count(self, which: Mask) -> Counts:
        """Return images in each bar, shape (kinds, bars)."""
        usable = which & np.isfinite(self._values)
        return np.array(
            [
                np.histogram(self._values[usable & (self._kinds == kind)], self._edges)[0]
                for kind in range(len(self._labels))
            ]
        )

    def _marks(self) -> tuple[Mark, ...]:
        return (
            self.look.marks[: len(self._labels)] if len(self._labels) > 1 else (self.look.neutral,)
        )

    def _paint_bars(
        self,
        painter: QPainter,
        frame: Frame,
        counts: Counts,
        marks: Sequence[Mark],
        *,
        is_dim: bool = False,
    ) -> None:
        base = np.zeros(counts.shape[1])
        lefts = np.rint(frame.across(self._edges))
        for mark, of_kind in zip(marks, counts, strict=True):
            tops, bottoms = frame.down(base + of_kind), frame.down(base)
            for bar in np.flatnonzero(of_kind):
                left, right = float(lefts[bar]), float(lefts[bar + 1])
                top, bottom = float(np.rint(tops[bar])), float(np.rint(bottoms[bar]))
                box = QRectF(left, top, right - left, bottom - top)
                draw_bar(painter, box, self.look, mark, is_dim=is_dim)
            base = base + of_kind

    def _paint_rug(self, painter: QPainter, frame: Frame) -> None:
        """Paint one line for each column of pixels in which an image lies."""
        ink, palette = self.look.marks[0].fill, self.look.palette
        zero = frame.down(0.0)
        painter.setPen(QPen(QColor(self.look.axis), 1))
        painter.drawLine(QLineF(0, zero, frame.width, zero))
        top, bottom = zero + self.look.px(3), frame.height - self.look.px(1)
        everyone = np.isfinite(self._values)
        layers = [(everyone, ink)]
        if self.picked is not None:
            layers = [(everyone, palette.dim_edge), (everyone & self.picked, ink)]
        for which, colour in layers:
            columns = np.unique(np.floor(frame.across(self._values[which])))
            painter.setPen(QPen(QColor(colour), 1))
            painter.drawLines([QLineF(x, top, x, bottom) for x in columns.tolist()])

    def _paint_at_hand(self, painter: QPainter, frame: Frame) -> None:
        """Paint a pointer over the rug at the image at hand."""
        row = self.selection.current
        if not 0 <= row < len(self._values) or not np.isfinite(self._values[row]):
            return
        x, zero, size = frame.across(float(self._values[row])), frame.down(0.0), self.look.px(6)
        painter.setPen(QPen(QColor(self.look.surface), self.look.px(1.5)))
        painter.setBrush(QColor(self.look.ink))
        corners = ((x, zero + size / 2), (x - size, zero - size), (x + size, zero - size))
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        painter.setPen(QPen(QColor(self.look.ink), self.look.px(2)))
        painter.drawLine(QLineF(x, zero, x, frame.height))


def _within(values: Floats, between: Range, last: float) -> Mask:
    low, high = between
    below = (values <= high) if high >= last else (values < high)
    return np.asarray((values >= low) & below)


def _edges(values: Floats, bins: int | Floats) -> Floats:
    if not isinstance(bins, int):
        return np.asarray(bins, dtype=np.float64)
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, bins + 1)


def _count_ticks(highest: int) -> list[tuple[float, str]]:
    """Return about five round whole numbers from 0 on."""
    rough = max(highest / 5, 1)
    power = 10 ** int(np.floor(np.log10(rough)))
    step = int(next(power * times for times in (1, 2, 5, 10) if power * times >= rough))
    return [(float(count), f"{count:,}") for count in range(0, highest + 1, step)]
