"""The demo study on disk: same bytes, whole or not there, and the engine reads all of it."""

import csv
import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.domain import image as domain
from engine.formats.annotations import read_each
from engine.formats.names import ImageNames
from engine.formats.options import ImportOptions
from engine.formats.sources import find_sources
from engine.regions.rasterise import rasterise
from engine.saliency.cards import read_card
from resources.demo import study
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


def test_some_metadata_are_missing_in_the_default_study() -> None:
    images = list(study._plan(1, 44))
    columns = list(zip(*(image.row for image in images), strict=True))[3:]
    for column in columns:
        missing = sum(not value for value in column)
        assert 0 < missing < len(images) / 3
    assert 60 <= len(images) <= 120


def test_three_different_graders_read_each_image_and_share_the_work() -> None:
    rng, load = np.random.default_rng(0), {}
    for _ in range(50):
        assert len({grader.name for grader in three_of_pool(rng, load)}) == 3
        assert max(load.values()) - min(load.get(g.name, 0) for g in POOL) <= 1
    assert len(load) == 10


def test_the_engine_reads_every_grading_without_a_problem(demo, rows) -> None:
    folder = demo.manifest.parent
    sizes = {}
    for row in rows:
        with Image.open(folder / row["image"]) as picture:
            sizes[row["image"]] = picture.size
    images = [domain.Image(path, *size, digest="0" * 64) for path, size in sizes.items()]
    sources = find_sources([demo.gradings], ImportOptions())
    names = ImageNames(images, folder=folder)
    parsed = list(read_each(sources.annotations, ImportOptions(), names))
    assert [problem for file in parsed for problem in file.problems] == []
    gradings = [grading for file in parsed for grading in file.gradings]
    assert sorted(grading.image for grading in gradings) == sorted(3 * list(sizes))
    assert {grading.grader for grading in gradings} == {grader.name for grader in POOL}
    areas = [
        rasterise(g.region, width=sizes[g.image][0], height=sizes[g.image][1]).area
        for g in gradings
    ]
    assert np.mean([area == 0 for area in areas]) < 0.1


def test_writing_the_study_needs_no_heavy_library() -> None:
    heavy = "{'torch', 'scipy', 'pandas', 'matplotlib', 'engine'}"
    program = f"import sys, resources.demo.study; print({heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_the_model_card_fits_the_study() -> None:
    card = read_card(study.CARD)
    assert card.classes == CONDITIONS
    assert card.weights is not None
    assert card.weights.stat().st_size < 2_000_000
