"""The images of a study with their readings, streamed from the study's own lane."""

from collections.abc import Iterator
from itertools import islice

from engine.domain.grading import Reading
from engine.domain.image import Image
from engine.study.protocol import Study
from engine.tasks.context import JobContext

CHUNK = 256
"""Images that cross from the study's thread at a time."""

Graded = tuple[Image, tuple[Reading, ...]]


def graded_chunks(study: Study, job: JobContext, *, images: int = CHUNK) -> Iterator[list[Graded]]:
    """Stream images with their readings, ordered by case, then path, so many at a time."""
    stream = job.on_study(study.readings)
    while chunk := job.on_study(_take, stream, images):
        yield chunk


def _take(stream: Iterator[Graded], count: int) -> list[Graded]:
    return list(islice(stream, count))
