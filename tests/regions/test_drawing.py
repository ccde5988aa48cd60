"""What each gesture makes of a region, on shapes whose answer is known by eye."""

import numpy as np
import pytest
import shapely

from engine.domain.area import polygon_area
from engine.domain.hit import nearest_edge
from engine.domain.polygon import Polygon, ring
from engine.regions.drawing import (
    CLIPPED,
    CROSSED,
    NO_AREA,
    TOO_FINE,
    Drawn,
    Frame,
    Refused,
    _refusing,
    close_outline,
    delete_hole,
    delete_region,
    delete_vertex,
    insert_vertex,
    move_region,
    move_vertex,
    redraw_boundary,
    subtract_hole,
)

FRAME = Frame(100, 80)


def _corners(x, y, width, height):
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def _box(x, y, width, height, *holes):
    return Polygon(ring(_corners(x, y, width, height)), tuple(ring(_corners(*h)) for h in holes))


OTHER = _box(80, 60, 10, 10)
SQUARE = _box(10, 10, 20, 20)


def _on_boundary(polygon, at):
    return nearest_edge(polygon, at, radius=1)


def _total(region):
    return sum(polygon_area(polygon) for polygon in region)


# closing an outline -------------------------------------------------------------------------


def test_a_closed_outline_is_one_more_polygon_as_it_was_drawn():
    points = [(1.25, 2.5), (7.125, 3), (4, 9.75)]
    drawn = close_outline((OTHER,), points, FRAME)
    assert drawn == Drawn((OTHER, Polygon(ring(points))), "", 1)
    assert drawn.region[0] is OTHER


def test_a_bow_tie_becomes_two_regions_and_says_so():
    drawn = close_outline((), [(0, 0), (10, 10), (10, 0), (0, 10)], FRAME)
    assert len(drawn.region) == 2
    assert drawn.message == "The outline crossed itself: it is now 2 regions."
    assert drawn.selected == 0


def test_a_small_loop_is_repaired_and_told():
    drawn = close_outline((), [(0, 0), (9, 0), (9, 9), (5, 9), (5, 12), (5, 9), (0, 9)], FRAME)
    assert drawn.message == CROSSED
    assert _total(drawn.region) == 81


def test_a_slip_of_the_hand_at_the_end_of_a_stroke_is_no_region():
    drawn = close_outline((), [(0, 0), (20, 0), (20, 20), (0, 20), (0.5, -0.2), (-0, -0)], FRAME)
    assert len(drawn.region) == 1
    assert drawn.message in (CROSSED, f"{CROSSED} {CLIPPED}")


def test_what_is_drawn_outside_the_image_is_cut_off_and_told():
    drawn = close_outline((), _corners(90, 70, 20, 20), FRAME)
    assert drawn.message == CLIPPED
    assert _total(drawn.region) == 100


@pytest.mark.parametrize(
    "points",
    [[], [(1, 1)], [(1, 1), (5, 5)], [(1, 1), (5, 5), (9, 9)], _corners(200, 200, 5, 5)],
)
def test_an_outline_without_area_on_the_image_is_refused(points):
    assert close_outline((OTHER,), points, FRAME) == Refused(NO_AREA)


# holes --------------------------------------------------------------------------------------


def test_a_hole_inside_leaves_the_exterior_and_the_hole_as_drawn():
    drawn = subtract_hole((OTHER, SQUARE), _corners(15, 15, 5, 5), FRAME, selected=1)
    exterior, hole = drawn.region[1].rings
    assert np.array_equal(exterior, SQUARE.exterior)
    assert hole.tolist() == [list(c) for c in _corners(15, 15, 5, 5)]
    assert drawn.region[0] is OTHER
    assert (drawn.message, drawn.selected) == ("", 1)


def test_a_hole_over_the_boundary_takes_a_bite():
    drawn = subtract_hole((SQUARE,), _corners(25, 15, 20, 5), FRAME)
    assert _total(drawn.region) == 400 - 25
    assert drawn.region[0].holes == ()


def test_a_hole_across_a_region_parts_it_in_its_place_and_says_so():
    drawn = subtract_hole((SQUARE, OTHER), _corners(15, 0, 5, 50), FRAME, selected=1)
    assert sorted(polygon_area(polygon) for polygon in drawn.region[:2]) == [100, 200]
    assert drawn.region[2] is OTHER
    assert drawn.selected == 2
    assert drawn.message == "A region fell into 2 parts."


def test_a_hole_over_a_whole_region_takes_it_away_and_says_so():
    drawn = subtract_hole((OTHER, SQUARE), _corners(5, 5, 40, 40), FRAME, selected=1)
    assert drawn.region == (OTHER,)
    assert drawn.message == "A region was cut away altogether."
    assert drawn.selected is None or drawn.region[drawn.selected] is OTHER


