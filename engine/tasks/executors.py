"""Where tasks run: inline, step by step in a test, or on local lanes of threads."""

import os
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from types import TracebackType
from typing import Any, ParamSpec, Protocol, Self, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Lane(StrEnum):
    """Who may run beside whom: the study's database has one thread, the model has one.

    A job that hands work to other lanes and waits for it runs on the lane of its own.
    """

    JOB = "job"
    STUDY = "study"
    CPU = "cpu"
    GPU = "gpu"


class Executor(Protocol):
    """Runs top-level functions with frozen arguments, somewhere, and hands back a future."""

    def submit(
        self, lane: Lane, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Queue the task on a lane."""
        ...

    def close(self) -> None:
        """Finish what is queued and let the threads go."""
        ...


def _run(future: Future[Any], task: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(task())
    except BaseException as error:
        future.set_exception(error)


class InlineExecutor:
    """Runs each task at once in the caller's thread."""

    def submit(
        self, lane: Lane, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Run the task now; its future is already done."""
        future: Future[T] = Future()
        _run(future, lambda: task(*args, **kwargs))
        return future

    def close(self) -> None:
        """Nothing is ever queued."""


class SteppingExecutor:
    """Runs one queued task at each `step`, so that a test decides what happens when."""

    def __init__(self) -> None:
        self._queue: deque[tuple[Future[Any], Callable[[], Any]]] = deque()

    def submit(
        self, lane: Lane, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Queue the task until a later `step`."""
        future: Future[T] = Future()
        self._queue.append((future, lambda: task(*args, **kwargs)))
        return future

    def step(self) -> bool:
        """Run the oldest queued task; False where none was queued."""
        if not self._queue:
            return False
        _run(*self._queue.popleft())
        return True

    def close(self) -> None:
        """Run all that is queued."""
        while self.step():
            pass


POLITENESS = 10
"""By how much threads that give way lower their priority, in steps of Unix's ``nice``."""


def _give_way() -> None:
    """Lower the priority of this thread, and of those it starts; only Linux knows one a thread."""
    if sys.platform == "linux":
        os.nice(POLITENESS)


class LocalLanes:
    """Threads of this machine: one for the study, one for the model, several for the rest.

    Parameters
    ----------
    gives_way
        Whether the lanes that compute let everything else on the machine go first, as a window
        wants it that has to answer while they are busy.
    """

    def __init__(self, *, cpu_threads: int = 2, gives_way: bool = False) -> None:
        threads = {Lane.JOB: 4, Lane.STUDY: 1, Lane.CPU: cpu_threads, Lane.GPU: 1}
        polite = {Lane.CPU, Lane.GPU} if gives_way else set[Lane]()
        self._pools = {
            lane: ThreadPoolExecutor(
                count,
                thread_name_prefix=f"{lane}-lane",
                initializer=_give_way if lane in polite else None,
            )
            for lane, count in threads.items()
        }

    def submit(
        self, lane: Lane, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Queue the task on its lane's threads."""
        return self._pools[lane].submit(task, *args, **kwargs)

    def close(self) -> None:
        """Drop what has not begun, wait for what has."""
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
