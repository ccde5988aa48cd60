"""A store that answers late, or not at all for a while, or to two windows: no outline is lost."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication

from desktop_app.session.conflicts import KEPT_MINE
from desktop_app.session.saving import Saving
from engine.domain.grading import Role
from engine.domain.polygon import ring
from engine.domain.problem import refuse
from engine.domain.queue import Draft
from engine.study.sqlite import open_study
from engine.tasks.executors import SteppingExecutor
from tests.desktop_app.squares import square

HALF = Draft("region", ring([(1, 1), (9, 2), (4, 7)]))


@pytest.fixture
def lanes():
    """Lanes on which nothing runs until a test says so."""
    return SteppingExecutor()


@pytest.fixture
def slow(open_session, lanes, qtbot):
    """A session whose store answers when it is told to, at its first image."""
    session = open_session(executor=lanes)
    run(lanes)
    assert session.sheet is not None
    return session


def run(lanes, *, until=lambda: False):
    """Let the lanes work and the window hear of it until there is nothing left to do."""
    idle = 0
    while idle < 3 and not until():
        QCoreApplication.processEvents()
        idle = 0 if lanes.step() else idle + 1


def stored(file, image="0.png"):
    with open_study(file, read_only=True) as study:
        sheet = study.sheet(image, "Ada", Role.ASSIGNED)
        return [r.gesture for r in study.revisions(image, "Ada")], sheet.draft


@pytest.fixture
def unreadable(file):
    """A study whose sheets and queue cannot be read while `is_out` is set."""

    class Unreadable:
        def __init__(self, study):
            self._study, self.is_out = study, False

        def __getattr__(self, name):
            return getattr(self._study, name)

        def sheet(self, *key):
            return self._unless_out(self._study.sheet, *key)

        def queue(self, grader):
            return self._unless_out(self._study.queue, grader)

        def _unless_out(self, read, *arguments):
            if self.is_out:
                raise refuse("study_unreadable", "here", "The disk does not answer", "Wait")
            return read(*arguments)

    return Unreadable(open_study(file, busy_timeout=0.1))


def test_an_outline_is_stored_behind_the_gestures_that_were_made_beside_it(slow, lanes, file):
    slow.set_draft(HALF)
    slow.answer_count(1)
    slow.answer_count(2)
    slow.answer_count(3)
    run(lanes)
    assert stored(file) == (["answer"] * 3, HALF)


def test_an_outline_on_its_way_to_the_store_is_written_again_behind_a_gesture(slow, lanes, file):
    slow.set_draft(HALF)
    run(lanes, until=lambda: stored(file)[1] is not None)  # of which the window has not heard
    slow.answer_count(1)
    run(lanes)
    assert stored(file) == (["answer"], HALF)


def test_an_outline_that_waits_for_the_store_is_there_when_the_image_is_opened_again(slow, lanes):
    slow.answer_count(1)
    slow.set_draft(HALF)
    slow.next()
    slow.previous()
    assert slow.sheet.draft == HALF
    run(lanes)
    assert slow.sheet.draft == HALF


def test_an_outline_drawn_while_nothing_can_be_stored_is_kept_and_made_up_for(
    open_session, file, qtbot
):
    session = open_session()
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        session.set_draft(HALF)
        session.next()
        qtbot.waitUntil(lambda: session.sheet is not None)
        session.previous()
        qtbot.waitUntil(lambda: session.sheet is not None)
        assert session.sheet.draft == HALF
    session.next()
    qtbot.waitUntil(lambda: stored(file)[1] == HALF)


def test_closing_right_behind_a_gesture_keeps_the_outline_that_is_open(slow, lanes, file):
    slow.set_draft(HALF)
    slow.answer_count(1)
    closed = []
    slow.close(lambda: closed.append(True))
    run(lanes)
    assert closed
    assert stored(file) == (["answer"], HALF)


def write_elsewhere(file, note="other window"):
    with open_study(file) as study:
        sheet = study.sheet("0.png", "Ada", Role.ASSIGNED)
        grading = replace(sheet.history.present, note=note)
        study.append(grading, author="Ada", parent=sheet.parent, gesture="note")


def test_nothing_is_edited_from_a_conflict_on_until_a_person_has_chosen(slow, lanes, file):
    write_elsewhere(file)
    given_up = []
    slow._autosave.conflicted.connect(lambda *_: given_up.append(True))
    slow.answer_count(1)
    run(lanes, until=lambda: given_up)
    assert slow.grading.roi_count == 1
    assert not slow.may_edit
    assert stored(file)[0] == ["note"]
    slow.set_region((square(),), "draw region")
    run(lanes)
    assert not slow.may_edit
    assert stored(file)[0] == ["note", KEPT_MINE]


def test_a_conflict_heard_of_while_the_window_closes_loses_neither_version(slow, lanes, file):
    write_elsewhere(file)
    slow.set_region((square(),), "draw region")
    closed = []
    slow.close(lambda: closed.append(True))
    run(lanes)
    assert closed
    assert stored(file)[0] == ["note", KEPT_MINE]


def test_a_second_conflict_on_top_of_the_first_loses_no_version(slow, lanes, file):
    write_elsewhere(file)
    slow.set_region((square(),), "draw region")
    told = []
    slow.conflict.connect(lambda theirs, mine: told.append((theirs.note, mine.region)))
    run(lanes, until=lambda: told)
    write_elsewhere(file, note="once more")
    run(lanes)
    slow.resolve(keep_mine=False)
    run(lanes)
    assert told == [("other window", (square(),)), ("once more", (square(),))]
    assert slow.grading.note == "once more"
    with open_study(file, read_only=True) as study:
        regions = [r.grading.region for r in study.revisions("0.png", "Ada")]
    assert (square(),) in regions


def test_a_conflict_ends_a_failure_to_store(open_session, file, qtbot):
    session = open_session()
    told, gone = [], []
    session.problem.connect(lambda problem: told.append(problem.code))
    session.problem_gone.connect(gone.append)
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        session.answer_count(1)
        qtbot.waitUntil(lambda: told == ["study_locked"])
    write_elsewhere(file)
    with qtbot.waitSignal(session.conflict):
        session.retry()
    assert gone == ["study_locked"]
    qtbot.waitUntil(lambda: session.saving.saving is Saving.SAVED)


def test_an_image_that_cannot_be_read_is_told_and_read_again_on_demand(
    open_session, unreadable, qtbot
):
    session = open_session(study=unreadable)
    told, gone = [], []
    session.problem.connect(lambda problem: told.append(problem.code))
    session.problem_gone.connect(gone.append)
    unreadable.is_out = True
    session.next()
    qtbot.waitUntil(lambda: told == ["study_unreadable"])
    assert session.sheet is None
    unreadable.is_out = False
    session.retry()
    qtbot.waitUntil(lambda: session.sheet is not None)
    assert (session.sheet.image, gone) == ("1.png", ["study_unreadable"])


def test_a_queue_that_cannot_be_read_is_told_and_read_again_on_demand(
    open_session, unreadable, lanes
):
    unreadable.is_out = True
    session = open_session(executor=lanes, study=unreadable)
    told = []
    session.problem.connect(lambda problem: told.append(problem.code))
    run(lanes)
    assert told == ["study_unreadable"]
    unreadable.is_out = False
    session.retry()
    run(lanes)
    assert session.sheet.image == "0.png"
