"""Rings become valid polygons at the border, and nothing else is changed."""

import numpy as np
import pytest
import shapely

from engine.domain.polygon import Polygon, ring
from engine.regions.repair import clip, even_odd, repair_ring, unite

SQUARE = [(0, 0), (4, 0), (4, 4), (0, 4)]
BOW_TIE = [(0, 0), (4, 4), (4, 0), (0, 4)]


def _area(region):
    return sum(shapely.Polygon(p.exterior, p.holes).area for p in region)


def _moved(points, by):
    return Polygon(ring(np.array(points) + by))


def test_a_valid_ring_stays_as_it_was_drawn():
    region, is_repaired = repair_ring([*SQUARE, SQUARE[0]])
    assert region == (Polygon(ring(SQUARE)),)
    assert not is_repaired


def test_a_bow_tie_keeps_both_halves():
    region, is_repaired = repair_ring(BOW_TIE)
    assert is_repaired
    assert len(region) == 2
    assert _area(region) == 8


def test_a_spike_is_cut_off():
    region, is_repaired = repair_ring([(0, 0), (4, 0), (9, 0), (4, 0), (4, 4), (0, 4)])
    assert is_repaired
    assert _area(region) == 16
    assert len(region) == 1


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(1, 1)],
        [(0, 0), (4, 4)],
        [(0, 0), (4, 4), (4, 4)],
        [(0, 0), (4, 4), (8, 8)],
        [(0, 0), (4, 0), (np.nan, 4)],
        [(0, 0), (np.inf, 0), (4, 4)],
    ],
)
def test_a_ring_that_encloses_nothing_becomes_no_polygon_and_counts_as_repaired(points):
    assert repair_ring(points) == ((), True)


def test_a_side_too_short_to_divide_by_is_repaired_without_a_warning():
    region, is_repaired = repair_ring([(0, 1), (0, 0), (1, 0), (2.2250738585e-313, 0)])
    assert is_repaired
    assert _area(region) <= 0.5


def test_overlapping_polygons_are_united_and_never_cancel():
    region = unite([_moved(SQUARE, 0), _moved(SQUARE, 2)])
    assert len(region) == 1
    assert _area(region) == 28


def test_one_valid_polygon_is_its_own_union():
    polygon = _moved(SQUARE, 1)
    assert unite([polygon]) == (polygon,)


def test_one_invalid_polygon_is_made_valid_by_uniting():
    region = unite([Polygon(ring(BOW_TIE))])
    assert _area(region) == 8
    assert all(shapely.Polygon(p.exterior, p.holes).is_valid for p in region)


def test_a_union_does_not_depend_on_the_order_of_its_parts():
    parts = [_moved(SQUARE, 0), _moved(SQUARE, 10), _moved(SQUARE, 2)]
    assert unite(parts) == unite(parts[::-1])


def test_a_union_keeps_holes():
    frame = Polygon(ring(np.array(SQUARE) * 3), (ring(np.array(SQUARE) + 4),))
    region = unite([frame, _moved(SQUARE, 20)])
    assert sorted(len(p.holes) for p in region) == [0, 1]
    assert _area(region) == 144


def test_the_union_of_nothing_is_nothing():
    assert unite([]) == ()


def test_paths_of_one_region_are_even_odd():
    outer, hole, island = np.array(SQUARE) * 3, np.array(SQUARE) * 2 + 1, np.array(SQUARE) + 3
    region = even_odd([outer, hole, island])
    assert _area(region) == 144 - 64 + 16
    assert len(region) == 2


def test_paths_that_overlap_in_part_lose_what_they_share():
    region = even_odd([SQUARE, np.array(SQUARE) + 2])
    assert _area(region) == 24


def test_paths_that_enclose_nothing_add_nothing():
    assert even_odd([SQUARE, [(9, 9), (10, 10)]]) == even_odd([SQUARE])
    assert even_odd([]) == ()


def test_what_lies_outside_the_image_is_cut_off():
    region, is_clipped = clip((_moved(SQUARE, -2),), width=8, height=6)
    assert is_clipped
    assert _area(region) == 4


def test_a_region_inside_the_image_stays_as_it_was():
    region = (_moved(SQUARE, 0), _moved(SQUARE, (4, 2)))
    assert clip(region, width=8, height=6) == (region, False)


def test_a_region_wholly_outside_leaves_nothing():
    assert clip((_moved(SQUARE, 50),), width=8, height=6) == ((), True)


def test_a_vertex_outside_by_less_than_rounding_is_brought_inside():
    region, is_clipped = clip((Polygon(ring([(0, 1), (0, -1e-205), (1, 1)])),), width=8, height=6)
    assert is_clipped
    assert region[0].exterior.min() == 0


def test_a_side_along_the_border_leaves_no_line_behind():
    region, is_clipped = clip((_moved(SQUARE, 0), _moved(SQUARE, (8, 0))), width=8, height=6)
    assert is_clipped
    assert len(region) == 1
