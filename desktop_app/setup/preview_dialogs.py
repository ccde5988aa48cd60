"""Predictions, saliency maps and body-part labels looked at before they are taken."""

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop_app.setup.frame import SetupDialog, push_button
from desktop_app.setup.problem_table import problem_table
from desktop_app.setup.samples import SampleRows
from desktop_app.tables.table_view import TableView
from desktop_app.window.pickers import Picker
from desktop_app.window.theme import set_role, space
from desktop_app.window.workplace import Workplace
from desktop_app.window.wrapped_label import WrappedLabel
from desktop_app.worker.bridge import Job
from engine.domain.problem import Problem, Refusal
from engine.tasks.context import JobContext

if TYPE_CHECKING:
    from engine.stages.previewing import MapsPreview, TablePreview

SHOWN = ("severity", "where", "problem", "remedy")


class PreviewDialog(SetupDialog):
    """A path, what it would bring, and what is wrong with it; nothing is written here.

    Parameters
    ----------
    take
        What the button that takes it says.
    """

    chosen = Signal(object)
    """The `Path` that a person looked at and took."""

    def __init__(
        self, place: Workplace, title: str, sentence: str, *, take: str, parent: QWidget | None
    ) -> None:
        super().__init__(place, title, sentence, size=(760, 620), parent=parent)
        self.preview: Any = None
        self._looking: Job | None = None
        self.path = QLineEdit()
        self.path.setReadOnly(True)
        self.path.setAccessibleName(f"{title}: what was chosen")
        self.path.setPlaceholderText("Nothing chosen yet")
        self.pick = push_button("Choose…", self._on_pick)
        self.summary = WrappedLabel()
        self.sample = SampleRows(place.theme, "First rows of the table")
        self.problems = TableView(place.theme, name="Problems")
        self.problems.show_empty("No problems", "What cannot be used is listed here.")
        self._lay_out()
        self.add_button("Cancel", self.reject)
        self.take = self.add_button(take, self._on_take, is_primary=True)
        self._show(None)

    @property
    def picker(self) -> Picker:
        """How the person is asked."""
        return self.place.pickers.table

    def look_at(self, path: Path) -> None:
        """Look at another file or folder; an earlier look is no longer wanted."""
        if self._looking is not None:
            self._looking.forget()
        self.path.setText(str(path))
        self._show(None)
        self._say("Looking…", "muted")
        self._looking = self.begin(
            partial(self.look, path), self._on_preview, failed=self._on_failed
        )

    def look(self, path: Path, job: JobContext) -> Any:  # noqa: ANN401 - each has its own
        """Return the preview of a path; runs as a job."""
        raise NotImplementedError

    def words(self, preview: Any) -> str:  # noqa: ANN401 - each has its own
        """Say what would be taken."""
        raise NotImplementedError

    def count(self, preview: Any) -> int:  # noqa: ANN401 - each has its own
        """Return how many images it is of use for."""
        raise NotImplementedError

    def show_sample(self, preview: Any) -> None:  # noqa: ANN401 - each has its own
        """Show the first rows, where there are any."""
        self.sample.show_rows(preview.header, preview.sample)
        self.sample.setVisible(bool(preview.header))

    def _on_pick(self) -> None:
        start = Path(self.path.text()) if self.path.text() else self.place.study.folder
        path = self.picker(self, start)
        if path is not None:
            self.look_at(path)

    def _on_preview(self, preview: Any) -> None:  # noqa: ANN401 - each has its own
        self._looking = None
        self._show(preview)

    def _on_failed(self, error: BaseException) -> None:
        self._looking = None
        self._say("", "")
        if isinstance(error, Refusal):
            self._show_problems((error.problem,))
        else:
            self.tell_error(error)

    def _show(self, preview: Any) -> None:  # noqa: ANN401 - each has its own
        self.preview = preview
        is_useful = preview is not None and self.count(preview) > 0
        self.take.setEnabled(is_useful)
        self.sample.hide()
        self._say(self.words(preview) if preview is not None else "", "" if is_useful else "error")
        if preview is not None:
            self.show_sample(preview)
        self._show_problems(preview.problems if preview is not None else ())

    def _show_problems(self, problems: Collection[Problem]) -> None:
        self.problems.set_table(problem_table(problems), shown=SHOWN)
        self.problems.setVisible(self.preview is not None or bool(problems))

    def _say(self, text: str, role: str) -> None:
        self.summary.setText(text)
        set_role(self.summary, role)

    def _on_take(self) -> None:
        path = self.preview.folder if hasattr(self.preview, "folder") else self.preview.path
        self.chosen.emit(path)
        self.accept()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        space(row, self.place.theme)
        row.addWidget(self.path, stretch=1)
        row.addWidget(self.pick)
        self.body.addLayout(row)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.sample, stretch=1)
        self.body.addWidget(self.problems, stretch=1)
        self.body.addStretch()


