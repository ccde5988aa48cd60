"""What is exported comes back, what a format cannot hold is told, and no name leads astray."""

import csv
import json
from dataclasses import replace
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
from PIL import Image as Picture

from engine.domain.grading import Grading, Origin, Role, Status
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.domain.problem import Severity
from engine.formats.exporting import GradedImage
from engine.formats.file_names import FreeNames, safe_path
from engine.formats.holes import without_holes
from engine.formats.writers import WRITERS, export_gradings
from engine.regions.outline import region_of_mask
from engine.regions.rasterise import rasterise
from tests.round_trip import Trip, distance, graded, round_trip, square

IMAGE = Image("photos/a.jpg", 40, 30, digest="0" * 64)
OTHER = Image("b.png", 20, 20, digest="1" * 64)
SLANTED = Polygon(ring([(3.123456789, 2.5), (20.25, 3.75), (11.1, 25.0625)]))
WITH_ANSWERS = tuple(name for name in WRITERS if name != "mask")


def grading(image: Image = IMAGE, grader: str = "ann", **more: object) -> Grading:
    given = {"region": (SLANTED,), "visible": True, "roi_count": 1, "origin": Origin.IMPORTED}
    return Grading(image.path, grader, **{**given, **more})


def only(trip: Trip) -> Grading:
    (found,) = trip.gradings
    return found


@pytest.mark.parametrize("name", WITH_ANSWERS)
@pytest.mark.parametrize(
    "said",
    [
        {},
        {"region": (), "visible": False, "roi_count": None},
        {"region": (), "visible": None, "roi_count": None},
        {"region": (), "visible": True, "roi_count": 7},
        {"status": Status.STARTED, "visible": None, "roi_count": 3},
        {"problem": "blurred", "note": 'two\nlines, a "quote"; = and ü'},
        {"role": Role.EXTRA},
    ],
    ids=lambda said: ", ".join(said) or "plain",
)
def test_every_answer_of_a_grader_comes_back(name: str, said: dict, tmp_path: Path) -> None:
    sent = grading(**said)
    back = only(round_trip(name, graded([IMAGE], [sent]), tmp_path))
    assert replace(back, region=()) == replace(sent, region=())
    assert distance(back.region, sent.region) <= 0.01


@pytest.mark.parametrize("name", WRITERS)
def test_graders_images_and_roles_stay_apart(name: str, tmp_path: Path) -> None:
    sent = [
        grading(grader="ann"),
        grading(grader="bob", region=(square(1, 1, 5), square(10, 10, 4)), roi_count=2),
        grading(OTHER, "bob", region=(square(2, 2, 9),)),
    ]
    trip = round_trip(name, graded([IMAGE, OTHER], sent), tmp_path)
    assert {(g.image, g.grader) for g in trip.gradings} == {(g.image, g.grader) for g in sent}
    for back in trip.gradings:
        (meant,) = [g for g in sent if (g.image, g.grader) == (back.image, back.grader)]
        width, height = (IMAGE if back.image == IMAGE.path else OTHER).size
        assert rasterise(back.region, width=width, height=height) == rasterise(
            meant.region, width=width, height=height
        )
        assert back.roi_count == meant.roi_count


@pytest.mark.parametrize("name", WITH_ANSWERS)
def test_a_repeat_reading_is_no_second_first_one(name: str, tmp_path: Path) -> None:
    sent = [grading(), grading(role=Role.REPEAT, region=(square(1, 1, 5),))]
    found = round_trip(name, graded([IMAGE], sent), tmp_path).by_reading()
    assert {key: len(g.region[0].exterior) for key, g in found.items()} == {
        (IMAGE.path, "ann", Role.ASSIGNED): 3,
        (IMAGE.path, "ann", Role.REPEAT): 4,
    }


@pytest.mark.parametrize("name", WITH_ANSWERS)
def test_a_grader_called_like_the_repeat_readings_of_another_is_none_of_them(
    name: str, tmp_path: Path
) -> None:
    sent = [
        grading(grader="a", role=Role.REPEAT),
        grading(grader="a-repeat", region=(square(1, 1, 5),)),
        grading(OTHER, "a-repeat", region=(square(2, 2, 9),)),
    ]
    found = round_trip(name, graded([IMAGE, OTHER], sent), tmp_path).by_reading()
    assert {key: len(g.region[0].exterior) for key, g in found.items()} == {
        (IMAGE.path, "a", Role.REPEAT): 3,
        (IMAGE.path, "a-repeat", Role.ASSIGNED): 4,
        (OTHER.path, "a-repeat", Role.ASSIGNED): 4,
    }


