"""The one bridge between lanes and the window: work goes out, answers come back as events."""

from collections.abc import Callable
from itertools import count
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from engine.tasks.cancel import CancelToken
from engine.tasks.executors import Executor, Lane
from engine.tasks.job import Event, Failed, Finished, Progressed, Stopped, Task, start
from engine.tasks.progress import Progress, Step

T = TypeVar("T")
Callback = Callable[[Any], None]


class Job:
    """Work under way, by which the one who asked for it may stop it or no longer want it."""

    def __init__(self, number: int, listeners: dict[int, "_Listeners"]) -> None:
        self.number = number
        self.token = CancelToken()
        self._listeners = listeners

    def cancel(self) -> None:
        """Ask the work to stop; it still ends in one event."""
        self.token.cancel()

    def forget(self) -> None:
        """Ask it to stop and hear no more of it, not even what is on its way already."""
        self.token.cancel()
        self._listeners.pop(self.number, None)


class _Listeners:
    """Who is told how a job ends, and on the way."""

    def __init__(
        self,
        then: Callback | None,
        failed: Callable[[BaseException], None] | None,
        stopped: Callable[[], None] | None,
        progressed: Callable[[Step], None] | None,
    ) -> None:
        self.then = then
        self.failed = failed
        self.stopped = stopped
        self.progressed = progressed


class Bridge(QObject):
    """Runs engine work on lanes and calls back on the thread that the bridge lives on.

    The number of a job is its generation: events of a job that was forgotten are dropped.
    """

    failed = Signal(object)
    """An error that nobody who asked for the work listens for: a bug, or a `Refusal`."""

    _arrived = Signal(object)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._numbers = count(1)
        self._listeners: dict[int, _Listeners] = {}
        self._arrived.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        lane: Lane,
        task: Callable[[], T],
        *,
        then: Callable[[T], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> Job:
        """Run a function on a lane; answers of one lane with one thread come in order."""

        def call(_cancel: CancelToken, _progress: Progress) -> T:
            return task()

        return self.start(lane, call, then=then, failed=failed)

    def start(
        self,
        lane: Lane,
        task: Task[T],
        *,
        then: Callable[[T], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        stopped: Callable[[], None] | None = None,
        progressed: Callable[[Step], None] | None = None,
    ) -> Job:
        """Start a long job, which ends in exactly one of `then`, `failed` and `stopped`."""
        job = Job(next(self._numbers), self._listeners)
        self._listeners[job.number] = _Listeners(then, failed, stopped, progressed)
        start(
            task,
            job=job.number,
            lane=lane,
            executor=self._executor,
            on_event=self._arrived.emit,
            cancel=job.token,
        )
        return job

    @property
    def is_busy(self) -> bool:
        """True while the end of any wanted job is still to come."""
        return bool(self._listeners)

    def _tell(self, event: Event) -> None:
        listeners = self._listeners.get(event.job)
        if listeners is None:
            return
        if isinstance(event, Progressed):
            if listeners.progressed:
                listeners.progressed(event.step)
            return
        if isinstance(event, Finished | Failed | Stopped):
            del self._listeners[event.job]
        if isinstance(event, Finished) and listeners.then:
            listeners.then(event.result)
        elif isinstance(event, Stopped) and listeners.stopped:
            listeners.stopped()
        elif isinstance(event, Failed):
            (listeners.failed or self.failed.emit)(event.error)
