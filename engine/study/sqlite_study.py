"""A study in one SQLite file, open: read, written, checked, copied."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Connection, Engine, select

from engine.domain.findings import FindingMark
from engine.domain.grading import Adjudication, Grading, Reading, Revision, Role, Task
from engine.domain.image import Image, PrivacyBox
from engine.domain.options import StudyOptions
from engine.domain.prediction import Prediction
from engine.domain.problem import Problem, Refusal
from engine.domain.queue import Draft, QueueItem, Sheet
from engine.study import refusals
from engine.study.adjudication_rows import (
    adjudicate,
    read_adjudication,
    read_adjudications,
    withdraw_adjudication,
)
from engine.study.audit_log import Writing, begin_writing, entries_after, last_entry
from engine.study.body_part_rows import label_body_parts, read_body_parts
from engine.study.condition_map_rows import read_condition_map, set_condition_map
from engine.study.connection import connect, copy_database, transaction
from engine.study.files import study_file
from engine.study.finding_mark_rows import mark_finding, read_finding_marks
from engine.study.image_rows import add_images, count_images, read_image, read_images
from engine.study.integrity import CHECKS
from engine.study.migration import schema_of
from engine.study.name_reveals import reveal_names
from engine.study.option_rows import read_options, reset_settings, set_options
from engine.study.packet_contents import Merged, ReturnedReading
from engine.study.packet_merging import merge_packet
from engine.study.packet_rows import read_places, read_returned
from engine.study.pictures import read_packet, read_picture
from engine.study.prediction_rows import read_predictions, record_predictions
from engine.study.privacy_rows import read_privacy_boxes, set_privacy_boxes
from engine.study.protocol import AuditEntry, Changes, PacketInfo, StudyInfo
from engine.study.queues import read_queue
from engine.study.readings import Place, read_revisions, readings_after, readings_of
from engine.study.recording import append_revision, read_graders, record_gradings
from engine.study.refusals import refusal, refusing
from engine.study.schema import study
from engine.study.scratch import add_activity, keep_draft, read_activity
from engine.study.sending_back import sent_back, withdraw_send_back
from engine.study.sheets import read_sheet
from engine.study.task_rows import assign, assign_tasks, read_tasks, withdraw_tasks

Clock = Callable[[], datetime]
P = ParamSpec("P")
T = TypeVar("T")


class SqliteStudy:
    """The `engine.study.protocol.Study` in a SQLite file; used from one thread at a time.

    Closed at the end of its `with` block; closing leaves nothing beside the one file.
    """

    def __init__(
        self,
        file: Path,
        engine: Engine,
        *,
        clock: Clock,
        read_only: bool,
        folder: Path | None = None,
    ) -> None:
        self.file = file
        self._folder = folder or file.parent
        self.is_read_only = read_only
        self._engine = engine
        self._clock = clock

    @property
    def folder(self) -> Path:
        """The folder to which the images' paths are relative: the file's, unless it is a copy."""
        return self._folder

    def info(self) -> StudyInfo:
        """Return identity and state."""
        return self._read(_info)

    def images(self) -> list[Image]:
        """Return all images, ordered by path."""
        return self._read(read_images)

    def image(self, path: str) -> Image | None:
        """Return one image, or None where the study does not have it."""
        return self._read(read_image, path)

    def image_count(self) -> int:
        """Return the number of images."""
        return self._read(count_images)

    def graders(self) -> list[str]:
        """Return the names of all graders, ordered."""
        return self._read(read_graders)

    def add_images(self, images: Iterable[Image], *, author: str) -> Changes:
        """Add images, or bring known ones up to date."""
        with self._writing("add_images", author) as writing:
            return add_images(writing, images)

    def record_gradings(self, gradings: Iterable[Grading], *, author: str) -> Changes:
        """Append imported gradings; one that says what was last imported changes nothing."""
        with self._writing("record_gradings", author) as writing:
            return record_gradings(writing, gradings)

    def append(
        self, grading: Grading, *, author: str, parent: int | None, gesture: str = ""
    ) -> Revision:
        """Append one revision after revision number `parent` (None for the first)."""
        with self._writing("append", author) as writing:
            return append_revision(writing, grading, parent=parent, gesture=gesture)

    def assign(self, image: str, grader: str, role: Role, *, author: str) -> None:
        """Ask a grader to read an image; a reading without a revision is incomplete."""
        with self._writing("assign", author) as writing:
            assign(writing, (image, grader, role))

    def assign_tasks(self, tasks: Iterable[Task], *, author: str, seed: int | None) -> Changes:
        """Ask graders to read images, each in the order of the tasks' positions."""
        with self._writing("assign_tasks", author) as writing:
            return assign_tasks(writing, tasks, seed=seed)

    def withdraw_tasks(self, tasks: Iterable[Task], *, author: str) -> Changes:
        """Append that graders are not asked to read images any more; the places do not matter."""
        with self._writing("withdraw_tasks", author) as writing:
            return withdraw_tasks(writing, tasks)

    def tasks(self, grader: str | None = None) -> list[Task]:
        """Return all that one grader, or everybody, was asked to read, done or not."""
        return self._read(read_tasks, grader)

    def queue(self, grader: str) -> list[QueueItem]:
        """Return all tasks of a grader with their state, in the grader's order."""
        return self._read(read_queue, grader)

    def sheet(self, image: str, grader: str, role: Role = Role.ASSIGNED) -> Sheet:
        """Return all that a grader has said of an image so far, with its undo history."""
        return self._read(read_sheet, (image, grader, role))

    def keep_draft(self, image: str, grader: str, role: Role, draft: Draft | None) -> None:
        """Replace the half-drawn outline of a record; None where there is none."""
        with self._transaction() as connection:
            keep_draft(connection, (image, grader, role), draft)

    def add_activity(
        self, image: str, grader: str, role: Role, *, began: str, seconds: float
    ) -> None:
        """Store how long a visit to a record has been at work so far; it replaces that visit's."""
        with self._transaction() as connection:
            add_activity(connection, (image, grader, role), began=began, seconds=seconds)

    def activity(self, grader: str | None = None) -> dict[tuple[str, str, Role], float]:
        """Return the seconds at work of each record that has any, by image, grader and role."""
        return self._read(read_activity, grader)

    def options(self) -> StudyOptions:
        """Return what the lead laid down; the defaults where nothing was."""
        return self._read(read_options)

    def set_options(self, options: StudyOptions, *, author: str) -> None:
        """Append what the lead lays down from now on; the same as before changes nothing."""
        with self._writing("set_options", author) as writing:
            set_options(writing, options)

    def reset_settings(self, *, author: str) -> None:
        """Append that the default settings hold, also where those stored cannot be understood."""
        with self._writing("set_options", author) as writing:
            reset_settings(writing)

    def packet(self) -> PacketInfo | None:
        """Return whose packet the file is, or None for a study."""
        return self._read(read_packet)

    def picture(self, image: str) -> bytes | None:
        """Return the encoded photograph that a packet holds of an image, or None in a study."""
        return self._read(read_picture, image)

    def returned(self) -> Iterator[ReturnedReading]:
        """Stream what came of each reading of a packet, in the order of the packet."""
        for place in self._read(read_places):
            yield self._read(read_returned, place)

    def merge_packet(
        self,
        grader: str,
        readings: Iterable[ReturnedReading],
        *,
        author: str,
        takes_packet: bool = False,
    ) -> Merged:
        """Append what is new in a grader's packet, each revision with its author and time."""
        with self._writing("merge_packet", author) as writing:
            return merge_packet(writing, grader, readings, takes_packet=takes_packet)

    def send_back(self, image: str, grader: str, *, reason: str, author: str) -> Revision:
        """Append a sent-back revision to a grader's reading as an assigned or an extra one."""
        grading, parent = self._read(sent_back, image, grader, reason=reason)
        with self._writing("send_back", author) as writing:
            return append_revision(writing, grading, parent=parent, gesture="")

    def withdraw_send_back(self, image: str, grader: str, *, author: str) -> Revision:
        """Append what a reading said before it was sent back, and return the last revision."""
        with self._writing("withdraw_send_back", author) as writing:
            return withdraw_send_back(writing, image, grader)

    def revisions(self, image: str, grader: str, role: Role = Role.ASSIGNED) -> list[Revision]:
        """Return all revisions of one record, oldest first."""
        return self._read(read_revisions, (image, grader, role))

    def readings(self) -> Iterator[tuple[Image, tuple[Reading, ...]]]:
        """Stream every image with its graders' readings, ordered by case then path."""
        place: Place | None = None
        while page := self._read(readings_after, place):
            yield from page
            last = page[-1][0]
            place = last.case, last.path

    def readings_of(self, image: str) -> tuple[Reading, ...]:
        """Return the readings of one image, ordered by grader, then role."""
        return self._read(readings_of, image)

    def adjudicate(self, adjudication: Adjudication, *, author: str) -> None:
        """Append a lead's decision on an image, which counts in place of earlier ones."""
        with self._writing("adjudicate", author) as writing:
            adjudicate(writing, adjudication)

    def withdraw_adjudication(self, image: str, *, reason: str, author: str) -> None:
        """Append that an image's adjudication counts no longer."""
        with self._writing("withdraw_adjudication", author) as writing:
            withdraw_adjudication(writing, image, reason=reason)

    def adjudication(self, image: str) -> Adjudication | None:
        """Return the adjudication of one image that counts, or None."""
        return self._read(read_adjudication, image)

    def adjudications(self) -> dict[str, Adjudication]:
        """Return the adjudications that count, by image path."""
        return self._read(read_adjudications)

    def set_privacy_boxes(self, image: str, boxes: Sequence[PrivacyBox], *, author: str) -> None:
        """Append all boxes that an image has from now on; none clears them."""
        with self._writing("set_privacy_boxes", author) as writing:
            set_privacy_boxes(writing, image, boxes)

    def privacy_boxes(self) -> dict[str, tuple[PrivacyBox, ...]]:
        """Return the boxes of each image that has some, by path, in the order they were given."""
        return self._read(read_privacy_boxes)

    def label_body_parts(self, labels: Mapping[str, frozenset[str]], *, author: str) -> Changes:
        """Append which body parts images show, by image path."""
        with self._writing("label_body_parts", author) as writing:
            return label_body_parts(writing, labels)

    def body_parts(self) -> dict[str, frozenset[str]]:
        """Return the body parts of each labelled image, by path."""
        return self._read(read_body_parts)

    def record_predictions(self, predictions: Iterable[Prediction], *, author: str) -> Changes:
        """Store predictions; one of the same image and model is replaced."""
        with self._writing("record_predictions", author) as writing:
            return record_predictions(writing, predictions)

    def predictions(self, model: str) -> dict[str, Prediction]:
        """Return the predictions under one model, by image path."""
        return self._read(read_predictions, model)

    def reveal_names(self, images: Sequence[str], *, author: str) -> None:
        """Leave an entry in the audit log: of these images somebody saw who the graders are."""
        with self._writing("reveal_names", author) as writing:
            reveal_names(writing, images)

    def set_condition_map(self, model: str, conditions: Mapping[str, str], *, author: str) -> None:
        """Append which class of a model stands for each condition, in place of its card's map."""
        with self._writing("set_condition_map", author) as writing:
            set_condition_map(writing, model, conditions)

    def condition_map(self, model: str) -> dict[str, str] | None:
        """Return the classes by condition; None where the model's card holds."""
        return self._read(read_condition_map, model)

    def mark_finding(self, mark: FindingMark, *, author: str) -> None:
        """Append a star or a comment; author and time are those of the write."""
        with self._writing("mark_finding", author) as writing:
            mark_finding(writing, mark)

    def finding_marks(self, model: str) -> dict[str, FindingMark]:
        """Return the marks on a model's findings by `Cue.key`; those that say nothing are none."""
        return self._read(read_finding_marks, model)

    def audit(self) -> Iterator[AuditEntry]:
        """Stream the audit log, oldest first."""
        number = 0
        while page := self._read(entries_after, number):
            yield from page
            number = page[-1].number

    def check(self) -> list[Problem]:
        """Verify the database file, its references, its append-only rows and the audit log."""
        problems: list[Problem] = []
        for find_problems in CHECKS:
            try:
                problems += self._read(find_problems)
            except Refusal as found:
                problems.append(found.problem)
        return problems

    def save_copy(self, target: Path) -> Path:
        """Write a consistent copy of the study to a new file, and return its name."""
        file = study_file(target)
        copy_database(self._engine, file)
        return file

    @contextmanager
    def rehearsal(self) -> Iterator[Self]:
        """Return a copy to try writes on: it reads as the study does and is deleted at its end."""
        with TemporaryDirectory(prefix="dermconcord-") as place:
            file = self.save_copy(Path(place) / self.file.name)
            engine = connect(file)
            with type(self)(
                file, engine, clock=self._clock, read_only=False, folder=self.folder
            ) as copy:
                yield copy

    def close(self) -> None:
        """Let the file go; SQLite empties and removes the write-ahead log."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _read(
        self,
        function: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        with refusing(self.file), self._engine.connect() as connection:
            try:
                return function(connection, *args, **kwargs)
            except ValueError as error:  # what is stored cannot be what was written
                raise refusal(refusals.DAMAGED, self.file) from error

    @contextmanager
    def _writing(self, action: str, author: str) -> Iterator[Writing]:
        with self._transaction() as connection:
            writing = begin_writing(connection, author=author, time=iso_time(self._clock()))
            yield writing
            writing.finish(action)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        if self.is_read_only:
            raise refusal(refusals.READ_ONLY, self.file)
        with refusing(self.file), transaction(self._engine) as connection:
            yield connection


def _info(connection: Connection) -> StudyInfo:
    identity = connection.execute(select(study)).one()
    number, head = last_entry(connection)
    return StudyInfo(
        id=identity.id,
        schema=schema_of(connection) or "",
        created=identity.created,
        revision=number,
        audit_head=head,
    )


def iso_time(time: datetime) -> str:
    """Return a moment as ISO 8601 text in UTC."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds")
