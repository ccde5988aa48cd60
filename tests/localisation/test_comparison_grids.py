"""Where map and region are compared, and how each is read there."""

import math
from fractions import Fraction

import numpy as np
import pytest

from engine.domain.saliency_map import Geometry
from engine.domain.settings import LocalisationSettings
from engine.localisation.grids import comparison_grid, image_grid_size, read_map, read_region
from engine.regions.runs import runs_of_mask

MODEL_GRID = LocalisationSettings(grid="model")


def stretched(*, image: tuple[int, int], model: tuple[int, int]) -> Geometry:
    return Geometry(*image, *model, model[0] / image[0], model[1] / image[1])


def test_a_small_image_is_never_enlarged():
    assert image_grid_size(640, 480, max_pixels=1_000_000) == (640, 480)


def test_a_large_image_keeps_its_shape_with_rounded_sides():
    assert image_grid_size(3000, 2000, max_pixels=1_000_000) == (1225, 816)


@pytest.mark.parametrize(
    ("width", "height"), [(4000, 3000), (3000, 4000), (1, 3_000_000), (3_000_000, 1), (1001, 1000)]
)
def test_the_grid_never_exceeds_its_pixels(width, height):
    columns, rows = image_grid_size(width, height, max_pixels=1_000_000)
    assert 990_000 <= columns * rows <= 1_000_000


def test_both_sides_of_a_grid_are_at_least_one():
    assert image_grid_size(7, 5, max_pixels=1) == (1, 1)
    assert image_grid_size(2, 2, max_pixels=3) == (1, 2)


def test_the_region_is_read_under_the_centres_of_the_grid():
    geometry = stretched(image=(9, 5), model=(4, 4))
    grid = comparison_grid(geometry, LocalisationSettings(max_pixels=15))
    mask = np.random.default_rng(1).random((5, 9)) < 0.5
    read = read_region(runs_of_mask(mask), grid)
    assert read.shape == (3, 5)
    expected = [
        [mask[int((i + 0.5) * 5 / 3), int((j + 0.5) * 9 / 5)] for j in range(5)] for i in range(3)
    ]
    np.testing.assert_array_equal(read, expected)


def test_at_full_size_the_region_is_read_pixel_by_pixel():
    grid = comparison_grid(stretched(image=(6, 4), model=(3, 3)), LocalisationSettings())
    mask = np.random.default_rng(2).random((4, 6)) < 0.5
    np.testing.assert_array_equal(read_region(runs_of_mask(mask), grid), mask)


def test_a_map_of_the_grids_size_is_read_unchanged():
    values = np.random.default_rng(3).integers(-32700, 32701, (4, 6)).astype(np.int16)
    grid = comparison_grid(stretched(image=(6, 4), model=(6, 4)), LocalisationSettings())
    np.testing.assert_array_equal(read_map(values, grid), values)


def test_a_map_is_blended_between_centres_and_flat_beyond_the_outermost():
    values = np.array([[0, 100]], dtype=np.int16)
    grid = comparison_grid(stretched(image=(8, 1), model=(2, 1)), LocalisationSettings())
    # Centres of the model's pixels lie at 2 and 6 on the image, those of the image at 0.5, 1.5...
    np.testing.assert_array_equal(read_map(values, grid), [[0, 0, 12, 38, 62, 88, 100, 100]])


def test_halves_are_rounded_to_even_and_the_peak_is_not_restored():
    values = np.array([[0, 1, 4]], dtype=np.int16)
    geometry = Geometry(2, 1, 3, 1, scale_x=1, scale_y=1, offset_x=0.5)
    np.testing.assert_array_equal(
        read_map(values, comparison_grid(geometry, LocalisationSettings())), [[0, 2]]
    )


def test_what_was_cropped_away_is_left_out_and_counted():
    # The middle four of eight columns fill the model's input.
    geometry = Geometry(8, 2, 4, 2, scale_x=1, scale_y=1, offset_x=-2)
    grid = comparison_grid(geometry, LocalisationSettings())
    assert (grid.compared_pixels, grid.unseen_pixels) == (8, 8)
    values = np.arange(8, dtype=np.int16).reshape(2, 4)
    np.testing.assert_array_equal(read_map(values, grid), values)
    mask = np.zeros((2, 8), dtype=bool)
    mask[0, 2] = True
    np.testing.assert_array_equal(
        read_region(runs_of_mask(mask), grid), [[True, False, False, False], [False] * 4]
    )


def test_padding_is_no_part_of_the_image_grid():
    # A 4 x 2 image in the middle rows of a 4 x 4 input.
    geometry = Geometry(4, 2, 4, 4, scale_x=1, scale_y=1, offset_y=1)
    grid = comparison_grid(geometry, LocalisationSettings())
    values = np.arange(16, dtype=np.int16).reshape(4, 4)
    assert grid.unseen_pixels == 0
    np.testing.assert_array_equal(read_map(values, grid), values[1:3])


def test_padding_is_left_out_of_the_model_grid_and_counted():
    geometry = Geometry(4, 2, 4, 4, scale_x=1, scale_y=1, offset_y=1)
    grid = comparison_grid(geometry, MODEL_GRID)
    values = np.arange(16, dtype=np.int16).reshape(4, 4)
    assert (grid.compared_pixels, grid.unseen_pixels) == (8, 8)
    np.testing.assert_array_equal(read_map(values, grid), values[1:3])


def test_on_the_model_grid_the_region_is_read_under_the_models_pixels():
    geometry = stretched(image=(9, 6), model=(3, 2))
    mask = np.random.default_rng(4).random((6, 9)) < 0.5
    read = read_region(runs_of_mask(mask), comparison_grid(geometry, MODEL_GRID))
    np.testing.assert_array_equal(read, mask[1::3, 1::3])


@pytest.mark.parametrize(
    ("width", "height", "resized", "side"),
    [(1792, 1344, 224, 224), (2048, 1536, 256, 224), (508, 339, 299, 299), (1344, 1344, 224, 224)],
)
def test_a_centre_on_a_pixels_edge_belongs_to_the_pixel_that_begins_there(
    width, height, resized, side
):
    # The shorter side is resized and the centre cropped; in floats some centres fall just short.
    scale, exact_scale = resized / height, Fraction(resized, height)
    geometry = Geometry(
        width, height, side, side, scale, scale, (side - scale * width) / 2, (side - resized) / 2
    )
    grid = comparison_grid(geometry, MODEL_GRID)
    exact_offset = (side - exact_scale * width) / 2
    expected = [
        math.floor((Fraction(2 * j + 1, 2) - exact_offset) / exact_scale) for j in range(side)
    ]
    np.testing.assert_array_equal(grid.columns.pixels, expected)
