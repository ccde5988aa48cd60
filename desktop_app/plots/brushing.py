"""A brush on two axes, or on one: drawn, moved and resized by the pointer, painted."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from desktop_app.plots.box import Box, Grip, between
from desktop_app.plots.frame import Floats, Frame
from desktop_app.plots.look import Look

Place = tuple[float, float]
TOLERANCE = 5.0
"""So near to the edge of a brush, in pixels at 100 %, the pointer takes hold of it."""

LASSO_STEP = 3.0
"""Least way between two points of a lasso, in pixels."""


@dataclass
class Brush:
    """The shape that was brushed on one plot, and what the pointer is doing with it.

    Attributes
    ----------
    is_flat
        True where only x counts.
    box, lasso
        What is brushed in the numbers of the axes; at most one of them.
    """

    is_flat: bool = False
    box: Box | None = None
    lasso: Floats | None = None
    _grip: Grip = Grip.NONE
    _held: Box | None = None

    @property
    def is_held(self) -> bool:
        """True while the pointer moves or resizes what was brushed before."""
        return self._held is not None and self._grip is not Grip.NONE

    def clear(self) -> None:
        """Brush nothing."""
        self.box = self.lasso = self._held = None
        self._grip = Grip.NONE

    def grip_at(self, frame: Frame, at: Place, look: Look) -> Grip:
        """Return what the pointer would take hold of."""
        if self.box is None:
            return Grip.NONE
        return self.box.held_at(frame, at, tolerance=look.px(TOLERANCE))

    def press(self, frame: Frame, at: Place, look: Look) -> None:
        """Take hold of what is under the pointer."""
        self._grip = self.grip_at(frame, at, look)
        self._held = self.box

    def drag(self, frame: Frame, start: Place, at: Place) -> None:
        """Move or resize what is held, or draw a new range or rectangle."""
        first = frame.x_at(start[0]), frame.y_at(start[1])
        now = frame.x_at(at[0]), frame.y_at(at[1])
        self.lasso = None
        if self._held is not None and self.is_held:
            dx, dy = now[0] - first[0], now[1] - first[1]
            self.box = self._held.moved(self._grip, dx, dy, within=frame)
        else:
            self.box = between(first, now, within=frame, is_flat=self.is_flat)

    def drag_lasso(self, frame: Frame, start: Place, at: Place) -> None:
        """Draw a lasso further."""
        self.box = None
        if self.lasso is None:
            self.lasso = np.array([[frame.x_at(start[0]), frame.y_at(start[1])]])
        x, y = self.lasso[-1]
        way = np.hypot(frame.across(float(x)) - at[0], frame.down(float(y)) - at[1])
        if way >= LASSO_STEP:
            self.lasso = np.vstack([self.lasso, (frame.x_at(at[0]), frame.y_at(at[1]))])

    def paint(self, painter: QPainter, frame: Frame, look: Look) -> None:
        """Paint the shape over the plot."""
        fill = QColor(look.accent)
        fill.setAlpha(38)
        painter.setBrush(fill)
        pen = QPen(QColor(look.accent), look.px(1.5))
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        if self.lasso is not None:
            corners = zip(frame.across(self.lasso[:, 0]), frame.down(self.lasso[:, 1]), strict=True)
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        elif self.box is not None:
            self._paint_box(painter, frame, look)

    def _paint_box(self, painter: QPainter, frame: Frame, look: Look) -> None:
        assert self.box is not None
        left, right = (frame.across(end) for end in self.box.x)
        if self.box.y is not None:
            bottom, top = (frame.down(end) for end in self.box.y)
            painter.drawRect(QRectF(QPointF(left, top), QPointF(right, bottom)).normalized())
            return
        painter.fillRect(QRectF(left, 0, right - left, frame.height), painter.brush())
        painter.setBrush(QColor(look.accent))
        grip = look.px(3), look.px(18)
        for x in (left, right):
            painter.drawLine(QPointF(x, 0), QPointF(x, frame.height))
            middle = frame.height / 2
            handle = QRectF(x - grip[0], middle - grip[1] / 2, 2 * grip[0], grip[1])
            painter.drawRoundedRect(handle, grip[0], grip[0])
