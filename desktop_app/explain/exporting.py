"""What leaves the page from where one looks: table, figure, report, command."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QProgressBar, QToolButton, QWidget

from desktop_app.explain.parts import button
from desktop_app.explain.pickers import Picker
from desktop_app.explain.table_views import CasesView, FindingsTablesView, ImagesView
from desktop_app.explain.view import View
from desktop_app.session.explaining.export import Exports, Written
from desktop_app.session.explaining.runs import KeptRun
from desktop_app.session.explaining.sanity import SanityCheck
from desktop_app.session.explaining.time import ROOMS
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from engine.domain.problem import Problem, Severity
from engine.formats.file_names import safe_path
from engine.report.table import Table
from engine.tasks.progress import Step

if TYPE_CHECKING:
    from desktop_app.explain.page import ExplainPage

REPORT_MANIFEST = "report.manifest.json"


class Exporting(QObject):
    """The export button of the page, and what its entries do.

    Attributes
    ----------
    marks_encoding
        Whether CSV files begin with a byte-order mark, by which spreadsheets know UTF-8.
    with_images
        Whether a report shows small photographs.
    """

    def __init__(self, page: "ExplainPage") -> None:
        super().__init__(page)
        self._page = page
        theme = page.place.theme
        self.menu = QMenu(page)
        self.marks_encoding = _choice("CSV for spreadsheets (byte-order mark)", self.menu)
        self.with_images = _choice("Report with small photographs", self.menu, is_on=True)
        self._fill()
        self.button = QToolButton()
        set_role(self.button, "quiet")
        KeptIcon(self.button, theme, "export")
        self.button.setToolTip("Export")
        self.button.setAccessibleName("Export")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setMenu(self.menu)
        self.menu.aboutToShow.connect(self._show_possible)
        self.strip = ReportStrip(page.session.exports, theme)
        page.session.exports.written.connect(self._tell)

    def export(self) -> None:
        """Export what is looked at: a table as CSV, a plot as a figure."""
        if self._page.views.current.figure:
            self.figure()
        else:
            self.table()

    def table(self) -> None:
        """Export the table of the present view, all of its rows."""
        table = self._page.views.current.table if self._run else None
        if table is not None:
            self._save(table, table.name)

    def shown_rows(self) -> None:
        """Export the rows that are shown, in their order."""
        view = self._page.views.current
        table = view.table if self._run else None
        if table is not None and isinstance(view, ImagesView | CasesView | FindingsTablesView):
            rows = view.view.export_rows()
            self._save(Table(table.name, table.columns, rows), f"{table.name}-shown")

    def all_tables(self) -> None:
        """Export every table of the run, their names beginning alike."""
        run = self._run
        if run is None:
            return
        target = self._pick(self._page.pickers.table, "tables.csv")
        if target is None:
            return
        tables = {
            target.with_name(f"{target.stem}-{name}.csv"): table
            for name, table in run.result.tables.items()
        }

        def save() -> None:
            self._exports.save_tables(
                run.result, tables, byte_order_mark=self.marks_encoding.isChecked(), overwrite=True
            )

        taken = [path.name for path in tables if path.exists()]
        if taken:
            self._page.question.ask(
                f"There are tables such as {taken[0]} already. Replace them?",
                save,
                yes="Replace them",
            )
        else:
            save()

    def figure(self) -> None:
        """Export the figure of the present view."""
        run, name = self._run, self._page.views.current.figure
        if run is None or not name:
            return
        target = self._pick(self._page.pickers.figure, f"{name}.svg")
        if target is not None:
            target = target if target.suffix else target.with_suffix(".svg")
            self._exports.save_figure(run.result, name, target, overwrite=True)

    def report(self) -> None:
        """Write the whole report into a folder."""
        run = self._run
        if run is None or self._exports.is_reporting:
            return
        out = self._pick(self._page.pickers.report, "report")
        if out is None:
            return
        if (out / REPORT_MANIFEST).is_file():
            self._page.question.ask(
                f"There is a report in {out.name} already. Replace it?",
                lambda: self._write_report(run, out, overwrite=True),
                yes="Replace it",
            )
        else:
            self._write_report(run, out, overwrite=False)

    def panels(self) -> None:
        """Write the four panels of each image into an empty folder."""
        run = self._run
        if run is None or self._exports.is_reporting:
            return
        folder = self._pick(self._page.pickers.panels, "panels")
        if folder is not None:
            self._exports.write_panels(run.result, folder, is_stale=run.is_stale)

    def check(self, check: SanityCheck) -> None:
        """Export the table of a check of the model."""
        target = self._pick(self._page.pickers.table, "sanity.csv")
        if target is not None:
            target = target if target.suffix else target.with_suffix(".csv")
            self._exports.save_check(check, target, byte_order_mark=self.marks_encoding.isChecked())

    def copy_command(self) -> None:
        """Put the same run on the clipboard, as a command for a terminal."""
        QGuiApplication.clipboard().setText(self._page.session.command_line())
        self._page.toast.tell("The command is on the clipboard")

    # Inside

    @property
    def _run(self) -> KeptRun | None:
        return self._page.session.runs.shown

    @property
    def _exports(self) -> Exports:
        return self._page.session.exports

    def _save(self, table: Table[object], name: str) -> None:
        run = self._run
        target = self._pick(self._page.pickers.table, f"{name}.csv")
        if run is not None and target is not None:
            target = target if target.suffix else target.with_suffix(".csv")
            self._exports.save_tables(
                run.result,
                {target: table},
                byte_order_mark=self.marks_encoding.isChecked(),
                overwrite=True,  # the system's dialog asked
            )

    def _pick(self, picker: Picker, name: str) -> Path | None:
        file = self._page.place.file
        return picker(self._page, file.with_name(safe_path(f"{file.stem}-{name}")))

    def _write_report(self, run: KeptRun, out: Path, *, overwrite: bool) -> None:
        self._exports.write_report(
            run.result,
            out,
            with_images=self.with_images.isChecked(),
            is_stale=run.is_stale,
            overwrite=overwrite,
        )

    def _tell(self, written: Written) -> None:
        remedy = f"It is in {written.path.parent}"
        note = Problem(
            "exported", written.path.name, f"{written.what} was written", remedy, Severity.NOTE
        )
        self._page.told.emit(note)

    def _fill(self) -> None:
        add = self.menu.addAction
        self._table = add("This table as CSV…", self.table)
        self._rows = add("Only the rows shown as CSV…", self.shown_rows)
        self._figure = add("This figure as SVG or PNG…", self.figure)
        self._all = add("All tables as CSV…", self.all_tables)
        self._report = add("The whole report…", self.report)
        self._panels = add("The panels of all images…", self.panels)
        self.menu.addSeparator()
        add("Copy as a command line", self.copy_command)
        self.menu.addSeparator()
        self.menu.addActions([self.marks_encoding, self.with_images])

    def _show_possible(self) -> None:
        """Let only what there is be chosen."""
        has_run = self._run is not None
        view: View | None = self._page.views.current if has_run else None
        is_table = isinstance(view, ImagesView | CasesView | FindingsTablesView)
        self._table.setEnabled(view is not None and view.table is not None)
        self._rows.setEnabled(is_table)
        self._figure.setEnabled(view is not None and bool(view.figure))
        self._all.setEnabled(has_run)
        for action in (self._report, self._panels):
            action.setEnabled(has_run and not self._exports.is_reporting)


class ReportStrip(QWidget):
    """How far the report, or the folder of panels, is; hidden while none is made."""

    def __init__(self, exports: Exports, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._exports = exports
        self.told, self.bar = QLabel(), QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How far the report or the panels are")
        self.stop = button("Stop", exports.stop_report, name="Stop writing")
        row = QHBoxLayout(self)
        space(row, theme, "m s", spacing="m")
        row.addWidget(self.told)
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop)
        exports.report_progressed.connect(self._show)
        exports.report_ended.connect(self.hide)
        self.hide()

    def _show(self, step: Step) -> None:
        self.bar.setRange(0, max(step.total, 1))
        self.bar.setValue(step.done)
        room = ROOMS.get(step.room, step.room).lower()
        self.told.setText(
            f"Writing {self._exports.making}: {room}, {step.done:,} of {step.total:,}"
        )
        self.show()


def _choice(text: str, parent: QMenu, *, is_on: bool = False) -> QAction:
    action = QAction(text, parent)
    action.setCheckable(True)
    action.setChecked(is_on)
    return action
