"""Gestures of a real mouse on a real canvas: one change each, exactly where the hand was."""

import numpy as np
import pytest
import shapely

from desktop_app.canvas.canvas import POINT_AT_VERTEX, SELECT_FIRST
from desktop_app.canvas.tools import Tool
from engine.domain.area import polygon_area
from engine.domain.polygon import Polygon, ring
from engine.domain.queue import Draft
from tests.desktop_app.canvas.mouse import ALT, RIGHT
from tests.desktop_app.canvas.pointing import box, square

TRIANGLE = [(20, 20), (80, 30), (50, 90)]
SQUARE, OTHER = square(100, 40, 60), square(200, 100, 50)


def _near(points, expected):
    return np.allclose(np.asarray(points), np.asarray(expected), atol=1e-9)


@pytest.fixture
def with_regions(canvas):
    """The canvas with two squares, the first selected, select tool in hand."""
    canvas.show_region((SQUARE, OTHER))
    canvas.set_tool(Tool.SELECT)
    canvas.select(0)
    return canvas


# drawing ------------------------------------------------------------------------------------


def test_clicks_and_the_first_vertex_draw_a_region_where_they_were(canvas, mouse, heard):
    places = mouse.click_all(TRIANGLE)
    mouse.click(*TRIANGLE[0])
    ((region, gesture),) = heard.of("region_changed")
    assert gesture == "draw region"
    assert _near(region[0].exterior, places)
    assert canvas.region is region


def test_each_vertex_is_told_as_a_draft_and_the_closed_outline_as_none(mouse, heard):
    places = mouse.click_all(TRIANGLE)
    mouse.click(*TRIANGLE[0])
    drafts = heard.of("draft_changed")
    assert [len(draft.points) for draft in drafts[:-1]] == [1, 2, 3]
    assert _near(drafts[2].points, places)
    assert drafts[-1] is None
    told = [name for name, *_ in heard.all if name in ("region_changed", "draft_changed")]
    assert told[-2:] == ["region_changed", "draft_changed"]


def test_a_double_click_closes(mouse, heard):
    places = mouse.click_all(TRIANGLE[:2])
    places.append(mouse.double_click(*TRIANGLE[2]))
    ((region, _),) = heard.of("region_changed")
    assert _near(region[0].exterior, places)


def test_close_outline_closes(canvas, mouse, heard):
    mouse.click_all(TRIANGLE)
    canvas.close_outline()
    assert len(heard.of("region_changed")) == 1
    assert not canvas.is_drawing


def test_a_stroke_with_the_button_down_is_one_gesture(mouse, heard):
    turn = np.linspace(0, 2 * np.pi, 120)
    circle = np.column_stack((150 + 60 * np.cos(turn), 100 + 60 * np.sin(turn)))
    mouse.drag(*circle.tolist())
    ((region, gesture),) = heard.of("region_changed")
    drawn = shapely.Polygon(region[0].exterior)
    assert gesture == "draw region"
    assert drawn.hausdorff_distance(shapely.Polygon(circle)) < 0.75  # 1.5 screen pixels


def test_the_new_region_is_selected_and_the_tool_stays(canvas, mouse, heard):
    canvas.show_region((OTHER,))
    mouse.click_all(TRIANGLE)
    canvas.close_outline()
    assert (canvas.selected, canvas.tool) == (1, Tool.DRAW)
    assert heard.of("selection_changed") == [1]


def test_an_outline_that_crosses_itself_is_repaired_and_told(canvas, mouse, heard):
    mouse.click_all([(20, 20), (80, 80), (80, 20), (20, 80)])
    canvas.close_outline()
    assert len(canvas.region) == 2
    assert heard.of("told") == ["The outline crossed itself: it is now 2 regions."]


def test_an_outline_without_area_is_refused_and_stays_to_be_corrected(canvas, mouse, heard):
    mouse.click_all([(20, 20), (50, 20), (80, 20)])
    canvas.close_outline()
    assert heard.of("region_changed") == []
    assert len(heard.of("told")) == 1
    assert canvas.is_drawing


def test_points_beside_the_picture_lie_on_its_border(canvas, mouse, heard):
    mouse.click_all([(-20, 50), (150, 50), (150, 230)])
    canvas.close_outline()
    ((region, _),) = heard.of("region_changed")
    assert region[0].exterior[0, 0] == 0
    assert region[0].exterior[2, 1] == 200


