"""A small question in the page, answered with Enter or Esc: nothing else has to stop for it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)
from shiboken6 import isValid

from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

YES = frozenset[int]({Qt.Key.Key_Return, Qt.Key.Key_Enter})
NO = frozenset[int]({Qt.Key.Key_Escape})

Answer = Callable[[], object]


class InlineQuestion(QFrame):
    """One question with two answers; hidden while there is none.

    A new question replaces one that is still open, which then counts as answered with no.

    Parameters
    ----------
    is_narrow
        Whether it stands in a narrow column, where the answers go below the question.
    """

    answered = Signal(bool)
    """True where the person agreed."""

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, is_narrow: bool = False
    ) -> None:
        super().__init__(parent)
        self._confirm: Answer | None = None
        self._refuse: Answer | None = None
        self._leans_no = False
        self._focus_before: QWidget | None = None
        set_role(self, "warning_box")
        self._text = WrappedLabel() if is_narrow else QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        icon = QLabel()
        KeptIcon(icon, theme, "question", tone="warning")
        self.yes, self.no = QPushButton("Yes"), QPushButton("Cancel")
        set_role(self.yes, "primary")
        self.yes.clicked.connect(lambda: self._end(agrees=True))
        self.no.clicked.connect(lambda: self._end(agrees=False))
        layout = QGridLayout(self)
        space(layout, theme, "m s", spacing="s")
        layout.addWidget(icon, 0, 0)
        layout.addWidget(self._text, 0, 1)
        layout.setColumnStretch(1, 1)
        answers = QHBoxLayout()
        space(answers, theme, spacing="s")
        answers.addWidget(self.no)
        answers.addWidget(self.yes)
        layout.addLayout(answers, *((1, 0, 1, 2) if is_narrow else (0, 2)))
        self.hide()

    @property
    def is_open(self) -> bool:
        """True while a question waits for its answer."""
        return self._confirm is not None

    def ask(
        self,
        text: str,
        confirm: Answer,
        *,
        yes: str = "Yes",
        no: str = "Cancel",
        refuse: Answer | None = None,
        leans_no: bool = False,
    ) -> None:
        """Ask; one of `confirm` and `refuse` is called once, when the person has answered.

        Parameters
        ----------
        yes, no
            What the buttons say; Enter and Esc stand for them.
        leans_no
            Whether Enter stands for no, as where agreeing lets a stranger's code run.
        """
        if self.is_open:
            self._end(agrees=False)
        self._confirm, self._refuse = confirm, refuse
        self._text.setText(text)
        self.setAccessibleName(text)
        self._leans_no = leans_no
        set_role(self.yes, "" if leans_no else "primary")
        set_role(self.no, "primary" if leans_no else "")
        keys = ("", "Enter, Esc") if leans_no else ("Enter", "Esc")
        for button, answer, key in ((self.yes, yes, keys[0]), (self.no, no, keys[1])):
            button.setText(answer)
            button.setToolTip(key)
            button.setAccessibleName(f"{answer} — {text}")
        self._focus_before = QApplication.focusWidget()
        self.show()
        (self.no if leans_no else self.yes).setFocus(Qt.FocusReason.OtherFocusReason)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def withdraw(self) -> None:
        """Take the question back without an answer, as when another image is opened."""
        self._confirm = self._refuse = None
        self._put_away()

    def event(self, event: QEvent) -> bool:
        """Keep Enter and Esc from the window's actions while the question is open."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() in YES | NO:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer with Enter or Esc, whichever of the buttons has the focus."""
        if event.key() in YES:
            is_yes = self.yes.hasFocus() if self._leans_no else not self.no.hasFocus()
            self._end(agrees=is_yes)
        elif event.key() in NO:
            self._end(agrees=False)
        else:
            super().keyPressEvent(event)

    def _end(self, *, agrees: bool) -> None:
        answer = self._confirm if agrees else self._refuse
        self._confirm = self._refuse = None
        self._put_away()
        if answer is not None:
            answer()
        self.answered.emit(agrees)

    def _put_away(self) -> None:
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self.hide()
        if had_focus and self._focus_before is not None and isValid(self._focus_before):
            self._focus_before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus_before = None