def test_masks_of_readers_whose_names_collide_have_folders_of_their_own(tmp_path: Path) -> None:
    sent = [
        grading(grader="a", role=Role.REPEAT),
        grading(grader="a-repeat", region=(square(1, 1, 5),)),
    ]
    trip = round_trip("mask", graded([IMAGE], sent), tmp_path)
    counts = {g.grader: len(g.region[0].exterior) for g in trip.gradings}
    assert counts.keys() == {"a-repeat", "a-repeat-2"}
    assert counts["a-repeat"] > counts["a-repeat-2"] == 4
    assert {loss.where for loss in trip.losses} == {
        "photos/a.jpg, a, repeat",
        "photos/a.jpg, a-repeat",
    }
    assert [loss.code for loss in trip.losses][-1] == "name_changed"


@pytest.mark.parametrize("name", WRITERS)
def test_a_region_that_came_from_a_mask_comes_back_exact_to_the_pixel(
    name: str, tmp_path: Path
) -> None:
    mask = np.random.default_rng(5).random((30, 40)) < 0.6
    region = region_of_mask(mask)
    assert any(polygon.holes for polygon in region)
    sent = grading(region=region, roi_count=len(region))
    back = only(round_trip(name, graded([IMAGE], [sent]), tmp_path))
    assert np.array_equal(rasterise(back.region, width=40, height=30).to_mask(), mask)


@pytest.mark.parametrize("name", WITH_ANSWERS)
def test_a_hole_within_a_pixel_comes_back_to_the_last_digits(name: str, tmp_path: Path) -> None:
    hole = ring([(10.1, 5.3), (13.7, 6.2), (11.9, 9.9)])
    sent = grading(region=(Polygon(SLANTED.exterior, (hole,)),))
    trip = round_trip(name, graded([IMAGE], [sent]), tmp_path)
    (polygon,) = only(trip).region
    assert len(polygon.holes) == 1
    assert distance(only(trip).region, sent.region) < (1e-8 if name == "label_studio" else 1e-12)
    holds_holes = name in ("csv", "darwin", "qupath")
    assert (only(trip).region == sent.region) is holds_holes
    assert [loss.code for loss in trip.losses] == ([] if holds_holes else ["holes_cut"])


def test_csv_loses_nothing_and_tells_nothing(tmp_path: Path) -> None:
    region = (Polygon(SLANTED.exterior, (ring([(10.1, 5.3), (13.7, 6.2), (11.9, 9.9)]),)),)
    notes = ["=1+1", "'quoted", "'=x", " blanks ", "\ttab", "a\r\nb\rc", "x,y;z", "-", "''"]
    sent = [grading(grader=f"g{n}", note=note, region=region) for n, note in enumerate(notes)]
    trip = round_trip("csv", graded([IMAGE], sent), tmp_path)
    assert (trip.gradings, trip.losses, trip.problems) == (sent, [], [])


