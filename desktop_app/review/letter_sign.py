"""The sign of a grader: their letter on their colour, and a piece of their line."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPen, QPixmap

from desktop_app.canvas.grader_look import GraderLook
from desktop_app.canvas.grader_outlines import ink_on
from desktop_app.window.theme import Theme

WIDTH, HEIGHT = 44, 20
"""Pixels at 100 %."""


def letter_sign(letter: str, look: GraderLook, theme: Theme, *, ratio: float = 1.0) -> QPixmap:
    """Return the sign as a picture."""
    px = theme.metrics.px
    width, height = px(WIDTH), px(HEIGHT)
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_letter(painter, letter, look.colour, float(height))
    middle, line = height / 2, px(2)
    ends = QPointF(height + px(5), middle), QPointF(width - px(1), middle)
    for colour, thickness in ((theme.colours.text, line + px(2)), (look.colour, line)):
        pen = QPen(QColor(colour), thickness, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        if colour == look.colour and look.dashes:
            pen.setDashPattern([length * px(1) / line * 0.7 for length in look.dashes])
        painter.setPen(pen)
        painter.drawLine(*ends)
    painter.end()
    return pixmap


def letter_icon(letter: str, look: GraderLook, theme: Theme, *, is_shown: bool = True) -> QIcon:
    """Return the sign as an icon; a grader who is not shown is pale."""
    pixmap = letter_sign(letter, look, theme, ratio=2.0)
    if not is_shown:
        pale = QPixmap(pixmap.size())
        pale.setDevicePixelRatio(pixmap.devicePixelRatio())
        pale.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pale)
        painter.setOpacity(0.3)
        painter.drawPixmap(0, 0, pixmap)
        painter.end()
        pixmap = pale
    return QIcon(pixmap)


def _paint_letter(painter: QPainter, letter: str, colour: str, side: float) -> None:
    box = QRectF(0.5, 0.5, side - 1, side - 1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(box, side / 5, side / 5)
    font = QFont(painter.font())
    font.setPixelSize(round(side * (0.65 if len(letter) == 1 else 0.5)))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(ink_on(colour)))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)
