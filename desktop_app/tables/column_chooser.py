"""The list of all columns in groups, each to be shown or hidden."""

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop_app.tables.cells import row_height
from desktop_app.tables.popup import Popup
from desktop_app.tables.screen_column import ScreenColumn
from desktop_app.tables.search_field import SearchField
from desktop_app.window.theme import Theme, set_role, space

NAME = int(Qt.ItemDataRole.UserRole)
ON, OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked
SIZE = (320, 420)
"""Width and height of the list in pixels at 100 %."""


class ColumnChooser(Popup):
    """Ticks take effect at once; a tool tip says what a column means."""

    chosen = Signal(object)
    """The set of names of the columns to show."""

    default_wanted = Signal()

    def __init__(
        self,
        groups: Mapping[str, Sequence[ScreenColumn]],
        shown: Collection[str],
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__("Columns", theme, parent)
        self.tree = QTreeWidget()
        self.search = SearchField("Find a column", "Find a column by name or meaning", self.tree)
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("Columns; Space shows or hides one")
        self.tree.setMinimumSize(*map(theme.metrics.px, SIZE))
        self._groups = [self._group(title, groups[title], shown) for title in groups]
        self.tree.expandAll()
        self.body.addWidget(self._heading())
        self.body.addWidget(self.search)
        self.body.addWidget(self.tree, 1)
        self.body.addLayout(self._foot())
        self.search.textChanged.connect(self._find)
        self.tree.itemChanged.connect(self._on_ticked)
        self.search.setFocus()

    @property
    def shown(self) -> set[str]:
        """Names of the columns that are ticked."""
        return {str(i.data(0, NAME)) for i in self._columns() if i.checkState(0) == ON}

    def show_chosen(self, shown: Collection[str]) -> None:
        """Tick these columns, telling nobody."""
        self.tree.blockSignals(True)
        for item in self._columns():
            item.setCheckState(0, ON if item.data(0, NAME) in shown else OFF)
        self.tree.blockSignals(False)

    def _heading(self) -> QLabel:
        heading = QLabel("Columns")
        set_role(heading, "strong")
        return heading

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        space(foot, self.theme)
        self.all_button = _button("Show all")
        self.default_button = _button("As at first")
        self.all_button.clicked.connect(self._show_all)
        self.default_button.clicked.connect(self.default_wanted)
        for button in (self.all_button, self.default_button):
            foot.addWidget(button)
        foot.addStretch()
        return foot

    def _group(
        self, title: str, columns: Sequence[ScreenColumn], shown: Collection[str]
    ) -> QTreeWidgetItem:
        group = QTreeWidgetItem(self.tree, [title])
        group.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        font = self.tree.font()
        font.setBold(True)
        group.setFont(0, font)
        row = QSize(0, row_height(self.theme, font))
        group.setSizeHint(0, row)
        for column in columns:
            item = QTreeWidgetItem(group, [column.title])
            item.setSizeHint(0, row)
            item.setData(0, NAME, column.name)
            item.setToolTip(0, f"{column.name}: {column.meaning}")
            item.setData(
                0, int(Qt.ItemDataRole.AccessibleTextRole), f"{column.title}, {column.meaning}"
            )
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, ON if column.name in shown else OFF)
        return group

    def _columns(self) -> list[QTreeWidgetItem]:
        return [item for group in self._groups for item in _children(group)]

    def _find(self, text: str) -> None:
        part = text.strip().casefold()
        for item in self._columns():
            item.setHidden(part not in f"{item.text(0)} {item.toolTip(0)}".casefold())
        for group in self._groups:
            group.setHidden(all(item.isHidden() for item in _children(group)))

    def _show_all(self) -> None:
        self.show_chosen({str(item.data(0, NAME)) for item in self._columns()})
        self.chosen.emit(self.shown)

    def _on_ticked(self) -> None:
        self.chosen.emit(self.shown)


def _children(group: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    children = (group.child(at) for at in range(group.childCount()))
    return [item for item in children if item is not None]


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setAccessibleName(text)
    return button
