"""How a job tells how far it is, at most ten times a second."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """How far a job is.

    Attributes
    ----------
    room
        Which part of the flow is at work, in a word: ``import``, ``agreement``, ``saliency``.
    done, total
        Units finished and to be finished in this room.
    label
        What is being worked on, such as an image's path.
    """

    room: str
    done: int
    total: int
    label: str = ""


Progress = Callable[[Step], None]
Clock = Callable[[], float]


def silent(_step: Step) -> None:
    """Take progress and say nothing."""


def throttled(
    progress: Progress, *, hertz: float = 10.0, clock: Clock = time.monotonic
) -> Progress:
    """Pass on at most `hertz` steps a second; the last step of a room always passes."""
    lock = threading.Lock()
    last_passed = -float("inf")

    def pass_on(step: Step) -> None:
        nonlocal last_passed
        with lock:
            now = clock()
            if step.done < step.total and now - last_passed < 1 / hertz:
                return
            last_passed = now
        progress(step)

    return pass_on
