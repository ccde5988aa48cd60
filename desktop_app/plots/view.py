"""Axes and ticks by pyqtgraph around a painted plot, and what pointer and keys do on it."""

from collections.abc import Callable, Sequence
from typing import Protocol

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsWidget,
    QStyleOptionGraphicsItem,
    QWidget,
)

from desktop_app.plots.frame import Frame, Range, panned, zoomed
from desktop_app.plots.look import Look
from desktop_app.plots.reference import Line, draw_names_above, draw_names_beside

Place = tuple[float, float]
"""Pixels from the upper left corner of what lies between the axes."""

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NOWHERE = Frame((0.0, 1.0), (0.0, 1.0), 1.0, 1.0)
ZOOM = 1.0015
"""Factor for each eighth of a degree of the wheel."""

KEY_ZOOM = 1.25


class Gestures(Protocol):
    """What a plot makes of the pointer and the keys."""

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint what lies between the axes."""

    def press(self, at: Place, *, is_panning: bool, is_added: bool) -> None:
        """Note that the pointer went down."""

    def drag(self, start: Place, at: Place, *, is_lasso: bool) -> None:
        """Follow the pointer, which is down."""

    def drop(self) -> None:
        """End a drag where it is."""

    def click(self, at: Place, *, is_added: bool) -> None:
        """Act on a click."""

    def activate(self, at: Place) -> None:
        """Act on a double click."""

    def hover(self, at: Place | None) -> None:
        """Note where the pointer is, or that it left."""

    def press_key(self, event: QKeyEvent) -> bool:
        """Act on a key and say whether it meant anything."""


class Layer(QGraphicsItem):
    """Fills a part of the scene, such as the room between the axes, with what a function paints."""

    def __init__(self, part: QGraphicsWidget, draw: Callable[[QPainter], None]) -> None:
        super().__init__(part)
        self._part, self._draw = part, draw
        self.setZValue(1)
        part.geometryChanged.connect(self._fit)

    def boundingRect(self) -> QRectF:
        """Return all of the part."""
        return QRectF(QPointF(0, 0), self._part.size())

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw(painter)

    def _fit(self) -> None:
        self.prepareGeometryChange()
        self.update()


class PlotView(pg.PlotWidget):  # type: ignore[misc] # pyqtgraph has no types
    """One pair of axes.

    Attributes
    ----------
    home
        What is shown at first and after *Fit*; nobody can zoom or pan beyond it.
    is_zoomable
        True where the wheel zooms.
    pans
        True while a drag with the left button moves the plot instead of brushing.
    """

    def __init__(self, gestures: Gestures, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None, enableMenu=False)
        self._gestures = gestures
        self._look: Look | None = None
        self._lines: tuple[Line, ...] = ()
        self._lines_are_on_y = False
        self._grid: dict[str, list[float] | None] = {"left": None, "bottom": None}
        self._tick_lines, self._has_x_name = 1, False
        self._start: Place | None = None
        self._last: Place | None = None
        self._is_dragging = self._is_panning = False
        self.home = NOWHERE
        self.is_zoomable = self.pans = False
        self.box = self.getViewBox()
        self.box.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setFrameShape(self.Shape.NoFrame)
        self.layer = Layer(self.box, self._paint)
        self._names_above = Layer(self._margin("top"), self._paint_names_above)
        self._names_beside = Layer(self._margin("right"), self._paint_names_beside)
        self.box.sigRangeChanged.connect(self.repaint_all)

    @property
    def frame(self) -> Frame:
        """What is shown now, and on how many pixels."""
        x, y = self.box.viewRange()
        size = self.box.size()
        return Frame(
            (float(x[0]), float(x[1])),
            (float(y[0]), float(y[1])),
            max(size.width(), 1.0),
            max(size.height(), 1.0),
            bool(self.box.yInverted()),
        )

    def show_range(
        self, x: tuple[float, float], y: tuple[float, float], *, is_downward: bool = False
    ) -> None:
        """Show these numbers now and after *Fit*; where they are those of before, keep the zoom."""
        home = Frame(x, y, 1.0, 1.0, is_downward)
        if home != self.home:
            self.box.invertY(is_downward)
            self.home = home
            self.fit()

    def fit(self) -> None:
        """Show everything."""
        self._show(self.home)

    def zoom(self, factor: float, at: tuple[float, float] | None = None) -> None:
        """Show `factor` times as much about a point, or about the middle."""
        frame = self.frame
        middle = (sum(frame.x) / 2, sum(frame.y) / 2)
        self._show(zoomed(frame, factor, at=at or middle, home=self.home))

    def name_axes(self, x: str, y: str) -> None:
        """Write what the axes are."""
        look = self._look
        style = {"color": look.ink, "font-size": f"{look.small.pointSizeF()}pt"} if look else {}
        for side, name in (("bottom", x), ("left", y)):
            self.getAxis(side).setLabel(text=name or None, **style)
        self._has_x_name = bool(x)
        self._fit_ticks()

    def set_ticks(
        self, side: str, ticks: Sequence[tuple[float, str]], *, has_grid: bool = False
    ) -> None:
        """Write names in place of numbers beside an axis."""
        self._grid[side] = [at for at, _ in ticks] if has_grid else []
        lines = max((name.count("\n") + 1 for _, name in ticks), default=1)
        self._tick_lines = lines if side == "bottom" else self._tick_lines
        self.getAxis(side).setTicks([list(ticks)])
        self._fit_ticks()

    def set_numbers(self, side: str) -> None:
        """Write numbers beside an axis, as at first."""
        self._grid[side] = None
        self._tick_lines = 1 if side == "bottom" else self._tick_lines
        self.getAxis(side).setTicks(None)
        self._fit_ticks()

    def set_lines(self, lines: tuple[Line, ...], *, are_on_y: bool = False) -> None:
        """Name these lines above the plot, or to its right."""
        self._lines, self._lines_are_on_y = lines, are_on_y
        self._make_room()

    def set_look(self, look: Look) -> None:
        """Paint in other colours and sizes from now on."""
        self._look = look
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setPen(pg.mkPen(look.grid))
            axis.setTextPen(pg.mkPen(look.muted))
            axis.setTickFont(look.small)
            # so many pixels a name may reach beyond its axis
            beyond = round(look.px(60 if side == "bottom" else 15))
            offset = round(look.px(5))
            axis.setStyle(tickLength=0, tickTextOffset=offset, hideOverlappingLabels=beyond)
        self.setBackground(look.surface)
        self._fit_ticks()
        self._make_room()
        self.repaint_all()

    def repaint_all(self) -> None:
        """Paint the room between the axes anew."""
        self.layer.update()
        self._names_above.update()
        self._names_beside.update()

    def _margin(self, side: str) -> QGraphicsWidget:
        self.showAxis(side)
        axis = self.getAxis(side)
        axis.setStyle(showValues=False)
        axis.setTicks([])
        axis.setPen(pg.mkPen(None))
        part: QGraphicsWidget = axis
        return part

    def _make_room(self) -> None:
        if self._look is None:
            return
        line, px = self.fontMetrics().lineSpacing(), self._look.px
        is_above = bool(self._lines) and not self._lines_are_on_y
        is_beside = bool(self._lines) and self._lines_are_on_y
        self.getAxis("top").setHeight(round(line + px(2) if is_above else px(8)))
        self.getAxis("right").setWidth(round(px(56) if is_beside else px(12)))
        self.repaint_all()

    def _show(self, frame: Frame) -> None:
        self.box.setRange(xRange=frame.x, yRange=frame.y, padding=0, disableAutoRange=True)

    def _fit_ticks(self) -> None:
        if self._look is not None:
            # pyqtgraph reckons with one line of names, of one size
            line = QFontMetricsF(self._look.small).lineSpacing()
            height = line * (self._tick_lines + self._has_x_name)
            gaps = self._look.px(18 if self._has_x_name else 10)
            self.getAxis("bottom").setHeight(round(height + gaps))

    def _paint(self, painter: QPainter) -> None:
        if self._look is not None:
            self._paint_grid(painter, self.frame, self._look)
            self._gestures.paint(painter, self.frame)

    def _paint_grid(self, painter: QPainter, frame: Frame, look: Look) -> None:
        painter.setPen(QPen(QColor(look.grid), 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for at in self._grid_values("bottom", frame.x, frame.width):
            x = frame.across(at)
            painter.drawLine(QLineF(x, 0, x, frame.height))
        for at in self._grid_values("left", frame.y, frame.height):
            y = frame.down(at)
            painter.drawLine(QLineF(0, y, frame.width, y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _grid_values(self, side: str, between: Range, pixels: float) -> list[float]:
        """Return the numbers that are written beside an axis."""
        given = self._grid[side]
        if given is not None:
            return given
        levels = self.getAxis(side).tickValues(*between, pixels)
        return [float(at) for _, values in levels[:2] for at in values]

    def _paint_names_above(self, painter: QPainter) -> None:
        if self._look and not self._lines_are_on_y:
            height = self.getAxis("top").size().height()
            draw_names_above(painter, self.frame, self._look, self._lines, height=height)

    def _paint_names_beside(self, painter: QPainter) -> None:
        if self._look and self._lines_are_on_y:
            width = self.getAxis("right").size().width()
            draw_names_beside(painter, self.frame, self._look, self._lines, width=width)

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the frame that says that keys go here."""
        if self._look is None or not self.hasFocus():
            return
        painter.setPen(QPen(QColor(self._look.focus), self._look.px(1.5)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = self._look.px(1)
        painter.drawRect(QRectF(self.viewport().rect()).adjusted(inset, inset, -inset, -inset))

    # What the pointer and the keys do; pyqtgraph's own scene hears nothing of them.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take note of where a click or a drag begins."""
        event.accept()
        if event.button() not in (LEFT, MIDDLE) or self._start is not None:
            return
        self._start = self._last = self._place(event)
        self._is_dragging = False
        self._is_panning = self.is_zoomable and (self.pans or event.button() == MIDDLE)
        is_added = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._gestures.press(self._start, is_panning=self._is_panning, is_added=is_added)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Brush, pan, or say what is under the pointer."""
        event.accept()
        at = self._place(event)
        if self._start is None or self._last is None:
            self._gestures.hover(at)
            return
        way = abs(at[0] - self._start[0]) + abs(at[1] - self._start[1])
        if not self._is_dragging and way < QApplication.startDragDistance():
            return
        self._is_dragging = True
        if self._is_panning:
            dx, dy = at[0] - self._last[0], at[1] - self._last[1]
            self._show(panned(self.frame, dx, dy, home=self.home))
        else:
            is_lasso = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._gestures.drag(self._start, at, is_lasso=is_lasso)
        self._last = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag, or click."""
        event.accept()
        if self._start is None or event.buttons() & (LEFT | MIDDLE):
            return
        start, self._start = self._start, None
        if not self._is_dragging and not self._is_panning:
            is_added = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._gestures.click(start, is_added=is_added)
        elif self._is_dragging and not self._is_panning:
            self._gestures.drop()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what is under the pointer."""
        event.accept()
        self._start = None
        if event.button() == LEFT:
            self._gestures.activate(self._place(event))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom where the pointer is."""
        if not self.is_zoomable or not event.angleDelta().y():
            event.ignore()
            return
        event.accept()
        x, y = self._place(event)
        frame = self.frame
        self.zoom(ZOOM ** -event.angleDelta().y(), (frame.x_at(x), frame.y_at(y)))

    def leaveEvent(self, event: QEvent) -> None:
        """Forget where the pointer was."""
        self._gestures.hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass keys on; what means nothing here goes to the page."""
        if not self._gestures.press_key(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Leave released keys to the page."""
        event.ignore()

    def stop_drag(self) -> None:
        """Take no further note of a drag that is under way."""
        self._start = None

    def zoom_by_key(self, key: int) -> bool:
        """Zoom in, out, or show everything, and say whether the key meant that."""
        factors = {
            Qt.Key.Key_Plus: 1 / KEY_ZOOM,
            Qt.Key.Key_Equal: 1 / KEY_ZOOM,
            Qt.Key.Key_Minus: KEY_ZOOM,
        }
        if not self.is_zoomable:
            return False
        if key == Qt.Key.Key_0:
            self.fit()
            return True
        factor = factors.get(Qt.Key(key))
        if factor:
            self.zoom(factor)
        return factor is not None

    def _place(self, event: QMouseEvent | QWheelEvent) -> Place:
        at = self.box.mapFromScene(self.viewportTransform().inverted()[0].map(event.position()))
        return at.x(), at.y()
