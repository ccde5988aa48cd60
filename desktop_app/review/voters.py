"""Who says what of the image at hand: one row a grader, by letter."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop_app.canvas.grader_look import look_of
from desktop_app.review.letter_sign import HEIGHT, WIDTH, letter_icon
from desktop_app.review.words import ANSWERS, number, why_undefined
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.grading import Role, Status

if TYPE_CHECKING:
    from engine.stages.reviewing import Voter


WITH_BUTTON = 3
"""Graders who are adopted by a button among the deeds; the others have one in their row."""


class VoterRows(QWidget):
    """Letter, answer and Dice of each grader; the letter shows or hides the outline."""

    hidden_changed = Signal(object)
    """The letters whose outlines are hidden."""

    adopt_asked = Signal(int)
    """The place of a grader who has no button among the deeds."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._voters: Sequence[Voter] = ()
        self._names: Mapping[str, str] = {}
        self._hidden: frozenset[str] = frozenset()
        self._inner: QWidget | None = None
        self.letters: list[QToolButton] = []
        self._body = QVBoxLayout(self)
        space(self._body, theme)
        theme.changed.connect(self._rebuild)

    @property
    def hidden(self) -> frozenset[str]:
        """The letters whose outlines are hidden."""
        return self._hidden

    def show_voters(self, voters: "Sequence[Voter]", names: Mapping[str, str]) -> None:
        """Show the graders of an image.

        Parameters
        ----------
        names
            By letter, where they are revealed.
        """
        if voters != self._voters or names != self._names:
            self._voters, self._names = voters, dict(names)
            self._rebuild()

    def show_all(self) -> None:
        """Hide no outline, as for another image."""
        self._hide(frozenset())

    def _rebuild(self) -> None:
        if self._inner is not None:
            self._inner.hide()
            self._body.removeWidget(self._inner)
            self._inner.deleteLater()
        self._inner = inner = QWidget()
        inner.setObjectName("inside")
        grid = QGridLayout(inner)
        space(grid, self._theme, spacing="s")
        grid.setColumnStretch(1, 1)
        self.letters = []
        for place, voter in enumerate(self._voters):
            self._add_row(grid, place, voter)
        if not self._voters:
            grid.addWidget(WrappedLabel("Nobody is asked to read this image.", "muted"), 0, 0)
        self._body.addWidget(inner)

    def _add_row(self, grid: QGridLayout, place: int, voter: "Voter") -> None:
        button = QToolButton()
        set_role(button, "letter")
        button.setIconSize(QSize(*(self._theme.metrics.px(side) for side in (WIDTH, HEIGHT))))
        button.setCheckable(True)
        button.setChecked(voter.letter not in self._hidden)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(f"Show the outline of grader {voter.letter}")
        button.setToolTip(f"Show or hide the outline of {voter.letter}")
        button.clicked.connect(lambda _=False: self._toggle(voter.letter))
        self._sign(button, place, voter.letter)
        self.letters.append(button)
        grid.addWidget(button, place, 0)
        words = QLabel(said(voter, self._names.get(voter.letter, "")))
        words.setTextFormat(Qt.TextFormat.PlainText)
        grid.addWidget(words, place, 1)
        against = voter.dice_with_others
        dice = QLabel(number(against.dice) if against else "")
        dice.setAccessibleName(f"Dice of {voter.letter} with the consensus of the others")
        tip = "Dice with the consensus of the others"
        dice.setToolTip((why_undefined(against.dice) or tip) if against else "")
        grid.addWidget(dice, place, 2, Qt.AlignmentFlag.AlignRight)
        if place >= WITH_BUTTON:
            grid.addWidget(self._adopt_button(place, voter.letter), place, 3)

    def _adopt_button(self, place: int, letter: str) -> QToolButton:
        button = QToolButton()
        set_role(button, "toggle")
        button.setText("Adopt")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(f"Adopt grader {letter}")
        button.setToolTip(f"Adopt grader {letter}")
        button.clicked.connect(lambda _=False: self.adopt_asked.emit(place))
        return button

    def _sign(self, button: QToolButton, place: int, letter: str) -> None:
        is_shown = letter not in self._hidden
        button.setIcon(letter_icon(letter, look_of(place), self._theme, is_shown=is_shown))

    def _toggle(self, letter: str) -> None:
        self._hide(self._hidden ^ {letter})

    def _hide(self, letters: frozenset[str]) -> None:
        if letters == self._hidden:
            return
        self._hidden = letters
        for place, (voter, button) in enumerate(zip(self._voters, self.letters, strict=True)):
            button.setChecked(voter.letter not in letters)
            self._sign(button, place, voter.letter)
        self.hidden_changed.emit(letters)


def said(voter: "Voter", name: str = "") -> str:
    """Return in words what a grader says, and where the reading stands."""
    has_answer = voter.answer != "incomplete"
    words = [ANSWERS[voter.answer] if has_answer or voter.status else "not begun"]
    if voter.role is Role.EXTRA:
        words.append("extra")
    if voter.status is Status.SENT_BACK:
        words.append("sent back")
    elif has_answer and not voter.is_first:
        words.append("redone")
    text = ", ".join(words)
    return f"{name}\n{text}" if name else text
