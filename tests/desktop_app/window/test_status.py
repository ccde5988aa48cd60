"""The bottom line says what matters, and does not flicker at every stroke."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.session.saving import Saving, SavingState
from desktop_app.window.status import FAILING, SAVED, SAVING, TRUST, StatusLine


@pytest.fixture
def status(qtbot, theme):
    def status(patience=60_000):
        status = StatusLine(theme, patience=patience)
        qtbot.addWidget(status)
        status.resize(900, 40)
        with qtbot.waitExposed(status):
            status.show()
        return status

    return status


def test_at_first_nothing_is_said_of_a_study(status):
    line = status()
    shown = [w for w in (line.saving, line.zoom, line.grader, line.trust) if w.isVisible()]
    assert shown == []


def test_a_short_write_is_not_mentioned(status):
    line = status()
    line.show_saving(SavingState(Saving.SAVING, 1))
    assert line.saving.text.text() == SAVED
    line.show_saving(SavingState(Saving.SAVED))
    assert line.saving.text.text() == SAVED


def test_a_write_that_takes_long_is_mentioned_until_it_is_done(qtbot, status):
    line = status(patience=0)
    line.show_saving(SavingState(Saving.SAVING, 1))
    qtbot.waitUntil(lambda: line.saving.text.text() == SAVING)
    assert line.saving.accessibleName() == SAVING
    line.show_saving(SavingState(Saving.SAVED))
    assert line.saving.text.text() == SAVED


def test_a_failed_write_is_said_at_once_and_until_one_succeeds(status):
    line = status()
    line.show_saving(SavingState(Saving.FAILING, 3))
    assert line.saving.text.text() == FAILING
    line.show_saving(SavingState(Saving.SAVING, 3))
    assert line.saving.text.text() == FAILING
    line.show_saving(SavingState(Saving.SAVED))
    assert line.saving.text.text() == SAVED


def test_nothing_moves_when_the_words_change(qapp, status):
    line = status()
    line.show_zoom(1.0)
    line.show_saving(SavingState(Saving.SAVED))
    qapp.processEvents()
    before = line.zoom.mapTo(line, line.zoom.rect().topLeft()).x()
    line.show_saving(SavingState(Saving.FAILING, 1))
    qapp.processEvents()
    assert line.zoom.mapTo(line, line.zoom.rect().topLeft()).x() == before


def test_the_zoom_is_told_in_percent_while_there_is_a_picture(status):
    line = status()
    line.show_zoom(0.3333)
    assert line.zoom.text() == "33 %"
    assert line.zoom.accessibleName() == "Zoom 33 %"
    line.show_zoom(None)
    assert not line.zoom.isVisible()


def test_the_grader_is_named_and_can_be_clicked(qtbot, status):
    line = status()
    line.show_grader("Anna Weber")
    assert line.grader.accessibleName() == "Grader Anna Weber"
    with qtbot.waitSignal(line.grader_clicked):
        qtbot.mouseClick(line.grader, Qt.MouseButton.LeftButton)
    line.show_grader("")
    assert not line.grader.isVisible()


def test_a_shared_study_calls_itself_trust_mode(status):
    line = status()
    line.show_trust(True)
    assert line.trust.text() == "Trust mode"
    assert line.trust.toolTip() == TRUST
    assert line.trust.accessibleName() == TRUST
    line.show_trust(False)
    assert not line.trust.isVisible()


def test_a_long_hint_gives_way_and_is_whole_as_a_tip(qapp, status):
    line = status()
    text = "Click to place a point, " * 20
    line.hint.show_text(text)
    qapp.processEvents()
    assert line.hint.text().endswith("…")
    assert line.hint.toolTip() == text
    assert line.hint.width() < line.width()


def test_the_end_of_a_study_takes_everything_off(status):
    line = status()
    line.show_grader("Anna")
    line.show_trust(True)
    line.hint.show_text("hint")
    line.clear()
    assert line.hint.text() == ""
    parts: list[QWidget] = [line.grader, line.trust, line.saving, line.zoom]
    assert not any(part.isVisible() for part in parts)
