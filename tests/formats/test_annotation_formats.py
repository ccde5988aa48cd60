"""What each annotation format says is drawn."""

import math

import numpy as np
import pytest

from engine.domain.grading import Grading, Origin, Role, Status
from engine.domain.image import Image
from engine.domain.problem import Severity
from engine.regions.rasterise import rasterise

PHOTO = Image("a.jpg", 10, 8, digest="0" * 64)
SQUARE = [[1, 1], [5, 1], [5, 4], [1, 4]]
INNER = [[2, 2], [4, 2], [4, 3], [2, 3]]
FLAT_SQUARE = [1, 1, 5, 1, 5, 4, 1, 4]
FLAT_INNER = [2, 2, 4, 2, 4, 3, 2, 3]
BOW_TIE = [[0, 0], [4, 4], [4, 0], [0, 4]]


def only(parsed: list) -> tuple[Grading, list[str]]:
    (grading,) = [grading for file in parsed for grading in file.gradings]
    return grading, [problem.code for file in parsed for problem in file.problems]


def area(grading: Grading) -> int:
    return rasterise(grading.region, width=10, height=8).area


def codes(parsed: list) -> list[str]:
    return [problem.code for file in parsed for problem in file.problems]


def test_a_labelme_polygon_becomes_a_done_imported_grading_of_an_assigned_grader(
    write, read, make
) -> None:
    write("ann/a.json", make.labelme(make.shape(SQUARE)))
    grading, problems = only(read(PHOTO, grader="ann"))
    assert (grading.image, grading.grader) == ("a.jpg", "ann")
    assert (grading.status, grading.origin) == (Status.DONE, Origin.IMPORTED)
    assert grading.role is Role.ASSIGNED
    assert (grading.visible, grading.roi_count, area(grading)) == (True, 1, 12)
    assert problems == []


def test_regions_of_one_grader_that_overlap_are_united_and_never_cancel(write, read, make) -> None:
    write("a.json", make.labelme(make.shape(SQUARE), make.shape(INNER)))
    grading, _ = only(read(PHOTO, grader="g"))
    assert (area(grading), grading.roi_count) == (12, 1)


def test_the_count_of_an_imported_grading_is_the_number_of_united_polygons(
    write, read, make
) -> None:
    far = [[7, 5], [9, 5], [9, 7], [7, 7]]
    write("a.json", make.labelme(make.shape(SQUARE), make.shape(INNER), make.shape(far)))
    grading, _ = only(read(PHOTO, grader="g"))
    assert grading.roi_count == len(grading.region) == 2


def test_a_file_without_shapes_is_a_completed_grading_that_says_nothing_of_visibility(
    write, read, make
) -> None:
    write("a.json", make.labelme())
    grading, problems = only(read(PHOTO, grader="g"))
    assert grading == Grading("a.jpg", "g", origin=Origin.IMPORTED)
    assert (grading.visible, grading.roi_count, grading.status) == (None, None, Status.DONE)
    assert problems == []


def test_a_labelme_rectangle_is_its_box_and_a_circle_is_a_close_polygon(write, read, make) -> None:
    image = Image("a.jpg", 400, 400, digest="0")
    circle = make.shape([[200, 200], [300, 200]], "circle")
    write("g/a.json", make.labelme(circle, size=(400, 400)))
    grading, problems = only(read(image, grader="g"))
    (polygon,) = grading.region
    pixels = rasterise(grading.region, width=400, height=400).area
    assert pixels == pytest.approx(math.pi * 100**2, rel=2e-3)
    distances = np.hypot(*(polygon.exterior - 200).T)
    assert distances == pytest.approx(100)
    assert problems == ["annotation_changed"]
    write("g/a.json", make.labelme(make.shape([[5, 4], [1, 1]], "rectangle"), size=(400, 400)))
    grading, problems = only(read(image, grader="g"))
    assert rasterise(grading.region, width=400, height=400).area == 12
    assert problems == ["annotation_changed"]


def test_the_shapes_of_one_labelme_group_are_parts_of_one_region(write, read, make) -> None:
    parts = [{**make.shape(points), "group_id": 3} for points in (SQUARE, INNER)]
    write("a.json", make.labelme(*parts))
    grading, problems = only(read(PHOTO, grader="g"))
    assert (area(grading), problems) == (12, [])


