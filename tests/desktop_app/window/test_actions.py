"""Keys reach the actions of the table, and stay with whoever a person is writing in."""

import pytest
from PySide6.QtCore import QEvent, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_app.window.action_table import Place
from desktop_app.window.actions import ACTIONS, BY_ID, ActionSet, install

Key = Qt.Key

PROMISED = {
    "next": ("D", "PgDown"), "previous": ("A", "PgUp"), "next_unfinished": ("Ctrl+Shift+D",),
    "previous_unfinished": ("Ctrl+Shift+A",), "done": ("Ctrl+Return", "Ctrl+Enter"),
    "not_visible": ("Q",), "count_1": ("1",), "count_2": ("2",), "count_3": ("3",),
    "count_4": ("4",), "too_many": ("5",), "note": ("T",), "problem": ("Shift+T",),
    "instructions": ("I",), "who": (), "draw": ("P", "N"), "hole": ("S",), "redraw": ("R",),
    "select_tool": ("V",), "close_outline": ("Return", "Enter"), "cancel": ("Esc",),
    "delete": ("Delete",), "delete_vertex": ("Backspace",), "region_next": ("]",),
    "region_previous": ("[",), "nudge_left": ("Left",), "nudge_right": ("Right",),
    "nudge_up": ("Up",), "nudge_down": ("Down",), "nudge_left_10": ("Shift+Left",),
    "nudge_right_10": ("Shift+Right",), "nudge_up_10": ("Shift+Up",),
    "nudge_down_10": ("Shift+Down",), "undo": ("Ctrl+Z",), "redo": ("Ctrl+Shift+Z", "Ctrl+Y"),
    "fit": ("F",), "actual_size": ("Ctrl+0",), "zoom_in": ("Ctrl++", "Ctrl+="),
    "zoom_out": ("Ctrl+-",), "peek": ("H",), "toggle_shapes": ("Ctrl+H",),
    "toggle_queue": ("L",), "brighter": ("B",),
    "darker": ("Shift+B",), "more_contrast": ("C",), "less_contrast": ("Shift+C",),
    "reset_adjustment": ("X",), "new": ("Ctrl+N",), "open": ("Ctrl+O",),
    "save_copy": ("Ctrl+Shift+S",), "packet": (), "merge": (), "close": ("Ctrl+W",),
    "quit": ("Ctrl+Q",), "preferences": ("Ctrl+,",), "shortcuts": ("F1",), "about": (),
    **{f"adopt_{k}": (str(k),) for k in range(1, 10)}, "adopt_majority": ("M",),
    "edit_copy": ("E",), "withdraw": ("W",), "send_back": ("X",), "ask_extra": ("Shift+X",),
    "privacy_box": ("P",), "clear_boxes": (), "reveal": ("O",), "show_votes": ("V",),
    "show_majority": ("C",),
    "show_only": ("Y",), "import": ("Ctrl+I",), "people": (), "assign": (),
    "write_instructions": (), "study_settings": (), "audit_log": (), "run": ("F5",),
    "pause_run": ("F6",), "cancel_run": ("Shift+F5",), "choose_model": ("Ctrl+M",),
    "open_panels": ("Return", "Enter"), **{f"panel_{k}": (str(k),) for k in range(1, 5)},
    "panels_together": ("0",), "flicker": (".",), "star": ("S",), "comment": ("T",),
    "label_parts": ("B",), "report": ("Ctrl+Shift+E",), "copy_command": (),
    "write_panels": (), "sanity": (), "check_study": (), "export_regions": (), "row_next": ("J",),
    "row_previous": ("K",), "search": ("Ctrl+F",), "export": ("Ctrl+E",),
    "clear_brush": ("Ctrl+D",), "page_grade": ("Ctrl+1",), "page_review": ("Ctrl+2",),
    "page_explain": ("Ctrl+3",),
}  # fmt: skip


