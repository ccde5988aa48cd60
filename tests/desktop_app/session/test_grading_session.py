"""What a grader does is shown at once, stored gesture by gesture, and found again."""

import sqlite3
from contextlib import closing

import pytest

from desktop_app.session.saving import Saving
from engine.domain.grading import Role, Status
from engine.domain.options import StudyOptions
from engine.domain.polygon import ring
from engine.domain.queue import Draft, QueueState
from engine.domain.settings import AgreementSettings, RunSettings
from engine.study.sqlite import open_study
from engine.tasks.executors import SteppingExecutor
from tests.desktop_app.squares import square


def drafted(*points):
    return Draft("region", ring(points))


def test_it_opens_at_the_first_image_that_is_not_done(open_session, settle, qtbot):
    session = open_session()
    session.answer_not_visible()
    session.done()
    settle(session)
    again = open_session()
    assert (again.at, again.items[0].state) == (1, QueueState.DONE)


def test_a_session_lists_its_own_grader_alone(open_session):
    session = open_session("Bo")
    assert [item.image for item in session.items] == [f"{n}.png" for n in range(6)]
    assert session.sheet.grader == "Bo"


def test_viewing_writes_no_grading(open_session, file, qtbot, clock):
    session = open_session()
    before = session.study.info().revision
    for _ in range(4):
        clock.now += 30
        session.next()
        qtbot.waitUntil(lambda: session.sheet is not None)
    assert session.study.info().revision == before


def test_each_gesture_is_a_revision_with_its_name(open_session, settle):
    session = open_session()
    session.set_region((square(),), "draw region")
    session.answer_count(1)
    settle(session)
    stored = session.study.revisions("0.png", "Ada")
    assert [r.gesture for r in stored] == ["draw region", "answer"]
    assert stored[-1].grading == session.grading
    assert stored[-1].grading.region == (square(),)


def test_the_first_gesture_of_another_image_does_not_touch_the_one_before(
    open_session, settle, qtbot
):
    session = open_session()
    session.set_region((square(),), "draw region")
    session.next()
    session.set_region((square(20),), "draw region")  # still being read: nobody can mean it
    qtbot.waitUntil(lambda: session.sheet is not None)
    session.set_region((square(25),), "draw region")
    settle(session)
    study = session.study
    assert [r.grading.region for r in study.revisions("0.png", "Ada")] == [(square(),)]
    assert [r.grading.region for r in study.revisions("1.png", "Ada")] == [(square(25),)]


def test_a_gesture_that_changes_nothing_is_none(open_session, settle):
    session = open_session()
    session.answer_not_visible()
    session.answer_not_visible()
    session.set_note("")
    settle(session)
    assert len(session.study.revisions("0.png", "Ada")) == 1


def test_undo_and_redo_are_kept_across_images_and_restarts(open_session, settle, qtbot):
    session = open_session()
    session.set_region((square(),), "draw region")
    session.answer_count(2)
    session.set_region((square(), square(20)), "draw region")
    session.undo()
    session.next()
    qtbot.waitUntil(lambda: session.sheet is not None)
    settle(session)
    again = open_session()
    assert again.grading.region == (square(),)
    again.redo()
    assert again.grading.region == (square(), square(20))
    for _ in range(3):
        again.undo()
    assert (again.grading.region, again.grading.roi_count) == ((), None)
    settle(again)
    assert again.items[0].state is QueueState.TO_DO


def test_a_thousand_gestures_can_be_undone_after_a_restart(open_session, settle, qtbot):
    session = open_session()
    for number in range(1, 1_001):
        session.set_region((square(number / 100),), "move region")
    settle(session)
    again = open_session()
    assert again.grading.region == (square(10.0),)
    for _ in range(1_000):
        again.undo()
    assert again.grading.region == ()
    settle(again)
    assert open_session().grading.region == ()


def test_done_is_refused_with_the_reason_until_count_and_regions_agree(open_session):
    session = open_session()
    session.set_region((square(),), "draw region")
    assert "how many" in session.done()
    session.answer_count(2)
    assert "2 regions" in session.done()
    session.answer_count(1)
    assert session.done() == ""
    assert session.items[0].state is QueueState.DONE


def test_an_open_outline_keeps_an_image_from_being_done(open_session):
    session = open_session()
    session.set_region((square(),), "draw region")
    session.answer_count(1)
    session.set_draft(drafted((1, 1), (2, 2)))
    assert "still being drawn" in session.done()


def test_not_visible_with_regions_asks_and_is_one_undoable_step(open_session):
    session = open_session()
    session.set_region((square(), square(20)), "draw region")
    session.answer_count(2)
    question = session.answer_not_visible()
    assert session.grading.region == (square(), square(20))
    session.confirm(question)
    assert (session.grading.visible, session.grading.region) == (False, ())
    session.undo()
    assert (session.grading.roi_count, session.grading.region) == (2, (square(), square(20)))


