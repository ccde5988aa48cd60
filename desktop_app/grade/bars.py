"""Bars above the canvas: why an image came back, and what another window made of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.grading import Grading
from engine.graders.flags import regions
from engine.graders.readings import is_visible


class Bar(QWidget):
    """An icon and a sentence or two in a box; hidden while there is nothing to say."""

    def __init__(
        self, theme: Theme, icon: str, *, kind: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        box = QFrame()
        set_role(box, f"{kind}_box")
        around = QVBoxLayout(self)
        space(around, theme, "s")
        around.addWidget(box)
        sign = QLabel()
        KeptIcon(sign, theme, icon, tone=kind)
        self.title, self.text = WrappedLabel(), WrappedLabel()
        set_role(self.title, "strong")
        for label in (self.title, self.text):
            label.setTextFormat(Qt.TextFormat.PlainText)
        words = QVBoxLayout()
        space(words, theme, spacing="xs")
        words.addWidget(self.title)
        words.addWidget(self.text)
        self.row = QHBoxLayout(box)
        space(self.row, theme, "m s", spacing="m")
        self.row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        self.row.addLayout(words, 1)
        self.hide()

    def say(self, title: str, text: str) -> None:
        """Say something, or nothing at all where both are empty."""
        is_new = not self.isVisible()
        self.title.setText(title)
        self.text.setText(text)
        self.setAccessibleName(f"{title}: {text}")
        self.setVisible(bool(title or text))
        if is_new and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))


class SentBackBar(Bar):
    """The lead's reason, for as long as the image waits to be done again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "sent-back", kind="warning", parent=parent)

    def show_reason(self, reason: str) -> None:
        """Show why the lead sent the image back; an empty reason hides the bar."""
        self.say("Sent back by the lead" if reason else "", reason)


class ConflictBar(Bar):
    """Two versions of one grading, and the choice between them; neither is lost."""

    kept_mine = Signal()
    took_theirs = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "warning", kind="warning", parent=parent)
        self.mine, self.theirs = QPushButton("Keep mine"), QPushButton("Take theirs")
        set_role(self.mine, "primary")
        for button, signal in ((self.theirs, self.took_theirs), (self.mine, self.kept_mine)):
            button.setAccessibleName(button.text())
            button.clicked.connect(lambda _=False, signal=signal: signal.emit())
            self.row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setTabOrder(self.mine, self.theirs)

    def show_both(self, theirs: Grading, mine: Grading) -> None:
        """Show how the other window's version and the one of this window differ."""
        self.say(
            "Another window saved this image meanwhile",
            f"Yours, solid: {told(mine)}. The other, dashed: {told(theirs)}. Whichever you choose,"
            " both stay in the history, and undo brings back the other.",
        )
        self.mine.setFocus(Qt.FocusReason.OtherFocusReason)


def told(grading: Grading) -> str:
    """Return in words what a grading says."""
    visible = is_visible(grading)
    if visible is None:
        answer = "nothing answered"
    elif not visible:
        answer = "not visible"
    elif grading.roi_count:
        answer = f"{regions(grading.roi_count)} said, {len(grading.region) or 'none'} outlined"
    else:
        answer = f"visible, {len(grading.region) or 'none'} outlined"
    extras = [f"note “{grading.note}”"] if grading.note else []
    extras += [f"problem {grading.problem.replace('_', ' ')}"] if grading.problem else []
    return ", ".join([answer, *extras])
