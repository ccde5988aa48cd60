"""What a study's store promises, whatever database lies under it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from engine.domain.findings import FindingMark
from engine.domain.grading import Adjudication, Grading, Reading, Revision, Role, Task
from engine.domain.image import Image, PrivacyBox
from engine.domain.options import StudyOptions
from engine.domain.prediction import Prediction
from engine.domain.problem import Problem
from engine.domain.queue import Draft, QueueItem, Sheet
from engine.study.packet_contents import Merged, ReturnedReading


@dataclass(frozen=True, slots=True)
class StudyInfo:
    """Identity and state of a study, as printed in every run manifest.

    Attributes
    ----------
    id
        Random, made once with the study.
    schema
        Version of the schema, ``major.minor``.
    revision
        Number of entries in the audit log.
    audit_head
        Hash of the last audit entry; it stands for everything that was ever written.
    """

    id: str
    schema: str
    created: str
    revision: int
    audit_head: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What one write did; items with a problem were left out, the others are stored."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the hash-chained log: who did what, when."""

    number: int
    time: str
    author: str
    action: str
    detail: Mapping[str, Any]
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class PacketInfo:
    """Whose packet a file is.

    Attributes
    ----------
    study_digest
        Tells the study it was made from and can be merged into; its id stays there.
    made
        ISO 8601, UTC.
    """

    study_digest: str
    grader: str
    made: str


class Conflict(Exception):
    """Somebody else wrote to the same record since the writer last read; nothing is overwritten."""


