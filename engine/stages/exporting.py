"""From a study to the files of an export: which gradings, and a folder that appears whole."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Literal

from engine.domain.grading import Adjudication, Grading, Origin, Reading
from engine.domain.image import Image
from engine.domain.measure import Undefined
from engine.domain.polygon import Region
from engine.domain.problem import Problem, Refusal, Severity, refuse
from engine.domain.settings import AgreementSettings
from engine.formats.exporting import GradedImage
from engine.formats.pixels import region_of_runs
from engine.formats.writers import export_gradings
from engine.graders.consensus import consensus
from engine.stages.graded import Graded, graded_chunks
from engine.study.protocol import Study
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.ordered import in_order
from engine.tasks.progress import Step

CHUNK = 64
"""Images that cross from the study's thread at a time."""

What = Literal["gradings", "consensus", "adjudicated"]


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What a person asks for.

    Attributes
    ----------
    format
        A name in `engine.formats.writers.WRITERS`.
    what
        The graders' own gradings; the region they agree on, as a grader ``consensus``; or the
        lead's decisions, as a grader ``adjudicated``.
    reading
        Which done reading of a grader.
    agreement
        How a consensus is made.
    """

    format: str
    what: What = "gradings"
    reading: Literal["first", "latest"] = "latest"
    agreement: AgreementSettings = field(default_factory=AgreementSettings)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the digest of each image by its path, and the number of gradings."""

    images: Mapping[str, str | None]
    gradings: int


def export_study(
    study: Study,
    folder: Path,
    request: ExportRequest,
    job: JobContext,
    *,
    on_loss: Callable[[Problem], None],
) -> Exported:
    """Write what a study holds to files that other tools read, one image after another.

    Parameters
    ----------
    folder
        An empty folder, as `new_folder` lends it.
    on_loss
        Called with a note for everything that the format cannot hold, and for each image
        without a consensus.

    Raises
    ------
    Refusal
        There is nothing to export.
    """
    images: dict[str, str | None] = {}
    gradings = 0

    def counted() -> Iterator[GradedImage]:
        nonlocal gradings
        for item in _items(study, request, job, on_loss):
            images[item.image.path] = item.image.digest
            gradings += len(item.gradings)
            yield item

    for loss in export_gradings(counted(), folder, format=request.format):
        on_loss(loss)
    if not gradings:
        raise Refusal(nothing_to_export(request.what))
    return Exported(images, gradings)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an export would write, before it is made.

    Attributes
    ----------
    with_holes
        How many of the gradings have a region with holes.
    without_consensus
        How many images have readings that come to none.
    """

    images: int = 0
    gradings: int = 0
    with_holes: int = 0
    without_consensus: int = 0


def foresee_export(study: Study, request: ExportRequest, job: JobContext) -> Foreseen:
    """Count what an export would write; nothing is written."""
    images = gradings = with_holes = without = 0

    def count(_: Problem) -> None:
        nonlocal without
        without += 1

    for item in _items(study, request, job, count):
        images += 1
        gradings += len(item.gradings)
        with_holes += sum(any(part.holes for part in given.region) for given in item.gradings)
    return Foreseen(images, gradings, with_holes, without)


def nothing_to_export(what: What) -> Problem:
    """Return the problem that a study holds nothing of a kind."""
    noun, remedy = _WHAT[what]
    message = f"the study has no {noun} to export"
    return Problem("nothing_to_export", "export", message, remedy, Severity.ERROR)


def require_new(target: Path) -> None:
    """Refuse a file, or a folder with something in it.

    Raises
    ------
    Refusal
        ``folder_not_empty``.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        message = "there is something already, which is never replaced"
        raise refuse("folder_not_empty", str(target), message, "Give a new folder")


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Lend an empty folder beside the target, which takes the target's name at the end.

    Where the block fails the folder is removed, and the target is as it was.

    Raises
    ------
    Refusal
        The target is a file or a folder with something in it, or its place cannot be written to.
    """
    target = Path(os.path.abspath(target))
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        require_new(target)
        temporary.mkdir()
        yield temporary
        if target.exists():
            target.rmdir()
        temporary.rename(target)
    except OSError as error:
        message = f"the files cannot be written ({error.strerror or error})"
        remedy = "Free space, or give a folder inside an existing one where you may write"
        raise refuse("cannot_write", str(target), message, remedy) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


_WHAT: Mapping[What, tuple[str, str]] = {
    "gradings": ("done gradings", "Import or grade first"),
    "consensus": ("consensus of graders", "Have images graded by at least two"),
    "adjudicated": ("adjudicated regions", "Adjudicate images first"),
}
"""What there is none of, and what to do then."""


def _items(
    study: Study, request: ExportRequest, job: JobContext, on_loss: Callable[[Problem], None]
) -> Iterator[GradedImage]:
    """Yield every image that has what is asked for."""
    total = job.on_study(study.image_count)
    decided = job.on_study(study.adjudications) if request.what == "adjudicated" else {}
    chunks = in_order(
        graded_chunks(study, job, images=CHUNK),
        partial(_chosen, request, decided),
        lane=Lane.CPU,
        executor=job.executor,
        cancel=job.cancel,
    )
    for done, item in enumerate(chain.from_iterable(chunks), start=1):
        job.cancel.check()  # an image may take a second to write, and a chunk holds many
        if isinstance(item, Problem):
            on_loss(item)
        elif item.gradings:
            yield item
        job.progress(Step("export", done, total))


def _chosen(
    request: ExportRequest, decided: Mapping[str, Adjudication], graded: Sequence[Graded]
) -> list[GradedImage | Problem]:
    return [_of_image(image, readings, request, decided) for image, readings in graded]


def _of_image(
    image: Image,
    readings: Sequence[Reading],
    request: ExportRequest,
    decided: Mapping[str, Adjudication],
) -> GradedImage | Problem:
    if request.what == "gradings":
        counting = (getattr(reading, request.reading) for reading in readings)
        return GradedImage(image, tuple(grading for grading in counting if grading))
    if request.what == "adjudicated":
        found = decided.get(image.path)
        made = (_made(image, "adjudicated", found.region),) if found else ()
        return GradedImage(image, made)
    region = consensus(image, readings, request.agreement)
    if isinstance(region, Undefined):
        message = f"the graders have no consensus ({region.reason}), so nothing was written"
        remedy = "Have it graded by at least two"
        return Problem("no_consensus", image.path, message, remedy, Severity.NOTE)
    return GradedImage(image, (_made(image, "consensus", region_of_runs(region)),))


def _made(image: Image, author: str, region: Region) -> Grading:
    return Grading(
        image.path,
        author,
        visible=True if region else None,
        roi_count=len(region) or None,
        region=region,
        origin=Origin.IMPORTED,
    )
