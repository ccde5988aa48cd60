"""How a command talks: a progress bar on a terminal, problems in words, JSON for machines."""

import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from types import FrameType
from typing import Any, NoReturn, ParamSpec

import typer

from engine.domain.problem import Problem, Refusal, Severity
from engine.tasks.cancel import CancelToken, Stopped
from engine.tasks.context import JobContext
from engine.tasks.executors import LocalLanes
from engine.tasks.progress import Progress, Step, silent, throttled

P = ParamSpec("P")
SHOWN_ALIKE = 3
INTERRUPTED = 130
STOPPED = Problem(
    "stopped",
    "this command",
    "stopped. What the study holds by now is kept, and no result is half written",
    "Run the same command again; finished maps are not made twice",
    Severity.ERROR,
)


def told(command: Callable[P, None]) -> Callable[P, None]:
    """Wrap a command so that refusals and stops become words and an exit status."""

    @wraps(command)
    def tell(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Refusal as refusal:
            if kwargs.get("as_json"):
                print_json({"problems": [problem_json(refusal.problem)]})
            else:
                typer.echo(f"dermconcord: {refusal.problem}", err=True)
            raise typer.Exit(1) from None
        except (Stopped, KeyboardInterrupt):
            if kwargs.get("as_json"):
                print_json({"problems": [problem_json(STOPPED)]})
            else:
                typer.echo(f"dermconcord: {STOPPED.message}. {STOPPED.remedy}.", err=True)
            raise typer.Exit(INTERRUPTED) from None

    return tell


@contextmanager
def job_context(*, as_json: bool) -> Iterator[JobContext]:
    """Give a job its lanes, a progress bar on a terminal, and Ctrl+C as its cancel token."""
    cancel = CancelToken()
    with (
        _interrupts_cancel(cancel),
        _progress_bar(as_json=as_json) as progress,
        LocalLanes() as lanes,
    ):
        yield JobContext(lanes, cancel, throttled(progress))


@contextmanager
def _interrupts_cancel(cancel: CancelToken) -> Iterator[None]:
    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if cancel.is_cancelled:
            raise KeyboardInterrupt
        cancel.cancel()

    previous = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


@contextmanager
def _progress_bar(*, as_json: bool) -> Iterator[Progress]:
    if as_json or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console  # noqa: PLC0415 - only where a bar is drawn
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars  # noqa: PLC0415

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("[dim]{task.fields[label]}"),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        rooms: dict[str, Any] = {}

        def show(step: Step) -> None:
            if step.room not in rooms:
                rooms[step.room] = bars.add_task(step.room, label="")
            bars.update(
                rooms[step.room], completed=step.done, total=step.total, label=step.label[-40:]
            )

        yield show


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document on standard output, in ASCII, which no terminal's encoding spoils."""
    typer.echo(json.dumps(document, indent=2))


def problem_json(problem: Problem) -> dict[str, str]:
    """Return a problem as JSON fields."""
    return problem.fields()


def print_problems(problems: Sequence[Problem]) -> None:
    """List problems on standard error by kind, the worst first, a few of each."""
    order = list(Severity)[::-1]
    kinds: dict[tuple[int, str], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((order.index(problem.severity), problem.code), []).append(problem)
    for _, alike in sorted(kinds.items()):
        for problem in alike[:SHOWN_ALIKE]:
            typer.echo(f"  {problem.severity.value:<8}{problem}", err=True)
        if len(alike) > SHOWN_ALIKE:
            rest = len(alike) - SHOWN_ALIKE
            typer.echo(f"  {'':<8}and {rest} more like this; --json lists all", err=True)


def exit_with(problems: Sequence[Problem]) -> None:
    """Leave with status 1 where something was left out; notes of repairs are no failure."""
    if any(problem.severity is not Severity.NOTE for problem in problems):
        raise typer.Exit(1)


def usage_error(message: str) -> NoReturn:
    """Leave with status 2 and the usage of the command."""
    raise typer.BadParameter(message)
