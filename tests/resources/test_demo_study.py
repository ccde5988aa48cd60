"""The demo study on disk: same bytes, whole or not there, and the engine reads all of it."""

import csv
import hashlib
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.domain import image as domain
from engine.domain.grading import Grading, Reading, Role
from engine.domain.measure import Reason, value_of
from engine.domain.problem import Problem
from engine.domain.settings import AgreementSettings, FindingsSettings
from engine.formats.annotations import read_each
from engine.formats.body_parts import read_labels, read_vocabulary
from engine.formats.names import ImageNames
from engine.formats.options import ImportOptions
from engine.formats.sources import find_sources
from engine.graders.agreement import measure_agreement
from engine.graders.repeats import repeat_agreement
from engine.saliency.cards import read_card
from resources.demo import study
from resources.demo.classifier import COLUMNS, INPUT_SIDE, PLACES
from resources.demo.graders import POOL, three_of_pool
from resources.demo.photographs import CONDITIONS
from resources.demo.study import write_demo


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> study.DemoPaths:
    return write_demo(tmp_path_factory.mktemp("demo"), seed=3, cases=10)


@pytest.fixture(scope="module")
def rows(demo) -> list[dict[str, str]]:
    with demo.manifest.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_gives_the_same_bytes(demo, tmp_path) -> None:
    write_demo(tmp_path, seed=3, cases=10)
    assert digests(tmp_path) == digests(demo.manifest.parent)


def test_another_seed_gives_another_study(demo, tmp_path) -> None:
    other = write_demo(tmp_path, seed=4, cases=10)
    assert other.manifest.read_bytes() != demo.manifest.read_bytes()


def test_writing_it_again_touches_nothing(demo) -> None:
    before = {file: file.stat().st_mtime_ns for file in demo.manifest.parent.rglob("*")}
    write_demo(demo.manifest.parent, seed=3, cases=10)
    assert {file: file.stat().st_mtime_ns for file in demo.manifest.parent.rglob("*")} == before


