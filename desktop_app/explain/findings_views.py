"""Plots of what a run found: conditions, groups and body parts, linked to the tables."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from desktop_app.explain.parts import Segments, button, scrolled
from desktop_app.explain.view import View
from desktop_app.plots.body_parts import BodyPartPlot
from desktop_app.plots.conditions import ConditionPlot
from desktop_app.plots.groups import GroupPlot
from desktop_app.session.explaining.linked import LinkedComparison
from desktop_app.session.explaining.runs import KeptRun
from desktop_app.session.explaining.tasks import FinishedRun
from desktop_app.session.selection import Selection
from desktop_app.window.theme import Theme, set_role, space
from engine.domain.findings import Family
from engine.report.table import Table


class ConditionsView(View):
    """Mean DS against mean SRCC of each condition, correct and incorrect cases apart (Figure 7)."""

    title = "Conditions"
    figure = "figure7-conditions"

    def __init__(self, selection: Selection, theme: Theme) -> None:
        super().__init__(theme)
        self._run: FinishedRun | None = None
        self.plot = ConditionPlot(theme, selection)
        self.plot.activated.connect(self.activated)
        self.body.addWidget(self.plot)

    @property
    def table(self) -> Table[Any] | None:
        """The table of conditions."""
        return self._run.tables["conditions"] if self._run else None

    def show_run(self, run: KeptRun | None) -> None:
        """Show the conditions of a run."""
        self._run = run.result if run else None
        if self._run is None:
            return
        least = self._run.settings.findings.min_cases_per_condition
        self.plot.set_points(
            self._run.findings.conditions,
            self._run.values.reference,
            images=self._run.linked.conditions,
            count=len(self._run.run.images),
            empty="No condition has enough cases with a DS and an SRCC: each needs at least"
            f" {least}, by the settings.",
        )


FAMILIES = {
    Family.PAPER: "DS and SRCC",
    Family.COMPANION: "AUC and ROI area",
    Family.STRATUM: "Further columns",
}
FAMILY_FIGURES = {
    Family.PAPER: "figure8-groups",
    Family.COMPANION: "figure8-companions",
    Family.STRATUM: "strata",
}
METRIC_NAMES = {"ds": "DS", "srcc": "SRCC", "auc": "AUC", "roi_area": "ROI area"}
COLUMNS = 2


class GroupsView(View):
    """One plot for each comparison of groups (Figure 8), a family at a time."""

    title = "Groups"

    def __init__(self, selection: Selection, theme: Theme) -> None:
        super().__init__(theme)
        self._selection, self._theme = selection, theme
        self._run: FinishedRun | None = None
        self.families = Segments({f.value: text for f, text in FAMILIES.items()}, theme)
        self.families.chosen.connect(lambda _: self._show())
        self.plots: list[GroupPlot] = []
        self._inside = QWidget()
        self._inside.setObjectName("inside")
        self._grid = QGridLayout(self._inside)
        space(self._grid, theme, spacing="m")
        self.nothing = QLabel()
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self.nothing, "muted")
        row = QHBoxLayout()
        space(row, theme)
        row.addWidget(self.families)
        row.addStretch()
        self.body.addLayout(row)
        self.body.addWidget(self.nothing)
        self.body.addWidget(scrolled(self._inside), 1)

    @property
    def family(self) -> Family:
        """Which comparisons are shown."""
        return Family(self.families.current)

    @property
    def figure(self) -> str:  # type: ignore[override]
        """The figure of the family that is shown."""
        return FAMILY_FIGURES[self.family]

    @property
    def table(self) -> Table[Any] | None:
        """The table of tests."""
        return self._run.tables["tests"] if self._run else None

    def show_run(self, run: KeptRun | None) -> None:
        """Show the comparisons of a run."""
        self._run = run.result if run else None
        self._show()

    def _show(self) -> None:
        run = self._run
        linked = run.linked.comparisons if run else ()
        of_family = [one for one in linked if one.comparison.family is self.family]
        while len(self.plots) < len(of_family):
            self._add_plot()
        for plot in self.plots[len(of_family) :]:
            plot.hide()
        for plot, one in zip(self.plots, of_family, strict=False):
            self._fill(plot, one)
            plot.show()
        self.nothing.setVisible(not of_family)
        self.nothing.setText(
            "No further column was compared; name columns in the settings, under findings."
            if self.family is Family.STRATUM
            else "The study has no such columns: import a manifest with them."
        )

    def _add_plot(self) -> None:
        plot = GroupPlot(self._theme, self._selection)
        plot.activated.connect(self.activated)
        plot.setMinimumHeight(self._theme.metrics.px(260))
        at = len(self.plots)
        self._grid.addWidget(plot, at // COLUMNS, at % COLUMNS)
        self._grid.setColumnStretch(at % COLUMNS, 1)
        self.plots.append(plot)

    def _fill(self, plot: GroupPlot, one: LinkedComparison) -> None:
        assert self._run is not None
        compared = one.comparison
        plot.set_comparison(
            compared,
            reference=self._run.values.reference,
            numbers=one.numbers,
            values=one.values,
            images=one.images,
            case_names=self._run.linked.case_names,
            count=len(self._run.run.images),
            title=f"{METRIC_NAMES.get(compared.metric, compared.metric)} by {compared.column}",
        )


class BodyPartsView(View):
    """Body parts of the lowest images against those of a control sample (Figure 6)."""

    title = "Body parts"
    figure = "figure6-body-parts"
    label_wanted = Signal()
    """A person wants to label body parts."""

    import_wanted = Signal()
    """A person has labels in a file."""

    def __init__(self, selection: Selection, theme: Theme) -> None:
        super().__init__(theme)
        self._run: FinishedRun | None = None
        self.progress = QLabel()
        set_role(self.progress, "muted")
        self.label = button("Label body parts…", self.label_wanted.emit)
        self.bring = button("Import labels…", self.import_wanted.emit)
        row = QHBoxLayout()
        space(row, theme, spacing="s")
        row.addWidget(self.progress, 1)
        row.addWidget(self.bring)
        row.addWidget(self.label)
        self.plot = BodyPartPlot(theme, selection)
        self.plot.activated.connect(self.activated)
        self.body.addLayout(row)
        self.body.addWidget(self.plot, 1)

    @property
    def table(self) -> Table[Any] | None:
        """The table of body parts."""
        return self._run.tables["body_parts"] if self._run else None

    def show_run(self, run: KeptRun | None) -> None:
        """Show the body parts of a run's lowest images."""
        self._run = run.result if run else None
        if self._run is None:
            return
        extremes, linked = self._run.findings.extremes, self._run.linked
        wanted = {*extremes.lowest_ds, *extremes.lowest_srcc, *extremes.control}
        done = len(wanted & linked.labels.keys())
        self.progress.setText(f"{done:,} of {len(wanted):,} images are labelled")
        self.label.setEnabled(bool(wanted))
        self.plot.set_shares(
            self._run.findings.body_parts,
            alpha=self._run.settings.findings.alpha,
            images=linked.parts,
            count=len(self._run.run.images),
            empty="None of these images is labelled yet. Label the lowest images and a control"
            " sample, shuffled and without their maps, to see which body parts stand out.",
        )
