"""What a lead did in this window, one after the other, and what undo and redo would act on."""

from collections import deque
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_app.session.reviewing.deeds import Deed
from desktop_app.worker.bridge import Bridge
from engine.domain.problem import Problem, Refusal
from engine.study.protocol import Conflict, Study
from engine.tasks.executors import Lane

HOPELESS = frozenset(
    {"changed_meanwhile", "reading_changed", "task_begun", "not_sent_back", "already_asked"}
)
"""Problems after which a step can never be undone: others went on from there."""


class DeedLog(QObject):
    """Writes deeds in the order in which they are asked for, each before the next is looked at.

    Every deed and every one taken back is an entry of the study's audit log; this list lives as
    long as the window.
    """

    written = Signal(str)
    """Path of an image that was changed."""

    told = Signal(str)
    """What was done, in words."""

    refused = Signal(object, object)
    """A deed that was not done, and the `Problem`; nothing was written."""

    texts_changed = Signal()
    """`texts` are others now."""

    settled = Signal()
    """Nothing is being written any more."""

    def __init__(
        self, study: Study, bridge: Bridge, author: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._study = study
        self._bridge = bridge
        self._author = author
        self._done: list[Deed] = []
        self._undone: list[Deed] = []
        self._waiting: deque[Callable[[], None]] = deque()
        self._is_writing = False

    @property
    def texts(self) -> tuple[str, str]:
        """What undo and redo would act on, empty where there is nothing."""
        undo, redo = (deeds[-1].text if deeds else "" for deeds in (self._done, self._undone))
        return undo, redo

    @property
    def is_busy(self) -> bool:
        """True while anything is still to be written."""
        return self._is_writing or bool(self._waiting)

    def do(self, deed: Deed) -> None:
        """Carry out a deed; what was undone before can be redone no more."""
        self._ask(partial(self._write, deed, partial(self._on_done, deed)))

    def undo(self) -> None:
        """Take back the last deed that holds."""
        self._ask(partial(self._step, self._done, self._undone, "Undid"))

    def redo(self) -> None:
        """Do again what was undone last."""
        self._ask(partial(self._step, self._undone, self._done, "Redid"))

    def _ask(self, request: Callable[[], None]) -> None:
        self._waiting.append(request)
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and not self._is_writing:
            self._waiting.popleft()()
        if not self._is_writing:
            self.settled.emit()

    def _step(self, source: list[Deed], target: list[Deed], word: str) -> None:
        if source:
            deed = source[-1]
            self._write(deed, partial(self._on_step, deed, source, target, word), source)

    def _write(
        self,
        deed: Deed,
        then: Callable[[Deed], None],
        source: list[Deed] | None = None,
    ) -> None:
        self._is_writing = True
        self._bridge.run(
            Lane.STUDY,
            partial(deed.carry_out, self._study, self._author),
            then=then,
            failed=partial(self._on_failed, deed, source),
        )

    def _on_done(self, deed: Deed, opposite: Deed) -> None:
        self._done.append(opposite)
        self._undone.clear()
        self._end(deed, f"Done: {deed.text}. Undo takes it back.")

    def _on_step(
        self,
        deed: Deed,
        source: list[Deed],
        target: list[Deed],
        word: str,
        opposite: Deed,
    ) -> None:
        source.remove(deed)
        target.append(opposite)
        self._end(deed, f"{word}: {deed.text}, on {deed.image}.")

    def _end(self, deed: Deed, message: str) -> None:
        self._is_writing = False
        self.written.emit(deed.image)
        self.told.emit(message)
        self.texts_changed.emit()
        self._go_on()

    def _on_failed(self, deed: Deed, source: list[Deed] | None, error: BaseException) -> None:
        self._is_writing = False
        problem = problem_of(error, deed.image)
        if problem is None:
            self._bridge.failed.emit(error)
        else:
            if source is not None and problem.code in HOPELESS:
                source.remove(deed)
            self.refused.emit(deed, problem)
        self.texts_changed.emit()
        self._go_on()


def problem_of(error: BaseException, image: str) -> Problem | None:
    """Return what a person can do about an error; None where it is a bug."""
    if isinstance(error, Refusal):
        return error.problem
    if isinstance(error, Conflict):
        message = "The grader went on meanwhile, so nothing was written"
        return Problem("reading_changed", image, message, "Look at it as it is now")
    return None
