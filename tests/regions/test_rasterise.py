"""A pixel belongs to a region if and only if its centre is inside."""

import tracemalloc

import numpy as np
import pytest

from engine.domain.polygon import Polygon, ring
from engine.regions.rasterise import rasterise


def _mask(*polygons, width=8, height=6):
    region = tuple(Polygon(ring(rings[0]), tuple(map(ring, rings[1:]))) for rings in polygons)
    return rasterise(region, width=width, height=height).to_mask()


def _box(left, top, right, bottom):
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def test_a_box_along_pixel_edges_covers_its_pixels():
    expected = np.zeros((6, 8), dtype=bool)
    expected[1:4, 2:5] = True
    assert np.array_equal(_mask([_box(2, 1, 5, 4)]), expected)


def test_a_pixel_belongs_only_if_its_centre_is_inside():
    assert _mask([_box(2.51, 1.51, 3.49, 2.49)]).sum() == 0
    assert np.argwhere(_mask([_box(2.49, 1.49, 2.51, 1.51)])).tolist() == [[1, 2]]


def test_a_centre_on_the_left_or_upper_side_belongs_and_on_the_right_or_lower_does_not():
    assert np.argwhere(_mask([_box(2.5, 1.5, 3.5, 2.5)])).tolist() == [[1, 2]]


def test_two_polygons_that_share_a_slanted_side_own_each_centre_on_it_once():
    lower, upper = [(0, 0), (6, 6), (0, 6)], [(0, 0), (6, 0), (6, 6)]
    below, above = _mask([lower], width=6), _mask([upper], width=6)
    assert not (below & above).any()
    assert (below | above).all()


def test_a_hole_is_background():
    mask = _mask([_box(0, 0, 6, 6), _box(2, 2, 4, 4)])
    assert mask.sum() == 32
    assert not mask[2:4, 2:4].any()


def test_overlapping_polygons_are_united_and_never_cancel():
    mask = _mask([_box(0, 0, 4, 4)], [_box(2, 2, 6, 6)])
    assert mask.sum() == 28
    assert mask[3, 3]


def test_a_ring_that_crosses_itself_is_even_odd():
    mask = _mask([[(0, 0), (6, 6), (6, 0), (0, 6)]], width=6)
    assert mask[3, 0]
    assert mask[3, 5]
    assert not mask[0, 3]


@pytest.mark.parametrize("points", [[], [(1, 1)], [(1, 1), (5, 5)], [(1, 1), (5, 5), (1, 1)]])
def test_fewer_than_three_vertices_enclose_nothing(points):
    assert _mask([points]).sum() == 0


def test_no_polygon_covers_nothing():
    assert rasterise((), width=8, height=6).area == 0


def test_a_ring_off_the_image_covers_nothing():
    for box in (_box(-9, 1, -1, 5), _box(9, 1, 20, 5), _box(1, -9, 5, -1), _box(1, 7, 5, 9)):
        assert _mask([box]).sum() == 0


def test_a_ring_around_the_image_is_one_run():
    runs = rasterise((Polygon(ring(_box(-5, -5, 50, 50))),), width=8, height=6)
    assert runs.starts.tolist() == [0]
    assert runs.ends.tolist() == [48]


@pytest.mark.parametrize("far", [1e6, 1e18, 1e300, 1.7e308])
def test_vertices_however_far_off_do_not_overflow(far):
    tall = _mask([[(-far, -far), (far, -far), (far, far), (-far, far)]])
    assert tall.all()
    # The diagonal from one far corner to the other passes through (0, 0), (1, 1), and so on.
    half = _mask([[(-far, -far), (far, far), (-far, far)]], width=6)
    assert np.array_equal(half, np.tri(6, k=-1, dtype=bool))


def test_a_side_whose_height_overflows_crosses_where_it_should():
    top, bottom = -1.7e308, 1.7e308
    mask = _mask([[(0, top), (6, bottom), (0, bottom)]], width=6)
    assert np.array_equal(mask, np.tile(np.arange(6) < 3, (6, 1)))


def test_crossings_within_rounding_of_a_centre_are_decided_exactly():
    # In float64 the crossing at row centre 0.5 rounds onto the column centre 1.5 from the left
    # for one ring and from the right for the other; the last bit of a vertex decides.
    right = np.nextafter(3.0, 4)
    left = np.nextafter(3.0, 2)
    assert not _mask([[(0, 0), (right, 1), (8, 1), (8, 0)]])[0, 1]
    assert _mask([[(0, 0), (left, 1), (8, 1), (8, 0)]])[0, 1]
    assert _mask([[(0, 0), (3.0, 1), (8, 1), (8, 0)]])[0, 1]


def test_the_cost_does_not_grow_with_the_width_of_the_image():
    def peak(width):
        region = (Polygon(ring([(0.1 * width, 10), (0.9 * width, 500), (0.3 * width, 990)])),)
        tracemalloc.start()
        rasterise(region, width=width, height=1000)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak(1000)
    assert peak(1_000_000) < 1.1 * peak(1000)
