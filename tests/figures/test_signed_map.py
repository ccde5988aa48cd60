"""What a signed map looks like: colours, clipping by mass, scales, outlines, empty pictures."""

import numpy as np
import pytest

from engine.domain.saliency_map import SCALE
from engine.figures.signed_map import (
    COLOUR_BLIND_SAFE,
    PAPER,
    Display,
    Scale,
    overlay,
    shared_scale,
    signed_map_colours,
    strengths,
    value_at_mass,
)


def random_map(shape: tuple[int, ...] = (20, 30)) -> np.ndarray:
    return np.random.default_rng(3).normal(size=shape)


def test_positive_shows_in_one_colour_and_negative_in_the_other() -> None:
    colours = signed_map_colours(np.array([[1.0, 0.0, -1.0]]), palette=PAPER)
    assert colours.tolist() == [[[0, 255, 0], [0, 0, 0], [255, 0, 0]]]


def test_each_sign_has_its_own_full_strength_unless_a_scale_is_shared() -> None:
    values = np.array([[4.0, 2.0, 0.0, -1.0]])
    assert strengths(values)[:, 0].tolist() == [[1, 0.5, 0, 0], [0, 0, 0, 1]]
    shared = strengths(values, scale=shared_scale([values]))
    assert shared[:, 0].tolist() == [[1, 0.5, 0, 0], [0, 0, 0, 0.25]]


def test_the_same_attribution_looks_the_same_on_a_shared_scale() -> None:
    weak, strong = np.array([[1.0, 0.0]]), np.array([[1.0, 4.0]])
    scale = shared_scale([weak, strong])
    assert scale == Scale(low=0, high=4)
    first, second = (strengths(one, scale=scale) for one in (weak, strong))
    assert first[0, 0, 0] == second[0, 0, 0] == 0.25


def test_channels_are_split_by_sign_before_they_are_averaged() -> None:
    cancelling = np.array([[[2.0, -2.0], [0.0, 0.0]]])
    assert strengths(cancelling)[:, 0].tolist() == [[1, 0], [1, 0]]
    shared = strengths(cancelling, scale=Scale(0, 4))
    assert shared[:, 0].tolist() == [[0.25, 0], [0.25, 0]]


def test_clipping_goes_by_mass_and_not_by_the_number_of_pixels() -> None:
    part = np.array([50.0, 30, 10, 5, 5, 0, 0, 0, 0, 0])
    assert value_at_mass(part, 50) == 50
    assert value_at_mass(part, 51) == 30
    assert value_at_mass(part, 90) == 10
    assert value_at_mass(part, 100) == 0
    shown = strengths(part[None], display=Display(clip_above=49, clip_below=10))
    assert shown[0, 0].tolist() == [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]


def test_between_the_clips_strength_rises_linearly() -> None:
    shown = strengths(np.array([[0.0, 1, 2, 3, 4]]))
    assert np.allclose(shown[0, 0], [0, 0.25, 0.5, 0.75, 1])


def test_int16_maps_look_like_the_floats_they_stand_for() -> None:
    stored = np.rint(random_map().clip(-1, 1) * SCALE).astype(np.int16)
    assert np.array_equal(signed_map_colours(stored), signed_map_colours(stored / SCALE))


@pytest.mark.parametrize("value", [0.0, 0.7, -0.7])
@pytest.mark.parametrize(
    "display", [Display(), Display(clean_up=True), Display(outlines=True), Display(clip_below=70)]
)
def test_a_constant_map_is_an_empty_picture(value: float, display: Display) -> None:
    assert not signed_map_colours(np.full((6, 8), value), display=display).any()


def test_a_single_attributed_pixel_shows_at_full_strength() -> None:
    values = np.zeros((5, 5))
    values[2, 3] = 0.01
    for display in (Display(), Display(clip_below=70)):
        shown = strengths(values, display=display)
        assert shown[0, 2, 3] == 1
        assert shown.sum() == 1


def test_a_shared_scale_of_nothing_shows_nothing() -> None:
    assert not strengths(random_map(), scale=Scale(0, 0)).any()


def test_cleaning_up_removes_specks_and_keeps_areas() -> None:
    values = np.zeros((12, 12))
    values[2, 2] = 1
    values[6:11, 6:11] = 1
    values[8, 8] = 0
    shown = strengths(values, display=Display(clean_up=True))[0]
    assert shown[2, 2] == 0
    assert shown[6:11, 6:11].all()


def test_outlines_surround_the_largest_components_only() -> None:
    values = np.zeros((20, 30))
    values[2:10, 2:10] = 1  # 64 pixels, of 68 in all: 94 %
    values[14:16, 20:22] = 1
    shown = strengths(values, display=Display(outlines=True))[0]
    ring = np.zeros((20, 30))
    ring[2:10, 2:10] = 1
    ring[3:9, 3:9] = 0
    assert np.array_equal(shown, ring)


def test_at_most_three_components_are_outlined() -> None:
    values = np.zeros((10, 50))
    for number in range(8):
        values[2:7, 6 * number : 6 * number + 4] = 1
    shown = strengths(values, display=Display(outlines=True))[0]
    assert np.flatnonzero(shown[4]).tolist() == [0, 3, 6, 9, 12, 15]


def test_the_overlay_is_seven_tenths_picture_and_half_colour() -> None:
    pixels = np.full((1, 2, 3), 200, np.uint8)
    colours = np.array([[[0.0, 0, 0], [255, 100, 0]]])
    assert overlay(pixels, colours).tolist() == [[[140, 140, 140], [255, 190, 140]]]


def seen_without_green_cones(colour: tuple[float, ...]) -> np.ndarray:
    """Deuteranopia after Machado et al. 2009, in linear light."""
    simulated = np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.01182, 0.04294, 0.968881],
        ]
    )
    return np.clip(simulated @ (np.array(colour) / 255) ** 2.2, 0, 1) ** (1 / 2.2)


def test_the_default_colours_stay_apart_without_green_cones() -> None:
    def distance(palette) -> float:
        ends = map(seen_without_green_cones, (palette.positive, palette.negative))
        return float(np.abs(np.subtract(*ends)).max())

    assert distance(COLOUR_BLIND_SAFE) > 0.7
