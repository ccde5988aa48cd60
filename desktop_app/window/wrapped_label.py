"""Text that takes as many lines as its width asks for, and breaks long paths."""

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop_app.window.theme import set_role

BREAK = "\u200b"
"""No width, but a line may break here."""

LONG = re.compile(r"\w{24}(?=\w{8})")
"""Pieces of a word such as a digest, which would else be wider than a column."""

ANY_WIDTH = 100_000


class WrappedLabel(QLabel):
    """Plain text in a layout that may be narrower than the text.

    Parameters
    ----------
    role
        Its look in the style sheet, such as ``muted``.
    """

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setText(text)
        if role:
            set_role(self, role)

    def setText(self, text: str) -> None:
        """Show a text; a line may break after each slash and in very long words.

        A screen reader hears it whole.
        """
        parts = LONG.sub(rf"\g<0>{BREAK}", text)
        super().setText(parts.replace("/", f"/{BREAK}").replace("\\", f"\\{BREAK}"))
        self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        """Let the width shrink; the height, never less than a line, follows it."""
        return QSize(0, self.heightForWidth(ANY_WIDTH))
