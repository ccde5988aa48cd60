"""A task started on a lane, told as events that end in exactly one of Finished, Failed, Stopped."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.tasks.cancel import CancelToken
from engine.tasks.cancel import Stopped as StopRequest
from engine.tasks.executors import Executor, Lane
from engine.tasks.progress import Progress, Step, throttled


@dataclass(frozen=True, slots=True)
class Started:
    """The job has begun to run."""

    job: int


@dataclass(frozen=True, slots=True)
class Progressed:
    """The job is on its way."""

    job: int
    step: Step


@dataclass(frozen=True, slots=True)
class Finished:
    """The job came to its end and has a result."""

    job: int
    result: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The job raised; a `Refusal` is for the person, anything else is a bug."""

    job: int
    error: BaseException


@dataclass(frozen=True, slots=True)
class Stopped:
    """The job was cancelled."""

    job: int


Event = Started | Progressed | Finished | Failed | Stopped
T = TypeVar("T")
Task = Callable[[CancelToken, Progress], T]


def start(
    task: Task[T],
    *,
    job: int,
    lane: Lane,
    executor: Executor,
    on_event: Callable[[Event], None],
    cancel: CancelToken | None = None,
) -> CancelToken:
    """Run a task on a lane and report it; returns the token that stops it.

    Parameters
    ----------
    job
        Number by which the listener knows its job, and drops events of one no longer wanted.
    on_event
        Called from the lane's thread.
    """
    token = cancel or CancelToken()
    executor.submit(lane, _run_and_report, task, job, token, on_event)
    return token


def _run_and_report(
    task: Task[Any], job: int, cancel: CancelToken, on_event: Callable[[Event], None]
) -> None:
    on_event(Started(job))
    try:
        cancel.check()
        result = task(cancel, throttled(lambda step: on_event(Progressed(job, step))))
    except StopRequest:
        on_event(Stopped(job))
    except Exception as error:
        on_event(Failed(job, error))
    else:
        on_event(Finished(job, result))
