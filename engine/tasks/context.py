"""Where a job works and how it is heard: executor, cancel token, progress callback."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from engine.tasks.cancel import CancelToken
from engine.tasks.executors import Executor, Lane
from engine.tasks.progress import Progress, silent

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class JobContext:
    """What the one who starts a long job gives it."""

    executor: Executor
    cancel: CancelToken = field(default_factory=CancelToken)
    progress: Progress = silent

    def on_study(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a task on the study's own thread and wait for it."""
        return self.executor.submit(Lane.STUDY, task, *args, **kwargs).result()
