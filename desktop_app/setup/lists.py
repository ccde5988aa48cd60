"""Tables and check-lists of the set-up, all of one look."""

from collections.abc import Iterable

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QListView, QTableView

from desktop_app.window.theme import Theme, set_role

UNCHECKED, CHECKED = Qt.CheckState.Unchecked, Qt.CheckState.Checked


def table_view(model: QAbstractItemModel, name: str, theme: Theme) -> QTableView:
    """Return a table of whole rows over a model; its rows have the height of a line."""
    view = _LineTable(theme)
    view.setModel(model)
    view.setAccessibleName(name)
    set_role(view, "plain")
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setTabKeyNavigation(False)
    view.verticalHeader().hide()
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    view.fit()
    return view


class _LineTable(QTableView):
    """A table whose rows grow with the text."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        theme.changed.connect(self.fit)  # a method, since the theme outlives the table

    def fit(self) -> None:
        """Give each row the height of a line."""
        height = self.fontMetrics().lineSpacing() + 2 * self._theme.px("xs")
        self.verticalHeader().setDefaultSectionSize(height)


def stretch(view: QTableView, column: int) -> None:
    """Give a column all the room that the others leave, which take what they need."""
    header = view.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)


class CheckList(QListView):
    """Names, each with a box; `checked` are those that are ticked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.changed = self._model.itemChanged
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(True)

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in their order."""
        return tuple(item.text() for item in self._items())

    @property
    def checked(self) -> tuple[str, ...]:
        """The names that are ticked, in their order."""
        return tuple(item.text() for item in self._items() if item.checkState() == CHECKED)

    def show_names(self, names: Iterable[str], *, checked: Iterable[str]) -> None:
        """Show other names, without telling of a change."""
        ticked = set(checked)
        self._model.clear()
        for name in names:
            self._model.appendRow(_item(name, is_checked=name in ticked))

    def add(self, name: str) -> None:
        """Add a name, ticked."""
        item = _item(name, is_checked=True)
        self._model.appendRow(item)
        self.scrollTo(item.index())
        self.changed.emit(item)

    def check(self, name: str, *, is_checked: bool) -> None:
        """Tick a name, or take its tick away."""
        for item in self._items():
            if item.text() == name:
                item.setCheckState(CHECKED if is_checked else UNCHECKED)

    def _items(self) -> list[QStandardItem]:
        return [self._model.item(row) for row in range(self._model.rowCount())]


def _item(name: str, *, is_checked: bool) -> QStandardItem:
    item = QStandardItem(name)
    item.setCheckable(True)
    item.setCheckState(CHECKED if is_checked else UNCHECKED)
    return item
