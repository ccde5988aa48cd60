"""A lead's work on one open study: which image is at hand, what was decided, what is measured."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from desktop_app.session.reviewing.copy import EditedCopy
from desktop_app.session.reviewing.deeds import (
    AskByLot,
    AskExtra,
    CoverParts,
    Decide,
    Deed,
    Redecide,
    SendBack,
)
from desktop_app.session.reviewing.image import AT_ONCE, ImageAtHand, Records
from desktop_app.session.reviewing.log import DeedLog
from desktop_app.session.reviewing.measures import StudyMeasures
from desktop_app.session.reviewing.names import numbered
from desktop_app.session.reviewing.tasks import (
    read_study,
    region_to_edit,
    reveal_all,
    store_settings,
)
from desktop_app.session.selection import Selection
from desktop_app.worker.bridge import Bridge, Job
from engine.domain.grading import Adopted
from engine.domain.image import PrivacyBox
from engine.domain.polygon import Region
from engine.domain.problem import Problem, Refusal
from engine.domain.settings import AgreementSettings, RunSettings
from engine.study.protocol import Study
from engine.tasks.executors import Executor, Lane

if TYPE_CHECKING:
    from engine.domain.options import StudyOptions
    from engine.stages.reviewing import ImageReview, Voter

Now = Callable[[], datetime]
Consensus = Literal["majority", "staple"]

NOT_READ = "Wait until the image is measured."
NO_COPY = "Finish the copy first: Ctrl+Enter keeps it, Esc gives it up."


class ReviewSession(QObject):
    """The one mutable object behind the Review page.

    What graders say and what is decided of it is the study's; here is which image is at hand,
    which step undo would take back, whose names are shown, and the copy that is being edited.

    Attributes
    ----------
    measures
        The rows of all images, and the tables of graders.
    at_hand
        The image at hand.
    log
        What was done in this window.
    copy
        The region that is being edited, or None.
    """

    problem = Signal(object)
    """A `Problem` that a person can act on."""

    told = Signal(str)
    """What was done, or why nothing was, in words."""

    names_changed = Signal()
    """Names of graders are shown now that were hidden."""

    copy_changed = Signal()
    """A copy is begun, drawn on, kept or given up."""

    undo_changed = Signal(str, str)
    """What undo and redo would act on."""

    settings_changed = Signal()
    """The page measures with other settings now."""

    options_changed = Signal()
    """The study's own settings were changed here."""

    changed = Signal(object)
    """Paths of images whose decision, tasks or boxes were changed here."""

    def __init__(
        self,
        study: Study,
        bridge: Bridge,
        executor: Executor,
        *,
        person: str,
        study_id: str,
        options: "StudyOptions",
        now: Now = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.study = study
        self.person = person
        self.selection = Selection(parent=self)
        self.copy: EditedCopy | None = None
        self.revealed: set[str] = set()
        self.shows_all_names = False
        self._study_id = study_id
        self._bridge = bridge
        self._now = now
        self._missed: set[str] | None = set()
        self._keeping: Deed | None = None
        self._settling: Callable[[], object] | None = None
        self._writing = 0
        self._names_left = False
        self._options_job: Job | None = None
        self._names: frozenset[str] = frozenset()
        settings = self.study_settings = options.settings
        self.measures = StudyMeasures(study, bridge, executor, settings, self)
        self.at_hand = ImageAtHand(study, bridge, settings.agreement, self)
        self.log = DeedLog(study, bridge, person, self)
        self._connect()

    def _connect(self) -> None:
        self.measures.loaded.connect(self._on_loaded)
        self.measures.failed.connect(self._on_error)
        self.measures.settled.connect(self._settle)
        self.at_hand.reviewed.connect(self._on_reviewed)
        self.at_hand.failed.connect(self._on_error)
        self.log.written.connect(self._on_written)
        self.log.refused.connect(self._on_refused)
        self.log.told.connect(self.told)
        self.log.texts_changed.connect(self._tell_undo)
        self.log.settled.connect(self._settle)

    # Loading

    def load(self) -> None:
        """Read what the study lays down and measure it; again where anything may have changed."""
        if self._options_job is not None:
            self._options_job.forget()
        self._missed = set()
        self._options_job = self._bridge.run(
            Lane.STUDY,
            partial(read_study, self.study),
            then=self._on_options,
            failed=self._on_error,
        )

    def note(self, images: Sequence[str] | None) -> None:
        """Take note of images that were changed on another page; None for all."""
        if images is None or self._missed is None:
            self._missed = None
        else:
            self._missed.update(images)

    def catch_up(self) -> None:
        """Measure what was changed on other pages."""
        missed, self._missed = self._missed, set()
        if missed is None:
            self.load()
        elif missed:
            self.measures.measure_some(sorted(missed))
            if self.at_hand.path in missed:
                self.at_hand.reread()

    def open(self, number: int, neighbours: Sequence[int] = ()) -> None:
        """Take an image at hand, by its row number; a copy that is being edited keeps its image."""
        if self.copy is not None or not 0 <= number < len(self.measures.rows):
            return
        rows = self.measures.rows
        image = rows[number].image
        if image.path != self.at_hand.path:
            self.at_hand.open(image, [rows[k].image for k in neighbours])

    # What the lead can see

    @property
    def settings(self) -> RunSettings:
        """The settings that the page measures with."""
        return self.measures.settings

    @property
    def review(self) -> "ImageReview | None":
        """The image at hand as it was measured; None until then."""
        return self.at_hand.review

    @property
    def undo_texts(self) -> tuple[str, str]:
        """What undo and redo would act on, empty where there is nothing."""
        if self.copy is not None:
            return self.copy.undo_text, self.copy.redo_text
        return self.log.texts

    @property
    def has_names(self) -> bool:
        """Whether the names of the graders of the image at hand are shown."""
        return self.shows_all_names or self.at_hand.path in self.revealed

    def called(self) -> dict[str, str]:
        """Return what graders are called in tables over the study, by name."""
        if self.shows_all_names:
            return {}
        graders = self.measures.graders
        names = {row.grader for row in graders.graders} if graders else set[str]()
        return numbered(names | self._names, seed=self._study_id)

    def set_consensus(self, method: Consensus) -> None:
        """Measure with another way to make the graders' regions one; the study's stays as it is."""
        agreement = self.settings.agreement.model_copy(update={"consensus": method})
        self._measure_with(self.settings.model_copy(update={"agreement": agreement}))

    def store_settings(self, settings: RunSettings) -> None:
        """Let settings be the study's own, for everybody and for the command line too."""
        self.write(
            Lane.STUDY,
            partial(store_settings, self.study, settings, author=self.person),
            then=lambda _: self._on_stored(),
        )

    def keep_settings(self) -> None:
        """Let the settings that the page measures with be the study's own."""
        self.store_settings(self.settings)

    def reveal(self, *, of_all: bool = False) -> None:
        """Show the names of the graders of the image at hand, or of all; it is logged."""
        image = self.at_hand.path
        if self.has_names or not (image or of_all):
            return
        images = [row.image.path for row in self.measures.rows] if of_all else [image]
        self.write(
            Lane.STUDY,
            partial(self.study.reveal_names, images, author=self.person),
            then=lambda _: self._on_revealed("" if of_all else image),
        )

    def let_names_out(
        self,
        then: Callable[[], object],
        failed: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Log that the names of the graders leave in a file, and go on; the page hides them still.

        It is logged once, and not at all after the names of all were revealed.
        """
        if self.shows_all_names or self._names_left:
            then()
            return

        def go_on(_: object) -> None:
            self._names_left = True
            if self._settling is None:
                then()

        task = partial(reveal_all, self.study, author=self.person)
        self.write(Lane.STUDY, task, then=go_on, failed=failed)

    # What the lead can do

    def voter(self, place: int) -> "Voter | None":
        """Return the grader of the image at hand who stands at a place, from 0; None for none."""
        voters = self.review.voters if self.review else ()
        return voters[place] if 0 <= place < len(voters) else None

    def adopt(self, place: int, *, reason: str) -> None:
        """Let the region of one grader count, by their place among the letters, from 0."""
        voter = self.voter(place)
        if voter is not None:
            text = f"adopt {voter.letter}"
            self._decide(Adopted.GRADER, reason, text, grader=voter.grader)

    def adopt_majority(self, *, reason: str) -> None:
        """Let what most graders marked count, as it is now."""
        self._decide(Adopted.MAJORITY, reason, "adopt the majority")

    def withdraw(self, *, reason: str) -> None:
        """Let the graders' consensus count again."""
        records = self._records()
        if records is None:
            return
        counts = records.seen.adjudication
        if counts is None:
            self.told.emit("No decision counts for this image.")
            return
        self.log.do(Redecide(self.at_hand.path, None, counts, reason, "withdraw the decision"))

    def send_back(self, place: int, *, reason: str) -> None:
        """Ask a grader of the image at hand to do it again."""
        voter = self.voter(place)
        if voter is not None and self._records() is not None:
            text = f"send back to {voter.letter}"
            self.log.do(SendBack(self.at_hand.path, voter.grader, reason, text))

    def ask_extra(self, grader: str = "") -> None:
        """Ask one more grader to read the image at hand; without a name, somebody by lot."""
        if self._records() is None:
            return
        name, image, text = grader.strip(), self.at_hand.path, "ask an extra grader"
        self.log.do(AskExtra(image, name, text) if name else AskByLot(image, text))

    def cover(self, box: PrivacyBox) -> None:
        """Cover a part of the image at hand in every picture that leaves the study."""
        records = self._records()
        if records is not None:
            wanted = (*records.boxes, box)
            self.log.do(CoverParts(self.at_hand.path, wanted, records.boxes, "draw a privacy box"))

    def uncover(self) -> None:
        """Take away all privacy boxes of the image at hand."""
        records = self._records()
        if records is not None and records.boxes:
            text = "clear the privacy boxes"
            self.log.do(CoverParts(self.at_hand.path, (), records.boxes, text))

    def undo(self) -> None:
        """Take back the last step of the copy that is edited, else the last thing done."""
        if self.copy is None:
            self.log.undo()
        elif self._keeping is None:
            self.copy.undo()
            self._tell_copy()

    def redo(self) -> None:
        """Do again what was undone last."""
        if self.copy is None:
            self.log.redo()
        elif self._keeping is None:
            self.copy.redo()
            self._tell_copy()

    # Editing a copy

    def begin_copy_of_counted(self) -> None:
        """Begin to edit a copy of the region that counts for the image at hand.

        Where none counts the copy is empty.
        """
        records = self._records()
        if records is not None and self.copy is None:
            self._bridge.run(
                AT_ONCE,
                partial(region_to_edit, records, self.settings.agreement),
                then=partial(self._on_region_to_edit, records),
                failed=self._on_error,
            )

    def begin_copy(self, region: Region) -> None:
        """Begin to edit a copy of a region of the image at hand."""
        if self._records() is not None and self.copy is None:
            self.copy = EditedCopy(self.at_hand.path, [region])
            self._tell_copy()

    def draw(self, region: Region, gesture: str) -> None:
        """Take what a gesture made of the copy."""
        if self.copy is not None and self._keeping is None:
            self.copy.draw(region, gesture)
            self._tell_copy()

    def keep_copy(self, *, reason: str) -> None:
        """Let the copy count; it is given up only once it is stored."""
        copy, records = self.copy, self._records()
        if copy is None or records is None or self._keeping is not None:
            return
        self._keeping = self._decision(
            records, Adopted.EDITED, reason, "edit the region", region=copy.region
        )
        self.log.do(self._keeping)

    def give_up_copy(self) -> None:
        """Go back to the image without the copy."""
        if self.copy is not None and self._keeping is None:
            self.copy = None
            self._tell_copy()

    # Ending

    def write(
        self,
        lane: Lane,
        task: Callable[[], object],
        *,
        then: Callable[[Any], object],
        failed: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Write something beside the deeds, a file for example; closing waits for it."""
        self._writing += 1

        def end(tell: Callable[[Any], object], found: object) -> None:
            self._writing -= 1
            tell(found)
            self._settle()

        on_failed = failed or self._on_error
        self._bridge.run(lane, task, then=partial(end, then), failed=partial(end, on_failed))

    def when_settled(self, then: Callable[[], object]) -> None:
        """Stop what is measured, finish what is written, and call back once."""
        self._settling = then
        if self._options_job is not None:
            self._options_job.forget()
        self.at_hand.leave()
        self.measures.stop()

    # Inside

    def _settle(self) -> None:
        is_busy = self.measures.is_busy or self.log.is_busy or bool(self._writing)
        if self._settling is not None and not is_busy:
            then, self._settling = self._settling, None
            then()

    def _on_options(self, found: "tuple[StudyOptions, frozenset[str]]") -> None:
        options, self._names = found
        self._options_job = None
        self.study_settings = options.settings
        self._measure_with(options.settings)

    def _on_stored(self) -> None:
        if self._settling is None:
            self.load()
        self.options_changed.emit()

    def _on_region_to_edit(self, records: Records, region: Region) -> None:
        if self.at_hand.records is records:
            self.begin_copy(region)

    def _measure_with(self, settings: RunSettings) -> None:
        self.measures.settings = settings
        self.at_hand.settings = settings.agreement
        self.at_hand.reread()
        self.measures.measure()
        self.settings_changed.emit()

    def _on_loaded(self) -> None:
        measures, path = self.measures, self.at_hand.path
        if self.selection.count != len(measures.rows):
            self.selection.restart(len(measures.rows))
        number = measures.numbers.get(path, -1)
        self.selection.set_current(number, self)

    def _on_reviewed(self, review: "ImageReview") -> None:
        self.measures.replace(review.row)

    def _on_revealed(self, image: str) -> None:
        if image:
            self.revealed.add(image)
        else:
            self.shows_all_names = True
        self.names_changed.emit()

    def _records(self) -> Records | None:
        """Return what the study holds of the image at hand, or say that it is not read yet."""
        if self.review is None:
            self.told.emit(NOT_READ)
            return None
        return self.at_hand.records

    def _decide(self, adopted: Adopted, reason: str, text: str, *, grader: str = "") -> None:
        records = self._records()
        if records is None:
            return
        if self.copy is not None:
            self.told.emit(NO_COPY)
            return
        self.log.do(self._decision(records, adopted, reason, text, grader=grader))

    def _decision(
        self,
        records: Records,
        adopted: Adopted,
        reason: str,
        text: str,
        *,
        grader: str = "",
        region: Region = (),
    ) -> Decide:
        return Decide(
            records.image,
            records.seen,
            self._agreement,
            adopted,
            reason,
            text,
            lambda: self._now().astimezone(UTC).isoformat(timespec="milliseconds"),
            grader,
            region,
        )

    @property
    def _agreement(self) -> AgreementSettings:
        return self.settings.agreement

    def _on_written(self, image: str) -> None:
        if self._keeping is not None and self._keeping.image == image:
            self._keeping = self.copy = None
            self._tell_copy()
        if image == self.at_hand.path:
            self.at_hand.reread()
            self.measures.graders_later()
        elif self._settling is None:
            self.measures.measure_some([image])
        self.changed.emit([image])

    def _on_refused(self, deed: Deed, problem: Problem) -> None:
        if deed is self._keeping:
            self._keeping = None  # the copy is still there
        self.problem.emit(problem)
        if deed.image == self.at_hand.path:
            self.at_hand.reread()

    def _on_error(self, error: BaseException) -> None:
        if isinstance(error, Refusal):
            self.problem.emit(error.problem)
        else:
            self._bridge.failed.emit(error)

    def _tell_copy(self) -> None:
        self.copy_changed.emit()
        self._tell_undo()

    def _tell_undo(self) -> None:
        self.undo_changed.emit(*self.undo_texts)
