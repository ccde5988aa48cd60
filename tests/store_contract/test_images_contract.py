"""Images: added once, brought up to date by what is given anew."""

import pytest

from engine.domain.image import Image


def test_images_come_back_as_they_were_given_ordered_by_path(study):
    b = Image("b/é image.png", 6000, 4000, digest="d" * 64, case="c1", condition="acne")
    a = Image("a.png", 10, 20, metadata={"sex": "f", "age": "31"})
    assert study.add_images([b, a], author="lead").added == 2
    assert study.images() == [a, b]
    assert study.image_count() == 2


def test_the_same_image_twice_changes_nothing_and_leaves_no_entry(study):
    image = Image("a.png", 10, 20, case="c", metadata={"age": "31"})
    study.add_images([image], author="lead")
    before = study.info()
    assert study.add_images([image, image], author="lead").unchanged == 2
    assert study.info() == before


def test_what_is_given_anew_replaces_and_what_is_not_given_stays(study):
    study.add_images(
        [Image("a.png", 10, 20, case="c1", condition="acne", metadata={"sex": "f", "age": "3"})],
        author="lead",
    )
    changes = study.add_images(
        [
            Image("a.png", 10, 20, case="c2"),
            Image("a.png", 10, 20, condition="eczema", metadata={"age": "4"}),
        ],
        author="lead",
    )
    assert (changes.added, changes.changed) == (0, 2)
    assert study.images() == [
        Image("a.png", 10, 20, case="c2", condition="eczema", metadata={"sex": "f", "age": "4"})
    ]


def test_an_image_known_by_name_gains_its_pixels_where_the_size_fits(study):
    study.add_images([Image("a.png", 10, 20), Image("b.png", 10, 20)], author="lead")
    changes = study.add_images(
        [Image("a.png", 10, 20, digest="d"), Image("b.png", 20, 10, digest="e")], author="lead"
    )
    assert changes.changed == 1
    assert [problem.code for problem in changes.problems] == ["image_size"]
    assert [image.digest for image in study.images()] == ["d", None]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Image("a.png", 10, 20, digest="other", condition="acne"), "image_changed"),
        (Image("a.png", 10, 21, digest="d", condition="acne"), "image_size"),
    ],
)
def test_another_picture_under_a_known_name_is_a_problem_and_changes_nothing(study, given, code):
    known = Image("a.png", 10, 20, digest="d")
    study.add_images([known], author="lead")
    changes = study.add_images([given, Image("b.png", 1, 1)], author="lead")
    assert [(problem.code, problem.where) for problem in changes.problems] == [(code, "a.png")]
    assert study.images() == [known, Image("b.png", 1, 1)]


def test_an_image_given_without_pixels_keeps_those_it_has(study):
    study.add_images([Image("a.png", 10, 20, digest="d")], author="lead")
    study.add_images([Image("a.png", 10, 20, condition="acne")], author="lead")
    assert study.images() == [Image("a.png", 10, 20, digest="d", condition="acne")]


def test_many_images_of_one_call_may_repeat_across_its_whole_length(study):
    images = [Image(f"{number:03}.png", 1, 1) for number in range(250)]
    changes = study.add_images(images + images[::-1], author="lead")
    assert (changes.added, changes.unchanged) == (250, 250)
    assert study.images() == images
