"""Points placed with the mouse on the real canvas, and what the session makes of them."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.canvas.tools import Tool
from desktop_app.grade.canvas_link import GO_ON
from engine.domain.area import polygon_area
from engine.domain.queue import Draft
from tests.desktop_app.grade.hands import click, go, press, revisions, settle, stored

CORNERS = [(20, 20), (60, 25), (50, 60)]
OTHERS = [(80, 50), (110, 50), (110, 80), (80, 80)]


def outline(page, points):
    """Outline a region by clicks, closed by Enter."""
    click(page, *points)
    press(page, "Return")


def assert_lies_at(polygon, points, page):
    """Compare to half a pixel of the screen."""
    most = 0.5 / page.canvas.scale_on_screen + 1e-9  # as much as rounding adds
    assert np.abs(polygon.exterior - np.array(points)).max() <= most


def draft(page):
    session = page.session
    return session.study.sheet(session.item.image, session.grader, session.item.role).draft


def test_clicks_and_enter_outline_a_region_which_says_visible(page):
    outline(page, CORNERS)
    assert [revision.gesture for revision in revisions(page)] == ["draw region"]
    assert stored(page).visible is True
    assert_lies_at(stored(page).region[0], CORNERS, page)


def test_two_regions_and_a_count_are_done_without_leaving_the_canvas(page):
    outline(page, CORNERS)
    outline(page, OTHERS)
    assert page.canvas.hasFocus()
    press(page, "2", "Ctrl+Return")
    assert page.session.at == 1
    assert len(stored(page, 0).region) == 2


def test_what_is_drawn_on_the_next_image_is_not_written_to_the_one_before(page):
    outline(page, CORNERS)
    press(page, "1", "Ctrl+Return")
    outline(page, OTHERS)
    assert_lies_at(stored(page, 0).region[0], CORNERS, page)
    assert_lies_at(stored(page, 1).region[0], OTHERS, page)


def test_each_vertex_of_a_half_drawn_outline_is_kept(page):
    for count in (1, 2, 3):
        click(page, CORNERS[count - 1])
        kept = draft(page)
        assert (kept.tool, kept.is_open, len(kept.points)) == ("region", True, count)
    assert revisions(page) == []


def test_a_half_drawn_outline_is_offered_back_when_the_page_is_opened_again(page, open_page):
    click(page, *CORNERS[:2])
    page.window().close()
    again = open_page()
    assert again.canvas.is_drawing
    assert again.workbench.toast.text == GO_ON
    click(again, CORNERS[2])
    press(again, "Return")
    assert_lies_at(stored(again).region[0], CORNERS, again)


def test_a_half_drawn_outline_waits_on_its_image_while_others_are_looked_at(page):
    click(page, *CORNERS[:2])
    press(page, "D")
    assert not page.canvas.is_drawing
    press(page, "A")
    assert page.canvas.is_drawing
    assert len(draft(page).points) == 2


def test_undo_while_drawing_drops_the_last_vertex_and_no_gesture(page):
    press(page, "3")
    click(page, *CORNERS)
    press(page, "Ctrl+Z")
    assert len(draft(page).points) == 2
    assert stored(page).roi_count == 3
    press(page, "Backspace", "Backspace")
    assert draft(page) is None
    press(page, "Ctrl+Z")
    assert stored(page).roi_count is None


def test_esc_puts_an_outline_away_and_undo_brings_it_back(page):
    click(page, *CORNERS)
    press(page, "Escape")
    assert not page.canvas.is_drawing
    assert draft(page).is_open is False
    press(page, "Ctrl+Z")
    assert page.canvas.is_drawing
    assert draft(page).is_open is True
    press(page, "Return")
    assert_lies_at(stored(page).region[0], CORNERS, page)


def test_an_outline_put_away_stays_away_when_its_image_is_opened_again(page):
    click(page, *CORNERS)
    press(page, "Escape")
    go(page, 1)
    go(page, 0)
    assert not page.canvas.is_drawing
    press(page, "Ctrl+Z")
    assert page.canvas.is_drawing


def test_an_answer_given_while_drawing_does_not_disturb_the_outline(page):
    click(page, *CORNERS[:2])
    press(page, "2")
    assert page.canvas.is_drawing
    click(page, CORNERS[2])
    press(page, "Return")
    assert_lies_at(stored(page).region[0], CORNERS, page)
    assert stored(page).roi_count == 2


def test_an_answer_given_while_the_pen_is_down_does_not_break_the_stroke(page):
    view = page.canvas.viewport()
    stroke = [page.canvas.to_screen(*at).toPoint() for at in _circle(60, 45, 30)]
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=stroke[0])
    for half in (stroke[1:20], stroke[20:]):
        for at in half:
            _drag(view, at)
        press(page, "1")
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=stroke[-1])
    settle(page)
    if page.canvas.is_drawing:
        press(page, "Return")
    area = polygon_area(stored(page).region[0])
    assert abs(area - np.pi * 30**2) < 0.05 * np.pi * 30**2
    assert stored(page).roi_count == 1


def _circle(x, y, radius, count=40):
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.column_stack((x + radius * np.cos(turn), y + radius * np.sin(turn)))


def _drag(view, at):
    """Move the mouse with its left button held, which `QTest.mouseMove` does not."""
    left = Qt.MouseButton.LeftButton
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        QPointF(view.mapToGlobal(at)),
        Qt.MouseButton.NoButton,
        left,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, event)


def test_done_is_refused_while_an_outline_is_open(page):
    click(page, *CORNERS[:2])
    press(page, "Q", "Ctrl+Return")
    assert page.session.at == 0
    assert "outline is still being drawn" in page.side.done.reason


def test_undo_and_redo_of_outlines_show_on_the_canvas(page):
    outline(page, CORNERS)
    outline(page, OTHERS)
    press(page, "Ctrl+Z")
    assert len(page.canvas.region) == 1
    press(page, "Ctrl+Z")
    assert page.canvas.region == ()
    press(page, "Ctrl+Y", "Ctrl+Y")
    assert page.canvas.region == stored(page).region
    assert len(page.canvas.region) == 2


def test_an_outline_that_crosses_itself_is_repaired_and_said(page):
    outline(page, [(20, 20), (60, 60), (60, 20), (20, 60)])
    assert len(stored(page).region) == 2
    assert page.workbench.toast.text


def test_what_was_said_of_a_gesture_goes_with_the_next_one(page):
    outline(page, [(20, 20), (60, 60), (60, 20), (20, 60)])
    press(page, "Ctrl+Z")
    assert not page.workbench.toast.text
    press(page, "Ctrl+Shift+Z", "2")
    assert not page.workbench.toast.text


def test_an_image_without_regions_begins_with_the_pen_whatever_tool_was_last_in_hand(page):
    outline(page, CORNERS)
    press(page, "1", "V", "Ctrl+Return")
    assert page.canvas.tool is Tool.DRAW
    press(page, "R", "A")
    assert page.canvas.tool is Tool.REDRAW


def test_nudging_by_keys_moves_the_selected_region(page):
    outline(page, CORNERS)
    press(page, "V")
    page.canvas.select(0)
    before = stored(page).region[0].exterior
    QTest.mouseMove(page.canvas.viewport(), page.canvas.to_screen(5, 5).toPoint())
    press(page, "Right", "Shift+Down")
    moved = stored(page).region[0].exterior - before
    assert np.allclose(moved, (1, 10))


@pytest.mark.parametrize("key", ["P", "N"])
def test_both_keys_take_the_pen(page, key):
    press(page, "V", key)
    assert page.workbench.tools.button("draw").isChecked()


def test_drafts_of_the_same_points_are_equal_whatever_holds_them():
    points = np.array(CORNERS, dtype=float)
    assert Draft("region", points) == Draft("region", points.copy())
    assert hash(Draft("region", points)) == hash(Draft("region", points.copy()))
    assert Draft("region", points) != Draft("region", points[:2])
    assert Draft("region", points) != Draft("hole", points)
