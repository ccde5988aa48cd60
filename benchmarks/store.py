"""Gradings of 10,000 images in and out of the store: linear in images, flat in memory."""

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measure import Figure, best_of, peak_memory
from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.study.protocol import Study
from engine.study.sqlite import create_study

FEW, MANY = 1_000, 10_000
GRADERS, VERTICES = 3, 50
LINEAR = "cost per image within 20 % of that at 1,000"
FLAT = "peak memory flat"
Step = Callable[[Study, int], object]


def measure() -> list[Figure]:
    """Measure 10,000 images (30,000 regions of 50 vertices) beside 1,000 of the same."""
    steps = {"record gradings": _record, "stream readings": _stream}
    return [figure for name, step in steps.items() for figure in _compare(name, step)]


def _compare(name: str, step: Step) -> list[Figure]:
    few, many = _milliseconds(step, FEW, times=5), _milliseconds(step, MANY, times=2)
    few_memory, many_memory = _peak(step, FEW), _peak(step, MANY)
    beside = f"itself at {FEW:,} images"
    return [
        Figure(f"{name}, {MANY:,} images, per image", many, few, beside, few / many, LINEAR, "ms"),
        Figure(f"{name}, {MANY:,} images, peak memory", many_memory, few_memory, beside,
               few_memory / many_memory, FLAT, "MiB", "Python and numpy; SQLite's cache is 2 MB"),
    ]  # fmt: skip


def _milliseconds(step: Step, images: int, *, times: int) -> float:
    return min(_on_a_new_study(step, images, partial(best_of, times=1)) for _ in range(times)) * (
        1000 / images
    )


def _peak(step: Step, images: int) -> float:
    return _on_a_new_study(step, images, peak_memory)


def _on_a_new_study(
    step: Step, images: int, take: Callable[[Callable[[], object]], float]
) -> float:
    with (
        tempfile.TemporaryDirectory() as folder,
        create_study(Path(folder) / "study", author="benchmark") as study,
    ):
        study.add_images((Image(_path(n), 6000, 4000) for n in range(images)), author="benchmark")
        if step is _stream:
            _record(study, images)
        return take(lambda: step(study, images))


def _record(study: Study, images: int) -> None:
    study.record_gradings(_gradings(images), author="benchmark")


def _stream(study: Study, _images: int) -> None:
    for _ in study.readings():
        pass


def _gradings(images: int) -> Iterator[Grading]:
    random = np.random.default_rng(0)
    for number in range(images):
        for grader in range(GRADERS):
            region = (Polygon(ring(random.uniform(0, 4000, (VERTICES, 2)))),)
            yield Grading(_path(number), f"grader {grader}", region=region)


def _path(number: int) -> str:
    return f"{number:06}.jpg"
