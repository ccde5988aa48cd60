"""The report of a study of the paper's size: time, size of the page, memory."""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.measure import Figure, peak_resident
from benchmarks.paper_study import PaperStudy, write_study
from engine.domain.settings import RunSettings
from engine.report.folder import write_report
from engine.reporting import report_study
from engine.saliency.trust import TrustStore
from engine.stages.prepare import RunRequest, prepare_run
from engine.study.sqlite import open_study
from engine.tasks.context import JobContext
from engine.tasks.executors import LocalLanes

IMAGES, CASES = 1526, 1083
FEW_IMAGES, FEW_CASES = 382, 271


def measure() -> list[Figure]:
    """Measure the whole report, maps and predictions given, of 1,526 images of 1,083 cases."""
    with tempfile.TemporaryDirectory() as folder:
        few = write_study(Path(folder) / "few", images=FEW_IMAGES, cases=FEW_CASES)
        many = write_study(Path(folder) / "many", images=IMAGES, cases=CASES)
        report(few)  # what is loaded once is no part of the cost
        seconds_few, seconds = _seconds(few), min(_seconds(many) for _ in range(2))
        memory_few, memory = (peak_resident(partial(_job, study)) for study in (few, many))
        size = (many.study.parent / "report" / "report.html").stat().st_size / 1e6
    ratio = (seconds / IMAGES) / (seconds_few / FEW_IMAGES)
    beside = f"ours at {FEW_IMAGES} images"
    return [
        Figure(f"report of {IMAGES:,} images, {CASES:,} cases", seconds, None, "", seconds,
               "< 60", "s", "photographs, maps and predictions given"),
        Figure("its page", size, None, "", size, "< 10", "MB"),
        Figure("its time, each image", seconds / IMAGES * 1000, seconds_few / FEW_IMAGES * 1000,
               beside, ratio, "", "ms"),
        Figure("its memory", memory, memory_few, beside, memory / memory_few, "flat", "MiB",
               f"{(memory - memory_few) / (IMAGES - FEW_IMAGES) * 1024:.0f} KiB an image"),
    ]  # fmt: skip


def report(paths: PaperStudy) -> None:
    """Write the report of a study beside it."""
    request = RunRequest(maps=paths.maps, predictions=paths.predictions)
    trust = TrustStore(paths.study.with_name("trusted.json"))
    with open_study(paths.study) as study, LocalLanes() as lanes:
        job = JobContext(lanes)
        prepared = prepare_run(study, paths.study, request, RunSettings(), trust, job)
        content = report_study(study, prepared, job, with_images=True, clock=lambda: "")
    write_report(content, content.manifest(), paths.study.parent / "report")


def _job(paths: PaperStudy) -> Callable[[], None]:
    return partial(report, paths)


def _seconds(paths: PaperStudy) -> float:
    start = time.perf_counter()
    report(paths)
    return time.perf_counter() - start
