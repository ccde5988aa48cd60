"""What happens on the desk: studies opened, made, packed, merged and put away, one at a time."""

import gc
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

from desktop_app.studies import (
    NewStudy,
    Opened,
    Store,
    make_demo,
    make_study,
    merge,
    open_for_window,
    pack,
)
from desktop_app.window.banner import Remedy
from desktop_app.window.main_window import MainWindow
from desktop_app.window.new_study import count_photographs
from desktop_app.window.pickers import Pickers
from desktop_app.window.progress import JobProgress
from desktop_app.window.recent import look_up
from desktop_app.worker.bridge import Bridge, Job
from engine.domain.problem import Problem, Refusal, Severity
from engine.formats.file_names import safe_path
from engine.tasks.cancel import CancelToken
from engine.tasks.executors import Executor, Lane
from engine.tasks.progress import Progress

if TYPE_CHECKING:
    from desktop_app.grade.page import GradePage
    from desktop_app.session.grading import GradingSession
    from engine.stages.packing import Packed

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
        self.opened: Opened | None = None
        self.session: GradingSession | None = None
        self.page: GradePage | None = None
        self._bridge = bridge
        self._executor = executor
        self._store = store
        self._pickers = pickers or Pickers()
        self._demo_folder = demo_folder
        self._report = report
        self._wishes = 0
        self._next: Callable[[], object] | None = None
        self._job: Job | None = None
        self._is_closing = False
        bridge.failed.connect(self._tell_error)
        window.before_closing = self._before_closing
        window.count_photographs = self._count_photographs
        window.open_wanted.connect(self.open)
        window.new_wanted.connect(self.make)
        window.demo_wanted.connect(self.open_demo)
        window.close_wanted.connect(lambda: self.put_away(window.show_first_run))
        window.idle_limit_changed.connect(self._on_idle_limit)

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
        task = partial(make_demo, self._store, folder, self._name())
        self.put_away(partial(self._run_job, task, "Preparing the demo study", self._on_demo))

    def make(self, wanted: NewStudy) -> None:
        """Make a study of a person's own photographs."""
        task = partial(make_study, self._store, wanted)
        on_made = partial(self._on_made, wanted.name)
        self.put_away(partial(self._run_job, task, "Making the study", on_made))

    def put_away(self, then: Callable[[], object]) -> None:
        """Close what is open, once all of it is stored, and call back.

        A job under way is stopped first. Where the store refuses what is left, the person is
        asked, and may go on in place of it. Of several wishes the last one is granted.
        """
        self._wishes += 1
        self._next = then
        if self._job is not None:
            self._job.cancel()
        elif not self._is_closing:
            self._clear()

    def _clear(self) -> None:
        session, page = self.session, self.page
        if session is None or page is None:
            self.window.banners.clear()
            self._go_on()
            return
        self._is_closing = True
        page.flush()
        page.setEnabled(False)
        session.when_settled(partial(self._put_away, session, page))

    def _put_away(self, session: "GradingSession", page: "GradePage") -> None:
        if session.saving.saving == "failing" and not self._may_lose(session.saving.waiting):
            self._is_closing, self._next = False, None
            page.setEnabled(True)
            page.setFocus()
            return
        self.session = self.page = self.opened = None
        session.close(partial(self._on_put_away, session))

    def _on_put_away(self, session: "GradingSession") -> None:
        self._is_closing = False
        self.window.show_first_run()
        self.window.banners.clear()
        session.deleteLater()
        gc.unfreeze()  # the page and its photographs go with it
        self._go_on()

    def _go_on(self) -> None:
        """Do what was wished for last, the desk being clear."""
        then, self._next = self._next, None
        if then is not None:
            then()

    def _open(self, file: Path) -> None:
        self._show_opening(file)
        self._bridge.run(
            Lane.STUDY,
            partial(open_for_window, self._store, file),
            then=partial(self._on_read, self._wishes),
            failed=partial(self._on_not_read, self._wishes),
        )

    def _on_read(self, wish: int, opened: Opened) -> None:
        """Go on with a study, unless something else was wished for while it was read."""
        if wish == self._wishes:
            self._on_opened(opened)
        else:
            self._bridge.run(Lane.STUDY, opened.study.close)

    def _on_not_read(self, wish: int, error: BaseException) -> None:
        if wish == self._wishes:
            self.window.show_first_run()
        self._tell_error(error)

    def _on_made(self, name: str, opened: Opened) -> None:
        self.window.settings.remember_grader(opened.id, name)
        self._on_opened(opened)
        if opened.problems:
            self._show_problems("Some files could not be brought in", opened.problems)

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
            self._bridge.run(Lane.STUDY, opened.study.close)

    # The page

    def _begin(self, opened: Opened, grader: str) -> None:
        from desktop_app.canvas.canvas import Canvas  # noqa: PLC0415 - not before a study is open
        from desktop_app.canvas.warm import load_geometry  # noqa: PLC0415
        from desktop_app.grade.page import GradePage  # noqa: PLC0415
        from desktop_app.session.grading import GradingSession  # noqa: PLC0415

        window = self.window
        session = GradingSession(
            opened.study,
            self._bridge,
            grader=grader,
            idle_after=window.settings.idle_limit,
            parent=self,
        )
        page = GradePage(
            session,
            window.keymap,
            window.theme,
            window.settings,
            study_id=opened.id,
            canvas=Canvas(),
        )
        self.opened, self.session, self.page = opened, session, page
        self._listen(session, page)
        window.show_page(
            page,
            opened.file.stem,
            handlers={**page.handlers, **self._file_handlers(opened, grader)},
            is_synthetic=opened.is_synthetic,
        )
        window.status.show_grader(grader)
        window.status.show_trust(opened.packet is None)
        window.status.show_saving(session.saving)
        session.load()
        # what is loaded by then stays: collecting it again and again would stall a gesture
        self._bridge.run(Lane.CPU, load_geometry, then=lambda _: self._freeze(session))

    def _freeze(self, session: "GradingSession") -> None:
        if self.session is session:
            gc.freeze()

    def _listen(self, session: "GradingSession", page: "GradePage") -> None:
        window = self.window
        session.saving_changed.connect(window.status.show_saving)
        session.undo_changed.connect(window.show_undo)
        session.problem.connect(partial(self._tell_of_session, session))
        session.problem_gone.connect(window.banners.withdraw)
        page.hint_changed.connect(window.status.hint.show_text)
        page.canvas.zoom_changed.connect(window.status.show_zoom)
        page.who_asked.connect(self._change_grader)

    def _file_handlers(self, opened: Opened, grader: str) -> dict[str, Callable[..., object]]:
        """Return what may be done with the file; packets are made and merged by leads."""
        handlers: dict[str, Callable[..., object]] = {"save_copy": self._save_copy}
        leads = opened.options.leads
        if opened.packet is None and (not leads or grader in leads):
            handlers |= {"packet": self._make_packet, "merge": self._merge}
        return handlers

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

    # What leads do with the file

    def _save_copy(self) -> None:
        opened = self.opened
        target = self._pickers.new_file(self.window, suggestion(opened, "copy"))
        if target is not None and self._is_at_hand(opened):
            self._bridge.run(
                Lane.STUDY,
                partial(opened.study.save_copy, target),
                then=lambda file: self._note("copy_saved", file, "The study was copied"),
                failed=self._tell_error,
            )

    def _make_packet(self) -> None:
        opened = self.opened
        if not self._is_at_hand(opened):
            return
        grader = self._pickers.grader(self.window, opened.people)
        target = self._pickers.new_file(self.window, suggestion(opened, grader)) if grader else None
        if target is not None and self._is_at_hand(opened):
            task = partial(pack, self._store, opened.study, grader, target)
            self._run_job(task, f"Packing for {grader}", self._on_packed)

    def _on_packed(self, packed: "Packed") -> None:
        self._note("packet_made", packed.file, f"The packet of {packed.grader} is ready")
        if packed.problems:
            self._show_problems("Some images are not in the packet", packed.problems)

    def _merge(self) -> None:
        opened, session = self.opened, self.session
        if session is None or not self._is_at_hand(opened):
            return
        files = self._pickers.packets(self.window, opened.file.parent)
        if files and self._is_at_hand(opened):
            task = partial(merge, self._store, opened.study, files, session.grader)
            self._run_job(task, "Merging packets", self._on_merged)

    def _is_at_hand(self, opened: Opened | None) -> TypeGuard[Opened]:
        """Tell whether a study is still open, and no job is at it.

        A dialog for files lets the window go on behind it.
        """
        return opened is not None and opened is self.opened and self._job is None

    def _on_merged(self, merged: tuple[int, tuple[Problem, ...]]) -> None:
        readings, problems = merged
        file = self.opened.file if self.opened else Path()

        def show() -> None:
            self._open(file)  # the queue and the image at hand may be others by now
            self._note("merged", file, f"{readings} reading{'s' * (readings != 1)} merged")

        self.put_away(show)
        if problems:
            self._show_problems("Some readings were left out", problems)

    # Telling

    def _run_job(
        self,
        task: Callable[[Executor, CancelToken, Progress], T],
        title: str,
        then: Callable[[T], None],
    ) -> None:
        """Run a long job with its progress, which a person may stop."""
        wish = self._wishes

        def call(cancel: CancelToken, progress: Progress) -> T:
            return task(self._executor, cancel, progress)

        def end() -> bool:
            """Say whether nothing else was wished for meanwhile."""
            shown.end()
            self._job = None
            return wish == self._wishes

        def finish(result: T) -> None:
            if end():
                then(result)
            elif isinstance(result, Opened):
                self._bridge.run(Lane.STUDY, result.study.close, then=lambda _: self._clear())
            else:
                self._clear()

        def fail(error: BaseException) -> None:
            is_wanted = end()
            self._tell_error(error)
            if not is_wanted:
                self._clear()

        def stop() -> None:
            if not end():
                self._clear()

        shown = JobProgress(title, self.window.theme, self.window)
        self._job = self._bridge.start(
            Lane.JOB, call, then=finish, failed=fail, stopped=stop, progressed=shown.show_step
        )
        shown.stop_wanted.connect(self._job.cancel)

    def _tell_error(self, error: BaseException) -> None:
        if isinstance(error, Refusal):
            self.window.banners.tell(error.problem)
        else:
            self._report(error)

    def _tell_of_session(self, session: "GradingSession", problem: Problem) -> None:
        can_retry = problem.code != "changed_elsewhere"
        remedy = Remedy("Try again now", session.retry) if can_retry else None
        self.window.banners.tell(problem, remedy)

    def _note(self, code: str, file: Path, message: str) -> None:
        remedy = f"It is in {file.parent}"
        self.window.banners.tell(Problem(code, file.name, message, remedy, Severity.NOTE))

    def _show_problems(self, title: str, problems: Sequence[Problem]) -> None:
        from desktop_app.window.problems import ProblemList  # noqa: PLC0415 - rare

        ProblemList(title, problems, self.window.theme, self.window).open()

    def _may_lose(self, waiting: int) -> bool:
        """Ask whether to close although gestures cannot be stored."""
        steps = f"{waiting} change{'s' * (waiting != 1)}"
        answer = QMessageBox.warning(
            self.window,
            "Not everything is stored",
            f"{steps} could not be stored yet and would be lost. The reason stands above the page.",
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
        self._bridge.run(Lane.CPU, partial(look_up, paths), then=self.window.show_recent)

    def _count_photographs(self, source: Path, told: Callable[[int], None]) -> object:
        return self._bridge.run(
            Lane.CPU, partial(count_photographs, source), then=told, failed=lambda _: None
        )

    def _on_idle_limit(self, seconds: int) -> None:
        if self.session is not None:
            self.session.set_idle_after(seconds)

    def _name(self) -> str:
        from desktop_app.window.new_study_dialog import login_name  # noqa: PLC0415 - rare

        return self.window.settings.name or login_name() or "Visitor"


def suggestion(opened: Opened | None, what: str) -> Path:
    """Return a name for a file made from a study, beside it."""
    file = opened.file if opened else Path.home() / "study.concord"
    name = re.sub(r"[/\\]", "_", f"{file.stem}-{what}")
    return file.with_name(safe_path(name) + file.suffix)


def demo_folder() -> Path:
    """Return where the demo study goes."""
    from platformdirs import user_documents_path  # noqa: PLC0415 - rare

    return user_documents_path() / "DermConcord demo"
