"""What a grader leaves for the lead: a note, and what is wrong with the image."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.grade.note import NoteEditor
from desktop_app.grade.problem_button import ProblemButton
from desktop_app.window.key_button import KeyCap
from desktop_app.window.keymap import Keymap
from desktop_app.window.theme import Theme, set_role, space
from engine.domain.grading import Grading

NOTE_LINES = 3


class Remarks(QWidget):
    """The note and the problem of the image at hand."""

    note_left = Signal(str)
    problem_chosen = Signal(str)
    through = Signal()
    """The grader ended a remark by key; the focus may go back to the canvas."""

    def __init__(self, theme: Theme, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.note = NoteEditor()
        self.problem = ProblemButton(theme)
        body = QVBoxLayout(self)
        space(body, theme, spacing="xs")
        body.addLayout(_title("Note for the lead", theme, KeyCap(keymap, "note", self)))
        body.addWidget(self.note)
        body.addSpacing(theme.px("s"))
        body.addLayout(_title("Problem with the image", theme, KeyCap(keymap, "problem", self)))
        body.addWidget(self.problem)
        self.note.saved.connect(self.note_left)
        self.note.left.connect(self.through)
        self.problem.chosen.connect(self._on_problem)
        theme.changed.connect(self._fit)
        self._fit()

    def show_grading(self, grading: Grading | None, *, is_other: bool) -> None:
        """Show the remarks of a grading; of another image, whatever was being written."""
        note = grading.note if grading else ""
        if is_other:
            self.note.show_other(note)
        else:
            self.note.show_note(note)
        self.problem.show_problem(grading.problem if grading else "")

    def write_note(self) -> None:
        """Go to the note, the cursor at its end."""
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        cursor = self.note.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.note.setTextCursor(cursor)

    def choose_problem(self) -> None:
        """List the problems to choose from."""
        self.problem.open()

    def _on_problem(self, code: str) -> None:
        self.problem_chosen.emit(code)
        self.through.emit()

    def _fit(self) -> None:
        line = self.note.fontMetrics().lineSpacing()
        self.note.setFixedHeight(NOTE_LINES * line + 2 * self._theme.px("s"))


def _title(text: str, theme: Theme, key: KeyCap) -> QHBoxLayout:
    label = QLabel(text)
    set_role(label, "strong")
    label.setWordWrap(True)
    row = QHBoxLayout()
    space(row, theme)
    row.addWidget(label, 1)
    row.addWidget(key)
    return row
