"""What floats over an edge of the canvas, so that the photograph does not move for it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop_app.window.theme import Theme

WIDEST = 720
"""Pixels at 100 % that a floating message may take."""


class Floating(QObject):
    """Keeps a widget over the middle of the upper or lower edge of another one."""

    def __init__(self, widget: QWidget, over: QWidget, theme: Theme, *, edge: Qt.Edge) -> None:
        super().__init__(widget)
        self._widget = widget
        self._over = over
        self._theme = theme
        self._edge = edge
        widget.setParent(over)
        widget.hide()
        over.installEventFilter(self)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Find the place anew whenever either of them changes."""
        is_below = watched is self._over and event.type() == QEvent.Type.Resize
        kinds = (QEvent.Type.ShowToParent, QEvent.Type.LayoutRequest)
        if is_below or (watched is self._widget and event.type() in kinds):
            self.place()
        return False

    def place(self) -> None:
        """Put the widget where it belongs, as wide as its words and the room allow."""
        if self._widget.isHidden():
            return
        gap = self._theme.px("m")
        room = min(self._over.width() - 2 * gap, self._theme.metrics.px(WIDEST))
        width = min(self._widget.sizeHint().width(), room)
        height = self._widget.sizeHint().height()
        if self._widget.hasHeightForWidth():
            height = self._widget.heightForWidth(width)
        left = (self._over.width() - width) // 2
        top = gap if self._edge == Qt.Edge.TopEdge else self._over.height() - height - gap
        self._widget.setGeometry(left, top, width, height)
        self._widget.raise_()
