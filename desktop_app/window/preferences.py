"""What a person likes: colours, sizes, when the clock stops, keys; all takes effect at once."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.window.fitting import fit
from desktop_app.window.settings import SCALES, Settings, ThemeChoice
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

WORDS = {
    ThemeChoice.SYSTEM: "System",
    ThemeChoice.LIGHT: "Light",
    ThemeChoice.DARK: "Dark",
}

WIDTH = 560
IDLE_CHOICES = (30, 60, 120, 300, 600)


class Preferences(QDialog):
    """The preferences of this person on this machine."""

    idle_limit_changed = Signal(int)
    """Seconds without input after which a grader counts as away."""
    shortcuts_wanted = Signal()

    def __init__(self, theme: Theme, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self._theme = theme
        self._settings = settings
        self.themes = {choice: self._segment(choice) for choice in ThemeChoice}
        self.scale = self._scale_box()
        self.idle_limit = self._idle_box()
        self.shortcuts = QPushButton("Keyboard shortcuts…")
        self.shortcuts.clicked.connect(self.shortcuts_wanted)
        self.leave = QPushButton("Close")
        self.leave.clicked.connect(self.accept)
        self._lay_out()
        self.themes[theme.choice].setFocus()
        theme.changed.connect(self._on_theme)
        self._on_theme()

    def _segment(self, choice: ThemeChoice) -> QPushButton:
        button = QPushButton(WORDS[choice])
        set_role(button, "segment")
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setAccessibleName(f"{WORDS[choice]} theme")
        button.setChecked(choice is self._theme.choice)
        KeptIcon(button, self._theme, choice.value)
        button.clicked.connect(lambda: self._theme.choose(choice))
        return button

    def _scale_box(self) -> QComboBox:
        box = QComboBox()
        for percent in SCALES:
            box.addItem(f"{percent} %", percent)
        box.setCurrentIndex(SCALES.index(self._theme.scale))
        box.setAccessibleName("Size of text and controls")
        box.currentIndexChanged.connect(lambda at: self._theme.set_scale(SCALES[at]))
        return box

    def _idle_box(self) -> QComboBox:
        now = self._settings.idle_limit
        box = QComboBox()
        for seconds in sorted({*IDLE_CHOICES, now}):
            box.addItem(_spoken(seconds), seconds)
        box.setCurrentIndex(box.findData(now))
        box.setAccessibleName("Pause after which time on task stops counting")
        box.currentIndexChanged.connect(lambda at: self._on_idle_limit(box.itemData(at)))
        return box

    def _on_idle_limit(self, seconds: int) -> None:
        self._settings.idle_limit = seconds
        self.idle_limit_changed.emit(seconds)

    def _lay_out(self) -> None:
        self._group = QButtonGroup(self)
        segments = QHBoxLayout()
        space(segments, self._theme, spacing="xs")
        for button in self.themes.values():
            self._group.addButton(button)
            segments.addWidget(button)
        segments.addStretch()
        form = QGridLayout()
        space(form, self._theme, spacing="m")
        rows: tuple[tuple[str, QWidget | QHBoxLayout, str], ...] = (
            ("Theme", segments, ""),
            ("Size", self.scale, "Of text and controls; the photograph keeps its own zoom."),
            ("Time on task", self.idle_limit, "The clock stops after a pause of this length."),
            ("Keys", self.shortcuts, "Every key can be changed."),
        )
        for at, (title, control, hint) in enumerate(rows):
            self._add_row(form, at, title, control, hint)
        form.setColumnStretch(2, 1)
        foot = QHBoxLayout()
        space(foot, self._theme)
        foot.addStretch()
        foot.addWidget(self.leave)
        line = QFrame()
        set_role(line, "line")
        self._layout = QVBoxLayout(self)
        space(self._layout, self._theme, "xl l", spacing="l")
        self._layout.addLayout(form)
        self._layout.addWidget(line)
        self._layout.addLayout(foot)

    def _on_theme(self) -> None:
        fit(self, self._layout, width=self._theme.metrics.px(WIDTH))

    def _add_row(
        self, form: QGridLayout, at: int, title: str, control: QWidget | QHBoxLayout, hint: str
    ) -> None:
        label = QLabel(title)
        set_role(label, "strong")
        form.addWidget(label, at, 0, Qt.AlignmentFlag.AlignVCenter)
        if isinstance(control, QHBoxLayout):
            form.addLayout(control, at, 1, 1, 2)
            return
        label.setBuddy(control)
        form.addWidget(control, at, 1)
        form.addWidget(WrappedLabel(hint, "small"), at, 2, Qt.AlignmentFlag.AlignVCenter)


def _spoken(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if rest:
        return f"{seconds} seconds"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
