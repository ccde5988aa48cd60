"""How long the next run would take, measured again whenever it would be another run."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.session.explaining.jobs import Jobs, Latest, Work
from desktop_app.session.explaining.model import Chosen
from desktop_app.session.explaining.tasks import Place, estimate
from engine.domain.settings import RunSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.stages.estimating import RunEstimate
    from engine.stages.prepare import PreparedRun

Wish = tuple[Chosen, RunSettings]


class Cost(QObject):
    """The estimate of the run that would begin now; an answer to an older question is dropped.

    Attributes
    ----------
    estimate
        What is known of the run that was last asked about; None while it is measured.
    """

    changed = Signal()
    failed = Signal(object)
    """The error by which the measuring ended."""

    def __init__(self, place: Place, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._jobs = jobs
        self._wanted: Wish | None = None
        self._prepared: tuple[Chosen, PreparedRun] | None = None
        self._latest = Latest(self._begin)
        self.estimate: RunEstimate | None = None

    @property
    def is_measuring(self) -> bool:
        """True while the answer to the last question is still to come."""
        return self._wanted is not None and self.estimate is None and self._latest.is_waiting

    def ask(self, chosen: Chosen, settings: RunSettings) -> None:
        """Measure how long a run with this choice and these settings would take."""
        if (chosen, settings) == self._wanted and (self.estimate or self.is_measuring):
            return
        self._wanted, self.estimate = (chosen, settings), None
        self._latest.ask(self._wanted)
        self.changed.emit()

    def forget(self) -> None:
        """Know nothing any more, as when the study or the choice is another one."""
        self._latest.forget()
        self._wanted = self._prepared = self.estimate = None
        self.changed.emit()

    def _begin(self, wish: Wish, done: "Callable[[], None]") -> Work:
        chosen, settings = wish
        known = None
        if self._prepared is not None and self._prepared[0] == chosen:
            known = self._prepared[1]
        task = partial(estimate, self._place, chosen.request(), settings, known)

        def on_measured(answer: "tuple[PreparedRun, RunEstimate]") -> None:
            self._prepared = chosen, answer[0]
            if wish == self._wanted:
                self.estimate = answer[1]
            done()
            self.changed.emit()

        def on_failed(error: BaseException) -> None:
            is_of_now = wish == self._wanted
            if is_of_now:
                self._wanted = None
            done()
            self.changed.emit()
            if is_of_now:
                self.failed.emit(error)

        def on_stopped() -> None:
            if wish == self._wanted:
                self._wanted = None
            done()
            self.changed.emit()

        return self._jobs.start(task, then=on_measured, failed=on_failed, stopped=on_stopped)
