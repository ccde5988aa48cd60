"""What Label Studio's JSON says is drawn and by whom, and what is written for it."""

import json
import tracemalloc
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest

from engine.domain.grading import Grading, Role
from engine.domain.image import Image
from engine.domain.problem import Severity
from engine.formats.brush import painted
from engine.formats.label_studio import is_label_studio, read_label_studio
from engine.formats.outlines import Answers, Unusable
from engine.regions.outline import region_of_mask
from engine.regions.rasterise import rasterise
from tests.brush_bytes import SIZES, encoded_brush
from tests.round_trip import gradings_in, polygon, read, shape_of, write, xml

IMAGE = Image("a.jpg", 200, 50)
POLYGON = {"points": [[10, 20], [50, 20], [50, 80], [10, 80]]}
AREA = 80 * 30


def result(value: dict, kind: str = "polygonlabels", **more: object) -> dict:
    size = {"original_width": 200, "original_height": 50, "image_rotation": 0}
    return {"type": kind, "from_name": "label", "to_name": "image", **size, "value": value, **more}


def annotation(*results: dict, by: object = 1, **more: object) -> dict:
    return {"id": 9, "completed_by": by, "result": list(results), "was_cancelled": False, **more}


def task(*annotations: dict, image: object = "a.jpg", **more: object) -> dict:
    return {"id": 5, "data": {"image": image}, "annotations": list(annotations), **more}


def only(*results: dict) -> tuple[Grading, list[str]]:
    contents = read_label_studio([task(annotation(*results))], "f.json")
    (grading,), problems = gradings_in(contents, IMAGE)
    return grading, [problem.code for problem in problems]


def mask_of(grading: Grading, image: Image = IMAGE) -> np.ndarray:
    return rasterise(grading.region, width=image.width, height=image.height).to_mask()


def test_points_are_percent_of_width_and_height() -> None:
    grading, problems = only(result(POLYGON))
    assert shape_of(grading.region).bounds == (20, 10, 100, 40)
    assert (grading.image, grading.grader, grading.visible, problems) == ("a.jpg", "1", True, [])


def test_a_box_turns_about_its_corner_in_pixels_and_not_in_percent() -> None:
    box = {"x": 50, "y": 20, "width": 10, "height": 20, "rotation": 90}
    grading, problems = only(result(box, "rectanglelabels"))
    assert shape_of(grading.region).bounds == pytest.approx((90, 10, 100, 30))
    assert problems == ["annotation_changed"]


def test_an_ellipse_has_radii_in_percent_of_either_side() -> None:
    value = {"x": 50, "y": 50, "radiusX": 10, "radiusY": 40, "rotation": 0}
    grading, _ = only(result(value, "ellipselabels"))
    assert shape_of(grading.region).bounds == pytest.approx((80, 5, 120, 45))
    assert shape_of(grading.region).area == pytest.approx(np.pi * 400, rel=0.01)


@pytest.mark.parametrize("kind", ["polygonlabels", "polygon", "labels", "", None])
def test_an_area_is_an_area_whatever_its_control_is_called(kind) -> None:
    grading, problems = only(result(POLYGON, kind))
    assert shape_of(grading.region).area == pytest.approx(AREA)
    assert problems == []