def test_a_hole_is_cut_out_of_all_regions_that_overlap_there():
    twin = _box(20, 10, 20, 20)
    drawn = subtract_hole((SQUARE, twin), _corners(22, 15, 5, 5), FRAME)
    assert [polygon_area(polygon) for polygon in drawn.region] == [375, 375]
    assert drawn.message == "The hole cut through 2 regions."


def test_a_hole_over_a_hole_joins_it():
    drawn = subtract_hole((_box(10, 10, 20, 20, (15, 15, 4, 4)),), _corners(17, 17, 4, 4), FRAME)
    assert _total(drawn.region) == 400 - 16 - 16 + 4
    assert len(drawn.region[0].holes) == 1


def test_a_hole_beside_every_region_is_refused():
    assert isinstance(subtract_hole((SQUARE,), _corners(50, 50, 5, 5), FRAME), Refused)
    assert isinstance(subtract_hole((SQUARE,), _corners(30, 10, 5, 5), FRAME), Refused)


def test_a_hole_without_area_is_refused():
    assert subtract_hole((SQUARE,), [(15, 15), (20, 20)], FRAME) == Refused(NO_AREA)


def test_a_hole_is_filled():
    drawn = delete_hole((OTHER, _box(10, 10, 20, 20, (12, 12, 2, 2), (20, 20, 2, 2))), 1, 0)
    assert drawn == Drawn((OTHER, _box(10, 10, 20, 20, (20, 20, 2, 2))), "", 1)


# vertices -----------------------------------------------------------------------------------


def test_a_vertex_moves_and_nothing_else_does():
    drawn = move_vertex((OTHER, SQUARE), 1, ring_number=0, vertex=2, to=(33.5, 31.25), frame=FRAME)
    assert drawn.region[1].exterior.tolist() == [[10, 10], [30, 10], [33.5, 31.25], [10, 30]]
    assert drawn.region[0] is OTHER
    assert (drawn.message, drawn.selected) == ("", 1)


def test_a_vertex_stops_at_the_border_of_the_image():
    drawn = move_vertex((SQUARE,), 0, ring_number=0, vertex=0, to=(-7, -3), frame=FRAME)
    assert drawn.region[0].exterior[0].tolist() == [0, 0]
    assert drawn.message == ""


def test_a_vertex_pulled_across_the_region_splits_it_and_says_so():
    drawn = move_vertex((SQUARE,), 0, ring_number=0, vertex=0, to=(60, 20), frame=FRAME)
    assert len(drawn.region) == 2
    assert "crossed itself" in drawn.message


def test_a_vertex_of_a_hole_pulled_outside_takes_away_and_adds_nothing():
    region = (_box(10, 10, 20, 20, (15, 15, 5, 5)),)
    drawn = move_vertex(region, 0, ring_number=1, vertex=1, to=(60, 15), frame=FRAME)
    assert _total(drawn.region) < _total(region)
    assert shapely.Polygon(SQUARE.exterior).contains(shapely.Polygon(drawn.region[0].exterior))


def test_a_vertex_that_leaves_no_area_is_refused():
    triangle = (Polygon(ring([(10, 10), (20, 10), (15, 20)])),)
    refused = move_vertex(triangle, 0, ring_number=0, vertex=2, to=(15, 10), frame=FRAME)
    assert isinstance(refused, Refused)


def test_a_vertex_put_on_its_neighbour_becomes_one_with_it():
    drawn = move_vertex((SQUARE,), 0, ring_number=0, vertex=1, to=(10, 10), frame=FRAME)
    assert drawn.region[0].exterior.tolist() == [[10, 10], [30, 30], [10, 30]]


def test_a_gesture_that_geometry_gives_up_on_is_refused():
    gives_up = _refusing(lambda: shapely.from_wkt("POLYGON ((0 0, 1 1"))
    assert gives_up() == Refused(TOO_FINE)


def test_a_vertex_goes_into_an_edge():
    drawn = insert_vertex((SQUARE,), 0, ring_number=0, edge=3, at=(8, 20), frame=FRAME)
    assert drawn.region[0].exterior.tolist()[-1] == [8, 20]
    assert len(drawn.region[0].exterior) == 5


def test_a_vertex_goes_into_a_hole():
    region = (_box(10, 10, 20, 20, (15, 15, 5, 5)),)
    drawn = insert_vertex(region, 0, ring_number=1, edge=0, at=(17, 14), frame=FRAME)
    assert drawn.region[0].holes[0].tolist()[1] == [17, 14]
    assert np.array_equal(drawn.region[0].exterior, SQUARE.exterior)


def test_a_vertex_is_deleted():
    drawn = delete_vertex((SQUARE,), 0, ring_number=0, vertex=0, frame=FRAME)
    assert drawn.region[0].exterior.tolist() == [[30, 10], [30, 30], [10, 30]]


@pytest.mark.parametrize("ring_number", [0, 1])
def test_the_third_last_vertex_is_not_deleted(ring_number):
    small = ring([(14, 12), (16, 12), (15, 14)])
    region = (Polygon(ring([(10, 10), (20, 10), (15, 20)]), (small,)),)
    refused = delete_vertex(region, 0, ring_number=ring_number, vertex=0, frame=FRAME)
    assert "at least three" in refused.message


