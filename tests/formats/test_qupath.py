"""What QuPath's GeoJSON says is drawn, and what is written for it."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import shape as shape_from_geojson

from engine.domain.grading import Grading, Role
from engine.domain.image import Image
from engine.formats.outlines import Answers
from engine.formats.qupath import is_qupath, read_qupath
from tests.round_trip import polygon, read, shape_of, write

IMAGE = Image("photos/a.jpg", 10, 8)
SQUARE = [[1, 1], [5, 1], [5, 4], [1, 4], [1, 1]]
HOLE = [[2, 2], [4, 2], [4, 3], [2, 3], [2, 2]]
FAR = [[6, 5], [9, 5], [9, 7], [6, 5]]


def feature(geometry: object, **properties: object) -> dict:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def drawn(kind: str, coordinates: object) -> dict:
    return {"type": kind, "coordinates": coordinates}


def area(document: object) -> float:
    contents = read_qupath(document, "f.geojson")
    region = [part for o in contents.images[0].outlines for part in o.region or ()]
    return shape_of(tuple(region)).area


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        (drawn("Polygon", [SQUARE]), 12),
        (drawn("Polygon", [SQUARE, HOLE]), 10),
        (drawn("MultiPolygon", [[SQUARE, HOLE], [FAR]]), 13),
        (drawn("MultiPolygon", [[SQUARE], [SQUARE]]), 12),
        (drawn("Polygon", [[[x, y, 0] for x, y in SQUARE]]), 12),
        (drawn("Polygon", [SQUARE[:-1]]), 12),
    ],
)
def test_polygons_are_what_geojson_says(geometry, expected) -> None:
    assert area(feature(geometry)) == expected


@pytest.mark.parametrize("several", [1, 2])
def test_a_collection_a_list_and_one_feature_are_read_alike(several) -> None:
    features = [feature(drawn("Polygon", [part])) for part in (SQUARE, FAR)[:several]]
    documents: list = [{"type": "FeatureCollection", "features": features}, features]
    documents += features if several == 1 else []
    for document in documents:
        assert is_qupath(document)
        assert area(document) == (12, 15)[several - 1]


def test_a_collection_of_no_features_is_an_empty_grading() -> None:
    empty = {"type": "FeatureCollection", "features": []}
    assert is_qupath(empty)
    contents = read_qupath(empty, "f.geojson")
    assert contents.images[0].outlines == ()
    assert (contents.images[0].name, contents.author) == ("", "")


@pytest.mark.parametrize(
    "document", [[], {}, "x", None, [1], {"type": "Topology"}, {"shapes": []}, [{"data": {}}]]
)
def test_other_documents_are_no_qupath(document) -> None:
    assert not is_qupath(document)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (feature(drawn("Point", [1, 2])), "'Point'"),
        (feature(drawn("LineString", SQUARE)), "'LineString'"),
        (feature(drawn("MultiPolygon", [])), "'MultiPolygon'"),
        (feature(drawn("Polygon", [])), "no area"),
        (feature(drawn("Polygon", [SQUARE[:2]])), "no area"),
        (feature(drawn("Polygon", [[[1, 1]] * 4, HOLE])), "no area"),
        (feature(drawn("Polygon", [[[1, 1], [float("nan"), 1], [3, 3]]])), "finite"),
        (feature(drawn("Polygon", [[[1, 1], [1e300, 1], [3, 3]]])), "huge"),
        (feature(drawn("Polygon", [[[1, 1], ["x", 1], [3, 3]]])), "pairs"),
        (feature(drawn("Polygon", [SQUARE, [[1, 1], [float("inf"), 1], [3, 3]]])), "finite"),
        (feature(drawn("Polygon", 7)), "no area"),
        (feature(drawn([], 7)), "unknown"),
        (feature(None), "unknown"),
        (feature(drawn("Polygon", [FAR]), objectType="detection"), "'detection'"),
        (feature(drawn("Polygon", [FAR]), object_type="tile"), "'tile'"),
        ({**feature(drawn("Polygon", [FAR])), "id": "PathCellObject"}, "'cell'"),
        (7, "unknown"),
    ],
)
def test_a_feature_that_is_no_area_is_left_out_alone(wrong, said) -> None:
    old = {**feature(drawn("Polygon", [SQUARE])), "id": "PathAnnotationObject"}
    document = [old, wrong]
    assert area(document) == 12
    outline = read_qupath(document, "f.geojson").images[0].outlines[1]
    assert (outline.region, outline.where) == (None, "f.geojson, feature 2")
    assert said in outline.problems[0].message


def test_metadata_of_a_feature_name_its_grader() -> None:
    features = [
        feature(drawn("Polygon", [SQUARE]), metadata={"grader": "ann"}),
        feature(drawn("Polygon", [FAR]), metadata={"grader": "ben"}),
        feature(drawn("Polygon", [FAR]), metadata=[]),
    ]
    outlines = read_qupath(features, "f.geojson").images[0].outlines
    assert [outline.author for outline in outlines] == ["ann", "ben", ""]


def test_the_answers_beside_the_features_are_read_and_a_wrong_one_is_told() -> None:
    said = {"grader": "ann", "image": "a.jpg", "width": 10, "height": -8, "visible": False}
    document = {"type": "FeatureCollection", "features": [], "grading": {**said, "role": "boss"}}
    contents = read_qupath(document, "f.geojson")
    (annotated,) = contents.images
    assert annotated.answers == {"ann": Answers(visible=False)}
    assert (annotated.name, annotated.size, contents.author) == ("a.jpg", None, "ann")
    assert [problem.code for problem in contents.problems] == ["answer_unknown"]


def test_a_written_file_is_geojson_with_closed_rings_and_holes(tmp_path: Path) -> None:
    holed = polygon((1, 1), (8.1234567890123, 1), (8, 7), holes=[[(5, 2), (7, 2), (7, 4)]])
    grading = Grading(IMAGE.path, "ann", True, 1, (holed,))
    assert write("qupath", [grading], tmp_path, IMAGE) == []
    (path,) = tmp_path.rglob("*.geojson")
    assert path.relative_to(tmp_path).as_posix() == "ann/photos/a.geojson"
    document = json.loads(path.read_text())
    assert not {"coordinates", "geometry", "properties"} & document.keys()
    (one,) = document["features"]
    assert one["properties"]["objectType"] == "annotation"
    assert one["properties"]["classification"]["name"] == "pathology"
    for ring in one["geometry"]["coordinates"]:
        assert ring[0] == ring[-1]
    geometry = shape_from_geojson(one["geometry"])
    assert shapely.is_valid(geometry)
    assert geometry.equals(shape_of(grading.region))


def test_holes_and_every_digit_come_back(tmp_path: Path) -> None:
    corners = np.random.default_rng(1).uniform(0, 8, (3, 2))
    inner = corners.mean(axis=0) + (corners - corners.mean(axis=0)) / 3
    grading = Grading(IMAGE.path, "ann", True, 1, (polygon(*corners, holes=[inner]),))
    write("qupath", [grading], tmp_path, IMAGE)
    (found,), problems = read("qupath", tmp_path, IMAGE)
    assert shape_of(found.region).normalize() == shape_of(grading.region).normalize()
    assert problems == []


def test_names_that_share_a_stem_and_roles_have_files_of_their_own(tmp_path: Path) -> None:
    images = [Image("a.jpg", 4, 4), Image("a.png", 4, 4)]
    gradings = [Grading(image.path, "ann", True) for image in images]
    gradings.append(Grading("a.jpg", "ann", False, role=Role.REPEAT))
    write("qupath", gradings, tmp_path, *images)
    assert len(list(tmp_path.rglob("*.geojson"))) == 3
    found, _ = read("qupath", tmp_path, *images)
    assert {(g.image, g.role, g.visible) for g in found} == {
        ("a.jpg", Role.ASSIGNED, True),
        ("a.png", Role.ASSIGNED, True),
        ("a.jpg", Role.REPEAT, False),
    }
