"""Which program this is, in which version."""

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.window.fitting import fit
from desktop_app.window.icons import emblem
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

WIDTH = 440


def program_version() -> str:
    """Return this program's version, or a word for a copy that was not installed."""
    try:
        return version("dermconcord")
    except PackageNotFoundError:
        return "development"


def versions() -> dict[str, str]:
    """Return the versions that matter when something went wrong."""
    return {
        "DermConcord": program_version(),
        "Python": platform.python_version(),
        "Qt for Python": pyside_version,
        "System": f"{platform.system()} {platform.machine()}",
    }


class About(QDialog):
    """Name, version, what it is for, and under which licence."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About DermConcord")
        self._theme = theme
        self._emblem = QLabel()
        leave = QPushButton("Close")
        leave.clicked.connect(self.accept)
        head, words = QHBoxLayout(), QVBoxLayout()
        space(head, theme, spacing="l")
        space(words, theme, spacing="xs")
        title = QLabel("DermConcord")
        set_role(title, "title")
        words.addWidget(title)
        words.addWidget(WrappedLabel(f"Version {program_version()}", "muted"))
        head.addWidget(self._emblem)
        head.addLayout(words, stretch=1)
        layout = self._layout = QVBoxLayout(self)
        space(layout, theme, "xl", spacing="l")
        layout.addLayout(head)
        layout.addWidget(
            WrappedLabel(
                "Graders outline skin pathology on photographs; leads see how far they agree;"
                " analysts measure whether a classifier looks where they looked."
            )
        )
        layout.addWidget(WrappedLabel("A research tool, no medical device. Apache License 2.0."))
        details = WrappedLabel("\n".join(f"{what} {v}" for what, v in versions().items()), "small")
        details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(details)
        foot = QHBoxLayout()
        space(foot, theme)
        foot.addStretch()
        foot.addWidget(leave)
        layout.addLayout(foot)
        theme.changed.connect(self._on_theme)
        self._on_theme()

    def _on_theme(self) -> None:
        self._emblem.setPixmap(emblem(self._theme.px("emblem"), ratio=self.devicePixelRatioF()))
        fit(self, self._layout, width=self._theme.metrics.px(WIDTH))
