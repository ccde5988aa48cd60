"""What leaves the page: tables, figures, the report, and the same run as a command line."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop_app.session.explaining.jobs import Jobs, Work
from desktop_app.session.explaining.model import Chosen
from desktop_app.session.explaining.tasks import FinishedRun, Place, utc_now
from engine.domain.problem import Problem
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
    """Writes files on the lanes; a report is a job with progress, one at a time."""

    written = Signal(object)
    """A `Written`."""

    failed = Signal(object)
    report_progressed = Signal(object)
    """A `Step` of the report."""

    report_ended = Signal()

    def __init__(self, place: Place, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._jobs = jobs
        self._report: Work | None = None

    @property
    def is_reporting(self) -> bool:
        """True while a report is made."""
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
            _save_tables, run, tables, byte_order_mark=byte_order_mark, overwrite=overwrite
        )
        told = Written(next(iter(tables)), "The table" if len(tables) == 1 else "The tables")
        self._write(task, told)

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
        self, run: FinishedRun, out: Path, *, with_images: bool, overwrite: bool = False
    ) -> bool:
        """Write the whole report into a new folder; False while another one is made."""
        if self._report is not None:
            return False
        task = partial(
            _write_report, self._place, run, out, with_images=with_images, overwrite=overwrite
        )
        self._report = self._jobs.start(
            task,
            then=lambda path: self._on_report(Written(path, "The report")),
            failed=self._on_no_report,
            stopped=self._on_report_stopped,
            progressed=self.report_progressed.emit,
        )
        return True

    def stop_report(self) -> None:
        """Give the report up; nothing of it is left."""
        if self._report is not None:
            self._report.cancel()

    def _write(self, task: Any, told: Written) -> None:  # noqa: ANN401 - whatever it returns
        self._jobs.run(
            Lane.CPU,
            task,
            then=lambda _: self.written.emit(told),
            failed=self.failed.emit,
            must_finish=True,
        )

    def _on_report(self, written: Written) -> None:
        self._on_report_stopped()
        self.written.emit(written)

    def _on_no_report(self, error: BaseException) -> None:
        self._on_report_stopped()
        self.failed.emit(error)

    def _on_report_stopped(self) -> None:
        self._report = None
        self.report_ended.emit()


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
    run: FinishedRun,
    tables: "Mapping[Path, Table[Any]]",
    *,
    byte_order_mark: bool,
    overwrite: bool,
) -> None:
    from engine.report.files import require_free  # noqa: PLC0415 - loads the report's rooms
    from engine.report.manifest import manifest_path  # noqa: PLC0415
    from engine.report.saving import save_tables  # noqa: PLC0415

    require_free([*tables, *map(manifest_path, tables)], overwrite=overwrite)
    save_tables(tables, manifest_of(run), byte_order_mark=byte_order_mark)


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
    with_images: bool,
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
        problems=of_run,
    )
    job.cancel.check()
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
