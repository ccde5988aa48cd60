"""Whom images are given to: a check-list of graders, and a line that adds one."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.setup.frame import push_button
from desktop_app.setup.lists import CheckList
from desktop_app.window.theme import Theme, space
from desktop_app.window.wrapped_label import WrappedLabel


class Pool(QWidget):
    """Graders with a box each; those ticked are the pool."""

    changed = Signal()

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self.names = CheckList(title)
        self.names.changed.connect(lambda _: self.changed.emit())
        self.entry = QLineEdit()
        self.entry.setPlaceholderText("Add a grader")
        self.entry.setAccessibleName("Name of a grader to add")
        self.entry.returnPressed.connect(self._on_add)
        self.add = push_button("Add", self._on_add, "Add the grader")
        row = QHBoxLayout()
        space(row, theme)
        row.addWidget(self.entry, stretch=1)
        row.addWidget(self.add)
        column = QVBoxLayout(self)
        space(column, theme, spacing="s")
        column.addWidget(WrappedLabel(title, "strong"))
        column.addWidget(self.names, stretch=1)
        column.addLayout(row)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The graders that are ticked."""
        return self.names.checked

    def show_graders(self, graders: Iterable[str], *, but: str = "") -> None:
        """Show these graders beside those that were added here; ticks stay as they were.

        Parameters
        ----------
        but
            Who is left out, having images to give away.
        """
        known = set(self.names.names)
        ticked = {*self.names.checked, *(grader for grader in graders if grader not in known)}
        names = dict.fromkeys((*graders, *self.names.names))
        self.names.show_names((name for name in names if name != but), checked=ticked)
        self.changed.emit()

    def add_grader(self, name: str) -> None:
        """Take a grader into the pool; one that is listed already is ticked."""
        same = next((n for n in self.names.names if n.casefold() == name.casefold()), "")
        if same:
            self.names.check(same, is_checked=True)
        else:
            self.names.add(name)

    def _on_add(self) -> None:
        name = self.entry.text().strip()
        if name:
            self.entry.clear()
            self.add_grader(name)
