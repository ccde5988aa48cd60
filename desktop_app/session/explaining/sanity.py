"""Whether maps depend on what the model learned: a check of a few cases, as a job."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop_app.session.explaining.jobs import Jobs, Work
from desktop_app.session.explaining.model import Chosen
from desktop_app.session.explaining.tasks import Place, prepare, utc_now
from engine.domain.problem import Problem
from engine.domain.rows import UnlearnedMap
from engine.domain.settings import RunSettings
from engine.tasks.context import JobContext

if TYPE_CHECKING:
    from engine.report.table import Table


@dataclass(frozen=True, slots=True, eq=False)
class SanityCheck:
    """What a check found, as the command line writes it.

    Attributes
    ----------
    table
        One row for each image and step of forgetting.
    problems
        What was left out, and images that could not be checked.
    """

    table: "Table[UnlearnedMap]"
    problems: tuple[Problem, ...]
    manifest: Mapping[str, Any]


class Sanity(QObject):
    """At most one check at a time."""

    progressed = Signal(object)
    """A `Step`."""

    finished = Signal(object)
    """A `SanityCheck`."""

    failed = Signal(object)

    def __init__(self, place: Place, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._jobs = jobs
        self._work: Work | None = None

    @property
    def is_running(self) -> bool:
        """True while a check is under way."""
        return self._work is not None

    def begin(self, chosen: Chosen, settings: RunSettings, *, cases: int, steps: int) -> bool:
        """Begin a check of the model of a card; False where one is under way.

        Parameters
        ----------
        cases
            How many cases are looked at, each by its first image.
        steps
            At most so many maps of each, with more and more of the model random.
        """
        if self.is_running:
            return False
        task = partial(check_sanity, self._place, chosen, settings, cases=cases, steps=steps)
        work = self._jobs.start(
            task,
            then=self._on_finished,
            failed=self._on_failed,
            stopped=self.stop,
            progressed=self.progressed.emit,
        )
        self._work = None if work.has_ended else work
        return self.is_running

    def stop(self) -> None:
        """Give the check up; nothing more is heard of it."""
        if self._work is not None:
            self._work.drop()
            self._work = None

    def _on_finished(self, found: SanityCheck) -> None:
        self._work = None
        self.finished.emit(found)

    def _on_failed(self, error: BaseException) -> None:
        self._work = None
        self.failed.emit(error)


def check_sanity(
    place: Place,
    chosen: Chosen,
    settings: RunSettings,
    job: JobContext,
    *,
    cases: int,
    steps: int,
) -> SanityCheck:
    """Let the model of a card forget layer by layer and compare its maps.

    Raises
    ------
    Refusal
        The model cannot be used, or its parameters cannot be randomised.
    """
    from engine.checking import unlearn_model  # noqa: PLC0415 - loads scipy
    from engine.report.manifest import with_problems  # noqa: PLC0415
    from engine.report.method_tables import sanity_table  # noqa: PLC0415
    from engine.report.run import Span, manifest_of_tables  # noqa: PLC0415

    started, info = utc_now(), job.on_study(place.study.info)
    request = Chosen(card=chosen.card, device=chosen.device).request()
    prepared = prepare(place, request, settings, job)
    found = unlearn_model(place.study, prepared, job, cases=cases, stages=steps)
    table = sanity_table([row for row in found if isinstance(row, UnlearnedMap)])
    unchecked = tuple(row for row in found if isinstance(row, Problem))
    problems = (*prepared.problems, *unchecked)
    span = Span(started, utc_now())
    manifest = manifest_of_tables(info, settings, prepared.model, span, [table])
    return SanityCheck(table, problems, with_problems(manifest, problems))
