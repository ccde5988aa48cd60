"""The panels of one image side by side, or one of them large, zoomed and pushed together."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from desktop_app.canvas.camera import LARGEST_ZOOM, Camera, Point, centred
from desktop_app.session.explaining.pictures import Picture
from desktop_app.window.theme import Theme

TITLES = ("I", "I + ROI", "I + ROI + SM", "ROI + SM")
"""As in Figure 4: the image, with the region, with region and map, region and map alone."""

MEANINGS = (
    "Photograph",
    "Photograph and region",
    "Photograph, region and map",
    "Region and map",
)
STEP, NOTCH = 1.25, 120.0
CRISP_ABOVE = 2.0


class PanelCanvas(QWidget):
    """One camera for all panels: what is seen in one is seen in the others.

    Attributes
    ----------
    alone
        Number of the panel that is shown alone, or -1 for all side by side.
    shows_image
        True while the photograph stands in place of every panel.
    """

    zoom_changed = Signal(float)
    """Device pixels for each pixel of the picture."""

    def __init__(
        self, theme: Theme, *, titles: Sequence[str] = TITLES, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._titles = tuple(titles)
        self._pixmaps: list[QPixmap] = []
        self._size: Point | None = None
        self._camera = Camera()
        self._is_fitted = True
        self._held: QPointF | None = None
        self.alone = -1
        self.shows_image = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(120, 80))
        self.setAccessibleName("Panels of the image")
        theme.changed.connect(self.update)

    # What is shown

    @property
    def count(self) -> int:
        """How many panels the image has: four, two without a map, none while nothing is shown."""
        return len(self._pixmaps)

    @property
    def shown(self) -> list[int]:
        """Numbers of the panels that are in sight."""
        return [self.alone] if 0 <= self.alone < self.count else list(range(self.count))

    @property
    def zoom(self) -> float:
        """Device pixels for each pixel of the picture."""
        return self._camera.zoom

    def show_pictures(self, pictures: Sequence[Picture], *, is_same_image: bool = False) -> None:
        """Show the panels of an image; the same image looked at otherwise stays where it is."""
        before = self._size
        self._pixmaps = [pixmap_of(picture) for picture in pictures]
        first = self._pixmaps[0] if self._pixmaps else None
        self._size = (float(first.width()), float(first.height())) if first else None
        if not is_same_image or before != self._size:
            self.fit()
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._pixmaps, self._size = [], None
        self.update()

    def show_alone(self, panel: int) -> None:
        """Show one panel large, or all of them with -1; what is in sight stays in sight."""
        if panel != self.alone:
            self.alone = panel
            self.fit()

    def show_image(self, *, is_shown: bool) -> None:
        """Show the photograph in place of every panel, to flicker between the two."""
        self.shows_image = is_shown
        self.update()

    # What a person can do

    def fit(self) -> None:
        """Show the whole image in each panel."""
        self._is_fitted = True
        if self._size is not None:
            cell = self._cells()[0]
            ratio = self.devicePixelRatioF()
            scale = min(cell.width() / self._size[0], cell.height() / self._size[1])
            camera = Camera(min(scale * ratio, LARGEST_ZOOM), ratio=ratio)
            self._look(centred(camera, self._size, _room(cell)))

    def actual_size(self) -> None:
        """Show a pixel of the picture on one of the screen."""
        self.zoom_to(1.0)

    def zoom_in(self) -> None:
        """Zoom in by one step about the middle."""
        self.zoom_to(self.zoom * STEP)

    def zoom_out(self) -> None:
        """Zoom out by one step about the middle."""
        self.zoom_to(self.zoom / STEP)

    def zoom_to(self, zoom: float, about: Point | None = None) -> None:
        """Zoom all panels about a place within a panel."""
        if self._size is not None:
            cell = self._cells()[0]
            at = about or (cell.width() / 2, cell.height() / 2)
            self._is_fitted = False
            self._look(self._camera.zoomed(zoom, at).kept_in_sight(self._size, _room(cell)))

    def pan(self, dx: float, dy: float) -> None:
        """Push all panels by screen pixels."""
        if self._size is not None:
            self._is_fitted = False
            cell = self._cells()[0]
            self._look(self._camera.panned((dx, dy)).kept_in_sight(self._size, _room(cell)))

    # Qt's events

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint each panel in its cell, with its title above."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.colours.sunken))
        if self._size is None:
            return
        is_smooth = self.zoom <= CRISP_ABOVE
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        scale, (x, y) = self._camera.scale, self._camera.corner
        for panel, cell in zip(self.shown, self._cells(), strict=True):
            painter.save()
            painter.setClipRect(cell)
            target = QRectF(
                cell.x() + x, cell.y() + y, self._size[0] * scale, self._size[1] * scale
            )
            pixmap = self._pixmaps[0 if self.shows_image else panel]
            painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
            painter.restore()
            self._paint_title(painter, panel, cell)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned and self._size is not None:
            cell = self._cell_at(event.position())
            at = event.position() - cell.topLeft()
            self.zoom_to(self.zoom * STEP ** (turned / NOTCH), (at.x(), at.y()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the panels."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._held = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Push the panels while they are held; else say what the one under the pointer is."""
        if self._held is not None:
            by = event.position() - self._held
            self._held = event.position()
            self.pan(by.x(), by.y())
            return
        at = self._number_at(event.position())
        self.setToolTip(MEANINGS[self.shown[at]] if at is not None else "")

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let the panels go."""
        self._held = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the panel under the pointer alone, or all of them again."""
        at = self._number_at(event.position())
        if at is not None:
            self.show_alone(-1 if self.alone >= 0 else self.shown[at])
            self.alone_changed.emit(self.alone)

    alone_changed = Signal(int)
    """A person changed by the mouse which panel is shown alone."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a fitted image fitted."""
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()

    def event(self, event: QEvent) -> bool:
        """Follow the window to a screen of another kind."""
        if event.type() == QEvent.Type.DevicePixelRatioChange and self._is_fitted:
            self.fit()
        return bool(super().event(event))

    # Inside

    def _cells(self) -> list[QRectF]:
        """Return where the panels lie: in a row or in two, whichever shows them larger."""
        count = len(self.shown)
        if not count or self._size is None:
            return []
        title, gap = self._title_height(), self._theme.px("xs")
        best: list[QRectF] = []
        best_scale = -1.0
        for columns in {count, (count + 1) // 2, 1}:
            rows = -(-count // columns)
            width = (self.width() - gap * (columns + 1)) / columns
            height = (self.height() - gap * (rows + 1)) / rows - title
            scale = min(width / self._size[0], height / self._size[1])
            if scale > best_scale:
                best_scale = scale
                best = [
                    QRectF(
                        gap + (n % columns) * (width + gap),
                        gap + (n // columns) * (height + title + gap) + title,
                        max(width, 1.0),
                        max(height, 1.0),
                    )
                    for n in range(count)
                ]
        return best

    def _cell_at(self, at: QPointF) -> QRectF:
        number = self._number_at(at)
        return self._cells()[number or 0]

    def _number_at(self, at: QPointF) -> int | None:
        for number, cell in enumerate(self._cells()):
            if cell.contains(at):
                return number
        return None

    def _title_height(self) -> int:
        return self.fontMetrics().height() + self._theme.px("xs")

    def _paint_title(self, painter: QPainter, panel: int, cell: QRectF) -> None:
        painter.setPen(QColor(self._theme.colours.muted))
        box = QRectF(cell.x(), cell.y() - self._title_height(), cell.width(), self._title_height())
        text = self._titles[0 if self.shows_image else panel]
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _look(self, camera: Camera) -> None:
        is_zoomed = camera.zoom != self._camera.zoom
        ratio = self.devicePixelRatioF()
        self._camera = camera if camera.ratio == ratio else replace(camera, ratio=ratio)
        self.update()
        if is_zoomed:
            self.zoom_changed.emit(camera.zoom)


def _room(cell: QRectF) -> Point:
    return cell.width(), cell.height()


def pixmap_of(picture: Picture) -> QPixmap:
    """Return a picture of shape (height, width, 3) for the screen."""
    pixels = np.ascontiguousarray(picture)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(image.copy())  # the pixels are Python's, and may go
