"""Draw and hole tool: what clicks and strokes make of an outline."""

import numpy as np
import pytest
import shapely

from desktop_app.canvas.tools.drawing import TOO_FEW, Drawing, resumed
from desktop_app.canvas.tools.intents import AddRegion, CutHole
from desktop_app.canvas.tools.state import Part
from desktop_app.canvas.tools.stroke import KEPT_EVERY
from desktop_app.canvas.tools.tool import Tool
from engine.domain.polygon import ring
from engine.domain.queue import Draft
from tests.desktop_app.canvas.pointing import SCALE, Hand, at, box, scene, square

TRIANGLE = [(10.25, 10.5), (30.125, 12), (20, 31.75)]


@pytest.fixture
def hand():
    return Hand(Drawing(Tool.DRAW), scene())


def _circle(radius=10, count=200, turns=1.0):
    turn = np.linspace(0, 2 * np.pi * turns, count)
    return [
        (40 + radius * x, 40 + radius * y) for x, y in zip(np.cos(turn), np.sin(turn), strict=True)
    ]


def _clicks(hand, points):
    for point in points:
        hand.click(*point)


def test_clicks_are_vertices_exactly_where_they_were(hand):
    _clicks(hand, TRIANGLE)
    assert hand.state.stroke.points == tuple(TRIANGLE)
    assert hand.state.draft == Draft("region", ring(TRIANGLE))
    assert hand.intents == []


def test_the_draft_changes_with_each_press_and_with_nothing_else(hand):
    _clicks(hand, TRIANGLE)
    changed = [step.is_draft_changed for step in hand.steps]
    assert changed == [False, True, False] * 3


def test_a_click_on_the_first_vertex_closes_at_release(hand):
    _clicks(hand, TRIANGLE)
    hand.move(10.9, 10.5)
    assert hand.state.preview.closes
    assert hand.press(10.9, 10.5).intent is None
    assert hand.release(10.9, 10.5).intent == AddRegion(tuple(TRIANGLE))


def test_a_press_on_the_first_vertex_that_is_dragged_away_does_not_close(hand):
    _clicks(hand, TRIANGLE)
    hand.drag(TRIANGLE[0], (15, 15), (25, 15))
    assert hand.intents == []


def test_a_click_just_beside_the_first_vertex_is_one_more(hand):
    _clicks(hand, TRIANGLE)
    hand.click(11.25, 10.5)
    assert hand.intents == []
    assert len(hand.state.stroke.points) == 4


def test_two_vertices_do_not_close_by_the_first(hand):
    _clicks(hand, [*TRIANGLE[:2], TRIANGLE[0]])
    assert hand.intents == []


def test_a_double_click_closes_with_its_first_press_as_last_vertex(hand):
    _clicks(hand, TRIANGLE)
    assert hand.double_press(*TRIANGLE[2]).intent == AddRegion(tuple(TRIANGLE))


def test_enter_closes(hand):
    _clicks(hand, TRIANGLE)
    assert hand.close().intent == AddRegion(tuple(TRIANGLE))


def test_an_outline_of_two_vertices_is_not_closed_and_goes_on(hand):
    _clicks(hand, TRIANGLE[:2])
    step = hand.close()
    assert (step.intent, step.message) == (None, TOO_FEW)
    assert hand.state.is_drawing


def test_closing_nothing_does_nothing(hand):
    step = hand.close()
    assert (step.intent, step.message, hand.state.is_drawing) == (None, "", False)


def test_a_hand_that_trembles_while_clicking_draws_one_vertex(hand):
    hand.press(10, 10)
    hand.move(10.3, 10.2)
    hand.release(10.3, 10.2)
    assert hand.state.stroke.points == ((10, 10),)


def test_press_and_drag_draws_freehand_and_closes_where_it_began(hand):
    circle = _circle()
    step = hand.drag(*circle)
    drawn = shapely.Polygon(step.intent.points)
    assert len(hand.intents) == 1
    assert drawn.hausdorff_distance(shapely.Polygon(circle)) <= 1 / SCALE
    assert len(step.intent.points) < len(circle) / 3


def test_freehand_leaves_the_hand_by_half_a_screen_pixel_at_most(hand):
    circle = _circle(turns=0.8)
    hand.drag(*circle)
    line = shapely.LineString(hand.state.stroke.points)
    away = shapely.distance(line, shapely.points(circle))
    assert away.max() <= 0.5 / SCALE + 1e-9
    assert hand.intents == []


def test_freehand_that_goes_past_its_start_makes_no_loop(hand):
    step = hand.drag(*_circle(turns=1.01))
    assert shapely.Polygon(step.intent.points).is_valid


