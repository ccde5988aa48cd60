"""Handles of the selected region, and the mark of what is under the cursor, in one object."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop_app.canvas.overlay import Overlay
from desktop_app.canvas.tools.pointer import LONG_EDGE, are_vertices_apart
from desktop_app.canvas.tools.state import NOWHERE, Hover, Part
from engine.domain.polygon import Polygon

SIDE = 7
"""Screen pixels of a handle; its casing is one wider all around."""

MARK = 9
"""Screen pixels of the handle under the cursor."""

DOT = 5
"""Screen pixels of the middle of an edge."""


class HandlesItem(Overlay):
    """Squares on the vertices of one polygon, on whole device pixels so that they are crisp.

    None are shown where they would run into each other.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._polygon: Polygon | None = None
        self._hover = NOWHERE

    def show_handles(self, polygon: Polygon | None, hover: Hover) -> None:
        """Show the handles of a polygon, or none, and mark what is under the cursor."""
        if polygon is not self._polygon or hover != self._hover:
            self._polygon, self._hover = polygon, hover
            self.update()

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the handles that lie in the window, and the mark on top."""
        world, ratio = painter.worldTransform(), painter.device().devicePixelRatio()
        scale = world.m11()
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        polygon = self._polygon
        if polygon and are_vertices_apart(polygon, scale):
            centres = _placed(np.concatenate(polygon.rings), world)
            seen = centres[_is_in(centres, painter.viewport())]
            self._squares(painter, seen, SIDE, self._style.handle, ratio)
        if polygon and self._hover.part in (Part.EDGE, Part.MIDDLE):
            ends = _placed(_edge(polygon, self._hover), world)
            if np.hypot(*(ends[1] - ends[0])) >= LONG_EDGE:
                middle = ends.mean(axis=0, keepdims=True)
                self._squares(painter, middle, DOT, self._style.handle, ratio)
        if self._hover.at is not None and self._hover.part is not Part.NOTHING:
            mark = _placed(np.array([self._hover.at]), world)
            self._squares(painter, mark, MARK, self._style.handle_hovered, ratio)
        painter.restore()

    def _squares(
        self, painter: QPainter, centres: NDArray[np.float64], side: int, colour: str, ratio: float
    ) -> None:
        squares(painter, centres, side * self._style.scale, colour, self._style.casing, ratio)


def squares(
    painter: QPainter,
    centres: NDArray[np.float64],
    side: float,
    colour: str,
    casing: str,
    ratio: float,
) -> None:
    """Paint squares with a casing on whole device pixels; the painter counts screen pixels."""
    rim = max(round(ratio), 1)
    length = round(side * ratio) | 1
    corners = np.floor(centres * ratio) - length // 2
    painter.setPen(Qt.PenStyle.NoPen)
    for grow, fill in ((rim, casing), (0, colour)):
        painter.setBrush(QColor(fill))
        at = (corners - grow) / ratio
        sides = (length + 2 * grow) / ratio
        painter.drawRects([QRectF(x, y, sides, sides) for x, y in at.tolist()])


def _placed(points: NDArray[np.float64], world: QTransform) -> NDArray[np.float64]:
    """Return points of the image in screen pixels."""
    placed: NDArray[np.float64] = points * world.m11() + (world.dx(), world.dy())
    return placed


def _is_in(centres: NDArray[np.float64], window: QRect) -> NDArray[np.bool_]:
    x, y = centres.T
    is_beside = (x < -SIDE) | (y < -SIDE) | (x > window.width() + SIDE)
    is_seen: NDArray[np.bool_] = ~(is_beside | (y > window.height() + SIDE))
    return is_seen


def _edge(polygon: Polygon, hover: Hover) -> NDArray[np.float64]:
    """Return both ends of the edge under the cursor."""
    ring = polygon.rings[hover.ring]
    ends: NDArray[np.float64] = ring[[hover.vertex, (hover.vertex + 1) % len(ring)]]
    return ends
