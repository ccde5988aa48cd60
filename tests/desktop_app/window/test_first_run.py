"""The first page: three ways to begin, and the studies of before with the missing ones marked."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop_app.window.first_run import FirstRun
from desktop_app.window.recent import RecentModel, RecentStudy, look_up
from desktop_app.window.settings import ThemeChoice

HERE = RecentStudy(Path("/studies/melanoma/melanoma.concord"))
GONE = RecentStudy(Path("/usb/packet.concord"), is_missing=True)


@pytest.fixture
def page(qtbot, theme):
    page = FirstRun(theme)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    with qtbot.waitExposed(page):
        page.show()
    return page


def click_row(qtbot, page, row):
    where = page.recent.visualRect(page.recent.model().index(row, 0)).center()
    qtbot.mouseClick(page.recent.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_each_card_says_what_a_person_wants(qtbot, page):
    with qtbot.waitSignal(page.demo_wanted):
        qtbot.mouseClick(page.demo, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.new_wanted):
        qtbot.keyClick(page.new, Qt.Key.Key_Space)
    with qtbot.waitSignal(page.open_wanted) as wanted:
        qtbot.mouseClick(page.open, Qt.MouseButton.LeftButton)
    assert wanted.args == [None]


def test_a_click_on_the_words_of_a_card_is_a_click_on_the_card(qtbot, page):
    with qtbot.waitSignal(page.demo_wanted):
        qtbot.mouseClick(page.demo, Qt.MouseButton.LeftButton, pos=page.demo.rect().center())
    assert page.childAt(page.demo.mapTo(page, page.demo.rect().center())) is page.demo


def test_the_recent_studies_are_not_mentioned_where_there_are_none(page):
    assert not page.recent.isVisible()
    page.show_recent([HERE])
    assert page.recent.isVisible()


def test_a_recent_study_is_opened_by_click_or_enter(qtbot, page):
    page.show_recent([HERE, GONE])
    with qtbot.waitSignal(page.open_wanted) as clicked:
        click_row(qtbot, page, 1)
    assert clicked.args == [GONE.path]
    page.recent.setCurrentIndex(page.recent.model().index(0, 0))
    with qtbot.waitSignal(page.open_wanted) as entered:
        qtbot.keyClick(page.recent, Qt.Key.Key_Return)
    assert entered.args == [HERE.path]


def test_a_study_is_taken_off_the_list_by_delete_or_its_menu(qtbot, page):
    page.show_recent([HERE, GONE])
    with qtbot.waitSignal(page.forgotten) as deleted:
        qtbot.keyClick(page.recent, Qt.Key.Key_Delete)
    assert deleted.args == [HERE.path]
    menu = page.recent.menu_at(page.recent.model().index(1, 0))
    remove = next(action for action in menu.actions() if "Remove" in action.text())
    with qtbot.waitSignal(page.forgotten) as chosen:
        remove.trigger()
    assert chosen.args == [GONE.path]


def test_a_missing_study_is_marked_in_words(qapp, theme, page):
    theme.choose(ThemeChoice.LIGHT)
    page.show_recent([HERE, GONE])
    spoken = [
        page.recent.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(2)
    ]
    assert spoken[0] == f"melanoma, in {HERE.path.parent}"
    assert spoken[1].endswith(", missing")
    qapp.processEvents()
    assert not marks(page, 0)
    assert marks(page, 1)


def marks(page, row):
    """Tell whether something is drawn on the right of a row."""
    rect = page.recent.visualRect(page.recent.model().index(row, 0))
    image = page.recent.viewport().grab(rect).toImage()
    ground = image.pixelColor(image.width() // 2, 2)
    across = range(image.width() - 90, image.width() - 20)
    return any(image.pixelColor(x, image.height() // 2) != ground for x in across)


def test_the_disk_is_asked_which_studies_are_still_there(tmp_path):
    there = tmp_path / "a.concord"
    there.touch()
    found = look_up([there, tmp_path / "gone.concord", tmp_path])
    assert [study.is_missing for study in found] == [False, True, True]


def test_the_model_keeps_the_rules_of_models(qtbot):
    model = RecentModel()
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    QAbstractItemModelTester(model, fatal, model)
    model.show([HERE, GONE])
    model.show([])
    assert model.rowCount() == 0


@pytest.mark.parametrize(("scale", "width"), [(100, 900), (200, 1200), (200, 700)])
def test_all_words_of_the_cards_fit_at_every_scale(qapp, theme, page, scale, width):
    theme.set_scale(scale)
    page.resize(width, 700)
    qapp.processEvents()
    cards = (page.demo, page.new, page.open)
    assert len({card.height() for card in cards}) == 1
    for card in cards:
        assert card.height() >= card.heightForWidth(card.width())
        right = card.mapTo(page.viewport(), card.rect().topRight()).x()
        assert right <= page.viewport().width()
