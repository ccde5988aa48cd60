"""Redraw tool: a stroke from the boundary back to it."""

import pytest

from desktop_app.canvas.tools.intents import Redraw
from desktop_app.canvas.tools.redrawing import BEGIN, Redrawing
from desktop_app.canvas.tools.state import Part
from tests.desktop_app.canvas.pointing import Hand, at, scene, square

SQUARE, OTHER = square(10, 10, 20), square(50, 10, 20)


@pytest.fixture
def hand():
    return Hand(Redrawing(), scene(SQUARE, OTHER, selected=0))


def _only(hand):
    (intent,) = hand.intents
    assert isinstance(intent, Redraw)
    return intent


def test_a_stroke_dragged_from_boundary_to_boundary_asks_at_release(hand):
    step = hand.drag((15, 10.4), (15, 7), (20, 5), (25, 7), (25, 9.8))
    redraw = _only(hand)
    assert step.intent is redraw
    assert (redraw.index, redraw.start.foot, redraw.end.foot) == (0, (15, 10), (25, 10))
    assert redraw.stroke[0] == (15, 7)


def test_the_start_selects_its_region(hand):
    assert hand.press(55, 10).select == 1


def test_of_two_boundaries_that_of_the_selected_region_is_begun_on():
    hand = Hand(Redrawing(), scene(square(10, 10, 20), square(30, 10, 20), selected=1))
    assert hand.press(30, 20).select == 1


def test_clicks_from_boundary_to_boundary_ask_at_the_last_release(hand):
    hand.click(15, 10)
    hand.click(20, 4)
    assert hand.intents == []
    hand.click(25, 10.3)
    assert _only(hand).stroke == ((20, 4),)
    assert _only(hand).end.foot == (25, 10)


def test_a_drag_that_ends_off_the_boundary_goes_on_with_clicks(hand):
    hand.drag((15, 10), (15, 5), (18, 4))
    assert hand.intents == []
    assert hand.state.is_drawing
    hand.click(25, 10)
    assert _only(hand).end.foot == (25, 10)


def test_a_stroke_does_not_end_where_it_begins(hand):
    hand.click(15, 10)
    hand.click(15.3, 10)
    assert hand.intents == []


def test_a_loop_may_come_back_to_its_start(hand):
    hand.drag((20, 10), (17, 6), (23, 6), (20, 10))
    assert _only(hand).start.foot == _only(hand).end.foot == (20, 10)


def test_a_stroke_does_not_end_on_another_region(hand):
    hand.click(30, 20)
    hand.click(50, 20)
    assert hand.intents == []


def test_a_stroke_does_not_end_on_another_ring():
    hand = Hand(Redrawing(), scene(square(10, 10, 40, (20, 20, 10)), selected=0))
    hand.click(10, 25)
    hand.click(20, 25)
    assert hand.intents == []


def test_a_press_off_every_boundary_begins_nothing_and_says_where_to(hand):
    step = hand.press(40, 40)
    assert step.message == BEGIN
    assert not hand.state.is_drawing


def test_enter_ends_where_the_boundary_is_nearest(hand):
    hand.click(15, 10)
    hand.click(20, 4)
    hand.click(24, 8)
    assert hand.close().intent.end.foot == (24, 10)


def test_enter_before_a_second_vertex_does_nothing(hand):
    hand.click(15, 10)
    assert hand.close().intent is None
    assert hand.state.is_drawing


def test_dropping_takes_back_vertices_and_at_last_the_start(hand):
    hand.click(15, 10)
    hand.click(20, 4)
    hand.drop()
    assert hand.state.stroke.points == ((15, 10),)
    hand.drop()
    assert not hand.state.is_drawing


def test_the_end_is_shown_before_it_is_chosen(hand):
    hand.click(15, 10)
    hand.move(25, 10.5)
    assert hand.state.preview.closes
    assert hand.state.preview.tip == (25, 10)
    assert hand.state.hover(at(25, 10.5), hand.scene).part is Part.BOUNDARY


def test_a_stroke_is_no_draft(hand):
    hand.click(15, 10)
    assert hand.state.draft is None
    assert not any(step.is_draft_changed for step in hand.steps)


def test_nothing_is_redrawn_where_regions_may_only_be_looked_at():
    hand = Hand(Redrawing(), scene(SQUARE, selected=0, may_edit=False))
    assert hand.press(15, 10).pans
    assert not hand.state.is_drawing
