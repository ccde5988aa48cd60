"""The picture, drawn from the level of its pyramid that suits the zoom."""

import math
from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop_app.canvas.adjustment import Adjustment
from engine.images.pyramid import Pyramid

CRISP_ABOVE = 2.0
"""Above this zoom pixels are shown as squares; below it, they are smoothed."""

TILE = 512
"""Side of the parts, in pixels of a level, that are adjusted at a time and kept."""

TILES_KEPT = 96
APRON = 2
"""Pixels beyond what is exposed, so that smoothing at its edge sees its neighbours."""

Tile = tuple[int, int, int]


class PictureItem(QGraphicsItem):
    """One pyramid in image coordinates; it paints only what is exposed."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._pyramid: Pyramid | None = None
        self._images: list[QImage] = []
        self._adjustment = Adjustment()
        self._tiles: OrderedDict[Tile, NDArray[np.uint8]] = OrderedDict()

    def show_pyramid(self, pyramid: Pyramid | None) -> None:
        """Show another picture, or none."""
        self.prepareGeometryChange()
        self._pyramid = pyramid
        self._images = [_image_on(level) for level in pyramid.levels] if pyramid else []
        self._tiles.clear()
        self.update()

    def adjust(self, adjustment: Adjustment) -> None:
        """Show the picture brighter or with more contrast."""
        self._adjustment = adjustment
        self._tiles.clear()
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the picture's frame."""
        pyramid = self._pyramid
        return QRectF(0, 0, pyramid.width, pyramid.height) if pyramid else QRectF()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the exposed part."""
        exposed = option.exposedRect.intersected(self.boundingRect())
        if exposed.isEmpty():
            return
        zoom = abs(painter.deviceTransform().m11())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(self.boundingRect(), Qt.ClipOperation.IntersectClip)
        level = level_for(zoom, len(self._images))
        if zoom > CRISP_ABOVE:
            self._paint_squares(painter, exposed)
        elif self._adjustment.is_neutral:
            self._paint_part(painter, self._images[level], level, exposed)
        else:
            self._paint_tiles(painter, level, exposed)
        painter.restore()

    def _paint_squares(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint each pixel as a square, exactly.

        Qt scales in steps of 1/65536 of a pixel, which far in adds up to a whole device pixel
        across the window; so each device pixel is looked up here and painted as it is.
        """
        assert self._pyramid is not None
        device, world = painter.deviceTransform(), painter.worldTransform()
        ratio = painter.device().devicePixelRatio()
        pixels, zoom = self._pyramid.levels[0], device.m11()
        rows = _looked_up(exposed.top(), exposed.bottom(), device.dy(), zoom, pixels.shape[0])
        columns = _looked_up(exposed.left(), exposed.right(), device.dx(), zoom, pixels.shape[1])
        if len(rows.pixels) == 0 or len(columns.pixels) == 0:
            return
        squares = self._squares(pixels, rows.pixels, columns.pixels)
        painter.setWorldTransform(QTransform.fromScale(1 / ratio, 1 / ratio))
        left = columns.first - round(device.dx() - world.dx() * ratio)
        top = rows.first - round(device.dy() - world.dy() * ratio)
        painter.drawImage(QPointF(left, top), _image_on(squares))

    def _squares(
        self, pixels: NDArray[np.uint8], rows: NDArray[np.intp], columns: NDArray[np.intp]
    ) -> NDArray[np.uint8]:
        """Return the pixel that each device pixel shows, adjusted."""
        left, right = int(columns[0]), int(columns[-1]) + 1
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        block = np.ascontiguousarray(pixels[top:bottom, left:right])
        if not self._adjustment.is_neutral:
            block = np.take(self._adjustment.table(), block)
            block[..., 3] = 255
        wide = np.take(block.view(np.uint32)[..., 0], columns - left, axis=1)
        tall = np.take(wide, rows - top, axis=0)
        squares: NDArray[np.uint8] = tall.view(np.uint8).reshape(*tall.shape, 4)
        return squares

    def _paint_part(self, painter: QPainter, image: QImage, level: int, exposed: QRectF) -> None:
        part = _grown(exposed, 2**level, image.width(), image.height())
        painter.drawImage(self._placed(part, level), image, part)

    def _paint_tiles(self, painter: QPainter, level: int, exposed: QRectF) -> None:
        for row, column in _tiles_over(exposed, TILE * 2**level):
            tile = QRectF(column * TILE, row * TILE, TILE, TILE)
            painter.save()
            painter.setClipRect(self._placed(tile, level), Qt.ClipOperation.IntersectClip)
            image, part = self._tile(level, row, column)
            painter.drawImage(self._placed(part, level), image)
            painter.restore()

    def _placed(self, part: QRectF, level: int) -> QRectF:
        """Return where a part of a level lies on the picture.

        Levels are rounded up, so that the last column or row of one may stand for less than its
        share and is painted beyond the frame; the frame cuts it off.
        """
        size = 2**level
        return QRectF(part.x() * size, part.y() * size, part.width() * size, part.height() * size)

    def _tile(self, level: int, row: int, column: int) -> tuple[QImage, QRectF]:
        """Return the adjusted pixels of a tile with its apron, and which part of the level."""
        assert self._pyramid is not None
        pixels = self._pyramid.levels[level]
        top, left = max(row * TILE - APRON, 0), max(column * TILE - APRON, 0)
        block = pixels[top : (row + 1) * TILE + APRON, left : (column + 1) * TILE + APRON]
        key = (level, row, column)
        if key not in self._tiles:
            self._tiles[key] = np.take(self._adjustment.table(), block)
            self._tiles[key][..., 3] = 255
        self._tiles.move_to_end(key)
        if len(self._tiles) > TILES_KEPT:
            self._tiles.popitem(last=False)
        return _image_on(self._tiles[key]), QRectF(left, top, block.shape[1], block.shape[0])


