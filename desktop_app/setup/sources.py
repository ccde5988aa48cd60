"""What is to be imported: files and folders, picked or dropped, each to be taken away again."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
)

from desktop_app.setup.frame import push_button
from desktop_app.window.theme import space
from desktop_app.window.workplace import Workplace
from desktop_app.window.wrapped_label import WrappedLabel

NOTHING = "Choose a folder or files, or drop them here. They stay where they are."
LINES = 3


class Sources(QFrame):
    """A short list of paths."""

    changed = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._paths: dict[Path, None] = {}
        self.setAcceptDrops(True)
        self.list = QListWidget()
        self.list.setAccessibleName("Files and folders to import")
        self.list.setUniformItemSizes(True)
        self.list.itemSelectionChanged.connect(self._show_buttons)
        self.nothing = WrappedLabel(NOTHING, "muted")
        self.folder = push_button("Add folder…", self._on_folder)
        self.files = push_button("Add files…", self._on_files)
        self.remove = push_button("Remove", self._on_remove, "Remove the selected one")
        self._lay_out()
        self._show()

    @property
    def paths(self) -> tuple[Path, ...]:
        """What is to be imported, in the order it was added."""
        return tuple(self._paths)

    def add(self, paths: Iterable[Path]) -> None:
        """Add files and folders; one that is listed already stays where it is."""
        before = len(self._paths)
        self._paths |= dict.fromkeys(paths)
        if len(self._paths) != before:
            self._show()
            self.changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that are dragged here."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add files that were dropped here."""
        urls = event.mimeData().urls()
        self.add(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
        event.acceptProposedAction()

    def _on_folder(self) -> None:
        path = self._place.pickers.folder(self, self._start())
        self.add([path] if path else [])

    def _on_files(self) -> None:
        self.add(self._place.pickers.files(self, self._start()))

    def _on_remove(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._paths):
            del self._paths[self.paths[row]]
            self._show()
            self.changed.emit()

    def _start(self) -> Path:
        return self.paths[-1].parent if self._paths else self._place.study.folder

    def _show(self) -> None:
        self.list.clear()
        self.list.addItems([str(path) for path in self._paths])
        self.list.setVisible(bool(self._paths))
        self._fit()
        self.nothing.setVisible(not self._paths)
        self._show_buttons()

    def _show_buttons(self) -> None:
        self.remove.setVisible(bool(self._paths))
        self.remove.setEnabled(bool(self.list.selectedItems()))

    def _lay_out(self) -> None:
        theme = self._place.theme
        row = QHBoxLayout()
        space(row, theme)
        buttons: tuple[QPushButton, ...] = (self.folder, self.files, self.remove)
        for button in buttons:
            row.addWidget(button)
        row.addStretch()
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        column = QVBoxLayout(self)
        space(column, theme, spacing="s")
        column.addWidget(self.nothing)
        column.addWidget(self.list)
        column.addLayout(row)
        theme.changed.connect(self._fit)

    def _fit(self) -> None:
        line = self.list.fontMetrics().lineSpacing() + self._place.theme.px("s")
        lines = min(max(len(self._paths), 1), LINES)
        self.list.setFixedHeight(lines * line + self._place.theme.px("s"))