@pytest.mark.parametrize("missing", ["shape_type", "group_id", "flags", "description", "label"])
def test_labelme_files_of_any_age_are_read(write, read, make, missing) -> None:
    shape = {k: v for k, v in make.shape(SQUARE).items() if k != missing}
    write("a.json", make.labelme({**shape, "line_color": None, "fill_color": None}))
    grading, problems = only(read(PHOTO, grader="g"))
    assert (area(grading), problems) == (12, [])


def test_a_labelme_rectangle_of_four_corners_is_that_rectangle(write, read, make) -> None:
    write("a.json", make.labelme(make.shape(SQUARE, "rectangle")))
    grading, problems = only(read(PHOTO, grader="g"))
    assert (area(grading), problems) == (12, [])


def test_points_and_lines_are_left_out_beside_a_polygon_and_told(write, read, make) -> None:
    shapes = [make.shape([[1, 1]], "point"), make.shape(SQUARE), make.shape(SQUARE, "linestrip")]
    write("a.json", make.labelme(*shapes))
    (parsed,) = read(PHOTO, grader="g")
    assert area(parsed.gradings[0]) == 12
    assert [problem.severity for problem in parsed.problems] == [Severity.WARNING] * 2
    assert parsed.problems[0].where.endswith("a.json, shape 1")
    assert "'point'" in parsed.problems[0].message


def test_where_nothing_usable_remains_there_is_no_grading_since_it_would_vote_background(
    write, read, make
) -> None:
    write("a.json", make.labelme(make.shape([[1, 1]], "point")))
    (parsed,) = read(PHOTO, grader="g")
    assert parsed.gradings == ()
    assert codes([parsed]) == ["annotation_left_out", "grading_left_out"]


@pytest.mark.parametrize(
    "points",
    [
        [[1, 1], [5, float("nan")], [5, 4]],
        [[1, 1], [5, float("inf")], [5, 4]],
        [[1, 1], [5, 1e300], [5, 4]],
        [[1, 1], [5, 10**400], [5, 4]],
        [[1, 1], [5], [5, 4]],
        [[1, 1], ["x", 2], [5, 4]],
        [[1, 1], None, [5, 4]],
        [[1, 1], [5, 1]],
        [[1, 1], [5, 1], [1, 1], [5, 1]],
        [[1, 1, 0], [5, 1, 0], [5, 4, 0]],
        "points",
        None,
    ],
)
def test_a_polygon_with_unusable_points_is_left_out_alone(write, read, make, points) -> None:
    write("a.json", make.labelme(make.shape(points), make.shape(SQUARE)))
    grading, problems = only(read(PHOTO, grader="g"))
    assert area(grading) == 12
    assert problems == ["annotation_left_out"]


def test_a_bow_tie_keeps_both_halves_and_the_repair_is_told(write, read, make) -> None:
    write("a.json", make.labelme(make.shape(BOW_TIE)))
    (parsed,) = read(PHOTO, grader="g")
    assert len(parsed.gradings[0].region) == 2
    (problem,) = parsed.problems
    assert (problem.code, problem.severity) == ("annotation_changed", Severity.NOTE)
    assert "repaired" in problem.message


def test_what_lies_outside_the_image_is_cut_off_and_told(write, read, make) -> None:
    write("a.json", make.labelme(make.shape([[8, 6], [20, 6], [20, 20], [8, 20]])))
    (parsed,) = read(PHOTO, grader="g")
    (polygon,) = parsed.gradings[0].region
    assert polygon.exterior.max(axis=0).tolist() == [10, 8]
    assert "outside the image" in parsed.problems[0].message


def test_a_region_wholly_outside_the_image_is_left_out_with_its_grading(write, read, make) -> None:
    write("a.json", make.labelme(make.shape([[20, 20], [30, 20], [30, 30]])))
    (parsed,) = read(PHOTO, grader="g")
    assert parsed.gradings == ()
    assert codes([parsed]) == ["annotation_left_out", "grading_left_out"]