class _Lookup(NamedTuple):
    """Which pixel of the picture each device pixel shows, along one side.

    Attributes
    ----------
    first
        The first device pixel.
    pixels
        For it and each that follows, the pixel of the picture that its centre lies in.
    """

    first: int
    pixels: NDArray[np.intp]


def _looked_up(start: float, end: float, offset: float, zoom: float, count: int) -> _Lookup:
    """Look device pixels up from `start` to `end` in the picture, `count` pixels long."""
    first = math.floor(start * zoom + offset)
    devices = np.arange(first, math.ceil(end * zoom + offset))
    pixels = np.floor((devices + 0.5 - offset) / zoom).astype(np.intp)
    is_there = (pixels >= 0) & (pixels < count)
    skipped = int(is_there.argmax()) if len(pixels) else 0
    return _Lookup(first + skipped, pixels[is_there])


def level_for(zoom: float, count: int) -> int:
    """Return the smallest level that still has a pixel for each device pixel.

    Parameters
    ----------
    zoom
        Device pixels per image pixel.
    count
        How many levels there are.
    """
    level = math.floor(math.log2(1 / zoom) + 1e-9) if zoom < 1 else 0
    return min(level, count - 1)


def _image_on(pixels: NDArray[np.uint8]) -> QImage:
    """Return an image on the memory of BGRX pixels, which must outlive it."""
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)


def _grown(exposed: QRectF, size: int, width: int, height: int) -> QRectF:
    """Return the exposed part in whole pixels of a level, with its apron."""
    left = max(math.floor(exposed.left() / size) - APRON, 0)
    top = max(math.floor(exposed.top() / size) - APRON, 0)
    right = min(math.ceil(exposed.right() / size) + APRON, width)
    bottom = min(math.ceil(exposed.bottom() / size) + APRON, height)
    return QRectF(left, top, right - left, bottom - top)


def _tiles_over(exposed: QRectF, side: int) -> Iterator[tuple[int, int]]:
    for row in range(math.floor(exposed.top() / side), math.ceil(exposed.bottom() / side)):
        for column in range(math.floor(exposed.left() / side), math.ceil(exposed.right() / side)):
            yield row, column
