"""The audit log before a person: who did what, and whether nothing of it was changed since."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desktop_app.setup.audit_table import SHOWN, audit_table, read_log
from desktop_app.setup.frame import SetupDialog, push_button
from desktop_app.setup.saving import save_table
from desktop_app.tables.table_view import TableView
from desktop_app.window.theme import KeptIcon, set_role, space
from desktop_app.window.workplace import Workplace
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.problem import Problem
from engine.study.protocol import AuditEntry

SENTENCE = (
    "Every change of the study is one entry, chained to the one before it. Nothing is ever taken"
    " out; what is undone is a further entry."
)


class AuditDialog(SetupDialog):
    """The log as a table, latest first, and below it what a check of the study found."""

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(place, "Audit log", SENTENCE, size=(860, 660), parent=parent)
        self.table = TableView(place.theme, name="Entries of the log")
        self.table.show_empty("Reading the log…")
        self.check = push_button("Check again", self._on_check, "Check the study again")
        self.save = push_button("Export CSV…", self._on_save, "Export the entries shown as CSV")
        self.save.setEnabled(False)
        self.verdict = WrappedLabel()
        self._icon = QLabel()
        self._kept = KeptIcon(self._icon, place.theme, "started", tone="muted")
        self._lay_out()
        self.foot.insertWidget(0, self.save)
        self.add_button("Close", self.accept, is_primary=True)
        self.begin(partial(read_log, place.study), self._on_log)

    def _on_log(self, entries: Sequence[AuditEntry]) -> None:
        self.table.set_table(audit_table(entries), shown=SHOWN)
        self.save.setEnabled(bool(entries))
        self._on_check()

    def _on_check(self) -> None:
        self._say("Checking the chain, and that the study holds what was logged…", "started")
        self.check.setEnabled(False)
        self.ask(self.place.study.check, self._on_checked)

    def _on_checked(self, problems: Sequence[Problem]) -> None:
        self.check.setEnabled(True)
        count = len(self.table.model.rows)
        if not problems:
            verified = f"Verified: all {count:,} entries follow from one another"
            self._say(f"{verified}, and the study holds what they say.", "done")
            return
        first, *more = problems
        rest = f" ({len(more):,} more)" if more else ""
        self._say(f"Not verified. {first}{rest}", "error")

    def _say(self, text: str, icon: str) -> None:
        self.verdict.setText(text)
        tone = {"done": "success", "error": "error"}.get(icon, "muted")
        self._kept.show(icon, tone=tone)
        set_role(self._box, "error_box" if icon == "error" else "well")

    def _on_save(self) -> None:
        rows = self.table.export_rows()
        table = audit_table(rows[::-1])
        save_table(self, table, "log", self._on_saved)

    def _on_saved(self, path: Path) -> None:
        self.verdict.setText(f"Saved as {path}.")

    def _lay_out(self) -> None:
        self._box = QFrame()
        row = QHBoxLayout(self._box)
        space(row, self.place.theme, "m s", spacing="s")
        row.addWidget(self._icon)
        row.addWidget(self.verdict, stretch=1)
        row.addWidget(self.check)
        self.body.addWidget(self.table, stretch=1)
        self.body.addWidget(self._box)
