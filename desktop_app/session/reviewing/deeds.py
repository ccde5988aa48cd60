"""What a lead does to an image, as values: each is written at once, and names its opposite."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from engine.domain.grading import Adjudication, Adopted, Reading, Role
from engine.domain.image import Image, PrivacyBox
from engine.domain.polygon import Region
from engine.domain.problem import Refusal, refuse
from engine.domain.settings import AgreementSettings
from engine.study.protocol import Study

UNDONE = "undone"
"""Reason under which a decision is withdrawn that its lead takes back."""


class Deed(Protocol):
    """One thing a lead does; it runs on the study's lane, and nothing of it is ever deleted."""

    @property
    def image(self) -> str:
        """Path of the image it is about."""
        ...

    @property
    def text(self) -> str:
        """What it is called in the menu, such as ``adopt B``; it names no grader."""
        ...

    def carry_out(self, study: Study, author: str) -> "Deed":
        """Write it, and return what takes it back.

        Raises
        ------
        Refusal
            It cannot be done, or what it builds on has changed meanwhile; nothing is written.
        Conflict
            A grader went on meanwhile; nothing is written.
        """
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """What the lead looked at when deciding; where it is another by now, nothing is decided."""

    readings: tuple[Reading, ...]
    adjudication: Adjudication | None


@dataclass(frozen=True, slots=True)
class Decide:
    """Decide which region counts: a grader's, the majority's, or an edited one.

    Attributes
    ----------
    grader
        Whose region is adopted, for `Adopted.GRADER`.
    region
        The edited region, for `Adopted.EDITED`.
    now
        The time, ISO 8601, UTC.
    """

    of: Image
    seen: Seen
    settings: AgreementSettings
    adopted: Adopted
    reason: str
    text: str
    now: Callable[[], str]
    grader: str = ""
    region: Region = ()

    @property
    def image(self) -> str:
        """Path of the image."""
        return self.of.path

    def carry_out(self, study: Study, author: str) -> "Redecide":
        """Write the decision; the region is copied, later gradings never change it."""
        from engine.graders.adopting import decide  # noqa: PLC0415 - it loads shapely

        require_unchanged(study, self.image, self.seen)
        decision = decide(
            self.of,
            self.seen.readings,
            self.settings,
            self.adopted,
            grader=self.grader,
            region=self.region,
            author=author,
            time=self.now(),
            reason=self.reason,
        )
        study.adjudicate(decision, author=author)
        return Redecide(self.image, self.seen.adjudication, decision, UNDONE, self.text)


@dataclass(frozen=True, slots=True)
class Redecide:
    """Let a known decision count, or none, in place of the one that counts.

    Attributes
    ----------
    wanted, counts
        What is to count, and what counts now; None for the graders' consensus.
    """

    image: str
    wanted: Adjudication | None
    counts: Adjudication | None
    reason: str
    text: str

    def carry_out(self, study: Study, author: str) -> "Redecide":
        """Write it, unless somebody else decided meanwhile."""
        if not is_same(study.adjudication(self.image), self.counts):
            raise changed_meanwhile(self.image)
        if self.wanted is None:
            study.withdraw_adjudication(self.image, reason=self.reason, author=author)
        else:
            study.adjudicate(self.wanted, author=author)
        return replace(self, wanted=self.counts, counts=self.wanted, reason=UNDONE)


@dataclass(frozen=True, slots=True)
class SendBack:
    """Ask a grader to do a reading again, and say why."""

    image: str
    grader: str
    reason: str
    text: str

    def carry_out(self, study: Study, author: str) -> "CallOff":
        """Write it; the reason is what the grader reads."""
        study.send_back(self.image, self.grader, reason=self.reason, author=author)
        return CallOff(self.image, self.grader, self.reason, self.text)


@dataclass(frozen=True, slots=True)
class CallOff:
    """Let a reading that was sent back count as before."""

    image: str
    grader: str
    reason: str
    text: str

    def carry_out(self, study: Study, author: str) -> SendBack:
        """Write it, unless the grader went on."""
        study.withdraw_send_back(self.image, self.grader, author=author)
        return SendBack(self.image, self.grader, self.reason, self.text)


