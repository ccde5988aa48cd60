"""Whether the maps of a model depend on what it learned, asked of a few cases."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from desktop_app.explain.parts import button
from desktop_app.session.explaining.model import Chosen
from desktop_app.session.explaining.sanity import Sanity, SanityCheck
from desktop_app.setup.fields import NumberField
from desktop_app.tables.table_view import TableView
from desktop_app.window.theme import Theme, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.measure import Undefined
from engine.domain.problem import Refusal, Severity
from engine.domain.rows import UnlearnedMap
from engine.domain.settings import RunSettings
from engine.report.table import Table
from engine.tasks.progress import Step

SENTENCE = (
    "A copy of the model forgets layer by layer. A map that looks the same once every parameter"
    " is random shows the image, not the model."
)
CASES, STEPS = 3, 5
"""As many as on the command line."""


class SanityDialog(QDialog):
    """Numbers of cases and steps, a check with progress and stop, and what it found.

    Parameters
    ----------
    export
        Called with a `SanityCheck` whose table is to be written.
    """

    def __init__(
        self,
        sanity: Sanity,
        model: tuple[Chosen, RunSettings],
        export: Callable[[SanityCheck], object],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Do maps depend on the model?")
        self._sanity, self._model, self._export = sanity, model, export
        self.found: SanityCheck | None = None
        self.cases = NumberField("Cases", low=1)
        self.steps = NumberField("Steps, at most", low=1)
        self.cases.setValue(CASES)
        self.steps.setValue(STEPS)
        self.check = button("Check", self._begin, role="primary")
        self.check.setDefault(True)
        self.stop = button("Stop", self._stop, name="Stop the check")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How far the check is")
        self.told = WrappedLabel(role="strong")
        self.view = TableView(theme, name="Steps of forgetting")
        self.export = button("Export as CSV…", self._on_export)
        self._lay_out(theme)
        sanity.progressed.connect(self._on_progress)
        sanity.finished.connect(self._on_finished)
        sanity.failed.connect(self._on_failed)
        self._show("Not checked yet.")

    def done(self, result: int) -> None:
        """Stop what is under way: nobody waits for it any more."""
        self._sanity.stop()
        super().done(result)

    def _lay_out(self, theme: Theme) -> None:
        body = QVBoxLayout(self)
        space(body, theme, "xl l", spacing="m")
        body.addWidget(WrappedLabel("Do maps depend on the model?", "heading"))
        body.addWidget(WrappedLabel(SENTENCE, "muted"))
        row = QHBoxLayout()
        space(row, theme, spacing="s")
        for text, field in (("Cases", self.cases), ("Steps, at most", self.steps)):
            label = QLabel(text)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field)
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop)
        row.addWidget(self.check)
        body.addLayout(row)
        body.addWidget(self.told)
        body.addWidget(self.view, 1)
        foot = QHBoxLayout()
        space(foot, theme, spacing="s")
        foot.addWidget(self.export)
        foot.addStretch()
        foot.addWidget(button("Close", self.reject))
        body.addLayout(foot)
        self.resize(theme.metrics.px(760), theme.metrics.px(520))

    def _begin(self) -> None:
        chosen, settings = self._model
        cases, steps = int(self.cases.number), int(self.steps.number)
        self.found = None
        self.bar.setRange(0, 0)
        self._sanity.begin(chosen, settings, cases=cases, steps=steps)
        self._show("The maps of the model that forgets are made…")

    def _stop(self) -> None:
        self._sanity.stop()
        self._show("Stopped.")

    def _on_progress(self, step: Step) -> None:
        if step.room == "sanity":
            self.bar.setRange(0, step.total)
            self.bar.setValue(step.done)

    def _on_finished(self, found: SanityCheck) -> None:
        self.found = found
        unchecked = [p for p in found.problems if p.severity is not Severity.NOTE]
        self._show("\n".join([sentence_of(found.table.rows), *map(str, unchecked)]))

    def _on_failed(self, error: object) -> None:
        self._show(str(error.problem) if isinstance(error, Refusal) else "It could not be checked.")

    def _on_export(self) -> None:
        if self.found is not None:
            self._export(self.found)

    def _show(self, told: str) -> None:
        """Show what there is: the check under way, its table, or neither."""
        is_running = self._sanity.is_running
        self.bar.setVisible(is_running)
        self.stop.setVisible(is_running)
        for part in (self.check, self.cases, self.steps):
            part.setEnabled(not is_running)
        self.export.setEnabled(self.found is not None and bool(self.found.table.rows))
        self.told.setText(told)
        self.view.set_table(self.found.table if self.found else Table("sanity", (), ()))
        self.view.show_empty("No step to list", "A check lists here how alike the maps stay.")


def sentence_of(rows: Sequence[UnlearnedMap]) -> str:
    """Return of how many images the map depends on the model, in a sentence."""
    verdicts = {row.image.path: row.depends_on_model for row in rows}
    if not verdicts:
        return "No map could be checked."
    depend = sum(verdict is True for verdict in verdicts.values())
    undefined = sum(isinstance(verdict, Undefined) for verdict in verdicts.values())
    rest = f" Of {undefined} it is undefined." if undefined else ""
    return f"The maps of {depend} of {len(verdicts)} images depend on the model.{rest}"
