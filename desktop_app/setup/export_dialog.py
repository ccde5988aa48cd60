"""Graders' regions, their consensus or a lead's decisions to the files of other programs."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from desktop_app.session.reviewing.measures import now
from desktop_app.setup.export_choices import ExportChoices
from desktop_app.setup.export_words import foreseen, written
from desktop_app.setup.frame import SetupDialog, push_button
from desktop_app.setup.problem_table import problem_table
from desktop_app.tables.table_view import TableView
from desktop_app.window.theme import set_role
from desktop_app.window.workplace import Workplace
from desktop_app.window.wrapped_label import WrappedLabel
from desktop_app.worker.bridge import Job
from engine.domain.problem import Problem, Refusal
from engine.domain.settings import AgreementSettings
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.progress import Step

if TYPE_CHECKING:
    from engine.pipeline import WrittenExport
    from engine.stages.exporting import Foreseen

SENTENCE = (
    "For labelme, COCO, QuPath and others, or as a table that holds everything. The study is only"
    " read; the folder appears whole or not at all, and nothing is ever replaced."
)
SHOWN = ("where", "problem", "code")
PATIENCE = 250
"""Milliseconds without a further letter after which the folder is looked at."""

LetOut = Callable[[Callable[[], object], Callable[[BaseException], object]], object]
"""Logs that graders' names leave in a file, then calls the first; the second where it fails."""


