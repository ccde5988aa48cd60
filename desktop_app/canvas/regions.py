"""All regions of one image, painted by one graphics object."""

from itertools import chain

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop_app.canvas.outline import Outline, stroke
from desktop_app.canvas.overlay import Overlay
from engine.domain.polygon import Polygon, Region

CASING = 2.0
"""Screen pixels by which the casing is wider than its line."""

REACH = 8.0
"""Screen pixels around the window in which lines are painted still."""

DASHES = [6.0, 5.0]
"""Of another window's region, in widths of its line."""


class RegionsItem(Overlay):
    """The outlines of a region, the selected polygon wider and filled."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._outlines: dict[Polygon, Outline] = {}
        self._region: Region = ()
        self._selected = -1
        self._hovered = -1

    def set_region(self, region: Region) -> None:
        """Show another region."""
        self._outlines = {
            polygon: self._outlines.get(polygon) or Outline(polygon.rings) for polygon in region
        }
        self._region = region
        self.update()

    def highlight(self, *, selected: int, hovered: int) -> None:
        """Show which polygon is selected and which is under the cursor; -1 for none."""
        if (selected, hovered) != (self._selected, self._hovered):
            self._selected, self._hovered = selected, hovered
            self.update()

    def outline(self, index: int) -> Outline:
        """Return one polygon ready to be painted."""
        return self._outlines[self._region[index]]

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint what is exposed: the casings of all, their lines, and the selected one on top."""
        zoom = abs(painter.deviceTransform().m11())
        unit = painter.device().devicePixelRatio() * self._style.scale
        reach = REACH * unit / zoom
        window = option.exposedRect.adjusted(-reach, -reach, reach, reach)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, selected = self._style, self._selected
        others = [i for i in range(len(self._region)) if i != selected]
        lines = list(chain.from_iterable(self._seen(i, zoom, window) for i in others))
        self._cased(painter, lines, style.outline, style.line)
        if self._hovered in others:
            self._cased(painter, self._seen(self._hovered, zoom, window), style.hovered, style.line)
        if 0 <= selected < len(self._region):
            outline = self.outline(selected)
            if outline.bounds.intersects(window):
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # under the line
                painter.fillPath(outline.path(zoom), QColor(style.fill))
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            chosen = self._seen(selected, zoom, window)
            self._cased(painter, chosen, style.selected, style.wide_line)

    def _seen(self, index: int, zoom: float, window: QRectF) -> list[QLineF]:
        outline = self.outline(index)
        return outline.strokes(zoom).seen_in(window)

    def _cased(self, painter: QPainter, lines: list[QLineF], colour: str, width: float) -> None:
        unit = painter.device().devicePixelRatio() * self._style.scale
        stroke(painter, lines, self._style.casing, (width + CASING) * unit)
        stroke(painter, lines, colour, width * unit)


class OtherItem(RegionsItem):
    """The same region as another window has it: dashed, never selected, never touched."""

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint casings, then dashes that run on from edge to edge."""
        zoom = abs(painter.deviceTransform().m11())
        width = self._style.wide_line * painter.device().devicePixelRatio() * self._style.scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(self._style.other), width, Qt.PenStyle.CustomDashLine)
        pen.setCosmetic(True)
        pen.setDashPattern(DASHES)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        for index in range(len(self._region)):
            outline = self.outline(index)
            stroke(painter, outline.strokes(zoom).lines, self._style.casing, width * 2)
            painter.strokePath(outline.path(zoom), pen)
