"""The run that is under way: its progress, its rows as they come, pause, resume and cancel."""

import gc
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.session.explaining.jobs import Jobs, Work
from desktop_app.session.explaining.model import Chosen
from desktop_app.session.explaining.tasks import FinishedRun, Hooks, Place, explain
from desktop_app.session.explaining.time import Course
from engine.domain.rows import ImageAgreement, ImageResult
from engine.domain.settings import RunSettings
from engine.tasks.progress import Step

if TYPE_CHECKING:
    from engine.stages.prepare import PreparedRun
    from engine.stages.work import LocatedCase

ADDED_AT_ONCE, CHANGED_AT_ONCE = 400, 200
"""Rows that are handed on before the window may breathe."""

BREATH = 30
"""Milliseconds of breath."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run was begun with."""

    chosen: Chosen
    settings: RunSettings


class Running(QObject):
    """At most one run at a time; its rows are handed on in small batches.

    Attributes
    ----------
    wanted
        What is running, or None.
    rows
        The rows that came so far, in the order of the run; results replace them as they come.
    course
        How far each part is.
    """

    began = Signal(object)
    """What was begun, a `Wanted`."""

    progressed = Signal()
    rows_added = Signal(object)
    """Rows (`ImageResult`, without a map yet) that came after those before."""

    rows_changed = Signal(object)
    """Pairs of a row number and the row as it is now."""

    paused = Signal(bool)
    finished = Signal(object)
    """The `FinishedRun`."""

    stopped = Signal()
    failed = Signal(object)
    """The error by which the run ended."""

    def __init__(
        self,
        place: Place,
        jobs: Jobs,
        *,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._place = place
        self._jobs = jobs
        self._clock = clock
        self._work: Work | None = None
        self._came: deque[tuple[ImageAgreement, ...] | LocatedCase] = deque()
        self._prepared: list[PreparedRun] = []
        self._numbers: dict[str, int] = {}
        self._rest = QTimer(self, interval=BREATH, singleShot=True)
        self._rest.timeout.connect(self._drain)
        self.wanted: Wanted | None = None
        self.rows: list[ImageResult] = []
        self.course = Course()
        self.is_paused = False
        self.is_stopping = False

    @property
    def is_running(self) -> bool:
        """True from the wish for a run until it has ended."""
        return self.wanted is not None

    @property
    def prepared(self) -> "PreparedRun | None":
        """The run under way once its model is open: its images can be looked at already."""
        return self._prepared[0] if self._prepared and self.is_running else None

    def begin(self, chosen: Chosen, settings: RunSettings) -> bool:
        """Begin a run; False where one is under way."""
        if self.is_running:
            return False
        self._clear()
        self.wanted = Wanted(chosen, settings)
        hooks = Hooks(self._prepared.append, self._came.append, self._came.append)
        task = partial(explain, self._place, chosen.request(), settings, hooks)
        self._work = self._jobs.start(
            task,
            then=self._on_finished,
            failed=self._on_failed,
            stopped=self._on_stopped,
            progressed=self._on_progress,
        )
        if self._work.has_ended:  # the study is being closed
            self._end()
            return False
        self.began.emit(self.wanted)
        return True

    def pause(self) -> None:
        """Hold the run where it next looks whether it may go on."""
        token = self._work.token if self._work else None
        if token is not None and not self.is_paused and not self.is_stopping:
            token.pause()
            self.course = self.course.held(self._clock())
            self._say_paused(is_paused=True)

    def resume(self) -> None:
        """Let a held run go on."""
        token = self._work.token if self._work else None
        if token is not None and self.is_paused:
            token.resume()
            self.course = self.course.resumed(self._clock())
            self._say_paused(is_paused=False)

    def cancel(self) -> None:
        """End the run; what was made is kept on disk, and the same run goes on from there."""
        if self._work is not None and not self.is_stopping:
            self.is_stopping = True
            self._work.cancel()
            self.progressed.emit()

    # What the job tells

    def _on_progress(self, step: Step) -> None:
        self.course = self.course.told(step, self._clock())
        self._drain()
        self.progressed.emit()

    def _on_finished(self, finished: FinishedRun) -> None:
        self._end()
        self.finished.emit(finished)

    def _on_failed(self, error: BaseException) -> None:
        self._end()
        self.failed.emit(error)

    def _on_stopped(self) -> None:
        self._end()
        self.stopped.emit()

    def _end(self) -> None:
        self._rest.stop()
        self._came.clear()
        self._work, self.wanted = None, None
        self.is_stopping = False
        if self.is_paused:
            self._say_paused(is_paused=False)

    def _clear(self) -> None:
        self._came, self._prepared = deque(), []  # a run before may still hold the old ones
        self._numbers = {}
        self.rows = []
        self.course = Course()

    def _say_paused(self, *, is_paused: bool) -> None:
        self.is_paused = is_paused
        self.paused.emit(is_paused)

    # Rows

    def _drain(self) -> None:
        """Hand on rows that came, so many at a time that the window stays alive."""
        added: list[ImageResult] = []
        changed: dict[int, ImageResult] = {}
        while self._came and len(added) < ADDED_AT_ONCE and len(changed) < CHANGED_AT_ONCE:
            some = self._came.popleft()
            if isinstance(some, tuple):
                some = self._part_of(some)
                added += self._add(some)
            else:
                changed.update(self._replace(some.images))
        if added:
            self.rows_added.emit(added)
        if changed:
            self.rows_changed.emit(list(changed.items()))
        if self._came:
            self._rest.start()

    def _part_of(self, rows: tuple[ImageAgreement, ...]) -> tuple[ImageAgreement, ...]:
        """Return the first of many rows; the others wait for their turn."""
        if len(rows) > ADDED_AT_ONCE:
            self._came.appendleft(rows[ADDED_AT_ONCE:])
        return rows[:ADDED_AT_ONCE]

    def _add(self, rows: tuple[ImageAgreement, ...]) -> list[ImageResult]:
        if not self.rows:
            # the model and its library stay: looked through for garbage, they hold the window up
            gc.freeze()
        results = [ImageResult(row) for row in rows]
        for result in results:
            self._numbers[result.image.path] = len(self.rows)
            self.rows.append(result)
        return results

    def _replace(self, results: tuple[ImageResult, ...]) -> dict[int, ImageResult]:
        changed: dict[int, ImageResult] = {}
        for result in results:
            number = self._numbers.get(result.image.path)
            if number is not None:
                self.rows[number] = result
                changed[number] = result
        return changed