def test_an_edited_image_is_no_longer_done(open_session, settle, qtbot):
    session = open_session()
    session.answer_not_visible()
    session.done()
    session.go(0)
    qtbot.waitUntil(lambda: session.sheet is not None)
    session.set_note("a hair")
    assert session.items[0].state is QueueState.DONE
    session.answer_count(5)
    assert session.grading.status is Status.STARTED
    assert session.items[0].state is QueueState.STARTED
    session.undo()
    assert session.items[0].state is QueueState.DONE


def test_done_and_next_goes_round_to_what_is_left_and_says_when_nothing_is(open_session, qtbot):
    session = open_session()
    session.go(5)
    qtbot.waitUntil(lambda: session.sheet is not None)
    with qtbot.waitSignal(session.all_done):
        for _ in range(6):
            qtbot.waitUntil(lambda: session.sheet is not None)
            session.answer_not_visible()
            session.done()
    assert {item.state for item in session.items} == {QueueState.DONE}


def test_a_half_drawn_outline_is_offered_back_after_a_restart(open_session, qtbot):
    session = open_session()
    session.set_draft(drafted((1, 1), (9, 2)))
    session.set_draft(drafted((1, 1), (9, 2), (4, 7)))
    qtbot.waitUntil(lambda: session.study.sheet("0.png", "Ada").draft is not None)
    again = open_session()
    assert again.sheet.draft == drafted((1, 1), (9, 2), (4, 7))


def test_an_outline_that_was_closed_is_not_offered_back(open_session, settle, qtbot):
    session = open_session()
    session.set_draft(drafted((1, 1), (9, 2), (5, 9)))
    qtbot.waitUntil(lambda: session.study.sheet("0.png", "Ada").draft is not None)
    session.set_draft(None)
    session.set_region((square(),), "draw region")
    settle(session)
    assert session.study.sheet("0.png", "Ada").draft is None


def test_a_cancelled_outline_comes_back_by_undo_also_after_a_restart(open_session, qtbot):
    session = open_session()
    session.set_draft(drafted((1, 1), (9, 2)))
    session.cancel_draft()
    qtbot.waitUntil(lambda: session.study.sheet("0.png", "Ada").draft is not None)
    again = open_session()
    assert not again.sheet.draft.is_open
    again.undo()
    assert again.sheet.draft.is_open


def test_an_outline_stays_open_while_a_question_is_answered(open_session, settle, qtbot):
    session = open_session()
    session.set_draft(drafted((1, 1), (9, 2)))
    session.answer_count(1)
    settle(session)
    qtbot.waitUntil(lambda: session.study.sheet("0.png", "Ada").draft is not None)
    assert session.sheet.draft.is_open


def test_a_sent_back_image_shows_the_leads_reason_and_stays_sent_back_until_done(
    open_session, settle, file, qtbot
):
    session = open_session()
    session.set_note("my note")
    session.answer_not_visible()
    session.done()
    settle(session)
    session.study.send_back("0.png", "Ada", reason="Look again", author="lead")
    again = open_session()
    assert (again.at, again.sheet.sent_back, again.grading.note) == (0, "Look again", "my note")
    again.answer_count(5)
    assert again.items[0].state is QueueState.SENT_BACK
    again.done()
    assert again.items[0].state is QueueState.DONE


def test_time_at_work_is_stored_without_pauses(open_session, settle, clock, qtbot):
    session = open_session()
    clock.now += 7
    session.touch()
    clock.now += 5_000
    session.answer_not_visible()
    settle(session)
    qtbot.waitUntil(lambda: session.study.sheet("0.png", "Ada").seconds == 67)
    clock.now += 3
    session.next()
    qtbot.waitUntil(lambda: session.study.sheet("0.png", "Ada").seconds == 70)


def test_a_save_that_fails_keeps_the_edit_tells_it_once_and_is_made_up_for(
    open_session, file, settle, qtbot
):
    session = open_session()
    told = []
    session.problem.connect(told.append)
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        session.set_region((square(),), "draw region")
        session.answer_count(1)
        qtbot.waitUntil(lambda: bool(told))
        assert session._autosave.state.saving is Saving.FAILING
        assert session.grading.region == (square(),)
        session.next()
        qtbot.waitUntil(lambda: session.sheet is not None)
        session.previous()
        assert session.grading.region == (square(),)  # though the store does not have it
    with qtbot.waitSignal(session.problem_gone):
        session.retry()
    settle(session)
    assert {problem.code for problem in told} == {"study_locked"}
    stored = session.study.revisions("0.png", "Ada")
    assert [r.gesture for r in stored] == ["draw region", "answer"]