# moving and deleting ------------------------------------------------------------------------


def test_a_region_moves_with_its_holes():
    region = (OTHER, _box(10, 10, 20, 20, (15, 15, 5, 5)))
    drawn = move_region(region, 1, by=(5, -3), frame=FRAME)
    assert drawn == Drawn((OTHER, _box(15, 7, 20, 20, (20, 12, 5, 5))), "", 1)


def test_a_region_stops_at_the_border_in_its_shape():
    assert move_region((SQUARE,), 0, by=(500, -500), frame=FRAME).region == (_box(80, 0, 20, 20),)


def test_a_region_is_deleted():
    assert delete_region((OTHER, SQUARE), 0) == Drawn((SQUARE,), "", None)


# redrawing ----------------------------------------------------------------------------------


def test_a_stroke_outside_adds_a_bulge_to_the_side_it_follows():
    start, end = _on_boundary(SQUARE, (15, 10)), _on_boundary(SQUARE, (25, 10))
    drawn = redraw_boundary((SQUARE, OTHER), 0, [(20, 5)], start=start, end=end, frame=FRAME)
    assert _total(drawn.region[:1]) == 400 + 25
    assert drawn.region[1] is OTHER
    assert (drawn.message, drawn.selected) == ("", 0)


def test_the_direction_of_the_stroke_does_not_matter():
    start, end = _on_boundary(SQUARE, (15, 10)), _on_boundary(SQUARE, (25, 10))
    there = redraw_boundary((SQUARE,), 0, [(20, 5)], start=start, end=end, frame=FRAME)
    back = redraw_boundary((SQUARE,), 0, [(20, 5)], start=end, end=start, frame=FRAME)
    assert _total(there.region) == _total(back.region) == 425


def test_a_stroke_inside_cuts_off_the_smaller_part():
    start, end = _on_boundary(SQUARE, (10, 16)), _on_boundary(SQUARE, (16, 10))
    drawn = redraw_boundary((SQUARE,), 0, [], start=start, end=end, frame=FRAME)
    assert _total(drawn.region) == 400 - 18
    assert [10, 10] not in drawn.region[0].exterior.tolist()


def test_a_stroke_over_most_of_the_boundary_replaces_what_it_follows():
    start, end = _on_boundary(SQUARE, (15, 10)), _on_boundary(SQUARE, (10, 15))
    around = [(15, 8), (32, 8), (32, 32), (8, 32), (8, 15)]
    drawn = redraw_boundary((SQUARE,), 0, around, start=start, end=end, frame=FRAME)
    assert [10, 10] in drawn.region[0].exterior.tolist()
    assert [30, 30] not in drawn.region[0].exterior.tolist()
    assert _total(drawn.region) > 500


def test_a_loop_back_to_where_it_began_adds_the_loop():
    start = _on_boundary(SQUARE, (20, 10))
    drawn = redraw_boundary((SQUARE,), 0, [(18, 6), (22, 6)], start=start, end=start, frame=FRAME)
    assert _total(drawn.region) == 400 + 8


def test_from_vertex_to_vertex_no_vertex_is_doubled():
    start, end = _on_boundary(SQUARE, (10, 10)), _on_boundary(SQUARE, (30, 10))
    drawn = redraw_boundary((SQUARE,), 0, [(20, 4)], start=start, end=end, frame=FRAME)
    assert sorted(drawn.region[0].exterior.tolist()) == [
        [10, 10],
        [10, 30],
        [20, 4],
        [30, 10],
        [30, 30],
    ]


def test_a_stroke_outside_the_image_runs_along_its_border():
    start, end = _on_boundary(SQUARE, (15, 10)), _on_boundary(SQUARE, (25, 10))
    drawn = redraw_boundary((SQUARE,), 0, [(15, -9), (25, -9)], start=start, end=end, frame=FRAME)
    assert _total(drawn.region) == 400 + 100


def test_the_boundary_of_a_hole_is_redrawn():
    region = (_box(10, 10, 20, 20, (15, 15, 6, 6)),)
    start, end = _on_boundary(region[0], (16, 15)), _on_boundary(region[0], (20, 15))
    drawn = redraw_boundary(region, 0, [(18, 13)], start=start, end=end, frame=FRAME)
    assert _total(drawn.region) == 400 - 36 - 4
    assert np.array_equal(drawn.region[0].exterior, SQUARE.exterior)


def test_a_stroke_from_the_exterior_to_a_hole_is_refused():
    region = (_box(10, 10, 20, 20, (15, 15, 6, 6)),)
    start, end = _on_boundary(region[0], (10, 16)), _on_boundary(region[0], (15, 17))
    refused = redraw_boundary(region, 0, [], start=start, end=end, frame=FRAME)
    assert isinstance(refused, Refused)
