"""A study that is open in the window: its session, its pages, and what they tell each other."""

import gc
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.canvas.canvas import Canvas
from desktop_app.canvas.warm import load_geometry
from desktop_app.desk.pages import further_pages
from desktop_app.grade.page import GradePage
from desktop_app.session.grading import GradingSession
from desktop_app.studies import Opened, people_of
from desktop_app.window.actions import Handler
from desktop_app.window.banner import Remedy
from desktop_app.window.main_window import MainWindow
from desktop_app.window.study_page import StudyPage
from desktop_app.window.workplace import Workplace
from engine.domain.problem import Problem
from engine.tasks.executors import Lane

if TYPE_CHECKING:
    from engine.domain.options import StudyOptions


class OpenStudy(QObject):
    """Shows the pages of a study, and lets each know what another one changed.

    Attributes
    ----------
    opened
        The study, its people and options as they are by now.
    """

    failed = Signal(object)
    """An error that came of reading what a page changed."""

    def __init__(
        self, opened: Opened, place: Workplace, window: MainWindow, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.opened = opened
        self._place = place
        self._window = window
        self.session = GradingSession(
            opened.study,
            place.bridge,
            grader=place.person,
            settings=opened.options.settings.agreement,
            idle_after=window.settings.idle_limit,
            parent=self,
        )
        self.page = GradePage(
            self.session,
            window.keymap,
            window.theme,
            window.settings,
            study_id=opened.id,
            canvas=Canvas(),
        )
        self._listen()
        self._follow(self.page)
        window.pages.made.connect(self._follow)

    def show(self, handlers: Mapping[str, Handler]) -> None:
        """Show the Grade page and begin to read the queue; what is done with the file beside it."""
        window, opened = self._window, self.opened
        window.show_page(
            self.page, opened.file.stem, handlers=handlers, is_synthetic=opened.is_synthetic
        )
        window.offer_pages(further_pages(opened, self._place))
        window.status.show_grader(self._place.person)
        window.status.show_trust(opened.packet is None)
        window.status.show_saving(self.session.saving)
        self.session.load()
        # what is loaded by then stays: collecting it again and again would stall a gesture
        self._place.bridge.run(Lane.CPU, load_geometry, then=lambda _: self._freeze())

    @property
    def unfinished(self) -> str:
        """What would be lost were the study closed now, in a sentence; empty where nothing is."""
        told = (page.unfinished for page in self._window.pages.open_pages)
        return " ".join(text for text in told if text)

    def settle(self, then: Callable[[], object]) -> None:
        """Let nobody touch the pages, and call back once nothing works on the study."""
        pages = self._window.pages
        for page in pages.open_pages:
            page.leave()
        pages.setEnabled(False)
        self._settle(list(pages.open_pages), then)

    def go_on(self) -> None:
        """Let the pages be touched again, the study being kept open."""
        self._window.pages.setEnabled(True)
        page = self._window.page
        if isinstance(page, StudyPage):
            page.enter()
            page.setFocus()

    def close(self, then: Callable[[], object]) -> None:
        """Store what is left, let the study and its pages go, and call back."""
        self._window.pages.made.disconnect(self._follow)
        self.session.close(partial(self._on_closed, then))

    # Inside

    def _on_closed(self, then: Callable[[], object]) -> None:
        self._window.show_first_run()
        self._window.pages.setEnabled(True)
        self._window.banners.clear()
        self.deleteLater()
        gc.unfreeze()  # the pages and their photographs go with it
        then()

    def _settle(self, pages: list[StudyPage], then: Callable[[], object]) -> None:
        if pages:
            pages.pop().when_settled(partial(self._settle, pages, then))
        else:
            then()

    def _freeze(self) -> None:
        if self._window.page is not None:
            gc.freeze()

    def _listen(self) -> None:
        window, session = self._window, self.session
        session.saving_changed.connect(window.status.show_saving)
        session.problem.connect(self._tell_of_session)
        session.problem_gone.connect(window.banners.withdraw)
        self.page.canvas.zoom_changed.connect(self._show_zoom)

    def _follow(self, page: StudyPage) -> None:
        """Pass on what a page says to the window, and to the other pages."""
        banners = self._window.banners
        page.told.connect(banners.tell)
        page.told_with_remedy.connect(banners.tell)
        page.over.connect(banners.withdraw)
        page.options_changed.connect(partial(self._on_options, page))
        page.gradings_changed.connect(partial(self._on_gradings, page))

    def _others(self, source: StudyPage) -> list[StudyPage]:
        return [page for page in self._window.pages.open_pages if page is not source]

    def _on_options(self, source: StudyPage) -> None:
        """Read what the study lays down now, and let the other pages know."""
        self._place.bridge.run(
            Lane.STUDY,
            partial(people_of, self.opened.study),
            then=partial(self._on_people, source),
            failed=self.failed.emit,
        )

    def _on_people(self, source: StudyPage, found: "tuple[tuple[str, ...], StudyOptions]") -> None:
        people, options = found
        self.opened = replace(self.opened, people=people, options=options)
        self._place = replace(self._place, options=options)
        self._window.offer_pages(further_pages(self.opened, self._place))
        for page in self._others(source):
            page.note_options()

    def _on_gradings(self, source: StudyPage, images: object) -> None:
        for page in self._others(source):
            page.note_gradings(images)

    def _show_zoom(self, zoom: float) -> None:
        if self._window.page is self.page:
            self._window.status.show_zoom(zoom)

    def _tell_of_session(self, problem: Problem) -> None:
        can_retry = problem.code != "changed_elsewhere"
        remedy = Remedy("Try again now", self.session.retry) if can_retry else None
        self._window.banners.tell(problem, remedy)
