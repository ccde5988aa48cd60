"""The sheet of keys: found by search, changed by pressing, conflicts named, all by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from desktop_app.window.actions import ACTIONS
from desktop_app.window.key_field import KeyField
from desktop_app.window.shortcut_model import Heading, Shortcut, ShortcutModel
from desktop_app.window.shortcuts import ShortcutSheet

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def sheet(qtbot, keymap, theme):
    sheet = ShortcutSheet(keymap, theme)
    qtbot.addWidget(sheet)
    with qtbot.waitActive(sheet):
        sheet.show()
        sheet.activateWindow()
    return sheet


def press(key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def listed(sheet):
    rows = range(sheet.model.rowCount())
    found = (sheet.model.shortcut(sheet.model.index(row)) for row in rows)
    return [shortcut.spec.id for shortcut in found if shortcut]


def said(sheet):
    return sheet.message.accessibleName()


# The model


def test_the_model_keeps_the_rules_of_models(qtbot, keymap):
    model = ShortcutModel(keymap)
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    QAbstractItemModelTester(model, fatal, model)
    model.search("zoom")
    keymap.set_keys("zoom_in", ["J"])
    model.search("no action is called that")
    model.search("")
    keymap.reset_all()
    assert model.rowCount() > len(ACTIONS)


def test_every_action_is_listed_under_the_heading_of_its_group(qtbot, keymap):
    model = ShortcutModel(keymap)
    heading, under = None, {}
    for row in range(model.rowCount()):
        entry = model.index(row).data(Qt.ItemDataRole.UserRole)
        if isinstance(entry, Heading):
            heading = entry.text
        else:
            assert isinstance(entry, Shortcut)
            under[entry.spec.id] = heading
    assert under == {spec.id: spec.group.value for spec in ACTIONS}


def test_headings_cannot_be_selected(qtbot, keymap):
    model = ShortcutModel(keymap)
    assert model.index(0).flags() == Qt.ItemFlag.NoItemFlags
    assert model.index(1).flags() & Qt.ItemFlag.ItemIsSelectable


def test_a_row_is_spoken_with_its_keys(qtbot, keymap):
    model = ShortcutModel(keymap)
    index = model.index(model.row_of("next"))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Next image: D or PgDown (Grade)"
    keymap.set_keys("next", [])
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Next image: no keys, changed (Grade)"


# Search


@pytest.mark.parametrize(
    ("text", "action_id"),
    [
        ("unfinished next", "next_unfinished"),
        ("ctrl+shift+s", "save_copy"),
        ("BLURRED", "problem"),
        ("nudge left 10", "nudge_left_10"),
    ],
)
def test_an_action_is_found_by_words_hints_and_keys(sheet, text, action_id):
    sheet.search.setText(text)
    assert action_id in listed(sheet)
    assert len(listed(sheet)) < 6
    assert sheet.selected is not None


def test_a_search_that_finds_nothing_says_so_and_offers_nothing(sheet):
    sheet.search.setText("qwertz")
    assert listed(sheet) == []
    assert said(sheet) == "No action matches the search."
    assert not sheet.change.isEnabled()
    assert not sheet.clear.isEnabled()


# Changing keys


def test_an_action_gets_the_key_that_is_pressed(sheet, keymap):
    sheet.select("next")
    sheet.change.click()
    assert "Press the new key" in said(sheet)
    press(Key.Key_J)
    assert keymap.keys("next") == ("J",)
    assert sheet.selected.keys == ("J",)
    assert sheet.selected.is_changed


def test_one_more_key_can_be_added(sheet, keymap):
    sheet.select("next")
    sheet.add.click()
    press(Key.Key_J, CTRL | SHIFT)
    assert keymap.keys("next") == ("D", "PgDown", "Ctrl+Shift+J")


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_F2, Key.Key_Delete, Key.Key_PageDown])
def test_keys_that_do_something_in_the_sheet_can_be_given_too(sheet, keymap, key):
    keymap.reset_all()
    for action_id in ("close_outline", "delete", "next"):
        keymap.set_keys(action_id, [])
    sheet.select("fit")
    sheet.change.click()
    QTest.keyClick(sheet.key_field, key)
    assert len(keymap.keys("fit")) == 1
    assert sheet.isVisible()


@pytest.mark.parametrize("key", [Key.Key_Tab, Key.Key_Space])
def test_a_key_that_the_window_needs_is_refused_with_the_reason(sheet, keymap, key):
    sheet.select("next")
    sheet.change.click()
    press(key)
    assert keymap.keys("next") == ("D", "PgDown")
    assert "Press another key." in said(sheet)
    press(Key.Key_J)
    assert keymap.keys("next") == ("J",)


def test_a_modifier_alone_is_no_key(sheet, keymap):
    sheet.select("next")
    sheet.change.click()
    press(Key.Key_Shift, SHIFT)
    assert keymap.keys("next") == ("D", "PgDown")
    assert sheet.key_field.isVisible()


def test_a_conflict_names_the_other_action_and_a_swap_is_offered(sheet, keymap):
    sheet.select("next")
    sheet.change.click()
    press(Key.Key_Q)
    assert said(sheet) == "Q is used by “No condition is visible”. Swap gives it D."
    assert keymap.keys("next") == ("D", "PgDown")
    sheet.swap.click()
    assert keymap.keys("next") == ("Q",)
    assert keymap.keys("not_visible") == ("D",)


def test_a_conflict_that_is_cancelled_changes_nothing(sheet, keymap):
    sheet.select("next")
    sheet.change.click()
    press(Key.Key_Q)
    press(Key.Key_Return)  # the focus is on Cancel, so that a hasty Enter changes nothing
    assert keymap.keys("next") == ("D", "PgDown")
    assert keymap.keys("not_visible") == ("Q",)
    assert sheet.change.isVisible()


def test_an_action_without_a_key_to_give_takes_the_others(sheet, keymap):
    sheet.select("who")
    sheet.change.click()
    press(Key.Key_Q)
    assert said(sheet).endswith("Take leaves it without a key.")
    assert sheet.swap.text() == "Take"
    sheet.swap.click()
    assert keymap.keys("who") == ("Q",)
    assert keymap.keys("not_visible") == ()


def test_keys_are_removed(sheet, keymap):
    sheet.select("next")
    sheet.clear.click()
    assert keymap.keys("next") == ()
    assert not sheet.clear.isEnabled()


def test_one_action_is_reset(sheet, keymap):
    sheet.select("next")
    assert not sheet.reset.isEnabled()
    keymap.set_keys("next", ["J"])
    sheet.select("fit")
    sheet.select("next")
    sheet.reset.click()
    assert keymap.keys("next") == ("D", "PgDown")


def test_a_reset_that_takes_a_key_from_another_action_asks_first(sheet, keymap):
    keymap.swap("next", ["Q"])
    sheet.select("next")
    sheet.reset.click()
    assert "D is used by “No condition is visible”." in said(sheet)
    sheet.swap.click()
    assert keymap.keys("next") == ("D", "PgDown")
    assert keymap.keys("not_visible") == ("Q",)


def test_all_keys_are_reset_after_a_second_press(sheet, keymap):
    keymap.set_keys("next", ["J"])
    sheet.reset_all.click()
    assert keymap.keys("next") == ("J",)
    sheet.confirm_reset.click()
    assert keymap.keys("next") == ("D", "PgDown")


# By keyboard alone


def test_a_key_is_changed_by_keyboard_alone(sheet, keymap):
    for letter in "fit im":
        press(getattr(Key, f"Key_{letter.upper()}") if letter != " " else Key.Key_Space)
    assert listed(sheet) == ["fit"]
    press(Key.Key_Down)
    assert QApplication.focusWidget() is sheet.view
    press(Key.Key_Return)
    assert QApplication.focusWidget() is sheet.key_field
    press(Key.Key_G)
    assert keymap.keys("fit") == ("G",)
    assert QApplication.focusWidget() is sheet.view
    press(Key.Key_Delete)
    assert keymap.keys("fit") == ()


def test_esc_gives_up_first_and_closes_then(sheet, keymap):
    sheet.select("next")
    sheet.change.click()
    press(Key.Key_Escape)
    assert sheet.isVisible()
    assert sheet.change.isVisible()
    assert keymap.keys("next") == ("D", "PgDown")
    press(Key.Key_Escape)
    assert not sheet.isVisible()


def test_another_row_gives_up_what_was_under_way(sheet):
    sheet.select("next")
    sheet.change.click()
    sheet.select("fit")
    assert not sheet.key_field.isVisible()
    assert said(sheet).startswith("Fit image")


@pytest.mark.parametrize(
    ("key", "modifiers", "text", "told"),
    [
        (Key.Key_Exclam, SHIFT, "!", "!"),
        (Key.Key_J, SHIFT, "J", "Shift+J"),
        (Key.Key_Left, SHIFT, "", "Shift+Left"),
        (Key.Key_5, Qt.KeyboardModifier.KeypadModifier, "5", "5"),
    ],
)
def test_pressed_keys_are_told_as_qt_matches_them(qtbot, key, modifiers, text, told):
    field = KeyField()
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.pressed) as pressed:
        QTest.sendKeyEvent(QTest.KeyAction.Press, field, key, text, modifiers)
    assert pressed.args == [told]
