"""What is painted while a gesture is under way: a line, a rubber line, a shifted outline."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from desktop_app.canvas.handles import MARK, SIDE, squares
from desktop_app.canvas.outline import Outline, stroke
from desktop_app.canvas.overlay import Overlay
from desktop_app.canvas.regions import CASING
from desktop_app.canvas.tools.pointer import Point
from desktop_app.canvas.tools.state import NO_PREVIEW, Preview

REACH = 14.0
"""Screen pixels around a line that its painting may touch."""


class DraftItem(Overlay):
    """One preview; only where it changes is painted anew."""

    def __init__(self) -> None:
        super().__init__()
        self._preview = NO_PREVIEW
        self._lines: list[QLineF] = []
        self._shifted: Outline | None = None

    def show_preview(self, preview: Preview, scale: float, shifted: Outline | None = None) -> None:
        """Show another preview.

        Parameters
        ----------
        scale
            Screen pixels per image pixel, for how far the lines reach.
        shifted
            The polygon that the preview shifts.
        """
        before = self._preview
        if preview == before:
            return
        reach = REACH * self._style.scale / scale
        changed = _changed(before, preview)
        if self._shifted and before.shift:
            changed |= self._shifted.bounds.translated(QPointF(*before.shift[1]))
        if shifted and preview.shift:
            changed |= shifted.bounds.translated(QPointF(*preview.shift[1]))
        self._lines = _grown_lines(self._lines, before.line, preview.line)
        self._preview, self._shifted = preview, shifted
        self.update(changed.adjusted(-reach, -reach, reach, reach))

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the preview."""
        preview, style = self._preview, self._style
        if preview == NO_PREVIEW:
            return
        ratio = painter.device().devicePixelRatio()
        unit = ratio * style.scale
        lines = self._lines + _rubber(preview)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        if preview.shift and self._shifted:
            zoom = abs(painter.deviceTransform().m11())
            lines = self._shifted.strokes(zoom).lines
            painter.translate(*preview.shift[1])
        stroke(painter, lines, style.casing, (style.wide_line + CASING) * unit)
        stroke(painter, lines, style.draft, style.wide_line * unit)
        painter.restore()
        self._mark_vertices(painter, ratio)

    def _mark_vertices(self, painter: QPainter, ratio: float) -> None:
        """Mark the first vertex, where a ring closes, and a vertex that is dragged."""
        preview, style = self._preview, self._style
        marked = [preview.line[0]] if preview.is_ring or preview.tip else list(preview.line[1:2])
        if not marked or not preview.line:
            return
        world = painter.worldTransform()
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        centres = np.array(marked) * world.m11() + (world.dx(), world.dy())
        side = (MARK + 2 if preview.closes else SIDE) * style.scale
        colour = style.handle_hovered if preview.closes else style.handle
        squares(painter, centres, side, colour, style.casing, ratio)
        painter.restore()


def _rubber(preview: Preview) -> list[QLineF]:
    if not preview.line or preview.tip is None:
        return []
    end = preview.line[0] if preview.closes and preview.is_ring else preview.tip
    return [QLineF(*preview.line[-1], *end)]


def _grown_lines(
    lines: list[QLineF], before: tuple[Point, ...], after: tuple[Point, ...]
) -> list[QLineF]:
    """Return the lines through points; those that were there before are kept."""
    count = len(before)
    if not count or after[:count] != before:
        lines, count = [], 1
    fresh = zip(after[count - 1 :], after[count:], strict=False)
    return lines + [QLineF(*start, *end) for start, end in fresh]


def _changed(before: Preview, after: Preview) -> QRectF:
    """Return what has to be painted anew, without the reach of the lines."""
    count = len(before.line)
    points: list[Point]
    if count and after.line[:count] == before.line and before.is_ring == after.is_ring:
        points = [*after.line[count - 1 :], after.line[0]]
    else:
        points = [*before.line, *after.line]
    for preview in (before, after):
        if preview.tip is not None and preview.line:
            points += [preview.line[-1], preview.tip]
    if not points:
        return QRectF()
    corners = np.array(points)
    low, high = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return QRectF(QPointF(*low), QPointF(*high))
