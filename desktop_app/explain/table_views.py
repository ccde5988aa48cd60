"""Tables of a run: images, cases, and every table of its findings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QSettings, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel

from desktop_app.explain.view import View
from desktop_app.session.explaining.runs import KeptRun
from desktop_app.session.explaining.tasks import FinishedRun
from desktop_app.session.reviewing.names import WRITTEN
from desktop_app.session.selection import Mask, Selection
from desktop_app.setup.fields import ChoiceField
from desktop_app.tables.shown_columns import memory_in
from desktop_app.tables.table_view import TableView
from desktop_app.window.theme import Theme, space
from engine.domain.rows import ImageResult
from engine.report.columns import case_table, image_table
from engine.report.table import Table

IMAGE_COLUMNS = (
    "image", "condition", "reason", "predicted", "is_correct", "ds", "srcc", "auc",
    "ds_above_chance", "roi_area", "failure",
)  # fmt: skip
CASE_COLUMNS = (
    "case", "condition", "predicted", "is_correct", "images", "ds", "srcc", "auc",
    "ds_above_chance",
)  # fmt: skip
"""Columns that are shown at first; metadata columns come with them."""

TITLES: Mapping[str, str] = {
    "cues": "Candidate wrong cues",
    "untested": "Candidates not tested",
    "extremes": "Extremes",
    "body_parts": "Body parts",
    "conditions": "Conditions",
    "levels": "Levels of groups",
    "tests": "Tests of groups",
    "labelling": "Images to label",
}


class ImagesView(View):
    """One row an image; rows stream in while a run is under way."""

    title = "Images"

    def __init__(self, selection: Selection, theme: Theme, store: QSettings) -> None:
        super().__init__(theme)
        self.view = TableView(
            theme, name="Images", memory=memory_in(store, "explain/columns/images")
        )
        self.view.link(selection)
        self.view.activated.connect(self.activated)
        self.body.addWidget(self.view)
        self._run: FinishedRun | None = None
        self._has_numbers = False

    @property
    def table(self) -> Table[ImageResult] | None:
        """The table of the run's images."""
        return self._run.tables["images"] if self._run else None

    def show_run(self, run: KeptRun | None) -> None:
        """Show the images of a run; the same rows are left as they stand."""
        result = run.result if run else None
        is_same = result is not None and self._run is not None and result.run is self._run.run
        self._run = result
        if not is_same:
            self._set(result.tables["images"] if result else image_table(()))
            self._fit_columns()

    def start(self) -> None:
        """Show no row, as when a run begins."""
        self._run, self._has_numbers = None, False
        self.view.show_empty(
            "The run has begun", "Images come as soon as the graders are compared."
        )
        self._set(image_table(()))

    def add(self, rows: Sequence[ImageResult]) -> None:
        """Show rows that came; the first ones bring the metadata columns."""
        if self.view.model.rows:
            self.view.append_rows(rows)
        else:
            self._set(image_table(rows))

    def change(self, rows: Sequence[tuple[int, ImageResult]]) -> None:
        """Show rows as they are now; the first ones with numbers give the columns their widths."""
        self.view.update_rows(rows)
        if not self._has_numbers:
            self._has_numbers = True
            self._fit_columns()

    def _fit_columns(self) -> None:
        QTimer.singleShot(0, self.view.grid, self.view.grid.fit_columns)

    def _set(self, table: Table[ImageResult]) -> None:
        self.view.set_table(without_names(table), shown=IMAGE_COLUMNS)


