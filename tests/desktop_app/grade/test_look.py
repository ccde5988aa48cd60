"""The page follows theme and scale while it is open, and stays within its window."""

import pytest
from PySide6.QtWidgets import QPushButton, QScrollArea, QToolButton

from desktop_app.window.settings import SCALES, ThemeChoice
from tests.desktop_app.grade.hands import draw, press, settle
from tests.desktop_app.squares import square


def test_the_theme_switches_while_an_image_is_graded(page, theme):
    press(page, "2")
    for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT):
        theme.choose(choice)
        assert theme.colours.surface in page.styleSheet()
        ground = page.side.grab().toImage().pixelColor(4, 4).name()
        assert ground == theme.colours.surface
    assert page.session.grading.roi_count == 2


@pytest.mark.parametrize("scale", SCALES)
def test_no_button_loses_its_words_at_any_scale(page, theme, scale):
    theme.set_scale(scale)
    page.window().resize(1000, 700)
    for button in page.side.findChildren(QPushButton):
        words = button.fontMetrics().horizontalAdvance(button.text())
        assert button.width() > words
        assert button.height() > button.fontMetrics().height()


@pytest.mark.parametrize("scale", [100, 200])
def test_the_page_fits_a_small_screen(page, theme, scale):
    theme.set_scale(scale)
    assert page.minimumSizeHint().width() <= {100: 800, 200: 1440}[scale]
    assert page.minimumSizeHint().height() <= {100: 500, 200: 900}[scale]


def test_where_there_is_no_room_tools_stay_and_other_buttons_go(page):
    tools = page.workbench.tools
    page.window().resize(1800, 800)
    assert all(b.isVisible() for b in tools.findChildren(QToolButton))
    page.window().resize(page.window().minimumSizeHint())
    assert all(tools.button(t).isVisible() for t in ("draw", "select_tool", "redraw", "hole"))
    assert not tools.button("actual_size").isVisible()


def test_the_canvas_has_most_of_the_room(page):
    page.window().resize(1440, 900)
    assert page.canvas.width() > 0.6 * page.width()


def test_at_200_percent_the_canvas_has_most_of_the_room_once_the_queue_is_put_away(
    page, theme, settings
):
    theme.set_scale(200)
    page.window().resize(1440, 900)
    settle(page)
    assert page.canvas.width() > 0.34 * page.width()
    press(page, "L")
    assert not page.queue.isVisible()
    assert page.canvas.width() > 0.6 * page.width()
    assert not settings.shows_queue
    press(page, "L")
    assert page.queue.isVisible()


def test_a_queue_that_was_put_away_stays_so_at_the_next_opening(settings, open_page):
    settings.shows_queue = False
    page = open_page()
    assert not page.queue.isVisible()
    press(page, "D")
    assert page.session.at == 1


def test_keys_go_to_the_canvas_when_the_queue_is_put_away(page):
    page.queue.images.setFocus()
    press(page, "L")
    assert page.canvas.hasFocus()


@pytest.mark.parametrize("scale", SCALES)
def test_nothing_beside_the_canvas_is_cut_off(page, theme, scale):
    draw(page, square())
    theme.set_scale(scale)
    page.window().resize(1440, 900)
    settle(page)
    inside = page.side.findChild(QScrollArea)
    assert inside.widget().width() <= inside.viewport().width()


def test_messages_float_over_the_canvas_and_do_not_move_it(page):
    place = page.canvas.geometry()
    page.canvas.told.emit("The outline crossed itself; it became two regions")
    toast = page.workbench.toast
    assert toast.isVisible()
    assert page.canvas.geometry() == place
    assert page.canvas.parentWidget().rect().contains(toast.geometry())


def test_the_hint_of_the_pointer_is_handed_to_the_window(page, qtbot):
    with qtbot.waitSignal(page.hint_changed) as told:
        page.canvas.hint_changed.emit("Click to place a point")
    assert told.args == ["Click to place a point"]
