"""The progress of a long job: unseen at first, a stop asked for once, gone with the job."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop_app.window.progress import PATIENCE, JobProgress
from engine.tasks.progress import Step

EVER = 10_000_000


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


@pytest.fixture
def begin(theme, window):
    """A function that begins to show a job's progress."""
    begun = []

    def begin(*, patience=0):
        begun.append(JobProgress("Packing for Ada", theme, window, patience=patience))
        return begun[-1]

    yield begin
    for progress in begun:
        if isValid(progress):
            progress.end()


@pytest.fixture
def shown(qtbot, begin):
    progress = begin()
    qtbot.waitUntil(progress.isVisible)
    return progress


@pytest.fixture
def stops(shown):
    """How often a stop was asked for, as a list that grows."""
    stops = []
    shown.stop_wanted.connect(lambda: stops.append(True))
    return stops


def test_a_short_job_is_never_seen(qtbot, begin):
    progress = begin(patience=EVER)
    progress.show_step(Step("pictures", 3, 4))
    assert not progress.isVisible()
    progress.end()
    qtbot.waitUntil(lambda: not isValid(progress))


def test_a_job_that_ends_before_its_patience_does_not_appear_afterwards(qtbot, begin):
    progress, later = begin(), begin()  # both are due at the next turn
    seen = []
    progress.winId()
    progress.windowHandle().visibleChanged.connect(seen.append)
    progress.end()
    qtbot.waitUntil(later.isVisible)
    assert seen == []


def test_a_long_job_is_seen_after_a_while_and_says_how_far_it_is(qtbot, begin):
    progress = begin()
    qtbot.waitUntil(progress.isVisible)
    assert progress.text.text() == "Packing for Ada…"
    assert progress.bar.maximum() == 0  # how much there is to do is not known yet
    progress.show_step(Step("pictures", 1200, 4800))
    assert progress.text.text() == "Packing for Ada: pictures, 1,200 of 4,800"
    assert (progress.bar.value(), progress.bar.maximum()) == (1200, 4800)
    assert progress.windowModality() == Qt.WindowModality.WindowModal


def test_a_job_with_nothing_to_do_shows_no_endless_bar(shown):
    shown.show_step(Step("readings", 0, 0))
    assert shown.bar.maximum() == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda shown: shown.stop.click(),
        lambda shown: QTest.keyClick(shown, Qt.Key.Key_Escape),
        lambda shown: shown.close(),
    ],
    ids=["button", "Esc", "cross"],
)
def test_a_stop_is_asked_for_once_and_the_progress_stays_until_the_job_has_ended(
    qtbot, shown, stops, ask
):
    ask(shown)
    ask(shown)
    assert stops == [True]
    assert shown.isVisible()
    assert not shown.stop.isEnabled()
    shown.show_step(Step("pictures", 2, 4))  # the job hears of it a little later
    assert shown.text.text() == "Stopping…"
    shown.end()
    qtbot.waitUntil(lambda: not isValid(shown))


def test_the_end_takes_the_progress_away_without_asking_for_a_stop(qtbot, shown, stops):
    shown.end()
    assert not shown.isVisible()
    qtbot.waitUntil(lambda: not isValid(shown))
    assert stops == []


def test_enter_does_not_stop_a_job(shown, stops):
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert stops == []


def test_a_person_is_not_left_wondering_for_long():
    assert 0 < PATIENCE <= 1000
