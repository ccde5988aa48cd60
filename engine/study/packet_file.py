"""A grader's packet as a file: written from empty with one grader's work, opened on its return."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, insert

from engine.domain.grading import Revision, Task
from engine.domain.image import Image
from engine.domain.problem import Refusal
from engine.study.audit_log import begin_writing
from engine.study.connection import connect, copy_database, fill_database
from engine.study.files import new_file, study_file
from engine.study.option_rows import set_options
from engine.study.packet_contents import (
    LEAD,
    PacketContents,
    PacketReading,
    damaged_packet,
)
from engine.study.packet_rows import MADE, append_copies, fixed_lines
from engine.study.recording import make_records
from engine.study.refusals import refusing
from engine.study.schema import images, packet, packet_records, pictures
from engine.study.sqlite import found_study, open_study, utc_now
from engine.study.sqlite_study import Clock, SqliteStudy, iso_time
from engine.study.task_rows import assign_tasks


def write_packet(target: Path, contents: PacketContents, *, clock: Clock = utc_now) -> Path:
    """Write a packet to a new file, which is there whole or not at all; return its name.

    Nothing is ever removed from the file while it is written, so it holds no trace of anything
    but the contents. All that is stored in it later is in this one file at once, so that it may
    be copied or mailed while a window works in it.

    Raises
    ------
    Refusal
        ``file_exists``, ``folder_read_only``, ``disk_full``; or what the contents raise.
    """
    file = study_file(target)
    with refusing(file), new_file(file) as temporary:
        write = partial(_write, contents=contents, time=iso_time(clock()))
        fill_database(temporary, write, journal="DELETE")
    return file


def open_packet(path: Path) -> SqliteStudy:
    """Open a returned packet, for reading only, also from a network file system.

    One of an older schema is read from a copy that is brought up to date; the file stays as it is.

    Raises
    ------
    Refusal
        ``packet_damaged``: its check finds something, or it cannot even be checked.
        ``study_missing``, ``study_newer``, ``study_locked``, ``disk_full``.
    """
    file = study_file(path).resolve()
    with _doubting(file), ExitStack() as stack:
        packet = stack.enter_context(_open(file))
        problems = packet.check()
        if problems:
            count = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
            message = f"The packet is damaged ({count}; the first: {problems[0].message})"
            raise damaged_packet(str(file), message)
        stack.pop_all()
        return packet


class _CopiedPacket(SqliteStudy):
    """A packet in a temporary copy, which is deleted when it is closed."""

    def __init__(self, file: Path, folder: TemporaryDirectory[str]) -> None:
        super().__init__(file, connect(file, access="mode=ro"), clock=utc_now, read_only=True)
        self._temporary = folder

    def close(self) -> None:
        """Let the copy go and delete it."""
        super().close()
        self._temporary.cleanup()


def _open(file: Path) -> SqliteStudy:
    try:
        return open_study(file, read_only=True, find_network=_nowhere)
    except Refusal as refusal:
        if refusal.problem.code != "study_older":
            raise
    folder = TemporaryDirectory(prefix="dermconcord-")
    try:
        return _CopiedPacket(_brought_up_to_date(file, Path(folder.name)), folder)
    except BaseException:
        folder.cleanup()
        raise


def _brought_up_to_date(file: Path, folder: Path) -> Path:
    """Return a copy of an older packet that has today's tables."""
    copy = folder / file.name
    engine = connect(file, access="mode=ro")
    try:
        copy_database(engine, copy)
    finally:
        engine.dispose()
    open_study(copy, find_network=_nowhere).close()
    return copy


def _nowhere(_folder: Path) -> None:
    """Find no network: who only reads may do so from anywhere."""


@contextmanager
def _doubting(file: Path) -> Iterator[None]:
    """Read a file that came from outside in the block; whatever it breaks is its damage."""
    try:
        yield
    except Refusal as refusal:
        if refusal.problem.code != "study_damaged":
            raise
        raise damaged_packet(str(file), "The file is no packet or is damaged") from refusal
    except Exception as error:  # broken bytes raise anything: KeyError, a missing table
        raise damaged_packet(str(file), "The packet is damaged and cannot be read") from error


def _write(connection: Connection, *, contents: PacketContents, time: str) -> None:
    found_study(connection, author=LEAD, time=time)
    image_ids = {
        image.path: _add_picture(connection, image, content) for image, content in contents.pictures
    }
    tasks = _copy_readings(connection, contents.readings, image_ids, time=time)
    placing = begin_writing(connection, author=LEAD, time=time)
    assign_tasks(placing, tasks, seed=None)
    placing.finish("assign_tasks")
    laying_down = begin_writing(connection, author=LEAD, time=time)
    set_options(laying_down, contents.options.for_a_grader())
    laying_down.finish("set_options")
    whose = {"study_id": contents.study_digest, "grader": contents.grader, "made": time}
    connection.execute(insert(packet), whose)
    sealing = begin_writing(connection, author=LEAD, time=time)
    for line in fixed_lines(connection):
        sealing.tell(*line)
    sealing.finish(MADE)


def _add_picture(connection: Connection, image: Image, content: bytes) -> int:
    """Add an image as the packet knows it: by name, size and digest, with its photograph."""
    row: dict[str, Any] = {
        "path": image.path,
        "digest": image.digest,
        "width": image.width,
        "height": image.height,
        "case_name": image.path,
        "condition": None,
        "metadata": {},
    }
    adding = insert(images).values(row).returning(images.c.id)
    image_id: int = connection.execute(adding).scalar_one()
    connection.execute(insert(pictures), {"image_id": image_id, "content": content})
    return image_id


def _copy_readings(
    connection: Connection,
    readings: Iterable[PacketReading],
    image_ids: dict[str, int],
    *,
    time: str,
) -> Sequence[Task]:
    """Copy readings with all their revisions; return their tasks."""
    tasks = []
    copying = begin_writing(connection, author=LEAD, time=time)
    for reading in readings:
        task = reading.task
        key = task.image, task.grader, task.role
        record_id = make_records(connection, [key], image_ids=image_ids)[key]
        base = len(reading.revisions)
        row = {"record_id": record_id, "key": reading.key, "base": base}
        connection.execute(insert(packet_records), row)
        append_copies(copying, record_id, map(_anonymous, reading.revisions))
        tasks.append(task)
    copying.finish("copy_gradings")
    return tasks


def _anonymous(revision: Revision) -> Revision:
    """Return a revision of which the packet does not tell who, but the grader, wrote it."""
    is_own = revision.author == revision.grading.grader
    return revision if is_own else replace(revision, author=LEAD)
