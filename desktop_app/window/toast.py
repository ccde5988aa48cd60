"""A short message over the canvas, gone by itself."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desktop_app.window.theme import KeptIcon, Theme, set_role, space

STAYS = 6_000
"""Milliseconds that a message stays."""


class Toast(QFrame):
    """Says what just happened on the canvas; it never takes a click or the focus."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "note_box")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        sign, self._text = QLabel(), QLabel()
        KeptIcon(sign, theme, "info", tone="note")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        space(row, theme, "m s", spacing="s")
        row.addWidget(sign)
        row.addWidget(self._text, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS)
        self._timer.timeout.connect(self.hide)

    @property
    def text(self) -> str:
        """What it says, empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def tell(self, message: str) -> None:
        """Say something for a while, in place of what is still there."""
        self._text.setText(message)
        self.setAccessibleName(message)
        self.show()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def withdraw(self) -> None:
        """Say nothing any more."""
        self._timer.stop()
        self.hide()
