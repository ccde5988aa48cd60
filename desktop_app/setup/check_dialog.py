"""Is the study whole: its file and log, photographs, stored maps; and what this machine has."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QWidget

from desktop_app.setup.export_words import counted
from desktop_app.setup.frame import SetupDialog, push_button
from desktop_app.setup.problem_table import problem_table
from desktop_app.setup.saving import save_table
from desktop_app.tables.table_view import TableView
from desktop_app.window.theme import KeptIcon, set_role, space
from desktop_app.window.workplace import Workplace
from desktop_app.window.wrapped_label import WrappedLabel
from desktop_app.worker.bridge import Job
from engine.domain.problem import Problem, Severity
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.progress import Step

if TYPE_CHECKING:
    from engine.doctor import Diagnosis, Machine

SENTENCE = (
    "The database and its log, every photograph against the digest it had when imported, and the"
    " stored maps. Nothing is changed."
)
SHOWN = ("severity", "where", "problem", "remedy")
LOOKS = {
    "done": ("success", "well"),
    "error": ("error", "error_box"),
    "warning": ("warning", "warning_box"),
}
"""Tone of the icon and role of the box, by icon; muted and plain where it is another."""


class CheckDialog(SetupDialog):
    """Checks as soon as it is open: one line of verdict, and a table of what was found."""

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(place, "Check the study", SENTENCE, size=(820, 620), parent=parent)
        self._checking: Job | None = None
        self._of_study: tuple[Problem, ...] = ()
        self._of_machine: tuple[Problem, ...] = ()
        self._make_parts()
        self._lay_out()
        self.check()
        self.work(Lane.GPU, _machine, self._on_machine)

    @property
    def is_checking(self) -> bool:
        """True while the study is checked."""
        return self._checking is not None

    def check(self) -> None:
        """Check the study, from the beginning."""
        self._of_study = ()
        self._checking = self.begin(
            partial(_check, self.place),
            self._on_checked,
            failed=self._on_failed,
            stopped=self._on_stopped,
            progressed=self._on_step,
        )
        self.problems.show_empty("Checking…")
        self._say("Checking the database and its log…", "started")
        self._show_problems()
        self._show_state()

    # What was found

    def _on_checked(self, found: "Diagnosis") -> None:
        self._checking = None
        self._of_study = found.problems
        self.facts.setText(facts_of(found))
        self.problems.show_empty("Nothing found", "All is as it was stored.")
        self._show_problems()
        self._say(*verdict(found))
        self._show_state()

    def _on_machine(self, machine: "Machine") -> None:
        known = machine.versions
        self._of_machine = machine.problems
        named = f"DermConcord {known['dermconcord']}, Python {known['python']}"
        self.machine.setText(f"This machine: {named}, {known['platform']}; {machine.device}")
        self.machine.setToolTip("\n".join(f"{name} {it}" for name, it in known.items()))
        self._show_problems()

    def _on_failed(self, error: BaseException) -> None:
        self._checking = None
        self.problems.show_empty("Not checked")
        self._say("The check did not come to its end.", "error")
        self.tell_error(error)
        self._show_state()

    def _on_stopped(self) -> None:
        self._checking = None
        self.problems.show_empty("Not checked to the end", "Check again to see all.")
        self._say("The check was stopped before its end.", "warning")
        self._show_state()

    def _on_stop(self) -> None:
        if self._checking is not None:
            self._checking.cancel()
            self.stop.setEnabled(False)

    def _on_step(self, step: Step) -> None:
        self.bar.setRange(0, max(step.total, 1))
        self.bar.setValue(step.done)
        self.verdict.setText(f"Checking photographs: {step.done:,} of {step.total:,}")

    # What it shows

    def _show_problems(self) -> None:
        found = (*self._of_study, *self._of_machine)
        self.problems.set_table(problem_table(found), shown=SHOWN)
        self.save.setEnabled(bool(found))

    def _show_state(self) -> None:
        self.bar.setRange(0, 0)
        self.bar.setVisible(self.is_checking)
        self.stop.setVisible(self.is_checking)
        self.stop.setEnabled(True)
        self.again.setEnabled(not self.is_checking)

    def _say(self, text: str, icon: str) -> None:
        tone, role = LOOKS.get(icon, ("muted", "well"))
        self.verdict.setText(text)
        self._kept.show(icon, tone=tone)
        set_role(self._box, role)

    def _on_save(self) -> None:
        table = problem_table(self.problems.model.table.rows)
        save_table(self, table, "check", lambda path: self.facts.setText(f"Saved as {path}."))

    # How it looks

    def _make_parts(self) -> None:
        self.problems = TableView(self.place.theme, name="Problems")
        self.again = push_button("Check again", self.check, "Check the study again")
        self.save = push_button("Save list…", self._on_save, "Save the list of problems as CSV")
        self.stop = push_button("Stop", self._on_stop, "Stop the check")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the check")
        self.verdict = WrappedLabel()
        self.facts = WrappedLabel("", "muted")
        self.machine = WrappedLabel("This machine: looking…", "muted")
        self._icon = QLabel()
        self._kept = KeptIcon(self._icon, self.place.theme, "started", tone="muted")

    def _lay_out(self) -> None:
        self._box = QFrame()
        row = QHBoxLayout(self._box)
        space(row, self.place.theme, "m s", spacing="s")
        row.addWidget(self._icon)
        row.addWidget(self.verdict, stretch=1)
        row.addWidget(self.again)
        self.body.addWidget(self._box)
        self.body.addWidget(self.problems, stretch=1)
        self.body.addWidget(self.facts)
        self.body.addWidget(self.machine)
        self.foot.insertWidget(0, self.save)
        self.foot.insertWidget(1, self.bar, 1)
        self.foot.insertWidget(2, self.stop)
        self.add_button("Close", self.accept, is_primary=True)


def verdict(found: "Diagnosis") -> tuple[str, str]:
    """Return what a check came to in words, and the icon that stands for it."""
    if not found.problems:
        whole = f"the study, its log and {counted(found.images, 'image')} are as they were stored"
        return f"Nothing found: {whole}.", "done"
    errors = _count(found.problems, Severity.ERROR)
    others = len(found.problems) - errors
    if not errors:
        return f"Nothing is broken; {counted(others, 'note')} below.", "warning"
    more = f", and {counted(others, 'note')}" if others else ""
    return f"{counted(errors, 'problem')} found{more}: each says what to do.", "error"


def facts_of(found: "Diagnosis") -> str:
    """Return in one line what a study holds."""
    by_name = f" ({found.without_pixels:,} by name only)" if found.without_pixels else ""
    stale = f", {found.stale_maps:,} stale" if found.stale_maps else ""
    size = f"{found.map_bytes / 2**20:.1f} MiB{stale}"
    entries = f"{found.info.revision:,} {'entry' if found.info.revision == 1 else 'entries'}"
    parts = (
        f"{counted(found.images, 'image')}{by_name}",
        counted(found.graders, "grader"),
        f"{entries} in the log",
        f"{counted(found.maps, 'stored map')} ({size})",
        f"schema {found.info.schema}",
    )
    return "  ·  ".join(parts)


def _count(problems: Sequence[Problem], severity: Severity) -> int:
    return sum(problem.severity is severity for problem in problems)


def _check(place: Workplace, job: JobContext) -> "Diagnosis":
    from engine.doctor import examine_study  # noqa: PLC0415 - loads numpy

    return examine_study(place.study, place.file, job)


def _machine() -> "Machine":
    from engine.doctor import examine_machine  # noqa: PLC0415 - loads torch

    return examine_machine()
