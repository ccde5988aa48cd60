"""A grader's packet: the readings they are asked for, with photographs that tell nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path

from engine.domain.grading import Revision, Task
from engine.domain.image import Image, PrivacyBox
from engine.domain.measure import Reason
from engine.domain.options import StudyOptions
from engine.domain.problem import Problem, Refusal, refuse
from engine.domain.rows import Failure
from engine.images.encode import LONGEST_JPEG, encode_jpeg, encode_png
from engine.stages.pixels import read_shown_pixels
from engine.study.packet_contents import (
    PacketContents,
    PacketReading,
    WritePacket,
    record_key,
    study_digest,
)
from engine.study.protocol import Study
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.ordered import in_order
from engine.tasks.progress import Step


@dataclass(frozen=True, slots=True)
class Packed:
    """What a packet holds.

    Attributes
    ----------
    problems
        Images that were left out, with their readings.
    """

    file: Path
    grader: str
    images: int
    readings: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Order:
    """What a grader is asked for, as the study has it when the packet is begun.

    Attributes
    ----------
    images
        Each once, in the grader's order.
    names
        What the packet calls each image, by its path.
    """

    study_id: str
    options: StudyOptions
    tasks: Sequence[Task]
    images: Sequence[Image]
    names: Mapping[str, str]
    boxes: Mapping[str, Sequence[PrivacyBox]]


def make_packet(
    study: Study, grader: str, target: Path, job: JobContext, *, write: WritePacket
) -> Packed:
    """Write a grader's packet, one photograph after another; the study is only read.

    A photograph is encoded anew at its full upright size, with its privacy boxes burnt in and
    without metadata. Where the study masks names, images are called by their number in the
    grader's order, also for the images that are left out, so that a later packet calls them so
    too.

    Parameters
    ----------
    write
        Makes the file: `engine.study.packet_file.write_packet`.

    Raises
    ------
    Refusal
        ``no_tasks``, ``packet_of_packet``, ``nothing_to_pack``; or the file cannot be written.
    """
    order = job.on_study(_order, study, grader)
    packed: dict[str, Image] = {}
    problems: list[Problem] = []

    def pictures() -> Iterator[tuple[Image, bytes]]:
        for image, content in _encoded(study.folder, order, job):
            if isinstance(content, Problem):
                problems.append(content)
                continue
            packed[image.path] = Image(
                order.names[image.path], image.width, image.height, image.digest
            )
            yield packed[image.path], content
        if not packed:
            raise _nothing_to_pack(grader, problems)

    def copied() -> Iterator[PacketReading]:
        tasks = [task for task in order.tasks if task.image in packed]
        for position, task in enumerate(tasks):
            job.cancel.check()
            job.progress(Step("readings", position + 1, len(tasks)))
            revisions = job.on_study(study.revisions, task.image, task.grader, task.role)
            yield _reading(order, task, revisions, position=position)

    whose = study_digest(order.study_id), grader, order.options
    file = write(target, PacketContents(*whose, pictures(), copied()))
    readings = sum(task.image in packed for task in order.tasks)
    return Packed(file, grader, len(packed), readings, tuple(problems))


def _order(study: Study, grader: str) -> _Order:
    if study.packet() is not None:
        message, remedy = "A packet is made from a study, not from a packet", "Give the study"
        raise refuse("packet_of_packet", grader, message, remedy)
    tasks = study.tasks(grader)
    if not tasks:
        message = "The study asks this grader for nothing"
        raise refuse("no_tasks", grader, message, "Check the name, or assign images first")
    options = study.options()
    known = {image.path: image for image in study.images()}
    paths = list(dict.fromkeys(task.image for task in tasks))
    names = {path: path for path in paths}
    if options.masks_names:
        names = {path: f"image-{number:04}" for path, number in zip(paths, count(1), strict=False)}
    images = [known[path] for path in paths]
    return _Order(study.info().id, options, tasks, images, names, study.privacy_boxes())


def _encoded(
    folder: Path, order: _Order, job: JobContext
) -> Iterator[tuple[Image, bytes | Problem]]:
    """Yield each image with its encoded photograph, or with the reason why it has none."""
    encode = partial(encode_photograph, folder, order.boxes)
    photographs = in_order(
        order.images, encode, lane=Lane.CPU, executor=job.executor, cancel=job.cancel
    )
    with closing(photographs):
        pairs = zip(order.images, photographs, strict=True)
        for done, (image, content) in enumerate(pairs, start=1):
            job.progress(Step("pictures", done, len(order.images), image.path))
            yield image, content


def encode_photograph(
    folder: Path, boxes: Mapping[str, Sequence[PrivacyBox]], image: Image
) -> bytes | Problem:
    """Return the photograph of an image as it may leave the study, or why it is left out."""
    pixels = read_shown_pixels(folder, image, boxes.get(image.path, ()))
    if isinstance(pixels, Failure):
        return _left_out(image, pixels)
    return encode_png(pixels) if max(pixels.shape) > LONGEST_JPEG else encode_jpeg(pixels)


def _left_out(image: Image, failure: Failure) -> Problem:
    missing = failure.reason is Reason.NO_PIXELS
    what = "Import its photograph" if missing else "Put the file back as it was imported"
    message = f"It is not in the packet: {failure.detail}"
    return Problem(failure.reason.value, image.path, message, f"{what}, then make the packet again")


def _nothing_to_pack(grader: str, problems: Sequence[Problem]) -> Refusal:
    message = f"None of the {len(problems)} images has a photograph to pack: {problems[0]}"
    remedy = "Put the photographs where they were imported from, beside the study"
    return refuse("nothing_to_pack", grader, message, remedy)


def _reading(
    order: _Order, task: Task, revisions: Sequence[Revision], *, position: int
) -> PacketReading:
    """Return a reading under its name and at its place in the packet."""
    name = order.names[task.image]
    key = record_key(order.study_id, task.image, task.grader, task.role)
    renamed = [replace(r, grading=replace(r.grading, image=name)) for r in revisions]
    return PacketReading(replace(task, image=name, position=position), key, tuple(renamed))
