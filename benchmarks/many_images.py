"""A folder of 100,000 image files, and a study that asks one grader to read all of them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image as Picture

from benchmarks.pictures import BUILD
from engine.domain.grading import Grading, Origin, Role, Status, Task
from engine.domain.image import Image
from engine.images.digest import digest_of
from engine.study.schema import SCHEMA
from engine.study.sqlite import create_study

GRADER = "grader"
SIDE = 8
LINKS = 50_000
"""Names that one file may have on the usual file systems; above it comes another file."""

DONE_SHARE = 0.3
"""Of the queue is done; in the middle of it the grader goes on."""


def folder_of(count: int) -> Path:
    """Return a folder with that many picture files, made now where it is not there yet."""
    folder = BUILD / f"many-{count}"
    if folder.exists():
        return folder
    unfinished = folder.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for number in range(count):
        file = unfinished / _name(number)
        if number % LINKS == 0:
            original = file
            Picture.fromarray(np.full((SIDE, SIDE, 3), 128, np.uint8)).save(file)
        else:
            os.link(original, file)
    return unfinished.rename(folder)


def study_of(count: int) -> Path:
    """Return a study in that folder whose grader has done the first third of the images."""
    folder = folder_of(count)
    file = folder / f"queue-{SCHEMA}.concord"
    if not file.exists():
        unfinished = folder / "unfinished.concord"
        unfinished.unlink(missing_ok=True)
        _fill(unfinished, folder, count)
        unfinished.rename(file)
    return file


def _fill(file: Path, folder: Path, count: int) -> None:
    digest = digest_of(folder / _name(0))
    with create_study(file, author=GRADER) as study:
        images = (Image(_name(number), SIDE, SIDE, digest=digest) for number in range(count))
        study.add_images(images, author=GRADER)
        tasks = (Task(_name(number), GRADER, Role.ASSIGNED, number) for number in range(count))
        study.assign_tasks(tasks, author=GRADER, seed=0)
        study.record_gradings(_done(int(count * DONE_SHARE)), author=GRADER)


def _done(count: int) -> Iterator[Grading]:
    for number in range(count):
        yield Grading(_name(number), GRADER, visible=False, status=Status.DONE, origin=Origin.DRAWN)


def _name(number: int) -> str:
    return f"{number:06}.jpg"
