"""Which image a name means."""

from pathlib import Path

import pytest

from engine.domain.image import Image
from engine.formats.names import ImageNames, ambiguous, proper_name


def names(*paths: str, folder: Path | None = None) -> ImageNames:
    return ImageNames((Image(path, 1, 1, digest="0") for path in paths), folder=folder)


def found(known: ImageNames, name: str, **more: Path) -> list[str]:
    return [image.path for image in known.find(name, **more)]


def test_a_path_goes_before_a_file_name_and_a_file_name_before_a_stem() -> None:
    known = names("x/a.jpg", "a.jpg", "a.jpg.png")
    assert found(known, "a.jpg") == ["a.jpg"]
    known = names("x/a.jpg", "a.jpg.png")
    assert found(known, "a.jpg") == ["x/a.jpg"]
    known = names("x/a.jpg", "b.jpg")
    assert found(known, "a") == found(known, "a.png") == found(known, "y/a.png") == ["x/a.jpg"]


def test_an_ambiguous_name_gives_all_candidates_and_a_problem_that_lists_them() -> None:
    known = names("x/a.jpg", "y/a.jpg", "z/a.png")
    assert found(known, "a.jpg") == ["x/a.jpg", "y/a.jpg"]
    assert found(known, "a") == ["x/a.jpg", "y/a.jpg", "z/a.png"]
    problem = ambiguous("row 2", "a", known.find("a"))
    assert "x/a.jpg, y/a.jpg, z/a.png" in problem.message


def test_folders_in_a_name_decide_between_images_of_one_file_name() -> None:
    known = names("data/x/a.jpg", "data/y/a.jpg")
    assert found(known, "x/a.jpg") == ["data/x/a.jpg"]
    assert found(known, "y/a") == ["data/y/a.jpg"]
    assert found(known, r"C:\work\data\y\a.jpg") == ["data/y/a.jpg"]
    assert found(known, "./../x/a.jpg") == ["data/x/a.jpg"]
    assert len(found(known, "z/a.jpg")) == 2


def test_a_name_relative_to_its_own_file_is_found_without_doubt(tmp_path: Path) -> None:
    known = names("x/a.jpg", "y/a.jpg", "a.jpg", folder=tmp_path)
    assert found(known, "a.jpg", beside=tmp_path / "y") == ["y/a.jpg"]
    assert found(known, "../x/a.jpg", beside=tmp_path / "y") == ["x/a.jpg"]
    assert known.at(tmp_path / "y" / "a.jpg").path == "y/a.jpg"
    assert known.at(tmp_path / "z" / "a.jpg") is None


def test_letters_are_compared_exactly_but_accents_in_either_spelling() -> None:
    known = names("café.jpg", "B.jpg")
    assert found(known, "cafe\u0301.jpg") == ["café.jpg"]
    assert found(known, "b.jpg") == []


def test_only_an_image_suffix_is_cut_from_a_stem() -> None:
    known = names("ISIC.001.jpg", "ISIC.002.jpg")
    assert found(known, "ISIC.001") == ["ISIC.001.jpg"]
    assert found(known, "ISIC") == []


def test_images_outside_the_study_folder_keep_their_own_place() -> None:
    known = names("../photos/a.jpg", "photos/a.jpg")
    assert found(known, "../photos/a.jpg") == ["../photos/a.jpg"]
    assert found(known, "photos/a.jpg") == ["photos/a.jpg"]


def test_an_image_that_is_added_again_is_brought_up_to_date() -> None:
    known = names("a.jpg")
    known.add(Image("a.jpg", 5, 6))
    assert [image.size for image in known.find("a")] == [(5, 6)]
    assert "a.jpg" in known
    assert "a" not in known


@pytest.mark.parametrize("name", ["", ".", "/", "..", "\0", "a" * 5000])
def test_a_name_that_is_none_finds_nothing(name: str, tmp_path: Path) -> None:
    assert names("a.jpg", folder=tmp_path).find(name, beside=tmp_path) == ()


@pytest.mark.parametrize(
    ("name", "proper"),
    [
        ("a.jpg", "a.jpg"),
        ("../images/a.jpg", "images/a.jpg"),
        (r"x\a.jpg", "x/a.jpg"),
        ("/home/somebody/a.jpg", "a.jpg"),
        (r"C:\Users\somebody\a.jpg", "a.jpg"),
        ("https://host/x/a.jpg", "a.jpg"),
    ],
)
def test_a_new_image_takes_no_path_of_another_computer(name: str, proper: str) -> None:
    assert proper_name(name) == proper


def test_a_name_with_the_suffix_of_a_picture_behind_it_means_that_picture() -> None:
    names = ImageNames([Image("a.jpg", 1, 1), Image("a.png", 1, 1)])
    assert [image.path for image in names.find("a.jpg.png")] == ["a.jpg"]
    assert [image.path for image in names.find("x/a.png.png")] == ["a.png"]
    assert len(names.find("a.tif")) == 2


def test_an_image_without_pixels_is_not_meant_under_other_folders() -> None:
    known = ImageNames([Image("test/a.jpg", 1, 1)])
    assert found(known, "train/a.jpg") == []
    for name in ("a.jpg", "a", "a.jpg.png", "x/test/a.png", "/home/x/test/a.jpg"):
        assert found(known, name) == ["test/a.jpg"]
    known.add(Image("train/a.jpg", 1, 1))
    assert len(found(known, "a.jpg")) == 2
    known.add(Image("photos/a.jpg", 1, 1, digest="0"))
    assert found(known, "val/a.jpg") == ["photos/a.jpg"]
    assert found(known, "test/a") == ["test/a.jpg"]


def test_a_photograph_may_be_of_the_names_that_agree_with_its_path_else_of_all() -> None:
    known = ImageNames([Image("train/a", 1, 1), Image("test/a", 1, 1), Image("b", 1, 1)])
    known.add(Image("test/a.jpg", 1, 1, digest="0"))
    for path, names in {"x/train/a.jpg": ["train/a"], "x/a.jpg": ["train/a", "test/a"]}.items():
        assert [image.path for image in known.without_pixels(path)] == names
