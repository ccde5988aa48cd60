"""The Review page: how far graders agree, image by image, and what a lead does about it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from desktop_app.canvas.boxes import BoxHand
from desktop_app.canvas.canvas import Canvas
from desktop_app.canvas.style import DARK, LIGHT
from desktop_app.review.bench import (
    CHOOSE,
    EMPTY,
    LOADING,
    Bench,
    plain_ground,
    without_picture,
)
from desktop_app.review.commands import boxing, editing, viewing
from desktop_app.review.copy_link import CopyLink
from desktop_app.review.deeds import Deeds
from desktop_app.review.exporting import pick_csv, save, saved
from desktop_app.review.look import page_sheet
from desktop_app.review.overlay_link import OverlayLink, votes_of
from desktop_app.review.reasons import Reasons
from desktop_app.review.side import Side
from desktop_app.review.study_setup import StudySetup
from desktop_app.review.tables_panel import TablesPanel
from desktop_app.review.top_bar import TopBar
from desktop_app.session.reviewing.image import AT_ONCE
from desktop_app.session.reviewing.names import hider
from desktop_app.session.reviewing.session import ReviewSession
from desktop_app.window.study_page import StudyPage
from desktop_app.window.theme import KeptSheet, space
from desktop_app.window.workplace import Workplace
from engine.domain.image import Image
from engine.domain.problem import Problem
from engine.tasks.executors import Lane

if TYPE_CHECKING:
    from engine.images.pyramid import Pyramid
    from engine.report.run import AgreementRun
    from engine.report.table import Table
    from engine.stages.reviewing import ImageReview

LEFT, CENTRE = 430, 560
"""Widths at 100 % to begin with."""

PREPARING = "Opening the photograph…"
EDITING_HINT = "Ctrl+Enter keeps this region, Esc gives it up."


NO_PHOTOGRAPH = "The study knows this image by name and size only; the ground is plain."


class ReviewPage(StudyPage):
    """Tables, canvas and facts of one study; no grader's name is shown before a reveal.

    Attributes
    ----------
    session
        All that changes behind the page.
    pick_csv
        Asks where a table goes.
    """

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._theme = theme = place.theme
        self._is_loaded = self._is_filling = False
        self.pick_csv: Callable[[QWidget, Path], Path | None] = pick_csv
        self.session = ReviewSession(
            place.study,
            place.bridge,
            place.executor,
            person=place.person,
            study_id=place.study_id,
            options=place.options,
            parent=self,
        )
        self.canvas = Canvas()
        self.top = TopBar(theme, place.keymap)
        self.tables = TablesPanel(theme, place.settings, self.session.selection)
        self.bench = Bench(theme, place.keymap, self.canvas)
        self.side = Side(theme, place.keymap)
        self.overlays = OverlayLink(self.canvas, self.session.at_hand, place.bridge, self)
        self.box_hand = BoxHand(self.canvas, self.overlays.boxes)
        self.setup = StudySetup(place, self._study_settings, self)
        self.deeds = Deeds(
            self.session,
            self.bench,
            self.canvas,
            self.box_hand,
            Reasons(place.settings),
            self,
        )
        self._copy_link = CopyLink(self.session, self.canvas, self)
        self._lay_out()
        self._connect_session()
        self._connect_parts()
        KeptSheet(self, theme, page_sheet)
        theme.changed.connect(self._style_canvas)
        self._style_canvas()
        self._choose_handlers()
        self._show_image_state()

    def sizeHint(self) -> QSize:
        """Return a size at which tables and photograph have room side by side."""
        return QSize(self._theme.metrics.px(1400), self._theme.metrics.px(860))

    # What the window asks of every page

    @property
    def unfinished(self) -> str:
        """The copy that is being edited, which closing would lose."""
        copy = self.session.copy
        return f"The region that is edited on {copy.image} is not kept yet." if copy else ""

    def enter(self) -> None:
        """Measure the study at first, later what other pages changed."""
        if not self._is_loaded:
            self._is_loaded = True
            self.session.load()
        else:
            self.session.catch_up()
            if not self.session.at_hand.path:  # it was put away for a closing that was refused
                self._go(self.session.selection.current)
        self.undo_changed.emit(*self.session.undo_texts)

    def leave(self) -> None:
        """Ask nothing any more."""
        self.bench.ask.withdraw()
        self.box_hand.end()

    def note_options(self) -> None:
        """Measure anew, with the settings as they are by now."""
        if self._is_loaded:
            self.session.note(None)
            if self.isVisible():
                self.session.catch_up()

    def note_gradings(self, images: object) -> None:
        """Measure images again that were changed elsewhere, when the page is seen again."""
        if self._is_loaded:
            self.session.note(None if images is None else list(images))  # type: ignore[call-overload]
            if self.isVisible():
                self.session.catch_up()

    def when_settled(self, then: Callable[[], object]) -> None:
        """Stop measuring, finish what is being written, and call back."""
        self.leave()
        self.session.when_settled(then)

    # What a lead asks for

    def step(self, by: int) -> None:
        """Go to the next image of those that the table shows, or to the one before."""
        self.tables.images.step(by)

    def search(self) -> None:
        """Go to the search field of the table in front."""
        self.tables.shown.go_to_search()

    def clear_brush(self) -> None:
        """Let go of what is picked out in the histogram."""
        self.tables.histogram.clear_brush()

    def export(self) -> None:
        """Write the table in front to a file."""
        name, table = self.tables.table_in_front()
        start = self._place.file.with_name(f"{self._place.file.stem}-{name}.csv")
        path = self.pick_csv(self, start)
        if path is not None:
            run = partial(self.session.measures.run, partial(self._save, table, path))
            self.session.let_names_out(run)

    def export_regions(self) -> None:
        """Write regions for other programs, with a consensus made as the page makes it."""
        session = self.session
        self.setup.open_export(
            session.settings.agreement, session.let_names_out, hider(session.called())
        )

    # Building

    def _lay_out(self) -> None:
        work = QWidget()
        row = QHBoxLayout(work)
        space(row, self._theme, spacing="none")
        row.addWidget(self.bench, 1)
        row.addWidget(self.side)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(self.tables)
        self._split.addWidget(work)
        self._split.setStretchFactor(1, 1)
        px = self._theme.metrics.px
        self._split.setSizes([px(LEFT), px(CENTRE) + self.side.width()])
        body = QVBoxLayout(self)
        space(body, self._theme, spacing="none")
        body.addWidget(self.top)
        body.addWidget(self._split, 1)
        self.canvas.setAccessibleName("Photograph")
        self.setFocusProxy(self.tables.images.grid)
        stops = [self.tables.images.grid, self.canvas, *self.side.deeds.tab_stops]
        for first, second in pairwise(stops):
            self.setTabOrder(first, second)

    def _style_canvas(self) -> None:
        style = DARK if self._theme.is_dark else LIGHT
        self.canvas.set_style(replace(style, scale=self._theme.metrics.scale))

    def _connect_session(self) -> None:
        session, measures, at_hand = self.session, self.session.measures, self.session.at_hand
        measures.loaded.connect(self._on_rows)
        measures.row_changed.connect(self._on_row)
        measures.summary_changed.connect(self.top.show_summary)
        measures.progressed.connect(self.top.show_progress)
        measures.settled.connect(partial(self.top.show_progress, None))
        measures.graders_changed.connect(self._on_graders)
        at_hand.opening.connect(self._on_opening)
        at_hand.reviewed.connect(self._on_review)
        at_hand.picture_ready.connect(self._on_picture)
        at_hand.picture_failed.connect(self._on_no_picture)
        session.problem.connect(self.told)
        session.told.connect(self.bench.toast.tell)
        session.names_changed.connect(self._on_names)
        session.copy_changed.connect(self._on_copy)
        session.undo_changed.connect(self.undo_changed)
        session.changed.connect(self.gradings_changed)
        session.options_changed.connect(self.options_changed)
        session.settings_changed.connect(self._show_method)

    def _connect_parts(self) -> None:
        self.top.method_chosen.connect(self.session.set_consensus)
        self.top.keep_asked.connect(self.session.keep_settings)
        for part in (self.top, self.side.deeds, self.bench.overlays):
            part.asked.connect(self._do)
        self.tables.went.connect(self._go)
        self.tables.images.filtered.connect(self._begin_at_first)
        self.tables.reveal_asked.connect(self.deeds.reveal_all)
        self.session.selection.current_changed.connect(self._on_current)
        self.side.voters.hidden_changed.connect(self.overlays.outlines.hide_letters)
        self.side.voters.adopt_asked.connect(self.deeds.adopt)
        self.overlays.switched.connect(self.bench.overlays.show_switches)
        self.bench.overlays.show_switches(self.overlays.on)
        self.canvas.hint_changed.connect(self.hint_changed)
        self.canvas.told.connect(self.bench.toast.tell)
        self.box_hand.drawn.connect(self.session.cover)
        self.box_hand.ended.connect(self._choose_handlers)
        self.box_hand.begun.connect(self._choose_handlers)
        self.setup.options_changed.connect(self._on_options_set)
        self.setup.images_changed.connect(self._on_images_set)
        self.setup.settings_chosen.connect(self.session.store_settings)

    # What the session tells

    def _on_rows(self) -> None:
        self._fill_rows()
        self._show_method()
        self._show_facts()
        self._show_image_state()
        self._begin_at_first()

    def _fill_rows(self) -> None:
        """Show the rows; which row the table goes to while it is filled counts for nothing."""
        measures, number = self.session.measures, self.session.selection.current
        self._is_filling = True
        cut = measures.settings.agreement.kappa_cut
        self.tables.show_rows(measures.rows, self.session.called(), cut=cut)
        self.tables.images.set_current(number)
        self._is_filling = False

    def _on_row(self, number: int) -> None:
        measures = self.session.measures
        cut = measures.settings.agreement.kappa_cut
        self.tables.show_row(number, measures.rows, cut=cut)
        if measures.rows[number].image.path == self.session.at_hand.path:
            self._show_facts()

    def _on_graders(self) -> None:
        measures = self.session.measures
        if measures.graders is not None:
            called = self.session.called()
            self.tables.show_graders(measures.graders, measures.answers, called)
            if called != self.tables.called:
                self._show_names()

    def _on_opening(self, image: Image) -> None:
        self.bench.ask.withdraw()
        self.bench.question.withdraw()
        self.bench.toast.withdraw()
        self.box_hand.end()
        self.side.voters.show_all()
        self.bench.overlays.show_image(image.path)
        self.canvas.setAccessibleName(f"Photograph {image.path}")
        self.canvas.show_message(PREPARING)
        self.bench.show_canvas()
        self._show_facts()
        self._show_review(None)

    def _on_review(self, review: "ImageReview") -> None:
        self.bench.overlays.key.show_graders(votes_of(review))
        self.bench.overlays.show_switches(self.overlays.on)
        self._show_facts()
        self._show_review(review)

    def _on_picture(self, pyramid: "Pyramid") -> None:
        self.canvas.show_picture(pyramid)
        self.bench.show_canvas()

    def _on_no_picture(self, problem: Problem) -> None:
        image = self.session.at_hand.image
        if problem.code != "no_picture" or image is None:
            self.bench.show_state(without_picture(problem))
            return
        self._place.bridge.run(
            AT_ONCE, partial(plain_ground, image), then=partial(self._on_ground, image)
        )

    def _on_ground(self, image: Image, pyramid: "Pyramid") -> None:
        if self.session.at_hand.image is image:
            self._on_picture(pyramid)
            self.bench.toast.tell(NO_PHOTOGRAPH)

    def _on_names(self) -> None:
        self._show_names()
        self._on_graders()
        self._show_review(self.session.review)

    def _on_copy(self) -> None:
        is_editing = self.session.copy is not None
        self.bench.question.withdraw()
        self.overlays.set_editing(is_editing)
        self.side.deeds.show_editing(is_editing=is_editing)
        self.tables.setEnabled(not is_editing)
        self.top.setEnabled(not is_editing)
        self._choose_handlers()
        if is_editing and not self.canvas.hasFocus():
            self.canvas.setFocus()
        self.hint_changed.emit(EDITING_HINT if is_editing else "")

    def _on_current(self, number: int, _source: object) -> None:
        self._go(number)

    def _on_options_set(self) -> None:
        self.session.load()
        self.options_changed.emit()

    def _on_images_set(self) -> None:
        self.session.load()
        self.gradings_changed.emit(None)

    # Inside

    def _go(self, number: int) -> None:
        if self._is_filling or number < 0:
            return
        model = self.tables.images.model
        at = model.index_of(number).row()
        shown = model.shown
        around = [k for k in (at + 1, at - 1, at + 2) if at >= 0 and 0 <= k < len(shown)]
        self.session.open(number, [int(shown[k]) for k in around])

    def _begin_at_first(self) -> None:
        """Take the first image of the table at hand, once it is sorted, where none is."""
        images = self.tables.images
        is_sorted = images.model.sorting is not None and images.model.is_settled
        if not self.session.at_hand.path and is_sorted and images.current < 0:
            images.step(1)

    def _do(self, action_id: str) -> None:
        handler = self.handlers.get(action_id)
        if handler is not None:
            handler()

    def _choose_handlers(self) -> None:
        """Let the keys do what belongs to what is being done, and nothing else."""
        if self.box_hand.is_active:
            self.handlers = boxing(self)
        elif self.session.copy is not None:
            self.handlers = editing(self)
        else:
            self.handlers = viewing(self)
        self.handlers_changed.emit()

    def _show_facts(self) -> None:
        measures, path = self.session.measures, self.session.at_hand.path
        number = measures.numbers.get(path)
        row = None if number is None else measures.rows[number]
        self.side.show_row(row, measures.settings.agreement)

    def _show_review(self, review: "ImageReview | None") -> None:
        session = self.session
        self.side.show_review(
            review,
            session.called(),
            has_names=session.has_names,
            person=session.person,
        )
        self.side.deeds.forbid(self._forbidden(review))

    def _forbidden(self, review: "ImageReview | None") -> set[str]:
        """Return what cannot be done about the image at hand; its keys say why."""
        if review is None:
            return set(self.side.deeds.buttons) - {"done", "cancel"}
        places = range(len(review.voters), 3)
        nothing = {f"adopt_{place + 1}" for place in places}
        nothing |= set() if review.adjudication else {"withdraw"}
        return nothing | ({"reveal"} if self.session.has_names else set())

    def _show_names(self) -> None:
        self.tables.show_names_hidden(not self.session.shows_all_names)
        self._fill_rows()

    def _show_method(self) -> None:
        session = self.session
        method = session.settings.agreement.consensus
        self.top.show_method(method, is_study=session.settings == session.study_settings)

    def _show_image_state(self) -> None:
        measures = self.session.measures
        is_empty = measures.is_loaded and not measures.rows
        self.side.setVisible(not is_empty)
        if self.session.at_hand.path:
            return
        self.bench.show_state(EMPTY if is_empty else CHOOSE if measures.is_loaded else LOADING)

    def _study_settings(self) -> Any:  # noqa: ANN401 - RunSettings
        return self.session.study_settings

    def _save(self, table: "Table[Any] | None", path: Path, run: "AgreementRun") -> None:
        self.session.write(
            Lane.CPU,
            partial(save, run, table, path),
            then=lambda written: self.told.emit(saved(written)),
        )
