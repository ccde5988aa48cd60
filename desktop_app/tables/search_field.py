"""A field to find something in a list below it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

DOWN = frozenset[int]({Qt.Key.Key_Down, Qt.Key.Key_PageDown})


class SearchField(QLineEdit):
    """Down leads from it into the list, Esc empties it.

    Parameters
    ----------
    name
        What is found with it, for a screen reader.
    """

    def __init__(self, hint: str, name: str, into: QWidget) -> None:
        super().__init__()
        self._into = into
        self.setPlaceholderText(hint)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave for the list, or start anew; an empty field leaves Esc to others."""
        if event.key() in DOWN:
            self._into.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
