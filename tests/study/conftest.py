"""Studies in files, small and large."""

from collections.abc import Callable

import numpy as np
import pytest

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.study.sqlite import create_study


@pytest.fixture
def file(tmp_path):
    """A closed study of 20 images, read by three graders each."""
    file = tmp_path / "study.concord"
    with create_study(file, author="lead") as study:
        study.add_images((Image(f"{n:02}.png", 100, 100) for n in range(20)), author="lead")
        study.record_gradings(make_gradings(20), author="importer")
    return file


@pytest.fixture
def gradings_of() -> Callable[[int], list[Grading]]:
    """Gradings of so many images by three graders each."""
    return make_gradings


def make_gradings(images: int) -> list[Grading]:
    random = np.random.default_rng(0)
    return [
        Grading(
            f"{number:02}.png",
            grader,
            region=(Polygon(ring(random.uniform(0, 100, (50, 2)))),),
        )
        for number in range(images)
        for grader in ("ada", "bo", "cy")
    ]
