"""Studies with photographs for packets to be made of, and work done in a packet."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np
from PIL import Image as Picture

from engine.domain.grading import Grading, Role, Status, Task
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.images.digest import digest_of
from engine.stages.merging import merge_packet
from engine.stages.packing import Packed, make_packet
from engine.study.packet_contents import Merged
from engine.study.packet_file import open_packet, write_packet
from engine.study.protocol import Study
from engine.study.sqlite import create_study, open_study
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor

GRADERS = ("ada", "bo", "cy")
INLINE = JobContext(InlineExecutor())


def ticking(start: str = "2026-01-01"):
    """Return a clock that is a second later each time it is looked at."""
    seconds = count()
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return lambda: begin + timedelta(seconds=next(seconds))


def region(left: float, top: float, size: float = 4.0):
    """One square."""
    right, bottom = left + size, top + size
    return (Polygon(ring([[left, top], [right, top], [right, bottom], [left, bottom]])),)


def smooth_picture(width: int, height: int, seed: int = 0) -> Picture.Image:
    """Return a picture that JPEG keeps nearly as it is."""
    y, x = np.mgrid[:height, :width]
    channels = [3 * x + 20 * seed, 200 - 2 * y, 90 + x + y]
    return Picture.fromarray(np.stack(channels, axis=-1).clip(0, 255).astype(np.uint8))


def add_photograph(study: Study, name: str, *, seed: int = 0, **details: object) -> Image:
    """Save a photograph of 40 x 30 pixels beside the study and add it."""
    file = study.folder / name
    file.parent.mkdir(exist_ok=True)
    smooth_picture(40, 30, seed).save(file)
    image = Image(name, 40, 30, digest_of(file), **details)
    study.add_images([image], author="lena")
    return image


def make_study(folder: Path, *, images: int = 3, graders: Sequence[str] = GRADERS) -> Path:
    """Make a study whose graders are asked for every photograph, each in an order of their own."""
    file = folder / "study.concord"
    with create_study(file, author="lena", clock=ticking()) as study:
        names = [add_photograph(study, f"p/{n:02}.png", seed=n).path for n in range(images)]
        tasks = [
            Task(image, grader, Role.ASSIGNED, position)
            for turn, grader in enumerate(graders)
            for position, image in enumerate(names[turn % images :] + names[: turn % images])
        ]
        study.assign_tasks(tasks, author="lena", seed=0)
    return file


def pack(study: Path, grader: str, target: Path | None = None) -> Packed:
    """Make a grader's packet beside the study."""
    target = target or study.with_name(f"{grader}.concord")
    with open_study(study, read_only=True) as opened:
        return make_packet(opened, grader, target, INLINE, write=write_packet)


def merge(study: Path, packet: Path, *, takes_packet: bool = False) -> Merged:
    """Merge a packet as its study's lead."""
    with open_study(study, clock=ticking("2026-03-01")) as opened, open_packet(packet) as returned:
        return merge_packet(
            opened, returned, str(packet), INLINE, author="lena", takes_packet=takes_packet
        )


def draw(study: Study, image: str, grader: str, *regions, role: Role = Role.ASSIGNED) -> None:
    """Draw regions one by one, then say that the reading is done."""
    last = study.revisions(image, grader, role)
    parent = last[-1].number if last else None
    for drawn in regions:
        said = Grading(image, grader, True, 1, drawn, Status.STARTED, role=role)
        parent = study.append(said, author=grader, parent=parent, gesture="draw region").number
    done = Grading(image, grader, True, 1, regions[-1], Status.DONE, role=role)
    study.append(done, author=grader, parent=parent, gesture="done")


def grade(packet: Path, *, start: str = "2026-02-01", size: float = 4.0) -> None:
    """Grade every reading of a packet as its grader."""
    with open_study(packet, clock=ticking(start)) as opened:
        for task in opened.tasks():
            place = 1.5 + task.position
            regions = region(place, 2, size), region(place, 3, size)
            draw(opened, task.image, task.grader, *regions, role=task.role)