def test_what_is_said_of_a_region_is_no_second_region() -> None:
    box = {"x": 10, "y": 20, "width": 1, "height": 1, "taxonomy": [["a"]]}
    relation = {"type": "relation", "from_id": "a", "to_id": "b"}
    grading, problems = only(result(POLYGON), result(box, "taxonomy"), relation)
    assert shape_of(grading.region).area == pytest.approx(AREA)
    assert problems == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (result(POLYGON, original_width=None), "how large"),
        (result(POLYGON, original_width=-200), "how large"),
        (result(POLYGON, original_width=10**400), "how large"),
        (result(POLYGON, original_width=100), "another size"),
        (result(POLYGON, image_rotation=90), "turned"),
        (result({"x": 1, "y": 1, "width": 1}, "keypointlabels"), "keypointlabels"),
        (result({"vertices": []}, "vectorlabels"), "vectorlabels"),
        (result({"points": [[1, 1], [2, float("nan")], [3, 3]]}), "finite"),
        (result({"points": [[1, 1], [2, 1e300], [3, 3]]}), "huge"),
        (result({"points": "all"}), "pairs"),
        (result({"points": []}), "no area"),
        (result({"x": 1, "y": None, "width": 1, "height": 1}), "numbers"),
        (result({"x": 1, "y": 1, "width": 1, "height": 1, "rotation": float("inf")}), "angle"),
        (result({"x": 1, "y": 1, "radiusX": -1, "radiusY": 1}), "radius"),
        (result({"rle": [1, 2, 3], "format": "rle"}), "cut short"),
        (result({"rle": "rle"}), "cut short"),
        (result({"rle": [256]}), "no bytes"),
        (result({"rle": [1.5]}), "no bytes"),
        ({"type": "polygonlabels"}, "how large"),
        (7, "how large"),
    ],
)
def test_a_result_that_cannot_be_an_area_is_left_out_alone(wrong, said) -> None:
    contents = read_label_studio([task(annotation(result(POLYGON), wrong))], "f.json")
    (grading,), (problem,) = gradings_in(contents, IMAGE)
    assert shape_of(grading.region).area == pytest.approx(AREA)
    assert problem.code == "annotation_left_out"
    assert said in problem.message
    assert problem.where == "f.json, task 5, annotation 9, result 2"


def test_a_brush_is_its_painted_pixels() -> None:
    mask = np.zeros((50, 200), bool)
    mask[3:40, 7:150] = True
    mask[9:20, 30:31] = False
    bounds = np.flatnonzero(np.diff(mask.ravel(), prepend=False))
    lengths = np.diff(bounds, prepend=0, append=mask.size).tolist()
    value = {"format": "rle", "rle": encoded_brush(lengths), "brushlabels": ["x"]}
    grading, problems = only(result(value, "brushlabels"))
    assert np.array_equal(mask_of(grading), mask)
    assert problems == []


def bits(*fields: tuple[int, int]) -> list[int]:
    """Return numbers of so many bits each as bytes."""
    text = "".join(f"{number:0{count}b}" for number, count in fields)
    text += "0" * (-len(text) % 8)
    return [int(text[at : at + 8], 2) for at in range(0, len(text), 8)]


HEAD = ((7, 5), (2, 4), (3, 4), (7, 4), (15, 4))


def test_values_that_do_not_repeat_and_soft_edges_are_read() -> None:
    """Two pixels: transparent red as single values, then a repeated half opaque one."""
    single = [(255, 8), (0, 8), (0, 8), (127, 8)]
    encoded = bits(
        (8, 32), *HEAD, (0, 1), (1, 2), (3, 4), *single, (1, 1), (0, 2), (3, 3), (128, 8)
    )
    alpha, lengths = painted(encoded, width=2, height=1)
    assert (alpha.tolist(), lengths.tolist()) == ([127, 128], [1, 1])
    two = Image("a.jpg", 2, 1)
    value = result({"rle": encoded}, original_width=2, original_height=1)
    (grading,), (problem,) = gradings_in(
        read_label_studio([task(annotation(value))], "f.json"), two
    )
    assert mask_of(grading, two).tolist() == [[False, True]]
    assert "soft" in problem.message


