"""Files dropped on the window: a study is opened, a folder or a CSV file begins a new one."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from desktop_app.window.theme import KeptIcon, Theme, set_role, space

STUDY_SUFFIX = ".concord"
TABLE_SUFFIXES = frozenset({".csv", ".tsv"})


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was dropped.

    Attributes
    ----------
    is_study
        True for a study to open, False for a folder or table to make a study from.
    """

    path: Path
    is_study: bool

    @property
    def promise(self) -> str:
        """What letting go would do."""
        return f"Open {self.path.name}" if self.is_study else f"New study from {self.path.name}"


def dropped(data: QMimeData) -> Dropped | None:
    """Return what a drag holds, or None where it is not one study, folder or table."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if len(files) != 1:
        return None
    path = files[0]
    if path.suffix.lower() == STUDY_SUFFIX:
        return Dropped(path, is_study=True)
    if path.suffix.lower() in TABLE_SUFFIXES or path.is_dir():
        return Dropped(path, is_study=False)
    return None


class DropSign(QFrame):
    """Lies over the page while something is dragged over it and says what letting go would do."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        set_role(self, "drop_sign")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        icon, self._text = QLabel(), QLabel()
        KeptIcon(icon, theme, "open", tone="accent", size="large_icon")
        set_role(self._text, "heading")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        space(layout, theme, "xl", spacing="m")
        layout.addStretch()
        layout.addWidget(icon, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._text, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self.hide()

    def promise(self, what: Dropped) -> None:
        """Cover the parent with what letting go would do."""
        self._text.setText(what.promise)
        self.setGeometry(self._covered.rect())
        self.raise_()
        self.show()
