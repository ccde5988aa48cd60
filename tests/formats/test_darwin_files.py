"""Darwin 2 as it is written, and the answers read from it."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.domain.grading import Grading, Role, Status
from engine.domain.image import Image
from engine.formats.darwin import is_darwin, read_darwin
from engine.formats.outlines import Answers
from tests.round_trip import polygon, read, shape_of, write

IMAGE = Image("photos/a.jpg", 10, 8)
HOLED = polygon((1, 1), (8, 1), (8.25, 7), holes=[[(5, 2), (7, 2), (7, 4)]])


def test_one_file_holds_all_graders_of_an_image_with_holes_as_further_paths(
    tmp_path: Path,
) -> None:
    gradings = [
        Grading(IMAGE.path, "ann", True, 1, (HOLED,), note="one\ntwo: three"),
        Grading(IMAGE.path, "a@b.c", False, problem="blurred", status=Status.STARTED),
    ]
    assert write("darwin", gradings, tmp_path, IMAGE) == []
    (path,) = tmp_path.rglob("*.json")
    assert path.relative_to(tmp_path).as_posix() == "photos/a.json"
    document = json.loads(path.read_text())
    assert is_darwin(document)
    assert document["version"] == "2.0"
    assert (document["item"]["name"], document["item"]["path"]) == ("a.jpg", "/photos")
    region, *tags = document["annotations"]
    assert region["bounding_box"] == {"x": 1, "y": 1, "w": 7.25, "h": 6}
    assert [len(part) for part in region["polygon"]["paths"]] == [3, 3]
    slots = {slot["slot_name"] for slot in document["item"]["slots"]}
    assert all(set(part["slot_names"]) <= slots for part in (region, *tags))
    assert [tag["annotators"][0]["full_name"] for tag in tags] == ["ann", "a@b.c"]
    found, problems = read("darwin", tmp_path, IMAGE)
    assert problems == []
    assert {g.grader: (g.visible, g.roi_count, g.note, g.problem, g.status) for g in found} == {
        "ann": (True, 1, "one\ntwo: three", "", Status.DONE),
        "a@b.c": (False, None, "", "blurred", Status.STARTED),
    }
    (drawn,) = (g.region for g in found if g.region)
    assert shape_of(drawn).normalize() == shape_of((HOLED,)).normalize()


def test_an_image_in_no_folder_has_the_root_as_its_path(tmp_path: Path) -> None:
    image = Image("a.jpg", 4, 4)
    write("darwin", [Grading("a.jpg", "ann")], tmp_path, image)
    document = json.loads((tmp_path / "a.json").read_text())
    assert document["item"]["path"] == "/"
    assert read_darwin(document, "a.json").images[0].name == "a.jpg"


def test_two_readings_of_one_grader_are_in_two_files(tmp_path: Path) -> None:
    gradings = [
        Grading(IMAGE.path, "ann", True, 1, (HOLED,)),
        Grading(IMAGE.path, "ann", False, role=Role.REPEAT),
    ]
    write("darwin", gradings, tmp_path, IMAGE)
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.json")}
    assert files == {"photos/a.json", "repeat/photos/a.json"}
    found, _ = read("darwin", tmp_path, IMAGE)
    assert [(g.role, len(g.region)) for g in found] == [(Role.ASSIGNED, 1), (Role.REPEAT, 0)]


def test_an_image_without_gradings_has_no_file(tmp_path: Path) -> None:
    write("darwin", [], tmp_path, IMAGE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("tag", "answers", "told"),
    [
        ({"attributes": ["visible: no", "roi_count: 3"]}, Answers(False, 3), 0),
        ({"attributes": ["Well-circumscribed", 7, None]}, Answers(), 0),
        ({"attributes": ["status: maybe"]}, Answers(), 1),
        ({"attributes": 7, "text": 7}, Answers(), 0),
        ({"text": {"text": "n"}}, Answers(note="n"), 0),
        ({"text": {"text": 7}}, Answers(), 1),
    ],
)
def test_a_tag_named_grading_holds_answers(tag, answers, told) -> None:
    person = {"annotators": [{"full_name": "ann"}]}
    document = {
        "image": {"width": 10, "height": 8, "filename": "a.jpg"},
        "annotations": [{"name": "grading", "tag": {}, **person, **tag}, {"name": "x", "tag": {}}],
    }
    contents = read_darwin(document, "f.json")
    assert contents.images[0].answers == {"ann": answers}
    assert len(contents.problems) == told


def test_masks_of_a_raster_layer_are_left_out_by_name() -> None:
    document = {
        "image": {"width": 2, "height": 1, "filename": "a.jpg"},
        "annotations": [
            {"name": "m", "mask": {}},
            {"name": "__raster_layer__", "raster_layer": {"dense_rle": [0, 1, 1, 1]}},
        ],
    }
    outlines = read_darwin(document, "f.json").images[0].outlines
    assert [outline.region for outline in outlines] == [None, None]
    assert "'raster_layer'" in outlines[1].problems[0].message
    assert np.all([o.problems[0].code == "annotation_left_out" for o in outlines])
