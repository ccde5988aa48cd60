"""Runs side by side: whether the images that one ranks lowest stay lowest in the others."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.explain.parts import Segments
from desktop_app.explain.view import View
from desktop_app.plots.ranks import RankPlot
from desktop_app.session.explaining.runs import KeptRun, Runs
from desktop_app.session.selection import Selection
from desktop_app.tables.table_view import TableView
from desktop_app.window.state_page import State, StatePage
from desktop_app.window.theme import Theme, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.measure import Undefined
from engine.report.table import Table

ONE = State(
    "study",
    "One run alone cannot be compared",
    "Run again with another method, model or setting: then it shows here whether the images that"
    " agree least stay the same.",
)
COMPARING = State("study", "Comparing the runs…")
METRICS = {"ds": "DS", "srcc": "SRCC"}


class RunsView(View):
    """Ranks of each image in each run, and each two runs as a table."""

    title = "Runs"

    def __init__(self, runs: Runs, selection: Selection, theme: Theme) -> None:
        super().__init__(theme)
        self._runs = runs
        self._run: KeptRun | None = None
        self.metrics = Segments(METRICS, theme)
        self.told = WrappedLabel()
        self.plot = RankPlot(theme, selection)
        self.plot.activated.connect(self.activated)
        self.pairs = TableView(theme, name="Pairs of runs")
        self.state = StatePage(theme)
        inside = QWidget()
        column = QVBoxLayout(inside)
        space(column, theme, spacing="s")
        row = QHBoxLayout()
        space(row, theme, spacing="m")
        row.addWidget(self.metrics)
        row.addWidget(self.told, 1)
        column.addLayout(row)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.plot)
        split.addWidget(self.pairs)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([theme.metrics.px(360), theme.metrics.px(160)])
        column.addWidget(split, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.state)
        self._stack.addWidget(inside)
        self.body.addWidget(self._stack)
        self.metrics.chosen.connect(lambda _: self._show())
        runs.persistence_changed.connect(self._show)

    @property
    def table(self) -> Table[Any] | None:
        """The table of each two runs."""
        if not self._runs.persistence:
            return None
        from engine.report.method_tables import pair_table  # noqa: PLC0415 - loads a report

        return pair_table(self._runs.persistence)

    def show_run(self, run: KeptRun | None) -> None:
        """Take note of which run is shown: its row numbers count."""
        self._run = run
        self._show()

    def _show(self) -> None:
        runs = self._runs
        table = self.table
        if table is None or self._run is None:
            self.state.show_state(COMPARING if len(runs.all) > 1 else ONE)
            self._stack.setCurrentIndex(0)
            return
        metric = self.metrics.current
        persistence, ranks = runs.persistence[metric], runs.ranks[metric]
        numbers = self._run.result.values.numbers
        there = [at for at, path in enumerate(ranks.paths) if path in numbers]
        images = np.array([numbers[ranks.paths[at]] for at in there], dtype=np.intp)
        self.plot.set_ranks(
            persistence.methods,
            ranks.ranks[:, there],
            persistence.lowest,
            images=images,
            count=len(numbers),
            names=self._run.result.values.names,
        )
        w = persistence.kendall_w
        alike = "" if isinstance(w, Undefined) else f"Kendall’s W {w:.2f}. "
        self.told.setText(
            f"{alike}Of the {persistence.lowest:,} lowest images"
            f" {len(persistence.stay_lowest):,} are lowest in every run."
        )
        self.pairs.set_table(table)
        self._stack.setCurrentIndex(1)
