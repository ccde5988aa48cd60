"""A small window over the table that goes away at a click beside it or at Esc."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop_app.window.theme import Theme, set_role, space


class Popup(QDialog):
    """Has a column of widgets, `body`; it is not modal and is gone for good once closed."""

    def __init__(self, title: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        set_role(self, "popup")
        self.theme = theme
        self.body = QVBoxLayout(self)
        space(self.body, theme, "m", spacing="s")

    def open_at(self, at: QPoint) -> None:
        """Open with the upper left corner at a point of the screen, or as near as it fits."""
        self.adjustSize()
        screen = QGuiApplication.screenAt(at) or self.screen()
        room = screen.availableGeometry()
        place = QRect(at, self.size())
        place.moveLeft(max(min(place.left(), room.right() - place.width()), room.left()))
        place.moveTop(max(min(place.top(), room.bottom() - place.height()), room.top()))
        self.move(place.topLeft())
        self.show()