def test_a_right_click_takes_the_last_vertex_back(canvas, mouse, heard):
    mouse.click_all(TRIANGLE)
    mouse.click(200, 150, button=RIGHT)
    assert len(heard.of("draft_changed")[-1].points) == 2
    canvas.drop_vertex()
    canvas.drop_vertex()
    assert heard.of("draft_changed")[-1] is None
    assert not canvas.is_drawing


def test_cancelling_puts_the_outline_away_and_says_so_once(canvas, mouse, heard):
    mouse.click_all(TRIANGLE)
    heard.clear()
    canvas.cancel()
    assert heard.of("draft_cancelled") == [None]
    assert heard.of("draft_changed") == heard.of("region_changed") == []
    assert not canvas.is_drawing


def test_another_tool_puts_the_outline_away(canvas, mouse, heard):
    mouse.click_all(TRIANGLE)
    canvas.set_tool(Tool.SELECT)
    assert heard.of("draft_cancelled") == [None]
    assert heard.of("tool_changed") == [Tool.SELECT]


def test_the_same_tool_again_leaves_the_outline(canvas, mouse):
    mouse.click_all(TRIANGLE)
    canvas.set_tool(Tool.DRAW)
    assert canvas.is_drawing


def test_drawing_starts_on_a_vertex_of_another_region(canvas, mouse, heard):
    canvas.show_region((SQUARE,))
    canvas.select(0)
    mouse.click_all(box(100, 40, 20)[:3])
    canvas.close_outline()
    ((region, gesture),) = heard.of("region_changed")
    assert gesture == "draw region"
    assert region[0] is SQUARE


# holes --------------------------------------------------------------------------------------


def test_the_hole_tool_cuts_a_hole(canvas, mouse, heard):
    canvas.show_region((SQUARE,))
    canvas.set_tool(Tool.HOLE)
    places = mouse.click_all([(110, 50), (140, 55), (120, 90)])
    canvas.close_outline()
    ((region, gesture),) = heard.of("region_changed")
    assert gesture == "subtract hole"
    assert _near(region[0].holes[0], places)
    assert [draft and draft.tool for draft in heard.of("draft_changed")] == ["hole"] * 3 + [None]


def test_a_hole_beside_every_region_is_refused(canvas, mouse, heard):
    canvas.show_region((SQUARE,))
    canvas.set_tool(Tool.HOLE)
    mouse.click_all(TRIANGLE)
    canvas.close_outline()
    assert heard.of("region_changed") == []
    assert heard.of("told")[0].startswith("Nothing was cut")


def test_a_hole_is_filled_by_alt_click_or_by_command(canvas, mouse, heard):
    canvas.show_region((square(100, 40, 60, (110, 50, 10), (130, 70, 10)),))
    canvas.set_tool(Tool.SELECT)
    canvas.select(0)
    mouse.click(114, 54, keys=ALT)
    mouse.move(20, 20)
    canvas.delete_hole()
    assert [gesture for _, gesture in heard.of("region_changed")] == ["delete hole"] * 2
    assert canvas.region == (SQUARE,)


# selecting and changing ---------------------------------------------------------------------


def test_a_dragged_vertex_changes_the_region_once_at_release(with_regions, mouse, heard):
    start, end = mouse.press(100, 40), None
    for step in range(12):
        end = mouse.move(100 - 3 * step, 40 - step)
    assert heard.of("region_changed") == []
    mouse.release(100 - 33, 40 - 11)
    ((region, gesture),) = heard.of("region_changed")
    assert gesture == "move vertex"
    assert _near(region[0].exterior[0], np.array((100, 40)) + end - np.array(start))
    assert region[1] is OTHER


def test_a_dragged_region_moves_once(with_regions, mouse, heard):
    places = mouse.drag((130, 70), (135, 72), (141, 65))
    ((region, gesture),) = heard.of("region_changed")
    by = np.subtract(places[-1], places[0])
    assert gesture == "move region"
    assert _near(region[0].exterior, SQUARE.exterior + by)


def test_vertices_are_inserted_and_deleted(with_regions, mouse, heard):
    mouse.click(115, 40, keys=ALT)
    mouse.drag((160, 70), (170, 70))
    mouse.click(100, 100, keys=ALT)
    gestures = [gesture for _, gesture in heard.of("region_changed")]
    assert gestures == ["insert vertex", "insert vertex", "delete vertex"]
    assert len(with_regions.region[0].exterior) == 5


def test_a_vertex_put_back_where_it_was_is_no_gesture(with_regions, mouse, heard):
    mouse.drag((100, 40), (120, 60), (100, 40))
    assert heard.of("region_changed") == []


