"""A token by which the one who started a job can stop it."""

import threading


class Stopped(Exception):
    """Raised inside a task when its cancel token was set; the end of a job, not a failure."""


class CancelToken:
    """Set once by the one who wants the job to end, read often by the job; thread-safe."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the job to stop at its next check."""
        self._event.set()

    @property
    def is_cancelled(self) -> bool:
        """True once `cancel` was called."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Stopped` once `cancel` was called."""
        if self._event.is_set():
            raise Stopped
