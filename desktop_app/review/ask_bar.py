"""One line that asks for what a deed needs, whom and why; Enter goes on, Esc leaves it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from shiboken6 import isValid

from desktop_app.window.theme import Theme, set_role, space

YES = frozenset[int]({Qt.Key.Key_Return, Qt.Key.Key_Enter})
NO = frozenset[int]({Qt.Key.Key_Escape})
PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
LENGTH, WIDTH = 160, 560
"""Pixels at 100 % that the field takes at least, and the bar where there is room."""

Answer = Callable[[int, str], object]
"""Told the index of the choice, -1 without choices, and the text."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    Attributes
    ----------
    text
        What stands in the field to begin with, all of it picked out.
    choices
        Letters among which one is chosen, by itself as a key or by its number.
    chosen
        Index of the one to begin with.
    may_be_empty
        Whether an empty text is an answer.
    """

    title: str
    yes: str
    text: str = ""
    placeholder: str = ""
    choices: tuple[str, ...] = ()
    chosen: int = 0
    may_be_empty: bool = False


class AskBar(QFrame):
    """Hidden while nothing is asked; a new question takes the place of an open one."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: Asked | None = None
        self._answer: Answer | None = None
        self._focus_before: QWidget | None = None
        self._theme = theme
        set_role(self, "note_box")
        self._title = QLabel()
        set_role(self._title, "strong")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self.field = QLineEdit()
        self.field.setMinimumWidth(theme.metrics.px(LENGTH))
        self.yes, self.no = QPushButton(), QPushButton("Cancel")
        set_role(self.yes, "primary")
        self.yes.clicked.connect(self._confirm)
        self.no.clicked.connect(self.withdraw)
        self.choices: list[QPushButton] = []
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout()
        space(self._row, theme, spacing="xs")
        grid = QGridLayout(self)
        space(grid, theme, "m s", spacing="s")
        head = QHBoxLayout()
        space(head, theme)
        head.addWidget(self._title)
        head.addLayout(self._row)
        head.addStretch(1)
        grid.addLayout(head, 0, 0, 1, 3)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.field, 1, 0)
        grid.addWidget(self.no, 1, 1)
        grid.addWidget(self.yes, 1, 2)
        self.field.installEventFilter(self)
        self.hide()

    def sizeHint(self) -> QSize:
        """Return a size at which a sentence can be read."""
        return QSize(self._theme.metrics.px(WIDTH), super().sizeHint().height())

    @property
    def is_open(self) -> bool:
        """True while something is asked."""
        return self._asked is not None

    @property
    def title(self) -> str:
        """What is asked, empty for nothing."""
        return self._asked.title if self._asked else ""

    @property
    def chosen(self) -> int:
        """Index of the choice, -1 without choices."""
        return self._group.checkedId()

    def ask(self, asked: Asked, answer: Answer) -> None:
        """Ask; `answer` is called once, if the person agrees."""
        if not self.is_open:
            self._focus_before = QApplication.focusWidget()
        self._asked, self._answer = asked, answer
        self._title.setText(asked.title)
        self.setAccessibleName(asked.title)
        self.field.setAccessibleName(asked.title)
        self.field.setPlaceholderText(asked.placeholder)
        self.field.setText(asked.text)
        for button, words, key in ((self.yes, asked.yes, "Enter"), (self.no, "Cancel", "Esc")):
            button.setText(words)
            button.setToolTip(key)
            button.setAccessibleName(f"{words} — {asked.title}")
        self._offer(asked)
        self.show()
        first: QWidget = self.choices[asked.chosen] if self.choices else self.field
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def withdraw(self) -> None:
        """Ask no more, as when another image is opened."""
        if self.is_open:
            self._asked = self._answer = None
            self._put_away()

    def eventFilter(self, _field: QObject, event: QEvent) -> bool:
        """Hear Enter and Esc in the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._take(event)
        return False

    def event(self, event: QEvent) -> bool:
        """Keep Enter, Esc and all letters from the window's actions while something is asked."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and self._is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by letter or number, answer with Enter or Esc."""
        choice = self._choice_of(event)
        if choice >= 0:
            self._choose(choice)
        elif not self._take(event):
            super().keyPressEvent(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        """Tell whether a key is not for the page: what is typed here starts nothing there."""
        is_typed = event.text().strip() and event.modifiers() in (PLAIN, SHIFT)
        return event.key() in YES | NO or bool(is_typed)

    def _offer(self, asked: Asked) -> None:
        for button in self.choices:
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.deleteLater()
        self.choices = []
        for number, choice in enumerate(asked.choices):
            button = QPushButton(choice)
            set_role(button, "segment")
            button.setCheckable(True)
            button.setChecked(number == asked.chosen)
            button.setAccessibleName(f"{asked.title} {choice}")
            button.setToolTip(f"{choice} or {number + 1}")
            self._group.addButton(button, number)
            self._row.addWidget(button)
            self.choices.append(button)

    def _choice_of(self, event: QKeyEvent) -> int:
        """Return which choice a key stands for, -1 for none, or while the field is written in."""
        if self.field.hasFocus() or not self.choices or self._asked is None:
            return -1
        text = event.text().upper()
        if text in self._asked.choices:
            return self._asked.choices.index(text)
        is_number = text.isdecimal() and 1 <= int(text) <= len(self.choices)
        return int(text) - 1 if is_number else -1

    def _choose(self, number: int) -> None:
        self.choices[number].setChecked(True)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def _take(self, event: QKeyEvent) -> bool:
        if event.key() in YES and not self.no.hasFocus():
            self._confirm()
        elif event.key() in NO | YES:
            self.withdraw()
        else:
            return False
        return True

    def _confirm(self) -> None:
        asked, answer = self._asked, self._answer
        text = self.field.text().strip()
        if asked is None or answer is None:
            return
        if not text and not asked.may_be_empty:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        chosen = self.chosen
        self.withdraw()
        answer(chosen, text)

    def _put_away(self) -> None:
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self.hide()
        if had_focus and self._focus_before is not None and isValid(self._focus_before):
            self._focus_before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus_before = None
