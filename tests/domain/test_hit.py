"""What lies under the cursor, on shapes whose answer is known by eye."""

import pytest

from engine.domain.hit import (
    contains,
    hole_at,
    nearest_edge,
    nearest_midpoint,
    nearest_vertex,
    regions_at,
)
from engine.domain.polygon import Polygon, ring


def _box(x, y, side):
    return ring([(x, y), (x + side, y), (x + side, y + side), (x, y + side)])


FRAME = Polygon(_box(0, 0, 12), (_box(4, 4, 4),))
ISLAND = Polygon(_box(5, 5, 2))
REGION = (Polygon(_box(0, 0, 20)), FRAME, ISLAND)


def test_the_nearest_vertex_is_found_in_exterior_and_holes():
    corner = nearest_vertex(FRAME, (11.5, -0.5), radius=1)
    assert (corner.ring, corner.vertex) == (0, 1)
    assert corner.distance == pytest.approx(0.5**0.5)
    inner = nearest_vertex(FRAME, (8.3, 8), radius=1)
    assert (inner.ring, inner.vertex) == (1, 2)


def test_a_vertex_beyond_the_radius_is_no_hit():
    assert nearest_vertex(FRAME, (13, 0), radius=1) is not None
    assert nearest_vertex(FRAME, (13.01, 0), radius=1) is None


def test_the_nearest_place_on_the_boundary_is_a_foot_on_an_edge():
    hit = nearest_edge(FRAME, (3, -2), radius=2)
    assert (hit.ring, hit.edge, hit.foot, hit.distance) == (0, 0, (3, 0), 2)
    assert hit.along == 0.25


def test_the_last_edge_leads_back_to_the_first_vertex():
    hit = nearest_edge(FRAME, (-1, 3), radius=2)
    assert (hit.ring, hit.edge, hit.foot) == (0, 3, (0, 3))


def test_beyond_an_end_the_foot_is_the_vertex():
    hit = nearest_edge(FRAME, (14, -1), radius=5)
    assert hit.foot == (12, 0)


def test_the_boundary_of_a_hole_is_boundary():
    assert nearest_edge(FRAME, (6, 4.2), radius=1).ring == 1


def test_no_boundary_within_the_radius_is_no_hit():
    assert nearest_edge(FRAME, (2, -2.5), radius=2) is None


def test_only_edges_that_are_long_enough_offer_their_middle():
    middle = nearest_midpoint(FRAME, (6.2, 0), radius=1, shortest=5)
    assert (middle.ring, middle.edge, middle.foot) == (0, 0, (6, 0))
    assert nearest_midpoint(FRAME, (6, 4), radius=1, shortest=5) is None
    assert nearest_midpoint(FRAME, (6, 4), radius=1, shortest=4).ring == 1


def test_a_point_in_a_hole_is_outside():
    assert contains(FRAME, (2, 6))
    assert not contains(FRAME, (6, 6))
    assert not contains(FRAME, (13, 6))


def test_the_boundary_belongs_to_one_of_two_polygons_that_share_it():
    left, right = Polygon(_box(0, 0, 4)), Polygon(_box(4, 0, 4))
    assert [contains(left, (4, 2)), contains(right, (4, 2))] == [False, True]


def test_the_smallest_region_that_contains_a_point_is_on_top():
    assert regions_at(REGION, (6, 6)) == (2, 0)
    assert regions_at(REGION, (1, 1))[0] == 1
    assert regions_at(REGION, (15, 15))[0] == 0
    assert regions_at(REGION, (21, 5)) == ()


def test_the_hole_under_a_point_is_found():
    assert hole_at(FRAME, (6, 6)) == 0
    assert hole_at(FRAME, (1, 1)) is None


def test_an_empty_ring_holds_nothing_and_is_nowhere():
    nothing = Polygon(ring([]))
    assert nearest_vertex(nothing, (0, 0), radius=9) is None
    assert nearest_edge(nothing, (0, 0), radius=9) is None
    assert nearest_midpoint(nothing, (0, 0), radius=9, shortest=0) is None
    assert not contains(nothing, (0, 0))
