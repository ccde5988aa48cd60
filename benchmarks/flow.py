"""Importing gradings and measuring agreement: cost per image as the study grows."""

import json
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measure import Figure, peak_resident
from engine.domain.settings import AgreementSettings
from engine.formats.options import ImportOptions
from engine.pipeline import import_files, measure_study
from engine.study.sqlite import create_study
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor

SMALL, LARGE = 1_000, 10_000
GRADERS = 3
VERTICES = 50
SIZE = (1600, 1200)


def measure() -> list[Figure]:
    """Measure a study of 1,000 images and one of 10,000, three labelme files an image."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = (write_gradings(Path(folder) / str(n), n) for n in (SMALL, LARGE))
        _seconds(small)  # what is loaded once is not part of the cost
        per_small = min(_seconds(small) for _ in range(3)) / SMALL
        per_large = min(_seconds(large) for _ in range(2)) / LARGE
        memory_small, memory_large = (peak_resident(partial(_job, f)) for f in (small, large))
    per_image = (memory_large - memory_small) / (LARGE - SMALL) * 2**10
    return [
        Figure(
            f"import of {LARGE * GRADERS:,} regions and agreement, each image",
            per_large * 1e3,
            per_small * 1e3,
            f"ours at {SMALL:,} images",
            per_large / per_small,
            "<= 1.20",
            "ms",
            "cost per image in the large study over that in the small one",
        ),
        Figure(
            "memory of the same",
            memory_large,
            memory_small,
            f"ours at {SMALL:,} images",
            memory_large / memory_small,
            "flat",
            "MiB",
            f"{per_image:.1f} KiB for each further image, most of it its row of the result",
        ),
    ]


def write_gradings(folder: Path, images: int) -> Path:
    """Write one labelme file for each image and grader, and return their folder."""
    rng = np.random.default_rng(0)
    angles = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    for grader in range(GRADERS):
        (folder / f"grader_{grader}").mkdir(parents=True)
    for image in range(images):
        centre, radius = rng.uniform((500, 400), (1100, 800)), rng.uniform(60, 300)
        for grader in range(GRADERS):
            r = radius * rng.uniform(0.9, 1.1, (VERTICES, 1))
            points = centre + r * np.stack([np.cos(angles), np.sin(angles)], axis=1)
            document = {
                "shapes": [{"label": "l", "shape_type": "polygon", "points": points.tolist()}],
                "imagePath": f"image_{image:06}.jpg",
                "imageWidth": SIZE[0],
                "imageHeight": SIZE[1],
            }
            target = folder / f"grader_{grader}" / f"image_{image:06}.json"
            target.write_text(json.dumps(document))
    return folder


def _job(gradings: Path) -> Callable[[], None]:
    return partial(import_and_measure, gradings)


def import_and_measure(gradings: Path) -> None:
    """Import all gradings into a new study and measure the agreement of every image."""
    job = JobContext(InlineExecutor())
    with (
        tempfile.TemporaryDirectory() as folder,
        create_study(Path(folder) / "study.concord", author="benchmark") as study,
    ):
        import_files(study, [gradings], ImportOptions(), job, author="benchmark")
        rows = measure_study(study, AgreementSettings(), job)
        assert all(row.admitted for row in rows)


def _seconds(gradings: Path) -> float:
    start = time.perf_counter()
    import_and_measure(gradings)
    return time.perf_counter() - start
