"""A view that zooms at the cursor and pans, exactly, by a camera of its own."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from desktop_app.canvas.camera import Camera, Point, centred, fitted

WORLD = 2.0**20
"""Half the side of the scene: so large that scroll bars, which count whole pixels, stay at 0."""

STEP = 1.25
"""What one notch of the wheel, or one press of a key, zooms by."""

NOTCH = 120.0
"""Units of Qt's wheel for one notch."""


class ZoomView(QGraphicsView):
    """Scene coordinates are image pixels; the camera says where they are on the screen.

    Qt's own scroll bars would round the place of the image to whole screen pixels, so they are
    out of use and the whole way lies in the view's transform.
    """

    zoom_changed = Signal(float)
    """Device pixels per image pixel; 1 is 100 %."""

    interacted = Signal()
    """The person did something with mouse or wheel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.world = QGraphicsScene(-WORLD, -WORLD, 2 * WORLD, 2 * WORLD, self)
        self.world.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setScene(self.world)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self._camera = Camera(ratio=self.devicePixelRatioF())
        self._size: Point | None = None
        self._is_fitted = True
        self._is_space_down = False
        self._pan_from: QPointF | None = None
        self._place()

    # Where the image is

    @property
    def zoom(self) -> float:
        """Device pixels per image pixel."""
        return self._camera.zoom

    @property
    def scale_on_screen(self) -> float:
        """Screen pixels, as the mouse counts them, per image pixel."""
        return self._camera.scale

    @property
    def is_panning(self) -> bool:
        """True while the picture is being pushed."""
        return self._pan_from is not None

    @property
    def is_ready_to_pan(self) -> bool:
        """True while Space is held."""
        return self._is_space_down

    def to_screen(self, x: float, y: float) -> QPointF:
        """Return where a point of the image lies in the viewport."""
        return QPointF(*self._camera.to_screen((x, y)))

    def to_image(self, at: QPointF) -> Point:
        """Return the point of the image at a place in the viewport."""
        return self._camera.to_image((at.x(), at.y()))

    def frame_image(self, size: Point | None) -> None:
        """Take an image of another size, fitted; None for no image."""
        self._size = size
        self.fit()

    def image_frame(self) -> QRectF:
        """Return the frame of the image in scene coordinates."""
        return QRectF(0, 0, *self._size) if self._size else QRectF()

    # What a person can do

    def fit(self) -> None:
        """Show the whole image as large as the window allows."""
        if self._size:
            camera = fitted(self._size, self._window(), self.devicePixelRatioF())
            self._look(camera, is_fitted=True)

    def actual_size(self) -> None:
        """Show one pixel of the image on one of the screen, what is in the middle staying there."""
        self.zoom_to(1.0)

    def zoom_in(self) -> None:
        """Zoom in by one step about the middle."""
        self.zoom_to(self.zoom * STEP)

    def zoom_out(self) -> None:
        """Zoom out by one step about the middle."""
        self.zoom_to(self.zoom / STEP)

    def zoom_to(self, zoom: float, about: QPointF | None = None) -> None:
        """Zoom to device pixels per image pixel; what is at `about` in the viewport stays there."""
        if self._size is None:
            return
        width, height = self._window()
        at = (about.x(), about.y()) if about is not None else (width / 2, height / 2)
        self._look(self._camera.zoomed(zoom, at))

    def pan(self, dx: float, dy: float) -> None:
        """Push the image by screen pixels."""
        if self._size is not None:
            self._look(self._camera.panned((dx, dy)))

    def begin_pan(self, at: QPointF) -> None:
        """Hold the image at a place in the viewport; it follows the mouse from now on."""
        self._pan_from = QPointF(at)
        self.update_cursor()

    def camera_moved(self) -> None:
        """Follow the camera; a canvas looks again what is under the cursor."""

    def update_cursor(self) -> None:
        """Show by the cursor what a press would do; tools say more."""
        if self.is_panning:
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._is_space_down:
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.viewport().unsetCursor()

    # Qt's events

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor, with or without Ctrl."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned:
            self.zoom_to(self.zoom * STEP ** (turned / NOTCH), event.position())
        self.interacted.emit()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to pan with the middle button, or with the left one while Space is held."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (is_left and self._is_space_down):
            self.begin_pan(event.position())
        self.interacted.emit()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while the image is held."""
        if self._pan_from is not None:
            by = event.position() - self._pan_from
            self._pan_from = QPointF(event.position())
            self.pan(by.x(), by.y())
        if event.buttons() != Qt.MouseButton.NoButton:
            self.interacted.emit()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the image."""
        if self._pan_from is not None and event.button() != Qt.MouseButton.RightButton:
            self._pan_from = None
            self.update_cursor()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the second press of a double click for a press."""
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Get ready to pan on Space; every other key belongs to the window."""
        if event.key() != Qt.Key.Key_Space:
            event.ignore()
        elif not event.isAutoRepeat():
            self._is_space_down = True
            self.update_cursor()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Stop being ready to pan."""
        if event.key() != Qt.Key.Key_Space:
            event.ignore()
        elif not event.isAutoRepeat():
            self._is_space_down = False
            self.update_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget Space: its release goes elsewhere."""
        self._is_space_down = False
        self.update_cursor()
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a fitted image fitted, and what is in the middle in the middle."""
        super().resizeEvent(event)
        before, after = event.oldSize(), event.size()
        if self._is_fitted or not before.isValid():
            self.fit()
        else:
            by = after.width() - before.width(), after.height() - before.height()
            self._look(self._camera.panned((by[0] / 2, by[1] / 2)))

    def showEvent(self, event: QShowEvent) -> None:
        """Take the screen's device pixels into account."""
        super().showEvent(event)
        self._follow_screen()

    def event(self, event: QEvent) -> bool:
        """Follow the window to a screen of another kind."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._follow_screen()
        return bool(super().event(event))

    # Inside

    def _window(self) -> Point:
        size = self.viewport().size()
        return float(size.width()), float(size.height())

    def _follow_screen(self) -> None:
        ratio = self.devicePixelRatioF()
        if ratio == self._camera.ratio:
            return
        camera = Camera(self._camera.zoom, ratio=ratio)
        if self._size is None or self._is_fitted:
            self._camera = camera
            self.fit()
        else:
            self._look(centred(camera, self._size, self._window()))

    def _look(self, camera: Camera, *, is_fitted: bool = False) -> None:
        if self._size is not None and not is_fitted:
            camera = camera.kept_in_sight(self._size, self._window())
        is_zoomed = camera.zoom != self._camera.zoom
        self._camera, self._is_fitted = camera, is_fitted
        self._place()
        self.camera_moved()
        if is_zoomed:
            self.zoom_changed.emit(camera.zoom)

    def _place(self) -> None:
        scale, (x, y) = self._camera.scale, self._camera.corner
        self.setTransform(QTransform(scale, 0, 0, scale, x, y))
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.setValue(0)
