"""Zoom at the cursor, pan, fit and 100 %, by mouse, wheel and command."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from desktop_app.canvas.tools import Tool
from tests.desktop_app.canvas.mouse import CONTROL, LEFT, MIDDLE, NO_KEY
from tests.desktop_app.canvas.pointing import square

CURSOR = QPoint(233, 171)


def _drag(mouse, start, end, button):
    viewport = mouse.canvas.viewport()
    mouse.move_to(start)
    mouse.qtbot.mousePress(viewport, button, NO_KEY, start)
    mouse._held = button
    mouse.move_to(end)
    mouse.qtbot.mouseRelease(viewport, button, NO_KEY, end)
    mouse._held = Qt.MouseButton.NoButton


@pytest.mark.parametrize("keys", [NO_KEY, CONTROL])
@pytest.mark.parametrize("notches", [1, -1, 5, -2, 0.25])
def test_the_wheel_zooms_at_the_cursor(canvas, mouse, heard, notches, keys):
    before, zoom = canvas.to_image(QPointF(CURSOR)), canvas.zoom
    mouse.wheel(CURSOR, notches, keys=keys)
    assert canvas.zoom == pytest.approx(zoom * 1.25**notches)
    at = canvas.to_screen(*before)
    assert (at.x(), at.y()) == pytest.approx((233, 171), abs=1.2)
    assert heard.of("zoom_changed") == [canvas.zoom]
    assert heard.of("interacted") == [None]


def test_zoom_ends_at_6400_percent(canvas, mouse):
    for _ in range(60):
        mouse.wheel(CURSOR, 1)
    assert canvas.zoom == 64


def test_the_view_is_where_the_camera_says(canvas, mouse):
    for notches in (3, 7, 9, -4):
        mouse.wheel(CURSOR, notches)
        canvas.pan(13, -7)
        for x, y in ((0, 0), (150.25, 99.5), (300, 200)):
            mapped, expected = canvas.viewportTransform().map(QPointF(x, y)), canvas.to_screen(x, y)
            assert (mapped.x(), mapped.y()) == pytest.approx((expected.x(), expected.y()), abs=1e-6)


def test_a_drag_with_the_middle_button_pushes_the_picture(canvas, mouse, heard):
    before = canvas.to_screen(150, 100)
    _drag(mouse, QPoint(300, 200), QPoint(310, 185), MIDDLE)
    after = canvas.to_screen(150, 100)
    assert (after.x() - before.x(), after.y() - before.y()) == (10, -15)
    assert heard.of("draft_changed") == []


def test_a_drag_with_space_held_pushes_the_picture_and_draws_nothing(canvas, mouse, heard, qtbot):
    before = canvas.to_screen(150, 100)
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.viewport().cursor().shape() == Qt.CursorShape.OpenHandCursor
    _drag(mouse, QPoint(300, 200), QPoint(320, 205), LEFT)
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    after = canvas.to_screen(150, 100)
    assert (after.x() - before.x(), after.y() - before.y()) == (20, 5)
    assert heard.of("draft_changed") == []
    mouse.click(20, 20)
    assert len(heard.of("draft_changed")) == 1


def test_panning_in_the_middle_of_an_outline_leaves_it(canvas, mouse, heard):
    mouse.click_all([(20, 20), (80, 30)])
    _drag(mouse, QPoint(300, 200), QPoint(280, 190), MIDDLE)
    mouse.click(50, 90)
    assert len(heard.of("draft_changed")[-1].points) == 3


def test_with_the_select_tool_a_drag_beside_every_region_pushes_the_picture(canvas, mouse):
    canvas.show_region((square(100, 40, 60),))
    canvas.set_tool(Tool.SELECT)
    canvas.select(0)
    before = canvas.to_screen(0, 0)
    start = canvas.to_screen(30, 150).toPoint()
    _drag(mouse, start, start + QPoint(9, -14), LEFT)
    after = canvas.to_screen(0, 0)
    assert (after.x() - before.x(), after.y() - before.y()) == (9, -14)
    assert canvas.selected == 0


def test_fit_shows_all_of_the_picture_and_stays_when_the_window_grows(canvas, qtbot):
    canvas.fit()
    small = canvas.zoom
    canvas.resize(1000, 720)
    assert canvas.zoom > small
    corner = canvas.to_screen(300, 200)
    assert corner.x() <= 1000
    assert corner.y() <= 720


def test_100_percent_is_one_device_pixel_for_each_of_the_picture(canvas):
    canvas.actual_size()
    assert canvas.zoom == 1
    assert canvas.scale_on_screen == 1 / canvas.devicePixelRatioF()


def test_what_is_in_the_middle_stays_there_when_the_window_grows(canvas):
    canvas.zoom_to(8)
    size = canvas.viewport().size()
    middle = canvas.to_image(QPointF(size.width() / 2, size.height() / 2))
    canvas.resize(900, 640)
    size = canvas.viewport().size()
    after = canvas.to_image(QPointF(size.width() / 2, size.height() / 2))
    assert after == pytest.approx(middle, abs=0.3)


def test_zoom_in_and_out_come_back(canvas):
    before = canvas.zoom
    canvas.zoom_in()
    assert canvas.zoom == pytest.approx(before * 1.25)
    canvas.zoom_out()
    assert canvas.zoom == pytest.approx(before)


def test_every_key_but_space_is_left_to_the_window(canvas, qtbot):
    before = canvas.to_screen(0, 0)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Home):
        qtbot.keyClick(canvas, key)
    assert canvas.to_screen(0, 0) == before


def test_space_is_forgotten_when_the_focus_goes(canvas, qtbot, mouse, heard):
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    canvas.clearFocus()
    assert not canvas.is_ready_to_pan or not canvas.hasFocus()


def test_without_a_picture_there_is_nothing_to_zoom(canvas, mouse):
    canvas.show_picture(None)
    zoom = canvas.zoom
    mouse.wheel(CURSOR, 3)
    canvas.fit()
    assert canvas.zoom == zoom
