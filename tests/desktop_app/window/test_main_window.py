"""The frame: menus, pages, files dropped on it, its title, and when it may close."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton

from desktop_app.window.about import About
from desktop_app.window.action_table import ACTIONS, Place
from desktop_app.window.drop import Dropped, DropSign, dropped
from desktop_app.window.main_window import MainWindow
from desktop_app.window.new_study_dialog import NewStudyDialog
from desktop_app.window.pickers import Pickers
from desktop_app.window.preferences import Preferences
from desktop_app.window.recent import RecentStudy
from desktop_app.window.shortcuts import ShortcutSheet
from engine.domain.problem import Problem


@pytest.fixture
def window(qtbot, theme, settings, keymap):
    def window(**kwargs):
        window = MainWindow(theme, settings, keymap, **kwargs)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return window


def in_menus(menu_bar):
    """Return the titles of menus and the ids of actions in them, as they are shown."""

    def inside(menu):
        for action in menu.actions():
            if action.menu():
                yield from inside(action.menu())
            elif not action.isSeparator():
                yield action.objectName()

    return {action.text(): list(inside(action.menu())) for action in menu_bar.actions()}


# Menus


GRADING_MENUS = ["&File", "&Edit", "&Grade", "&Draw", "&View", "&Help"]


def shown_menus(window):
    return [a.text() for a in window.menuBar().actions() if a.isVisible()]


@pytest.mark.parametrize("place", Place)
def test_the_menus_of_a_page_hold_every_action_once_but_what_is_held(window, place):
    shown = window()
    shown.show_page(QLabel("page"), "melanoma", place=place)
    menus = {
        text: ids for text, ids in in_menus(shown.menuBar()).items() if text in shown_menus(shown)
    }
    here = [spec.id for spec in ACTIONS if place in spec.places and not spec.is_held]
    ids = [action_id for ids in menus.values() for action_id in ids if action_id]
    assert len(ids) == len(set(ids))
    assert set(here) <= set(ids)


def test_each_page_has_menus_of_its_own(window):
    shown = window()
    assert shown_menus(shown) == GRADING_MENUS
    shown.show_page(QLabel("page"), "melanoma", place=Place.REVIEW)
    assert shown_menus(shown) == ["&File", "&Edit", "&Draw", "&Study", "&Review", "&View", "&Help"]
    shown.show_page(QLabel("page"), "melanoma", place=Place.EXPLAIN)
    assert shown_menus(shown) == ["&File", "&Edit", "E&xplain", "&View", "&Help"]
    shown.show_first_run()
    assert shown_menus(shown) == GRADING_MENUS


def test_only_what_can_be_done_without_a_study_is_enabled_at_first(window):
    by_id = window().action_set.by_id
    enabled = {action_id for action_id, action in by_id.items() if action.isEnabled()}
    assert enabled == {"new", "open", "quit", "preferences", "shortcuts", "about"}


def test_a_page_brings_its_actions_and_takes_them_with_it(window):
    asked = []
    shown = window()
    shown.show_page(QLabel("page"), "melanoma", handlers={"done": lambda: asked.append("done")})
    by_id = shown.action_set.by_id
    by_id["done"].trigger()
    assert asked == ["done"]
    assert by_id["close"].isEnabled()
    shown.show_first_run()
    assert not by_id["done"].isEnabled()
    assert not by_id["close"].isEnabled()
    assert by_id["open"].isEnabled()


def test_a_page_may_do_more_with_an_action_of_the_window_without_taking_it_away(window):
    shown = window()
    shown.show_page(QLabel("page"), "melanoma", handlers={})
    shown.show_first_run()
    assert shown.action_set.by_id["quit"].isEnabled()


def test_the_undo_menu_says_what_would_be_undone(window):
    shown = window()
    shown.show_undo("draw region", "")
    texts = {i: shown.action_set.by_id[i].text() for i in ("undo", "redo")}
    assert texts == {"undo": "Undo draw region", "redo": "Redo"}


@pytest.mark.parametrize(
    ("action_id", "dialog"),
    [
        ("preferences", Preferences),
        ("shortcuts", ShortcutSheet),
        ("about", About),
        ("new", NewStudyDialog),
    ],
)
def test_an_action_opens_its_dialog(qapp, window, action_id, dialog):
    shown = window()
    shown.action_set.by_id[action_id].trigger()
    opened = shown.findChild(dialog)
    assert opened.isVisible()
    opened.close()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert shown.findChild(QDialog) is None


def test_f1_opens_the_sheet_of_keys_and_preferences_lead_there_too(qtbot, window):
    shown = window()
    qtbot.keyClick(shown, Qt.Key.Key_F1)
    sheet = shown.findChild(ShortcutSheet)
    assert sheet is not None
    sheet.close()
    shown.show_preferences()
    preferences = shown.findChild(Preferences)
    preferences.shortcuts.click()
    assert any(s.isVisible() for s in shown.findChildren(ShortcutSheet))
    for dialog in shown.findChildren(QDialog):
        dialog.close()


# Pages and title


def test_the_title_names_the_study_and_marks_a_synthetic_one(window):
    shown = window()
    assert shown.windowTitle() == "DermConcord"
    shown.show_page(QLabel("page"), "melanoma")
    assert shown.windowTitle() == "melanoma — DermConcord"
    shown.show_page(QLabel("page"), "demo", is_synthetic=True)
    assert shown.windowTitle() == "demo [SYNTHETIC] — DermConcord"
    shown.show_first_run()
    assert shown.windowTitle() == "DermConcord"


def test_one_page_is_shown_at_a_time_and_the_one_before_is_gone(qapp, window):
    shown = window()
    assert shown.first_run.isVisible()
    first, second = QLabel("first"), QLabel("second")
    gone = []
    first.destroyed.connect(lambda: gone.append("first"))
    shown.show_page(first, "one")
    assert first.isVisible()
    assert not shown.first_run.isVisible()
    assert shown.status.isVisible()
    shown.show_page(second, "two")
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert gone == ["first"]
    assert shown.page is second
    shown.show_first_run()
    assert shown.page is None
    assert not shown.status.isVisible()


def test_problems_stand_above_the_page(qapp, window):
    shown = window()
    page = QLabel("page")
    shown.show_page(page, "melanoma")
    shown.banners.tell(Problem("x", "a.jpg", "it cannot be read", "Ask for it again"))
    qapp.processEvents()
    assert shown.banners.isVisible()
    bottom = shown.banners.mapToGlobal(QPoint(0, shown.banners.height())).y()
    assert bottom <= page.mapToGlobal(QPoint(0, 0)).y()


def test_the_name_of_the_grader_leads_to_another_grader(qtbot, window):
    asked = []
    shown = window()
    shown.show_page(QLabel("page"), "melanoma", handlers={"who": lambda: asked.append("who")})
    shown.status.show_grader("Anna")
    qtbot.mouseClick(shown.status.grader, Qt.MouseButton.LeftButton)
    assert asked == ["who"]


# What a person asks for


def test_a_study_is_chosen_with_the_systems_dialog(qtbot, window):
    path = Path("/studies/melanoma.concord")
    shown = window(pickers=Pickers(study=lambda *_: path))
    with qtbot.waitSignal(shown.open_wanted) as wanted:
        qtbot.mouseClick(shown.first_run.open, Qt.MouseButton.LeftButton)
    assert wanted.args == [path]


def test_nothing_is_opened_where_the_systems_dialog_was_given_up(qtbot, window):
    shown = window(pickers=Pickers(study=lambda *_: None))
    with qtbot.assertNotEmitted(shown.open_wanted):
        shown.action_set.by_id["open"].trigger()


def test_the_demo_and_the_end_of_a_study_are_asked_for(qtbot, window):
    shown = window()
    with qtbot.waitSignal(shown.demo_wanted):
        qtbot.mouseClick(shown.first_run.demo, Qt.MouseButton.LeftButton)
    shown.show_page(QLabel("page"), "demo")
    with qtbot.waitSignal(shown.close_wanted):
        shown.action_set.by_id["close"].trigger()


def test_a_new_study_is_passed_on_and_the_name_is_kept(qtbot, window, tmp_path, settings):
    shown = window()
    shown.ask_new(tmp_path)
    dialog = shown.findChild(NewStudyDialog)
    dialog.name.line.setText("Anna Weber")
    with qtbot.waitSignal(shown.new_wanted) as wanted:
        dialog.make.click()
    assert wanted.args[0].sources == (tmp_path,)
    assert settings.name == "Anna Weber"


def test_recent_studies_are_in_the_menu_and_missing_ones_cannot_be_chosen(qtbot, window, settings):
    settings.remember_recent(Path("/studies/a & b.concord"))
    shown = window()
    assert [a.text() for a in recent_actions(shown)] == ["a && b"]
    here, gone = Path("/studies/here.concord"), Path("/studies/gone.concord")
    shown.show_recent([RecentStudy(here), RecentStudy(gone, is_missing=True)])
    first, second = recent_actions(shown)
    assert not second.isEnabled()
    with qtbot.waitSignal(shown.open_wanted) as wanted:
        first.trigger()
    assert wanted.args == [here]


def recent_actions(window):
    file_menu = window.menuBar().actions()[0].menu()
    menus = [action.menu() for action in file_menu.actions() if action.menu()]
    [recent] = [menu for menu in menus if menu.title() == "Open recent"]
    return recent.actions()


def test_a_study_taken_off_the_first_page_is_forgotten(qtbot, window, settings):
    for name in "ab":
        settings.remember_recent(Path(f"/studies/{name}.concord"))
    shown = window()
    with qtbot.waitSignal(shown.forgotten):
        qtbot.keyClick(shown.first_run.recent, Qt.Key.Key_Delete)
    assert settings.recent == (Path("/studies/a.concord"),)
    assert [a.text() for a in recent_actions(shown)] == ["a"]


# Drag and drop


def dragged(*paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def enter(window, data):
    event = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, LEFT, NONE)
    event.ignore()
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def let_go(window, data):
    QApplication.sendEvent(
        window, QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, LEFT, NONE)
    )


LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def test_a_dropped_study_is_opened(qtbot, window, tmp_path):
    shown = window()
    data = dragged(tmp_path / "melanoma.concord")
    sign = shown.findChild(DropSign)
    assert enter(shown, data)
    assert sign.isVisible()
    assert sign.findChildren(QLabel)[1].text() == "Open melanoma.concord"
    with qtbot.waitSignal(shown.open_wanted) as wanted:
        let_go(shown, data)
    assert wanted.args == [tmp_path / "melanoma.concord"]
    assert not sign.isVisible()


def test_a_dropped_folder_begins_a_new_study(window, tmp_path):
    shown = window()
    data = dragged(tmp_path)
    assert enter(shown, data)
    let_go(shown, data)
    dialog = shown.findChild(NewStudyDialog)
    assert dialog.source.text == str(tmp_path)
    dialog.close()


def test_the_sign_goes_where_nothing_is_dropped(window, tmp_path):
    shown = window()
    assert enter(shown, dragged(tmp_path))
    QApplication.sendEvent(shown, QDragLeaveEvent())
    assert not shown.findChild(DropSign).isVisible()


@pytest.mark.parametrize("names", [["notes.txt"], ["a.concord", "b.concord"], []])
def test_what_cannot_be_used_is_not_accepted(window, tmp_path, names):
    shown = window()
    assert not enter(shown, dragged(*(tmp_path / name for name in names)))
    assert not shown.findChild(DropSign).isVisible()


def test_a_table_begins_a_new_study_and_a_web_address_is_nothing(qapp, tmp_path):
    table = tmp_path / "List.CSV"
    table.touch()
    assert dropped(dragged(table)) == Dropped(table, is_study=False)
    web = QMimeData()
    web.setUrls([QUrl("https://example.org/a.concord")])
    assert dropped(web) is None


# Closing


def test_a_window_without_a_study_closes_and_remembers_where_it_was(
    qtbot, window, settings, theme, keymap
):
    shown = window()
    shown.resize(723, 541)
    assert shown.close()
    again = MainWindow(theme, settings, keymap)
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (723, 541)


def test_closing_waits_until_what_is_open_allows_it(window):
    shown = window()
    waiting = []
    shown.before_closing = waiting.append
    assert not shown.close()
    assert shown.isVisible()
    [may_close] = waiting
    may_close()
    assert not shown.isVisible()


def test_closing_at_once_is_allowed_from_inside_the_question(window):
    shown = window()
    shown.before_closing = lambda may_close: may_close()
    shown.close()
    assert not shown.isVisible()


def test_a_window_that_may_not_close_stays_and_asks_again(window):
    shown = window()
    asked = []
    shown.before_closing = lambda _: asked.append("asked")
    shown.action_set.by_id["quit"].trigger()
    shown.close()
    assert asked == ["asked", "asked"]
    assert shown.isVisible()
    shown.before_closing = None


# Sizes


@pytest.mark.parametrize("scale", [100, 150, 200])
def test_no_word_of_the_bottom_line_or_the_menus_is_cut_off(qapp, window, theme, scale):
    shown = window()
    shown.resize(1400, 800)
    shown.show_page(QLabel("page"), "melanoma")
    shown.status.show_grader("Anna Weber")
    shown.status.show_trust(True)
    shown.status.show_zoom(1.25)
    theme.set_scale(scale)
    qapp.processEvents()
    line = shown.status
    for part in (line.zoom, line.trust, line.grader):
        assert part.width() >= part.sizeHint().width()
        assert part.height() >= part.sizeHint().height()
    assert shown.menuBar().height() >= shown.menuBar().fontMetrics().height()


def test_a_remedy_in_a_banner_is_large_enough_for_its_words_at_200_percent(qapp, window, theme):
    from desktop_app.window.banner import Remedy

    shown = window()
    theme.set_scale(200)
    problem = Problem("x", "a.jpg", "it cannot be read", "Ask for it again")
    shown.banners.tell(problem, Remedy("Try again now", lambda: None))
    qapp.processEvents()
    [retry] = [b for b in shown.banners.findChildren(QPushButton) if b.text() == "Try again now"]
    assert retry.width() >= retry.sizeHint().width()
