"""Labelling body parts, blind: lowest and control images shuffled, each answer stored at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.session.explaining.jobs import Jobs
from desktop_app.session.explaining.tasks import FinishedRun, Place
from engine.domain.problem import Problem, Severity
from engine.study.protocol import Changes
from engine.tasks.executors import Lane

if TYPE_CHECKING:
    from engine.formats.body_parts import BodyPart

Parts = frozenset[str]


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer, by which it can be taken back: the image's place and what it was before."""

    place: int
    before: Parts | None


class Labelling(QObject):
    """The images to be labelled in an order that tells nothing, and the answers.

    Neither the map nor the group of an image is known here: only its path and place.

    Attributes
    ----------
    order
        Paths, shuffled; empty where there is nothing to label.
    labels
        Parts of each labelled image, as the study holds them.
    at
        Place of the image at hand in `order`.
    vocabulary
        What can be answered.
    """

    loaded = Signal()
    """Order and labels are known; the first image without a label is at hand."""

    moved = Signal(int)
    """Another place is at hand."""

    answered = Signal(int)
    """The image at a place has another label."""

    complete = Signal()
    """Each image has a label now."""

    problem = Signal(object)

    def __init__(self, place: Place, jobs: Jobs, *, author: str, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._jobs = jobs
        self._author = author
        self._done: list[Answered] = []
        self._of: FinishedRun | None = None
        self._changes = 0
        self.order: tuple[str, ...] = ()
        self.labels: dict[str, Parts] = {}
        self.at = -1
        self.vocabulary: Mapping[str, BodyPart] = {}

    @property
    def image(self) -> str:
        """Path of the image at hand, or empty."""
        return self.order[self.at] if 0 <= self.at < len(self.order) else ""

    @property
    def labelled(self) -> int:
        """How many of the images have a label."""
        return sum(path in self.labels for path in self.order)

    @property
    def has_changed(self) -> bool:
        """True where answers were given since the findings were last asked."""
        return self._changes > 0

    @property
    def can_undo(self) -> bool:
        """True where an answer of this session can be taken back."""
        return bool(self._done)

    def load(self, finished: FinishedRun) -> None:
        """Begin with the images of a run, where it was left."""
        self._of, self._done, self.at = finished, [], -1
        task = partial(_load, self._place, finished)
        self._jobs.run(Lane.STUDY, task, then=partial(self._on_loaded, finished))

    def go(self, place: int) -> None:
        """Take the image at another place at hand."""
        if 0 <= place < len(self.order) and place != self.at:
            self.at = place
            self.moved.emit(place)

    def answer(self, parts: Parts) -> None:
        """Store which parts the image at hand shows, and go on to the next without a label."""
        if not self.image:
            return
        self._done.append(Answered(self.at, self.labels.get(self.image)))
        self._store(self.at, parts)
        self._go_on()

    def undo(self) -> bool:
        """Take the last answer back: go to its image, with the label it had before.

        Where there was none before, the answer stays stored until another is given; False where
        nothing can be taken back.
        """
        if not self._done:
            return False
        last = self._done.pop()
        if last.before is not None:
            self._store(last.place, last.before)
        self.at = last.place
        self.moved.emit(last.place)
        return True

    def note_asked(self) -> None:
        """Take note that the findings know of all answers so far."""
        self._changes = 0

    def _store(self, place: int, parts: Parts) -> None:
        path = self.order[place]
        before = self.labels.get(path)
        self.labels[path] = parts
        self._changes += 1
        task = partial(self._place.study.label_body_parts, {path: parts}, author=self._author)
        self._jobs.run(
            Lane.STUDY,
            task,
            then=self._on_stored,
            failed=partial(self._on_not_stored, path, parts, before),
            must_finish=True,
        )
        self.answered.emit(place)

    def _go_on(self) -> None:
        count = len(self.order)
        ring = [*range(self.at + 1, count), *range(self.at)]
        after = next((place for place in ring if self.order[place] not in self.labels), None)
        if after is None:
            self.complete.emit()
            after = min(self.at + 1, count - 1)
        self.go(after)

    def _on_loaded(
        self,
        finished: FinishedRun,
        found: "tuple[tuple[str, ...], dict[str, Parts], Mapping[str, BodyPart]]",
    ) -> None:
        if finished is not self._of:
            return
        self.order, self.labels, self.vocabulary = found
        unlabelled = (at for at, path in enumerate(self.order) if path not in self.labels)
        self.at = next(unlabelled, 0 if self.order else -1)
        self.loaded.emit()

    def _on_stored(self, changes: Changes) -> None:
        for problem in changes.problems:
            self.problem.emit(problem)

    def _on_not_stored(
        self, path: str, parts: Parts, before: Parts | None, error: BaseException
    ) -> None:
        """Show the label that the study still has, unless another answer was given meanwhile."""
        if self.labels.get(path) == parts:
            if before is None:
                self.labels.pop(path, None)
            else:
                self.labels[path] = before
            self.answered.emit(self.order.index(path) if path in self.order else -1)
        self.problem.emit(error if not isinstance(error, OSError) else _not_stored(path, error))


def _not_stored(path: str, error: OSError) -> Problem:
    message = f"the label could not be stored ({error.strerror or error})"
    return Problem("label_not_stored", path, message, "Give the answer again", Severity.ERROR)


def _load(
    place: Place, finished: FinishedRun
) -> "tuple[tuple[str, ...], dict[str, Parts], Mapping[str, BodyPart]]":
    from engine.findings.extremes import labelling_list  # noqa: PLC0415 - loads numpy
    from engine.formats.body_parts import read_vocabulary  # noqa: PLC0415

    order = labelling_list(finished.findings.extremes, finished.settings.findings)
    return order, place.study.body_parts(), read_vocabulary()