def test_annotations_made_for_another_size_are_left_out_with_both_sizes(write, read, make) -> None:
    write("a.json", make.labelme(make.shape(SQUARE), size=(8, 10)))
    (parsed,) = read(PHOTO, grader="g")
    assert parsed.gradings == ()
    assert parsed.problems[0].code == "image_size"
    assert "8 x 10" in parsed.problems[0].message
    assert "10 x 8" in parsed.problems[0].message
    assert "turned" in parsed.problems[0].message


@pytest.mark.parametrize("layout", ["path of paths", "additional_paths", "version 2"])
def test_several_paths_of_one_darwin_region_are_even_odd(write, read, make, layout) -> None:
    outer, inner = make.xy(SQUARE), make.xy(INNER)
    shapes = {
        "path of paths": {"complex_polygon": {"path": [outer, inner]}},
        "additional_paths": {"polygon": {"path": outer, "additional_paths": [inner]}},
        "version 2": {"polygon": {"paths": [outer, inner]}},
    }
    document = make.darwin({"name": "x", **shapes[layout]})
    if layout == "version 2":
        slot = {"type": "image", "slot_name": "0", "width": 10, "height": 8}
        item = {"name": "a.jpg", "path": "/", "slots": [slot]}
        document = {"version": "2.0", "item": item, "annotations": document["annotations"]}
    write("a.json", document)
    grading, problems = only(read(PHOTO, grader="g"))
    assert area(grading) == 12 - 2
    assert len(grading.region[0].holes) == 1
    assert problems == []


def test_two_darwin_regions_are_united_even_where_one_lies_in_the_other(write, read, make) -> None:
    regions = [{"polygon": {"path": make.xy(points)}} for points in (SQUARE, INNER)]
    write("a.json", make.darwin(*regions))
    grading, _ = only(read(PHOTO, grader="g"))
    assert area(grading) == 12


def test_a_darwin_file_of_tags_only_is_a_completed_empty_grading(write, read, make) -> None:
    write("a.json", make.darwin({"name": "Acne", "tag": {}}))
    grading, problems = only(read(PHOTO, grader="g"))
    assert (grading.region, grading.visible, grading.status) == ((), None, Status.DONE)
    assert problems == []


def test_darwin_boxes_and_ellipses_are_taken_and_lines_are_not(write, read, make) -> None:
    ellipse = {"center": {"x": 5, "y": 4}, "radius": {"x": 3, "y": 2}, "angle": math.pi / 2}
    write("a.json", make.darwin({"ellipse": ellipse, "bounding_box": {}}))
    grading, problems = only(read(PHOTO, grader="g"))
    (width, height) = np.ptp(grading.region[0].exterior, axis=0)
    assert (width, height) == (pytest.approx(4, abs=0.2), pytest.approx(6, abs=0.2))
    assert problems == ["annotation_changed"]
    box = {"bounding_box": {"x": 1, "y": 1, "w": 4, "h": 3}}
    write("a.json", make.darwin(box, {"line": {"path": make.xy(SQUARE)}, **box}))
    grading, problems = only(read(PHOTO, grader="g"))
    assert area(grading) == 12
    assert problems == ["annotation_changed", "annotation_left_out"]


def test_a_darwin_video_or_item_of_several_images_is_refused(write, read, make) -> None:
    slots = [{"type": "image", "width": 10, "height": 8}] * 2
    write("a.json", {"item": {"name": "a.jpg", "slots": slots}, "annotations": []})
    assert codes(read(PHOTO, grader="g")) == ["darwin_item"]


def test_the_parts_of_one_coco_annotation_are_united_and_never_cancel(write, read, make) -> None:
    parts = [FLAT_SQUARE, FLAT_INNER]
    image = {"id": 3, "file_name": "a.jpg", "width": 10, "height": 8}
    write("c.json", make.coco([image], [{"id": 1, "image_id": 3, "segmentation": parts}]))
    grading, problems = only(read(PHOTO, grader="g"))
    assert (area(grading), problems) == (12, [])


