"""Time at work on one image: what passes between a person's inputs, pauses cut short."""

from collections.abc import Callable

Clock = Callable[[], float]


class ActiveTime:
    """A stopwatch that stops by itself when nothing is done for a while.

    Parameters
    ----------
    clock
        Seconds that only rise.
    idle_after
        Seconds after an input beyond which the grader counts as away; the rest of a longer pause
        is not counted.
    """

    def __init__(self, clock: Clock, *, idle_after: float) -> None:
        self._clock = clock
        self._idle_after = idle_after
        self._counted = 0.0
        self._last = clock()

    def touch(self) -> None:
        """Note that the grader did something now."""
        now = self._clock()
        self._counted += min(now - self._last, self._idle_after)
        self._last = now

    @property
    def seconds(self) -> float:
        """Time at work until now, in seconds."""
        return self._counted + min(self._clock() - self._last, self._idle_after)
