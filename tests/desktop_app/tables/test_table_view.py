"""A table in the window: what a person sees, walks, sorts and filters, by pointer and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QToolTip

from desktop_app.session.selection import Selection
from desktop_app.tables.column_chooser import ColumnChooser
from desktop_app.tables.filter_editor import ChoiceEditor, RangeEditor
from desktop_app.tables.filters import Choice, Contains, Defined, NumberRange
from desktop_app.window.settings import ThemeChoice
from tests.desktop_app.accessible import controls, nameless
from tests.desktop_app.tables.measured import EMPTY, Row, few, table

ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


def shown(view):
    return list(view.model.shown)


def press(qtbot, view, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(view.grid, key, modifier)


def click_heading(qtbot, view, name):
    header = view.grid.header
    at = view.model.column_at(name)
    left = header.sectionViewportPosition(at) + header.sectionSize(at) // 2
    place = QPoint(left, header.height() // 2)
    qtbot.mouseMove(header.viewport(), place)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def only(kind):
    """Return the one window of a kind that is open."""
    [window] = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    return window


def choose(menu, text):
    """Choose an entry of an open menu, as Enter would."""
    [action] = [action for action in menu.actions() if action.text() == text]
    assert action.isEnabled()
    menu.close()
    action.trigger()


# What is seen


def test_a_table_shows_its_rows_under_headings_in_words(view):
    model = view.model
    headings = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(4)]
    assert headings == ["Image", "DS", "Correct", "Graders"]
    assert [model.index(0, at).data() for at in range(4)] == ["visit 10/a.jpg", "0.50", "yes", "3"]
    assert view.count_line.text() == "5 images"


def test_an_undefined_number_is_a_dash_that_says_why(view):
    index = view.model.index(1, 1)
    assert index.data() == "–"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "Undefined: roi empty"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "DS: Undefined: roi empty"


def test_numbers_and_their_headings_stand_at_the_right(view):
    role = Qt.ItemDataRole.TextAlignmentRole
    right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    assert [view.model.index(0, at).data(role) == right for at in range(4)] == [
        False, True, False, True,
    ]  # fmt: skip


def test_a_heading_tells_what_its_column_means(view):
    meaning = view.model.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert meaning == "thresholded Dice score"


def test_hovering_tells_what_a_cell_or_a_heading_cannot_show(qtbot, view):
    def told_at(widget, place):
        QToolTip.hideText()
        event = QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place))
        QApplication.sendEvent(widget, event)
        return QToolTip.text()

    viewport, header = view.grid.viewport(), view.grid.header
    view.grid.setColumnWidth(0, 40)

    def cell(number, at):
        return view.grid.visualRect(view.model.index(number, at)).center()

    assert told_at(viewport, cell(1, 1)) == "Undefined: roi empty"
    assert told_at(viewport, cell(0, 0)) == "visit 10/a.jpg"
    assert told_at(viewport, cell(0, 1)) == "0.5"
    place = QPoint(header.sectionViewportPosition(1) + 5, 5)
    assert told_at(header.viewport(), place) == "ds: thresholded Dice score"
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_table_without_rows_says_so_in_the_pages_words(view):
    view.show_empty("No run yet", "Press Run.")
    view.set_table(table())
    assert not view.grid.isVisible()
    assert view.count_line.text() == "0 images"
    view.append_rows([Row("a")])
    assert view.grid.isVisible()


def test_a_table_is_drawn_in_the_colours_and_at_the_size_of_the_theme(view, theme):
    def pixels():
        return view.grab().toImage()

    theme.choose(ThemeChoice.LIGHT)
    light, height = pixels(), view.grid.rowHeight(0)
    theme.choose(ThemeChoice.DARK)
    dark = pixels()
    assert light.pixelColor(300, 300).lightness() > 200
    assert dark.pixelColor(300, 300).lightness() < 100
    width = view.grid.columnWidth(0)
    theme.set_scale(200)
    assert view.grid.rowHeight(0) > 1.6 * height
    assert view.grid.columnWidth(0) == 2 * width


# Sorting


def test_clicking_a_heading_sorts_smallest_first_then_largest_with_undefined_last(qtbot, view):
    click_heading(qtbot, view, "ds")
    assert shown(view) == [2, 0, 3, 1, 4]
    click_heading(qtbot, view, "ds")
    assert shown(view) == [3, 0, 2, 1, 4]


def test_texts_sort_as_people_count_in_any_case(view):
    view.sort_by("image")
    assert shown(view) == [3, 1, 2, 0, 4]


def test_the_menu_of_a_column_sorts_filters_and_hides(qtbot, view):
    view.open_menu(1, QPoint(5, 5))
    choose(only(QMenu), "Sort, largest first")
    assert view.model.sorting == ("ds", DESCENDING)
    view.open_menu(1, QPoint(5, 5))
    choose(only(QMenu), "Do not sort")
    assert shown(view) == [0, 1, 2, 3, 4]
    view.open_menu(1, QPoint(5, 5))
    choose(only(QMenu), "Hide this column")
    assert view.shown_columns == ["image", "is_correct", "graders"]
    view.open_menu(0, QPoint(5, 5))
    choose(only(QMenu), "Filter…")
    only(ChoiceEditor).close()


def test_the_keyboard_opens_the_menu_of_the_column_that_has_the_frame(qtbot, view):
    view.set_current(0)
    view.grid.setFocus()
    press(qtbot, view, Qt.Key.Key_Right)
    press(qtbot, view, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    menu = only(QMenu)
    assert menu.accessibleName() == "Column DS"
    menu.close()
    press(qtbot, view, Qt.Key.Key_Menu)
    only(QMenu).close()


def test_the_dots_of_a_heading_open_its_menu_instead_of_sorting(qtbot, view):
    header = view.grid.header
    right = header.sectionViewportPosition(0) + header.sectionSize(0)
    at = QPoint(right - view.grid.header._theme.px("small_icon") // 2 - 6, header.height() // 2)
    qtbot.mouseMove(header.viewport(), at)
    qtbot.mousePress(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    menu = only(QMenu)
    assert menu.accessibleName() == "Column Image"
    menu.close()
    assert view.model.sorting is None


# The row at hand


def test_going_to_a_row_tells_its_number_whatever_the_order(qtbot, view):
    view.sort_by("ds")
    with qtbot.waitSignal(view.current_changed) as told:
        view.step(+1)
    assert told.args == [2]
    view.grid.setFocus()
    with qtbot.waitSignal(view.current_changed) as told:
        press(qtbot, view, Qt.Key.Key_Down)
    assert told.args == [0]
    assert view.current == 0


def test_walking_stops_at_both_ends(view):
    view.step(-1)
    assert view.current == 4
    view.step(+1)
    assert view.current == 4
    view.set_table(table())
    view.step(+1)
    assert view.current == -1


def test_the_row_at_hand_stays_at_hand_while_a_filter_hides_it(view):
    view.set_current(1)
    view.set_filter("ds", Defined(has_value=True))
    assert view.current == 1
    assert not view.grid.selectionModel().hasSelection()
    view.set_filter("ds", None)
    assert view.selected == [1]


def test_enter_and_a_double_click_open_a_row(qtbot, view):
    view.set_current(3)
    with qtbot.waitSignal(view.activated) as told:
        press(qtbot, view, Qt.Key.Key_Return)
    assert told.args == [3]
    place = view.grid.visualRect(view.model.index_of(2)).center()
    qtbot.mouseClick(view.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(view.activated) as told:
        qtbot.mouseDClick(view.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [2]


def test_coming_in_by_keyboard_marks_the_row_that_is_at_hand_then(qtbot, view):
    with qtbot.waitActive(view):
        view.activateWindow()
    view.search.setFocus()
    qtbot.keyClick(view.search, Qt.Key.Key_Down)
    assert view.grid.hasFocus()
    assert view.current == 0
    assert view.selected == [0]


def test_letters_are_left_to_the_keys_of_the_page(qtbot, view):
    view.set_current(0)
    press(qtbot, view, Qt.Key.Key_V)
    assert view.current == 0


def test_the_row_at_hand_is_shared_and_comes_back_to_nobody_who_set_it(view):
    selection = Selection(5)
    view.link(selection)
    told = []
    view.current_changed.connect(told.append)
    selection.set_current(3, "plot")
    assert view.current == 3
    assert view.selected == [3]
    assert told == []
    view.step(-1)
    assert selection.current == 2
    assert told == [2]


def test_brushed_rows_show_and_their_chip_takes_the_brush_off(qtbot, view):
    selection = Selection(5)
    view.link(selection)
    selection.brush(np.array([True, False, True, False, False]), "plot")
    assert shown(view) == [0, 2]
    [chip] = view.chips.chips
    assert chip.text.words == "Picked in a plot: 2"
    qtbot.mouseClick(chip.cross, Qt.MouseButton.LeftButton)
    assert selection.mask is None
    assert shown(view) == [0, 1, 2, 3, 4]


# Filters


def test_typing_finds_rows_by_every_word_in_any_text(qtbot, view):
    qtbot.keyClicks(view.search, "VISIT a.jpg")
    assert shown(view) == [0, 3]
    assert view.count_line.text() == "2 of 5 images"
    qtbot.keyClick(view.search, Qt.Key.Key_Escape)
    assert shown(view) == [0, 1, 2, 3, 4]


def test_columns_that_are_hidden_are_not_searched(view):
    view.choose_columns({"ds", "graders"})
    view.search.setText("visit")
    assert shown(view) == []
    view.choose_columns({"image"})
    assert shown(view) == [0, 1, 2, 3]


def test_where_nothing_matches_one_button_shows_all_again(qtbot, view):
    view.set_filter("ds", NumberRange(0.9, None))
    view.search.setText("visit")
    assert not view.grid.isVisible()
    qtbot.mouseClick(view.show_all_button, Qt.MouseButton.LeftButton)
    assert shown(view) == [0, 1, 2, 3, 4]
    assert view.search.text() == ""
    assert not view.chips.isVisible()


def test_each_filter_is_a_chip_in_words_that_delete_takes_off(qtbot, view):
    view.set_filter("ds", NumberRange(0.5, None))
    view.set_filter("is_correct", Choice(frozenset({"yes"})))
    words = [chip.text.words for chip in view.chips.chips]
    assert words == ["DS ≥ 0.5", "Correct: yes"]
    assert shown(view) == [0, 3]
    qtbot.keyClick(view.chips.chips[0].words, Qt.Key.Key_Delete)
    assert [chip.text.words for chip in view.chips.chips] == ["Correct: yes"]
    view.model.set_filter("no such column", Defined())
    assert len(view.model.filters) == 1


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (NumberRange(0.2, 0.5), "DS 0.2 – 0.5"),
        (NumberRange(None, 0.5), "DS ≤ 0.5"),
        (NumberRange(), "DS has a value"),
        (Choice(frozenset("abcd")), "DS: a, b, 2 more"),
        (Choice(frozenset({"", "a"})), "DS: (empty), a"),
        (Choice(frozenset()), "DS: nothing"),
        (Contains("x"), "DS contains “x”"),
        (Defined(has_value=False), "DS has no value"),
    ],
)
def test_a_filter_is_told_in_words(wanted, words):
    assert wanted.words("DS") == words


def test_a_range_is_set_by_hand_and_changed_through_its_chip(qtbot, view):
    view.open_filter("ds")
    editor = only(RangeEditor)
    assert editor.low.placeholderText() == "0.25"
    qtbot.keyClicks(editor.low, "0,5")
    qtbot.keyClick(editor.low, Qt.Key.Key_Return)
    assert view.model.filters == {"ds": NumberRange(0.5, None)}
    qtbot.mouseClick(view.chips.chips[0].words, Qt.MouseButton.LeftButton)
    editor = only(RangeEditor)
    assert editor.low.text() == "0.5"
    qtbot.mouseClick(editor.clear_button, Qt.MouseButton.LeftButton)
    assert view.model.filters == {}


def test_what_is_no_number_is_marked_and_not_applied(qtbot, view):
    view.open_filter("ds")
    editor = only(RangeEditor)
    qtbot.keyClicks(editor.low, "half")
    qtbot.mouseClick(editor.apply_button, Qt.MouseButton.LeftButton)
    assert editor.isVisible()
    assert editor.low.property("invalid") == "true"
    assert view.model.filters == {}
    editor.close()


def test_rows_with_or_without_a_value_are_asked_for_in_the_same_place(qtbot, view):
    view.open_filter("ds")
    editor = only(RangeEditor)
    assert [editor.which.itemText(k) for k in (1, 2)] == [
        "All with a value (3)", "All without a value (2)",
    ]  # fmt: skip
    editor.which.setCurrentIndex(2)
    editor.apply()
    assert shown(view) == [1, 4]
    view.open_filter("ds")
    assert only(RangeEditor).which.currentIndex() == 2
    only(RangeEditor).close()


def test_values_are_chosen_with_counts_of_what_the_other_filters_leave(qtbot, view):
    view.set_filter("ds", NumberRange(0.5, None))
    view.open_filter("is_correct")
    editor = only(ChoiceEditor)
    texts = [editor.list.item(row).text() for row in range(editor.list.count())]
    assert texts == ["no  (0)", "yes  (2)"]
    editor.list.item(0).setCheckState(Qt.CheckState.Checked)
    editor.apply()
    assert view.model.filters["is_correct"] == Choice(frozenset({"no"}))
    assert shown(view) == []


def test_a_part_of_a_text_narrows_the_values_and_is_the_filter_where_none_is_ticked(qtbot, view):
    view.open_filter("image")
    editor = only(ChoiceEditor)
    qtbot.keyClicks(editor.part, "B.JPG")
    hidden = [editor.list.item(row).isHidden() for row in range(editor.list.count())]
    assert hidden.count(False) == 1
    qtbot.keyClick(editor.part, Qt.Key.Key_Return)
    assert view.model.filters == {"image": Contains("B.JPG")}
    assert shown(view) == [1]
    view.open_filter("image")
    assert only(ChoiceEditor).part.text() == "B.JPG"
    only(ChoiceEditor).close()


def test_any_shown_column_can_be_filtered_from_the_button(qtbot, view):
    qtbot.mouseClick(view.filter_button, Qt.MouseButton.LeftButton)
    menu = only(QMenu)
    assert [a.text() for a in menu.actions()] == ["Image", "DS", "Correct", "Graders"]
    choose(menu, "Graders")
    only(RangeEditor).close()


# Columns


def test_columns_are_chosen_in_groups_with_their_meaning_and_remembered(qtbot, view, marks):
    qtbot.mouseClick(view.columns_button, Qt.MouseButton.LeftButton)
    chooser = only(ColumnChooser)
    item = chooser.tree.topLevelItem(0).child(1)
    assert item.text(0) == "DS"
    assert item.toolTip(0) == "ds: thresholded Dice score"
    item.setCheckState(0, Qt.CheckState.Unchecked)
    assert view.shown_columns == ["image", "is_correct", "graders"]
    assert marks == ["-ds"]
    qtbot.keyClicks(chooser.search, "dice")
    assert chooser.tree.topLevelItem(0).child(0).isHidden()
    assert not item.isHidden()
    qtbot.mouseClick(chooser.default_button, Qt.MouseButton.LeftButton)
    assert marks == []
    assert item.checkState(0) == Qt.CheckState.Checked
    chooser.close()


def test_what_was_remembered_holds_in_the_next_table_and_new_columns_show(view, marks):
    marks[:] = ["-graders", "+ds", "-elsewhere"]
    view.set_table(few(), shown={"image", "graders"})
    assert view.shown_columns == ["image", "ds"]
    view.choose_columns({"image"})
    assert marks == ["-elsewhere", "-graders"]
    view.choose_columns(set())
    assert view.shown_columns == ["image"]


# Rows that come and change


def test_rows_that_arrive_take_their_place_and_leave_selection_and_view_alone(qtbot, view):
    view.set_table(table(*(Row(f"row {k}", k / 200) for k in range(0, 200, 2))))
    view.sort_by("ds")
    view.set_current(50)
    view.grid.selectRow(50)
    view.grid.verticalScrollBar().setValue(view.grid.verticalScrollBar().maximum() // 2 + 7)
    before = view.grid.place()
    heard = []
    view.current_changed.connect(heard.append)
    view.append_rows([Row(f"row {k}", k / 200) for k in range(1, 200, 2)])
    assert [view.model.rows[n].ds for n in shown(view)] == [k / 200 for k in range(200)]
    assert view.grid.place() == before
    assert view.selected == [50]
    assert view.current == 50
    assert heard == []


def test_rows_that_arrive_unsorted_come_behind_the_last_without_a_reset(qtbot, view):
    with qtbot.assertNotEmitted(view.model.modelReset), qtbot.waitSignal(view.model.rowsInserted):
        view.append_rows([Row("new", 0.1)])
    assert shown(view) == [0, 1, 2, 3, 4, 5]
    view.append_rows([])
    assert view.model.rowCount() == 6


def test_a_row_that_changes_moves_to_its_place(qtbot, view):
    view.sort_by("ds")
    view.set_current(0)
    view.update_row(0, Row("visit 10/a.jpg", 0.9))
    assert shown(view) == [2, 3, 0, 1, 4]
    assert view.selected == [0]
    view.update_row(0, Row("visit 10/a.jpg", EMPTY))
    assert shown(view) == [2, 3, 0, 1, 4]


def test_a_column_without_a_value_so_far_becomes_one_of_numbers_when_the_first_comes(view):
    view.set_table(table(*(Row(f"row {k}") for k in range(300))))
    right = Qt.AlignmentFlag.AlignRight
    assert not view.model.columns[1].side & right
    view.update_rows([(250, Row("row 250", 0.5)), (251, Row("row 251", 0.123456))])
    assert view.model.columns[1].side & right
    assert [view.model.index(k, 1).data() for k in (250, 251)] == ["0.5000", "0.1235"]


def test_an_age_of_the_manifest_is_filtered_by_a_range_and_a_code_by_choice(qtbot, view):
    view.set_table(table(*(Row(str(k), 0.5) for k in range(40))))
    view.open_filter("image")
    only(RangeEditor).close()
    view.set_table(table(*(Row(str(k % 3), 0.5) for k in range(40))))
    view.open_filter("image")
    only(ChoiceEditor).close()


def test_a_new_table_of_the_same_columns_stays_where_it_was_scrolled_to(view):
    view.set_table(table(*(Row(f"row {k}", k / 200) for k in range(200))))
    view.grid.verticalScrollBar().setValue(1_001)
    before = view.grid.place()
    view.set_table(table(*(Row(f"row {k}", k / 100) for k in range(200))))
    assert view.grid.place() == before


def test_a_new_table_keeps_sorting_and_filters_of_the_columns_it_has(view):
    view.sort_by("ds", DESCENDING)
    view.set_filter("is_correct", Choice(frozenset({"yes"})))
    view.set_current(3)
    view.set_table(few())
    assert shown(view) == [3, 0]
    assert view.current == 3
    assert view.selected == [3]


def test_a_long_column_is_read_in_slices_and_sorts_once_it_is_read(qtbot, view):
    count = 12_000
    view.set_table(table(*(Row(f"row {k}", (k * 7919 % count) / count) for k in range(count))))
    view.sort_by("ds")
    assert not view.model.is_settled
    qtbot.waitUntil(lambda: view.model.is_settled and shown(view)[0] == 0)
    values = [view.model.rows[n].ds for n in shown(view)]
    assert values == sorted(values)
    qtbot.waitUntil(lambda: view.model.is_warm)


def test_the_filter_of_a_long_column_opens_once_it_is_read(qtbot, view):
    view.set_table(table(*(Row(f"row {k}", k / 12_000) for k in range(12_000))))
    view.open_filter("ds")
    qtbot.waitUntil(lambda: any(isinstance(w, RangeEditor) for w in QApplication.topLevelWidgets()))
    only(RangeEditor).close()


# Taking rows elsewhere


def test_selected_rows_are_copied_as_the_csv_has_them(qtbot, view):
    view.sort_by("ds")
    view.choose_columns({"image", "ds", "is_correct"})
    view.set_current(3)
    press(qtbot, view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == (
        "image\tds\tis_correct\nvisit 2/a.jpg\t0.75\ttrue\nvisit 2/b.jpg\t\tfalse\n"
    )


def test_many_rows_are_copied_in_slices_and_whole(qtbot, view):
    QApplication.clipboard().setText("before")
    view.set_table(table(*(Row(f"row {k}", k / 8) for k in range(9_000))))
    view.grid.selectAll()
    press(qtbot, view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QApplication.clipboard().text() != "before")
    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == 9_001
    assert lines[-1] == "row 8999\t1124.875\t\t3"


def test_exported_rows_are_those_shown_in_their_order(view):
    view.sort_by("ds", DESCENDING)
    view.set_filter("ds", Defined())
    assert [row.ds for row in view.export_rows()] == [0.75, 0.5, 0.25]


# For everybody


def test_every_control_has_a_name_for_a_screen_reader(qtbot, view):
    view.set_filter("ds", NumberRange(0.1, None))
    assert len(controls(view)) > 6
    assert nameless(view) == []
    for opens, kind in (
        (lambda: view.open_filter("ds"), RangeEditor),
        (lambda: view.open_filter("image"), ChoiceEditor),
        (view.open_chooser, ColumnChooser),
    ):
        opens()
        popup = only(kind)
        assert nameless(popup) == []
        popup.close()


def test_every_control_is_reached_with_tab(qtbot, view):
    view.set_filter("ds", NumberRange(0.1, None))
    with qtbot.waitActive(view):
        view.activateWindow()
    view.search.setFocus()
    reached = set()
    for _ in range(12):
        reached.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    chip = view.chips.chips[0]
    wanted = {view.search, view.filter_button, view.columns_button, view.grid}
    assert wanted | {chip.words, chip.cross} <= reached
    assert isinstance(view.filter_button, QPushButton)
