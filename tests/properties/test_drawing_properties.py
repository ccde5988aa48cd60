"""What holds of every gesture on every region."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.domain.hit import nearest_edge
from engine.regions.drawing import (
    SMALLEST_AREA,
    SPECK,
    Drawn,
    Frame,
    Refused,
    close_outline,
    delete_vertex,
    insert_vertex,
    move_region,
    move_vertex,
    redraw_boundary,
    subtract_hole,
)
from engine.regions.repair import repair_ring

FRAME = Frame(30, 20)
BOX = shapely.box(0, 0, 30, 20)
COORDINATES = st.floats(-5, 35, width=32) | st.integers(-5, 35).map(float)
POINTS = st.tuples(COORDINATES, COORDINATES)
RINGS = st.lists(POINTS, min_size=3, max_size=9)


def _shape(region):
    return shapely.union_all([shapely.Polygon(p.exterior, p.holes) for p in region])


def _odd(points):
    return _shape(repair_ring(points)[0])


@st.composite
def regions(draw):
    """Return a region as the tools make it: outlines, some with a hole."""
    region = ()
    for points in draw(st.lists(RINGS, min_size=1, max_size=3)):
        outcome = close_outline(region, points, FRAME)
        region = outcome.region if isinstance(outcome, Drawn) else region
    for points in draw(st.lists(RINGS, max_size=2)):
        outcome = subtract_hole(region, points, FRAME)
        region = outcome.region if isinstance(outcome, Drawn) else region
    assume(region)
    return region


@st.composite
def places(draw):
    """Return a region, one of its polygons, and one of that one's vertices."""
    region = draw(regions())
    index = draw(st.integers(0, len(region) - 1))
    number = draw(st.integers(0, len(region[index].rings) - 1))
    vertex = draw(st.integers(0, len(region[index].rings[number]) - 1))
    return region, index, number, vertex


def _dropped(area):
    """Return the most that slips of the hand may add up to in these small tests."""
    return 9 * (SMALLEST_AREA + SPECK * area)


def _check(before, outcome, index=None):
    """Check what holds of every outcome; polygons other than `index` are the same objects."""
    if isinstance(outcome, Refused):
        assert outcome.message
        return
    assert outcome.selected is None or 0 <= outcome.selected < len(outcome.region)
    for polygon in outcome.region:
        shape = shapely.Polygon(polygon.exterior, polygon.holes)
        assert shape.is_valid
        assert shape.area > 0
        for ring in polygon.rings:
            assert len(ring) >= 3
            assert (ring >= 0).all()
            assert (ring <= (FRAME.width, FRAME.height)).all()
    if index is not None:
        after = outcome.region
        kept = after[:index] + after[len(after) - (len(before) - index - 1) :]
        others = before[:index] + before[index + 1 :]
        assert all(a is b for a, b in zip(kept, others, strict=True))


@given(regions(), RINGS)
def test_a_closed_outline_adds_what_it_encloses_on_the_image(region, points):
    outcome = close_outline(region, points, FRAME)
    _check(region, outcome)
    expected = shapely.intersection(_odd(points), BOX).area
    if isinstance(outcome, Refused):
        assert expected < 9 * SMALLEST_AREA
        return
    added = outcome.region[len(region) :]
    assert all(a is b for a, b in zip(outcome.region, region, strict=False))
    assert _shape(added).area == pytest.approx(expected, abs=_dropped(expected))
    assert (len(added) > 1) <= ("regions" in outcome.message or "cut off" in outcome.message)


@given(regions(), RINGS)
def test_a_hole_leaves_what_it_does_not_enclose(region, points):
    outcome = subtract_hole(region, points, FRAME)
    _check(region, outcome)
    hole = shapely.intersection(_odd(points), BOX)
    expected = shapely.difference(_shape(region), hole).area
    after = outcome.region if isinstance(outcome, Drawn) else region
    assert _shape(after).area == pytest.approx(expected, abs=_dropped(expected))
    if isinstance(outcome, Drawn):
        far = [p for p in region if not shapely.Polygon(p.exterior, p.holes).intersects(hole)]
        assert all(any(p is kept for kept in after) for p in far)


@given(places(), POINTS)
def test_a_moved_vertex_changes_its_own_polygon_only(place, to):
    region, index, number, vertex = place
    outcome = move_vertex(region, index, ring_number=number, vertex=vertex, to=to, frame=FRAME)
    _check(region, outcome, index)
    if isinstance(outcome, Drawn) and not outcome.message:
        rings = [ring.copy() for ring in region[index].rings]
        rings[number][vertex] = FRAME.held(to)
        is_new = (rings[number] != np.roll(rings[number], -1, axis=0)).any(axis=1)
        rings[number] = rings[number][is_new]
        assert all(map(np.array_equal, rings, outcome.region[index].rings))


@given(places(), POINTS)
def test_an_inserted_vertex_changes_its_own_polygon_only(place, at):
    region, index, number, edge = place
    outcome = insert_vertex(region, index, ring_number=number, edge=edge, at=at, frame=FRAME)
    _check(region, outcome, index)


@given(places())
def test_a_deleted_vertex_changes_its_own_polygon_only(place):
    region, index, number, vertex = place
    outcome = delete_vertex(region, index, ring_number=number, vertex=vertex, frame=FRAME)
    _check(region, outcome, index)
    if len(region[index].rings[number]) == 3:
        assert isinstance(outcome, Refused)


@given(places(), POINTS)
def test_a_moved_region_keeps_its_area(place, by):
    region, index, _, _ = place
    outcome = move_region(region, index, by=by, frame=FRAME)
    _check(region, outcome, index)
    parts = outcome.region[index : index + 1 + len(outcome.region) - len(region)]
    assert _shape(parts).area == pytest.approx(_shape(region[index : index + 1]).area, abs=0.1)


@given(places(), st.lists(POINTS, max_size=5), POINTS, POINTS)
def test_a_redrawn_boundary_changes_its_own_polygon_only(place, stroke, start, end):
    region, index, _, _ = place
    places = [nearest_edge(region[index], at, radius=np.inf) for at in (start, end)]
    outcome = redraw_boundary(region, index, stroke, start=places[0], end=places[1], frame=FRAME)
    _check(region, outcome, index)
    if places[0].ring != places[1].ring:
        assert isinstance(outcome, Refused)


@given(places(), POINTS, POINTS)
def test_a_straight_redraw_takes_off_no_more_than_half(place, start, end):
    region, index, _, _ = place
    before = shapely.Polygon(region[index].exterior)
    places = [nearest_edge(region[index], at, radius=np.inf) for at in (start, end)]
    assume(not region[index].holes)
    chord = shapely.LineString([places[0].foot, places[1].foot])
    assume(before.buffer(1e-9).contains(chord))
    outcome = redraw_boundary(region, index, [], start=places[0], end=places[1], frame=FRAME)
    if isinstance(outcome, Drawn):
        parts = outcome.region[index : index + 1 + len(outcome.region) - len(region)]
        assert _shape(parts).area >= before.area / 2 - 0.1
