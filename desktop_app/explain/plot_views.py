"""Plots of a run, linked to its tables: scatter, histogram, conditions, groups, body parts."""

from PySide6.QtWidgets import QHBoxLayout, QLabel

from desktop_app.explain.view import View
from desktop_app.plots.histogram import HistogramPlot
from desktop_app.plots.reference import ds_lines
from desktop_app.plots.scatter import ScatterPlot
from desktop_app.session.explaining.runs import KeptRun
from desktop_app.session.explaining.tasks import METRICS, FinishedRun
from desktop_app.session.selection import Selection
from desktop_app.setup.fields import ChoiceField
from desktop_app.window.theme import Theme, space


class ScatterView(View):
    """DS against SRCC, one point an image."""

    title = "Scatter"
    figure = "scatter"

    def __init__(self, selection: Selection, theme: Theme) -> None:
        super().__init__(theme)
        self.plot = ScatterPlot(theme, selection)
        self.plot.activated.connect(self.activated)
        self.body.addWidget(self.plot)

    def show_run(self, run: KeptRun | None) -> None:
        """Show the images of a run."""
        if run is None:
            return
        values = run.result.values
        self.plot.set_points(
            values.metrics["ds"],
            values.metrics["srcc"],
            marks=values.marks,
            x_title="DS",
            y_title="SRCC",
            lines=ds_lines(values.reference),
            names=values.names,
        )


class HistogramView(View):
    """How any one number of the images is distributed."""

    title = "Histogram"

    def __init__(self, selection: Selection, theme: Theme) -> None:
        super().__init__(theme)
        self._run: FinishedRun | None = None
        self.number = ChoiceField("Number to show", METRICS.items())
        self.number.activated.connect(lambda _: self._show())
        self.plot = HistogramPlot(theme, selection)
        self.plot.activated.connect(self.activated)
        row = QHBoxLayout()
        space(row, theme, spacing="s")
        label = QLabel("Number")
        label.setBuddy(self.number)
        row.addWidget(label)
        row.addWidget(self.number)
        row.addStretch()
        self.body.addLayout(row)
        self.body.addWidget(self.plot, 1)

    def show_run(self, run: KeptRun | None) -> None:
        """Show the images of a run."""
        self._run = run.result if run else None
        self._show()

    def _show(self) -> None:
        if self._run is None:
            return
        name, values = self.number.choice, self._run.values
        self.plot.set_values(
            values.metrics[name],
            x_title=METRICS[name],
            lines=ds_lines(values.reference) if name == "ds" else (),
            kinds=values.marks,
            names=values.names,
        )