def test_no_cell_of_the_csv_runs_as_a_formula(tmp_path: Path) -> None:
    image = replace(IMAGE, path="=cmd|x.jpg")
    sent = [grading(image, "+bob", note="@sum")]
    list(export_gradings(graded([image], sent), tmp_path, format="csv"))
    with (tmp_path / "gradings.csv").open(newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    trip = round_trip("csv", graded([image], sent), tmp_path)
    assert (only(trip).image, only(trip).grader, only(trip).note) == (image.path, "+bob", "@sum")


def test_a_long_csv_goes_on_in_a_second_file(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("engine.formats.csv_gradings.MAX_PART", 400)
    sent = [grading(grader=f"g{n}") for n in range(7)]
    trip = round_trip("csv", graded([IMAGE], sent), tmp_path)
    assert sorted(trip.gradings, key=lambda g: g.grader) == sent
    assert len(list(tmp_path.glob("gradings*.csv"))) > 2


def test_a_region_longer_than_a_usual_cell_is_read(tmp_path: Path) -> None:
    turn = np.linspace(0, 2 * np.pi, 20_000, endpoint=False)
    circle = Polygon(ring(np.column_stack((15 + 9 * np.cos(turn), 15 + 9 * np.sin(turn)))))
    assert round_trip("csv", graded([IMAGE], [grading(region=(circle,))]), tmp_path).gradings[
        0
    ].region == (circle,)


def test_a_null_character_cannot_be_in_a_csv_and_is_told(tmp_path: Path) -> None:
    trip = round_trip("csv", graded([IMAGE], [grading(note="a\0b")]), tmp_path)
    assert only(trip).note == "ab"
    assert [loss.code for loss in trip.losses] == ["note_changed"]


def test_masks_are_black_and_white_and_tell_what_they_cannot_say(tmp_path: Path) -> None:
    sent = grading(note="n", problem="blurred", visible=True, roi_count=3, role=Role.REPEAT)
    trip = round_trip("mask", graded([IMAGE], [sent]), tmp_path)
    values = np.asarray(Picture.open(tmp_path / "ann-repeat" / "photos" / "a.jpg.png"))
    expected = rasterise((SLANTED,), width=40, height=30).to_mask()
    assert values.dtype == np.uint8
    assert np.array_equal(values, np.where(expected, 255, 0))
    assert sorted(loss.code for loss in trip.losses) == [
        "note_lost", "outline_rounded", "problem_lost", "roi_count_lost", "role_lost",
    ]  # fmt: skip
    assert {loss.severity for loss in trip.losses} == {Severity.NOTE}
    assert all("photos/a.jpg" in loss.where and "ann" in loss.where for loss in trip.losses)


APART = (square(1, 1, 5), square(20, 10, 5))
AT_A_CORNER = (square(1, 1, 5), square(6, 6, 5))
SIDE_BY_SIDE = (square(1, 1, 5), square(6, 1, 5))
OVERLAPPING = (square(1, 1, 9), square(5, 5, 9), square(25, 5, 4))


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "csv"])
@pytest.mark.parametrize("region", [APART, AT_A_CORNER, SIDE_BY_SIDE, OVERLAPPING])
def test_outlines_that_come_back_as_one_are_told(name: str, region: tuple, tmp_path: Path) -> None:
    sent = grading(region=region, roi_count=len(region))
    trip = round_trip(name, graded([IMAGE], [sent]), tmp_path)
    back = len(only(trip).region)
    assert back == len(region) - (region in (SIDE_BY_SIDE, OVERLAPPING))
    told = [loss for loss in trip.losses if loss.code == "regions_counted_anew"]
    assert len(told) == (back != len(region))
    for loss in told:
        assert (loss.where, loss.severity) == ("photos/a.jpg, ann", Severity.NOTE)
        assert f"outlined: {len(region)};" in loss.message
        assert loss.message.endswith(f"the file: {back}")


def test_a_csv_holds_outlines_that_overlap_and_its_import_tells_that_it_unites_them(
    tmp_path: Path,
) -> None:
    sent = grading(region=OVERLAPPING, roi_count=3)
    trip = round_trip("csv", graded([IMAGE], [sent]), tmp_path)
    assert len(only(trip).region) == 2
    assert (trip.losses, [p.code for p in trip.problems]) == ([], ["annotation_changed"])


@pytest.mark.parametrize(
    ("points", "back"),
    [([(3.6, 3.6), (3.9, 3.6), (3.9, 3.9)], 0), ([(2, 2), (9, 9), (9, 8.5), (2.5, 2)], 7)],
)
def test_a_mask_tells_that_an_outline_fell_apart_or_away(points, back, tmp_path: Path) -> None:
    sent = grading(region=(Polygon(ring(points)),))
    trip = round_trip("mask", graded([IMAGE], [sent]), tmp_path)
    (loss,) = [loss for loss in trip.losses if loss.code == "regions_counted_anew"]
    assert loss.message.endswith(f"the file: {len(only(trip).region)}")
    assert len(only(trip).region) == back


def test_masks_of_images_that_share_a_stem_come_back_to_their_own(tmp_path: Path) -> None:
    images = [Image("a.jpg", 9, 9), Image("a.png", 9, 9), Image("x/a.jpg", 9, 9)]
    sent = [grading(image, region=(square(at, at, 2),)) for at, image in enumerate(images, 1)]
    trip = round_trip("mask", graded(images, sent), tmp_path)
    assert trip.problems == []
    back = trip.by_reading()
    for meant in sent:
        region = back[meant.image, "ann", Role.ASSIGNED].region
        assert distance(region, meant.region) == 0


def test_an_empty_mask_is_a_completed_grading_with_nothing_drawn(tmp_path: Path) -> None:
    sent = grading(region=(), visible=False, roi_count=None)
    trip = round_trip("mask", graded([IMAGE], [sent]), tmp_path)
    assert only(trip) == grading(region=(), visible=None, roi_count=None)
    assert [loss.code for loss in trip.losses] == ["visible_lost"]


def test_the_parts_of_a_cut_labelme_polygon_are_one_group_without_holes(tmp_path: Path) -> None:
    region = (square(1, 1, 9, hole=2), square(20, 1, 5))
    list(export_gradings(graded([IMAGE], [grading(region=region)]), tmp_path, format="labelme"))
    shapes = json.loads((tmp_path / "ann" / "photos" / "a.json").read_text())["shapes"]
    assert [shape["group_id"] for shape in shapes] == [1, 1, None]
    assert {shape["shape_type"] for shape in shapes} == {"polygon"}


