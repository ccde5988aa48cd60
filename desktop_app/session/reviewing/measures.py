"""What graders agree on over the whole study: measured in the background, kept up to date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.session.reviewing.image import AT_ONCE
from desktop_app.worker.bridge import Bridge, Job
from engine.domain.agreement import AnswerAgreement, StudyGraders
from engine.domain.image import Image
from engine.domain.rows import ImageAgreement
from engine.domain.settings import RunSettings
from engine.study.protocol import Study, StudyInfo
from engine.tasks.cancel import CancelToken
from engine.tasks.context import JobContext
from engine.tasks.executors import Executor, Lane
from engine.tasks.progress import Progress, Step

if TYPE_CHECKING:
    from engine.graders.by_grader import Known
    from engine.graders.summary import AgreementSummary
    from engine.report.run import AgreementRun

T = TypeVar("T")

CALM = 1_500
"""Milliseconds without another change after which the tables of graders are measured again."""

FEW = 64
"""Images that are measured one by one; for more, the whole study is."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The rows of a study, and the state of it that they are about."""

    info: StudyInfo
    rows: tuple[ImageAgreement, ...]
    started: str
    finished: str


class StudyMeasures(QObject):
    """The rows of all images and the tables of graders, under the settings in force.

    Of several measurings asked for, the last one counts; those before it are stopped.
    """

    loaded = Signal()
    """All rows are there, anew."""

    row_changed = Signal(int)
    """Number of a row that is another now."""

    summary_changed = Signal(object)
    """The `AgreementSummary` of all rows."""

    graders_changed = Signal()
    """The tables of graders are others now, or are being measured."""

    progressed = Signal(object)
    """A `Step` of a measuring."""

    failed = Signal(object)
    """An error that ended a measuring."""

    settled = Signal()
    """Nothing is being measured any more."""

    def __init__(
        self,
        study: Study,
        bridge: Bridge,
        executor: Executor,
        settings: RunSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        self.rows: list[ImageAgreement] = []
        self.numbers: dict[str, int] = {}
        self.graders: StudyGraders | None = None
        self.answers: tuple[AnswerAgreement, ...] = ()
        self._study = study
        self._bridge = bridge
        self._executor = executor
        self._known: Known = {}
        self._whole: Measured | None = None
        self._jobs: dict[str, Job] = {}
        self._summing: Job | None = None
        self._running: set[int] = set()
        self._some: set[str] = set()
        self._newer: dict[str, ImageAgreement] = {}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(CALM)
        self._later.timeout.connect(self.measure_graders)

    @property
    def is_loaded(self) -> bool:
        """True once the study was measured."""
        return self._whole is not None

    @property
    def is_busy(self) -> bool:
        """True while anything works on the study, wanted or not."""
        return bool(self._running)

    @property
    def is_measuring_graders(self) -> bool:
        """True while the tables of graders are out of date."""
        return self._later.isActive() or "graders" in self._jobs

    def measure(self) -> None:
        """Measure all images, then the graders."""
        self._later.stop()
        self._stop("graders")
        self._stop("some")
        self._some.clear()
        self._newer.clear()
        self._start("rows", partial(measured, self._study, self.settings), self._on_rows)

    def measure_graders(self) -> None:
        """Measure the graders alone."""
        self._later.stop()
        self._start(
            "graders",
            partial(graders_measured, self._study, self.settings, self._known),
            self._on_graders,
        )
        self.graders_changed.emit()

    def replace(self, row: ImageAgreement) -> None:
        """Take the row of an image that was measured by itself."""
        if "rows" in self._jobs:
            self._newer[row.image.path] = row
        number = self.numbers.get(row.image.path)
        if number is None or self.rows[number] == row:
            return
        self.rows[number] = row
        self.row_changed.emit(number)
        self._summarise()

    def measure_some(self, images: Sequence[str] | None) -> None:
        """Measure images again whose readings changed elsewhere; None for all of them."""
        self._some.update(images or ())  # to those that an earlier measuring is not through with
        is_few = images is not None and len(self._some) <= FEW
        if not is_few or any(path not in self.numbers for path in self._some):
            self.measure()
            return
        chosen = [self.rows[self.numbers[path]].image for path in sorted(self._some)]
        task = partial(some_measured, self._study, chosen, self.settings)
        self._start("some", task, self._on_some)
        self.graders_later()

    def graders_later(self) -> None:
        """Measure the graders once nothing has changed for a while."""
        self._stop("graders")
        self._later.start()
        self.graders_changed.emit()

    def run(self, then: Callable[["AgreementRun"], None]) -> None:
        """Return the run behind the table, of the study as it is now, as the command line does."""
        task = partial(agreement_run, self._study, self.settings, self._whole, tuple(self.rows))
        self._start("run", task, then)

    def stop(self) -> None:
        """Stop whatever is being measured; `settled` follows once it has ended."""
        self._later.stop()
        if self._summing is not None:
            self._summing.forget()
        for name in list(self._jobs):
            self._stop(name)
        if not self._running:
            self.settled.emit()

    def _start(self, name: str, task: Callable[[JobContext], T], then: Callable[[T], None]) -> None:
        """Start a measuring in place of an earlier one of its name."""
        self._stop(name)

        def call(cancel: CancelToken, progress: Progress) -> T:
            return task(JobContext(self._executor, cancel, progress))

        job = self._bridge.start(
            Lane.JOB,
            call,
            then=lambda result: self._end(name, job, partial(then, result)),
            failed=lambda error: self._end(name, job, partial(self.failed.emit, error)),
            stopped=lambda: self._end(name, job, lambda: None),
            progressed=lambda step: self._tell(name, job, step),
        )
        self._jobs[name] = job
        self._running.add(job.number)

    def _tell(self, name: str, job: Job, step: Step) -> None:
        if self._jobs.get(name) is job:
            self.progressed.emit(step)

    def _end(self, name: str, job: Job, act: Callable[[], None]) -> None:
        """Act on the end of a measuring, unless another one is wanted by now."""
        self._running.discard(job.number)
        if self._jobs.get(name) is job:
            del self._jobs[name]
            act()
        if not self._running:
            self.settled.emit()

    def _stop(self, name: str) -> None:
        job = self._jobs.pop(name, None)
        if job is not None:
            job.cancel()

    def _on_rows(self, found: Measured) -> None:
        self._whole = found
        self.rows = list(found.rows)
        self.numbers = {row.image.path: number for number, row in enumerate(self.rows)}
        self.loaded.emit()
        self._summarise()
        self.measure_graders()
        self._measure_newer()

    def _measure_newer(self) -> None:
        """Measure again what changed after the measuring of the whole study had read it."""
        newer, self._newer = self._newer, {}
        changed = [
            path
            for path, row in newer.items()
            if path in self.numbers and self.rows[self.numbers[path]] != row
        ]
        if changed:
            self.measure_some(changed)

    def _on_some(self, rows: Sequence[ImageAgreement]) -> None:
        self._some.clear()
        for row in rows:
            self.replace(row)

    def _on_graders(self, found: tuple[StudyGraders, tuple[AnswerAgreement, ...]]) -> None:
        self.graders, self.answers = found
        self.graders_changed.emit()

    def _summarise(self) -> None:
        """Sum the rows up off the window's thread; of several sums the last one is told."""
        if self._summing is not None:
            self._summing.forget()
        self._summing = self._bridge.run(
            AT_ONCE, partial(summarised, tuple(self.rows)), then=self.summary_changed.emit
        )


def measured(study: Study, settings: RunSettings, job: JobContext) -> Measured:
    """Measure every image of a study; runs as a job."""
    from engine.pipeline import measure_study  # noqa: PLC0415 - it loads shapely

    started = now()
    info = job.on_study(study.info)
    rows = measure_study(study, settings.agreement, job)
    return Measured(info, rows, started, now())


def summarised(rows: Sequence[ImageAgreement]) -> "AgreementSummary":
    """Return the agreement over the rows, before and after the cut."""
    from engine.graders.summary import summarise  # noqa: PLC0415 - it loads shapely

    return summarise(rows)


def graders_measured(
    study: Study, settings: RunSettings, known: "Known", job: JobContext
) -> tuple[StudyGraders, tuple[AnswerAgreement, ...]]:
    """Compare the graders over a study; runs as a job.

    Parameters
    ----------
    known
        Overlaps of graders that were measured before; what is measured now joins them.
    """
    from engine.pipeline import measure_graders  # noqa: PLC0415 - it loads shapely

    return measure_graders(study, settings.agreement, job, known=known)


def some_measured(
    study: Study, images: Sequence[Image], settings: RunSettings, job: JobContext
) -> list[ImageAgreement]:
    """Measure a few images again; runs as a job."""
    from engine.graders.agreement import measure_agreement  # noqa: PLC0415 - it loads shapely

    decided = job.on_study(study.adjudications)
    found = []
    for image in images:
        job.cancel.check()
        readings = job.on_study(study.readings_of, image.path)
        measure = partial(
            measure_agreement, image, readings, settings.agreement, decided.get(image.path)
        )
        found.append(job.executor.submit(Lane.CPU, measure).result())
    return found


def agreement_run(
    study: Study,
    settings: RunSettings,
    whole: Measured | None,
    rows: tuple[ImageAgreement, ...],
    job: JobContext,
) -> "AgreementRun":
    """Return the run of a study as it is now, measured again where it is another by now.

    Parameters
    ----------
    whole
        What was measured last of the whole study.
    rows
        The rows that are shown.
    """
    from engine.report.run import AgreementRun, Span  # noqa: PLC0415 - it loads shapely

    info = job.on_study(study.info)
    if whole is None or whole.info.audit_head != info.audit_head or whole.rows != rows:
        whole = measured(study, settings, job)
    span = Span(whole.started, whole.finished)
    return AgreementRun(whole.info, settings, whole.rows, span)


def now() -> str:
    """Return the time, ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
