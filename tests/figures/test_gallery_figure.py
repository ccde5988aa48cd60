"""Figure 5: which thumbnail stands in which corner, and what is said of it."""

import numpy as np
import pytest

from engine.figures.gallery import Thumbnail, gallery
from engine.figures.panels import SEAM, panel_strip
from engine.figures.reference import ds_reference
from engine.regions.runs import runs_of_mask
from tests.figures.made_up import result

REFERENCE = ds_reference([result()])


def thumbnail(shade: int, *, is_correct: bool, is_lowest: bool) -> Thumbnail:
    strip = np.full((20, 92, 3), shade, np.uint8)
    return Thumbnail(strip, 0.25, -0.1, "Acne", "Cyst", is_correct, is_lowest)


def corner(axes) -> tuple[bool, bool]:
    """Return whether a thumbnail is in the left half, and in the upper half."""
    place = axes.get_position()
    return place.x0 < 0.5, place.y0 > 0.5


@pytest.mark.parametrize("is_correct", [True, False])
@pytest.mark.parametrize("is_lowest", [True, False])
def test_lowest_stand_left_and_correct_above(is_correct: bool, is_lowest: bool) -> None:
    others = [
        thumbnail(0, is_correct=correct, is_lowest=low)
        for correct in (True, False)
        for low in (True, False)
    ]
    one = thumbnail(200, is_correct=is_correct, is_lowest=is_lowest)
    figure = gallery([one, *others], reference=REFERENCE, most=1)
    shown = {corner(axes): axes.images[0].get_array()[0, 0, 0] for axes in figure.axes}
    assert len(figure.axes) == 4
    assert shown[is_lowest, is_correct] == 200


def test_numbers_and_names_are_below_each_thumbnail() -> None:
    figure = gallery([thumbnail(0, is_correct=True, is_lowest=True)], reference=REFERENCE)
    said = [text.get_text() for text in figure.texts]
    assert "DS 0.25    SRCC −0.10" in said
    assert "Acne → Cyst" in said
    assert said.count("none") == 3
    assert any("human ceiling 0.85" in text for text in said)


def test_a_strip_is_as_high_as_its_panels_with_the_image_first() -> None:
    pixels = np.full((30, 60, 3), 120, np.uint8)
    strip = panel_strip(
        pixels=pixels, consensus=runs_of_mask(np.zeros((30, 60))), saliency_map=None, side=60
    )
    assert strip.shape == (30, 4 * 60 + 3 * SEAM, 3)
    assert (strip[:, :60] == 120).all()
    assert (strip[:, 60 : 60 + SEAM] == 255).all()
    assert (strip[0, 2 * (60 + SEAM) :: 60 + SEAM] == 238).all()


def test_a_narrow_panel_lies_in_the_middle_of_its_column() -> None:
    pixels = np.full((60, 30, 3), 120, np.uint8)
    strip = panel_strip(
        pixels=pixels, consensus=runs_of_mask(np.zeros((60, 30))), saliency_map=None, side=60
    )
    assert strip.shape[0] == 60
    assert (strip[:, 15:45] == 120).all()
    assert (strip[:, :15] == 255).all()