def test_an_interrupted_study_is_completed(demo, tmp_path, monkeypatch) -> None:
    written = 0
    write = study._write

    def interrupted(path: Path, content: bytes) -> None:
        nonlocal written
        written += 1
        if written == 23:
            raise KeyboardInterrupt
        write(path, content)

    monkeypatch.setattr(study, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_demo(tmp_path, seed=3, cases=10)
    assert not (tmp_path / "manifest.csv").exists()
    monkeypatch.undo()
    write_demo(tmp_path, seed=3, cases=10)
    assert digests(tmp_path) == digests(demo.manifest.parent)


def test_another_study_is_not_overwritten(tmp_path) -> None:
    (tmp_path / "manifest.csv").write_text("image,case\nmine.jpg,1\n")
    with pytest.raises(FileExistsError, match="another study"):
        write_demo(tmp_path, seed=3, cases=10)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.csv"]


def test_it_says_that_it_is_synthetic(demo) -> None:
    assert "synthetic" in (demo.manifest.parent / "SYNTHETIC.txt").read_text()


def test_the_manifest_names_every_picture_once_in_cases_of_one_to_three(demo, rows) -> None:
    names = [row["image"] for row in rows]
    files = sorted(
        path.relative_to(demo.manifest.parent).as_posix() for path in demo.photographs.iterdir()
    )
    assert sorted(names) == files
    cases = [row["case"] for row in rows]
    counts = {case: cases.count(case) for case in cases}
    assert len(counts) == 10
    assert set(counts.values()) <= {1, 2, 3}
    assert {row["condition"] for row in rows} == set(CONDITIONS)
    by_case = {(row["case"], row["condition"], row["sex"], row["age"]) for row in rows}
    assert len(by_case) == 10


def test_three_different_graders_read_each_image_and_share_the_work() -> None:
    rng, load = np.random.default_rng(0), {}
    for _ in range(50):
        assert len({grader.name for grader in three_of_pool(rng, load)}) == 3
        assert max(load.values()) - min(load.get(g.name, 0) for g in POOL) <= 1
    assert len(load) == 10


@dataclass(frozen=True)
class Imported:
    """A demo study as the engine reads it."""

    images: list[domain.Image]
    gradings: list[Grading]
    labels: dict[str, frozenset[str]]
    problems: list[Problem]

    def readings(self, image: domain.Image) -> list[Reading]:
        return [
            Reading(g.grader, g.role, first=g, latest=g, last=g)
            for g in self.gradings
            if g.image == image.path
        ]


def imported(demo: study.DemoPaths) -> Imported:
    folder = demo.manifest.parent
    with demo.manifest.open(newline="", encoding="utf-8") as file:
        paths = [row["image"] for row in csv.DictReader(file)]
    images = []
    for path in paths:
        with Image.open(folder / path) as picture:
            images.append(domain.Image(path, *picture.size, digest="0" * 64))
    names = ImageNames(images, folder=folder)
    sources = find_sources([demo.gradings], ImportOptions())
    parsed = list(read_each(sources.annotations, ImportOptions(), names))
    labels, problems = read_labels(demo.body_parts, read_vocabulary(), names.find)
    return Imported(
        images,
        [grading for file in parsed for grading in file.gradings],
        labels,
        [*problems, *(problem for file in parsed for problem in file.problems)],
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Imported:
    """The study that the demo command shows."""
    return imported(write_demo(tmp_path_factory.mktemp("whole")))


def test_the_engine_reads_every_grading_and_label_without_a_problem(whole) -> None:
    assert whole.problems == []
    paths = [image.path for image in whole.images]
    firsts = [grading for grading in whole.gradings if grading.role is Role.ASSIGNED]
    assert sorted(grading.image for grading in firsts) == sorted(3 * paths)
    assert {grading.grader for grading in whole.gradings} == {grader.name for grader in POOL}
    assert whole.labels.keys() == set(paths)


def test_images_of_the_study_leave_for_every_reason_that_graders_can_give(whole) -> None:
    settings = AgreementSettings()
    rows = [measure_agreement(image, whole.readings(image), settings) for image in whole.images]
    left = Counter(row.reason for row in rows if not row.admitted)
    assert left.keys() == {
        Reason.NOT_VISIBLE, Reason.TOO_MANY_REGIONS, Reason.KAPPA_BELOW_CUT
    }  # fmt: skip
    assert min(left.values()) >= 2
    assert sum(left.values()) < len(rows) / 2


def test_some_readings_are_repeated_and_differ_from_the_first(whole) -> None:
    settings = AgreementSettings()
    repeats = [
        found
        for image in whole.images
        for found in repeat_agreement(image, whole.readings(image), settings)
    ]
    assert len(repeats) >= 5
    dice = [value_of(found.dice) for found in repeats]
    assert 0.5 < np.median([d for d in dice if d is not None]) < 0.99


def test_some_metadata_are_missing_and_every_condition_has_cases_enough() -> None:
    images = list(study._plan(1, study.CASES))
    columns = list(zip(*(image.row for image in images), strict=True))
    for column in columns[3:]:
        missing = sum(not value for value in column)
        assert 0 < missing < len(images) / 3
    conditions = Counter(condition for _, condition in {image.row[1:3] for image in images})
    assert min(conditions.values()) >= 2 * FindingsSettings().min_cases_per_condition


def test_labels_say_what_is_in_the_pictures(whole) -> None:
    assert {"marking", "body_hair", "hand", "clothing", "scale_reference"} < frozenset.union(
        *whole.labels.values()
    )
    assert frozenset() in whole.labels.values()


def test_writing_the_study_needs_no_heavy_library() -> None:
    heavy = "{'torch', 'scipy', 'pandas', 'matplotlib', 'engine'}"
    program = f"import sys, resources.demo.study; print({heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_the_model_card_fits_study_and_classifier() -> None:
    card = read_card(study.CARD)
    assert card.classes == CONDITIONS
    assert card.metadata == COLUMNS
    assert set(card.metadata) <= set(study.COLUMNS)
    assert card.case_images == PLACES
    assert max(Counter(image.row[1] for image in study._plan(1, 200)).values()) == PLACES
    assert card.input_size == (INPUT_SIDE, INPUT_SIDE)
    assert card.weights is not None
    assert card.weights.stat().st_size < 400_000
