"""Whatever a grader does, undoes and redoes, the revisions of it tell the same history."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.grading import Origin, Revision, Role, Status
from engine.domain.history import REDO, UNDO, History, history_of, standing
from engine.domain.polygon import Polygon, ring
from engine.domain.queue import blank_grading

BLANK = blank_grading("a.png", "ada", Role.ASSIGNED)
SQUARE = Polygon(ring([[0, 0], [4, 0], [4, 4], [0, 4]]))
IMPORT = ""

gradings = st.builds(
    replace,
    st.just(BLANK),
    visible=st.sampled_from([None, True, False]),
    roi_count=st.integers(0, 5),
    region=st.integers(0, 3).map(lambda regions: (SQUARE,) * regions),
    status=st.sampled_from([Status.STARTED, Status.DONE]),
)
gestures = st.sampled_from(["draw region", "move vertex", "note", "done"])
did = st.tuples(gestures, gradings)
moves = st.sampled_from([UNDO, REDO]).map(lambda gesture: (gesture, None))
imports = st.tuples(st.just(IMPORT), gradings)
steps = st.lists(st.one_of(did, moves, did, moves, imports), max_size=40)


def after(history, gesture, grading):
    """Do one step in memory, as a window does."""
    match gesture:
        case "undo":
            return history.undone()
        case "redo":
            return history.redone()
        case "":
            return History((replace(grading, origin=Origin.IMPORTED),))
        case _:
            return history.did(grading, gesture)


def histories(steps):
    """Yield the history after each step, with the revision that the step leaves in the study."""
    history = History((BLANK,))
    for number, (gesture, grading) in enumerate(steps, start=1):
        history = after(history, gesture, grading)
        yield history, Revision(history.present, number, "ada", "2026", gesture)


def last_history(steps):
    return ([History((BLANK,))] + [history for history, _ in histories(steps)])[-1]


@given(steps)
def test_the_revisions_tell_the_history_that_was_kept_in_memory(steps):
    revisions = []
    for history, revision in histories(steps):
        revisions.append(revision)
        assert history_of(revisions, BLANK) == history


@given(steps)
def test_the_present_state_is_that_of_the_last_revision(steps):
    revisions = [revision for _, revision in histories(steps)]
    present = history_of(revisions, BLANK).present
    assert present == (revisions[-1].grading if revisions else BLANK)


@given(steps)
def test_a_done_reading_stands_for_as_long_as_undo_can_reach_it(steps):
    told = list(histories(steps))
    ends = [at for at, (gesture, _) in enumerate(steps) if gesture == IMPORT]
    settled = [told[at - 1][0] for at in ends if at]
    reached = [*settled, *(history for history, _ in told[-1:])]
    expected = sum(
        state.status is Status.DONE
        for history in reached
        for state in history.states[: history.at + 1]
    )
    marks = [(revision.grading.status, revision.gesture) for _, revision in told]
    assert len(standing(marks)) == expected


@given(steps)
def test_a_history_is_always_at_one_of_its_states(steps):
    history = last_history(steps)
    assert 0 <= history.at < len(history.states) == len(history.gestures) + 1


@given(steps, did)
def test_what_was_just_done_is_undone_then_redone_without_a_trace(steps, step):
    before = last_history(steps)
    gesture, grading = step
    done = before.did(grading, gesture)
    assert done.undone().redone() == done
    assert done.undone().present == before.present
    assert (done.undo_gesture, done.undone().redo_gesture) == (gesture, gesture)


@given(steps, did)
def test_another_gesture_leaves_nothing_to_be_redone_and_everything_before_to_be_undone(
    steps, step
):
    before = last_history(steps)
    gesture, grading = step
    done = before.did(grading, gesture)
    assert done.redo_gesture is None
    assert done.states[:-1] == before.states[: before.at + 1]


@given(steps)
def test_every_gesture_can_be_undone_and_done_again(steps):
    history = last_history(steps)
    back = history
    while back.undo_gesture is not None:
        back = back.undone()
    assert back.present == history.states[0]
    for state in history.states[1:]:
        back = back.redone()
        assert back.present == state
    assert replace(back, at=history.at) == history
