"""The Explain page: a session, what an analyst sees of it, and what they do to it."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.explain.commands import commands, labelling_commands
from desktop_app.explain.dialogs import Dialogs
from desktop_app.explain.exporting import Exporting
from desktop_app.explain.findings_panel import FindingsPanel
from desktop_app.explain.gallery_view import GalleryView
from desktop_app.explain.labelling_page import LabellingPage
from desktop_app.explain.look import page_sheet
from desktop_app.explain.panels_view import PanelsView
from desktop_app.explain.parts import tool
from desktop_app.explain.pickers import ExplainPickers
from desktop_app.explain.recent_cards import RecentCards
from desktop_app.explain.side import Side
from desktop_app.explain.states import NO_MODEL, NO_RUN, READY
from desktop_app.explain.strip import RunningStrip
from desktop_app.explain.table_views import FindingsTablesView, ImagesView
from desktop_app.explain.view import View
from desktop_app.explain.view_table import TABS, view_makers
from desktop_app.explain.views import Views
from desktop_app.session.explaining.runs import KeptRun
from desktop_app.session.explaining.session import ExplainSession
from desktop_app.session.explaining.tasks import Place
from desktop_app.tables.table_view import TableView
from desktop_app.window.floating import Floating
from desktop_app.window.question import InlineQuestion
from desktop_app.window.study_page import StudyPage
from desktop_app.window.theme import KeptSheet, space
from desktop_app.window.toast import Toast
from desktop_app.window.workplace import Workplace
from engine.domain.rows import ImageResult
from engine.tasks.executors import Lane

SIDE_WIDTH, CENTRE_WIDTH = 300, 700
NARROW = 1180
"""Pixels at 100 % of a page that cannot show all three columns at ease."""

VIEW_HEIGHT, PANEL_HEIGHT = 430, 330
"""Pixels at 100 % that the parts begin with."""


class ExplainPage(StudyPage):
    """Choices at the left, views and panels in the middle, findings at the right.

    Parameters
    ----------
    pickers
        How a person is asked for files.
    """

    def __init__(
        self,
        place: Workplace,
        *,
        pickers: ExplainPickers | None = None,
        session: ExplainSession | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.place = place
        self.pickers = pickers or ExplainPickers()
        self.session = session or session_of(place)
        self.session.setParent(self)
        self.recent = RecentCards(place.settings.store, place.study_id)
        theme = place.theme
        self.side = Side(self.session, self.recent, theme, place.keymap)
        self.strip = RunningStrip(self.session.running, theme)
        self.views = Views(view_makers(self.session, place), TABS, theme)
        self.panels = PanelsView(self.session.pictures, theme)
        self.findings = FindingsPanel(self.session.marks, theme)
        self.side_button = tool(
            "sidebar", "Show or hide the choices", self._toggle_side, theme, is_kept=True
        )
        self.side_button.setChecked(True)
        self._is_narrow = False
        self.question = InlineQuestion(theme)
        self.toast = Toast(theme)
        self.dialogs = Dialogs(self)
        self.exporting = Exporting(self)
        self.labelling = LabellingPage(self.session.labelling, self.session.blind, theme)
        self._lay_out()
        self._connect()
        self.handlers = commands(self)
        KeptSheet(self, theme, page_sheet)
        self._begin()

    def sizeHint(self) -> QSize:
        """Return a size at which tables and panels have room."""
        return QSize(self.place.theme.metrics.px(1360), self.place.theme.metrics.px(860))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give a narrow window's room to the views once there is a run to look at."""
        super().resizeEvent(event)
        self._fit_sides()

    # What the window tells

    def enter(self) -> None:
        """Read again what the study lays down, which may have changed meanwhile."""
        self.session.read_options()
        self.session.model.read_conditions()

    def leave(self) -> None:
        """Store a comment that is being written."""
        self.findings.flush()

    def note_options(self) -> None:
        """Take the study's settings, as another page stored them."""
        self.session.read_options()

    def note_gradings(self, images: object) -> None:
        """Take note that readings changed: runs are of before, and say so."""
        self.session.note_readings()

    def when_settled(self, then: Callable[[], object]) -> None:
        """Stop what is under way and call back once nothing of it works on the study."""
        self.findings.flush()
        self.session.when_settled(then)

    # What an analyst asks for

    def run(self) -> None:
        """Begin a run, or say why none can begin."""
        self.session.run()

    def step(self, by: int) -> None:
        """Go to another row of the table of images, as it is sorted and filtered."""
        self.images.view.step(by)

    def search(self) -> None:
        """Go to the search field of the table that is looked at, or else of the images."""
        table = getattr(self.views.current, "view", None)
        if not isinstance(table, TableView):
            self.views.go("images")
            table = self.images.view
        table.go_to_search()

    def open_image(self, number: int) -> None:
        """Take an image at hand and bring its panels into sight."""
        if 0 <= number < self.session.selection.count:
            self.session.selection.set_current(number, self)
        self.show_panels()

    def show_panels(self) -> None:
        """Bring the panels into sight."""
        if self.panels.isHidden() or self._middle.sizes()[1] == 0:
            px = self.place.theme.metrics.px
            self.panels.show()
            self._middle.setSizes([px(VIEW_HEIGHT), px(PANEL_HEIGHT)])

    def open_finding(self, at: int) -> None:
        """Pick out the images of a finding, show them, and take the first one at hand."""
        run = self.session.runs.shown
        if run is None or not 0 <= at < len(run.result.findings.cues):
            return
        self.findings.go(at)
        numbers = run.result.values.numbers
        found = [numbers[path] for path in run.result.findings.cues[at].images if path in numbers]
        mask = np.zeros(self.session.selection.count, dtype=bool)
        mask[found] = True
        self.session.selection.brush(mask, self)
        if found:
            self.open_image(found[0])
        gallery = self.views.view("gallery")
        self.views.go("gallery")
        if isinstance(gallery, GalleryView):
            gallery.show_picked()

    # Labelling

    @property
    def is_labelling(self) -> bool:
        """True while body parts are labelled."""
        return self._whole.currentWidget() is self.labelling

    def begin_labelling(self) -> None:
        """Label the body parts of the lowest images and of the control sample."""
        if self.session.runs.shown is not None and not self.is_labelling:
            self.session.begin_labelling()
            self._whole.setCurrentWidget(self.labelling)
            self.labelling.setFocus()
            self._set_handlers()

    def end_labelling(self) -> None:
        """Go back to the run; the questions are asked again where labels were given."""
        self._whole.setCurrentWidget(self._work)
        self._set_handlers()
        self.session.end_labelling()

    def _tell_undo(self, *_: object) -> None:
        can_undo = self.is_labelling and self.session.labelling.can_undo
        self.undo_changed.emit("the last answer" if can_undo else "", "")

    def _set_handlers(self) -> None:
        self.handlers = labelling_commands(self) if self.is_labelling else commands(self)
        self.handlers_changed.emit()
        self._tell_undo()

    # Building

    @property
    def images(self) -> ImagesView:
        """The table of images."""
        view = self.views.view("images")
        assert isinstance(view, ImagesView)
        return view

    def _lay_out(self) -> None:
        theme = self.place.theme
        self._middle = QSplitter(Qt.Orientation.Vertical)
        self._middle.setHandleWidth(1)
        self._middle.addWidget(self.views)
        self._middle.addWidget(self.panels)
        px = theme.metrics.px
        self._middle.setSizes([px(VIEW_HEIGHT), px(PANEL_HEIGHT)])
        self._middle.setStretchFactor(0, 1)
        centre = QWidget()
        column = QVBoxLayout(centre)
        space(column, theme, spacing="none")
        column.addWidget(self.strip)
        column.addWidget(self.exporting.strip)
        column.addWidget(self.question)
        column.addWidget(self._middle, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(1)
        split.addWidget(self.side)
        split.addWidget(centre)
        split.setChildrenCollapsible(False)
        split.setSizes([px(SIDE_WIDTH), px(CENTRE_WIDTH)])
        split.setStretchFactor(1, 1)
        work = QWidget()
        row = QHBoxLayout(work)
        space(row, theme, spacing="none")
        row.addWidget(split, 1)
        row.addWidget(self.findings)
        self._work = work
        self._whole = QStackedWidget()
        self._whole.addWidget(work)
        self._whole.addWidget(self.labelling)
        self.views.tools.addWidget(self.exporting.button)
        self.views.before_tabs.addWidget(self.side_button)
        Floating(self.toast, centre, theme, edge=Qt.Edge.BottomEdge)
        self.panels.hide()
        body = QVBoxLayout(self)
        space(body, theme, spacing="none")
        body.addWidget(self._whole)

    def _connect(self) -> None:
        session = self.session
        session.told.connect(self.told)
        session.over.connect(self.over)
        session.options_stored.connect(self.options_changed)
        session.model.changed.connect(self._on_model)
        session.running.began.connect(self._on_began)
        session.running.rows_added.connect(self.images.add)
        session.running.rows_changed.connect(self._on_rows_changed)
        for signal in (session.running.stopped, session.running.failed):
            signal.connect(self._on_no_end)
        session.runs.shown_changed.connect(self._on_shown)
        session.runs.result_changed.connect(self._on_result)
        session.selection.current_changed.connect(self._on_current)
        session.runs.changed.connect(self._show_tabs)
        self.place.theme.changed.connect(self._fit_sides)
        session.findings_asked.connect(self.findings.show_asking)
        side = self.side
        side.model.card_wanted.connect(self.dialogs.choose_card)
        side.model.maps_wanted.connect(self.dialogs.choose_maps)
        side.model.predictions_wanted.connect(self.dialogs.choose_predictions)
        side.model.conditions_wanted.connect(self.dialogs.show_conditions)
        side.method.settings_wanted.connect(self.dialogs.show_settings)
        side.run.wanted.connect(self.run)
        self.strip.pause_wanted.connect(self.pause)
        self.strip.cancel_wanted.connect(session.running.cancel)
        self.views.activated.connect(self.open_image)
        self.views.made.connect(self._on_made)
        self.findings.opened.connect(self.open_finding)
        self.panels.enlarged.connect(self._on_enlarged)
        self.labelling.closed.connect(self.end_labelling)
        for signal in (session.labelling.answered, session.labelling.moved):
            signal.connect(self._tell_undo)

    def pause(self) -> None:
        """Hold the run under way, or let it go on."""
        running = self.session.running
        if running.is_paused:
            running.resume()
        else:
            running.pause()

    def _begin(self) -> None:
        first = self.recent.first_of_study(is_synthetic=self.place.is_synthetic)
        if first is not None:
            self.session.model.choose_card(first)
        self._on_shown(None)
        self._show_tabs()
        self.session.jobs.run(Lane.CPU, load_plots)  # a third of a second, ahead of the first plot

    # What the session tells

    def _on_model(self) -> None:
        model = self.session.model
        if model.facts is not None and model.chosen.card is not None:
            self.recent.remember(model.chosen.card)
        if self.session.runs.shown is None and not self.session.running.is_running:
            self._say()

    def _on_began(self, _wanted: object) -> None:
        self.images.start()
        self.views.show_rows()
        self.panels.show_result(None)
        self.panels.hide()
        self.findings.show_run(None)

    def _on_no_end(self, *_: object) -> None:
        """Say how to go on where a run that ended early leaves nothing to look at."""
        if self.session.runs.shown is None:
            self._say()

    def _show_tabs(self) -> None:
        """Offer the comparison of runs where there are two."""
        has_two = len(self.session.runs.all) > 1
        self.views.tabs.buttons["runs"].setVisible(has_two)
        if not has_two and self.views.name == "runs" and self.session.runs.all:
            self.views.go("images")

    def _toggle_side(self) -> None:
        self.side.setVisible(self.side_button.isChecked())

    def _show_side(self, *, is_shown: bool) -> None:
        self.side_button.setChecked(is_shown)
        self.side.setVisible(is_shown)

    def _fit_sides(self) -> None:
        is_narrow = self.width() < self.place.theme.metrics.px(NARROW)
        self.findings.set_narrow(is_narrow=is_narrow)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._show_side(is_shown=not is_narrow or self.session.runs.shown is None)

    def _on_rows_changed(self, rows: Sequence[tuple[int, ImageResult]]) -> None:
        self.images.change(rows)
        if any(number == self.session.selection.current for number, _ in rows):
            self.panels.show_result(self.session.result)

    def _on_shown(self, run: KeptRun | None) -> None:
        self.panels.show_result(self.session.result)
        self.panels.setVisible(self.session.result is not None)
        self.findings.show_run(run)
        if run is not None:
            self.panels.show_figures(run.result.settings.figures)
            if self._is_narrow:
                self._show_side(is_shown=False)
            self.views.show_run(run)
        elif not self.session.running.is_running:
            self._show_side(is_shown=True)
            self._say()

    def _on_result(self, run: KeptRun) -> None:
        self.views.show_run(run)
        self.findings.show_run(run)

    def _on_current(self, _number: int, _source: object) -> None:
        result = self.session.result
        self.panels.show_result(result)
        if result is not None:
            self.panels.show()

    def _on_made(self, view: View) -> None:
        if isinstance(view, FindingsTablesView):
            view.finding_opened.connect(self.open_finding)
        wish = getattr(view, "label_wanted", None)
        if wish is not None:
            wish.connect(self.begin_labelling)
            view.import_wanted.connect(self.dialogs.import_labels)  # type: ignore[attr-defined]

    def _on_enlarged(self, is_large: bool) -> None:
        self.views.setVisible(not is_large)

    def _say(self) -> None:
        session = self.session
        if session.runs.all:
            self.views.show_state(NO_RUN)
        else:
            self.views.show_state(READY if session.model.chosen.is_complete else NO_MODEL)


def load_plots() -> None:
    """Load what plots are drawn with, on a lane."""
    import desktop_app.explain.findings_views  # noqa: PLC0415
    import desktop_app.explain.plot_views  # noqa: PLC0415
    import desktop_app.explain.runs_view  # noqa: F401, PLC0415


def session_of(place: Workplace) -> ExplainSession:
    """Return a session on an open study."""
    return ExplainSession(
        Place(place.study, place.file, place.trust_file),
        place.bridge,
        place.executor,
        author=place.person,
        options=place.options,
    )
