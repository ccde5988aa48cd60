"""Privacy boxes over the photograph, and the hand that draws one."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from desktop_app.canvas.overlay import Overlay
from desktop_app.canvas.view import ZoomView
from engine.domain.image import PrivacyBox

COVER = "#c8606060"
"""The grey of burnt-in boxes; here the photograph shines through."""

LINE = "#ffffff"
SMALLEST = 4.0
"""Screen pixels that a box must measure either way; a slip is none."""


class BoxesItem(Overlay):
    """All boxes of one image, and the one that is being drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._boxes: tuple[QRectF, ...] = ()
        self._draft: QRectF | None = None

    def set_boxes(self, boxes: Sequence[PrivacyBox]) -> None:
        """Show other boxes."""
        self._boxes = tuple(
            QRectF(QPointF(box.left, box.top), QPointF(box.right, box.bottom)) for box in boxes
        )
        self.update()

    def show_draft(self, draft: QRectF | None) -> None:
        """Show the box that is being drawn, or none."""
        self._draft = draft
        self.update()

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint each box as a veil within a dashed line."""
        width = painter.device().devicePixelRatio() * self._style.scale
        pen = QPen(QColor(LINE), 1.5 * width, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        for box in (*self._boxes, *((self._draft,) if self._draft is not None else ())):
            painter.fillRect(box, QColor(COVER))
            hatch = QBrush(QColor(LINE), Qt.BrushStyle.BDiagPattern)
            hatch.setTransform(painter.worldTransform().inverted()[0])
            painter.setOpacity(0.25)
            painter.fillRect(box, hatch)
            painter.setOpacity(1.0)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)


class BoxHand(QObject):
    """Draws one box on a canvas by pressing and dragging, while it is active."""

    drawn = Signal(object)
    """The `PrivacyBox`, inside the picture."""

    begun = Signal()
    """The hand is active now."""

    ended = Signal()
    """The hand is inactive again."""

    def __init__(self, view: ZoomView, item: BoxesItem) -> None:
        super().__init__(view)
        self._view = view
        self._item = item
        self._start: QPointF | None = None
        self.is_active = False

    def begin(self) -> None:
        """Take the left button until a box is drawn or given up."""
        if not self.is_active and not self._view.image_frame().isEmpty():
            self.is_active = True
            self._view.viewport().installEventFilter(self)
            self._view.viewport().setCursor(Qt.CursorShape.CrossCursor)
            self.begun.emit()

    def end(self) -> None:
        """Give up."""
        if self.is_active:
            self.is_active, self._start = False, None
            self._view.viewport().removeEventFilter(self)
            self._view.update_cursor()
            self._item.show_draft(None)
            self.ended.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take the left button's events, and leave wheel and middle button to the view."""
        if not isinstance(event, QMouseEvent) or self._view.is_ready_to_pan:
            return False
        kind, left = event.type(), Qt.MouseButton.LeftButton
        if kind == QEvent.Type.MouseButtonPress and event.button() == left:
            self._start = event.position()
            return True
        if kind == QEvent.Type.MouseMove and self._start is not None:
            self._item.show_draft(self._box(event.position()))
            return True
        if kind == QEvent.Type.MouseButtonRelease and event.button() == left:
            self._finish(event.position())
            return True
        return kind == QEvent.Type.MouseMove and event.buttons() == Qt.MouseButton.NoButton

    def _box(self, at: QPointF) -> QRectF:
        """Return the part of the picture between the press and a place in the viewport."""
        first, last = (QPointF(*self._view.to_image(p)) for p in (self._start or at, at))
        return QRectF(first, last).normalized().intersected(self._view.image_frame())

    def _finish(self, at: QPointF) -> None:
        if self._start is None:
            return
        box = self._box(at)
        self._start = None
        self._item.show_draft(None)
        if min(box.width(), box.height()) * self._view.scale_on_screen >= SMALLEST:
            self.end()
            self.drawn.emit(PrivacyBox(box.left(), box.top(), box.right(), box.bottom()))
