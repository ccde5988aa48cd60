"""The grader's own queue beside the canvas."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from desktop_app.grade.queue_panel import QueuePanel, short
from desktop_app.grade.queue_rows import QueueRows, fitting
from desktop_app.tables.queue import STATE_TEXTS
from engine.domain.grading import Role
from engine.domain.queue import QueueItem, QueueState
from tests.desktop_app.grade.hands import go, press, settle, words, write

MIXED = {0: {"visible": False}, 1: {"visible": False}, 2: {"visible": True, "roi_count": 5}}


@pytest.fixture
def mixed(prepare, open_page):
    """Ada has done three images; the second was sent back."""
    prepare(MIXED, sent_back={1: "again"})
    return open_page()


def names(page):
    model = page.queue.model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def current(page):
    return page.queue.images.currentIndex().data()


def click(page, qtbot, row):
    images = page.queue.images
    spot = images.visualRect(page.queue.model.index(row, 0)).center()
    qtbot.mouseClick(images.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    settle(page)


def test_it_opens_at_the_first_image_that_is_not_done(mixed):
    assert mixed.session.at == 1
    assert current(mixed) == "visit_0/photo_1.png"


def test_it_says_how_many_of_the_graders_own_are_done_and_counts_on(mixed):
    assert mixed.queue.progress == "2 of 6 done"
    press(mixed, "Q", "Ctrl+Return")
    assert mixed.queue.progress == "3 of 6 done"


def test_a_click_opens_an_image(mixed, qtbot):
    click(mixed, qtbot, 4)
    assert mixed.session.at == 4
    assert current(mixed) == "visit_1/photo_4.png"


def test_arrow_keys_walk_the_list_while_it_has_the_focus(mixed):
    mixed.queue.images.setFocus()
    press(mixed, "Down", "Down", "Up")
    assert mixed.session.at == 2
    assert mixed.queue.images.hasFocus()


def test_each_filter_says_its_state_and_its_count(mixed):
    chips = {state: chip.accessibleName() for state, chip in mixed.queue.chips.items()}
    assert chips[QueueState.TO_DO] == "Show what is to do, 3"
    assert chips[QueueState.DONE] == "Show what is done, 2"
    assert chips[QueueState.SENT_BACK] == "Show what is sent back, 1"


def test_a_state_can_be_chosen_and_chosen_away(mixed, qtbot):
    chip = mixed.queue.chips[QueueState.TO_DO]
    go(mixed, 3)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert names(mixed) == [f"visit_1/photo_{k}.png" for k in (3, 4, 5)]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert len(names(mixed)) == 6


def test_only_one_state_is_chosen_at_a_time(mixed, qtbot):
    for state in (QueueState.TO_DO, QueueState.DONE):
        qtbot.mouseClick(mixed.queue.chips[state], Qt.MouseButton.LeftButton)
    assert [s for s, chip in mixed.queue.chips.items() if chip.isChecked()] == [QueueState.DONE]


def test_a_text_finds_images_and_letters_written_there_are_no_actions(mixed):
    mixed.queue.search.setFocus()
    write(mixed, "visit_1")
    assert names(mixed) == ["visit_0/photo_1.png", *(f"visit_1/photo_{k}.png" for k in (3, 4, 5))]
    assert mixed.session.at == 1
    assert mixed.session.grading.visible is False


def test_next_and_previous_stay_within_what_is_listed(mixed, qtbot):
    qtbot.mouseClick(mixed.queue.chips[QueueState.DONE], Qt.MouseButton.LeftButton)
    press(mixed, "D")
    assert mixed.session.at == 2
    press(mixed, "D", "A")
    assert mixed.session.at == 0


def test_what_is_done_stays_listed_until_another_image_is_at_hand(mixed, qtbot):
    go(mixed, 3)
    qtbot.mouseClick(mixed.queue.chips[QueueState.TO_DO], Qt.MouseButton.LeftButton)
    mixed.canvas.setFocus()
    press(mixed, "Q")
    assert "visit_1/photo_3.png" in names(mixed)
    press(mixed, "D")
    assert "visit_1/photo_3.png" not in names(mixed)


def test_a_filter_that_finds_nothing_says_so_and_offers_all_images_again(
    qtbot, theme, open_page, mixed
):
    panel = QueuePanel(theme)
    qtbot.addWidget(panel)
    panel.set_queue(mixed.session.items, mixed.session.name_of)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.search.setText("no such image")
    assert panel.images.isHidden()
    assert panel.clear_button.isVisible()
    qtbot.mouseClick(panel.clear_button, Qt.MouseButton.LeftButton)
    assert panel.images.isVisible()
    assert panel.model.rowCount() == 6


def test_the_image_at_hand_stays_in_view_in_a_long_queue(qtbot, theme):
    panel = QueuePanel(theme)
    qtbot.addWidget(panel)
    items = [
        QueueItem(k, f"{k}.png", Role.ASSIGNED, 9, 9, None, QueueState.TO_DO) for k in range(5000)
    ]
    panel.resize(240, 400)
    panel.set_queue(items, lambda item: item.image)
    with qtbot.waitExposed(panel):
        panel.show()
    for position in (4321, 17, 4999):
        panel.set_at(position)
        row = panel.images.visualRect(panel.images.currentIndex())
        assert panel.images.viewport().rect().contains(row)
        assert panel.images.currentIndex().data() == f"{position}.png"


def test_masked_names_are_numbers_everywhere_on_the_page(prepare, open_page):
    prepare(options={"masks_names": True})
    page = open_page()
    go(page, 4)
    assert current(page) == "Image 5"
    told = words(page.window())
    assert "Image 5" in told
    assert "photo_" not in told
    assert "visit_" not in told


def test_each_state_has_a_shape_of_its_own_even_without_colour(qtbot, theme):
    panel = QueuePanel(theme)
    qtbot.addWidget(panel)
    states = list(QueueState)
    items = [
        QueueItem(k, "same name", Role.ASSIGNED, 9, 9, None, state)
        for k, state in enumerate(states)
    ]
    panel.set_queue(items, lambda item: item.image)
    grey = [_grey(panel, row) for row in range(len(states))]
    assert all(a != b for k, a in enumerate(grey) for b in grey[:k])


def _grey(panel, row):
    """Return a painted row in black and white, as somebody without colours could tell it."""
    from PySide6.QtGui import QPainter

    image = QImage(220, 26, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    option = QStyleOptionViewItem()
    option.initFrom(panel.images)
    option.rect = image.rect()
    option.state = QStyle.StateFlag.State_Enabled
    painter = QPainter(image)
    panel.images.itemDelegate().paint(painter, option, panel.model.index(row, 0))
    painter.end()
    mark = image.copy(12, 0, 20, 26)
    return bytes(mark.convertToFormat(QImage.Format.Format_Mono).constBits())


@pytest.mark.parametrize(
    "shown", ["visits/p014-arm.jpg", "…/p014-arm.jpg", "…p014-arm.jpg", "…-arm.jpg", "…arm.jpg"]
)
def test_of_a_long_name_the_end_is_seen_which_tells_it_from_the_others(qapp, shown):
    metrics = QFontMetrics(QFont())
    assert fitting("visits/p014-arm.jpg", metrics, metrics.horizontalAdvance(shown) + 1) == shown


def test_the_word_of_a_state_gives_way_to_the_name_of_the_file(qtbot, theme):
    rows = QueueRows(theme)
    metrics = QFontMetrics(QFont())
    name, state = "visits/p014-arm.jpg", QueueState.SENT_BACK
    whole = metrics.horizontalAdvance("…p014-arm.jpg") + theme.px("s")
    word = metrics.horizontalAdvance("sent back")
    assert rows.word_beside(name, state, metrics, whole + word) == (
        "sent back",
        whole - theme.px("s"),
    )
    assert rows.word_beside(name, state, metrics, whole + word - 1) == ("", whole + word - 1)
    assert rows.word_beside(name, QueueState.DONE, metrics, 9) == ("", 9)


def test_every_state_has_words_too():
    assert set(STATE_TEXTS) == set(QueueState)


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (126, "126"), (9999, "9999"), (12345, "12k")]
)
def test_a_count_stays_short(count, text):
    assert short(count) == text


def test_tab_leaves_the_list(mixed):
    mixed.queue.images.setFocus()
    QTest.keyClick(mixed.queue.images, Qt.Key.Key_Tab)
    assert not mixed.queue.images.hasFocus()