class Study(Protocol):
    """A study open for reading and writing; each write is one transaction and one audit entry.

    A write that changes nothing leaves no entry. Items that name an image the study does not have
    are problems where many are given, and a `Refusal` (``unknown_image``) where one is.
    """

    @property
    def folder(self) -> Path:
        """The folder to which the images' paths are relative."""
        ...

    def info(self) -> StudyInfo:
        """Return identity and state."""
        ...

    def images(self) -> list[Image]:
        """Return all images, ordered by path."""
        ...

    def image(self, path: str) -> Image | None:
        """Return one image, or None where the study does not have it."""
        ...

    def image_count(self) -> int:
        """Return the number of images."""
        ...

    def graders(self) -> list[str]:
        """Return the names of all graders, ordered."""
        ...

    def add_images(self, images: Iterable[Image], *, author: str) -> Changes:
        """Add images, or bring known ones up to date.

        A known image gains pixels where it had none and the size fits; a case, condition or
        metadata column given now replaces the old value, what is not given stays. Another digest
        or size than the stored one is a problem and leaves the image as it was.
        """
        ...

    def record_gradings(self, gradings: Iterable[Grading], *, author: str) -> Changes:
        """Append imported gradings; one that says what was last imported changes nothing.

        So the same files again neither answer a send-back, which is a problem that says so, nor
        undo what was drawn since. Whoever was asked as an extra grader alone is one here too.

        The gradings are taken one by one while the study is locked for other writers; an error
        raised by the iterable leaves the study as it was.
        """
        ...

    def append(
        self, grading: Grading, *, author: str, parent: int | None, gesture: str = ""
    ) -> Revision:
        """Append one revision after revision number `parent` (None for the first).

        Parameters
        ----------
        gesture
            What the grader did in the window, by which `sheet` rebuilds the undo history. With
            it goes the record's draft: a gesture ends an outline, or whoever draws on keeps it
            again.

        Raises
        ------
        Conflict
            The latest revision is not `parent`.
        """
        ...

    def assign(self, image: str, grader: str, role: Role, *, author: str) -> None:
        """Ask a grader to read an image; a reading without a revision is incomplete.

        It comes after all tasks that the grader has by now. Asking again for what was withdrawn
        is told to the audit log as ``ask_again``, here and in `assign_tasks`.
        """
        ...

    def assign_tasks(self, tasks: Iterable[Task], *, author: str, seed: int | None) -> Changes:
        """Ask graders to read images, each in the order of the tasks' positions.

        A task that the grader has already changes nothing; a record that came without a place
        gains the one it is given. Left-out tasks leave gaps in the positions.

        Parameters
        ----------
        seed
            Of the draw that gave the tasks, kept with them; None where there was none.

        Raises
        ------
        Conflict
            A task has another position by now, or its position is not after the grader's
            earlier tasks: `tasks` has changed since the new ones were drawn. Nothing is stored.
        """
        ...

    def withdraw_tasks(self, tasks: Iterable[Task], *, author: str) -> Changes:
        """Append that graders are not asked to read images any more; the places do not matter.

        A withdrawn task is gone from `tasks`, `queue` and `readings`, whether the grader is known
        or not, and can be asked for again. What somebody has begun stays theirs, a half-drawn
        outline included: it is a problem ``task_begun``, as is ``unknown_task`` what nobody was
        asked for. Whoever draws all the same, in a window where the image lay open, or has a
        grading imported is asked again by that: nothing that was drawn is left out.
        """
        ...

    def tasks(self, grader: str | None = None) -> list[Task]:
        """Return all that one grader, or everybody, was asked to read, done or not.

        Ordered by grader, then position. Records that came without a place, by an import or
        `assign`, follow the grader's other tasks in the order in which they came.
        """
        ...

    def queue(self, grader: str) -> list[QueueItem]:
        """Return all tasks of a grader with their state, in the grader's order."""
        ...

    def sheet(self, image: str, grader: str, role: Role = Role.ASSIGNED) -> Sheet:
        """Return all that a grader has said of an image so far, with its undo history.

        Raises
        ------
        Refusal
            ``unknown_task``: the grader was not asked to read the image in this role.
        """
        ...

    def keep_draft(self, image: str, grader: str, role: Role, draft: Draft | None) -> None:
        """Replace the half-drawn outline of a record; None where there is none.

        Scratch: it is no revision and leaves no audit entry.
        """
        ...

    def add_activity(
        self, image: str, grader: str, role: Role, *, began: str, seconds: float
    ) -> None:
        """Store how long a visit to a record has been at work so far; it replaces that visit's.

        Parameters
        ----------
        began
            When the visit began, ISO 8601, UTC; with the record it identifies the visit.
        seconds
            Without idle time.
        """
        ...

    def activity(self, grader: str | None = None) -> dict[tuple[str, str, Role], float]:
        """Return the seconds at work of each record that has any, by image, grader and role.

        Parameters
        ----------
        grader
            Whose; None for everybody's.
        """
        ...

    def options(self) -> StudyOptions:
        """Return what the lead laid down; the defaults where nothing was.

        Raises
        ------
        Refusal
            ``settings_unknown``: a newer program laid down a setting that this one does not know,
            or a value that it does not allow. Other numbers than the lead's are never computed.
        """
        ...

    def set_options(self, options: StudyOptions, *, author: str) -> None:
        """Append what the lead lays down from now on; the same as before changes nothing.

        Of the settings those are kept that are not as by default.
        """
        ...

    def reset_settings(self, *, author: str) -> None:
        """Append that the default settings hold, also where those stored cannot be understood."""
        ...

    def packet(self) -> PacketInfo | None:
        """Return whose packet the file is, or None for a study."""
        ...

    def picture(self, image: str) -> bytes | None:
        """Return the encoded photograph that a packet holds of an image, or None in a study."""
        ...

    def returned(self) -> Iterator[ReturnedReading]:
        """Stream what came of each reading of a packet, in the order of the packet."""
        ...

    def merge_packet(
        self,
        grader: str,
        readings: Iterable[ReturnedReading],
        *,
        author: str,
        takes_packet: bool = False,
    ) -> Merged:
        """Append what is new in a grader's packet, each revision with its author and time.

        What was merged before changes nothing, and of a packet that was graded further only the
        rest is appended. A reading that went on in the study too is a problem, and so is one that
        the study never asked the grader for, or that holds what the grader cannot have written:
        another author, a status beside started and done, a region outside the image; or that was
        withdrawn meanwhile. They stay as they are. Of a visit that both know the longer account
        counts; one that is no duration is dropped.

        The readings are taken one by one while the study is locked for other writers; an error
        raised by the iterable leaves the study as it was.

        Parameters
        ----------
        takes_packet
            Append the packet's last state, behind what was last done there, where a reading went
            on in the study too; and all that is in a reading which was withdrawn.
        """
        ...

    def send_back(self, image: str, grader: str, *, reason: str, author: str) -> Revision:
        """Append a sent-back revision to a grader's reading as an assigned or an extra one.

        It carries the answers and the region of the last revision, and the reason as its note.

        Raises
        ------
        Refusal
            ``nothing_to_send_back``: the grader has not done a reading of the image.
        Conflict
            The grader went on meanwhile.
        """
        ...

    def withdraw_send_back(self, image: str, grader: str, *, author: str) -> Revision:
        """Append what a reading said before it was sent back, and return the last revision.

        So it counts as it did, also where it was sent back more than once since it was done.

        Raises
        ------
        Refusal
            ``not_sent_back``: no reading of the image waits to be done again.
        Conflict
            The grader went on.
        """
        ...

    def revisions(self, image: str, grader: str, role: Role = Role.ASSIGNED) -> list[Revision]:
        """Return all revisions of one record, oldest first."""
        ...

    def readings(self) -> Iterator[tuple[Image, tuple[Reading, ...]]]:
        """Stream every image with its graders' readings, ordered by case then path.

        The readings of an image are ordered by grader, then role; withdrawn ones are none.
        """
        ...

    def readings_of(self, image: str) -> tuple[Reading, ...]:
        """Return the readings of one image, ordered by grader, then role."""
        ...

    def adjudicate(self, adjudication: Adjudication, *, author: str) -> None:
        """Append a lead's decision on an image, which counts in place of earlier ones.

        It is kept as it is given, its own author and time included; the audit log holds who
        wrote it and when.
        """
        ...

    def withdraw_adjudication(self, image: str, *, reason: str, author: str) -> None:
        """Append that an image's adjudication counts no longer.

        Raises
        ------
        Refusal
            ``not_adjudicated``: none counts now.
        """
        ...

    def adjudication(self, image: str) -> Adjudication | None:
        """Return the adjudication of one image that counts, or None."""
        ...

    def adjudications(self) -> dict[str, Adjudication]:
        """Return the adjudications that count, by image path."""
        ...

    def set_privacy_boxes(self, image: str, boxes: Sequence[PrivacyBox], *, author: str) -> None:
        """Append all boxes that an image has from now on; none clears them."""
        ...

    def privacy_boxes(self) -> dict[str, tuple[PrivacyBox, ...]]:
        """Return the boxes of each image that has some, by path, in the order they were given."""
        ...

    def label_body_parts(self, labels: Mapping[str, frozenset[str]], *, author: str) -> Changes:
        """Append which body parts images show, by image path.

        Parameters
        ----------
        labels
            Keys of parts; an empty set says that somebody looked and found none of them. A set
            equal to the image's last changes nothing.
        """
        ...

    def body_parts(self) -> dict[str, frozenset[str]]:
        """Return the body parts of each labelled image, by path."""
        ...

    def record_predictions(self, predictions: Iterable[Prediction], *, author: str) -> Changes:
        """Store predictions; one of the same image and model is replaced."""
        ...

    def predictions(self, model: str) -> dict[str, Prediction]:
        """Return the predictions under one model, by image path."""
        ...

    def reveal_names(self, images: Sequence[str], *, author: str) -> None:
        """Leave an entry in the audit log: of these images somebody saw who the graders are."""
        ...

    def set_condition_map(self, model: str, conditions: Mapping[str, str], *, author: str) -> None:
        """Append which class of a model stands for each condition, in place of its card's map.

        Parameters
        ----------
        model
            `Classifier.digest`.
        conditions
            Class names by condition; none take the map back.
        """
        ...

    def condition_map(self, model: str) -> dict[str, str] | None:
        """Return the classes by condition; None where the model's card holds."""
        ...

    def mark_finding(self, mark: FindingMark, *, author: str) -> None:
        """Append a star or a comment; author and time are those of the write.

        What it says counts in place of the cue's earlier marks; saying the same changes nothing.
        """
        ...

    def finding_marks(self, model: str) -> dict[str, FindingMark]:
        """Return the marks on a model's findings by `Cue.key`; those that say nothing are none."""
        ...

    def audit(self) -> Iterator[AuditEntry]:
        """Stream the audit log, oldest first."""
        ...

    def check(self) -> list[Problem]:
        """Verify the database file, its references, its append-only rows and the audit log."""
        ...

    def save_copy(self, target: Path) -> Path:
        """Write a consistent copy of the study to a new file, and return its name."""
        ...

    def rehearsal(self) -> AbstractContextManager["Study"]:
        """Return a copy to try writes on: it reads as the study does and is deleted at its end.

        Nothing of what is written to it reaches the study.
        """
        ...

    def close(self) -> None:
        """Let the file go; nothing is left to be written."""
        ...
