"""What strangers drew, imported, exported to every format and imported again."""

from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.formats.annotations import read_each
from engine.formats.exporting import GradedImage
from engine.formats.names import ImageNames
from engine.formats.options import ImportOptions
from engine.formats.photographs import read_photograph
from engine.formats.sources import find_sources
from engine.formats.writers import WRITERS
from engine.regions.rasterise import rasterise
from tests.round_trip import distance, graded, round_trip

pytestmark = pytest.mark.real


def imported(paths: list[Path], known: list[Image], **chosen: object) -> list[GradedImage]:
    options = ImportOptions(**chosen)
    names = ImageNames(known)
    files = list(read_each(find_sources(paths, options).annotations, options, names))
    images = [*known, *chain.from_iterable(file.new_images for file in files)]
    gradings = [grading for file in files for grading in file.gradings]
    return [item for item in graded(images, gradings) if item.gradings]


def photographs(folder: Path) -> list[Image]:
    files = find_sources([folder], ImportOptions()).images
    return [read_photograph(file, study_folder=folder, verify=False) for file in files]


def same_pixels(image: Image, first: Grading, second: Grading) -> bool:
    masks = (rasterise(g.region, width=image.width, height=image.height) for g in (first, second))
    return next(masks) == next(masks)


def check(name: str, items: list[GradedImage], folder: Path) -> None:
    """Every grading comes back, its outline within a hundredth of a pixel, or exact as pixels."""
    back = round_trip(name, items, folder).by_reading()
    sent = [(item.image, grading) for item in items for grading in item.gradings]
    assert len(back) == len(sent)
    for image, meant in sent:
        found = back[meant.image, meant.grader, meant.role]
        assert (found.visible, found.status) == (meant.visible, meant.status)
        if name == "csv":
            assert found == meant
        elif name == "mask":
            assert same_pixels(image, found, meant)
        else:
            assert distance(found.region, meant.region) <= 0.01


@pytest.mark.parametrize("name", WRITERS)
def test_what_eight_dermatologists_drew_comes_back(
    real_data: Path, tmp_path: Path, name: str
) -> None:
    items = imported([real_data / "dermxdb"], [], name_pattern="{grader}_{image}")
    assert sum(len(item.gradings) for item in items) == 112
    check(name, items[:3] if name == "mask" else items, tmp_path)


@pytest.mark.parametrize("name", WRITERS)
def test_masks_of_experts_come_back_exact_to_the_pixel(
    real_data: Path, tmp_path: Path, name: str
) -> None:
    folder = real_data / "bubil"
    pattern = {"name_pattern": "{grader}/seg_{image}", "mask_value": "dark"}
    experts = [folder / f"expert_{number}" for number in (1, 2)]
    items = imported(experts, photographs(folder / "images"), **pattern)
    assert sum(len(item.gradings) for item in items) == 20
    back = round_trip(name, items, tmp_path).by_reading()
    for item in items:
        for meant in item.gradings:
            assert same_pixels(item.image, back[meant.image, meant.grader, meant.role], meant)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(
    "source",
    [
        "coco/coco/annotations/instances_val.json",
        "coco/coco/annotations/image_info_val.json",
        "coco/coco_roboflow/val/_annotations.coco.json",
        "labelstudio_polygons/data.json",
        "labelstudio_polygons/data_obb.json",
        "labelstudio_polygons/data_polygons.json",
        "cvat/for_images/export_project",
    ],
)
def test_files_of_other_tools_come_back(
    real_data: Path, tmp_path: Path, source: str, name: str
) -> None:
    items = imported([real_data / "annotations" / source], [])
    assert items
    check(name, items, tmp_path)


def test_an_exported_coco_file_is_itself_imported_without_a_word(
    real_data: Path, tmp_path: Path
) -> None:
    items = imported([real_data / "dermxdb"], [], name_pattern="{grader}_{image}")
    trip = round_trip("coco", items, tmp_path)
    assert trip.problems == []
    areas = [rasterise(g.region, width=9000, height=9000).area for g in trip.gradings]
    assert np.count_nonzero(areas) == 112 - 34
