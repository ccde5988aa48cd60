"""A picture with clear parts that lies over the photograph, stretched to its frame."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from desktop_app.canvas.overlay import Overlay


class RasterItem(Overlay):
    """Pixels as `vote_pictures` makes them; none are shown until there are some."""

    def __init__(self) -> None:
        super().__init__()
        self._pixels: NDArray[np.uint8] | None = None
        self._image = QImage()

    def set_pixels(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show other pixels, shape (height, width, 4), or none."""
        self._pixels = None if pixels is None else np.ascontiguousarray(pixels)
        self._image = QImage() if self._pixels is None else _image_on(self._pixels)
        self.update()

    @property
    def has_pixels(self) -> bool:
        """True while there is something to show."""
        return self._pixels is not None

    def boundingRect(self) -> QRectF:
        """Return the picture's frame."""
        return self._frame

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the pixels as squares where they are larger than the screen's."""
        if self._pixels is None or self._frame.isEmpty():
            return
        shown = painter.worldTransform().mapRect(self._frame).width()
        is_reduced = shown * painter.device().devicePixelRatio() < self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_reduced)
        painter.drawImage(self._frame, self._image)


def _image_on(pixels: NDArray[np.uint8]) -> QImage:
    """Return an image on the memory of the pixels, which must outlive it."""
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, 4 * width, kind)
