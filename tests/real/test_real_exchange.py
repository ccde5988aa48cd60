"""Files of CVAT and Label Studio made by strangers say what their programs drew."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.affinity import rotate

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.formats.annotations import ParsedFile, read_each
from engine.formats.cvat import read_cvat
from engine.formats.names import ImageNames
from engine.formats.options import ImportOptions
from engine.formats.sources import find_sources
from tests.round_trip import shape_of

pytestmark = pytest.mark.real


def read(path: Path, *images: Image, **chosen: object) -> list[ParsedFile]:
    options = ImportOptions(**chosen)
    return list(read_each(find_sources([path], options).annotations, options, ImageNames(images)))


def gradings(parsed: list[ParsedFile]) -> list[Grading]:
    return [grading for file in parsed for grading in file.gradings]


def codes(parsed: list[ParsedFile]) -> Counter[str]:
    return Counter(problem.code for file in parsed for problem in file.problems)


def sizes(parsed: list[ParsedFile]) -> dict[str, tuple[int, int]]:
    return {image.path: image.size for file in parsed for image in file.new_images}


def test_a_cvat_task_is_its_images_with_their_boxes_and_polygons(real_data: Path) -> None:
    parsed = read(real_data / "annotations/cvat/for_images/export_task/train.xml", grader="g")
    assert sizes(parsed) == {"img0.jpg": (8, 8), "img1.jpg": (10, 10)}
    box, triangle = gradings(parsed)
    assert shape_of(box.region).equals(shapely.box(0, 2, 4, 4))
    assert shape_of(triangle.region).equals(shapely.Polygon([(1, 2), (3, 4), (6, 5)]))
    told = [problem.message for file in parsed for problem in file.problems]
    assert [kind for kind in ("polyline", "points") for said in told if f"'{kind}'" in said] == [
        "polyline",
        "points",
    ]


def test_images_of_one_name_in_a_cvat_project_are_told_apart_by_their_subset(
    real_data: Path,
) -> None:
    folder = real_data / "annotations/cvat/for_images/export_project"
    subsets = ("Test", "Train", "Validation")
    contents = read_cvat(folder / "annotations.xml", "annotations.xml")
    stated = {image.name: image.size for image in contents.images}
    assert stated == {f"{name}/img{n}.jpg": (8 + 2 * n,) * 2 for name in subsets for n in (0, 1)}
    files = sorted((folder / "images").rglob("*.jpg"))
    names = [file.relative_to(folder).as_posix() for file in files]
    known = [Image(name, *stated[name.removeprefix("images/")], digest="0") for name in names]
    parsed = read(folder / "annotations.xml", *known)
    assert [grading.image for grading in gradings(parsed)] == names
    assert {grading.grader for grading in gradings(parsed)} == {"tester"}


def test_the_cvat_video_is_refused_with_what_to_do(real_data: Path) -> None:
    (parsed,) = read(real_data / "annotations/cvat/for_video/annotations.xml")
    (problem,) = parsed.problems
    assert (problem.code, parsed.gradings) == ("cvat_video", ())
    assert "tracks of a video" in problem.message
    assert "CVAT for images 1.1" in problem.remedy


def test_a_label_studio_polygon_is_what_its_percent_say(real_data: Path) -> None:
    path = real_data / "annotations/labelstudio_polygons/data_polygons.json"
    parsed = read(path)
    (grading,) = gradings(parsed)
    assert sizes(parsed) == {"000000000025.jpg": (640, 426)}
    assert grading.grader == "1"
    (result,) = json.loads(path.read_text())[0]["annotations"][0]["result"]
    corners = np.array(result["value"]["points"]) * (6.4, 4.26)
    assert shape_of(grading.region).area == pytest.approx(shapely.Polygon(corners).area)
    assert shape_of(grading.region).bounds == pytest.approx(shapely.Polygon(corners).bounds)


def test_two_people_in_one_label_studio_task_are_two_graders(real_data: Path) -> None:
    parsed = read(real_data / "annotations/labelstudio_polygons/data.json")
    found = [(grading.image, grading.grader) for grading in gradings(parsed)]
    assert found == [("image1", "2"), ("image1", "1"), ("image2", "1")]
    assert codes(parsed)["annotation_changed"] == 6


def test_turned_boxes_of_label_studio_turn_about_their_corner(real_data: Path) -> None:
    path = real_data / "annotations/labelstudio_polygons/data_obb.json"
    parsed = read(path)
    tasks = json.loads(path.read_text())
    assert len(gradings(parsed)) == len(tasks) == 3
    for task, grading in zip(tasks, gradings(parsed), strict=True):
        boxes = []
        for result in task["annotations"][0]["result"]:
            value, size = result["value"], (result["original_width"], result["original_height"])
            x, y = (value[key] * side / 100 for key, side in zip("xy", size, strict=True))
            width, height = value["width"] * size[0] / 100, value["height"] * size[1] / 100
            box = shapely.box(x, y, x + width, y + height)
            boxes.append(rotate(box, value["rotation"], origin=(x, y)))
        frame = shapely.box(0, 0, *size)
        expected = shapely.intersection(shapely.union_all(boxes), frame)
        assert shape_of(grading.region).symmetric_difference(expected).area < 1e-3


def test_a_label_studio_task_of_several_images_is_told(real_data: Path) -> None:
    (parsed,) = read(real_data / "annotations/labelstudio_json_min/data_repeater.json")
    assert (parsed.gradings, [problem.code for problem in parsed.problems]) == ((), ["task_image"])
    (parsed,) = read(real_data / "annotations/labelstudio_json_min/data.json")
    assert [grading.image for grading in parsed.gradings] == ["example.png"]
