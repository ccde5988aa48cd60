"""What can be undone of one grader's work on one image."""

from dataclasses import replace

import pytest

from engine.domain.grading import Grading, Origin, Revision, Role, Status
from engine.domain.history import REDO, UNDO, History, history_of, standing
from engine.domain.polygon import Polygon, ring
from engine.domain.queue import blank_grading

BLANK = blank_grading("a.png", "ada", Role.ASSIGNED)
ONE = replace(BLANK, region=(Polygon(ring([[0, 0], [4, 0], [4, 4]])),), roi_count=1)
TWO = replace(ONE, note="hair")
DRAWN = History((BLANK,)).did(ONE, "draw region").did(TWO, "note")


def revisions(*steps):
    """Return revisions with the gesture and the grading of each step."""
    return [
        Revision(grading, number, "ada", "2026", gesture)
        for number, (gesture, grading) in enumerate(steps, start=1)
    ]


def test_nothing_can_be_undone_or_redone_at_the_beginning():
    history = History((BLANK,))
    assert (history.present, history.undo_gesture, history.redo_gesture) == (BLANK, None, None)
    assert history.undone() == history.redone() == history


def test_gestures_are_undone_one_by_one_back_to_the_beginning():
    assert (DRAWN.present, DRAWN.undo_gesture, DRAWN.redo_gesture) == (TWO, "note", None)
    once = DRAWN.undone()
    assert (once.present, once.undo_gesture, once.redo_gesture) == (ONE, "draw region", "note")
    twice = once.undone()
    assert (twice.present, twice.undo_gesture, twice.redo_gesture) == (BLANK, None, "draw region")
    assert twice.undone() == twice


def test_what_was_undone_is_redone_up_to_the_last_gesture():
    twice = DRAWN.undone().undone()
    assert twice.redone().present == ONE
    assert twice.redone().redone() == twice.redone().redone().redone() == DRAWN


def test_after_another_gesture_what_was_undone_can_be_redone_no_more():
    other = replace(ONE, problem="blurred")
    history = DRAWN.undone().did(other, "problem")
    assert history == History((BLANK, ONE, other), ("draw region", "problem"), 2)
    assert history.redo_gesture is None


def test_a_record_without_revisions_begins_blank():
    assert history_of([], BLANK) == History((BLANK,))


def test_a_history_is_rebuilt_from_its_revisions():
    steps = revisions(("draw region", ONE), ("note", TWO), (UNDO, ONE), (UNDO, BLANK), (REDO, ONE))
    assert history_of(steps, BLANK) == replace(DRAWN, at=1)


@pytest.mark.parametrize("status", [Status.DONE, Status.STARTED])
def test_an_import_begins_a_history_of_its_own(status):
    imported = Grading("a.png", "ada", visible=False, status=status, origin=Origin.IMPORTED)
    steps = revisions(("draw region", ONE), ("", imported))
    assert history_of(steps, BLANK) == History((imported,))
    assert history_of([*steps, *revisions((UNDO, imported))], BLANK) == History((imported,))


STARTED, DONE, SENT_BACK = Status.STARTED, Status.DONE, Status.SENT_BACK


@pytest.mark.parametrize(
    ("revisions", "stand"),
    [
        ([], []),
        ([(STARTED, "answer"), (DONE, "done")], [1]),
        ([(DONE, "done"), (STARTED, UNDO)], []),
        ([(DONE, "done"), (STARTED, UNDO), (DONE, REDO)], [0]),
        ([(DONE, "done"), (STARTED, UNDO), (STARTED, "answer"), (DONE, "done")], [3]),
        ([(DONE, "done"), (STARTED, "answer"), (DONE, UNDO)], [0]),
        ([(DONE, "done"), (STARTED, "answer"), (DONE, UNDO), (STARTED, UNDO)], []),
        ([(DONE, "done"), (STARTED, "answer"), (DONE, "done")], [0, 2]),
        ([(DONE, ""), (STARTED, "answer"), (DONE, UNDO), (DONE, UNDO)], [0]),
        ([(DONE, "done"), (SENT_BACK, ""), (DONE, "done"), (STARTED, UNDO)], [0]),
    ],
)
def test_a_reading_that_its_grader_took_back_was_never_done(revisions, stand):
    assert list(standing(revisions)) == stand


def test_after_a_send_back_the_grader_goes_on_from_it_with_a_note_of_their_own():
    done = replace(TWO, status=Status.DONE)
    sent_back = replace(done, status=Status.SENT_BACK, note="look again")
    steps = revisions(("draw region", ONE), ("done", done), ("", sent_back))
    assert history_of(steps, BLANK) == History((TWO,))
    again = replace(TWO, region=())
    history = history_of([*steps, *revisions(("delete region", again))], BLANK)
    assert history == History((TWO, again), ("delete region",), 1)


def test_a_send_back_of_a_reading_that_was_sent_back_keeps_the_graders_note():
    done = replace(TWO, status=Status.DONE)
    first, second = (replace(done, status=Status.SENT_BACK, note=note) for note in ("1", "2"))
    steps = revisions(("done", done), ("", first), ("", second))
    assert history_of(steps, BLANK) == History((TWO,))
