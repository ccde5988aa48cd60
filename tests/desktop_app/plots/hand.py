"""A mouse and a keyboard over a plot: it is told numbers of the axes and goes to screen pixels."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NO_KEY = Qt.KeyboardModifier.NoModifier


class Hand:
    """Presses, drags, clicks and types on a plot, as Qt would have it."""

    def __init__(self, plot, qtbot):
        self.plot, self.view, self.qtbot = plot, plot.view, qtbot

    def settled(self):
        """Return the frame once the axes have the room that their numbers take."""
        before = None
        while before != self.view.frame:
            before = self.view.frame
            self.view.viewport().repaint()
            QApplication.processEvents()
        return before

    def pixel(self, x, y):
        """Return the whole screen pixel nearest to numbers of the axes."""
        frame = self.settled()
        at = self.view.box.mapToScene(frame.across(float(x)), frame.down(float(y)))
        return self.view.mapFromScene(at)

    def numbers(self, x, y):
        """Return the numbers of the axes at the pixel that was meant by these."""
        at = self.view.box.mapFromScene(QPointF(self.pixel(x, y)))
        frame = self.view.frame
        return frame.x_at(at.x()), frame.y_at(at.y())

    def move(self, x, y, *, held=Qt.MouseButton.NoButton, keys=NO_KEY):
        local = QPointF(self.pixel(x, y))
        viewport = self.view.viewport()
        window = QPointF(viewport.mapToGlobal(local))
        kind = QEvent.Type.MouseMove
        event = QMouseEvent(kind, local, window, Qt.MouseButton.NoButton, held, keys)
        QApplication.sendEvent(viewport, event)

    def click(self, x, y, *, keys=NO_KEY):
        self.qtbot.mouseClick(self.view.viewport(), LEFT, keys, self.pixel(x, y))

    def double_click(self, x, y):
        self.click(x, y)
        self.qtbot.mouseDClick(self.view.viewport(), LEFT, NO_KEY, self.pixel(x, y))

    def press(self, x, y, *, button=LEFT, keys=NO_KEY):
        self.qtbot.mousePress(self.view.viewport(), button, keys, self.pixel(x, y))

    def release(self, x, y, *, button=LEFT, keys=NO_KEY):
        self.qtbot.mouseRelease(self.view.viewport(), button, keys, self.pixel(x, y))

    def drag(self, *points, button=LEFT, keys=NO_KEY):
        """Press at the first place, move over the others, let go at the last."""
        self.press(*points[0], button=button, keys=keys)
        for place in points[1:]:
            self.move(*place, held=button, keys=keys)
        self.release(*points[-1], button=button, keys=keys)

    def wheel(self, x, y, notches):
        viewport = self.view.viewport()
        local = QPointF(self.pixel(x, y))
        window = QPointF(viewport.mapToGlobal(local))
        turn = QPoint(0, round(120 * notches))
        phase = Qt.ScrollPhase.NoScrollPhase
        nothing = Qt.MouseButton.NoButton
        event = QWheelEvent(local, window, QPoint(), turn, nothing, NO_KEY, phase, False)
        QApplication.sendEvent(viewport, event)

    def key(self, key, keys=NO_KEY):
        self.qtbot.keyClick(self.view, key, keys)

    def colours(self):
        """Return the picture between the axes as red, green and blue, shape (h, w, 3)."""
        self.settled()
        image = self.view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        raw = np.frombuffer(image.constBits(), np.uint8).copy()  # the image goes with this call
        rows = raw.reshape(image.height(), image.bytesPerLine())[:, : 3 * image.width()]
        pixels = rows.reshape(image.height(), image.width(), 3)
        corner = self.view.mapFromScene(self.view.box.mapToScene(0, 0))
        size = self.view.box.size()
        bottom, right = corner.y() + int(size.height()), corner.x() + int(size.width())
        return pixels[corner.y() : bottom, corner.x() : right]


def count_of(pixels, colour):
    """Return how many pixels have a colour, given as #rrggbb."""
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((pixels == wanted).all(axis=2).sum())