def test_the_cuts_of_a_painted_region_run_along_the_edges_of_pixels() -> None:
    for polygon in region_of_mask(np.random.default_rng(6).random((30, 40)) < 0.7):
        for part in without_holes(polygon):
            assert (part.exterior == np.rint(part.exterior)).all()


HOSTILE = [
    "../../etc/passwd", "/etc/passwd", "C:\\Windows\\x.jpg", "\\\\host\\share\\x.jpg", "..", "",
    "a\0b.jpg", "CON.jpg", "x/aux", "nul", "lpt1.tar.gz", "com¹", "a" * 5000, "é" * 300 + ".jpg",
    "a/" * 3000 + "b", ".hidden", "x.concord.jpg", "x.manifest.json", "a:b*c?.jpg", "trail. ", " ",
    "...", "a/../../b", "x\ud800y", "line\nbreak", "~", "-rf", "AUX .txt", "a/./b", "//", "%2e%2e",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: repr(name[:20]))
def test_a_safe_path_stays_inside_its_folder_on_every_system(name: str) -> None:
    path = PurePosixPath(safe_path(name))
    assert path.parts
    assert not path.is_absolute()
    for part in path.parts:
        assert part.strip(". ")
        assert not set(part) & set('<>:"|?*\\\0\n')
        assert part[0] != "."
        assert part[-1] not in ". "
        assert part.partition(".")[0].strip().lower() not in {"con", "aux", "nul", "lpt1", "com¹"}
        assert len(part.encode()) < 200
    assert len(str(path).encode()) < 200
    assert ".concord" not in str(path)
    assert ".manifest" not in str(path)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("photos/a b.jpg", "photos/a b.jpg"),
        ("../../etc/passwd", "etc/passwd"),
        ("/a/./b//c", "a/b/c"),
        ("C:\\x\\y.jpg", "C_/x/y.jpg"),
        ("..", "unnamed"),
        ("con.jpg", "_con.jpg"),
        ("a" * 200 + "/" + "b" * 100, "b" * 100),
    ],
)
def test_a_safe_path_keeps_of_a_name_what_it_can(name: str, path: str) -> None:
    assert safe_path(name) == path


@pytest.mark.parametrize("name", WRITERS)
def test_no_name_of_an_image_or_a_grader_writes_outside_the_folder(
    name: str, tmp_path: Path
) -> None:
    folder = tmp_path / "in" / "out"
    folder.mkdir(parents=True)
    paths = [path for path in HOSTILE if "\ud800" not in path]
    items = [
        GradedImage(image, (grading(image, path), grading(image, "ann")))
        for path in paths
        for image in [Image(path, 40, 30)]
    ]
    for _ in export_gradings(items, folder, format=name):
        pass
    assert [path.name for path in tmp_path.rglob("*") if folder not in path.parents] == [
        "in",
        "out",
    ]
    assert all(path.resolve().is_relative_to(folder) for path in folder.rglob("*"))
    assert not any(path.is_symlink() for path in folder.rglob("*"))


def test_names_that_collide_after_they_were_made_safe_get_files_of_their_own() -> None:
    names = FreeNames()
    given = ["a?.jpg", "a*.jpg", "A_.JPG", "a_.jpg/b", "x/y", "x", "X/Y", "../x/y"]
    taken = [names.take(name, ".json") for name in given]
    assert len({path.casefold() for path in taken}) == len(given)
    assert taken[0] == "a_.jpg.json"
    assert names.take("a_.jpg.json/c", ".json") == "a_.jpg.json_c.json"


def test_graders_whose_names_collide_keep_their_own_gradings(tmp_path: Path) -> None:
    sent = [grading(grader="a/b"), grading(grader="A/B", region=(square(1, 1, 5),))]
    for name in WITH_ANSWERS:
        folder = tmp_path / name
        folder.mkdir()
        back = round_trip(name, graded([IMAGE], sent), folder).gradings
        assert sorted(back, key=lambda g: g.grader, reverse=True) == sent


def test_the_coco_file_is_written_as_a_stream_and_leaves_no_parts(tmp_path: Path) -> None:
    drawn = 0

    def items():
        nonlocal drawn
        for number in range(50):
            drawn += 1
            image = Image(f"{number}.jpg", 40, 30)
            yield GradedImage(image, (grading(image),))
            assert drawn == number + 1

    list(export_gradings(items(), tmp_path, format="coco"))
    assert [path.name for path in tmp_path.iterdir()] == ["ann.json"]
    document = json.loads((tmp_path / "ann.json").read_text())
    assert (len(document["images"]), len(document["annotations"])) == (50, 50)
    assert len({entry["id"] for entry in document["annotations"]}) == 50
