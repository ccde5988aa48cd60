"""What an analyst's page is at: the next run, the one under way, and those that are there."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.session.explaining.blind import BlindPictures
from desktop_app.session.explaining.cost import Cost
from desktop_app.session.explaining.export import Exports, command_line
from desktop_app.session.explaining.jobs import Jobs, Work
from desktop_app.session.explaining.labels import Labelling
from desktop_app.session.explaining.marks import Marks
from desktop_app.session.explaining.model import Chosen, ModelChoice
from desktop_app.session.explaining.pictures import Pictures, Strips
from desktop_app.session.explaining.running import Running, Wanted
from desktop_app.session.explaining.runs import KeptRun, Runs
from desktop_app.session.explaining.sanity import Sanity
from desktop_app.session.explaining.tasks import (
    FinishedRun,
    Place,
    ask_again,
    label_from,
    with_marks,
)
from desktop_app.session.selection import Selection
from desktop_app.worker.bridge import Bridge
from engine.domain.options import StudyOptions
from engine.domain.problem import Problem, Refusal
from engine.domain.rows import ImageResult
from engine.domain.settings import RunSettings
from engine.tasks.executors import Executor, Lane

if TYPE_CHECKING:
    from engine.stages.prepare import PreparedRun


class ExplainSession(QObject):
    """The one mutable object behind the Explain page; each part of it is a file of its own.

    Parameters
    ----------
    author
        Who is at the page.
    options
        What the study laid down when it was opened; its settings are what runs start from.

    Attributes
    ----------
    settings
        Of the next run.
    study_settings
        What the study lays down.
    wanted_of
        What each kept run was begun with, by its number.
    """

    told = Signal(object)
    """A `Problem` to be shown above the page."""

    over = Signal(str)
    """The code of a problem that is over."""

    settings_changed = Signal()
    options_stored = Signal()
    """The study's settings are those of the next run now."""

    findings_asked = Signal(bool)
    """True when the questions are asked again, False once they are answered."""

    def __init__(
        self,
        place: Place,
        bridge: Bridge,
        executor: Executor,
        *,
        author: str,
        options: StudyOptions,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.place = place
        self.author = author
        self._bridge = bridge
        self.study_settings = self.settings = options.settings
        self.jobs = Jobs(bridge, executor, on_error=self.tell)
        self.selection = Selection(parent=self)
        self.model = ModelChoice(self.place, self.jobs, author=author, parent=self)
        self.cost = Cost(self.place, self.jobs, self)
        self.running = Running(self.place, self.jobs, clock=clock, parent=self)
        self.runs = Runs(self.jobs, self)
        self.marks = Marks(self.place, self.jobs, self.runs, author=author, parent=self)
        self.labelling = Labelling(self.place, self.jobs, author=author, parent=self)
        self.blind = BlindPictures(self.place, self.jobs, self)
        self.pictures = Pictures(self.place, self.jobs, self)
        self.strips = Strips(self.place, self.jobs, self)
        self.exports = Exports(self.place, self.jobs, author=author, parent=self)
        self.sanity = Sanity(self.place, self.jobs, self)
        self.wanted_of: dict[int, Wanted] = {}
        self._wanted: Wanted | None = None
        self._asking: dict[int, Work] = {}
        self._before: KeptRun | None = None
        self._labelled: KeptRun | None = None
        self._readings_changed = False
        self._shows: PreparedRun | None = None
        self._connect()

    def _connect(self) -> None:
        self.running.began.connect(self._on_began)
        self.running.rows_added.connect(self._on_rows)
        self.running.finished.connect(self._on_finished)
        self.running.stopped.connect(self._on_ended)
        self.running.failed.connect(self._on_failed)
        self.runs.shown_changed.connect(self._on_shown)
        self.selection.current_changed.connect(self._on_current)
        self.model.was_checked.connect(self.measure)
        self.model.failed.connect(self.tell)
        self.model.conditions_changed.connect(self.cost.forget)
        self.cost.failed.connect(self.tell)
        self.exports.failed.connect(self.tell)
        self.sanity.failed.connect(self.tell)
        self.labelling.problem.connect(self.tell)

    # What an analyst asks for

    def run(self) -> bool:
        """Begin a run with the present choice and settings; False where none can begin now.

        Where code has to be trusted first, that is asked and the run goes on from there.
        """
        chosen = self.model.chosen
        if self.running.is_running or not chosen.is_complete:
            return False
        if self.model.needs_trust(self.run):
            return False
        self.over.emit("run_stopped")
        return self.running.begin(chosen, self.settings)

    def measure(self) -> None:
        """Measure how long the next run would take, where nothing else is in the way."""
        chosen = self.model.chosen
        is_possible = chosen.is_complete and self.model.question is None
        if is_possible and not self.running.is_running:
            self.cost.ask(chosen, self.settings)

    def set_settings(self, settings: RunSettings) -> None:
        """Take other settings for the next run; what is known of its cost is measured again."""
        if settings == self.settings:
            return
        self.settings = settings
        self.settings_changed.emit()
        is_open = self.model.checked is not None  # else measuring would load the model unasked
        if is_open or self.cost.estimate is not None or self.cost.is_measuring:
            self.measure()

    def keep_settings(self) -> None:
        """Make the settings of the next run those of the study."""
        settings = self.settings
        self.jobs.run(
            Lane.STUDY,
            partial(self._store_settings, settings),
            then=lambda _: self._on_kept(settings),
            must_finish=True,
        )

    def note_options(self, options: StudyOptions) -> None:
        """Take note that the study's settings changed; a run's own changes are kept."""
        if options.settings == self.study_settings:
            return
        is_own = self.settings != self.study_settings
        self.study_settings = options.settings
        if is_own:
            self.settings_changed.emit()
        else:
            self.set_settings(options.settings)

    def read_options(self) -> None:
        """Read what the study lays down now."""
        self.jobs.run(Lane.STUDY, self.place.study.options, then=self.note_options)

    def note_readings(self) -> None:
        """Take note that readings changed: runs that are there are of before."""
        self._readings_changed = self.running.is_running
        self.runs.mark_stale()
        self.pictures.read_anew()
        self.cost.forget()
        self.model.read_conditions()

    def ask_findings(self, run: KeptRun | None = None) -> None:
        """Ask the questions of a run again, with all labels that there are now.

        Parameters
        ----------
        run
            By default the shown one; a run that was closed is not asked.
        """
        run = run or self.runs.shown
        if run is None or run not in self.runs.all:
            return
        if run.id in self._asking:
            self._asking.pop(run.id).drop()
        self.labelling.note_asked()
        task = partial(ask_again, self.place, run.result)
        self.findings_asked.emit(run is self.runs.shown)
        self._asking[run.id] = self.jobs.start(
            task,
            then=partial(self._on_asked, run),
            failed=partial(self._on_not_asked, run),
            stopped=partial(self._on_not_asked, run, None),
        )

    def begin_labelling(self) -> None:
        """Take the images that are to be labelled of the shown run."""
        run = self.runs.shown
        if run is not None:
            self._labelled = run
            self.blind.set_run(run.result)
            self.labelling.load(run.result)

    def end_labelling(self) -> None:
        """Ask the questions of the labelled run again, whichever is shown, where labels came."""
        if self._labelled is not None and self.labelling.has_changed:
            self.ask_findings(self._labelled)
        self._labelled = None

    def import_labels(self, table: Path) -> None:
        """Store the labels of a table, and ask the questions again with them."""
        task = partial(label_from, self.place, table, self.author)
        self.jobs.start(task, then=self._on_labels)

    @property
    def looked_at(self) -> tuple[Chosen, RunSettings]:
        """What the shown run was begun with, or else what the next one is."""
        shown = self.runs.shown
        wanted = self.wanted_of.get(shown.id) if shown else None
        return (wanted.chosen, wanted.settings) if wanted else (self.model.chosen, self.settings)

    def command_line(self) -> str:
        """Return the shown run, or else the next one, as a command for a terminal."""
        chosen, settings = self.looked_at
        return command_line(self.place.file, chosen, settings, self.study_settings)

    def when_settled(self, then: Callable[[], object]) -> None:
        """Stop what is under way and call back once nothing works on the study any more."""
        if self.running.is_paused:
            self.running.resume()
        self.jobs.when_settled(then)

    def tell(self, error: object) -> None:
        """Show a problem above the page; an error that nobody can act on goes to the reporter."""
        if isinstance(error, Problem):
            self.told.emit(error)
        elif isinstance(error, Refusal):
            self.told.emit(error.problem)
        else:
            self._bridge.failed.emit(error)

    # What the parts tell

    def _on_began(self, wanted: Wanted) -> None:
        self._wanted, self._before = wanted, self.runs.shown
        self.runs.show(None)
        self.selection.restart(0)

    def _on_rows(self, _rows: object) -> None:
        before = self.selection.current
        self.selection.restart(len(self.running.rows))
        if before >= 0:
            self.selection.set_current(before)

    def _on_finished(self, finished: FinishedRun) -> None:
        kept = self.runs.add(finished)
        if self._wanted is not None:
            self.wanted_of[kept.id] = self._wanted
        if self._readings_changed:
            self._readings_changed, kept.is_stale = False, True
            self.runs.changed.emit()

    def _on_ended(self) -> None:
        self._show_before()

    def _on_failed(self, error: object) -> None:
        self.tell(error)
        self._show_before()

    def _show_before(self) -> None:
        """Show the run of before, the one begun having no end to show.

        A run that a person went to meanwhile stays; one that was closed gives way to the last.
        """
        before, self._before = self._before, None
        if before not in self.runs.all:
            before = self.runs.all[-1] if self.runs.all else None
        self.runs.show(self.runs.shown or before)
        shown = self.runs.shown
        if shown is None or self.selection.count != len(shown.result.run.images):
            self.selection.restart(len(shown.result.run.images) if shown else 0)

    def _on_shown(self, run: KeptRun | None) -> None:
        result = run.result if run else None
        at_hand = self.selection.current
        self.pictures.set_run(result.prepared if result else None)
        self._shows = result.prepared if result else None
        self.strips.set_run(result)
        count = len(result.run.images) if result else 0
        self.selection.restart(count)
        if 0 <= at_hand < count:  # the same image under another run
            self.selection.set_current(at_hand)

    @property
    def result(self) -> ImageResult | None:
        """What the shown run, or the one under way, says of the image at hand."""
        number, run = self.selection.current, self.runs.shown
        rows = run.result.run.images if run else self.running.rows
        return rows[number] if 0 <= number < len(rows) else None

    def _on_current(self, _number: int, _source: object) -> None:
        prepared = self.running.prepared
        if self.runs.shown is None and prepared is not None and prepared is not self._shows:
            self._shows = prepared
            self.pictures.set_run(prepared)
        self.pictures.show(self.result)

    def _on_labels(self, problems: tuple[Problem, ...]) -> None:
        for problem in problems[:1]:
            self.tell(problem)
        self.ask_findings()

    def _on_asked(self, run: KeptRun, result: FinishedRun) -> None:
        self._asking.pop(run.id, None)
        marks = run.result.marks  # those given meanwhile are not lost
        self.runs.replace(run, with_marks(result, marks))
        self.findings_asked.emit(False)

    def _on_not_asked(self, run: KeptRun, error: BaseException | None) -> None:
        self._asking.pop(run.id, None)
        self.findings_asked.emit(False)
        if error is not None:
            self.tell(error)

    def _store_settings(self, settings: RunSettings) -> None:
        study = self.place.study
        study.set_options(replace(study.options(), settings=settings), author=self.author)

    def _on_kept(self, settings: RunSettings) -> None:
        self.study_settings = settings
        self.settings_changed.emit()
        self.options_stored.emit()
