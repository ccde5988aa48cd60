"""What is stored beside gestures: the outline that is being drawn, and the time at work."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer

from desktop_app.session.active_time import ActiveTime, Clock
from desktop_app.worker.bridge import Bridge
from engine.domain.problem import Refusal
from engine.domain.queue import Sheet
from engine.study.protocol import Study
from engine.tasks.executors import Lane

Now = Callable[[], datetime]

WORTH_STORING = 1.0
"""Seconds below which a visit without a gesture is no work on an image."""


class Scratch(QObject):
    """Writes drafts and visits of the sheet at hand; the newest of each replaces the last."""

    def __init__(
        self,
        study: Study,
        bridge: Bridge,
        *,
        clock: Clock,
        now: Now,
        idle_after: float,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.idle_after = idle_after
        self._study = study
        self._bridge = bridge
        self._clock = clock
        self._now = now
        self._sheet: Sheet | None = None
        self._began = ""
        self._time = ActiveTime(clock, idle_after=idle_after)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._write_draft)

    def begin_visit(self, sheet: Sheet) -> None:
        """Start the clock for a sheet that has been opened."""
        self._sheet = sheet
        self._began = self._now().astimezone(UTC).isoformat(timespec="milliseconds")
        self._time = ActiveTime(self._clock, idle_after=self.idle_after)

    def end_visit(self) -> None:
        """Store what is left to be stored of the sheet that is being left."""
        if self._timer.isActive():
            self._timer.stop()
            self._write_draft()
        if self._time.seconds >= WORTH_STORING:
            self.write_visit()
        self._sheet = None

    def touch(self) -> None:
        """Note that the grader did something."""
        self._time.touch()

    def draft_changed(self, sheet: Sheet) -> None:
        """Have the sheet's draft stored as soon as the present event has been dealt with."""
        self._sheet = sheet
        self._timer.start()

    def gesture_made(self, sheet: Sheet) -> None:
        """Write no draft that the store lets go together with a gesture; one still open, again."""
        self._sheet = sheet
        self._timer.stop()
        if sheet.draft is not None:
            self._timer.start()
        self.write_visit()

    def write_visit(self) -> None:
        """Store how long the visit has been at work so far."""
        sheet = self._sheet
        if sheet is not None:
            add = partial(self._study.add_activity, sheet.image, sheet.grader, sheet.role)
            visit = partial(add, began=self._began, seconds=self._time.seconds)
            self._bridge.run(Lane.STUDY, visit, failed=self._on_failed)

    def _write_draft(self) -> None:
        sheet = self._sheet
        if sheet is not None:
            keep = partial(self._study.keep_draft, sheet.image, sheet.grader, sheet.role)
            self._bridge.run(Lane.STUDY, partial(keep, sheet.draft), failed=self._on_failed)

    def _on_failed(self, error: BaseException) -> None:
        """Tell of bugs alone: a store that fails is told by the next gesture."""
        if not isinstance(error, Refusal):
            self._bridge.failed.emit(error)
