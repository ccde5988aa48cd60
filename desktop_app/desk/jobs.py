"""One long job at a time, with its progress in front of the window."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from desktop_app.window.main_window import MainWindow
from desktop_app.window.progress import JobProgress
from desktop_app.worker.bridge import Bridge, Job
from engine.tasks.cancel import CancelToken
from engine.tasks.executors import Executor, Lane
from engine.tasks.progress import Progress

T = TypeVar("T")
Work = Callable[[Executor, CancelToken, Progress], T]


class DeskJobs(QObject):
    """Runs a job that the window waits for; a person may stop it."""

    def __init__(self, window: MainWindow, bridge: Bridge, executor: Executor) -> None:
        super().__init__(window)
        self._window = window
        self._bridge = bridge
        self._executor = executor
        self._job: Job | None = None

    @property
    def is_busy(self) -> bool:
        """True while a job is under way."""
        return self._job is not None

    def cancel(self) -> None:
        """Ask the job under way to stop; it still ends as it was asked to."""
        if self._job is not None:
            self._job.cancel()

    def run(
        self,
        work: Work[T],
        title: str,
        *,
        then: Callable[[T], object],
        failed: Callable[[BaseException], object],
        stopped: Callable[[], object],
    ) -> None:
        """Start a job, which ends in exactly one of `then`, `failed` and `stopped`."""

        def call(cancel: CancelToken, progress: Progress) -> T:
            return work(self._executor, cancel, progress)

        def end(go_on: Callable[..., object], *arguments: object) -> None:
            shown.end()
            self._job = None
            go_on(*arguments)

        shown = JobProgress(title, self._window.theme, self._window)
        self._job = self._bridge.start(
            Lane.JOB,
            call,
            then=lambda result: end(then, result),
            failed=lambda error: end(failed, error),
            stopped=lambda: end(stopped),
            progressed=shown.show_step,
        )
        shown.stop_wanted.connect(self._job.cancel)
