"""The desk: studies opened, made, shown and put away, one at a time."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

from desktop_app.desk.files import StudyFile
from desktop_app.desk.jobs import DeskJobs, Work
from desktop_app.studies import (
    NewStudy,
    Opened,
    Store,
    make_demo,
    make_study,
    open_for_window,
)
from desktop_app.window.action_table import Place
from desktop_app.window.main_window import MainWindow
from desktop_app.window.new_study import count_photographs
from desktop_app.window.pickers import Pickers
from desktop_app.window.recent import look_up
from desktop_app.window.workplace import Workplace
from desktop_app.worker.bridge import Bridge
from engine.domain.problem import Problem, Refusal, Severity
from engine.tasks.executors import Executor, Lane

if TYPE_CHECKING:
    from desktop_app.desk.open_study import OpenStudy
    from desktop_app.grade.page import GradePage
    from desktop_app.session.grading import GradingSession

T = TypeVar("T")
CENTRE = Qt.AlignmentFlag.AlignCenter


class Desk(QObject):
    """Does what the window is asked for.

    Parameters
    ----------
    report
        Takes an error that is a bug.
    demo_folder
        Where the demo study goes; without it, a folder of its own among the person's documents.
    """

    def __init__(
        self,
        window: MainWindow,
        bridge: Bridge,
        executor: Executor,
        store: Store,
        *,
        report: Callable[[BaseException], object],
        pickers: Pickers | None = None,
        demo_folder: Path | None = None,
    ) -> None:
        super().__init__(window)
        self.window = window
        self._study: OpenStudy | None = None
        self.bridge = bridge
        self.store = store
        self.pickers = pickers or Pickers()
        self._executor = executor
        self._jobs = DeskJobs(window, bridge, executor)
        self._demo_folder = demo_folder
        self._report = report
        self._return_to: Place | None = None
        self._wishes = 0
        self._next: Callable[[], object] | None = None
        self._is_closing = False
        bridge.failed.connect(self.tell_error)
        window.before_closing = self._before_closing
        window.count_photographs = self._count_photographs
        window.open_wanted.connect(self.open)
        window.new_wanted.connect(self.make)
        window.demo_wanted.connect(self.open_demo)
        window.close_wanted.connect(lambda: self.put_away(window.show_first_run))
        window.idle_limit_changed.connect(self._on_idle_limit)

    @property
    def opened(self) -> Opened | None:
        """The open study, or None."""
        return self._study.opened if self._study else None

    @property
    def session(self) -> "GradingSession | None":
        """The grader's work in the open study, or None."""
        return self._study.session if self._study else None

    @property
    def page(self) -> "GradePage | None":
        """The Grade page of the open study, or None."""
        return self._study.page if self._study else None

    def start(self, path: Path | None) -> None:
        """Begin with a study, or with the first page."""
        if path is not None:
            self._show_opening(path)
            QTimer.singleShot(0, lambda: self.open(path))
        self._look_for_recent()

    # Opening

    def open(self, path: Path) -> None:
        """Open a study or a packet in place of what is open."""
        file = path.resolve()
        is_open = self.opened is not None and self.opened.file == file
        if not is_open or self._is_closing:
            self.put_away(partial(self._open, file))

    def open_demo(self) -> None:
        """Make the demo study, or go on with the one that is there."""
        folder = self._demo_folder or demo_folder()
        task = partial(make_demo, self.store, folder, self._name())
        self.put_away(partial(self.run_job, task, "Preparing the demo study", self._on_demo))

    def make(self, wanted: NewStudy) -> None:
        """Make a study of a person's own photographs."""
        task = partial(make_study, self.store, wanted)
        on_made = partial(self._on_made, wanted.name)
        self.put_away(partial(self.run_job, task, "Making the study", on_made))

    def put_away(self, then: Callable[[], object]) -> None:
        """Close what is open, once all of it is stored, and call back.

        A job under way is stopped first. Where the store refuses what is left, the person is
        asked, and may go on in place of it. Of several wishes the last one is granted.
        """
        self._wishes += 1
        self._next = then
        if self._jobs.is_busy:
            self._jobs.cancel()
        elif not self._is_closing:
            self._clear()

    def _clear(self) -> None:
        if self._study is None:
            self.window.banners.clear()
            self._go_on()
        else:
            self._is_closing = True  # other wishes wait while a person is asked
            if self._study.unfinished and not self._may_lose(self._study.unfinished):
                self._is_closing, self._next = False, None
            else:
                self._study.settle(partial(self._put_away, self._study))

    def _put_away(self, study: "OpenStudy") -> None:
        saving = study.session.saving
        if saving.saving == "failing" and not self._may_lose(not_stored(saving.waiting)):
            self._is_closing, self._next = False, None
            study.go_on()
        else:
            self._study = None
            study.close(self._on_put_away)

    def _on_put_away(self) -> None:
        self._is_closing = False
        self._go_on()

    def _go_on(self) -> None:
        """Do what was wished for last, the desk being clear."""
        then, self._next = self._next, None
        if then is not None:
            then()

    def _open(self, file: Path) -> None:
        self._show_opening(file)
        self.bridge.run(
            Lane.STUDY,
            partial(open_for_window, self.store, file),
            then=partial(self._on_read, self._wishes),
            failed=partial(self._on_not_read, self._wishes),
        )

    def _on_read(self, wish: int, opened: Opened) -> None:
        """Go on with a study, unless something else was wished for while it was read."""
        if wish == self._wishes:
            self._on_opened(opened)
        else:
            self.bridge.run(Lane.STUDY, opened.study.close)

    def _on_not_read(self, wish: int, error: BaseException) -> None:
        if wish == self._wishes:
            self.window.show_first_run()
        self.tell_error(error)

    def _on_made(self, name: str, opened: Opened) -> None:
        self.window.settings.remember_grader(opened.id, name)
        self._on_opened(opened)
        if opened.problems:
            self.show_problems("Some files could not be brought in", opened.problems)

    def _on_demo(self, opened: Opened) -> None:
        self._on_made(self._name(), opened)

    def _on_opened(self, opened: Opened) -> None:
        from desktop_app.grade.who import known_grader  # noqa: PLC0415 - not before a study is open

        settings = self.window.settings
        settings.remember_recent(opened.file)
        self._look_for_recent()
        grader = known_grader(
            opened.people, packet=opened.packet, study_id=opened.id, settings=settings
        )
        if grader:
            self._begin(opened, grader)
        else:
            self._ask_who(opened)

    def _ask_who(self, opened: Opened) -> None:
        from desktop_app.grade.who import WhoDialog  # noqa: PLC0415 - rare

        dialog = WhoDialog(opened.people, may_type=not opened.people, parent=self.window)
        if dialog.exec() and dialog.chosen:
            self.window.settings.remember_grader(opened.id, dialog.chosen)
            self._begin(opened, dialog.chosen)
        else:
            self.window.show_first_run()
            self.bridge.run(Lane.STUDY, opened.study.close)

    # The page

    def _begin(self, opened: Opened, person: str) -> None:
        from desktop_app.desk.open_study import OpenStudy  # noqa: PLC0415 - loads the pages

        self._study = OpenStudy(opened, self._place_of(opened, person), self.window, self)
        self._study.failed.connect(self.tell_error)
        self._study.page.who_asked.connect(self._change_grader)
        self._study.show(StudyFile(self, opened, person).handlers)
        self._return()

    def _return(self) -> None:
        """Go back to the page that was left when the study was read anew."""
        place, self._return_to = self._return_to, None
        if place is not None:
            self.window.pages.go(place)

    def _place_of(self, opened: Opened, person: str) -> Workplace:
        window = self.window
        return Workplace(
            study=opened.study,
            file=opened.file,
            study_id=opened.id,
            person=person,
            options=opened.options,
            is_synthetic=opened.is_synthetic,
            bridge=self.bridge,
            executor=self._executor,
            theme=window.theme,
            keymap=window.keymap,
            settings=window.settings,
            pickers=self.pickers,
            trust_file=self.store.trust_file,
        )

    def _change_grader(self) -> None:
        opened, session = self.opened, self.session
        if opened is None or session is None or opened.packet is not None:
            return
        from desktop_app.grade.who import WhoDialog  # noqa: PLC0415 - rare

        dialog = WhoDialog(
            opened.people,
            present=session.grader,
            may_type=not opened.people,
            parent=self.window,
        )
        if dialog.exec() and dialog.chosen and dialog.chosen != session.grader:
            self.put_away(partial(self._open_as, opened, dialog.chosen))

    def _open_as(self, opened: Opened, grader: str) -> None:
        self.window.settings.remember_grader(opened.id, grader)
        self._open(opened.file)

    def reopen(self, file: Path, *, then: Callable[[], object]) -> None:
        """Read the open study anew, and come back to the same page."""
        place = self.window.pages.place

        def show() -> None:
            self._return_to = place
            self._open(file)
            then()

        self.put_away(show)

    def is_at_hand(self, opened: Opened | None) -> TypeGuard[Opened]:
        """Tell whether a study is still open, and no job is at it.

        A dialog for files lets the window go on behind it.
        """
        if opened is None or self.opened is None:
            return False
        return opened.study is self.opened.study and not self._jobs.is_busy

    # Telling

    def run_job(self, work: Work[T], title: str, then: Callable[[T], object]) -> None:
        """Run a long job with its progress, which a person may stop.

        Its result is dropped where something else was wished for meanwhile.
        """
        wish = self._wishes

        def finish(result: T) -> None:
            if wish == self._wishes:
                then(result)
            elif isinstance(result, Opened):
                self.bridge.run(Lane.STUDY, result.study.close, then=lambda _: self._clear())
            else:
                self._clear()

        def fail(error: BaseException) -> None:
            self.tell_error(error)
            stop()

        def stop() -> None:
            if wish != self._wishes:
                self._clear()

        self._jobs.run(work, title, then=finish, failed=fail, stopped=stop)

    def tell_error(self, error: BaseException) -> None:
        """Show what a person can act on; anything else is a bug and reported."""
        if isinstance(error, Refusal):
            self.window.banners.tell(error.problem)
        else:
            self._report(error)

    def note(self, code: str, file: Path, message: str) -> None:
        """Say that a file was made or read."""
        remedy = f"It is in {file.parent}"
        self.window.banners.tell(Problem(code, file.name, message, remedy, Severity.NOTE))

    def show_problems(self, title: str, problems: Sequence[Problem]) -> None:
        """List what was left out."""
        from desktop_app.window.problems import ProblemList  # noqa: PLC0415 - rare

        ProblemList(title, problems, self.window.theme, self.window).open()

    def _may_lose(self, what: str) -> bool:
        """Ask whether to close although something would be lost."""
        answer = QMessageBox.warning(
            self.window,
            "Not everything is stored",
            what,
            QMessageBox.StandardButton.Cancel | QMessageBox.StandardButton.Discard,
            QMessageBox.StandardButton.Cancel,
        )
        return answer == QMessageBox.StandardButton.Discard

    # Small things

    def _before_closing(self, close: Callable[[], None]) -> None:
        self.put_away(close)

    def _show_opening(self, path: Path) -> None:
        page: QWidget = QLabel(f"Opening {path.stem}…", alignment=CENTRE)
        self.window.show_page(page, path.stem)

    def _look_for_recent(self) -> None:
        paths = self.window.settings.recent
        self.bridge.run(Lane.CPU, partial(look_up, paths), then=self.window.show_recent)

    def _count_photographs(self, source: Path, told: Callable[[int], None]) -> object:
        return self.bridge.run(
            Lane.CPU, partial(count_photographs, source), then=told, failed=lambda _: None
        )

    def _on_idle_limit(self, seconds: int) -> None:
        if self.session is not None:
            self.session.set_idle_after(seconds)

    def _name(self) -> str:
        from desktop_app.window.new_study_dialog import login_name  # noqa: PLC0415 - rare

        return self.window.settings.name or login_name() or "Visitor"


def not_stored(waiting: int) -> str:
    """Return the sentence for gestures that the store refused so far."""
    steps = f"{waiting} change{'s' * (waiting != 1)}"
    return f"{steps} could not be stored yet and would be lost. The reason stands above the page."


def demo_folder() -> Path:
    """Return where the demo study goes."""
    from platformdirs import user_documents_path  # noqa: PLC0415 - rare

    return user_documents_path() / "DermConcord demo"
