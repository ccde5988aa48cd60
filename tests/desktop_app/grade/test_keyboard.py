"""Everything but placing points is reached by keyboard, and every control has a name."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsView

from desktop_app.grade.queue_panel import QueuePanel
from desktop_app.grade.side import Side
from desktop_app.window.action_table import ACTIONS, Place
from engine.domain.grading import Status
from tests.desktop_app.accessible import controls, nameless
from tests.desktop_app.grade.hands import draw, press, settle, stored, write
from tests.desktop_app.squares import square

OF_THE_WINDOW = {
    "new", "open", "save_copy", "packet", "merge", "close", "quit", "preferences", "shortcuts",
    "about", "page_grade", "page_review", "page_explain",
}  # fmt: skip


def test_a_queue_of_mixed_images_is_graded_by_keyboard_alone_but_for_the_points(page):
    press(page, "Q", "Ctrl+Return")
    press(page, "2")
    draw(page, square(), square(30))
    press(page, "Ctrl+Return")
    press(page, "5", "T")
    write(page, "all over")
    press(page, "Ctrl+Return", "Ctrl+Return")
    press(page, "Shift+T")
    QTest.keyClick(page.side.remarks.problem.menu_of_problems, Qt.Key.Key_B)
    press(page, "Q", "Ctrl+Return")
    draw(page, square())
    press(page, "1", "Ctrl+Return")
    draw(page, square())
    press(page, "Q", "Return", "Ctrl+Return")
    settle(page)
    said = [
        (g.visible, g.roi_count, len(g.region), g.note, g.problem)
        for g in (stored(page, place) for place in range(6))
    ]
    assert said == [
        (False, None, 0, "", ""),
        (True, 2, 2, "", ""),
        (True, 5, 0, "all over", ""),
        (False, None, 0, "", "blurred"),
        (True, 1, 1, "", ""),
        (False, None, 0, "", ""),
    ]
    assert {stored(page, place).status for place in range(6)} == {Status.DONE}
    assert page.queue.progress == "6 of 6 done"


def test_every_action_of_grading_drawing_and_looking_is_handled(page):
    of_grading = {spec.id for spec in ACTIONS if Place.GRADE in spec.places}
    assert set(page.handlers) == of_grading - OF_THE_WINDOW


def test_every_control_has_a_name(page):
    draw(page, square())
    press(page, "Q")
    found = controls(page)
    assert len(found) > 30
    assert nameless(page) == []


def tab_order(page, key=Qt.Key.Key_Tab):
    """Return the widgets that Tab reaches from the canvas until it comes round."""
    page.canvas.setFocus()
    reached = []
    for _ in range(100):
        QTest.keyClick(QApplication.focusWidget(), key)
        at = QApplication.focusWidget()
        if at is page.canvas or at in reached:
            return reached
        reached.append(at)
    raise AssertionError("Tab does not come round")


def test_tab_goes_from_the_canvas_through_the_answers_to_done_and_round(page):
    draw(page, square())
    page.canvas.select(0)
    reached = tab_order(page)
    side = [widget for widget in reached if isinstance(_room(widget), Side)]
    assert side[0].text() == "Visible"
    assert side[-1] is page.side.done.button
    places = [
        side.index(w)
        for w in (page.side.regions.table, page.side.remarks.note, page.side.remarks.problem)
    ]
    assert places == sorted(places)
    queue = [widget for widget in reached if isinstance(_room(widget), QueuePanel)]
    assert page.queue.images in queue
    assert reached.index(side[0]) == 0


def _room(widget):
    while widget is not None and not isinstance(widget, Side | QueuePanel | QGraphicsView):
        widget = widget.parentWidget()
    return widget


def test_whatever_can_be_clicked_can_be_reached_by_tab(page):
    draw(page, square())
    page.canvas.select(0)
    reached = {*tab_order(page), page.canvas}
    visible = {w for w in controls(page) if w.isVisible() and w.isEnabled()}
    assert visible - reached == set()


def test_a_button_reached_by_tab_is_pressed_with_space(page):
    page.side.answers.findChild(type(page.side.done.button)).setFocus()
    press(page, "Space")
    assert stored(page).visible is True


def test_a_click_on_a_button_leaves_the_keys_with_the_canvas(page, qtbot):
    qtbot.mouseClick(page.side.done.button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.workbench.tools.button("zoom_in"), Qt.MouseButton.LeftButton)
    assert page.canvas.hasFocus()


def test_keys_on_buttons_follow_what_the_grader_rebinds(page, keymap):
    cap = page.side.done.button.cap
    assert cap.text() == "Ctrl+↵"
    keymap.set_keys("done", ["Ctrl+G"])
    assert cap.text() == "Ctrl+G"
    press(page, "Q", "Ctrl+G")
    assert page.session.at == 1
    keymap.set_keys("done", [])
    assert cap.isHidden()


@pytest.mark.parametrize(
    ("action", "icon_of"), [("draw", "P"), ("select_tool", "V"), ("redraw", "R"), ("hole", "S")]
)
def test_a_tool_is_chosen_by_key_and_shown_in_the_bar(page, action, icon_of):
    press(page, icon_of)
    tools = page.workbench.tools
    checked = [
        tool for tool in ("draw", "select_tool", "redraw", "hole") if tools.button(tool).isChecked()
    ]
    assert checked == [action]
    assert icon_of in tools.button(action).toolTip()


def test_a_changed_brightness_is_shown_in_the_bar_until_it_is_reset(page):
    look = next(b for b in page.workbench.tools.tab_stops if "Brightness" in b.accessibleName())
    press(page, "B", "C")
    assert look.isChecked()
    assert "X resets" in look.toolTip()
    press(page, "D")
    assert look.isChecked()
    press(page, "X")
    assert not look.isChecked()
    assert page.canvas.adjustment.is_neutral


def test_the_menu_of_the_bar_adjusts_the_view_too(page):
    look = next(b for b in page.workbench.tools.tab_stops if "Brightness" in b.accessibleName())
    look.menu().aboutToShow.emit()
    texts = [action.text() for action in look.menu().actions()]
    assert texts[0] == "Brighter\tB"
    look.menu().actions()[0].trigger()
    assert page.canvas.adjustment.brightness > 0


def test_looking_at_the_page_counts_as_work_only_while_something_is_done(page):
    touched = []
    page.session.touch = lambda: touched.append(True)
    QApplication.processEvents()
    assert touched == []
    press(page, "D")
    assert touched
