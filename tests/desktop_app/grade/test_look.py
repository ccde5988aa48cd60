"""The page follows theme and scale while it is open, and stays within its window."""

import pytest
from PySide6.QtWidgets import QPushButton, QToolButton

from desktop_app.window.settings import SCALES, ThemeChoice
from tests.desktop_app.grade.hands import press


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
    assert page.minimumSizeHint().width() <= {100: 900, 200: 1600}[scale]
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
