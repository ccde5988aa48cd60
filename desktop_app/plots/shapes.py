"""Shapes, bars and letters that the plots are painted with."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from desktop_app.plots.look import Look, Mark


@lru_cache
def outline(shape: str) -> QPainterPath:
    """Return a shape about the origin, of the area of a circle with radius 1."""
    path = QPainterPath()
    if shape == "o":
        path.addEllipse(QPointF(0, 0), 1, 1)
    elif shape == "s":
        path.addRect(QRectF(-0.89, -0.89, 1.78, 1.78))
    else:
        corners = {
            "^": ((0, -1.4), (1.3, 0.85), (-1.3, 0.85)),
            "D": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
        }[shape]
        path.moveTo(*corners[0])
        for corner in corners[1:]:
            path.lineTo(*corner)
        path.closeSubpath()
    return path


def draw_mark(
    painter: QPainter, at: tuple[float, float], mark: Mark, radius: float, *, line: float = 1.0
) -> None:
    """Draw one mark about a place."""
    painter.save()
    painter.translate(*at)
    painter.scale(radius, radius)
    pen = QPen(QColor(mark.edge), line)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setBrush(QColor(mark.fill))
    painter.drawPath(outline(mark.shape))
    painter.restore()


def draw_bar(
    painter: QPainter, box: QRectF, look: Look, mark: Mark, *, is_dim: bool = False
) -> None:
    """Draw a bar; hatched where its mark is, pale where it is not brushed."""
    if box.isEmpty():
        return
    palette = look.palette
    fill, edge = (palette.dim, palette.dim_edge) if is_dim else (mark.fill, mark.edge)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    painter.drawRect(box)
    if mark.is_hatched:
        painter.setBrush(QBrush(QColor(edge), Qt.BrushStyle.BDiagPattern))
        painter.drawRect(box)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(QColor(edge), look.px(1))
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.drawRect(box)


def draw_ring(painter: QPainter, at: tuple[float, float], look: Look, radius: float) -> None:
    """Draw the ring about the image at hand, with a casing so that it reads on any ground."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((look.surface, 4.5), (look.ink, 2.0)):
        painter.setPen(QPen(QColor(colour), look.px(width)))
        painter.drawEllipse(QPointF(*at), radius, radius)


def draw_text(
    painter: QPainter,
    at: tuple[float, float],
    text: str,
    look: Look,
    *,
    is_bold: bool = False,
    colour: str = "",
) -> None:
    """Write a line that begins at a place, in the middle of its height, on the plot's ground."""
    font = look.small
    font = type(font)(font)
    font.setBold(is_bold)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text), metrics.height()
    ground = QColor(look.surface)
    ground.setAlpha(205)
    box = QRectF(at[0], at[1] - height / 2, width, height)
    painter.fillRect(box.adjusted(-look.px(1), 0, look.px(1), 0), ground)
    painter.setFont(font)
    painter.setPen(QColor(colour or look.ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, text)
