"""Autosave: every gesture to the store, in order, none lost where the store fails or differs."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop_app.worker.bridge import Bridge
from engine.domain.grading import Grading, Revision, Role
from engine.domain.problem import Problem, Refusal, Severity
from engine.study.protocol import Conflict, Study
from engine.tasks.executors import Lane

RETRY_AFTER = 2_000
"""Milliseconds until a failed write is tried again."""

NOT_STORED = Problem(
    "not_stored",
    "this study",
    "A change could not be stored for a reason the program does not know; it is kept and tried"
    " again",
    "Leave the window open, and save a copy of the study elsewhere",
    Severity.ERROR,
)

KEPT = "Leave the window open: what you do is kept in it and tried again"

Key = tuple[str, Role]
"""Image and role: with the grader, what a record stands for."""

Writes = list[tuple[Grading, str]]
"""Gradings to be stored one after another, each with its gesture."""


class Saving(StrEnum):
    """How the store stands to what the window shows."""

    SAVED = "saved"
    SAVING = "saving"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class SavingState:
    """Whether all is stored, and how many gestures are not yet."""

    saving: Saving
    waiting: int = 0


def kept_meanwhile(problem: Problem) -> Problem:
    """Return the problem of a store that refuses writes, with word of what becomes of them."""
    return replace(problem, remedy=f"{problem.remedy}. {KEPT}")


def key_of(grading: Grading) -> Key:
    """Return the key of a grading among its grader's."""
    return grading.image, grading.role


@dataclass(frozen=True, slots=True)
class _Write:
    grading: Grading
    gesture: str


class Autosave(QObject):
    """Writes gestures one after another on the study's lane.

    A write that fails stays first in line and is tried again; nothing behind it overtakes it. A
    write that meets somebody else's revision leaves the line, with all that follow it on the same
    record, and is told as a conflict.
    """

    state_changed = Signal(object)
    stored = Signal(object)
    """A `Revision` that is durable now."""
    conflicted = Signal(object, object)
    """The `Key` of a record to which somebody else wrote first, and the `Writes` given up."""
    problem = Signal(object)
    recovered = Signal(str)
    """The code of a problem that is over."""

    _due = Signal()

    def __init__(
        self,
        study: Study,
        bridge: Bridge,
        *,
        grader: str,
        retry_after: int = RETRY_AFTER,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._study = study
        self._bridge = bridge
        self._grader = grader
        self._line: deque[_Write] = deque()
        self._numbers: dict[Key, int | None] = {}
        self._is_writing = False
        self._failure = ""
        self._settled: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(retry_after)
        self._timer.timeout.connect(self._write_next)
        self._due.connect(self._write_next, Qt.ConnectionType.QueuedConnection)

    @property
    def state(self) -> SavingState:
        """Whether all is stored."""
        if not self._line:
            return SavingState(Saving.SAVED)
        return SavingState(Saving.FAILING if self._failure else Saving.SAVING, len(self._line))

    def is_waiting(self, key: Key) -> bool:
        """Tell whether gestures of a record are still to be stored."""
        return any(key_of(write.grading) == key for write in self._line)

    def follow(self, key: Key, number: int | None) -> None:
        """Take note of the last revision that a record has in the store."""
        self._numbers[key] = number

    def save(self, grading: Grading, gesture: str) -> None:
        """Store a state that a gesture made, as soon as the present event has been dealt with.

        Were it begun at once, the study's thread and the window would take turns at the
        interpreter, and a gesture be shown several milliseconds later.
        """
        self._line.append(_Write(grading, gesture))
        self._tell_state()
        self._due.emit()

    def when_settled(self, then: Callable[[], object]) -> None:
        """Call back once nothing is waiting, or what waits is refused by the store."""
        self._settled = then
        self._tell_state()

    def retry(self) -> None:
        """Try a failed write again at once."""
        self._timer.stop()
        self._write_next()

    def _tell_state(self) -> None:
        state = self.state
        self.state_changed.emit(state)
        if self._settled and state.saving is not Saving.SAVING:
            then, self._settled = self._settled, None
            then()

    def _write_next(self) -> None:
        if self._is_writing or not self._line or self._timer.isActive():
            return
        self._is_writing = True
        write = self._line[0]
        append = partial(
            self._study.append,
            write.grading,
            author=self._grader,
            parent=self._numbers.get(key_of(write.grading)),
            gesture=write.gesture,
        )
        self._bridge.run(Lane.STUDY, append, then=self._on_stored, failed=self._on_failed)

    def _on_stored(self, revision: Revision) -> None:
        self._is_writing = False
        write = self._line.popleft()
        self._numbers[key_of(write.grading)] = revision.number
        self._recover()
        self.stored.emit(revision)
        self._tell_state()
        self._write_next()

    def _on_failed(self, error: BaseException) -> None:
        self._is_writing = False
        if isinstance(error, Conflict):
            self._recover()
            self._give_up(key_of(self._line[0].grading))
            return
        known = kept_meanwhile(error.problem) if isinstance(error, Refusal) else NOT_STORED
        if not isinstance(error, Refusal):
            self._bridge.failed.emit(error)
        if self._failure and self._failure != known.code:
            self.recovered.emit(self._failure)
        self._failure = known.code
        self.problem.emit(replace(known, severity=Severity.ERROR))
        self._tell_state()
        self._timer.start()

    def _recover(self) -> None:
        """Note that the store answers."""
        failure, self._failure = self._failure, ""
        if failure:
            self.recovered.emit(failure)

    def _give_up(self, key: Key) -> None:
        given_up = [(w.grading, w.gesture) for w in self._line if key_of(w.grading) == key]
        self._line = deque(write for write in self._line if key_of(write.grading) != key)
        self.conflicted.emit(key, given_up)
        self._tell_state()
        self._write_next()