class CasesView(View):
    """One row a case; going to a case takes the image at hand that its DS is of."""

    title = "Cases"

    def __init__(self, selection: Selection, theme: Theme, store: QSettings) -> None:
        super().__init__(theme)
        self._selection = selection
        self.view = TableView(theme, name="Cases", memory=memory_in(store, "explain/columns/cases"))
        self.view.current_changed.connect(self._on_current)
        self.view.activated.connect(self._on_activated)
        selection.brushed.connect(self._on_brushed)
        self.body.addWidget(self.view)
        self._run: FinishedRun | None = None

    @property
    def table(self) -> Table[Any] | None:
        """The table of the run's cases."""
        return self._run.tables["cases"] if self._run else None

    def show_run(self, run: KeptRun | None) -> None:
        """Show the cases of a run."""
        result = run.result if run else None
        is_same = result is not None and self._run is not None and result.run is self._run.run
        self._run = result
        if not is_same:
            table = result.tables["cases"] if result else case_table(())
            self.view.set_table(table, shown=CASE_COLUMNS)
            self._on_brushed(self._selection.mask, None)

    def image_of(self, number: int) -> int:
        """Return the row number of the image that stands for a case, -1 for none."""
        if self._run is None:
            return -1
        case = self._run.run.cases[number]
        path = case.metrics["ds"].image
        rows = np.flatnonzero(self._run.cases_of_rows == number)
        first = int(rows[0]) if rows.size else -1
        return self._run.values.numbers.get(path, first)

    def _on_current(self, number: int) -> None:
        image = self.image_of(number)
        if 0 <= image < self._selection.count:
            self._selection.set_current(image, self)

    def _on_activated(self, number: int) -> None:
        image = self.image_of(number)
        if image >= 0:
            self.activated.emit(image)

    def _on_brushed(self, mask: Mask | None, _source: object) -> None:
        """Show only cases with a brushed image."""
        run = self._run
        if run is None or mask is None or len(mask) != len(run.run.images):
            self.view.model.set_mask(None)
            return
        hit = run.cases_of_rows[mask]
        cases = np.zeros(len(run.run.cases), dtype=bool)
        cases[hit[hit >= 0]] = True
        self.view.model.set_mask(cases)


class FindingsTablesView(View):
    """Every table of the findings, one at a time."""

    title = "Tables"
    finding_opened = Signal(int)
    """Place of a finding whose row was activated."""

    def __init__(self, theme: Theme, store: QSettings) -> None:
        super().__init__(theme)
        self._store = store
        self._tables: dict[str, Table[Any]] = {}
        self._run: FinishedRun | None = None
        self.choice = ChoiceField("Table")
        self.choice.setMinimumContentsLength(24)
        self.choice.currentIndexChanged.connect(lambda _: self._show())
        self.view = TableView(theme, name="Rows")
        self.view.activated.connect(self._on_activated)
        row = QHBoxLayout()
        space(row, theme, spacing="s")
        label = QLabel("Table")
        label.setBuddy(self.choice)
        row.addWidget(label)
        row.addWidget(self.choice)
        row.addStretch()
        self.body.addLayout(row)
        self.body.addWidget(self.view, 1)

    @property
    def table(self) -> Table[Any] | None:
        """The table that is shown."""
        return self._tables.get(self.choice.choice)

    def show_run(self, run: KeptRun | None) -> None:
        """Show the tables of a run's findings."""
        self._run = run.result if run else None
        kept = self.choice.choice
        tables = self._run.tables if self._run else {}
        self._tables = {n: one for n, one in tables.items() if n not in ("images", "cases")}
        self.choice.blockSignals(True)
        self.choice.show_choices((name, title_of(name)) for name in self._tables)
        self.choice.choose(kept)
        self.choice.blockSignals(False)
        self._show()

    def _show(self) -> None:
        table = self.table
        self.view.set_table(table if table is not None else Table("", (), ()))
        rest = "This table has no row for this run." if table else "There is no run yet."
        self.view.show_empty("Nothing to list", rest)

    def _on_activated(self, number: int) -> None:
        row = self.view.model.rows[number]
        run = self._run
        if run is None:
            return
        path = row if isinstance(row, str) else getattr(row, "path", "")
        if path in run.values.numbers:
            self.activated.emit(run.values.numbers[path])
        elif self.choice.choice == "cues":
            self.finding_opened.emit(number)


def without_names(table: Table[Any]) -> Table[Any]:
    """Return a table without the texts of graders, which begin with their names.

    Names are read on the Review page alone, after a reveal; a file has these columns.
    """
    return replace(table, columns=tuple(c for c in table.columns if c.name not in WRITTEN))


def title_of(name: str) -> str:
    """Return what a table is called on the page."""
    return TITLES.get(name, name.replace("_", " ").capitalize())
