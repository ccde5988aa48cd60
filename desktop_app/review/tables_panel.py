"""The left column: how kappa is distributed, and the tables of images, graders, pairs, answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.plots.histogram import HistogramPlot
from desktop_app.review.pairs import PairsPanel
from desktop_app.session.reviewing.names import masked, progress_table
from desktop_app.session.selection import Selection
from desktop_app.tables.shown_columns import memory_in
from desktop_app.tables.table_view import TableView
from desktop_app.window.settings import Settings
from desktop_app.window.theme import Theme, set_role, space
from engine.domain.agreement import AnswerAgreement, StudyGraders
from engine.domain.measure import Reason, Undefined
from engine.domain.rows import ImageAgreement
from engine.report.columns import agreement_table
from engine.report.grader_tables import grader_tables
from engine.report.table import Table

SHOWN = ("image", "state", "done", "fleiss_kappa", "mean_pairwise_dice", "reason")
"""Columns of the image table to begin with."""

SHOWN_OF: Mapping[str, Sequence[str]] = {
    "graders": ("grader", "images", "dice", "sensitivity", "specificity", "visible", "repeat_dice"),
    "pairs": ("first", "second", "images", "dice", "iou", "hd95"),
}
TITLES = {
    "images": "Images",
    "graders": "Graders",
    "pairs": "Pairs",
    "answers": "Answers",
    "progress": "Progress",
}
OUTLINED = (None, Reason.KAPPA_BELOW_CUT)
"""Why an image that all graders outlined may leave: kappa alone."""

HISTOGRAM, TABLES = 240, 400
"""Heights at 100 % to begin with."""

LOWEST = 560
"""Height at 100 % below which there is room for the tables alone."""


class TablesPanel(QWidget):
    """Shows what was measured; graders are called as it is told, never otherwise."""

    went = Signal(int)
    """Row number of an image that a person went to."""

    reveal_asked = Signal()
    """The names of all graders are wanted."""

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        selection: Selection,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._selection = selection
        self._graders: dict[str, Table[Any]] = {}
        self.called: dict[str, str] = {}
        self.histogram = HistogramPlot(theme, selection)
        self.views = {
            name: TableView(
                theme, name=title, memory=memory_in(settings.store, f"review/columns/{name}")
            )
            for name, title in TITLES.items()
        }
        self.images.link(selection)
        self.images.current_changed.connect(self.went)
        self.images.activated.connect(self.went)
        self.names = [self._names_button(name) for name in ("graders", "pairs", "progress")]
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("Tables")
        self.pairs = PairsPanel(theme, self.views["pairs"])
        for name, title in TITLES.items():
            is_pairs = name == "pairs"
            page = _scrolled(self.pairs) if is_pairs else _padded(self.views[name], theme)
            self.tabs.addTab(page, title)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        self._plot = _padded(self.histogram, theme)
        split.addWidget(self._plot)
        split.addWidget(self.tabs)
        split.setStretchFactor(1, 1)
        split.setSizes([theme.metrics.px(HISTOGRAM), theme.metrics.px(TABLES)])
        body = QVBoxLayout(self)
        space(body, theme)
        body.addWidget(split)
        for view in self.views.values():
            view.show_empty("Measuring…", "The numbers come as soon as they are there.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to the tables where there is too little for the histogram beside them."""
        super().resizeEvent(event)
        self._plot.setVisible(event.size().height() >= self._theme.metrics.px(LOWEST))

    @property
    def images(self) -> TableView:
        """The table of images."""
        return self.views["images"]

    @property
    def shown(self) -> TableView:
        """The table that is in front."""
        return list(self.views.values())[self.tabs.currentIndex()]

    def show_rows(
        self, rows: Sequence[ImageAgreement], called: Mapping[str, str], *, cut: float
    ) -> None:
        """Show the rows of all images, lowest kappa first unless another order was chosen."""
        self.called = dict(called)
        is_first = self.images.model.sorting is None
        self.images.show_empty("No images yet", "Import photographs or a table of images.")
        self.images.set_table(masked(agreement_table(rows), called), shown=SHOWN)
        if is_first:
            self.images.sort_by("fleiss_kappa")
        self.show_kappa(rows, cut=cut)

    def show_row(self, number: int, rows: Sequence[ImageAgreement], *, cut: float) -> None:
        """Show one row anew, and how kappa is distributed where that has changed."""
        before, row = self.images.model.rows[number], rows[number]
        self.images.update_row(number, row)
        if (before.fleiss_kappa, before.reason) != (row.fleiss_kappa, row.reason):
            self.show_kappa(rows, cut=cut)

    def show_kappa(self, rows: Sequence[ImageAgreement], *, cut: float) -> None:
        """Show how kappa is distributed over the images that the graders outlined."""
        from engine.figures.kappa_histogram import bin_edges  # noqa: PLC0415 - it draws too

        between = self.histogram.range
        kappas = [row.fleiss_kappa if row.reason in OUTLINED else None for row in rows]
        values = np.array(
            [np.nan if k is None or isinstance(k, Undefined) else k for k in kappas], dtype=float
        )
        self.histogram.set_values(
            values,
            bins=bin_edges(values[np.isfinite(values)], cut),
            title="Agreement between graders",
            x_title="Fleiss kappa of an image",
            lines=[(cut, f"cut {cut:g}")],
            kinds=[0 if row.admitted else 1 for row in rows],
            labels=("stays", "leaves"),
            names=[row.image.path for row in rows],
            empty="No outlined image has a defined kappa.",
        )
        if between is not None and self._selection.mask is not None:
            self.histogram.brush_range(between)

    def show_graders(
        self,
        graders: StudyGraders,
        answers: Sequence[AnswerAgreement],
        called: Mapping[str, str],
    ) -> None:
        """Show the tables of graders, pairs and answers."""
        tables = {table.name: table for table in grader_tables(graders, answers)}
        self._graders = tables | {"progress": progress_table(tables["graders"])}
        self.pairs.show_pairs(graders.pairs, called)
        for name, table in self._graders.items():
            self.views[name].show_empty("Nothing to compare yet", "No two graders are done.")
            self.views[name].set_table(masked(table, called), shown=SHOWN_OF.get(name))

    def table_in_front(self) -> tuple[str, Table[Any] | None]:
        """Return name and table of the tab in front, under the graders' own names.

        The table is None for that of the images, which is exported as a run.
        """
        name = list(TITLES)[self.tabs.currentIndex()]
        return name, self._graders.get(name)

    def show_names_hidden(self, are_hidden: bool) -> None:
        """Offer to reveal names, as long as they are hidden."""
        for button in self.names:
            button.setVisible(are_hidden)

    def _names_button(self, name: str) -> QPushButton:
        button = QPushButton("Names…")
        set_role(button, "quiet")
        button.setToolTip("Reveal the names of all graders; the audit log says who did so")
        button.setAccessibleName("Reveal the names of all graders")
        button.setAutoDefault(False)
        button.clicked.connect(self.reveal_asked)
        self.views[name].actions_row.addWidget(button)
        return button


def _padded(widget: QWidget, theme: Theme) -> QWidget:
    around = QWidget()
    around.setObjectName("inside")
    body = QVBoxLayout(around)
    space(body, theme, "s")
    body.addWidget(widget)
    return around


def _scrolled(widget: QWidget) -> QScrollArea:
    """Let a page be higher than a small window has room for."""
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
