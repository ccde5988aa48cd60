"""A note for the lead, written in place: one gesture when it is left, none when it is cancelled."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NoteEditor(QPlainTextEdit):
    """Holds what is being written until it is saved; what is shown anew does not overwrite it."""

    saved = Signal(str)
    left = Signal()
    """The grader is through with the note by key; the focus may go elsewhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self.setTabChangesFocus(True)
        self.setAccessibleName("Note for the lead")
        self.setPlaceholderText("Anything the lead should know")

    @property
    def is_changed(self) -> bool:
        """True while it holds what is not saved."""
        return self.toPlainText().strip() != self._kept

    def show_note(self, note: str) -> None:
        """Show a note; where it is the one that was saved last, what is being written stays."""
        if note != self._kept:
            self.show_other(note)

    def show_other(self, note: str) -> None:
        """Show the note of another image, whatever was written."""
        self._kept = note
        self.setPlainText(note)

    def save(self) -> None:
        """Hand on what was written since; nothing where nothing was."""
        if self.is_changed:
            self._kept = self.toPlainText().strip()
            self.saved.emit(self._kept)

    def cancel(self) -> None:
        """Forget what was written since it was last saved."""
        self.setPlainText(self._kept)

    def event(self, event: QEvent) -> bool:
        """Claim the keys that end a note before the window's actions see them."""
        is_question = event.type() == QEvent.Type.ShortcutOverride
        if is_question and isinstance(event, QKeyEvent) and self._ends(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save on Ctrl+Enter, cancel on Esc, write otherwise."""
        if not self._ends(event):
            super().keyPressEvent(event)
            return
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        else:
            self.save()
        self.left.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Save what was written when the grader goes on."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.save()

    def hideEvent(self, event: QHideEvent) -> None:
        """Save what was written when the page goes away."""
        super().hideEvent(event)
        self.save()

    def _ends(self, event: QKeyEvent) -> bool:
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return event.key() == Qt.Key.Key_Escape or (is_control and event.key() in ENTER)
