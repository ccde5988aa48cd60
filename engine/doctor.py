"""Checks a study and the machine, and says what to do about what it finds."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from engine.domain.image import Image
from engine.domain.problem import Problem, Refusal, Severity
from engine.images.digest import digest_of
from engine.report.manifest import versions
from engine.saliency.cache import CacheFile, MapCache
from engine.stages.prepare import NO_TORCH, has_torch, map_folder
from engine.study.protocol import Study, StudyInfo
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.ordered import in_order
from engine.tasks.progress import Step


@dataclass(frozen=True, slots=True)
class Machine:
    """Versions, and the device a classifier would run on."""

    versions: dict[str, str]
    device: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found in a study.

    Attributes
    ----------
    maps, map_bytes
        Number and size of the stored saliency maps.
    stale_maps
        How many of them belong to no image of the study any more.
    """

    info: StudyInfo
    images: int
    without_pixels: int
    graders: int
    maps: int
    map_bytes: int
    stale_maps: int
    problems: tuple[Problem, ...]


def examine_machine() -> Machine:
    """Return versions, device, and what is missing for a part of the work."""
    if not has_torch():
        return Machine(versions(), "none", (replace(NO_TORCH, severity=Severity.NOTE),))
    from engine.saliency.device import describe_device  # noqa: PLC0415 - loads torch

    return Machine(versions(), describe_device(), ())


def examine_study(study: Study, study_file: Path, job: JobContext) -> Diagnosis:
    """Verify the store, the pixels of every image against its digest, and the stored maps."""
    problems = list(job.on_study(study.check))
    images = job.on_study(study.images)
    with_pixels = [image for image in images if image.has_pixels]
    is_packet = job.on_study(study.packet) is not None
    in_files = [] if is_packet else with_pixels  # a packet holds its pictures itself
    checked = in_order(
        in_files,
        partial(check_pixels, study.folder),
        lane=Lane.CPU,
        executor=job.executor,
        cancel=job.cancel,
    )
    for done, problem in enumerate(checked, start=1):
        job.progress(Step("pixels", done, len(in_files), in_files[done - 1].path))
        problems += [problem] if problem else []
    cache = MapCache(map_folder(study_file))
    maps = cache.files()
    stale = cache.stale({image.digest or "" for image in with_pixels})
    return Diagnosis(
        info=job.on_study(study.info),
        images=len(images),
        without_pixels=len(images) - len(with_pixels),
        graders=len(job.on_study(study.graders)),
        maps=len(maps),
        map_bytes=sum(m.size for m in maps),
        stale_maps=len(stale),
        problems=(*problems, *(map(_stale_map, stale))),
    )


def _stale_map(file: CacheFile) -> Problem:
    return Problem(
        "stale_map",
        file.path.name,
        "the stored map belongs to no image of the study, or was left half-written",
        f"Delete {file.path}; maps can be made again at any time",
        Severity.NOTE,
    )


def check_pixels(folder: Path, image: Image) -> Problem | None:
    """Return what is wrong with the file of an image, or None."""
    path = folder / image.path
    if not path.is_file():
        message, remedy = "the file is missing", f"Put it back at {path}"
        return Problem("pixels_missing", image.path, message, remedy, Severity.ERROR)
    try:
        digest = digest_of(path)
    except Refusal as refusal:
        return refusal.problem
    if digest == image.digest:
        return None
    message = "the file is not the one that was imported"
    remedy = "Put the original back, or import the changed file under a new name"
    return Problem("pixels_changed", image.path, message, remedy, Severity.ERROR)