@pytest.mark.parametrize("keep_mine", [True, False])
def test_a_conflict_shows_both_versions_and_loses_neither(open_session, settle, qtbot, keep_mine):
    mine, theirs = open_session(), open_session()
    theirs.set_region((square(20),), "draw region")
    settle(theirs)
    with qtbot.waitSignal(mine.conflict) as shown:
        mine.set_region((square(),), "draw region")
    assert [grading.region for grading in shown.args] == [(square(20),), (square(),)]
    assert not mine.may_edit
    mine.resolve(keep_mine=keep_mine)
    assert mine.grading.region == ((square(),) if keep_mine else (square(20),))
    mine.undo()
    assert mine.grading.region == ((square(20),) if keep_mine else (square(),))
    settle(mine)
    regions = [r.grading.region for r in mine.study.revisions("0.png", "Ada")]
    assert (square(),) in regions
    assert (square(20),) in regions


def test_a_conflict_on_an_image_that_was_left_waits_until_it_is_opened(open_session, settle, qtbot):
    mine, theirs = open_session(), open_session()
    theirs.set_region((square(20),), "draw region")
    settle(theirs)
    told = []
    mine.problem.connect(told.append)
    mine.set_region((square(),), "draw region")
    mine.next()
    qtbot.waitUntil(lambda: bool(told))
    assert (told[0].code, told[0].where) == ("changed_elsewhere", "0.png")
    with qtbot.waitSignal(mine.conflict):
        mine.previous()


def test_closing_with_a_conflict_open_keeps_both_versions(open_session, settle, file, qtbot):
    mine, theirs = open_session(), open_session()
    theirs.set_region((square(20),), "draw region")
    settle(theirs)
    with qtbot.waitSignal(mine.conflict):
        mine.set_region((square(),), "draw region")
    closed = []
    mine.close(lambda: closed.append(1))
    qtbot.waitUntil(lambda: bool(closed))
    with open_study(file) as study:
        regions = [r.grading.region for r in study.revisions("0.png", "Ada")]
    assert regions == [(square(20),), (square(),)]


def test_a_sheet_that_arrives_for_an_image_already_left_is_dropped(open_session, qtbot):
    steps = SteppingExecutor()
    session = open_session(executor=steps)
    shown = []
    session.sheet_loaded.connect(shown.append)
    steps.step()
    qtbot.waitUntil(lambda: session.at == 0)
    session.go(1)
    session.go(2)
    while steps.step():
        pass
    qtbot.waitUntil(lambda: session.sheet is not None)
    assert [sheet.image for sheet in shown] == ["2.png"]


def test_pictures_come_for_the_image_at_hand_and_neighbours_are_ready_at_once(open_session, qtbot):
    session = open_session()
    shown = []
    session.picture_ready.connect(lambda item, pyramid: shown.append((item.image, pyramid.width)))
    qtbot.waitUntil(lambda: "1.png" in session._pictures._kept)
    session.next()
    assert shown[-1] == ("1.png", 60)


def test_a_photograph_that_is_not_the_one_of_the_study_is_refused(open_session, file, qtbot):
    (file.parent / "1.png").write_bytes((file.parent / "2.png").read_bytes())
    session = open_session()
    told = []
    session.picture_failed.connect(lambda _item, problem: told.append(problem.code))
    session.next()
    qtbot.waitUntil(lambda: told == ["image_changed"])


def test_names_are_masked_where_the_study_says_so(open_session, file):
    with open_study(file) as study:
        study.set_options(StudyOptions(masks_names=True), author="lead")
    session = open_session()
    assert session.name_of(session.items[2]) == "Image 3"


def test_so_many_regions_are_outlined_as_the_study_lays_down(open_session, file, settle):
    settings = RunSettings(agreement=AgreementSettings(max_outlined_regions=2))
    with open_study(file) as study:
        study.set_options(StudyOptions(settings=settings), author="lead")
    session = open_session()
    assert session.settings.max_outlined_regions == 2
    session.answer_count(3)
    assert session.done() == ""
    settle(session)
    reading = session.study.readings_of("0.png")[0]
    assert (reading.latest.roi_count, reading.latest.region) == (3, ())


def test_what_is_drawn_on_an_image_that_was_withdrawn_meanwhile_is_stored(
    open_session, file, settle
):
    session = open_session()
    with open_study(file) as study:
        changes = study.withdraw_tasks(study.tasks("Ada")[:1], author="lead")
        assert changes.changed == 1
    session.set_region((square(),), "draw region")
    settle(session)
    (revision,) = session.study.revisions("0.png", "Ada")
    assert revision.grading.region == (square(),)
    assert session.saving.saving is Saving.SAVED
    assert [task.image for task in session.study.tasks("Ada")][-1] == "0.png"


def test_a_repeat_reading_is_another_record_of_the_same_image(open_session, file, settle, qtbot):
    with open_study(file) as study:
        study.assign("0.png", "Ada", Role.REPEAT, author="lead")
    session = open_session()
    session.set_region((square(),), "draw region")
    session.go(6)
    qtbot.waitUntil(lambda: session.sheet is not None)
    assert session.grading.region == ()
    session.set_region((square(20),), "draw region")
    settle(session)
    assert len(session.study.revisions("0.png", "Ada")) == 1
    assert session.study.revisions("0.png", "Ada", Role.REPEAT)[0].grading.region == (square(20),)
