"""Keys that belong to the control under the cursor are kept from the window's actions."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

COMMAND_KEYS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
"""How Windows reports the key that writes the third character of a key."""
ARROWS = frozenset[int]({
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down,
})  # fmt: skip
ENTER = frozenset[int]({Qt.Key.Key_Return, Qt.Key.Key_Enter})
WITH_ARROWS = (QAbstractItemView, QAbstractSlider, QAbstractButton, QComboBox, QTabBar)


def takes_text(widget: QObject | None) -> bool:
    """Tell whether a person writes into this widget."""
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly()
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    return isinstance(widget, QAbstractSpinBox)


def belongs_to(widget: QObject | None, event: QKeyEvent) -> bool:
    """Tell whether a key is the focused widget's own, rather than an action's."""
    key = event.key()
    if takes_text(widget):
        return _is_written(event)
    if event.modifiers() & COMMAND_KEYS:
        return False
    if isinstance(widget, QAbstractItemView) and key in ENTER:
        return True
    return isinstance(widget, WITH_ARROWS) and key in ARROWS


def _is_written(event: QKeyEvent) -> bool:
    """Tell whether a key writes, or moves in a text: no command, no function key."""
    if Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35:
        return False
    held = event.modifiers() & COMMAND_KEYS
    is_alt_gr = bool(event.text()) and event.text().isprintable() and held == ALT_GR
    return not held or is_alt_gr


class TypingGuard(QObject):
    """Watches the widget that has the focus, and that one only.

    Qt asks the focused widget first whether a key is its own before it looks for an action.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)
        self._on_focus(None, QApplication.focusWidget())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the keys that belong to the watched widget."""
        is_question = event.type() == QEvent.Type.ShortcutOverride
        if is_question and isinstance(event, QKeyEvent) and belongs_to(watched, event):
            event.accept()
            return True
        return False

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = new
        if new is not None:
            new.installEventFilter(self)
