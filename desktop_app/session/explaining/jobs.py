"""What the Explain page has under way on the study's lanes, known until each piece has ended."""

from collections.abc import Callable
from typing import Any, TypeVar

from desktop_app.worker.bridge import Bridge, Job
from engine.tasks.cancel import CancelToken
from engine.tasks.context import JobContext
from engine.tasks.executors import Executor, Lane
from engine.tasks.progress import Progress, Step

T = TypeVar("T")
Then = Callable[[Any], object]


class Work:
    """One piece of work: it may be stopped, held, or no longer wanted.

    Work that is no longer wanted is still known until it has ended, since it reads the study.
    """

    def __init__(self) -> None:
        self.is_wanted = True
        self.has_ended = False
        self.must_finish = False
        self.job: Job | None = None

    @property
    def token(self) -> CancelToken | None:
        """By which the work is stopped and held; None where it was never begun."""
        return None if self.job is None else self.job.token

    def cancel(self) -> None:
        """Ask it to stop; whoever asked for it still hears how it ends."""
        if self.job is not None:
            self.job.cancel()

    def drop(self) -> None:
        """Ask it to stop and hear no more of it."""
        self.is_wanted = False
        self.cancel()


class Jobs:
    """Starts work through the bridge and says when none of it works on the study any more.

    Parameters
    ----------
    on_error
        Told how work ends that fails and has nobody listening for that.
    """

    def __init__(
        self, bridge: Bridge, executor: Executor, *, on_error: Callable[[BaseException], object]
    ) -> None:
        self._bridge = bridge
        self._executor = executor
        self._on_error = on_error
        self._under_way: list[Work] = []
        self._settled: Callable[[], object] | None = None

    @property
    def is_busy(self) -> bool:
        """True while any work has not ended."""
        return bool(self._under_way)

    def start(
        self,
        task: Callable[[JobContext], T],
        *,
        then: Then | None = None,
        failed: Callable[[BaseException], object] | None = None,
        stopped: Callable[[], object] | None = None,
        progressed: Callable[[Step], object] | None = None,
    ) -> Work:
        """Start a job that hands work to the lanes and waits for it."""
        executor = self._executor

        def on_lane(cancel: CancelToken, progress: Progress) -> T:
            return task(JobContext(executor, cancel, progress))

        return self._start(
            Lane.JOB, on_lane, then=then, failed=failed, stopped=stopped, progressed=progressed
        )

    def run(
        self,
        lane: Lane,
        task: Callable[[], T],
        *,
        then: Then | None = None,
        failed: Callable[[BaseException], object] | None = None,
        must_finish: bool = False,
    ) -> Work:
        """Run a function on a lane.

        Parameters
        ----------
        must_finish
            True for what is written: closing waits for it in place of stopping it.
        """

        def on_lane(_cancel: CancelToken, _progress: Progress) -> T:
            return task()

        return self._start(lane, on_lane, then=then, failed=failed, must_finish=must_finish)

    def when_settled(self, then: Callable[[], object]) -> None:
        """Stop what is under way, wait for what must finish, and call back; nothing new begins."""
        for work in tuple(self._under_way):
            if not work.must_finish:
                work.cancel()
        self._settled = then
        self._tell_settled()

    def _start(
        self,
        lane: Lane,
        task: Callable[[CancelToken, Progress], T],
        *,
        then: Then | None = None,
        failed: Callable[[BaseException], object] | None = None,
        stopped: Callable[[], object] | None = None,
        progressed: Callable[[Step], object] | None = None,
        must_finish: bool = False,
    ) -> Work:
        work = Work()
        work.must_finish = must_finish
        if self._settled is not None:
            work.is_wanted, work.has_ended = False, True
            return work
        self._under_way.append(work)
        on_error = failed or self._on_error

        def on_step(step: Step) -> None:
            if progressed is not None and work.is_wanted:
                progressed(step)

        work.job = self._bridge.start(
            lane,
            task,
            then=lambda result: self._end(work, (lambda: then(result)) if then else None),
            failed=lambda error: self._end(work, lambda: on_error(error)),
            stopped=lambda: self._end(work, stopped),
            progressed=on_step,
        )
        return work

    def _end(self, work: Work, tell: Callable[[], object] | None) -> None:
        work.has_ended = True
        self._under_way.remove(work)
        try:
            if tell is not None and work.is_wanted:
                tell()
        finally:
            self._tell_settled()

    def _tell_settled(self) -> None:
        if self._settled is not None and not self._under_way:
            then, self._settled = self._settled, None
            then()


class Latest:
    """Answers the last of several wishes: while one is worked on, only the newest one waits."""

    def __init__(self, begin: Callable[[Any, Callable[[], None]], Work]) -> None:
        self._begin = begin
        self._work: Work | None = None
        self._next: list[Any] = []

    @property
    def is_waiting(self) -> bool:
        """True while an answer is still to come."""
        return self._work is not None and not self._work.has_ended

    def ask(self, wish: Any) -> None:  # noqa: ANN401 - whatever `begin` takes
        """Wish for something, in place of what was wished for and has not begun."""
        self._next = [wish]
        if not self.is_waiting:
            self._go_on()

    def forget(self) -> None:
        """Wish for nothing any more."""
        self._next = []
        if self._work is not None:
            self._work.drop()
            self._work = None

    def _go_on(self) -> None:
        self._work = None
        if self._next:
            wish = self._next.pop()
            self._work = self._begin(wish, self._go_on)
