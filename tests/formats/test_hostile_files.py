"""Files made to hurt: each is told in words, and none costs more than it is long."""

import json
import tracemalloc

import numpy as np
import pytest

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.problem import Severity
from engine.regions.outline import region_of_mask
from engine.regions.rasterise import rasterise
from tests.round_trip import read as read_back
from tests.round_trip import write as export

PHOTO = Image("a.jpg", 10, 8, digest="0" * 64)
SQUARE = [1, 1, 5, 1, 5, 4, 1, 4]


def coco(segmentation: object, size: tuple = (10, 8), **more: object) -> dict:
    image = {"id": 1, "file_name": "a.jpg", "width": size[0], "height": size[1]}
    drawn = {"id": 1, "image_id": 1, "segmentation": segmentation, **more}
    good = {"id": 2, "image_id": 1, "segmentation": [SQUARE]}
    return {"images": [image], "annotations": [drawn, good], "categories": []}


def told(parsed: list) -> list[str]:
    return [problem.code for file in parsed for problem in file.problems]


@pytest.mark.parametrize(
    "segmentation",
    [
        {"size": [8, 10], "counts": [0, 81]},
        {"size": [8, 10], "counts": [-1, 81]},
        {"size": [8, 10], "counts": [80.0]},
        {"size": [8, 10], "counts": [10**400, 80]},
        {"size": [8, 10], "counts": [True] * 80},
        {"size": [8, 10], "counts": "0"},
        {"size": [8, 10], "counts": "PPPPPPPPPPPPPPPPPPPPP"},
        {"size": [8, 10], "counts": "é"},
        {"size": [8, 10], "counts": None},
        {"size": [10, 8], "counts": [80]},
        {"size": "810", "counts": [80]},
        {},
        [[1, 1, 5, 1, 5]],
        [[float("nan")] * 6],
        [[1, 1, float("inf"), 1, 5, 4]],
        [[10**400, 1, 5, 1, 5, 4]],
        [["a", "b", "c", "d", "e", "f"]],
        [[[1, 1], [5, 1], [5, 4]]],
        [None],
        "polygon",
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_segmentation_that_is_none_is_left_out_alone(write, read, segmentation) -> None:
    write("c.json", coco(segmentation))
    parsed = read(PHOTO, grader="g")
    (grading,) = parsed[0].gradings
    assert rasterise(grading.region, width=10, height=8).area == 12
    assert told(parsed) == ["annotation_left_out"]
    assert parsed[0].problems[0].severity is Severity.WARNING


def test_a_crowd_is_one_region_and_told(write, read) -> None:
    lengths = {"size": [8, 10], "counts": [56, 24]}
    write("c.json", coco(lengths, iscrowd=1))
    parsed = read(PHOTO, grader="g")
    assert rasterise(parsed[0].gradings[0].region, width=10, height=8).area == 12 + 24
    assert told(parsed) == ["annotation_changed"]
    assert "crowd" in parsed[0].problems[0].message


@pytest.mark.parametrize(
    ("side", "codes"),
    [
        (10_000, ["annotation_changed"]),
        (900_000, ["annotation_left_out"]),
        (10**15, ["image_unknown"]),
    ],
)
def test_a_mask_that_claims_a_huge_picture_costs_no_memory(write, read, side, codes) -> None:
    lengths = {"size": [side, side], "counts": [5, side * side - 5]}
    write("c.json", coco(lengths, (side, side), iscrowd=1))
    tracemalloc.start()
    parsed = read(grader="g")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [code for code in told(parsed) if code != "image_added"] == codes
    assert peak < 20 * 2**20


@pytest.mark.parametrize("kind", ["star", "line"])
def test_a_ring_that_nobody_can_have_drawn_is_left_out_and_not_repaired_for_minutes(
    write, read, make, kind
) -> None:
    x, y = np.random.default_rng(0).random((2, 3000))
    points = np.column_stack((x, y if kind == "star" else 0 * y)) * 7
    points[0] = 3, 5
    square = make.shape([[1, 1], [5, 1], [5, 4], [1, 4]])
    write("a.json", make.labelme(make.shape(points.tolist()), square))
    parsed = read(PHOTO, grader="g")
    assert told(parsed) == ["annotation_left_out"]
    assert "its 3000 sides meet more than" in parsed[0].problems[0].message


def bars(count: int) -> list[list[list[float]]]:
    """Slivers down and across, each of which crosses half of the others."""
    at = np.linspace(0.1, 7, count // 2).tolist()
    down = [[[x, 0], [x + 0.01, 0], [x + 0.01, 8], [x, 8]] for x in at]
    return down + [[[y, x] for x, y in bar] for bar in down]


def test_slivers_that_cross_hundreds_of_others_are_not_united(write, read, make) -> None:
    write("a.json", make.labelme(*map(make.shape, bars(300))))
    write("b.json", make.labelme(*map(make.shape, bars(20))))
    a, b = read(PHOTO, grader="g")
    assert (a.gradings, told([a])) == ((), ["grading_left_out"])
    assert "cannot be united: its 1200 sides meet more than" in a.problems[0].message
    assert [len(polygon.holes) for polygon in b.gradings[0].region] == [81]


def test_parts_of_one_annotation_that_are_such_slivers_leave_the_others_alone(write, read) -> None:
    write("c.json", coco([np.ravel(bar).tolist() for bar in bars(300)]))
    parsed = read(PHOTO, grader="g")
    assert rasterise(parsed[0].gradings[0].region, width=10, height=8).area == 12
    assert told(parsed) == ["annotation_left_out"]


@pytest.mark.parametrize("name", ["coco", "darwin", "qupath"])
def test_speckled_painting_whose_pixels_touch_thousands_of_times_comes_back(name, tmp_path) -> None:
    mask = np.random.default_rng(0).random((140, 140)) < 0.7
    image = Image("a.jpg", 140, 140)
    grading = Grading("a.jpg", "ann", True, 1, region_of_mask(mask))
    assert max(sum(map(len, polygon.rings)) for polygon in grading.region) > 10_000
    export(name, [grading], tmp_path, image)
    (found,), _ = read_back(name, tmp_path, image)
    assert np.array_equal(rasterise(found.region, width=140, height=140).to_mask(), mask)


def test_a_long_outline_with_one_crossing_is_repaired_as_ever(write, read, make) -> None:
    turn = np.linspace(0, 2 * np.pi, 5000, endpoint=False)
    points = np.column_stack((5 + 3 * np.cos(turn), 4 + 3 * np.sin(turn)))
    points[[10, 11]] = points[[11, 10]]
    write("a.json", make.labelme(make.shape(points.tolist())))
    parsed = read(PHOTO, grader="g")
    assert told(parsed) == ["annotation_changed"]


@pytest.mark.parametrize(
    ("row", "code", "said"),
    [
        ("a.jpg,,true,,", "row_without_name", "names no grader"),
        (",ann,true,,", "row_without_name", "names no image"),
        ("a.jpg,ann,true", "row_malformed", "3 cells"),
        ("a.jpg,ann,perhaps,,", "row_answers", "visible is 'perhaps', not true, false or empty"),
        ("a.jpg,ann,true,-1,", "row_answers", "roi_count is '-1'"),
        ("a.jpg,ann,true,1e3,", "row_answers", "roi_count is '1e3'"),
        (f"a.jpg,ann,true,{'9' * 400},", "row_answers", "roi_count"),
        ("a.jpg,ann,true,²,", "row_answers", "roi_count is '²'"),
        ("a.jpg,ann,true,1,POINT (1 1)", "annotation_left_out", "no POLYGON"),
        ("a.jpg,ann,true,1,POLYGON ((0 0; 1 1))", "annotation_left_out", "well-known text"),
        ('a.jpg,ann,true,1,"POLYGON ((0 0, 1 1, 2 2))"', "annotation_left_out", "well-known"),
        ('a.jpg,ann,true,1,"POLYGON ((0 0, 4 nan, 4 4, 0 0))"', "annotation_left_out", "finite"),
        ('a.jpg,ann,true,1,"POLYGON ((0 0, 1e99 0, 4 4, 0 0))"', "annotation_left_out", "huge"),
        ('a.jpg,ann,true,1,"POLYGON ((0 0, 4 0, 0 0, 0 0))"', "annotation_left_out", "no area"),
        (f"a.jpg,ann,true,1,{'GEOMETRYCOLLECTION (' * 50_000}", "annotation_left_out", "no POLY"),
        ("nowhere.jpg,ann,true,1,", "image_unknown", "nowhere.jpg"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_row_of_gradings_is_told_with_its_number_and_the_others_are_read(
    write, read, row, code, said
) -> None:
    good = 'a.jpg,bob,true,1,"POLYGON ((1 1, 5 1, 5 4, 1 4, 1 1))"'
    write("g.csv", f"image,grader,visible,roi_count,region\n{row}\n{good}\n")
    (parsed,) = read(PHOTO)
    assert [grading.grader for grading in parsed.gradings] == ["bob"]
    problem = parsed.problems[0]
    assert problem.code == code
    assert said in problem.message
    assert "row 2" in problem.where or code == "image_unknown"


@pytest.mark.parametrize("text", ["POLYGON EMPTY", "MULTIPOLYGON EMPTY", " ", ""])
def test_an_empty_region_is_a_completed_grading_with_nothing_drawn(write, read, text) -> None:
    write("g.csv", f"image,grader,visible,region\na.jpg,ann,no,{text}\n")
    (parsed,) = read(PHOTO)
    (grading,) = parsed.gradings
    assert (grading.region, grading.visible, parsed.problems) == ((), False, ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_gradings_are_read_in_the_encodings_and_delimiters_of_spreadsheets(
    write, read, encoding, delimiter
) -> None:
    rows = [["Image", "Grader", "Visible", "ROI count", "Note"], ["a.jpg", "é", "NO", "", "ü"]]
    write("g.csv", "\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    (parsed,) = read(PHOTO)
    (grading,) = parsed.gradings
    assert (grading.grader, grading.visible, grading.note) == ("é", False, "ü")
    assert [problem.code for problem in parsed.problems] == (
        ["csv_encoding"] if encoding == "cp1252" else []
    )


def test_columns_without_a_name_are_passed_over(write, read) -> None:
    write("g.csv", "image,grader,visible,,\na.jpg,ann,yes,,\n")
    (parsed,) = read(PHOTO)
    assert [grading.visible for grading in parsed.gradings] == [True]


@pytest.mark.parametrize("header", ["image,image,grader,visible", "grader,visible,note"])
def test_a_table_that_is_forced_to_be_gradings_says_which_columns_it_needs(
    write, read, header
) -> None:
    write("g.csv", f"{header}\na,b,c,d\n")
    (parsed,) = read(PHOTO, format="csv")
    assert told([parsed]) == ["csv_columns"]
    assert "image, width, height, grader" in parsed.problems[0].message


def test_answers_that_are_none_are_told_and_the_outline_is_kept(write, read, make) -> None:
    document = make.labelme(make.shape([[1, 1], [5, 1], [5, 4], [1, 4]]))
    said = {"grader": "ann", "visible": "x", "roi_count": [1], "role": 7, "note": {}, "status": ""}
    write("a.json", {**document, "grading": said})
    (parsed,) = read(PHOTO)
    (grading,) = parsed.gradings
    assert (grading.grader, grading.visible, grading.roi_count) == ("ann", True, 1)
    assert told([parsed]) == ["answer_unknown"] * 4


def test_a_deep_or_cut_document_of_answers_is_refused(write, read, make) -> None:
    document = json.dumps({**make.labelme(), "grading": {"note": "x"}})
    write("1.json", document[:-9])
    write("2.json", '{"grading":' * 50_000)
    assert told(read(PHOTO)) == ["json_invalid", "json_too_deep"]
