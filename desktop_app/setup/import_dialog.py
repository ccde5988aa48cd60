"""Files brought into a study: what, how it is read, what is wrong with it, and only then stored."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from desktop_app.setup.frame import SetupDialog, push_button
from desktop_app.setup.import_words import brought, foreseen
from desktop_app.setup.problem_table import problem_table
from desktop_app.setup.reading_choices import ReadingChoices
from desktop_app.setup.saving import save_table
from desktop_app.setup.settings_dialog import scrolled
from desktop_app.setup.sources import Sources
from desktop_app.tables.table_view import TableView
from desktop_app.window.theme import set_role, space
from desktop_app.window.workplace import Workplace
from desktop_app.window.wrapped_label import WrappedLabel
from desktop_app.worker.bridge import Job
from engine.domain.problem import Problem, Refusal, Severity
from engine.tasks.context import JobContext
from engine.tasks.progress import Step

if TYPE_CHECKING:
    from engine.formats.options import ImportOptions
    from engine.stages.importing import Imported
    from engine.stages.previewing import ImportPreview

SENTENCE = (
    "Photographs, tables that describe them, and graders’ regions. Files are only read; the same"
    " file twice changes nothing."
)
PATIENCE = 250
"""Milliseconds without a further change after which the preview is made again."""

STOPPED = Problem(
    "import_stopped",
    "import",
    "The import was stopped; what was stored until then stays in the study",
    "Import the same again: it goes on from there",
    Severity.NOTE,
)


class ImportDialog(SetupDialog):
    """Three steps on one page; nothing is written before *Import* is pressed."""

    imported = Signal(object)
    """An `Imported`. After a stop it counts nothing and has the one problem that says so: what
    was stored until then stays."""

    def __init__(
        self, place: Workplace, paths: Sequence[Path] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(place, "Import", SENTENCE, size=(920, 780), parent=parent)
        self.preview: ImportPreview | None = None
        self._known: dict[bool, dict[Path, Any]] = {True: {}, False: {}}
        self._looking: Job | None = None
        self._importing: Job | None = None
        self._is_closing = False
        self._make_parts()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(self.look)
        self.sources.changed.connect(self._on_sources)
        self.choices.changed.connect(self._on_choices)
        self._show_state()
        self.sources.folder.setFocus()
        self.sources.add(paths)

    @property
    def is_importing(self) -> bool:
        """True while an import runs."""
        return self._importing is not None

    @property
    def is_looking(self) -> bool:
        """True while a preview is being made, or soon will be."""
        return self._looking is not None or self._timer.isActive()

    # Looking

    def look(self) -> None:
        """Make the preview anew; one that is under way is no longer wanted."""
        self._timer.stop()
        self._forget_look()
        options = self.choices.options()
        if options is None or not self.sources.paths:
            self._show_preview(None)
            return
        task = partial(_look, self.place, self.sources.paths, options, self._known[options.verify])
        self._looking = self.begin(
            task, self._on_preview, failed=self._on_no_preview, progressed=self._show_step
        )
        self._show_state()

    def _on_sources(self) -> None:
        self.look()

    def _on_choices(self) -> None:
        self._forget_look()
        self._timer.start()
        self._show_state()

    def _forget_look(self) -> None:
        if self._looking is not None:
            self._looking.forget()
            self._looking = None

    def _on_preview(self, preview: "ImportPreview") -> None:
        self._looking = None
        self._show_preview(preview)

    def _on_no_preview(self, error: BaseException) -> None:
        self._looking = None
        self._show_preview(None)
        if isinstance(error, Refusal):
            self._show_problems([error.problem])
        else:
            self.tell_error(error)

    def _show_preview(self, preview: "ImportPreview | None") -> None:
        self.preview = preview
        self.choices.mapping.show_previews(preview.manifests if preview else ())
        self._say(foreseen(preview) if preview else "")
        self._show_problems(preview.problems if preview else ())
        self._show_state()

    # Importing

    def _on_import(self) -> None:
        options = self.choices.options()
        if options is None:
            return
        task = partial(_import, self.place, self.sources.paths, options)
        self._importing = self.begin(
            task,
            self._on_imported,
            failed=self._on_failed,
            stopped=self._on_stopped,
            progressed=self._show_step,
        )
        self._show_state()

    def _on_stop(self) -> None:
        if self._importing is not None:
            self._importing.cancel()
            self.step.setText("Stopping…")
            self.stop.setEnabled(False)

    def _on_imported(self, result: "Imported") -> None:
        self._finish(brought(result), result.problems, "success")
        self.imported.emit(result)
        self._close_if_wanted()

    def _on_stopped(self) -> None:
        from engine.stages.importing import Imported  # noqa: PLC0415 - loads numpy
        from engine.study.protocol import Changes  # noqa: PLC0415 - as above

        self._finish(f"{STOPPED.message}.", (STOPPED,), "warning")
        self.imported.emit(Imported(Changes(), Changes(), Changes(), (STOPPED,)))
        self._close_if_wanted()

    def _on_failed(self, error: BaseException) -> None:
        self._finish("The import did not come to its end.", (), "error")
        self.tell_error(error)

    def _finish(self, text: str, problems: Sequence[Problem], role: str) -> None:
        self._importing = None
        self.preview = None
        self.question.withdraw()
        self._say(text, role)
        self._show_problems(problems)
        self._show_state()

    def _close_if_wanted(self) -> None:
        if self._is_closing:
            self.accept()

    def reject(self) -> None:
        """Close; while an import runs, only after asking."""
        if not self.is_importing:
            super().reject()
            return
        self.question.ask(
            "The import is running. Stop it? What is stored by then stays in the study.",
            self._stop_and_close,
            yes="Stop and close",
            no="Go on",
        )

    def _stop_and_close(self) -> None:
        self._is_closing = True
        if self.is_importing:
            self._on_stop()
        else:
            super().reject()

    # What it shows

    def _say(self, text: str, role: str = "") -> None:
        self.summary.setText(text)
        set_role(self.summary, role)

    def _show_problems(self, problems: Sequence[Problem]) -> None:
        self.problems.set_table(problem_table(problems), shown=SHOWN)
        self.save.setEnabled(bool(problems))

    def _show_step(self, step: Step) -> None:
        self.bar.setRange(0, max(step.total, 1))
        self.bar.setValue(step.done)
        self.step.setText(f"{step.room.capitalize()}: {step.done:,} of {step.total:,}")

    def _show_state(self) -> None:
        is_busy = self.is_importing or self._looking is not None
        for widget in (self.bar, self.step):
            widget.setVisible(is_busy)
        if is_busy:
            self.bar.setRange(0, 0)
            self.step.setText("Importing…" if self.is_importing else "Looking…")
        self.stop.setVisible(self.is_importing)
        self.stop.setEnabled(True)
        for part in (self.sources, self.choices):
            part.setEnabled(not self.is_importing)
        is_useful = self.preview is not None and self.preview.imported is not None
        self.go.setEnabled(is_useful and not self.is_importing and not self.is_looking)

    # How it looks

    def _make_parts(self) -> None:
        self.sources = Sources(self.place)
        self.choices = ReadingChoices(self.place.theme)
        self.summary = WrappedLabel()
        self.problems = TableView(self.place.theme, name="Problems")
        self.problems.show_empty("No problems", "What cannot be used is listed here.")
        self.save = push_button("Save list…", self._on_save, "Save the list of problems as CSV")
        self.problems.actions_row.addWidget(self.save)
        self.step, self.bar = QLabel(), QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the import")
        set_role(self.step, "muted")
        self.stop = push_button("Stop", self._on_stop, "Stop the import")
        self.foot.insertWidget(0, self.step)
        self.foot.insertWidget(1, self.bar, 1)
        self.foot.insertWidget(2, self.stop)
        self.add_button("Close", self.reject)
        self.go = self.add_button("Import", self._on_import, is_primary=True)

    def _on_save(self) -> None:
        table = problem_table(self.problems.model.table.rows)
        save_table(self, table, "problems", lambda path: self._say(f"Saved as {path}."))

    def _lay_out(self) -> None:
        theme = self.place.theme
        inside = QWidget()
        column = QVBoxLayout(inside)
        space(column, theme, spacing="l")
        for number, title, *parts in (
            (1, "What", self.sources),
            (2, "How it is read", self.choices, self.summary),
            (3, "Problems", self.problems),
        ):
            column.addLayout(self._step(number, title, parts))
        self.body.addWidget(scrolled(inside, self.place), stretch=1)
        theme.changed.connect(self._fit_problems)
        self._fit_problems()

    def _step(self, number: int, title: str, parts: Sequence[QWidget]) -> QHBoxLayout:
        mark = QLabel(str(number))
        set_role(mark, "chip")
        heading = QLabel(title)
        set_role(heading, "heading")
        head = QHBoxLayout()
        space(head, self.place.theme, spacing="s")
        head.addWidget(mark)
        head.addWidget(heading)
        head.addStretch()
        column = QVBoxLayout()
        space(column, self.place.theme, spacing="s")
        column.addLayout(head)
        for part in parts:
            column.addWidget(part)
        row = QHBoxLayout()
        row.addLayout(column)
        return row

    def _fit_problems(self) -> None:
        self.problems.setMinimumHeight(self.place.theme.metrics.px(240))


SHOWN = ("severity", "where", "problem", "remedy")
"""Columns of the list of problems that are shown at first."""


def _look(
    place: Workplace,
    paths: Sequence[Path],
    options: "ImportOptions",
    known: dict[Path, Any],
    job: JobContext,
) -> "ImportPreview":
    from engine.stages.previewing import preview_import  # noqa: PLC0415 - loads numpy

    return preview_import(place.study, paths, options, job, known=known)


def _import(
    place: Workplace, paths: Sequence[Path], options: "ImportOptions", job: JobContext
) -> "Imported":
    from engine.pipeline import import_files  # noqa: PLC0415 - loads numpy

    return import_files(place.study, paths, options, job, author=place.person)
