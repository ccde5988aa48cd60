"""The runs that are there: which one is shown, what they are called, closing one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop_app.explain.look import set_at
from desktop_app.explain.parts import Section, button, tool
from desktop_app.session.explaining.runs import KeptRun, Runs
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel


class RunList(Section):
    """One row for each run; hidden while there is none."""

    def __init__(self, runs: Runs, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Runs", theme, parent)
        self._runs = runs
        self._theme = theme
        self.rows: dict[int, RunRow] = {}
        runs.changed.connect(self._show)
        runs.shown_changed.connect(lambda _: self._show())
        runs.result_changed.connect(lambda _: self._show())
        self._show()

    def _show(self) -> None:
        kept = {run.id for run in self._runs.all}
        for number in tuple(self.rows):
            if number not in kept:
                row = self.rows.pop(number)
                self.body.removeWidget(row)
                row.hide()
                row.deleteLater()
        for run in self._runs.all:
            if run.id not in self.rows:
                self.rows[run.id] = self._row(run)
                self.body.addWidget(self.rows[run.id])
            self.rows[run.id].show_run(is_shown=run is self._runs.shown)
        self.setVisible(bool(self.rows))

    def _row(self, run: KeptRun) -> "RunRow":
        row = RunRow(run, self._theme)
        row.chosen.connect(lambda: self._runs.show(run))
        row.renamed.connect(lambda name: self._runs.rename(run, name))
        row.closed.connect(lambda: self._runs.close(run))
        return row


class RunRow(QFrame):
    """The name of a run, what it holds, and two small buttons."""

    chosen = Signal()
    renamed = Signal(str)
    closed = Signal()

    def __init__(self, run: KeptRun, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "run")
        self._run = run
        self.name = WrappedLabel()
        self.name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.field = QLineEdit()
        self.field.setAccessibleName("New name of the run")
        self.field.hide()
        self.field.editingFinished.connect(self._on_typed)
        self.state = QLabel()
        set_role(self.state, "small")
        self.show_button = button("Show", self.chosen.emit, role="link")
        self._rename = tool("rename", "Rename this run", self._on_rename, theme)
        self._close = tool("close", "Close this run", self.closed.emit, theme)
        head = QHBoxLayout()
        space(head, theme, spacing="xs")
        head.addWidget(self.name, 1)
        head.addWidget(self.field, 1)
        for part in (self._rename, self._close):
            head.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        space(foot, theme, spacing="xs")
        foot.addWidget(self.state, 1)
        foot.addWidget(self.show_button)
        body = QVBoxLayout(self)
        space(body, theme, "s xs", spacing="none")
        body.addLayout(head)
        body.addLayout(foot)

    def show_run(self, *, is_shown: bool) -> None:
        """Show the run as it is now."""
        run = self._run
        self.name.setText(run.name)
        self.setAccessibleName(run.name)
        result = run.result
        count = len(result.findings.cues)
        found = f"{count} finding{'s' * (count != 1)}" if count else "no finding"
        parts = [f"{result.values.explained:,} images", found]
        if result.values.failed:
            parts.append(f"{result.values.failed:,} without a result")
        if run.is_stale:
            parts.append("gradings changed since")
        self.state.setText(" · ".join(parts))
        self.show_button.setVisible(not is_shown)
        self.show_button.setAccessibleName(f"Show {run.name}")
        for part, what in ((self._rename, "Rename"), (self._close, "Close")):
            part.setAccessibleName(f"{what} {run.name}")
        set_at(self, is_at=is_shown)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the run by a click anywhere on its row."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()
        super().mousePressEvent(event)

    def _on_rename(self) -> None:
        self.field.setText(self._run.name)
        self.name.hide()
        self.field.show()
        self.field.setFocus()
        self.field.selectAll()

    def _on_typed(self) -> None:
        if self.field.isHidden():
            return
        self.field.hide()
        self.name.show()
        self.renamed.emit(self.field.text())
