"""Grader and image from file names, and what else names a grader."""

import pytest
from pydantic import ValidationError

from engine.domain.image import Image
from engine.formats.options import ImportOptions
from engine.formats.pattern import Named, read_name

PHOTO = Image("a.jpg", 10, 8, digest="0" * 64)


def graders(parsed: list) -> list[str]:
    return [grading.grader for file in parsed for grading in file.gradings]


@pytest.mark.parametrize(
    ("pattern", "inside", "named"),
    [
        ("{grader}_{image}", "labeller1_009889HB.json", Named("labeller1", "009889HB")),
        ("{grader}_{image}", "sub/g_a_b.json", Named("g", "a_b")),
        ("{image}", "ISIC.001.png", Named("", "ISIC.001")),
        ("{image}-by-{grader}", "a-by-ann.json", Named("ann", "a")),
        ("seg_{image}", "B01.png", None),
        ("seg_{image}.png", "seg_B01.png", Named("", "B01")),
        ("expert_{grader}/seg_{image}", "expert_1/seg_B01.png", Named("1", "B01")),
        ("{grader}/seg_{image}", "seg_B01.png", Named("root", "B01")),
        ("{grader}/{image}", "ann/case1/a.png", Named("ann", "case1/a")),
        ("{grader}/{image}.x", "ann/a.png", None),
        ("(.*){image}+", "(.*)a+.png", Named("", "a")),
    ],
)
def test_a_pattern_reads_the_stem_or_the_path_inside_the_folder(pattern, inside, named) -> None:
    assert read_name(pattern, f"root/{inside}", inside) == named


@pytest.mark.parametrize(
    "pattern", ["{grader}", "", "{image}{image}", "{image}_{case}", "{image", "{}", "{image}}"]
)
def test_a_pattern_that_cannot_be_read_is_a_usage_error_that_shows_it(pattern: str) -> None:
    with pytest.raises(ValidationError, match="name pattern") as error:
        ImportOptions(name_pattern=pattern)
    assert f"'{pattern}'" in str(error.value)


def test_a_file_that_the_pattern_does_not_fit_is_left_out_and_told(write, read, make) -> None:
    write("a.json", make.labelme())
    (parsed,) = read(PHOTO, name_pattern="{grader}_{image}")
    assert parsed.gradings == ()
    assert parsed.problems[0].code == "name_pattern"


def test_the_pattern_goes_before_the_option_and_the_option_before_the_author(
    write, read, make
) -> None:
    author = {"annotators": [{"full_name": "Cy", "email": "c@x"}]}
    write("ann/bo_a.json", make.darwin({"tag": {}, **author}))
    assert graders(read(PHOTO, name_pattern="{grader}_{image}", grader="option")) == ["bo"]
    assert graders(read(PHOTO, name_pattern="bo_{image}", grader="option")) == ["option"]
    assert graders(read(PHOTO, name_pattern="bo_{image}")) == ["Cy"]


def test_the_folder_names_the_grader_where_nothing_else_does(write, read, make) -> None:
    write("ann/a.json", make.labelme())
    assert graders(read(PHOTO)) == ["ann"]


def test_a_darwin_file_of_several_annotators_is_a_grading_of_each(write, read, make) -> None:
    square = make.xy([[1, 1], [5, 1], [5, 4]])
    drawn = [
        {"polygon": {"path": square}, "annotators": [{"email": mail}]} for mail in ("b@x", "a@x")
    ]
    write("a.json", make.darwin(*drawn, {"tag": {}}))
    (parsed,) = read(PHOTO)
    assert graders([parsed]) == ["b@x", "a@x"]
    assert [problem.code for problem in parsed.problems] == ["grader_unknown"]


def test_a_coco_file_takes_the_grader_from_its_name_and_images_from_its_list(
    write, read, make
) -> None:
    images = [{"id": 1, "file_name": "a.jpg", "width": 10, "height": 8}]
    write("ann_export.json", make.coco(images, []))
    (parsed,) = read(PHOTO, name_pattern="{grader}_{image}")
    assert [(g.grader, g.image) for g in parsed.gradings] == [("ann", "a.jpg")]
    (parsed,) = read(PHOTO, name_pattern="expert{grader}-{image}", grader="bo")
    assert graders([parsed]) == ["bo"]


def test_a_coco_file_may_name_its_author(write, read, make) -> None:
    images = [{"id": n, "file_name": f"{n}.jpg", "width": 10, "height": 8} for n in (1, 2)]
    drawn = [{"image_id": 1, "category_id": 1, "annotator": "cy"}]
    write("c.json", make.coco(images, drawn, info={"annotator": "ann"}))
    assert graders(read()) == ["cy", "ann"]


def test_two_files_of_one_grader_and_image_conflict_unless_they_say_the_same(
    write, read, make
) -> None:
    square = make.shape([[1, 1], [5, 1], [5, 4]])
    for folder in "xyz":
        write(f"{folder}/a.json", make.labelme(square))
    first, *others = read(PHOTO, grader="ann")
    assert graders([first]) == ["ann"]
    assert [(file.gradings, file.problems) for file in others] == [((), ())] * 2
    write("y/a.json", make.labelme())
    first, second, _ = read(PHOTO, grader="ann")
    assert graders([first, second]) == ["ann"]
    assert second.problems[0].code == "grading_repeated"
    assert "x/a.json" in second.problems[0].message


def test_an_image_that_only_annotations_know_is_added_once_by_name_and_size(
    write, read, make
) -> None:
    write("ann_b.json", make.labelme(image="ann_b.jpg", size=(20, 30)))
    write("bo_b.json", make.labelme(image="bo_b.jpg", size=(20, 30)))
    write("cy_b.json", make.labelme(image="cy_b.jpg", size=(30, 30)))
    first, second, third = read(name_pattern="{grader}_{image}")
    assert [image.path for image in first.new_images] == ["b"]
    assert (first.new_images[0].size, first.new_images[0].has_pixels) == ((20, 30), False)
    assert [problem.code for problem in first.problems] == ["image_added"]
    assert (second.new_images, second.problems, graders([second])) == ((), (), ["bo"])
    assert [problem.code for problem in third.problems] == ["image_size"]


def test_without_a_size_an_unknown_image_cannot_be_added(write, read, make) -> None:
    write("b.json", make.labelme(image="b.jpg", size=(None, None)))
    (parsed,) = read(PHOTO, grader="g")
    assert (parsed.gradings, parsed.new_images) == ((), ())
    assert parsed.problems[0].code == "image_unknown"


def test_an_ambiguous_image_is_told_and_never_guessed(write, read, make) -> None:
    write("j/b.json", make.labelme(image="a.jpg"))
    images = [Image(f"{folder}/a.jpg", 10, 8, digest="0") for folder in "xy"]
    (parsed,) = read(*images, grader="g")
    assert parsed.gradings == ()
    assert parsed.problems[0].code == "image_ambiguous"


def test_a_labelme_file_beside_its_image_is_never_ambiguous(write, read, make) -> None:
    write("y/a.json", make.labelme(image="a.jpg"))
    images = [Image(f"{folder}/a.jpg", 10, 8, digest="0") for folder in "xy"]
    (parsed,) = read(*images, grader="g")
    assert [grading.image for grading in parsed.gradings] == ["y/a.jpg"]
