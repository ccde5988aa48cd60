"""What all that lies over the picture has in common: its frame and its style."""

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem

from desktop_app.canvas.style import LIGHT, CanvasStyle

MARGIN = 512.0
"""Image pixels around the picture that lines and handles on its border may reach, zoomed out."""


class Overlay(QGraphicsItem):
    """An item in the frame of the picture, painted in the canvas' style."""

    def __init__(self) -> None:
        super().__init__()
        self._frame = QRectF()
        self._style = LIGHT

    def set_frame(self, frame: QRectF) -> None:
        """Set the picture's frame, inside which all regions lie."""
        self.prepareGeometryChange()
        self._frame = frame

    def set_style(self, style: CanvasStyle) -> None:
        """Paint in other colours."""
        self._style = style
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the picture's frame, with room for lines and handles on its border."""
        return self._frame.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
