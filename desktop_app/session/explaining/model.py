"""Which model, or which imported maps, the next run is about, and whether it was checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from desktop_app.session.explaining.jobs import Jobs, Work
from desktop_app.session.explaining.tasks import CardFacts, Place, check, look_at_card, trust_code
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane

if TYPE_CHECKING:
    from engine.saliency.trust import TrustQuestion
    from engine.stages.prepare import RunRequest
    from engine.stages.trying import ModelCheck

Device = Literal["auto", "cpu", "cuda", "mps"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose to explain: a model card, or maps made elsewhere.

    Attributes
    ----------
    card, maps
        One of the two for a run that can begin; the other is None.
    predictions
        Table of predictions used in place of computing them, or None.
    """

    card: Path | None = None
    maps: Path | None = None
    predictions: Path | None = None
    device: Device = "auto"

    @property
    def is_complete(self) -> bool:
        """True where a run can begin with it."""
        return (self.card is None) != (self.maps is None)

    def request(self) -> "RunRequest":
        """Return it as the engine is asked for it."""
        from engine.stages.prepare import RunRequest  # noqa: PLC0415 - loads the rooms of a run

        return RunRequest(self.card, self.maps, self.predictions, device=self.device)


class ModelChoice(QObject):
    """The choice before the next run, what its card says, and what a check of it showed.

    Attributes
    ----------
    facts
        What the chosen card says; None while it is read, or where it cannot be used.
    checked
        What the check showed; None until there was one of this very choice.
    conditions
        How many images each condition of the study has.
    """

    changed = Signal()
    """Another choice, or more is known of it."""

    asked = Signal(object)
    """A `TrustQuestion`: code of the chosen card would run that nobody trusts yet."""

    was_checked = Signal()
    """The model was loaded and predicted one image."""

    failed = Signal(object)
    """The error by which a card or a check ended."""

    conditions_changed = Signal()
    """The condition-to-class map of the model is another one."""

    def __init__(self, place: Place, jobs: Jobs, *, author: str, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._jobs = jobs
        self._author = author
        self._chosen = Chosen()
        self._looking: Work | None = None
        self._checking: Work | None = None
        self._after_trust: Callable[[], object] | None = None
        self.facts: CardFacts | None = None
        self.checked: ModelCheck | None = None
        self.conditions: dict[str, int] = {}

    @property
    def chosen(self) -> Chosen:
        """What the next run is about."""
        return self._chosen

    @property
    def is_checking(self) -> bool:
        """True while a check is under way."""
        return self._checking is not None

    @property
    def question(self) -> "TrustQuestion | None":
        """What has to be asked before the chosen code may run, where something has."""
        return self.facts.question if self.facts else None

    @property
    def mapping(self) -> Mapping[str, str]:
        """The condition-to-class map in force; the card's own until the model was checked."""
        if self.checked is not None:
            return self.checked.conditions
        return self.facts.card.conditions if self.facts else {}

    def choose(self, chosen: Chosen) -> None:
        """Take another choice; what is known of the one before is dropped."""
        if chosen == self._chosen:
            return
        is_same_card = chosen.card == self._chosen.card
        self._chosen = chosen
        self._drop_check()
        if not is_same_card:
            self._look()
        self.changed.emit()

    def choose_card(self, card: Path | None) -> None:
        """Explain the model of a card."""
        self.choose(replace(self._chosen, card=card, maps=None))

    def choose_maps(self, folder: Path | None) -> None:
        """Use maps that were made elsewhere, in place of a model."""
        self.choose(replace(self._chosen, card=None, maps=folder))

    def choose_predictions(self, table: Path | None) -> None:
        """Use predictions of a table in place of computing them; None computes them."""
        self.choose(replace(self._chosen, predictions=table))

    def choose_device(self, device: Device) -> None:
        """Run the model elsewhere."""
        self.choose(replace(self._chosen, device=device))

    def read_conditions(self) -> None:
        """Count the images of each condition of the study."""
        self._jobs.run(Lane.STUDY, self._place.study.images, then=self._on_images)

    def check(self) -> None:
        """Load the chosen model and let it predict one image; asks for trust first."""
        card = self._chosen.card
        if card is None or self.is_checking:
            return
        if self.needs_trust(self.check):
            return
        task = partial(_check, self._place, card, self._chosen.device)
        self._checking = self._jobs.start(
            task, then=self._on_checked, failed=self._on_not_checked, stopped=self._on_stopped
        )
        self.changed.emit()

    def needs_trust(self, then: Callable[[], object]) -> bool:
        """Ask for trust where it is needed; `then` is called once it was given."""
        if self.question is None:
            return False
        self._after_trust = then
        self.asked.emit(self.question)
        return True

    def trust(self) -> None:
        """Trust the code of the chosen card from now on, and go on with what asked for it."""
        question = self.question
        if question is not None:
            task = partial(trust_code, self._place, question)
            card = self._chosen.card
            self._jobs.run(Lane.CPU, task, then=lambda _: self._on_trusted(card), must_finish=True)

    def distrust(self) -> None:
        """Do not run the code; it is asked again when it is wanted again."""
        self._after_trust = None

    def set_conditions(self, mapping: Mapping[str, str]) -> None:
        """Store which class stands for which condition with this model.

        Raises
        ------
        ValueError
            The model was not checked: its name in the study is not known.
        """
        checked = self.checked
        if checked is None:
            raise ValueError("conditions can be mapped once the model was checked")
        task = partial(
            self._place.study.set_condition_map, checked.digest, dict(mapping), author=self._author
        )
        self._jobs.run(
            Lane.STUDY, task, then=lambda _: self._on_mapped(dict(mapping)), must_finish=True
        )

    # Answers

    def _look(self) -> None:
        if self._looking is not None:
            self._looking.drop()
        self.facts, self._after_trust, self._looking = None, None, None
        card = self._chosen.card
        if card is not None:
            task = partial(look_at_card, self._place, card)
            self._looking = self._jobs.run(
                Lane.CPU, task, then=self._on_facts, failed=self._on_no_facts
            )

    def _on_facts(self, facts: CardFacts) -> None:
        self._looking, self.facts = None, facts
        self.changed.emit()

    def _on_no_facts(self, error: BaseException) -> None:
        self._looking = None
        self.failed.emit(error)
        self.changed.emit()

    def _on_trusted(self, card: Path | None) -> None:
        if card != self._chosen.card or self.facts is None:
            return
        self.facts = replace(self.facts, question=None)
        then, self._after_trust = self._after_trust, None
        self.changed.emit()
        if then is not None:
            then()

    def _on_checked(self, checked: "ModelCheck") -> None:
        self._checking, self.checked = None, checked
        self.changed.emit()
        self.was_checked.emit()

    def _on_not_checked(self, error: BaseException) -> None:
        self._checking = None
        self.failed.emit(error)
        self.changed.emit()

    def _on_stopped(self) -> None:
        self._checking = None
        self.changed.emit()

    def _on_mapped(self, mapping: Mapping[str, str]) -> None:
        if self.checked is not None:
            in_force = {**(self.facts.card.conditions if self.facts else {}), **mapping}
            classes = self.checked.card.classes
            unmapped = tuple(
                name for name in self.conditions if name not in in_force and name not in classes
            )
            self.checked = replace(self.checked, conditions=in_force, unmapped=unmapped)
        self.conditions_changed.emit()
        self.changed.emit()

    def _on_images(self, images: list[Any]) -> None:
        counts: dict[str, int] = {}
        for image in images:
            if image.condition:
                counts[image.condition] = counts.get(image.condition, 0) + 1
        self.conditions = dict(sorted(counts.items()))
        self.changed.emit()

    def _drop_check(self) -> None:
        if self._checking is not None:
            self._checking.drop()
        self._checking, self.checked = None, None


def _check(place: Place, card: Path, device: Device, job: JobContext) -> "ModelCheck":
    return check(place, card, device, job)