class ExportRegionsDialog(SetupDialog):
    """Counts what would be written; nothing is before *Export* is pressed.

    Parameters
    ----------
    agreement
        How a consensus is made.
    let_names_out
        Called before files with graders' names are written.
    hide
        Takes graders' names out of a text, for what is listed in the window.
    """

    exported = Signal(object)
    """The `Path` of the folder that was written."""

    def __init__(
        self,
        place: Workplace,
        agreement: AgreementSettings,
        *,
        let_names_out: LetOut,
        hide: Callable[[str], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(place, "Export regions", SENTENCE, size=(760, 640), parent=parent)
        self.foreseen: Foreseen | None = None
        self._agreement, self._let_names_out, self._hide = agreement, let_names_out, hide
        self._known: dict[tuple[str, str], Foreseen] = {}
        self._looking: Job | None = None
        self._exporting: Job | None = None
        self._last_folder: Path | None = None
        self._is_asked = self._is_closing = self._is_closed = self._is_taken = False
        self._make_parts()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(self._look_at_folder)
        self.choices.wanted.connect(self.look)
        self.choices.formed.connect(self._show_foreseen)
        self.choices.moved.connect(self._on_moved)
        self._on_moved()
        self.look()

    @property
    def is_exporting(self) -> bool:
        """True while files are written, or soon will be."""
        return self._is_asked or self._exporting is not None

    @property
    def is_looking(self) -> bool:
        """True while it is counted what would be written."""
        return self._looking is not None or self._timer.isActive()

    # Looking

    def look(self) -> None:
        """Count what would be written; a count that is under way is no longer wanted."""
        if self._looking is not None:
            self._looking.forget()
            self._looking = None
        self.foreseen = self._known.get(self._wanted())
        if self.foreseen is None:
            self._looking = self.begin(
                partial(_look, self.place, self._request()),
                partial(self._on_foreseen, self._wanted()),
                failed=self._on_no_count,
                progressed=self._show_step,
            )
        self._show_foreseen()

    def _wanted(self) -> tuple[str, str]:
        return self.choices.what.choice, self.choices.reading.choice

    def _on_foreseen(self, wanted: tuple[str, str], found: "Foreseen") -> None:
        self._looking = None
        self._known[wanted] = self.foreseen = found
        self._show_foreseen()

    def _on_no_count(self, error: BaseException) -> None:
        self._looking = None
        self.tell_error(error)
        self._show_state()

    def _on_moved(self) -> None:
        self._timer.start()
        self._show_state()

    def _look_at_folder(self) -> None:
        folder = self.choices.folder
        if folder is not None:
            self.work(
                Lane.CPU,
                partial(_has_something, folder),
                partial(self._on_folder_looked_at, folder),
            )

    def _on_folder_looked_at(self, folder: Path, is_taken: bool) -> None:
        if folder == self.choices.folder:
            self._is_taken = is_taken
            self.fault.setVisible(is_taken and folder != self._last_folder)
            self._show_state()

    # Exporting

    def _on_export(self) -> None:
        folder = self.choices.folder
        if folder is None or self.is_exporting:
            return
        self._is_asked = True
        self._show_state()
        begin = partial(self._begin, folder)
        if self.choices.what.choice == "gradings":
            self._let_names_out(begin, self._on_failed)
        else:
            begin()

    def _begin(self, folder: Path) -> None:
        if self._is_closed:
            return
        losses: list[Problem] = []
        keep = partial(_keep, losses, self._hide)
        self._exporting = self.begin(
            partial(_export, self.place, folder, self._request(), keep),
            partial(self._on_exported, folder, losses),
            failed=self._on_failed,
            stopped=self._on_stopped,
            progressed=self._show_step,
        )
        self._is_asked = False
        self._show_problems(())
        self._show_state()

    def _request(self) -> dict[str, Any]:
        what, reading = self._wanted()
        return {
            "format": self.choices.format.choice,
            "what": what,
            "reading": reading,
            "agreement": self._agreement,
        }

    def _on_stop(self) -> None:
        if self._exporting is not None:
            self._exporting.cancel()
            self.step.setText("Stopping…")
            self.stop.setEnabled(False)

    def _on_exported(self, folder: Path, losses: list[Problem], found: "WrittenExport") -> None:
        self._last_folder = folder
        self._finish(written(found, folder), losses, "success")
        self._on_moved()
        self.exported.emit(folder)

    def _on_stopped(self) -> None:
        self._finish("The export was stopped; nothing was written.", (), "warning")

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, Refusal):
            self._finish("Nothing was written.", (error.problem,), "error")
        else:
            self._finish("Nothing was written.", (), "error")
            self.tell_error(error)

    def _finish(self, text: str, problems: Sequence[Problem], role: str) -> None:
        self._exporting = None
        self._is_asked = False
        self.question.withdraw()
        self._say(text, role)
        self._show_problems(problems)
        self._show_state()
        if self._is_closing:
            self.accept()

    def reject(self) -> None:
        """Close; while files are written, only after asking."""
        if not self.is_exporting:
            super().reject()
            return
        self.question.ask(
            "The export is running. Stop it? Nothing of it will be there then.",
            self._stop_and_close,
            yes="Stop and close",
            no="Go on",
        )

    def _stop_and_close(self) -> None:
        self._is_closing = True
        if self._exporting is not None:
            self._on_stop()
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Close; what is not begun yet is not begun any more."""
        self._is_closed = True
        super().done(result)

    # What it shows

    def _say(self, text: str, role: str = "") -> None:
        self.summary.setText(text)
        set_role(self.summary, role)

    def _show_foreseen(self) -> None:
        found = self.foreseen
        if found is None:
            self._say("Counting…", "muted")
        elif found.gradings:
            self._say(foreseen(found, self.choices.what.choice, self.choices.format.choice))
        else:
            from engine.stages.exporting import nothing_to_export  # noqa: PLC0415 - loads numpy

            problem = nothing_to_export(self._wanted()[0])  # type: ignore[arg-type]
            self._say(f"{problem.message[:1].upper()}{problem.message[1:]}. {problem.remedy}.")
        self._show_state()

    def _show_problems(self, problems: Sequence[Problem]) -> None:
        self.problems.set_table(problem_table(problems), shown=SHOWN)

    def _show_step(self, step: Step) -> None:
        self.bar.setRange(0, max(step.total, 1))
        self.bar.setValue(step.done)
        self.step.setText(f"{step.done:,} of {step.total:,} images")

    def _show_state(self) -> None:
        is_busy = self.is_exporting or self._looking is not None
        for widget in (self.bar, self.step):
            widget.setVisible(is_busy)
        if is_busy:
            self.bar.setRange(0, 0)
            self.step.setText("Exporting…" if self.is_exporting else "Counting…")
        self.stop.setVisible(self._exporting is not None)
        self.stop.setEnabled(True)
        self.choices.setEnabled(not self.is_exporting)
        has_any = self.foreseen is not None and self.foreseen.gradings > 0
        has_place = self.choices.folder is not None and not self._is_taken
        self.go.setEnabled(has_any and has_place and not self.is_exporting)

    # How it looks

    def _make_parts(self) -> None:
        self.choices = ExportChoices(self.place, self._agreement)
        self.fault = WrappedLabel(
            "There is something in that folder already, which is never replaced. Give a new one.",
            "error",
        )
        self.fault.hide()
        self.summary = WrappedLabel()
        self.problems = TableView(self.place.theme, name="Notes")
        self.problems.show_empty("Nothing to tell", "What the format cannot hold is listed here.")
        self.step, self.bar = QLabel(), QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the export")
        set_role(self.step, "muted")
        self.stop = push_button("Stop", self._on_stop, "Stop the export")
        for part in (self.choices, self.fault, self.summary):
            self.body.addWidget(part)
        self.body.addWidget(self.problems, stretch=1)
        self.foot.insertWidget(0, self.step)
        self.foot.insertWidget(1, self.bar, 1)
        self.foot.insertWidget(2, self.stop)
        self.add_button("Close", self.reject)
        self.go = self.add_button("Export", self._on_export, is_primary=True)


def _look(place: Workplace, request: dict[str, Any], job: JobContext) -> "Foreseen":
    from engine.stages.exporting import ExportRequest, foresee_export  # noqa: PLC0415 - numpy

    return foresee_export(place.study, ExportRequest(**request), job)


def _export(
    place: Workplace,
    folder: Path,
    request: dict[str, Any],
    keep: Callable[[Problem], None],
    job: JobContext,
) -> "WrittenExport":
    from engine.pipeline import write_export  # noqa: PLC0415 - loads numpy
    from engine.stages.exporting import ExportRequest  # noqa: PLC0415 - as above

    wanted = ExportRequest(**request)
    return write_export(place.study, folder, wanted, job, clock=now, on_loss=keep)


def _keep(losses: list[Problem], hide: Callable[[str], str], loss: Problem) -> None:
    losses.append(replace(loss, where=hide(loss.where)))


def _has_something(folder: Path) -> bool:
    from engine.stages.exporting import require_new  # noqa: PLC0415 - loads numpy

    try:
        require_new(folder)
    except Refusal:
        return True
    except OSError:  # the export itself tells what cannot be looked into
        return False
    return False
