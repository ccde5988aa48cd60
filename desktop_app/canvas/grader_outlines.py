"""The outlines of several graders in one graphics object, each with its letter."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop_app.canvas.dashes import dashed
from desktop_app.canvas.grader_look import GraderLook
from desktop_app.canvas.outline import Outline, stroke
from desktop_app.canvas.overlay import Overlay
from desktop_app.canvas.regions import CASING
from engine.domain.polygon import Polygon, Region

WIDTH = 2.0
"""Screen pixels of a line."""

TAG = 12
"""Screen pixels of a letter's height."""


@dataclass(frozen=True, slots=True)
class Lettered:
    """One grader's region under a letter."""

    letter: str
    region: Region
    look: GraderLook


@dataclass(slots=True)
class _Drawn:
    """One grader ready to be painted; dashes are cut anew at each zoom."""

    lettered: Lettered
    outlines: list[Outline]
    place: QPointF | None
    lines: dict[float, list[QLineF]] = field(default_factory=dict)

    def at(self, zoom: float, unit: float) -> list[QLineF]:
        """Return the lines at a zoom in device pixels per image pixel."""
        if zoom not in self.lines:
            rings = [ring for outline in self.outlines for ring in outline.strokes(zoom).rings]
            self.lines = {zoom: dashed(rings, self.lettered.look.dashes, unit / zoom)}
        return self.lines[zoom]


class GraderOutlinesItem(Overlay):
    """Lines over casings, the letters on top; a hidden grader keeps its colour and line."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._drawn: list[_Drawn] = []
        self._hidden: frozenset[str] = frozenset()

    def set_graders(self, graders: Sequence[Lettered]) -> None:
        """Show other graders."""
        self._drawn = [
            _Drawn(
                grader,
                [Outline(polygon.rings) for polygon in grader.region],
                _tag_place(grader.region, math.tau * k / max(len(graders), 1)),
            )
            for k, grader in enumerate(graders)
        ]
        self.update()

    def hide_letters(self, letters: frozenset[str]) -> None:
        """Leave out the graders of some letters."""
        if letters != self._hidden:
            self._hidden = letters
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint all that is shown."""
        zoom = abs(painter.deviceTransform().m11())
        unit = painter.device().devicePixelRatio() * self._style.scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = [drawn for drawn in self._drawn if drawn.lettered.letter not in self._hidden]
        reach = TAG * unit / zoom
        window = option.exposedRect.adjusted(-reach, -reach, reach, reach)
        for drawn in shown:
            whole = [
                line for outline in drawn.outlines for line in outline.strokes(zoom).seen_in(window)
            ]
            stroke(painter, whole, self._style.casing, (WIDTH + CASING) * unit)
        for drawn in shown:
            lines = drawn.at(zoom, unit)
            stroke_flat(painter, lines, drawn.lettered.look.colour, WIDTH * unit)
        for drawn in shown:
            if drawn.place is not None:
                self._paint_letter(painter, drawn.lettered, drawn.place)

    def _paint_letter(self, painter: QPainter, lettered: Lettered, at: QPointF) -> None:
        """Paint a letter on a tag of the grader's colour, of one size at every zoom."""
        place = painter.worldTransform().map(at)
        side = TAG * self._style.scale
        font = QFont(painter.font())
        font.setPixelSize(round(side))
        font.setBold(True)
        width = max(QFontMetricsF(font).horizontalAdvance(lettered.letter) + side / 2, 1.4 * side)
        tag = QRectF(0, 0, width, 1.4 * side)
        tag.moveCenter(place)
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setFont(font)
        painter.setPen(QColor(self._style.casing))
        painter.setBrush(QColor(lettered.look.colour))
        painter.drawRoundedRect(tag, side / 4, side / 4)
        painter.setPen(QColor(ink_on(lettered.look.colour)))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, lettered.letter)
        painter.restore()


def stroke_flat(painter: QPainter, lines: list[QLineF], colour: str, width: float) -> None:
    """Draw lines with flat ends, so that short dashes stay apart."""
    pen = painter.pen()
    pen.setColor(QColor(colour))
    pen.setWidthF(width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setStyle(Qt.PenStyle.SolidLine)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawLines(lines)


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on a colour."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 100 else "#ffffff"


def _tag_place(region: Region, angle: float) -> QPointF | None:
    """Return where a letter belongs: on the largest polygon, in a direction of its own."""
    if not region:
        return None
    ring = max(region, key=_extent).exterior
    direction = np.array([math.sin(angle), -math.cos(angle)])
    x, y = ring[int((ring @ direction).argmax())].tolist()
    return QPointF(x, y)


def _extent(polygon: Polygon) -> float:
    width, height = np.ptp(polygon.exterior, axis=0)
    return float(width * height)
