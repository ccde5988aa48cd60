"""A copy is edited with the keys of drawing, and those of reviewing do nothing meanwhile."""

import pytest

from engine.domain.grading import Adopted
from engine.study.sqlite import open_study
from tests.desktop_app.review.hands import click, press, settle
from tests.desktop_app.reviewed import APART, EMPTY, LEAD, NEAR, actions


@pytest.fixture
def editing(page):
    """The page while a copy of the majority of the second image is edited."""
    press(page, "J", "E")
    assert page.session.copy is not None
    return page


def test_the_copy_is_the_region_that_counts(editing):
    assert editing.session.copy.region == editing.canvas.region != ()
    assert editing.canvas._scene().may_edit


def test_the_keys_of_reviewing_do_nothing_while_a_copy_is_edited(editing, file):
    before = actions(file)
    press(editing, "1", "2", "M", "W", "J", "K", "O", "Shift+X", "5")
    assert not editing.bench.ask.is_open
    assert editing.session.copy is not None
    assert editing.session.at_hand.path == NEAR
    assert actions(file) == before


def test_a_drawn_region_is_kept_with_a_reason_and_undo_takes_it_back(editing):
    before = editing.session.copy.region
    press(editing, "P")
    click(editing, (2, 2), (8, 2), (8, 8), (2, 8))
    press(editing, "Return")
    drawn = editing.session.copy.region
    assert len(drawn) == len(before) + 1
    press(editing, "Ctrl+Return", "Return")
    assert editing.session.copy is None
    found = editing.session.study.adjudication(NEAR)
    assert (found.adopted, found.region, found.author) == (Adopted.EDITED, drawn, LEAD)
    assert editing.session.review.row.adjudicated == "edited"
    press(editing, "Ctrl+Z")
    assert editing.session.study.adjudication(NEAR) is None


def test_undo_and_redo_walk_the_steps_of_the_copy_alone(editing, file):
    written = actions(file)
    before = editing.session.copy.region
    editing.canvas.select(0)
    press(editing, "Delete")
    assert editing.session.copy.region == ()
    press(editing, "Ctrl+Z")
    assert editing.session.copy.region == before == editing.canvas.region
    press(editing, "Ctrl+Shift+Z")
    assert editing.canvas.region == ()
    assert actions(file) == written


def test_undo_while_an_outline_is_drawn_takes_back_its_last_vertex(editing):
    before = editing.session.copy.region
    press(editing, "P")
    click(editing, (2, 2), (8, 2))
    press(editing, "Ctrl+Z", "Ctrl+Z")
    assert not editing.canvas.is_drawing
    assert editing.session.copy.region == before


def test_an_open_outline_is_neither_kept_nor_lost_by_ctrl_enter(editing):
    press(editing, "P")
    click(editing, (2, 2), (8, 2))
    press(editing, "Ctrl+Return")
    assert not editing.bench.ask.is_open
    assert editing.canvas.is_drawing


def test_esc_gives_an_unchanged_copy_up_at_once(editing):
    press(editing, "Esc")
    assert editing.session.copy is None
    assert editing.canvas.region == ()
    assert not editing.canvas._scene().may_edit


def test_esc_asks_before_a_changed_copy_is_given_up(editing):
    editing.canvas.select(0)
    press(editing, "Delete", "Esc")
    assert editing.bench.question.is_open
    press(editing, "Esc")
    assert editing.session.copy is not None
    press(editing, "Esc", "Return")
    assert editing.session.copy is None
    assert editing.session.study.adjudication(NEAR) is None


def test_a_copy_that_is_refused_is_still_there_and_can_be_kept_after_another_look(editing, file):
    with open_study(file) as other:
        grader = editing.session.review.voters[0].grader
        other.send_back(NEAR, grader, reason="again", author="Liv")
    editing.canvas.select(0)
    press(editing, "Delete")
    drawn = editing.session.copy.region
    press(editing, "Ctrl+Return", "Return")
    assert [problem.code for problem in editing.problems] == ["changed_meanwhile"]
    assert editing.session.copy.region == drawn
    press(editing, "Ctrl+Return", "Return")
    assert editing.session.study.adjudication(NEAR).region == drawn


def test_an_adjudicated_region_is_what_a_later_copy_begins_with(page):
    press(page, "1", "Return", "E")
    assert page.session.copy.region == page.session.study.adjudication(APART).region


def test_without_a_consensus_the_copy_is_empty_and_drawing_begins(page):
    page.tables.images.set_current(page.session.measures.numbers[EMPTY])
    settle(page)
    press(page, "E")
    assert page.session.copy.region == ()
    click(page, (2, 2), (8, 2), (8, 8))
    press(page, "Return")
    assert len(page.session.copy.region) == 1


def test_the_graders_outlines_step_back_and_overlays_go_while_a_copy_is_edited(editing):
    assert editing.overlays.outlines.opacity() < 1
    assert {raster.opacity() for raster in editing.overlays.rasters.values()} == {0.0}
    press(editing, "Esc")
    assert editing.overlays.outlines.opacity() == 1
    assert editing.overlays.rasters["show_majority"].opacity() == 1


def test_the_tables_cannot_be_left_for_another_image_meanwhile(editing):
    editing.session.open(editing.session.measures.numbers[APART])
    settle(editing)
    assert editing.session.at_hand.path == NEAR
    assert not editing.tables.isEnabled()