class PredictionsDialog(PreviewDialog):
    """A CSV file of predictions.

    Parameters
    ----------
    classes
        Those of the model that is to be explained; none where there is no model.
    """

    def __init__(
        self, place: Workplace, *, classes: Collection[str] = (), parent: QWidget | None = None
    ) -> None:
        self._classes = tuple(classes)
        sentence = "A table with a prediction for each image, made elsewhere. It is only read."
        super().__init__(
            place, "Predictions", sentence, take="Use these predictions", parent=parent
        )

    def look(self, path: Path, job: JobContext) -> "TablePreview":
        """Return the preview of a table; runs as a job."""
        from engine.stages.previewing import preview_predictions  # noqa: PLC0415 - loads numpy

        return preview_predictions(self.place.study, path, job, classes=self._classes)

    def words(self, preview: "TablePreview") -> str:
        """Say what would be taken."""
        return _of_images(preview.usable, "has a prediction", "have a prediction")

    def count(self, preview: "TablePreview") -> int:
        """Return how many images have a prediction."""
        return preview.usable


class LabelsDialog(PreviewDialog):
    """A CSV file of body parts."""

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        sentence = "A table that says which body parts images show. It is only read."
        super().__init__(place, "Body parts", sentence, take="Import body parts", parent=parent)

    def look(self, path: Path, job: JobContext) -> "TablePreview":
        """Return the preview of a table; runs as a job."""
        from engine.stages.previewing import preview_labels  # noqa: PLC0415 - loads numpy

        return preview_labels(self.place.study, path, job)

    def words(self, preview: "TablePreview") -> str:
        """Say what would be taken."""
        return _of_images(preview.usable, "is labelled", "are labelled")

    def count(self, preview: "TablePreview") -> int:
        """Return how many images are labelled."""
        return preview.usable


class MapsDialog(PreviewDialog):
    """A folder of saliency maps."""

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        sentence = "A folder with a map for each image, made elsewhere. Maps stay where they are."
        super().__init__(place, "Saliency maps", sentence, take="Use these maps", parent=parent)

    @property
    def picker(self) -> Picker:
        """How the person is asked."""
        return self.place.pickers.maps

    def look(self, path: Path, job: JobContext) -> "MapsPreview":
        """Return the preview of a folder; runs as a job."""
        from engine.stages.previewing import preview_maps  # noqa: PLC0415 - loads numpy

        return preview_maps(self.place.study, path, job)

    def words(self, preview: "MapsPreview") -> str:
        """Say what would be taken."""
        said = _of_images(preview.matched, "has a map", "have a map")
        return f"{said} {preview.without_map:,} have none." if preview.without_map else said

    def count(self, preview: "MapsPreview") -> int:
        """Return how many images have a map."""
        return preview.matched

    def show_sample(self, preview: "MapsPreview") -> None:
        """There are no rows: maps are only found, not opened."""


def _of_images(count: int, one: str, many: str) -> str:
    if not count:
        return "No image of the study has anything there."
    return (
        f"1 image of the study {one}." if count == 1 else f"{count:,} images of the study {many}."
    )