def test_coco_run_lengths_go_down_the_columns(write, read, make) -> None:
    image = {"id": 3, "file_name": "a.jpg", "width": 10, "height": 8}
    rle = {"size": [8, 10], "counts": [0, 8, 72]}
    write(
        "c.json", make.coco([image], [{"id": 1, "image_id": 3, "segmentation": rle, "iscrowd": 1}])
    )
    grading, _ = only(read(PHOTO, grader="g"))
    expected = np.zeros((8, 10), bool)
    expected[:, 0] = True
    assert np.array_equal(rasterise(grading.region, width=10, height=8).to_mask(), expected)


@pytest.mark.parametrize(
    "rle",
    [
        {"size": [10, 8], "counts": [0, 8, 72]},
        {"size": [8, 10], "counts": [0, 8, 71]},
        {"size": [8, 10], "counts": [-8, 88]},
        {"size": [8, 10], "counts": [80.0]},
        {"size": [8, 10], "counts": "a"},
        {"size": [8, 10], "counts": "P" * 100},
        {"size": [8, 10], "counts": "é"},
        {"size": [8, 10]},
        {},
    ],
)
def test_run_lengths_that_do_not_fill_the_image_are_left_out(write, read, make, rle) -> None:
    image = {"id": 3, "file_name": "a.jpg", "width": 10, "height": 8}
    drawn = [{"image_id": 3, "segmentation": s} for s in (rle or {"x": 1}, [FLAT_SQUARE])]
    write("c.json", make.coco([image], drawn))
    grading, problems = only(read(PHOTO, grader="g"))
    assert (area(grading), problems) == (12, ["annotation_left_out"])


def test_run_lengths_of_a_claimed_huge_image_allocate_nothing(write, read, make) -> None:
    side = 900_000
    image = {"id": 1, "file_name": "huge.jpg", "width": side, "height": side}
    rle = {"size": [side, side], "counts": [0, side * side]}
    write("c.json", make.coco([image], [{"image_id": 1, "segmentation": rle}]))
    (parsed,) = read(grader="g")
    assert parsed.gradings == ()
    assert "annotation_left_out" in codes([parsed])


def test_coco_images_without_annotations_are_empty_gradings(write, read, make) -> None:
    images = [{"id": n, "file_name": f"{n}.jpg", "width": 10, "height": 8} for n in (1, 2)]
    write("c.json", make.coco(images, [{"image_id": 2, "category_id": 4}]))
    (parsed,) = read(grader="g")
    assert [(g.image, g.region) for g in parsed.gradings] == [("1.jpg", ()), ("2.jpg", ())]


def test_a_coco_box_without_an_outline_is_left_out(write, read, make) -> None:
    image = {"id": 3, "file_name": "a.jpg", "width": 10, "height": 8}
    box = {"image_id": 3, "bbox": [1, 1, 4, 3], "segmentation": []}
    write("c.json", make.coco([image], [box]))
    (parsed,) = read(PHOTO, grader="g")
    assert parsed.gradings == ()
    assert codes([parsed]) == ["annotation_left_out", "grading_left_out"]


def test_a_coco_file_of_key_points_only_is_refused(write, read, make) -> None:
    image = {"id": 3, "file_name": "a.jpg", "width": 10, "height": 8}
    write("c.json", make.coco([image], [{"image_id": 3, "keypoints": [1, 1, 2]}]))
    assert codes(read(PHOTO, grader="g")) == ["coco_keypoints"]


def test_coco_annotations_of_no_image_and_images_of_one_id_are_told(write, read, make) -> None:
    image = {"id": 3, "file_name": "a.jpg", "width": 10, "height": 8}
    drawn = [{"id": 7, "image_id": n, "segmentation": [FLAT_SQUARE]} for n in (3, 4)]
    write("c.json", make.coco([image, image, {"id": 9}], drawn))
    grading, problems = only(read(PHOTO, grader="g"))
    assert area(grading) == 12
    assert problems == ["coco_image", "coco_image", "coco_annotation_image"]


