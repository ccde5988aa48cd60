"""Human ceiling and chance level: over which images, and where they are drawn."""

import pytest
from matplotlib.figure import Figure

from engine.domain.measure import Reason, Undefined
from engine.domain.rows import ImageResult
from engine.figures.reference import draw_reference, ds_reference
from tests.figures.made_up import UNDEFINED, agreement, localisation, result


def test_both_are_means_over_admitted_images_with_a_value() -> None:
    images = [
        result(ceiling=0.8, located=localisation(chance=0.1)),
        result(ceiling=UNDEFINED, located=localisation(chance=0.3)),
        result(ceiling=0.9, located=localisation(chance=UNDEFINED)),
        ImageResult(agreement(0.1, ceiling=0.2)),
        ImageResult(agreement(0.9, ceiling=1.0)),
    ]
    reference = ds_reference(images)
    assert reference.human_ceiling == pytest.approx(0.9)
    assert reference.chance == pytest.approx(0.2)
    assert (reference.ceiling_images, reference.chance_images, reference.images) == (3, 2, 4)


def test_what_was_left_out_of_the_means_is_counted_in_words() -> None:
    images = [result(ceiling=0.8), result(ceiling=UNDEFINED)]
    assert "mean 0.80 of 1 image (1 without)" in ds_reference(images).caption
    assert "mean 0.20 of 2 images." in ds_reference(images).caption


def test_without_images_there_is_neither_and_no_line() -> None:
    reference = ds_reference([])
    assert reference.human_ceiling == reference.chance == Undefined(Reason.TOO_FEW_IMAGES)
    axes = Figure().add_subplot()
    draw_reference(axes, reference, axis="x")
    assert len(axes.lines) == len(axes.texts) == 0


@pytest.mark.parametrize("axis", ["x", "y"])
def test_each_line_lies_at_its_value_and_says_it(axis) -> None:
    axes = Figure().add_subplot()
    draw_reference(axes, ds_reference([result()]), axis=axis)
    values = [getattr(line, f"get_{axis}data")()[0] for line in axes.lines]
    assert values == pytest.approx([0.85, 0.2])
    assert [text.get_text().replace("\n", " ") for text in axes.texts] == [
        "ceiling 0.85",
        "chance 0.20",
    ]


def test_the_lines_differ_in_their_dashes() -> None:
    axes = Figure().add_subplot()
    draw_reference(axes, ds_reference([result()]), axis="x")
    ceiling, chance = axes.lines
    assert ceiling._unscaled_dash_pattern != chance._unscaled_dash_pattern
