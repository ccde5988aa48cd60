"""The big button at the end of an image, and why it is refused."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_app.grade.look import set_ready
from desktop_app.window.key_button import KeyButton
from desktop_app.window.keymap import Keymap
from desktop_app.window.theme import Theme, set_role, space
from engine.domain.grading import Grading, Status
from engine.domain.settings import AgreementSettings
from engine.graders.flags import why_not_done


class DoneBar(QWidget):
    """Says in advance why *done* would be refused, and louder once it was.

    The button can be pressed all the same, so that the reason is heard.
    """

    asked = Signal()

    def __init__(self, theme: Theme, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._why = QLabel()
        self._why.setWordWrap(True)
        self._why.setAccessibleName("Why the image is not done")
        self.button = KeyButton("Done and next", theme, keymap, "done")
        set_role(self.button, "done")
        body = QVBoxLayout(self)
        space(body, theme, "l m l l", spacing="s")
        body.addWidget(self._why)
        body.addWidget(self.button)
        self.button.clicked.connect(self.asked)

    @property
    def reason(self) -> str:
        """Why *done* is refused, as it is shown."""
        return self._why.text()

    @property
    def is_loud(self) -> bool:
        """True once a refusal was pressed for, until something changes."""
        return bool(self._why.property("role") == "warning")

    def show_grading(self, grading: Grading | None, settings: AgreementSettings) -> None:
        """Show how far a grading is from being done."""
        why_not = why_not_done(grading, settings) if grading else ""
        is_done = grading is not None and grading.status is Status.DONE
        self.button.setText("Done — next image" if is_done else "Done and next")
        self._say(why_not, role="muted")
        set_ready(self.button, grading is not None and not why_not)
        if self.button.cap is not None:
            set_role(self.button.cap, "key" if why_not or grading is None else "on_accent_key")

    def refuse(self, reason: str) -> None:
        """Say why it is refused, louder than before."""
        self._say(reason, role="warning")

    def _say(self, text: str, *, role: str) -> None:
        self._why.setText(text)
        self._why.setVisible(bool(text))
        set_role(self._why, role)
