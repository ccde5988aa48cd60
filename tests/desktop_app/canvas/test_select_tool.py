"""Select tool: what is under the pointer, and what a drag or an Alt+click asks for."""

import numpy as np
import pytest

from desktop_app.canvas.tools.intents import (
    DeleteHole,
    DeleteVertex,
    InsertVertex,
    MoveRegion,
    MoveVertex,
)
from desktop_app.canvas.tools.pointer import are_vertices_apart
from desktop_app.canvas.tools.selecting import Selecting
from desktop_app.canvas.tools.state import Part
from engine.domain.polygon import Polygon, ring
from tests.desktop_app.canvas.pointing import Hand, at, scene, square

SQUARE, OTHER = square(10, 10, 20), square(50, 10, 20)


@pytest.fixture
def hand():
    return Hand(Selecting(), scene(SQUARE, OTHER, selected=0))


def _hover(a_scene, x, y, **more):
    return Selecting().hover(at(x, y, **more), a_scene)


def _dense():
    turn = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    return Polygon(ring(np.column_stack((np.cos(turn), np.sin(turn))) * 20 + 40))


@pytest.mark.parametrize(
    ("point", "part"),
    [
        ((10.5, 9.8), Part.VERTEX),
        ((20.5, 10.2), Part.MIDDLE),
        ((15, 10.3), Part.EDGE),
        ((20, 20), Part.REGION),
        ((60, 20), Part.REGION),
        ((50.2, 15), Part.REGION),
        ((49.6, 15), Part.REGION),
        ((40, 20), Part.NOTHING),
    ],
)
def test_what_is_under_the_pointer(hand, point, part):
    assert _hover(hand.scene, *point).part is part


def test_only_the_selected_region_offers_its_vertices(hand):
    assert _hover(hand.scene, 50, 10).part is not Part.VERTEX
    assert _hover(scene(SQUARE, OTHER, selected=1), 50, 10).part is Part.VERTEX


def test_vertices_that_run_into_each_other_are_not_offered():
    a_scene = scene(_dense(), selected=0)
    assert not are_vertices_apart(_dense(), 10)
    assert _hover(a_scene, 60, 40).part is Part.DENSE
    assert _hover(a_scene, 60, 40, scale=400).part is Part.VERTEX


def test_nothing_but_regions_is_offered_where_they_may_only_be_looked_at():
    a_scene = scene(SQUARE, selected=0, may_edit=False)
    assert _hover(a_scene, 10, 10).part is Part.REGION


def test_a_dragged_vertex_goes_where_it_is_put_and_asks_once_at_release(hand):
    hand.press(10.2, 10.1)
    hand.move(14.2, 13.1)
    hand.move(5.2, 6.1)
    assert hand.intents == []
    step = hand.release(5.2, 6.1)
    assert step.intent == MoveVertex(0, 0, 0, (pytest.approx(5), pytest.approx(6)))
    assert len(hand.intents) == 1


def test_a_dragged_vertex_keeps_its_distance_from_the_pointer(hand):
    hand.drag((10.5, 10.5), (20.5, 20.5))
    assert hand.intents[0].to == (20, 20)


def test_while_a_vertex_is_dragged_it_is_shown_between_its_neighbours(hand):
    hand.press(10, 10)
    hand.move(5, 6)
    assert hand.state.preview.line == ((10, 30), (5, 6), (30, 10))
    assert hand.state.preview.shift is None


def test_a_vertex_is_not_dragged_off_the_image(hand):
    hand.drag((10, 10), (-50, -50))
    assert hand.intents[0].to == (0, 0)


def test_a_click_on_a_vertex_moves_nothing(hand):
    hand.drag((10, 10), (10.1, 10.1))
    assert hand.intents == []


def test_the_dragged_middle_of_an_edge_becomes_a_vertex(hand):
    hand.drag((20, 10), (20, 5))
    assert hand.intents == [InsertVertex(0, 0, 0, (20, 5))]


def test_the_middle_of_the_last_edge_lies_before_the_first_vertex(hand):
    hand.drag((10, 20), (4, 20))
    assert hand.intents == [InsertVertex(0, 0, 3, (4, 20))]


