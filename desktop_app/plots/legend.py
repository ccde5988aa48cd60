"""The key of a plot: each mark and line with what it means, in as many rows as it takes."""

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.plots.look import Look, Mark
from desktop_app.plots.reference import DASHES, OTHER_DASHES
from desktop_app.plots.shapes import draw_bar, draw_mark


@dataclass(frozen=True, slots=True)
class Key:
    """One entry.

    Attributes
    ----------
    mark
        What it looks like; None for a line.
    is_bar
        True where the mark fills bars, False where it is a point.
    line
        The name of a line, which decides its dashes.
    """

    text: str
    mark: Mark | None = None
    is_bar: bool = False
    line: str = ""


class Legend(QWidget):
    """Entries one after the other, as tall as they need; nothing where there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: tuple[Key, ...] = ()
        self._look: Look | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def keys(self) -> tuple[Key, ...]:
        """What it shows."""
        return self._keys

    def show_keys(self, keys: tuple[Key, ...], look: Look) -> None:
        """Show other entries, in the look in force."""
        self._keys, self._look = keys, look
        self.setVisible(bool(keys))
        self.setAccessibleName("Key: " + "; ".join(key.text for key in keys))
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take as many rows as the new width asks for."""
        self._fit()

    def _fit(self) -> None:
        places = self._places(self.width())
        self.setFixedHeight(round(places[-1].bottom()) + 1 if places else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw each entry."""
        look = self._look
        if look is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.small)
        for key, place in zip(self._keys, self._places(self.width()), strict=True):
            sign = QRectF(place.left(), place.top(), look.px(18), place.height())
            _draw_sign(painter, sign, key, look)
            painter.setPen(QColor(look.ink))
            words = place.adjusted(look.px(24), 0, 0, 0)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
            painter.drawText(words, flags, key.text)
        painter.end()

    def _places(self, width: int) -> list[QRectF]:
        if self._look is None:
            return []
        metrics = QFontMetricsF(self._look.small)
        height, gap = metrics.height() + self._look.px(2), self._look.px(16)
        places: list[QRectF] = []
        left = top = 0.0
        for key in self._keys:
            wide = self._look.px(24) + metrics.horizontalAdvance(key.text)
            if left and left + wide + self._look.px(2) > width:
                left, top = 0.0, top + height
            places.append(QRectF(left, top, wide, height))
            left += wide + gap
        return places


def _draw_sign(painter: QPainter, box: QRectF, key: Key, look: Look) -> None:
    middle = box.center()
    if key.mark is None:
        pen = QPen(QColor(look.ink), look.px(1.3))
        pen.setDashPattern(DASHES.get(key.line, OTHER_DASHES))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(QLineF(box.left(), middle.y(), box.right(), middle.y()))
    elif key.is_bar:
        inset = (box.height() - look.px(11)) / 2
        draw_bar(painter, box.adjusted(look.px(1), inset, -look.px(1), -inset), look, key.mark)
    else:
        draw_mark(painter, (middle.x(), middle.y()), key.mark, look.px(4.2), line=look.px(1))
