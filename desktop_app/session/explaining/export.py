"""What leaves the page: tables, figures, the report, and the same run as a command line."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop_app.session.explaining.jobs import Jobs, Work
from desktop_app.session.explaining.model import Chosen
from desktop_app.session.explaining.panels import write_panels
from desktop_app.session.explaining.sanity import SanityCheck
from desktop_app.session.explaining.tasks import FinishedRun, Place, utc_now
from desktop_app.session.reviewing.names import NAMED, WRITTEN
from engine.domain.problem import Problem, Severity
from engine.domain.settings import RunSettings
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.progress import Step

if TYPE_CHECKING:
    from engine.figures.drawn import DrawnFigure
    from engine.report.table import Table


@dataclass(frozen=True, slots=True)
class Written:
    """What was written where."""

    path: Path
    what: str


class Exports(QObject):
    """Writes files on the lanes; a report is a job with progress, one at a time.

    The first file with names of graders is told to the study's log.
    """

    written = Signal(object)
    """A `Written`."""

    failed = Signal(object)
    report_progressed = Signal(object)
    """A `Step` of the report, or of the panels."""

    report_ended = Signal()

    def __init__(self, place: Place, jobs: Jobs, *, author: str, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._jobs = jobs
        self._author = author
        self._names_left = False
        self._report: Work | None = None
        self.making = ""

    @property
    def is_reporting(self) -> bool:
        """True while a report, or the panels of a run, are made."""
        return self._report is not None

    def save_tables(
        self,
        run: FinishedRun,
        tables: "Mapping[Path, Table[Any]]",
        *,
        byte_order_mark: bool = False,
        overwrite: bool = False,
    ) -> None:
        """Write tables of a run as CSV, each with the run's manifest beside it."""
        task = partial(
            _save_tables,
            partial(manifest_of, run),
            tables,
            byte_order_mark=byte_order_mark,
            overwrite=overwrite,
        )
        told = Written(next(iter(tables)), "The table" if len(tables) == 1 else "The tables")
        if any(has_names(table) for table in tables.values()):
            self._let_names_out(run, lambda: self._write(task, told))
        else:
            self._write(task, told)

    def save_check(self, check: SanityCheck, path: Path, *, byte_order_mark: bool = False) -> None:
        """Write the table of a check, in place of what was there, with its manifest beside it."""
        task = partial(
            _save_tables,
            lambda: check.manifest,
            {path: check.table},
            byte_order_mark=byte_order_mark,
            overwrite=True,
        )
        self._write(task, Written(path, "The table"))

    def save_figure(
        self, run: FinishedRun, name: str, path: Path, *, overwrite: bool = False
    ) -> None:
        """Draw a figure of the report and write it, as SVG or PNG by its ending.

        Parameters
        ----------
        name
            Of the figure in the report, such as ``figure7-conditions-ds``.
        """
        task = partial(_save_figure, run, name, path, overwrite=overwrite)
        self._write(task, Written(path, "The figure"))

    def write_report(
        self,
        run: FinishedRun,
        out: Path,
        *,
        with_images: bool,
        is_stale: bool = False,
        overwrite: bool = False,
    ) -> bool:
        """Write the whole report into a new folder; False while another one is made.

        Parameters
        ----------
        is_stale
            Whether gradings changed after the run; the report says so.
        """
        if self._report is not None:
            return False
        task = partial(
            _write_report,
            self._place,
            run,
            out,
            log=None if self._names_left else partial(self._log_names, run),
            with_images=with_images,
            problems=changed_since(self._place.file) if is_stale else (),
            overwrite=overwrite,
        )
        self._make("The report", task, self._on_report)
        return True

    def write_panels(self, run: FinishedRun, folder: Path, *, is_stale: bool = False) -> bool:
        """Write the four panels of each image into an empty folder; False while a report is made.

        Maps come from the cache, regions and numbers are of the gradings of now.

        Parameters
        ----------
        is_stale
            Whether gradings changed after the run; the manifest says so.
        """
        if self._report is not None:
            return False
        problems = changed_since(self._place.file) if is_stale else ()
        task = partial(write_panels, self._place, run, folder, problems=problems)
        self._make("The panels", task, self._on_made)
        return True

    def stop_report(self) -> None:
        """Give the report, or the panels, up; nothing of it is left."""
        if self._report is not None:
            self._report.cancel()

    def _make(
        self, what: str, task: Callable[[JobContext], Path], then: Callable[[Written], object]
    ) -> None:
        """Start a job that makes a folder of files, of which one is made at a time."""
        self.making = what.lower()
        self._report = self._jobs.start(
            task,
            then=lambda path: then(Written(path, what)),
            failed=self._on_no_report,
            stopped=self._on_report_stopped,
            progressed=self.report_progressed.emit,
        )

    def _write(self, task: Any, told: Written) -> None:  # noqa: ANN401 - whatever it returns
        self._jobs.run(
            Lane.CPU,
            task,
            then=lambda _: self.written.emit(told),
            failed=self.failed.emit,
            must_finish=True,
        )

    def _log_names(self, run: FinishedRun) -> None:
        self._place.study.reveal_names(run.values.names, author=self._author)

    def _let_names_out(self, run: FinishedRun, then: Callable[[], object]) -> None:
        """Log, once, that the names of the graders leave in a file, and go on."""
        if self._names_left:
            then()
            return

        def go_on(_: object) -> None:
            self._names_left = True
            then()

        self._jobs.run(
            Lane.STUDY,
            partial(self._log_names, run),
            then=go_on,
            failed=self.failed.emit,
            must_finish=True,
        )

    def _on_report(self, written: Written) -> None:
        self._names_left = True
        self._on_made(written)

    def _on_made(self, written: Written) -> None:
        self._on_report_stopped()
        self.written.emit(written)

    def _on_no_report(self, error: BaseException) -> None:
        self._on_report_stopped()
        self.failed.emit(error)

    def _on_report_stopped(self) -> None:
        self._report = None
        self.report_ended.emit()


