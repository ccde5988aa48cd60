"""A token by which the one who started a job can stop it, or let it wait."""

import threading


class Stopped(Exception):
    """Raised inside a task when its cancel token was set; the end of a job, not a failure."""


class CancelToken:
    """Set by the one who wants a job to end or to wait, read often by the job; thread-safe.

    A cancelled token is never paused: whoever waits in `check` wakes up and stops.
    """

    def __init__(self) -> None:
        self._is_cancelled = False
        self._is_paused = False
        # reentrant, since a signal may cancel in the very thread that is checking
        self._changed = threading.Condition(threading.RLock())

    def cancel(self) -> None:
        """Ask the job to stop at its next check."""
        with self._changed:
            self._is_cancelled = True
            self._is_paused = False
            self._changed.notify_all()

    def pause(self) -> None:
        """Ask the job to wait at its next check; a cancelled one has no more to wait for."""
        with self._changed:
            self._is_paused = not self._is_cancelled

    def resume(self) -> None:
        """Let the job go on."""
        with self._changed:
            self._is_paused = False
            self._changed.notify_all()

    @property
    def is_cancelled(self) -> bool:
        """True once `cancel` was called."""
        return self._is_cancelled

    @property
    def is_paused(self) -> bool:
        """True from `pause` until `resume` or `cancel`."""
        return self._is_paused

    def check(self) -> None:
        """Wait while paused; raise `Stopped` once `cancel` was called."""
        if self._is_paused:
            with self._changed:
                self._changed.wait_for(lambda: not self._is_paused)
        if self._is_cancelled:
            raise Stopped
