"""What is said in place of a picture: that it is loading, or why it is not there."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop_app.canvas.style import CanvasStyle

WIDEST = 440
"""Screen pixels of the longest line."""


class Message(QLabel):
    """Calm text in the middle of the canvas; the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_style(self, style: CanvasStyle) -> None:
        """Write in the colour for this background."""
        self.setStyleSheet(
            f"color: {style.text}; background: transparent; font-size: {round(12 * style.scale)}pt;"
        )

    def say(self, text: str) -> None:
        """Show a text, or nothing."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def centre_in(self, width: int, height: int) -> None:
        """Take the middle of the canvas."""
        wide = min(WIDEST, max(width - 32, 1))
        self.setGeometry((width - wide) // 2, 0, wide, height)