def has_names(table: "Table[Any]") -> bool:
    """Return whether a table names graders, in a column or in what they wrote."""
    return any(column.name in NAMED | WRITTEN for column in table.columns)


def changed_since(file: Path) -> tuple[Problem, ...]:
    """Return what is said of pictures that are drawn after gradings changed."""
    message = "gradings changed since the run: its pictures show the regions of today"
    remedy = "Run again for numbers and pictures of the same gradings"
    return (Problem("gradings_changed", file.name, message, remedy, Severity.WARNING),)


def manifest_of(run: FinishedRun) -> dict[str, Any]:
    """Return the manifest of a run as the command line writes it."""
    return {**run.run.manifest(), "problems": [problem_fields(p) for p in run.problems]}


def problem_fields(problem: Problem) -> dict[str, str]:
    """Return a problem as fields of a manifest."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "where": problem.where,
        "message": problem.message,
        "remedy": problem.remedy,
    }


def _save_tables(
    manifest: Callable[[], Mapping[str, Any]],
    tables: "Mapping[Path, Table[Any]]",
    *,
    byte_order_mark: bool,
    overwrite: bool,
) -> None:
    from engine.report.files import require_free  # noqa: PLC0415 - loads the report's rooms
    from engine.report.manifest import manifest_path  # noqa: PLC0415
    from engine.report.saving import save_tables  # noqa: PLC0415

    require_free([*tables, *map(manifest_path, tables)], overwrite=overwrite)
    save_tables(tables, manifest(), byte_order_mark=byte_order_mark)


def figures_of(run: FinishedRun) -> "list[DrawnFigure]":
    """Draw every figure of a run that shows no photograph."""
    from engine.report.charts import charts  # noqa: PLC0415 - loads matplotlib

    return list(charts(run.run, run.findings))


def _save_figure(run: FinishedRun, name: str, path: Path, *, overwrite: bool) -> None:
    from engine.report.files import require_free  # noqa: PLC0415
    from engine.report.manifest import manifest_path  # noqa: PLC0415
    from engine.report.saving import save_figure  # noqa: PLC0415

    require_free([path, manifest_path(path)], overwrite=overwrite)
    figure = next(one for one in figures_of(run) if one.name.startswith(name))
    save_figure(figure, path, manifest_of(run))


def _write_report(
    place: Place,
    run: FinishedRun,
    out: Path,
    job: JobContext,
    *,
    log: Callable[[], None] | None,
    with_images: bool,
    problems: tuple[Problem, ...],
    overwrite: bool,
) -> Path:
    from engine.report.folder import require_report_folder, write_report  # noqa: PLC0415
    from engine.reporting import report_of  # noqa: PLC0415 - loads matplotlib

    job.executor.submit(Lane.CPU, partial(require_report_folder, out, overwrite=overwrite)).result()
    of_run = run.problems[len(run.prepared.problems) :]
    content = report_of(
        place.study,
        run.prepared,
        run.run,
        job,
        with_images=with_images,
        clock=utc_now,
        problems=(*of_run, *problems),
    )
    job.cancel.check()
    if log is not None:
        job.on_study(log)
    manifest = {**content.manifest(), "problems": [problem_fields(p) for p in content.problems]}
    job.progress(Step("writing", 0, 1))
    job.executor.submit(Lane.CPU, write_report, content, manifest, out).result()
    job.progress(Step("writing", 1, 1))
    return out


def command_line(file: Path, chosen: Chosen, settings: RunSettings, base: RunSettings) -> str:
    """Return the command that does the same in a terminal.

    Parameters
    ----------
    base
        Settings of the study, from which the command starts.
    """
    words = ["dermconcord", "explain", str(file)]
    given = {"--model": chosen.card, "--maps": chosen.maps, "--predictions": chosen.predictions}
    for option, path in given.items():
        if path is not None:
            words += [option, str(path)]
    words += ["--csv", f"{file.stem}-images.csv"]
    if chosen.device != "auto":
        words += ["--device", chosen.device]
    for name, value in assignments(settings, base):
        words += ["--set", f"{name}={value}"]
    return shlex.join(words)


def assignments(settings: RunSettings, base: RunSettings) -> list[tuple[str, str]]:
    """Return the settings that are not those of the study, as names and values of ``--set``."""
    now, then = settings.model_dump(), base.model_dump()
    return [
        (f"{table}.{name}", _text(value))
        for table, values in now.items()
        for name, value in values.items()
        if value != then[table][name]
    ]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