@pytest.mark.parametrize(
    ("encoded", "said"),
    [
        (bits((9, 32), *HEAD, (1, 1), (3, 2), (8, 16), (0, 8)), "not for 2 x 1"),
        (bits((8, 32), *HEAD, (1, 1), (3, 2), (8, 16), (0, 8)), "add up"),
        (bits((8, 32), *HEAD, (1, 1), (3, 2), (6, 16), (0, 8)), "cut short"),
        (bits((8, 32), *HEAD, (0, 1), (3, 2), (7, 16), (0, 8)), "cut short"),
        (bits((8, 32), (15, 5), *HEAD[1:], (1, 1), (3, 2), (7, 16), (0, 16)), "8-bit"),
    ],
)
def test_a_brush_of_another_size_or_cut_short_is_unusable(encoded, said) -> None:
    with pytest.raises(Unusable, match=said):
        painted(encoded, width=2, height=1)


def test_a_brush_larger_than_any_picture_is_unusable_before_memory_is_taken() -> None:
    with pytest.raises(Unusable, match="more than"):
        painted([255, 255, 255, 255], width=1_000_000, height=1_000_000)


def test_a_huge_brush_of_few_bytes_costs_little_memory() -> None:
    encoded = encoded_brush([5, 127_999_990, 5])
    assert len(encoded) < 50_000
    size = {"original_width": 16_000, "original_height": 8_000}
    tracemalloc.start()
    contents = read_label_studio([task(annotation(result({"rle": encoded}, **size)))], "f.json")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    (outline,) = contents.images[0].outlines
    assert shape_of(outline.region).area == 127_999_990
    assert peak < 20e6


def test_long_runs_are_cut_into_pieces_that_the_widest_size_holds() -> None:
    length = 3 * 2 ** SIZES[-1] // 4 + 5
    alpha = np.repeat(*painted(encoded_brush([1, length, 2]), width=length + 3, height=1))
    assert np.flatnonzero(alpha).tolist() == list(range(1, length + 1))


@pytest.mark.parametrize(
    ("by", "grader"),
    [
        (3, "3"),
        ("ann", "ann"),
        ({"id": 3, "email": "a@b.c", "first_name": "A"}, "a@b.c"),
        ({"id": 3, "username": "ann"}, "ann"),
        ({"id": 3}, "3"),
        (None, ""),
        (True, ""),
        ([], ""),
    ],
)
def test_who_completed_an_annotation_is_its_grader(by, grader) -> None:
    contents = read_label_studio([task(annotation(result(POLYGON), by=by))], "f.json")
    assert contents.images[0].outlines[0].author == grader
    assert [*contents.images[0].answers] == [grader]


def test_several_raters_of_one_task_are_several_graders_also_where_one_drew_nothing() -> None:
    two = task(annotation(result(POLYGON), by=1), annotation(by=2))
    found, _ = gradings_in(read_label_studio([two], "f.json"), IMAGE)
    assert [(grading.grader, len(grading.region)) for grading in found] == [("1", 1), ("2", 0)]


@pytest.mark.parametrize("mark", ["was_cancelled", "skipped"])
def test_a_cancelled_annotation_is_no_grading_and_is_told(mark) -> None:
    cancelled = annotation(result(POLYGON), **{mark: True})
    contents = read_label_studio([task(cancelled)], "f.json")
    (problem,) = contents.problems
    assert contents.images == ()
    assert (problem.code, problem.severity) == ("annotation_cancelled", Severity.NOTE)


def test_predictions_drafts_and_open_tasks_are_counted_in_one_note() -> None:
    tasks = [task(annotation(), predictions=[{}, {}], drafts=[{}]), task(), task()]
    contents = read_label_studio(tasks, "f.json")
    (problem,) = contents.problems
    assert problem.severity is Severity.NOTE
    assert "2 predictions of models, 1 drafts, 2 tasks without annotations" in problem.message
    assert len(contents.images) == 1


def test_an_annotation_without_results_is_told_and_one_with_none_is_an_empty_grading() -> None:
    contents = read_label_studio([task(annotation(), annotation(result=None), 7)], "f.json")
    assert len(contents.images) == 1
    assert [problem.code for problem in contents.problems] == ["annotation_left_out"] * 2


