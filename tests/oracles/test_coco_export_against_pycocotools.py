"""Exported COCO files as pycocotools reads them: the same images, areas, boxes and pixels."""

import contextlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from pycocotools.coco import COCO

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.formats.writers import export_gradings
from engine.regions.outline import region_of_mask
from engine.regions.rasterise import rasterise
from tests.round_trip import graded, square

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
IMAGE = Image("a.jpg", 61, 47)


def exported(region: tuple, folder: Path) -> COCO:
    sent = [Grading(IMAGE.path, "ann", True, len(region), region), Grading(IMAGE.path, "bob")]
    list(export_gradings(graded([IMAGE], sent), folder, format="coco"))
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(folder / "ann.json")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.97])
def test_a_painted_region_is_the_same_pixels_for_pycocotools_holes_and_all(
    tmp_path: Path, share: float
) -> None:
    mask = np.random.default_rng(11).random((47, 61)) < share
    region = region_of_mask(mask)
    coco = exported(region, tmp_path)
    annotations = coco.loadAnns(coco.getAnnIds())
    assert len(annotations) == len(region)
    drawn = [coco.annToMask(annotation) for annotation in annotations]
    assert np.array_equal(np.any(drawn, axis=0), mask)
    assert sum(annotation["area"] for annotation in annotations) == mask.sum()
    assert [annotation["area"] for annotation in annotations] == [m.sum() for m in drawn]


def test_boxes_areas_images_and_categories_are_what_pycocotools_asks_for(tmp_path: Path) -> None:
    slanted = Polygon(ring([(3.5, 2.25), (40.125, 9), (22, 40.75)]))
    region = (slanted, square(45, 30, 9, hole=2))
    coco = exported(region, tmp_path)
    assert coco.getImgIds() == [1]
    assert coco.loadImgs([1])[0]["file_name"] == "a.jpg"
    assert [c["name"] for c in coco.loadCats(coco.getCatIds())] == ["pathology"]
    first, second = coco.loadAnns(coco.getAnnIds(imgIds=[1], iscrowd=False))
    assert first["bbox"] == [3.5, 2.25, 36.625, 38.5]
    assert first["area"] == shapely.Polygon(slanted.exterior).area
    assert second["area"] == 81 - 25
    # its own box of an annotation's pixels, which lies on the grid
    pixels = np.argwhere(coco.annToMask(second))
    assert second["bbox"] == [*pixels.min(axis=0)[::-1], *(np.ptp(pixels, axis=0)[::-1] + 1)]


def test_slanted_outlines_differ_from_pycocotools_only_where_they_pass(tmp_path: Path) -> None:
    """It fills a polygon by another rule than pixel centres: one pixel along the outline."""
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    wavy = 15 + 4 * np.sin(3 * turn)
    region = (Polygon(ring(np.column_stack((30 + wavy * np.cos(turn), 23 + wavy * np.sin(turn))))),)
    coco = exported(region, tmp_path)
    theirs = coco.annToMask(coco.loadAnns(coco.getAnnIds())[0]).astype(bool)
    ours = rasterise(region, width=61, height=47).to_mask()
    line = shapely.LinearRing(region[0].exterior)
    rows, columns = np.nonzero(ours != theirs)
    far = shapely.distance(line, shapely.points(columns + 0.5, rows + 0.5))
    assert far.max(initial=0) <= np.sqrt(0.5)
    assert len(rows) < 0.1 * ours.sum()


def test_a_grader_who_drew_nothing_has_a_file_of_images_alone(tmp_path: Path) -> None:
    exported((square(1, 1, 5),), tmp_path)
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(tmp_path / "bob.json")
    assert (coco.getImgIds(), coco.getAnnIds()) == ([1], [])
    assert json.loads((tmp_path / "bob.json").read_text())["info"]["annotator"] == "bob"
