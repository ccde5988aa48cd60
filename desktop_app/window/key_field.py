"""A field that takes the next keys that are pressed, whatever they would do otherwise."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QWidget

from desktop_app.window.keymap import PORTABLE

MODIFIERS = frozenset[int]({
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta,
    Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock,
    Qt.Key.Key_unknown, 0,
})  # fmt: skip
"""Keys that mean nothing by themselves."""

RESERVED = {
    "Tab": "Tab moves from one control to the next",
    "Shift+Tab": "Shift+Tab moves from one control to the one before",
    "Backtab": "Shift+Tab moves from one control to the one before",
    "Space": "Space moves the photograph while it is held, and presses buttons",
}
"""Keys that cannot be given away, and why."""


class KeyField(QLabel):
    """Waits for keys while it has the focus; Esc gives up."""

    pressed = Signal(str)
    """Keys in portable notation, such as ``Ctrl+Shift+D``."""
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Press keys…", parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def event(self, event: QEvent) -> bool:
        """Take Tab, and every key that would be an action."""
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.keyPressEvent(event)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell the keys, once one is pressed that means something by itself."""
        event.accept()
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.given_up.emit()
        elif event.key() not in MODIFIERS and not event.isAutoRepeat():
            self.pressed.emit(keys_of(event))


def keys_of(event: QKeyEvent) -> str:
    """Return what was pressed, in portable notation.

    Shift is left out where it only makes another character of the key, as in ``!``.
    """
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    is_symbol = bool(text) and text.isprintable() and not text.isalnum() and not text.isspace()
    if is_symbol:
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeySequence(event.key() | modifiers.value).toString(PORTABLE)
