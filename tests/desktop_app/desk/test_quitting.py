"""The window closed, also while changes wait, and what is let go with a study."""

import gc
import weakref

import pytest
from PySide6.QtWidgets import QDialog, QMessageBox

from engine.domain.problem import refuse
from engine.study.sqlite import open_study
from engine.tasks.executors import Lane
from tests.desktop_app.desk.desks import (
    HeldLane,
    answering,
    at_desk,
    is_free,
    press,
    readings,
)
from tests.desktop_app.squares import square

CANCEL = QMessageBox.StandardButton.Cancel
DISCARD = QMessageBox.StandardButton.Discard


def test_quitting_while_changes_are_being_saved_loses_none(person, file):
    person.open(file, grader="ada")
    session = person.session
    for at in range(20):
        session.set_region((square(1 + at / 2),), "move region")
    assert not session.is_all_stored
    person.do("quit")
    assert person.window.isVisible()
    person.wait(lambda: not person.window.isVisible())
    assert is_free(file)
    with open_study(file, read_only=True) as study:
        regions = [r.grading.region for r in study.revisions("p/00.png", "ada")]
    assert regions == [(square(1 + at / 2),) for at in range(20)]


def test_a_second_press_of_close_while_closing_changes_nothing(person, file):
    person.open(file, grader="ada")
    person.draw(square(3))
    for _ in range(3):
        person.window.close()
        assert person.window.isVisible()
    person.wait(lambda: not person.window.isVisible())
    assert is_free(file)
    assert readings(file)["p/00.png"].region == (square(3),)
    assert person.bugs == []


def test_a_window_without_a_study_closes_at_once(person):
    person.window.close()
    assert not person.window.isVisible()


def failing(study):
    """Have a study refuse every gesture; return what lets it take them again."""

    def refused(*_args, **_kwargs):
        raise refuse("disk_full", "study", "There is no room left", "Make room")

    study.append = refused
    return lambda: delattr(study, "append")


@pytest.fixture
def stuck(person, file):
    """A person whose two changes cannot be stored."""
    person.open(file, grader="ada")
    person.mend = failing(person.session.study)
    person.draw(square(3))
    person.draw(square(20))
    person.wait(lambda: person.session.saving.saving == "failing")
    yield person
    if person.session is not None:
        person.mend()
        person.session.retry()
        person.wait_until_stored()


def test_quitting_while_the_store_refuses_asks_and_cancel_keeps_window_and_changes(stuck, file):
    person = stuck
    with answering(QMessageBox, press(CANCEL)) as asked:
        person.window.close()
    assert len(asked) == 1
    assert "2 changes" in asked[0]
    assert person.window.isVisible()
    assert person.desk.page.isEnabled()
    assert len(person.session.grading.region) == 2
    assert person.banners == ("disk_full",)
    person.draw(square(12))
    person.mend()
    person.press("disk_full", "Try again now")
    person.wait_until_stored()
    assert person.banners == ()
    person.do("quit")
    person.wait(lambda: not person.window.isVisible())
    assert len(readings(file)["p/00.png"].region) == 3


def test_quitting_right_behind_a_change_that_turns_out_not_to_be_storable_asks_too(person, file):
    person.open(file, grader="ada")
    mend = failing(person.session.study)
    person.draw(square(3))
    assert person.session.saving.saving == "saving"
    with answering(QMessageBox, press(CANCEL)) as asked:
        person.window.close()
        person.wait(lambda: asked)
    assert person.window.isVisible()
    mend()
    person.session.retry()
    person.wait_until_stored()
    assert readings(file)["p/00.png"].region == (square(3),)


def test_quitting_while_the_store_refuses_closes_without_the_changes_where_one_says_so(stuck, file):
    with answering(QMessageBox, press(DISCARD)) as asked:
        stuck.window.close()
        stuck.wait(lambda: not stuck.window.isVisible())
    assert len(asked) == 1
    assert is_free(file)
    assert readings(file) == {}


def test_another_study_is_not_opened_over_changes_that_cannot_be_stored(stuck, other):
    session = stuck.session
    with answering(QMessageBox, press(CANCEL)) as asked:
        stuck.desk.open(other)
    assert len(asked) == 1
    stuck.wait(stuck.desk.page.isEnabled)
    assert stuck.session is session
    assert len(session.grading.region) == 2


# What is let go


def photographs_alive(alive):
    return [ref for ref in alive if ref() is not None]


def test_nothing_of_a_study_that_was_put_away_stays_in_memory(person, file):
    person.open(file, grader="ada")
    kept = person.session._pictures._kept
    person.wait(lambda: len(kept) == 2)  # the one at hand, and its neighbour
    things = [person.desk.page, person.desk.page.canvas, person.session]
    things += [pyramid.levels[0] for pyramid in kept.values()]
    alive = [weakref.ref(thing) for thing in things]
    person.draw(square(3))
    del things
    person.do("close")
    person.wait_for_first_page()
    person.wait(lambda: gc.collect() >= 0 and not photographs_alive(alive))
    assert gc.get_freeze_count() == 0


@pytest.mark.parametrize("action", ["people", "assign", "audit_log", None])
def test_the_theme_changes_after_a_study_whose_pages_were_looked_at_is_closed(person, file, action):
    person.open(file, grader="ada")
    for page in ("page_explain", "page_review"):
        person.do(page)
        person.rest()
    if action is not None:
        person.do(action)
        person.rest()
        person.wait_for_dialog(QDialog).reject()
    alive = [weakref.ref(page) for page in person.window.pages.open_pages]
    assert len(alive) == 3
    person.do("close")
    person.wait_for_first_page()
    person.theme.set_scale(150)
    person.theme.set_scale(100)
    person.wait(lambda: gc.collect() >= 0 and not photographs_alive(alive))


def test_a_study_closed_before_the_geometry_is_loaded_is_let_go_too(qtbot, tmp_path, file):
    lanes = HeldLane(Lane.CPU)
    with at_desk(qtbot, tmp_path, lanes=lanes) as person:
        person.open_now(file, "ada")
        alive = [weakref.ref(person.desk.page), weakref.ref(person.session)]
        person.do("close")
        person.wait(lambda: person.is_at_first_page)
        while lanes.waiting.step():
            pass
        person.rest()
        assert gc.get_freeze_count() == 0
        person.wait(lambda: gc.collect() >= 0 and not photographs_alive(alive))
