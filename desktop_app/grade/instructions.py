"""What the lead asks of graders, one key away and shown once to everyone."""

from hashlib import sha256

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desktop_app.window.settings import Settings
from desktop_app.window.theme import set_role

NOTHING_GIVEN = (
    "The lead has given no instructions for this study. Say of each image whether a skin condition"
    " is clearly visible and how many distinct regions there are, and outline each of them."
)


class Pages(QTextBrowser):
    """Shows Markdown and follows no link: nothing is loaded from files or the network."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QTextBrowser { border: none; border-radius: 0; }")
        self.document().setDocumentMargin(self.fontMetrics().height() * 1.5)
        self.setAccessibleName("Instructions of the study")

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        """Return nothing for whatever the text refers to."""
        return None


class Shown:
    """Which instructions of a study its graders have had before them on this machine."""

    def __init__(self, settings: Settings, study_id: str) -> None:
        self._settings = settings
        self._study_id = study_id

    def are_new(self, instructions: str, grader: str) -> bool:
        """Tell whether there are any that the grader has not had before them yet."""
        known = self._settings.instructions_read(self._key_of(grader))
        return bool(instructions.strip()) and known != _digest(instructions)

    def remember(self, instructions: str, grader: str) -> None:
        """Keep that the grader has had them before them."""
        self._settings.remember_instructions(self._key_of(grader), _digest(instructions))

    def _key_of(self, grader: str) -> str:
        return f"{self._study_id}/{_digest(grader)}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


class InstructionsDialog(QDialog):
    """Stays open beside the page while the grader works, and closes with the key it opened with."""

    def __init__(self, instructions: str, *, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Instructions")
        self.pages = Pages()
        self.pages.setMarkdown(instructions)
        self._fit()
        self.nothing = QLabel(NOTHING_GIVEN)
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setContentsMargins(48, 48, 48, 48)
        set_role(self.nothing, "muted")
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        shown = QStackedLayout()
        body.addLayout(shown, 1)  # first: its widgets would else be shown as windows of their own
        shown.addWidget(self.pages)
        shown.addWidget(self.nothing)
        shown.setCurrentWidget(self.pages if instructions.strip() else self.nothing)
        body.addLayout(self._foot(key))
        if key:
            QShortcut(QKeySequence(key), self, self.close)

    def _fit(self) -> None:
        """Take the height of the text, within reason: the page beside it should be seen too."""
        line = self.fontMetrics().height()
        width = 40 * line
        self.pages.document().setTextWidth(width)
        text = round(self.pages.document().size().height())
        height = min(max(text + 5 * line, 22 * line), 46 * line)
        self.resize(QSize(width, height).boundedTo(self.screen().availableSize() * 0.9))

    def _foot(self, key: str) -> QHBoxLayout:
        close = QPushButton("Close")
        close.setDefault(True)
        set_role(close, "primary")
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 12, 16, 12)
        hint = QLabel(f"{key} opens this again" if key else "")
        set_role(hint, "muted")
        foot.addWidget(hint, 1)
        foot.addWidget(close)
        return foot