def test_the_vertex_under_the_cursor_is_deleted_by_key(with_regions, mouse, heard):
    mouse.move(160, 100)
    with_regions.delete_vertex()
    ((region, gesture),) = heard.of("region_changed")
    assert (gesture, len(region[0].exterior)) == ("delete vertex", 3)


def test_the_selected_region_is_deleted_by_key(with_regions, mouse, heard):
    mouse.move(20, 150)
    with_regions.delete_region()
    assert heard.of("region_changed") == [((OTHER,), "delete region")]
    assert with_regions.selected == -1


def test_deleting_a_vertex_needs_one_and_deleting_a_region_too(with_regions, mouse, heard):
    mouse.move(20, 150)
    with_regions.delete_vertex()
    with_regions.select(-1)
    with_regions.delete_region()
    assert heard.of("told") == [POINT_AT_VERTEX, SELECT_FIRST]


def test_the_third_last_vertex_stays(canvas, mouse, heard):
    canvas.show_region((Polygon(ring(TRIANGLE)),))
    canvas.set_tool(Tool.SELECT)
    canvas.select(0)
    mouse.move(*TRIANGLE[0])
    canvas.delete_vertex()
    assert heard.of("region_changed") == []
    assert "at least three" in heard.of("told")[0]


def test_a_drag_given_up_changes_nothing(with_regions, mouse, heard):
    mouse.press(100, 40)
    mouse.move(60, 20)
    with_regions.cancel()
    mouse.release(60, 20)
    assert heard.of("region_changed") == []
    assert with_regions.selected == 0


def test_cancelling_with_nothing_begun_selects_nothing(with_regions):
    with_regions.cancel()
    assert with_regions.selected == -1


def test_arrows_nudge_the_region(with_regions, mouse, heard):
    mouse.move(20, 150)
    with_regions.nudge(-1, 10)
    ((region, gesture),) = heard.of("region_changed")
    assert gesture == "nudge region"
    assert _near(region[0].exterior, SQUARE.exterior + np.array((-1, 10)))


def test_arrows_nudge_the_vertex_under_the_cursor_as_often_as_pressed(with_regions, mouse, heard):
    mouse.move(100, 40)
    for _ in range(25):
        with_regions.nudge(-1, 0)
    assert {gesture for _, gesture in heard.of("region_changed")} == {"nudge vertex"}
    assert with_regions.region[0].exterior[0].tolist() == [75, 40]
    mouse.move(130, 70)
    with_regions.nudge(0, 1)
    assert heard.of("region_changed")[-1][1] == "nudge region"


def test_a_nudge_needs_something_to_move(canvas, heard):
    canvas.nudge(1, 0)
    assert heard.of("told") == [SELECT_FIRST]


def test_a_region_at_the_border_is_not_nudged_off_the_picture(canvas, heard):
    canvas.show_region((square(0, 0, 20),))
    canvas.select(0)
    canvas.nudge(-1, 0)
    assert heard.of("region_changed") == []


# redrawing ----------------------------------------------------------------------------------


def test_a_redrawn_stretch_replaces_the_boundary_it_follows(with_regions, mouse, heard):
    with_regions.set_tool(Tool.REDRAW)
    mouse.drag((110, 40), (110, 25), (150, 25), (150, 40))
    ((region, gesture),) = heard.of("region_changed")
    assert gesture == "redraw boundary"
    assert polygon_area(region[0]) == pytest.approx(3600 + 40 * 15, abs=40)
    assert region[1] is OTHER
    assert with_regions.tool is Tool.REDRAW


def test_a_redraw_off_the_boundary_says_where_to_begin(with_regions, mouse, heard):
    with_regions.set_tool(Tool.REDRAW)
    mouse.click(30, 150)
    assert heard.of("told") == ["Begin on the boundary of a region."]


def test_a_stroke_cancelled_is_no_draft_put_away(with_regions, mouse, heard):
    with_regions.set_tool(Tool.REDRAW)
    mouse.click(110, 40)
    assert with_regions.is_drawing
    with_regions.cancel()
    assert not with_regions.is_drawing
    assert heard.of("draft_cancelled") == []


# what may not be edited ---------------------------------------------------------------------


@pytest.mark.parametrize("tool", list(Tool))
def test_where_nothing_may_be_edited_no_gesture_changes_anything(with_regions, mouse, heard, tool):
    with_regions.set_tool(tool)
    with_regions.set_enabled_for_edit(False)
    heard.clear()
    mouse.drag((100, 40), (60, 20))
    mouse.click_all(TRIANGLE)
    with_regions.close_outline()
    with_regions.delete_region()
    with_regions.nudge(1, 1)
    assert heard.of("region_changed") == heard.of("draft_changed") == []


