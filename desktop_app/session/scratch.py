"""What is stored beside gestures: the outline that is being drawn, and the time at work."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer

from desktop_app.session.active_time import ActiveTime, Clock
from desktop_app.session.saving import RETRY_AFTER, Key
from desktop_app.worker.bridge import Bridge
from engine.domain.problem import Refusal
from engine.domain.queue import Draft, Sheet
from engine.study.protocol import Study
from engine.tasks.executors import Lane

Now = Callable[[], datetime]

WORTH_STORING = 1.0
"""Seconds below which a visit without a gesture is no work on an image."""


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """One wish to have a draft stored; the same draft wanted again is another wish."""

    draft: Draft | None


class Scratch(QObject):
    """Writes drafts and visits; the newest of each replaces the last.

    The store lets a draft go with each gesture, so that a draft waits for the gestures before it.

    Parameters
    ----------
    is_waiting
        Whether gestures of a record are still to be stored.
    """

    def __init__(
        self,
        study: Study,
        bridge: Bridge,
        *,
        grader: str,
        is_waiting: Callable[[Key], bool],
        clock: Clock,
        now: Now,
        idle_after: float,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.idle_after = idle_after
        self._study = study
        self._bridge = bridge
        self._grader = grader
        self._is_waiting = is_waiting
        self._clock = clock
        self._now = now
        self._sheet: Sheet | None = None
        self._drafts: dict[Key, _Wanted] = {}
        self._began = ""
        self._time = ActiveTime(clock, idle_after=idle_after)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.write_drafts)

    def begin_visit(self, sheet: Sheet) -> None:
        """Start the clock for a sheet that has been opened."""
        self._sheet = sheet
        self._began = self._now().astimezone(UTC).isoformat(timespec="milliseconds")
        self._time = ActiveTime(self._clock, idle_after=self.idle_after)

    def end_visit(self) -> None:
        """Store what is left to be stored of the sheet that is being left."""
        self.write_drafts()
        if self._time.seconds >= WORTH_STORING:
            self.write_visit()
        self._sheet = None

    def touch(self) -> None:
        """Note that the grader did something."""
        self._time.touch()

    def with_draft(self, sheet: Sheet) -> Sheet:
        """Return a sheet with the draft that the store does not hold yet, where there is one."""
        wanted = self._drafts.get((sheet.image, sheet.role))
        return replace(sheet, draft=wanted.draft) if wanted else sheet

    def draft_changed(self, sheet: Sheet) -> None:
        """Have the sheet's draft stored as soon as the present event has been dealt with."""
        self._drafts[sheet.image, sheet.role] = _Wanted(sheet.draft)
        self._timer.start(0)

    def gesture_made(self, sheet: Sheet) -> None:
        """Write no draft that the store lets go together with a gesture; one that stays, again."""
        self._drafts.pop((sheet.image, sheet.role), None)
        if sheet.draft is not None:
            self.draft_changed(sheet)

    def write_visit(self) -> None:
        """Store how long the visit has been at work so far."""
        sheet = self._sheet
        if sheet is not None:
            add = partial(self._study.add_activity, sheet.image, sheet.grader, sheet.role)
            visit = partial(add, began=self._began, seconds=self._time.seconds)
            self._bridge.run(Lane.STUDY, visit, failed=self._on_failed)

    def write_drafts(self) -> None:
        """Store the drafts that no gesture has to be stored before."""
        self._timer.stop()
        for key, wanted in self._drafts.items():
            if not self._is_waiting(key):
                image, role = key
                keep = partial(self._study.keep_draft, image, self._grader, role, wanted.draft)
                kept = partial(self._on_kept, key, wanted)
                self._bridge.run(Lane.STUDY, keep, then=kept, failed=self._on_draft_failed)

    def _on_kept(self, key: Key, wanted: "_Wanted", _nothing: None) -> None:
        if self._drafts.get(key) is wanted:
            del self._drafts[key]

    def _on_draft_failed(self, error: BaseException) -> None:
        self._on_failed(error)
        if not self._timer.isActive():
            self._timer.start(RETRY_AFTER)

    def _on_failed(self, error: BaseException) -> None:
        """Tell of bugs alone: a store that fails is told by the next gesture."""
        if not isinstance(error, Refusal):
            self._bridge.failed.emit(error)
