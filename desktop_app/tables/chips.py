"""What keeps rows out of sight, each as a chip to change or to take off."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from desktop_app.tables.flow import FlowLayout
from desktop_app.window.theme import KeptIcon, Theme, set_role, space

REMOVE_KEYS = frozenset[int]({Qt.Key.Key_Delete, Qt.Key.Key_Backspace})


@dataclass(frozen=True, slots=True)
class ChipText:
    """What one chip stands for: the name it is known by, and its words."""

    name: str
    words: str


class Chip(QFrame):
    """One filter: pressing the words changes it, the cross or Delete takes it off."""

    changed = Signal(str)
    """Its name, where it is to be changed."""

    removed = Signal(str)
    """Its name, where it is to be taken off."""

    def __init__(self, text: ChipText, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = text
        set_role(self, "filter_chip")
        self.words = QPushButton(text.words)
        self.words.setAccessibleName(f"Filter: {text.words}")
        self.words.setToolTip("Change this filter; Delete takes it off")
        self.cross = QToolButton()
        self.cross.setAccessibleName(f"Take off the filter: {text.words}")
        self.cross.setToolTip("Take off this filter")
        KeptIcon(self.cross, theme, "close", tone="on_accent_soft")
        body = QHBoxLayout(self)
        space(body, theme, spacing="none")
        for button in (self.words, self.cross):
            set_role(button, "filter_chip")
            body.addWidget(button)
        self.words.setAutoDefault(False)
        self.words.clicked.connect(lambda: self.changed.emit(text.name))
        self.cross.clicked.connect(lambda: self.removed.emit(text.name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Delete take it off."""
        if event.key() in REMOVE_KEYS:
            self.removed.emit(self.text.name)
        else:
            super().keyPressEvent(event)


class Chips(QWidget):
    """All filters in force; hidden where there is none."""

    changed = Signal(str)
    removed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inside")
        self._theme = theme
        self.chips: list[Chip] = []
        self._flow = FlowLayout(self)
        space(self._flow, theme, spacing="xs")
        self.hide()

    def show_texts(self, texts: Sequence[ChipText]) -> None:
        """Show these filters; a chip that says the same as before stays."""
        if [chip.text for chip in self.chips] == list(texts):
            return
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [self._made(text) for text in texts]
        self.setVisible(bool(texts))
        self.updateGeometry()

    def _made(self, text: ChipText) -> Chip:
        chip = Chip(text, self._theme, self)
        chip.changed.connect(self.changed)
        chip.removed.connect(self.removed)
        self._flow.addWidget(chip)
        chip.show()
        return chip