@pytest.mark.parametrize(
    ("address", "upload", "name"),
    [
        ("a.jpg", None, "a.jpg"),
        ("photos/a.jpg", None, "photos/a.jpg"),
        ("/data/upload/3/0123abcd-a%20b.jpg", None, "a b.jpg"),
        ("/data/local-files/?d=x/a%23.jpg", None, "x/a#.jpg"),
        ("http://h:8080/data/local-files/?d=x%2Fa.jpg", None, "x/a.jpg"),
        ("https://h/x/a.jpg?token=1/2#3", None, "a.jpg"),
        ("s3://bucket/x/a.jpg", None, "a.jpg"),
        ("/image1", "0123abcd-a.jpg", "a.jpg"),
        ("data:image/png;base64,AAAA", "0123abcd-a.jpg", "a.jpg"),
        ("scan-17", None, "scan-17"),
        ("deadbeef-a.jpg", None, "deadbeef-a.jpg"),
    ],
)
def test_an_image_is_called_as_before_label_studio_had_it(address, upload, name) -> None:
    contents = read_label_studio([task(annotation(), image=address, file_upload=upload)], "f.json")
    assert contents.images[0].name == name


@pytest.mark.parametrize("image", [None, ["a.jpg", "b.jpg"], {"url": "a.jpg"}, 7, "data:x"])
def test_a_task_without_one_image_is_told(image) -> None:
    contents = read_label_studio([task(annotation(), image=image)], "f.json")
    assert (contents.images, [problem.code for problem in contents.problems]) == (
        (),
        ["task_image"],
    )


def test_the_first_file_among_the_data_is_the_image_whatever_its_key() -> None:
    full = {"data": {"text": "hello", "photo": "x/a.jpg"}, "annotations": [annotation()]}
    assert read_label_studio(full, "f.json").images[0].name == "x/a.jpg"


def test_json_min_is_read_as_the_full_form() -> None:
    entry = {
        "id": 3, "image": "a.jpg", "annotation_id": 4, "annotator": 5, "visible": "no",
        "roi_count": 3, "note": ["one", "two"], "created_at": "2024-01-30T02:40:43.893565Z",
        "label": [{**POLYGON, "original_width": 200, "original_height": 50}],
    }  # fmt: skip
    (grading,), problems = gradings_in(read_label_studio([entry], "f.json"), IMAGE)
    assert (grading.grader, grading.visible, grading.roi_count) == ("5", False, 3)
    assert grading.note == "one\ntwo"
    assert shape_of(grading.region).area == pytest.approx(AREA)
    assert problems == []


def test_choices_numbers_and_texts_are_the_answers() -> None:
    said = [
        {"type": "choices", "from_name": "visible", "value": {"choices": ["yes"]}},
        {"type": "number", "from_name": "roi_count", "value": {"number": 3.0}},
        {"type": "textarea", "from_name": "note", "value": {"text": ["one", "two"]}},
        {"type": "choices", "from_name": "problem", "value": {"choices": ["unlit"]}},
        {"type": "textarea", "from_name": "grader", "value": {"text": ["ann"]}},
    ]
    contents = read_label_studio([task(annotation(*said))], "f.json")
    assert contents.images[0].answers == {"ann": Answers(True, 3, note="one\ntwo")}
    assert [problem.code for problem in contents.problems] == ["answer_unknown"]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([task()], True),
        (task(), True),
        ([None, task()], True),
        ([{"data": {}, "completions": []}], True),
        ([{"annotation_id": 1, "annotator": 2}], True),
        ([], False),
        ({}, False),
        ([[]], False),
        ("text", False),
        ({"images": [], "annotations": []}, False),
        ([{"type": "Feature"}], False),
    ],
)
def test_tasks_are_known_by_their_keys(document, expected) -> None:
    assert is_label_studio(document) is expected