class Stage:
    """A real window with something to focus beside the page, and a list of what was asked for."""

    def __init__(self, qtbot, keymap, beside=None):
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.page = QLabel("page")
        self.page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.asked = []
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.addWidget(self.page)
        if beside is not None:
            layout.addWidget(beside)
        self.window.setCentralWidget(centre)
        handlers = {
            spec.id: (self.note(spec.id) if not spec.is_held else self.note_held(spec.id))
            for spec in ACTIONS
            if Place.GRADE in spec.places
        }
        self.actions = install(self.window, handlers, keymap)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.focus(self.page)

    def note(self, action_id):
        return lambda: self.asked.append(action_id)

    def note_held(self, action_id):
        return lambda is_on: self.asked.append((action_id, is_on))

    def focus(self, widget):
        widget.setFocus()
        assert QApplication.focusWidget() is not None

    def press(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(QApplication.focusWidget(), key, modifiers)
        return self.asked


@pytest.fixture
def stage(qtbot, keymap):
    return lambda beside=None: Stage(qtbot, keymap, beside)


def test_the_table_has_every_promised_action_with_its_keys():
    assert {spec.id: spec.keys for spec in ACTIONS} == PROMISED


@pytest.mark.parametrize("place", Place)
def test_in_one_place_no_key_has_two_actions_at_first(place):
    keys = [key for spec in ACTIONS if place in spec.places for key in spec.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("key", "modifiers", "action_id"),
    [
        (Key.Key_D, Qt.KeyboardModifier.NoModifier, "next"),
        (Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, "previous"),
        (Key.Key_Return, Qt.KeyboardModifier.ControlModifier, "done"),
        (Key.Key_T, Qt.KeyboardModifier.ShiftModifier, "problem"),
        (Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, "nudge_left_10"),
        (Key.Key_Escape, Qt.KeyboardModifier.NoModifier, "cancel"),
        (Key.Key_BracketRight, Qt.KeyboardModifier.NoModifier, "region_next"),
        (Key.Key_Equal, Qt.KeyboardModifier.ControlModifier, "zoom_in"),
    ],
)
def test_a_key_asks_for_its_action(stage, key, modifiers, action_id):
    assert stage().press(key, modifiers) == [action_id]


@pytest.mark.parametrize("field", [QLineEdit, QPlainTextEdit, QTextEdit])
def test_letters_and_digits_are_written_into_a_text_field_and_ask_for_nothing(stage, field):
    text = field()
    at_stage = stage(text)
    at_stage.focus(text)
    for key in (Key.Key_D, Key.Key_Q, Key.Key_1, Key.Key_H):
        at_stage.press(key)
    at_stage.press(Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    written = text.text() if field is QLineEdit else text.toPlainText()
    assert at_stage.asked == []
    assert written.lower() == "dq1ht"


@pytest.mark.parametrize("field", [QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox])
@pytest.mark.parametrize(
    "key",
    [
        Key.Key_Return, Key.Key_Escape, Key.Key_Backspace, Key.Key_Delete, Key.Key_Left,
        Key.Key_Up, Key.Key_PageDown,
    ],
)  # fmt: skip
def test_keys_that_move_in_a_text_stay_with_the_text_field(stage, field, key):
    text = field()
    at_stage = stage(text)
    at_stage.focus(text)
    assert at_stage.press(key) == []


def test_letters_are_written_into_a_box_that_can_be_edited(stage):
    box = QComboBox()
    box.setEditable(True)
    at_stage = stage(box)
    at_stage.focus(box)
    assert at_stage.press(Key.Key_D) == []
    assert box.currentText() == "d"


def test_commands_and_function_keys_reach_their_actions_from_a_text_field(stage):
    text = QPlainTextEdit()
    at_stage = stage(text)
    at_stage.focus(text)
    at_stage.press(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    at_stage.press(Key.Key_F1)
    assert at_stage.asked == ["done", "shortcuts"]
    assert text.toPlainText() == ""


def test_undo_in_a_text_field_undoes_the_text(stage):
    text = QLineEdit()
    at_stage = stage(text)
    at_stage.focus(text)
    at_stage.press(Key.Key_A)
    at_stage.press(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert at_stage.asked == []
    assert text.text() == ""


def test_letters_ask_again_once_the_text_field_has_lost_the_focus(stage):
    text = QLineEdit()
    at_stage = stage(text)
    at_stage.focus(text)
    at_stage.press(Key.Key_D)
    at_stage.focus(at_stage.page)
    assert at_stage.press(Key.Key_D) == ["next"]


def test_a_text_that_can_only_be_read_keeps_no_letters(stage):
    text = QTextEdit()
    text.setReadOnly(True)
    at_stage = stage(text)
    at_stage.focus(text)
    assert at_stage.press(Key.Key_D) == ["next"]


def test_the_third_character_of_a_key_is_written_into_a_text_field(stage):
    text = QLineEdit()
    at_stage = stage(text)
    at_stage.focus(text)
    alt_gr = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Key.Key_Q, alt_gr, "@")
    event.ignore()
    QApplication.sendEvent(text, event)
    assert event.isAccepted()


def test_arrows_move_in_a_list_that_has_the_focus_and_letters_still_ask(stage):
    rows = QListView()
    rows.setModel(QStringListModel(["Dora", "Anna", "Nora"], rows))
    rows.setCurrentIndex(rows.model().index(0, 0))
    at_stage = stage(rows)
    at_stage.focus(rows)
    at_stage.press(Key.Key_Down)
    assert rows.currentIndex().row() == 1
    at_stage.press(Key.Key_D)
    assert at_stage.asked == ["next"]
    assert rows.currentIndex().row() == 1


def test_arrows_belong_to_a_button_that_has_the_focus(stage):
    button = QPushButton("Go")
    at_stage = stage(button)
    at_stage.focus(button)
    assert at_stage.press(Key.Key_Left) == []


# Held actions


def test_peek_lasts_from_the_press_to_the_release(stage):
    at_stage = stage()
    QTest.keyPress(at_stage.page, Key.Key_H)
    assert at_stage.asked == [("peek", True)]
    QTest.keyRelease(at_stage.page, Key.Key_H)
    assert at_stage.asked == [("peek", True), ("peek", False)]


def test_peek_outlasts_the_repeats_of_its_key_and_other_keys(stage):
    at_stage = stage()
    QTest.keyPress(at_stage.page, Key.Key_H)
    none = Qt.KeyboardModifier.NoModifier
    repeat = QKeyEvent(QEvent.Type.KeyRelease, Key.Key_H, none, "h", True)
    QApplication.sendEvent(at_stage.page, repeat)
    QTest.keyRelease(at_stage.page, Key.Key_D)
    assert at_stage.asked == [("peek", True)]
    QTest.keyRelease(at_stage.page, Key.Key_H)
    assert at_stage.asked[-1] == ("peek", False)


def test_peek_ends_when_the_window_loses_the_keyboard(stage):
    at_stage = stage()
    QTest.keyPress(at_stage.page, Key.Key_H)
    QApplication.sendEvent(at_stage.window, QEvent(QEvent.Type.WindowDeactivate))
    assert at_stage.asked == [("peek", True), ("peek", False)]
    QTest.keyRelease(at_stage.page, Key.Key_H)
    assert len(at_stage.asked) == 2


def test_peek_can_be_held_again(stage):
    at_stage = stage()
    for _ in range(2):
        QTest.keyPress(at_stage.page, Key.Key_H)
        QTest.keyRelease(at_stage.page, Key.Key_H)
    assert [is_on for _, is_on in at_stage.asked] == [True, False, True, False]


# Handlers and keys that change


def test_an_action_is_enabled_while_it_has_a_handler(qtbot, keymap):
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = ActionSet(window, keymap)
    assert not actions.by_id["fit"].isEnabled()
    actions.set_handlers({"fit": lambda: None})
    assert actions.by_id["fit"].isEnabled()
    actions.clear_handlers(("fit",))
    assert not actions.by_id["fit"].isEnabled()


def test_an_action_that_is_not_in_the_table_is_refused(qtbot, keymap):
    window = QMainWindow()
    qtbot.addWidget(window)
    with pytest.raises(KeyError):
        install(window, {"fly": lambda: None}, keymap)


def test_changed_keys_take_effect_at_once(stage, keymap):
    at_stage = stage()
    keymap.set_keys("next", ["J"])
    at_stage.press(Key.Key_D)
    assert at_stage.press(Key.Key_J) == ["next"]
    assert at_stage.actions["next"].toolTip() == "Next image (J)"


def test_only_actions_that_may_go_on_repeat():
    repeating = {spec.id for spec in ACTIONS if spec.repeats}
    assert {"next", "undo", "nudge_left", "zoom_in"} <= repeating
    assert repeating.isdisjoint({"done", "not_visible", "count_1", "quit", "delete"})
    assert BY_ID["peek"].is_held