@dataclass(frozen=True, slots=True)
class AskExtra:
    """Ask one more grader to read an image: it enters the consensus, not the agreement."""

    image: str
    grader: str
    text: str

    def carry_out(self, study: Study, author: str) -> "Unask":
        """Write it, unless the grader reads the image already."""
        if any(reading.grader == self.grader for reading in study.readings_of(self.image)):
            raise refuse(
                "already_asked",
                self.image,
                "The grader reads this image already",
                "Ask another grader",
            )
        study.assign(self.image, self.grader, Role.EXTRA, author=author)
        return Unask(self.image, self.grader, self.text)


@dataclass(frozen=True, slots=True)
class Unask:
    """Take back that an extra grader is asked, as long as they have not begun."""

    image: str
    grader: str
    text: str

    def carry_out(self, study: Study, author: str) -> AskExtra:
        """Write it, unless the grader has begun."""
        tasks = [
            task
            for task in study.tasks(self.grader)
            if (task.image, task.role) == (self.image, Role.EXTRA)
        ]
        changes = study.withdraw_tasks(tasks, author=author)
        if changes.problems:
            raise Refusal(changes.problems[0])
        return AskExtra(self.image, self.grader, self.text)


@dataclass(frozen=True, slots=True)
class AskByLot:
    """Ask whoever of the study's graders has least to do and does not read the image yet."""

    image: str
    text: str

    def carry_out(self, study: Study, author: str) -> Unask:
        """Choose a grader and write it; who is equally busy is chosen by lot, always alike."""
        readers = {reading.grader for reading in study.readings_of(self.image)}
        load = Counter(task.grader for task in study.tasks())
        others = sorted(
            set(study.graders()) - readers, key=lambda name: (load[name], self._lot(name))
        )
        if not others:
            raise refuse(
                "nobody_left",
                self.image,
                "Every grader of the study reads this image already",
                "Type the name of somebody new",
            )
        return AskExtra(self.image, others[0], self.text).carry_out(study, author)

    def _lot(self, name: str) -> bytes:
        return hashlib.sha256(f"{self.image}\n{name}".encode()).digest()


@dataclass(frozen=True, slots=True)
class CoverParts:
    """Cover parts of an image in all pictures that leave the study."""

    image: str
    wanted: tuple[PrivacyBox, ...]
    found: tuple[PrivacyBox, ...]
    text: str

    def carry_out(self, study: Study, author: str) -> "CoverParts":
        """Write all boxes that the image has from now on."""
        if study.privacy_boxes().get(self.image, ()) != self.found:
            raise changed_meanwhile(self.image)
        study.set_privacy_boxes(self.image, self.wanted, author=author)
        return replace(self, wanted=self.found, found=self.wanted)


def require_unchanged(study: Study, image: str, seen: Seen) -> None:
    """Refuse to decide where a grader or a lead went on since the lead looked.

    Raises
    ------
    Refusal
        ``changed_meanwhile``.
    """
    is_decided_anew = not is_same(study.adjudication(image), seen.adjudication)
    if is_decided_anew or study.readings_of(image) != seen.readings:
        raise changed_meanwhile(image)


def is_same(one: Adjudication | None, other: Adjudication | None) -> bool:
    """Tell whether two decisions are one and the same, whatever the store made of its region."""
    return _identity(one) == _identity(other)


def _identity(decision: Adjudication | None) -> tuple[str, ...] | None:
    if decision is None:
        return None
    return decision.adopted, decision.grader, decision.author, decision.time, decision.reason


def changed_meanwhile(image: str) -> Refusal:
    """Return the refusal of what was decided on something that has changed since."""
    return refuse(
        "changed_meanwhile",
        image,
        "The image was changed elsewhere meanwhile, so nothing was written",
        "Look at it as it is now, and decide again",
    )
