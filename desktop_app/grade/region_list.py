"""The outlined regions beside the canvas: selected here, selected there."""

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.tables.regions import RegionModel
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from engine.domain.polygon import Region

NOTHING = "None yet. Click on the photograph around a region."
ROWS_SHOWN = 5
"""Rows that have room before the list scrolls."""


class RegionList(QWidget):
    """Area and share of each region; deleting is asked for, never done here."""

    selected = Signal(int)
    """Index of the region that a person chose."""
    delete_asked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.model = RegionModel(self)
        self.table = QTableView()
        self._nothing = QLabel(NOTHING)
        self.delete = QToolButton()
        self._set_up_table()
        self._lay_out(theme)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.delete.clicked.connect(self._ask_to_delete)
        theme.changed.connect(self._fit)
        self._show_state()

    @property
    def current(self) -> int:
        """Index of the region that is selected, or -1."""
        return self.table.currentIndex().row()

    def show_region(self, region: Region, width: int, height: int) -> None:
        """List the regions of an image of this size; the selection stays where it can."""
        at = min(self.current, len(region) - 1)
        with QSignalBlocker(self.table.selectionModel()):
            self.model.set_region(region, width, height)
        self.select(at)
        self._fit()

    def select(self, index: int) -> None:
        """Select a region, or none where the index is -1; nobody is told."""
        chosen = self.model.index(index, 0)
        if not chosen.isValid():
            with QSignalBlocker(self.table.selectionModel()):
                self.table.selectionModel().clear()
        elif index != self.current:
            with QSignalBlocker(self.table.selectionModel()):
                self.table.selectionModel().setCurrentIndex(chosen, SELECT_ROW)
            self.table.scrollTo(chosen)
        self.table.viewport().update()
        self._show_state()

    def _set_up_table(self) -> None:
        table = self.table
        table.setObjectName("regions")
        table.setModel(self.model)
        table.setAccessibleName("Outlined regions")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.horizontalHeader().hide()
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def _lay_out(self, theme: Theme) -> None:
        body = QVBoxLayout(self)
        space(body, theme, spacing="xs")
        head = QHBoxLayout()
        space(head, theme)
        title = QLabel("Regions")
        set_role(title, "strong")
        set_role(self.delete, "quiet")
        set_role(self._nothing, "small")
        KeptIcon(self.delete, theme, "trash")
        self.delete.setToolTip("Delete the selected region")
        self.delete.setAccessibleName("Delete the selected region")
        self.delete.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._nothing.setWordWrap(True)
        head.addWidget(title, 1)
        head.addWidget(self.delete)
        body.addLayout(head)
        body.addWidget(self._nothing)
        body.addWidget(self.table)

    def _fit(self) -> None:
        """Give the table the height of its rows, up to a limit."""
        row = self.fontMetrics().height() + 2 * self._theme.px("xs")
        self.table.verticalHeader().setDefaultSectionSize(row)
        self.table.setFixedHeight(row * min(max(self.model.rowCount(), 1), ROWS_SHOWN) + 2)
        self._show_state()

    def _show_state(self) -> None:
        is_empty = self.model.rowCount() == 0
        self.table.setVisible(not is_empty)
        self._nothing.setVisible(is_empty)
        self.delete.setEnabled(self.current >= 0)

    def _on_current(self) -> None:
        self._show_state()
        if self.current >= 0:
            self.selected.emit(self.current)

    def _ask_to_delete(self) -> None:
        if self.current >= 0:
            self.delete_asked.emit(self.current)


SELECT_ROW = (
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
)