def test_before_a_picture_is_there_nothing_is_drawn(canvas, mouse, heard):
    canvas.show_message("Opening the picture")
    mouse.click_all(TRIANGLE)
    canvas.close_outline()
    assert heard.of("region_changed") == heard.of("draft_changed") == []


# what is shown ------------------------------------------------------------------------------


def test_showing_a_region_is_no_gesture(canvas, heard):
    canvas.show_region((SQUARE,), Draft("region", ring(TRIANGLE)))
    assert heard.of("region_changed") == heard.of("draft_changed") == []


@pytest.mark.parametrize(("kind", "tool"), [("region", Tool.DRAW), ("hole", Tool.HOLE)])
def test_an_open_draft_is_gone_on_with_by_its_tool(canvas, mouse, heard, kind, tool):
    canvas.set_tool(Tool.SELECT)
    canvas.show_region((SQUARE,), Draft(kind, ring([(110, 50), (140, 55)])))
    assert canvas.is_drawing
    assert canvas.tool is tool
    place = mouse.click(120, 90)
    canvas.close_outline()
    ((region, _),) = heard.of("region_changed")
    drawn = region[1].exterior if kind == "region" else region[0].holes[0]
    assert _near(drawn, [(110, 50), (140, 55), place])


def test_a_draft_that_was_put_away_is_not_gone_on_with(canvas):
    canvas.show_region((), Draft("region", ring(TRIANGLE), is_open=False))
    assert not canvas.is_drawing


def test_an_outline_under_way_goes_on_when_its_own_draft_is_shown(canvas, mouse, heard):
    mouse.click_all(TRIANGLE[:2])
    canvas.show_region((SQUARE,), heard.of("draft_changed")[-1])
    mouse.click(*TRIANGLE[2])
    canvas.close_outline()
    assert len(canvas.region) == 2


def test_another_image_without_a_draft_ends_the_outline_silently(canvas, mouse, heard):
    mouse.click_all(TRIANGLE)
    heard.clear()
    canvas.show_region((), None)
    assert not canvas.is_drawing
    assert heard.of("draft_cancelled") == heard.of("draft_changed") == []


def test_a_drag_under_way_ends_when_other_regions_are_shown(with_regions, mouse, heard):
    mouse.press(100, 40)
    mouse.move(60, 20)
    with_regions.show_region((OTHER,))
    mouse.release(60, 20)
    assert heard.of("region_changed") == []
    assert with_regions.region == (OTHER,)


def test_the_selection_stays_with_its_polygon(with_regions):
    with_regions.select(1)
    with_regions.show_region((OTHER,))
    assert with_regions.selected == 0


def test_the_selection_stays_at_its_place_when_the_polygon_was_changed(with_regions):
    with_regions.select(1)
    with_regions.show_region((SQUARE, square(200, 100, 40)))
    assert with_regions.selected == 1


def test_the_selection_goes_with_its_polygon(with_regions, heard):
    with_regions.show_region((OTHER,))
    assert with_regions.selected == -1
    assert heard.of("selection_changed")[-1] == -1


def test_a_picture_shown_after_its_regions_keeps_them(canvas, picture):
    canvas.show_message("Opening the picture")
    canvas.show_region((SQUARE,), Draft("region", ring(TRIANGLE)))
    canvas.show_picture(picture)
    assert canvas.region == (SQUARE,)
    assert canvas.is_drawing


def test_no_picture_means_no_regions(canvas):
    canvas.show_region((SQUARE,))
    canvas.show_picture(None)
    assert canvas.region == ()


# hints --------------------------------------------------------------------------------------


def test_hints_say_what_can_be_done_under_the_cursor(with_regions, mouse, heard):
    for point in [(100, 40), (130, 40), (115, 40), (130, 70), (20, 150)]:
        mouse.move(*point)
    hints = heard.of("hint_changed")[-5:]
    assert len(set(hints)) == 5
    assert hints[0].startswith("Drag moves this vertex")


def test_a_hint_is_said_once_for_as_long_as_it_holds(with_regions, mouse, heard):
    mouse.move(130, 70)
    heard.clear()
    mouse.move(132, 71)
    mouse.move(134, 72)
    assert heard.of("hint_changed") == []


def test_the_canvas_says_what_is_on_it_to_those_who_do_not_see_it(with_regions):
    assert with_regions.accessibleName() == "Canvas"
    assert with_regions.accessibleDescription() == (
        "Picture of 300 by 200 pixels, 2 regions, region 1 selected, with 4 vertices."
    )