@pytest.mark.parametrize(("value", "inside"), [("light", 6), ("dark", 74), (None, 6)])
def test_the_polarity_of_a_mask_is_the_users_to_say(write, read, value, inside) -> None:
    mask = np.zeros((8, 10), np.uint8)
    mask[2:4, 3:6] = 255
    write("a.png", mask)
    grading, _ = only(read(PHOTO, format="mask", grader="g", mask_value=value))
    assert area(grading) == inside


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_mask_of_labels_0_and_1_is_as_good_as_one_of_0_and_255(write, read, dtype) -> None:
    mask = np.zeros((8, 10), dtype)
    mask[2:4, 3:6] = 1
    write("a.png", mask)
    grading, problems = only(read(PHOTO, grader="g"))
    assert np.array_equal(rasterise(grading.region, width=10, height=8).to_mask(), mask == 1)
    assert problems == []


def test_a_mask_keeps_its_holes_and_corners_to_the_pixel(write, read) -> None:
    mask = np.random.default_rng(1).random((40, 30)) < 0.5
    write("a.png", mask.astype(np.uint8) * 255)
    (parsed,) = read(Image("a.jpg", 30, 40, digest="0"), grader="g")
    region = parsed.gradings[0].region
    assert np.array_equal(rasterise(region, width=30, height=40).to_mask(), mask)


def test_a_mask_of_another_size_is_refused_with_both_sizes_and_not_stretched(write, read) -> None:
    write("a.png", np.zeros((16, 20), np.uint8))
    (parsed,) = read(PHOTO, grader="g")
    assert parsed.gradings == ()
    assert parsed.problems[0].code == "mask_size"
    assert "20 x 16" in parsed.problems[0].message
    assert "10 x 8" in parsed.problems[0].message


def test_an_all_dark_mask_is_an_empty_grading(write, read) -> None:
    write("a.png", np.zeros((8, 10), np.uint8))
    grading, problems = only(read(PHOTO, grader="g"))
    assert (grading.region, grading.visible, problems) == ((), None, [])


def test_doubts_about_a_mask_are_told(write, read) -> None:
    mask = np.full((8, 10), 255, np.uint8)
    mask[0, 0], mask[0, 1] = 0, 100
    write("a.png", mask)
    _, problems = only(read(PHOTO, grader="g"))
    assert problems == ["mask_values", "mask_polarity"]
    _, problems = only(read(PHOTO, mask_value="light", grader="g"))
    assert problems == ["mask_values"]


def test_a_photograph_is_not_taken_for_a_mask(write, read) -> None:
    write("photo.png", np.arange(80, dtype=np.uint8).reshape(8, 10))
    (parsed,) = read(Image("photo.jpg", 10, 8, digest="0"), grader="g")
    assert codes([parsed]) == ["not_a_mask"]
    write("photo.png", np.zeros((8, 10), np.uint8))
    (parsed,) = read(Image("photo.png", 10, 8, digest="0"), grader="g")
    assert codes([parsed]) == ["not_a_mask"]


def test_a_mask_of_no_known_image_makes_none(write, read) -> None:
    write("other.png", np.zeros((8, 10), np.uint8))
    (parsed,) = read(PHOTO, grader="g")
    assert (parsed.gradings, parsed.new_images) == ((), ())
    assert codes([parsed]) == ["image_unknown"]


def test_images_of_one_name_in_two_folders_are_two_without_pixels_and_doubtful_with(
    write, read, make
) -> None:
    images = [
        {"id": number, "file_name": f"{folder}/a.jpg", "width": 10, "height": 8}
        for number, folder in enumerate(("train", "val"))
    ]
    write("c.json", make.coco(images, []))
    (parsed,) = read(grader="g")
    assert [grading.image for grading in parsed.gradings] == ["train/a.jpg", "val/a.jpg"]
    (parsed,) = read(PHOTO, grader="g")
    assert [grading.image for grading in parsed.gradings] == [PHOTO.path]
    (problem,) = parsed.problems
    assert problem.code == "image_ambiguous"
    assert "tells 'val/a.jpg' from 'train/a.jpg'" in problem.message


def test_paths_of_other_computers_may_be_of_one_image(write, read) -> None:
    write("g.csv", "image,grader,visible\nC:\\x\\a.jpg,ann,yes\n/home/y/a.jpg,bob,no\n")
    (parsed,) = read(PHOTO)
    assert [grading.grader for grading in parsed.gradings] == ["ann", "bob"]