def test_clicks_and_freehand_make_one_outline(hand):
    hand.click(10, 10)
    hand.drag((30, 10), (30, 20), (30, 30))
    hand.click(10, 30)
    step = hand.close()
    assert step.intent.points == ((10, 10), (30, 10), (30, 30), (10, 30))


def test_a_small_scribble_at_the_start_does_not_close(hand):
    hand.drag((10, 10), (10.5, 10), (10.5, 10.5), (10, 10.1))
    assert hand.intents == []


def test_a_long_stroke_is_kept_while_the_hand_still_draws(hand):
    hand.press(*_circle()[0])
    told = [hand.move(*point).is_draft_changed for point in _circle(count=400)[:200]]
    assert sum(told) == 199 // KEPT_EVERY
    assert len(hand.state.draft.points) > 5


def test_dropping_takes_back_click_after_click(hand):
    _clicks(hand, TRIANGLE)
    assert hand.drop().is_draft_changed
    assert hand.state.stroke.points == tuple(TRIANGLE[:2])
    hand.drop()
    hand.drop()
    assert not hand.state.is_drawing
    assert hand.state.draft is None
    assert not hand.drop().is_draft_changed


def test_dropping_takes_back_a_piece_of_a_freehand_stretch(hand):
    hand.click(10, 10)
    hand.drag((20, 10), *[(20 + 5 * np.sin(t), 10 + t) for t in np.linspace(0, 30, 300)])
    before = hand.state.stroke.points
    hand.drop()
    after = hand.state.stroke.points
    lost = shapely.LineString(before).length - shapely.LineString(after).length
    assert 1 <= lost < 6
    assert before[: len(after)] == after


def test_dropping_while_the_button_is_down_ends_the_stretch(hand):
    hand.click(10, 10)
    hand.press(20, 10)
    hand.move(20, 15)
    hand.drop()
    assert hand.state.stroke.points == ((10, 10),)
    assert hand.release(20, 15).intent is None
    assert hand.state.stroke.points == ((10, 10),)


def test_points_outside_are_put_onto_the_border_of_the_image(hand):
    _clicks(hand, [(-5, 10), (50, -20), (120, 90)])
    assert hand.state.stroke.points == ((0, 10), (50, 0), (100, 80))


def test_a_second_click_on_the_same_place_adds_nothing(hand):
    _clicks(hand, [(10, 10), (20, 10), (20, 10)])
    assert hand.state.stroke.points == ((10, 10), (20, 10))


def test_the_rubber_line_follows_and_goes_with_the_pointer(hand):
    hand.click(10, 10)
    hand.move(33, 44)
    assert hand.state.preview.tip == (33, 44)
    assert hand.state.left().preview.tip is None


def test_drawing_over_a_region_draws():
    hand = Hand(Drawing(Tool.DRAW), scene(square(10, 10, 20), selected=0))
    _clicks(hand, box(10, 10, 20)[:3])
    assert hand.state.stroke.points == tuple(box(10, 10, 20)[:3])
    assert all(step.select is None for step in hand.steps)


def test_the_hole_tool_asks_for_a_hole():
    hand = Hand(Drawing(Tool.HOLE), scene(square(0, 0, 60)))
    _clicks(hand, TRIANGLE)
    assert hand.state.draft.tool == "hole"
    assert hand.close().intent == CutHole(tuple(TRIANGLE))


@pytest.mark.parametrize("kind", ["region", "hole"])
def test_a_draft_is_gone_on_with_where_it_ended(kind):
    draft = Draft(kind, ring(TRIANGLE))
    state = resumed(draft)
    assert state.draft == draft
    assert Hand(state, scene()).close().intent.points == tuple(TRIANGLE)


def test_an_outline_that_goes_back_to_idle_is_gone(hand):
    _clicks(hand, TRIANGLE)
    assert hand.state.idle() == Drawing(Tool.DRAW)


def test_nothing_is_drawn_where_regions_may_only_be_looked_at():
    hand = Hand(Drawing(Tool.DRAW), scene(may_edit=False))
    assert hand.press(10, 10).pans
    assert not hand.state.is_drawing


def test_the_first_vertex_is_marked_as_the_place_to_close(hand):
    _clicks(hand, TRIANGLE)
    hover = hand.state.hover(at(10.5, 10.5), hand.scene)
    assert (hover.part, hover.at) == (Part.CLOSING, TRIANGLE[0])
    assert hand.state.hover(at(20, 20), hand.scene).part is Part.NOTHING
