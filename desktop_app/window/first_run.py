"""What a person sees before a study is open: three ways to begin, and the studies of before."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_app.window.icons import emblem
from desktop_app.window.recent import RecentList, RecentStudy
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

CENTRE = Qt.AlignmentFlag.AlignHCenter
CARDS = (
    (
        "demo",
        "Try the demo study",
        "Synthetic photographs, ready in seconds. Nothing in it comes from a real person.",
    ),
    (
        "new",
        "New study",
        "From a folder of photographs or a CSV file. You can grade at once.",
    ),
    (
        "open",
        "Open study",
        "A .concord file: your own study, a shared one, or a packet you were sent.",
    ),
)


class Card(QPushButton):
    """A large button with an icon, a title and a sentence."""

    def __init__(self, icon: str, title: str, text: str, theme: Theme) -> None:
        super().__init__()
        set_role(self, "card")
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._picture = QLabel()
        self._theme = theme
        set_role(self._picture, "emblem")
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        KeptIcon(self._picture, theme, icon, tone="on_accent_soft")
        self._inside = QVBoxLayout(self)
        space(self._inside, theme, "l", spacing="s")
        self._inside.addWidget(self._picture)
        self._inside.addWidget(WrappedLabel(title, "heading"))
        self._inside.addWidget(WrappedLabel(text, "muted"))
        self._inside.addStretch()
        for label in self.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self._on_theme)
        self._on_theme()

    def sizeHint(self) -> QSize:
        """Take the size from what is inside."""
        return self._inside.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Keep all words readable."""
        return self._inside.minimumSize()

    def hasHeightForWidth(self) -> bool:
        """Tell that a narrow card needs more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that the words take."""
        return self._inside.totalHeightForWidth(width)

    def _on_theme(self) -> None:
        side = self._theme.px("large_icon") + self._theme.px("s")
        self._picture.setFixedSize(side, side)
        self.updateGeometry()


class FirstRun(QScrollArea):
    """Says what a person wants to begin with; somebody else does it."""

    demo_wanted = Signal()
    new_wanted = Signal()
    open_wanted = Signal(object)
    """The path of a study, or None where the person still has to choose one."""
    forgotten = Signal(object)
    """The path of a study to take off the recent ones."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Begin")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.demo, self.new, self.open = (Card(*card, theme=theme) for card in CARDS)
        self.demo.clicked.connect(self.demo_wanted)
        self.new.clicked.connect(self.new_wanted)
        self.open.clicked.connect(lambda: self.open_wanted.emit(None))
        self.recent = RecentList(theme)
        self.recent.opened.connect(self.open_wanted)
        self.recent.forgotten.connect(self.forgotten)
        self._recent_part = self._recent_studies()
        self._emblem = QLabel()
        self._column = QWidget()
        self._lay_out()
        theme.changed.connect(self._on_theme)
        self._on_theme()
        self.show_recent(())

    def show_recent(self, studies: Sequence[RecentStudy]) -> None:
        """Show the studies opened before; nothing where there are none."""
        self.recent.show_studies(studies)
        self._recent_part.setVisible(bool(studies))

    def show_paths(self, paths: Sequence[Path]) -> None:
        """Show studies by their paths alone, as long as nobody looked whether they are there."""
        self.show_recent([RecentStudy(path) for path in paths])

    def _lay_out(self) -> None:
        title = QLabel("DermConcord")
        set_role(title, "title")
        line = WrappedLabel("Outline skin pathology, and see how far graders agree.", "muted")
        words = QVBoxLayout()
        space(words, self._theme, spacing="xs")
        words.addWidget(title)
        words.addWidget(line)
        head = QHBoxLayout()
        space(head, self._theme, spacing="l")
        head.addWidget(self._emblem)
        head.addLayout(words, stretch=1)
        cards = QHBoxLayout()
        space(cards, self._theme, spacing="m")
        for card in (self.demo, self.new, self.open):
            cards.addWidget(card, stretch=1)
        column = QVBoxLayout(self._column)
        space(column, self._theme, "xl xxl", spacing="xl")
        column.addStretch(1)
        column.addLayout(head)
        column.addLayout(cards)
        column.addWidget(self._recent_part)
        column.addWidget(
            WrappedLabel(
                "You can also drop a study, a folder or a CSV file anywhere in this window."
                " DermConcord is a research tool, no medical device.",
                "small",
            )
        )
        column.addStretch(2)
        ground = QWidget()
        row = QHBoxLayout(ground)
        space(row, self._theme)
        row.addStretch(1)
        row.addWidget(self._column, stretch=1000)
        row.addStretch(1)
        self.setWidget(ground)

    def _recent_studies(self) -> QWidget:
        part = QWidget()
        layout = QVBoxLayout(part)
        space(layout, self._theme, spacing="s")
        title = QLabel("Recent studies")
        set_role(title, "strong")
        title.setBuddy(self.recent)
        well = QFrame()
        set_role(well, "well")
        inside = QVBoxLayout(well)
        space(inside, self._theme, "xs")
        inside.addWidget(self.recent)
        layout.addWidget(title)
        layout.addWidget(well)
        return part

    def _on_theme(self) -> None:
        self._emblem.setPixmap(emblem(self._theme.px("emblem"), ratio=self.devicePixelRatioF()))
        self._column.setMaximumWidth(self._theme.px("page"))
