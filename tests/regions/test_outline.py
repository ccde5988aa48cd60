"""A mask becomes polygons that are the mask again."""

import numpy as np
import pytest
import shapely

from engine.regions.outline import region_of_mask
from engine.regions.rasterise import rasterise


def _outlined(rows):
    mask = np.array([[letter == "#" for letter in row] for row in rows])
    region = region_of_mask(mask)
    assert all(shapely.Polygon(p.exterior, p.holes).is_valid for p in region)
    again = rasterise(region, width=mask.shape[1], height=mask.shape[0]).to_mask()
    assert np.array_equal(again, mask)
    return region


def test_a_box_has_four_vertices_on_pixel_edges():
    (polygon,) = _outlined(["....", ".##.", ".##."])
    assert sorted(map(tuple, polygon.exterior.tolist())) == [(1, 1), (1, 3), (3, 1), (3, 3)]
    assert polygon.holes == ()


def test_a_hole_is_a_ring_of_its_own():
    (polygon,) = _outlined(["####", "#..#", "####"])
    assert len(polygon.holes) == 1


def test_an_island_in_a_hole_is_another_polygon():
    region = _outlined(["#####", "#...#", "#.#.#", "#...#", "#####"])
    assert sorted(len(p.holes) for p in region) == [0, 1]


def test_pixels_that_touch_at_a_corner_are_two_polygons():
    assert len(_outlined(["#.", ".#"])) == 2


def test_a_shape_that_touches_itself_at_a_corner_is_one_valid_polygon():
    (polygon,) = _outlined(["###.", "#.#.", "##.#", "#..#", "####"])
    assert len(polygon.holes) >= 1


def test_holes_that_touch_at_a_corner_leave_a_valid_polygon():
    (polygon,) = _outlined(["####", "#.##", "##.#", "####"])
    assert len(polygon.holes) == 2


def test_a_region_that_reaches_the_border_is_closed():
    (polygon,) = _outlined(["##", "##"])
    assert len(polygon.exterior) == 4


def test_an_empty_mask_has_no_polygon():
    assert _outlined(["...", "..."]) == ()


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (5, 0)])
def test_a_mask_without_pixels_has_no_polygon(shape):
    assert region_of_mask(np.zeros(shape, dtype=bool)) == ()


def test_the_order_of_polygons_follows_their_places_alone():
    mask = np.zeros((9, 9), dtype=bool)
    mask[1, 1] = mask[7, 7] = mask[1, 7] = mask[4, 4] = True
    assert region_of_mask(mask) == region_of_mask(mask.copy(order="F"))


@pytest.mark.parametrize("block", [1, 7, 50])
def test_a_mask_looked_at_in_blocks_has_the_outline_of_the_whole(block, monkeypatch):
    mask = np.random.default_rng(3).random((9, 11)) < 0.5
    whole = region_of_mask(mask)
    monkeypatch.setattr("engine.regions.outline.BLOCK", block)
    assert region_of_mask(mask) == whole