def test_the_written_setup_names_what_the_results_use(tmp_path: Path) -> None:
    mask = np.zeros((50, 200), bool)
    mask[1:9, 1:9] = True
    mask[3:5, 3:5] = False
    region = (*region_of_mask(mask), polygon((20, 20), (30, 20), (30, 30)))
    grading = Grading("a.jpg", "ann", True, 2, region, note="n", problem="blurred")
    write("label_studio", [grading], tmp_path, IMAGE)
    setup = xml(tmp_path / "config.xml")
    controls = {part.get("name"): part for part in setup}
    (written,) = json.loads((tmp_path / "tasks.json").read_text())
    results = written["annotations"][0]["result"]
    assert len({part["id"] for part in results}) == len(results)
    for part in results:
        control = controls[part["from_name"]]
        assert control.tag.lower() == part["type"]
        assert control.get("toName") == part["to_name"] == controls["image"].get("name")
        for word in part["value"].get("choices", ()):
            assert word in {choice.get("value") for choice in control}
        if part["type"].endswith("labels"):
            assert part["value"][part["type"]] == [label.get("value") for label in control]
    assert "completed_by" not in written["annotations"][0]
    assert written["data"]["image"] == "/data/local-files/?d=a.jpg"


def test_percent_hold_a_large_picture_to_a_millionth_of_a_pixel(tmp_path: Path) -> None:
    image = Image("ä b#?.jpg", 6007, 4001)
    corners = np.random.default_rng(0).uniform((0, 0), image.size, (50, 2))
    corners[0], corners[1] = (6007, 4001), (0.5, 0)
    hull = shape_of((polygon(*corners),)).convex_hull.exterior.coords[:-1]
    drawn = polygon(*hull)
    write("label_studio", [Grading(image.path, "ann", True, 1, (drawn,))], tmp_path, image)
    assert quote(image.path) in (tmp_path / "tasks.json").read_text(encoding="utf-8")
    (found,), problems = read("label_studio", tmp_path, image)
    assert np.abs(found.region[0].exterior - drawn.exterior).max() < 1e-8
    assert [problem.code for problem in problems] == ["files_ignored"]  # the setup


def test_corners_on_the_centres_of_pixels_come_back_to_the_last_digit(tmp_path: Path) -> None:
    """A corner moved by a rounding error could take a centre on its side to the other side."""
    image = Image("a.jpg", 2999, 1777)
    down = np.arange(0.5, 1777, 2)
    teeth = np.column_stack((np.where(np.arange(len(down)) % 2, down, 2.5), down))
    drawn = polygon(*teeth, (2998.5, 1776.5), (2998.5, 0.5))
    write("label_studio", [Grading("a.jpg", "ann", True, 1, (drawn,))], tmp_path, image)
    (found,), _ = read("label_studio", tmp_path, image)
    assert np.array_equal(found.region[0].exterior, drawn.exterior)


def test_first_and_repeat_readings_of_one_grader_stay_apart(tmp_path: Path) -> None:
    gradings = [Grading("a.jpg", "ann", True), Grading("a.jpg", "ann", False, role=Role.REPEAT)]
    write("label_studio", gradings, tmp_path, IMAGE)
    found, _ = read("label_studio", tmp_path, IMAGE)
    assert [(g.role, g.visible) for g in found] == [(Role.ASSIGNED, True), (Role.REPEAT, False)]


def test_many_images_are_written_to_several_files(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("engine.formats.label_studio_export.TASKS_PER_FILE", 2)
    images = [Image(f"{number}.jpg", 4, 4) for number in range(5)]
    write("label_studio", [Grading(image.path, "ann") for image in images], tmp_path, *images)
    counts = {path.name: len(json.loads(path.read_text())) for path in tmp_path.glob("*.json")}
    assert counts == {"tasks.json": 2, "tasks-2.json": 2, "tasks-3.json": 1}
    assert len(read("label_studio", tmp_path, *images)[0]) == 5
