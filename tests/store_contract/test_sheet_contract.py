"""The sheet: one image before one grader, with all that can be undone."""

from dataclasses import replace

import numpy as np
import pytest

from engine.domain.grading import Grading, Origin, Role, Status
from engine.domain.history import REDO, UNDO, History
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.domain.problem import Refusal
from engine.domain.queue import Draft, Sheet, blank_grading

KEY = ("a.png", "ada", Role.ASSIGNED)
BLANK = blank_grading(*KEY)
SQUARE = Polygon(ring([[0, 0], [4, 0], [4, 4], [0, 4]]))
HOLED = Polygon(SQUARE.exterior, (ring([[1, 1], [2, 1], [2, 2]]),))
ONE = replace(BLANK, visible=True, roi_count=1, region=(SQUARE,))
TWO = replace(BLANK, visible=True, roi_count=2, region=(SQUARE, HOLED))


@pytest.fixture
def study(study):
    study.add_images([Image("a.png", 10, 10), Image("b.png", 10, 10)], author="lead")
    study.assign(*KEY, author="lead")
    return study


def do(study, *steps, parent=None):
    """Append a revision for each gesture and the grading after it."""
    for gesture, grading in steps:
        parent = study.append(grading, author="ada", parent=parent, gesture=gesture).number
    return parent


def test_an_untouched_image_is_a_blank_sheet(study):
    assert study.sheet("a.png", "ada") == Sheet(*KEY, History((BLANK,)))


@pytest.mark.parametrize(
    ("image", "grader", "role"),
    [
        ("b.png", "ada", Role.ASSIGNED),
        ("nowhere.png", "ada", Role.ASSIGNED),
        ("a.png", "bo", Role.ASSIGNED),
        ("a.png", "ada", Role.REPEAT),
    ],
)
def test_an_image_that_the_grader_was_not_asked_to_read_has_no_sheet(study, image, grader, role):
    with pytest.raises(Refusal, match="not asked to read") as refused:
        study.sheet(image, grader, role)
    assert refused.value.problem.code == "unknown_task"
    assert refused.value.problem.where == f"{image}, {grader}"


def test_a_revision_keeps_the_gesture_that_made_it(study):
    revision = study.append(ONE, author="ada", parent=None, gesture="draw region")
    assert revision.gesture == "draw region"
    study.append(ONE, author="lead", parent=1)
    assert [r.gesture for r in study.revisions("a.png", "ada")] == ["draw region", ""]
    assert study.revisions("a.png", "ada")[0] == revision


def test_every_gesture_can_be_undone_after_the_sheet_was_opened_again(study):
    last = do(study, ("draw region", ONE), ("subtract hole", TWO), (UNDO, ONE))
    sheet = study.sheet("a.png", "ada")
    assert sheet.parent == last == 3
    assert sheet.history == History((BLANK, ONE, TWO), ("draw region", "subtract hole"), 1)
    assert sheet.history.undone().present == BLANK
    assert sheet.history.redone().present == TWO


def test_what_was_undone_before_another_gesture_is_gone_but_its_revision_is_not(study):
    other = replace(ONE, note="hair")
    do(study, ("draw region", ONE), (UNDO, BLANK), ("note", other), (UNDO, BLANK), (REDO, other))
    assert study.sheet("a.png", "ada").history == History((BLANK, other), ("note",), 1)
    assert [r.grading for r in study.revisions("a.png", "ada")] == [ONE, BLANK, other, BLANK, other]


def test_states_share_the_polygons_that_they_have_in_common(study):
    do(study, ("draw region", ONE), ("draw region", TWO))
    _, one, two = study.sheet("a.png", "ada").history.states
    assert one.region[0] is two.region[0]


def test_an_import_is_where_undo_ends(study):
    imported = Grading("a.png", "ada", region=(SQUARE,), origin=Origin.IMPORTED)
    study.record_gradings([imported], author="importer")
    do(study, ("draw region", TWO), parent=1)
    history = study.sheet("a.png", "ada").history
    assert history == History((imported, TWO), ("draw region",), 1)


def test_the_leads_reason_stands_on_the_sheet_until_the_image_is_done_again(study):
    do(study, ("done", replace(ONE, status=Status.DONE, note="mine")))
    study.send_back("a.png", "ada", reason="the border", author="lead")
    sheet = study.sheet("a.png", "ada")
    assert (sheet.parent, sheet.sent_back) == (2, "the border")
    assert sheet.history == History((replace(ONE, note="mine"),))
    do(study, ("draw region", TWO), parent=2)
    assert study.sheet("a.png", "ada").sent_back == "the border"
    do(study, ("done", replace(TWO, status=Status.DONE)), parent=3)
    assert study.sheet("a.png", "ada").sent_back == ""


def test_a_sheet_shows_its_own_draft_and_the_time_spent_on_it(study):
    study.assign("b.png", "ada", Role.ASSIGNED, author="lead")
    points = ring([[1.5, 2], [3, 1 / 3]])
    study.keep_draft(*KEY, Draft("hole", points, is_open=False))
    study.add_activity(*KEY, began="2026-01-01T00:00:00.000+00:00", seconds=2.5)
    study.add_activity(*KEY, began="2026-01-02T00:00:00.000+00:00", seconds=4)
    sheet = study.sheet("a.png", "ada")
    assert (sheet.draft.tool, sheet.draft.is_open, sheet.seconds) == ("hole", False, 6.5)
    np.testing.assert_array_equal(sheet.draft.points, points)
    other = study.sheet("b.png", "ada")
    assert (other.draft, other.seconds) == (None, 0)


def test_a_thousand_gestures_on_one_image_come_back_in_their_order(study):
    with_notes = [replace(ONE, note=str(number)) for number in range(1000)]
    do(study, *(("note", grading) for grading in with_notes))
    history = study.sheet("a.png", "ada").history
    assert (history.states, history.at) == ((BLANK, *with_notes), 1000)
    assert len({id(state.region[0]) for state in history.states[1:]}) == 1
