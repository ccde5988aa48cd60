"""A study of 100,000 images: opened, aggregated, exported, each image at the cost of 1,000."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.measure import Figure
from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.domain.rows import (
    CASE_METRICS,
    CaseMetric,
    CaseResult,
    ImageAgreement,
    ImageLocalisation,
    ImageResult,
)
from engine.domain.settings import AgreementSettings, FindingsSettings
from engine.findings.findings import find
from engine.pipeline import measure_graders, measure_study
from engine.report.columns import agreement_table, case_table, image_table
from engine.report.csv_file import write_csv
from engine.report.findings_tables import findings_tables
from engine.stages.exporting import ExportRequest, export_study
from engine.study.sqlite import create_study, open_study
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor

FEW, MANY = 1_000, 100_000
GRADERS, VERTICES = 3, 20
SIZE = (800, 600)
CONDITIONS = tuple(f"Condition {letter}" for letter in "ABCDEFGHIJ")


def measure() -> list[Figure]:
    """Measure both halves: gradings in the store, and scores in the findings and the tables."""
    with TemporaryDirectory() as folder:
        files = [_graded_study(Path(folder) / f"{count}.concord", count) for count in (FEW, MANY)]
        aggregated = [
            _per_image(partial(_aggregate, file), count, times)
            for file, count, times in zip(files, (FEW, MANY), (5, 1), strict=True)
        ]
        scored = [
            _per_image(partial(_find_and_write, Path(folder), *_scores(count)), count, times)
            for count, times in ((FEW, 3), (MANY, 1))
        ]
    return [
        _figure("open, agreement, graders, both CSVs of", *aggregated),
        _figure("findings and every table of", *scored),
    ]


def _figure(name: str, few: float, many: float) -> Figure:
    return Figure(
        f"{name} {MANY:,} images, each image",
        many,
        few,
        f"ours at {FEW:,} images",
        many / few,
        "<= 1.20",
        "ms",
        "cost per image in the large study over that in the small one",
    )


def _per_image(run: Callable[[], None], images: int, times: int) -> float:
    return min(_seconds(run) for _ in range(times)) * 1000 / images


def _seconds(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _graded_study(file: Path, images: int) -> Path:
    with create_study(file, author="benchmark") as study:
        study.add_images((_image(number) for number in range(images)), author="benchmark")
        study.record_gradings(_gradings(images), author="benchmark")
    return file


def _image(number: int) -> Image:
    metadata = {"sex": ("female", "male")[number % 2], "age": str(18 + number % 70)}
    condition = CONDITIONS[number % len(CONDITIONS)]
    return Image(f"{number:06}.jpg", *SIZE, None, f"case {number // 3 * 2}", condition, metadata)


def _gradings(images: int) -> Iterator[Grading]:
    rng = np.random.default_rng(0)
    angles = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for number in range(images):
        centre, radius = rng.uniform((250, 200), (550, 400)), rng.uniform(20, 100)
        for grader in range(GRADERS):
            points = centre + radius * rng.uniform(0.9, 1.1, (VERTICES, 1)) * circle
            region = (Polygon(ring(points)),)
            name = f"{number:06}.jpg"
            yield Grading(name, f"grader {grader}", visible=True, roi_count=1, region=region)


def _aggregate(file: Path) -> None:
    settings, job = AgreementSettings(), JobContext(InlineExecutor())
    with open_study(file) as study:
        rows = measure_study(study, settings, job)
        measure_graders(study, settings, job)
        with TemporaryDirectory() as out:
            request = ExportRequest("csv")
            export_study(study, Path(out), request, job, on_loss=lambda _: None)
    write_csv(agreement_table(rows), file.with_suffix(".csv"))


def _scores(images: int) -> tuple[list[ImageResult], list[CaseResult]]:
    rng = np.random.default_rng(0)
    results = [_result(_image(number), rng) for number in range(images)]
    of_case: dict[str, list[ImageResult]] = {}
    for result in results:
        of_case.setdefault(result.image.case, []).append(result)
    return results, [_case(name, members) for name, members in of_case.items()]


def _result(image: Image, rng: np.random.Generator) -> ImageResult:
    ds, area = rng.uniform(0.2, 0.9), rng.uniform(0.01, 0.3)
    numbers = dict.fromkeys(ImageLocalisation.__dataclass_fields__, 0.5) | {
        "ds": ds, "ds_above_chance": ds - area, "srcc": ds - 0.2, "auc": 0.5 + ds / 2,
        "roi_area": area, "compared_pixels": 1000, "unseen_pixels": 0,
    }  # fmt: skip
    measures = (3, 3, 3, 1.0, 0.8, 0.9, 0.9, 0.9, area, 0.85)
    agreement = ImageAgreement(image, *measures, admitted=True, reason=None)
    return ImageResult(
        agreement,
        predicted=image.condition or "",
        image_predicted=image.condition or "",
        probability=0.8,
        is_correct=int(image.case.removeprefix("case ")) % 5 != 0,
        localisation=ImageLocalisation(**numbers),
    )


def _case(name: str, members: Sequence[ImageResult]) -> CaseResult:
    first = members[0]
    metrics = {
        metric: CaseMetric(getattr(first.localisation, metric), first.image.path, len(members))
        for metric in CASE_METRICS
    }
    condition, metadata = first.image.condition, first.image.metadata
    return CaseResult(
        name, condition, first.predicted, first.is_correct, len(members), metrics, metadata
    )


def _find_and_write(
    folder: Path, images: Sequence[ImageResult], cases: Sequence[CaseResult]
) -> None:
    findings = find(images, cases, {}, FindingsSettings())
    for table in (image_table(images), case_table(cases), *findings_tables(findings, images)):
        write_csv(table, folder / f"{table.name}.csv")