def test_alt_click_on_an_edge_inserts_a_vertex_on_it(hand):
    hand.click(15, 10.3, alt=True)
    assert hand.intents == [InsertVertex(0, 0, 0, (15, 10))]


def test_alt_drag_of_an_edge_inserts_a_vertex_and_leads_it(hand):
    hand.drag((15, 10), (15, 14), alt=True)
    assert hand.intents == [InsertVertex(0, 0, 0, (15, 14))]


def test_alt_click_on_the_middle_of_an_edge_inserts_there(hand):
    hand.click(20, 10, alt=True)
    assert hand.intents == [InsertVertex(0, 0, 0, (20, 10))]


def test_alt_click_on_a_vertex_deletes_it(hand):
    hand.click(30, 30, alt=True)
    assert hand.intents == [DeleteVertex(0, 0, 2)]


def test_alt_click_in_a_hole_fills_it():
    holed = square(10, 10, 40, (15, 15, 8), (30, 30, 10))
    hand = Hand(Selecting(), scene(holed, selected=0))
    assert _hover(hand.scene, 36, 34).part is Part.HOLE
    hand.click(36, 34, alt=True)
    assert hand.intents == [DeleteHole(0, 1)]


def test_a_vertex_of_a_hole_is_dragged():
    hand = Hand(Selecting(), scene(square(10, 10, 40, (15, 15, 8)), selected=0))
    hand.drag((15, 15), (18, 19))
    assert hand.intents == [MoveVertex(0, 1, 0, (18, 19))]


def test_a_dragged_region_moves_by_as_much(hand):
    hand.drag((20, 20), (22, 19), (25.5, 18.25))
    assert hand.intents == [MoveRegion(0, (5.5, -1.75))]


def test_while_a_region_is_dragged_it_is_shown_shifted_and_stops_at_the_border(hand):
    hand.press(20, 20)
    hand.move(-30, 500)
    assert hand.state.preview.shift == (0, (-10, 50))


def test_a_press_on_another_region_selects_it_and_drags_it(hand):
    assert hand.press(60, 20).select == 1
    hand.move(62, 20)
    assert hand.release(62, 20).intent == MoveRegion(1, (2, 0))


def test_a_click_on_a_region_moves_nothing(hand):
    hand.drag((60, 20), (60.2, 20.1))
    assert hand.intents == []


def test_a_click_beside_every_region_selects_none(hand):
    assert hand.press(40, 40).pans
    assert hand.release(40, 40).select == -1


def test_the_smallest_region_under_the_pointer_is_selected_first():
    large, small = square(0, 0, 60), square(20, 20, 10)
    assert Hand(Selecting(), scene(large, small)).press(25, 25).select == 1


def test_clicking_again_selects_the_next_of_those_that_overlap():
    hand = Hand(Selecting(), scene(square(0, 0, 60), square(20, 20, 10), selected=1))
    assert hand.click(25, 27).select == 0
    hand.scene = scene(*hand.scene.region, selected=0)
    assert hand.click(25, 27).select == 1


def test_the_selected_region_is_dragged_even_below_a_smaller_one():
    hand = Hand(Selecting(), scene(square(0, 0, 60), square(20, 20, 10), selected=0))
    hand.drag((25, 25), (30, 25))
    assert hand.intents == [MoveRegion(0, (5, 0))]


def test_nothing_moves_where_regions_may_only_be_looked_at():
    hand = Hand(Selecting(), scene(SQUARE, selected=0, may_edit=False))
    hand.drag((20, 20), (30, 30))
    hand.click(10, 10, alt=True)
    assert hand.intents == []


def test_a_drag_that_is_given_up_asks_for_nothing(hand):
    hand.press(10, 10)
    hand.move(5, 5)
    hand.state = hand.state.idle()
    assert hand.release(5, 5).intent is None


def test_closing_and_dropping_mean_nothing_here(hand):
    assert hand.close().intent is None
    assert hand.drop().is_draft_changed is False
    assert hand.state.draft is None
