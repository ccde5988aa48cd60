"""Hit-testing against shapely's distances and point-in-polygon."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.domain.area import polygon_area
from engine.domain.hit import contains, nearest_edge, nearest_midpoint, nearest_vertex
from engine.domain.polygon import Polygon, ring
from engine.regions.repair import repair_ring

COORDINATES = st.floats(-50, 50, width=32) | st.integers(-20, 20).map(float)
POINTS = st.tuples(COORDINATES, COORDINATES)
RINGS = st.lists(POINTS, min_size=3, max_size=12)


def _valid(points):
    region, _ = repair_ring(points)
    assume(region)
    return region[0]


@given(RINGS, POINTS)
def test_the_nearest_vertex_is_as_near_as_shapely_says(points, at):
    polygon = _valid(points)
    corners = shapely.MultiPoint(np.concatenate(polygon.rings))
    distance = corners.distance(shapely.Point(at))
    hit = nearest_vertex(polygon, at, radius=np.inf)
    assert hit.distance == pytest.approx(distance, abs=1e-9)
    found = polygon.rings[hit.ring][hit.vertex]
    assert np.hypot(*(found - at)) == pytest.approx(distance, abs=1e-9)
    assert nearest_vertex(polygon, at, radius=hit.distance * 0.99 - 1e-9) is None


@given(RINGS, POINTS)
def test_the_nearest_place_on_the_boundary_is_as_near_as_shapely_says(points, at):
    polygon = _valid(points)
    boundary = shapely.Polygon(polygon.exterior, polygon.holes).boundary
    hit = nearest_edge(polygon, at, radius=np.inf)
    assert hit.distance == pytest.approx(boundary.distance(shapely.Point(at)), abs=1e-6)
    foot = shapely.Point(hit.foot)
    assert foot.distance(shapely.Point(at)) == pytest.approx(hit.distance, abs=1e-6)
    vertices = polygon.rings[hit.ring]
    edge = shapely.LineString([vertices[hit.edge], vertices[(hit.edge + 1) % len(vertices)]])
    assert edge.distance(foot) == pytest.approx(0, abs=1e-6)


@given(RINGS, POINTS, st.floats(0, 20))
def test_the_nearest_middle_is_the_nearest_of_the_long_edges(points, at, shortest):
    polygon = _valid(points)
    edges = [
        (start, end)
        for vertices in polygon.rings
        for start, end in zip(vertices, np.roll(vertices, -1, axis=0), strict=True)
    ]
    far = [
        np.hypot(*((start + end) / 2 - at))
        for start, end in edges
        if np.hypot(*(end - start)) >= shortest
    ]
    hit = nearest_midpoint(polygon, at, radius=1e6, shortest=shortest)
    assert (hit.distance if hit else None) == (pytest.approx(min(far)) if far else None)


@given(RINGS, POINTS)
def test_a_point_off_the_boundary_is_inside_where_shapely_says_so(points, at):
    polygon = _valid(points)
    shape, point = shapely.Polygon(polygon.exterior, polygon.holes), shapely.Point(at)
    assume(shape.boundary.distance(point) > 1e-6)
    assert contains(polygon, at) == shape.contains(point)


@given(RINGS)
def test_an_area_is_that_of_shapely(points):
    polygon = _valid(points)
    expected = shapely.Polygon(polygon.exterior, polygon.holes).area
    assert polygon_area(polygon) == pytest.approx(expected, abs=1e-9)


@given(st.lists(POINTS, max_size=9), POINTS)
def test_a_ring_that_crosses_itself_holds_what_it_winds_around_an_odd_number_of_times(points, at):
    region, _ = repair_ring(points)
    shape = shapely.MultiPolygon([shapely.Polygon(p.exterior, p.holes) for p in region])
    sides = shapely.LineString([*points, points[0]]) if len(points) > 1 else shapely.Point()
    assume(len(points) > 1 and sides.distance(shapely.Point(at)) > 1e-6)
    assert contains(Polygon(ring(points)), at) == shape.contains(shapely.Point(at))
