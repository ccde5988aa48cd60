"""A mouse over a canvas: it is told points of the image and goes to whole screen pixels."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

LEFT, RIGHT, MIDDLE = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
NO_KEY, ALT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)


class Mouse:
    """Clicks, drags and turns its wheel on the viewport, as Qt would have it."""

    def __init__(self, canvas, qtbot):
        self.canvas, self.qtbot = canvas, qtbot
        self._held = Qt.MouseButton.NoButton

    def pixel(self, x, y):
        """Return the whole screen pixel nearest to a point of the image."""
        return self.canvas.to_screen(x, y).toPoint()

    def image(self, pixel):
        """Return the point of the image at a screen pixel, from the view's own transform."""
        inverse, _ = self.canvas.viewportTransform().inverted()
        at = inverse.map(QPointF(pixel))
        return at.x(), at.y()

    def move(self, x, y, *, keys=NO_KEY):
        """Move to a point of the image and return where that is exactly."""
        return self.move_to(self.pixel(x, y), keys=keys)

    def move_to(self, pixel, *, keys=NO_KEY):
        viewport = self.canvas.viewport()
        local = QPointF(pixel)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            local,
            QPointF(viewport.mapToGlobal(local)),
            Qt.MouseButton.NoButton,
            self._held,
            keys,
        )
        QApplication.sendEvent(viewport, event)
        return self.image(pixel)

    def press(self, x, y, *, button=LEFT, keys=NO_KEY):
        pixel = self.pixel(x, y)
        self.qtbot.mousePress(self.canvas.viewport(), button, keys, pixel)
        self._held = button
        return self.image(pixel)

    def release(self, x, y, *, button=LEFT, keys=NO_KEY):
        pixel = self.pixel(x, y)
        self.qtbot.mouseRelease(self.canvas.viewport(), button, keys, pixel)
        self._held = Qt.MouseButton.NoButton
        return self.image(pixel)

    def click(self, x, y, *, button=LEFT, keys=NO_KEY):
        self.move(x, y, keys=keys)
        self.press(x, y, button=button, keys=keys)
        return self.release(x, y, button=button, keys=keys)

    def click_all(self, points):
        """Click at each point and return where exactly that was."""
        return [self.click(*point) for point in points]

    def double_click(self, x, y):
        """Click twice as Qt tells of it: press, release, double click, release."""
        at = self.click(x, y)
        pixel = self.pixel(x, y)
        self.qtbot.mouseDClick(self.canvas.viewport(), LEFT, NO_KEY, pixel)
        return at

    def drag(self, *points, button=LEFT, keys=NO_KEY):
        """Press at the first point, move over the others, release at the last."""
        self.move(*points[0], keys=keys)
        places = [self.press(*points[0], button=button, keys=keys)]
        places += [self.move(*point, keys=keys) for point in points[1:]]
        self.release(*points[-1], button=button, keys=keys)
        return places

    def wheel(self, pixel, notches, *, keys=NO_KEY):
        """Turn the wheel over a place in the viewport."""
        viewport = self.canvas.viewport()
        local = QPointF(pixel)
        event = QWheelEvent(
            local,
            QPointF(viewport.mapToGlobal(local)),
            QPoint(),
            QPoint(0, round(120 * notches)),
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(viewport, event)
