"""Runs begun, held, cancelled, forgotten, kept side by side."""

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from desktop_app.session.explaining.runs import differences, distinct
from engine.domain.rows import ImageResult
from engine.domain.settings import RunSettings
from engine.study.sqlite import open_study
from engine.tasks.executors import LocalLanes, SteppingExecutor
from tests.desktop_app.explain.demo import QUICK


def settle(session, qtbot):
    qtbot.waitUntil(lambda: not session.jobs.is_busy, timeout=60_000)


def by(method):
    saliency = QUICK.saliency.model_copy(update={"method": method})
    return QUICK.model_copy(update={"saliency": saliency})


@pytest.fixture
def ready(session, demo, qtbot):
    """A session with the demo's card chosen."""
    session.model.choose_card(demo.card)
    settle(session, qtbot)
    return session


@pytest.fixture
def stepping(open_session, demo):
    """A session whose whole jobs run step by step, with the demo's card chosen."""
    steps = SteppingExecutor()
    session = open_session(bridge_on=steps)
    session.model.choose_card(demo.card)
    run_all(steps)
    yield session, steps
    run_all(steps)


def run_all(steps):
    while steps.step():
        QApplication.processEvents()
    QApplication.processEvents()


class Interfering:
    """A study that calls back when somebody asks for something of it."""

    def __init__(self, study):
        self.study = study
        self.on = {}

    def __getattr__(self, name):
        if name in self.on:
            self.on[name]()
        return getattr(self.study, name)


def test_a_run_ends_with_the_rows_that_the_engine_made(ready, qtbot):
    ready.run()
    settle(ready, qtbot)
    kept = ready.runs.shown
    model = "DermConcord demo classifier (synthetic)"
    assert kept.name == f"{model} · Integrated Gradients · steps 10 · joint gradients 10"
    assert ready.selection.count == len(kept.result.run.images) == 94
    assert len(kept.result.findings.cues) == 1
    assert np.isnan(kept.result.values.metrics["ds"]).sum() == 21


def test_a_second_run_cannot_begin_while_one_is_under_way(stepping):
    session, steps = stepping
    assert session.run()
    assert not session.run()
    run_all(steps)
    assert len(session.runs.all) == 1


def test_without_a_model_or_maps_nothing_runs(session):
    assert not session.run()
    assert not session.running.is_running


def test_a_run_cancelled_while_it_is_queued_never_touches_the_study(open_session, demo):
    steps = SteppingExecutor()
    session = open_session(bridge_on=steps, wrap=Interfering)
    session.model.choose_card(demo.card)
    run_all(steps)
    touched, ends = [], []
    session.place.study.on["info"] = lambda: touched.append(True)
    session.running.stopped.connect(lambda: ends.append("stopped"))
    session.run()
    session.running.cancel()
    assert session.running.is_stopping
    run_all(steps)
    assert ends == ["stopped"]
    assert not touched
    assert not session.runs.all
    session.place.study.on.clear()
    assert session.run(), "and it can be run again"


def test_a_run_cancelled_half_way_goes_on_from_its_maps(open_session, demo):
    steps = SteppingExecutor()
    session = open_session(bridge_on=steps, wrap=Interfering)
    session.model.choose_card(demo.card)
    run_all(steps)
    session.set_settings(by("gradients"))
    asked = []

    def cancel_after_some_cases():
        asked.append(True)
        if len(asked) == 12:
            session.running.cancel()

    session.place.study.on["predictions"] = cancel_after_some_cases
    session.run()
    run_all(steps)
    assert not session.runs.all
    assert not session.running.is_running
    session.place.study.on.clear()
    session.measure()
    run_all(steps)
    assert 0 < session.cost.estimate.cached < session.cost.estimate.images
    session.run()
    run_all(steps)
    assert len(session.runs.all) == 1


def test_a_paused_run_stands_still_until_it_is_resumed(open_session, demo, qtbot):
    with LocalLanes() as lanes:
        session = open_session(executor=lanes)
        session.model.choose_card(demo.card)
        settle(session, qtbot)
        session.run()
        session.running.pause()
        assert session.running.is_paused
        told = []
        session.running.paused.connect(told.append)
        session.running.resume()
        settle(session, qtbot)
        assert told == [False]
        assert len(session.runs.all) == 1


def test_a_paused_run_can_be_cancelled(open_session, demo, qtbot):
    with LocalLanes() as lanes:
        session = open_session(executor=lanes)
        session.model.choose_card(demo.card)
        settle(session, qtbot)
        session.run()
        session.running.pause()
        session.running.cancel()
        settle(session, qtbot)
        assert not session.runs.all
        assert not session.running.is_paused
        assert not session.running.is_running


def test_closing_while_a_run_is_held_waits_for_its_end(open_session, demo, qtbot):
    with LocalLanes() as lanes:
        session = open_session(executor=lanes)
        session.model.choose_card(demo.card)
        settle(session, qtbot)
        session.run()
        session.running.pause()
        ended = []
        session.when_settled(lambda: ended.append(session.jobs.is_busy))
        qtbot.waitUntil(lambda: bool(ended), timeout=60_000)
        assert ended == [False]


def test_closing_while_a_run_is_queued_stops_it_before_it_begins(stepping):
    session, steps = stepping
    session.run()
    ended = []
    session.when_settled(lambda: ended.append(True))
    assert not ended
    assert not session.run()
    run_all(steps)
    assert ended == [True]
    assert not session.runs.all


def test_what_a_forgotten_run_still_tells_is_not_shown(stepping):
    """Rows that arrive after the end, as from a run that was cancelled late, change nothing."""
    session, steps = stepping
    session.run()
    hooks = session.running._came.append
    session.running.cancel()
    run_all(steps)
    session.run()
    run_all(steps)
    rows = list(session.running.rows)
    hooks((session.runs.shown.result.run.images[0].agreement,))
    session.running._drain()
    assert session.running.rows == rows


def test_a_refused_run_is_a_problem_and_leaves_the_form_as_it_was(ready, qtbot, tmp_path):
    ready.model.choose_predictions(tmp_path / "nothing.csv")
    chosen, settings = ready.model.chosen, ready.settings
    ready.run()
    settle(ready, qtbot)
    assert len(ready.problems) == 1
    assert not ready.runs.all
    assert (ready.model.chosen, ready.settings) == (chosen, settings)
    assert not ready.running.is_running


def test_a_failed_run_shows_the_run_of_before_again(ready, qtbot, tmp_path):
    ready.run()
    settle(ready, qtbot)
    before = ready.runs.shown
    ready.model.choose_predictions(tmp_path / "nothing.csv")
    ready.run()
    assert ready.runs.shown is None, "while it is under way its own rows are shown"
    settle(ready, qtbot)
    assert ready.runs.shown is before
    assert ready.selection.count == 94


def test_a_cancelled_run_gives_way_to_the_run_that_was_shown_before_it(stepping):
    session, steps = stepping
    for _ in range(2):
        session.run()
        run_all(steps)
    first, second = session.runs.all
    session.runs.show(first)
    session.run()
    session.running.cancel()
    run_all(steps)
    assert session.runs.shown is first
    session.run()
    session.runs.close(first)
    session.running.cancel()
    run_all(steps)
    assert session.runs.shown is second, "the one of before is gone"
    assert session.selection.count == 94


def test_a_run_that_a_person_went_to_meanwhile_stays_when_another_is_cancelled(stepping):
    session, steps = stepping
    for _ in range(2):
        session.run()
        run_all(steps)
    first = session.runs.all[0]
    session.run()
    session.runs.show(first)
    session.running.cancel()
    run_all(steps)
    assert session.runs.shown is first
    assert session.selection.count == 94


def test_readings_that_change_during_a_run_are_said_of_it(stepping):
    session, steps = stepping
    session.run()
    session.note_readings()
    run_all(steps)
    assert session.runs.shown.is_stale
    session.run()
    run_all(steps)
    assert not session.runs.shown.is_stale
    assert session.runs.all[0].is_stale


def test_rows_come_in_small_batches_so_that_the_window_stays_alive(ready, qtbot):
    ready.run()
    settle(ready, qtbot)
    agreement = ready.runs.shown.result.run.images[0].agreement
    running = ready.running
    running._clear()
    batches = []
    running.rows_added.connect(lambda rows: batches.append(len(rows)))
    running._came.append((agreement,) * 1000)
    running._drain()
    assert batches == [400]
    qtbot.waitUntil(lambda: sum(batches) == 1000)
    assert batches == [400, 400, 200]
    assert len(running.rows) == 1000
    assert all(isinstance(row, ImageResult) for row in running.rows)


def test_runs_stand_side_by_side_with_the_ranks_of_their_images(ready, qtbot):
    ready.run()
    settle(ready, qtbot)
    assert ready.runs.persistence == {}
    ready.set_settings(by("gradients"))
    ready.run()
    settle(ready, qtbot)
    persistence = ready.runs.persistence["ds"]
    named = "Integrated Gradients · steps 10 · joint gradients 10"
    assert persistence.methods == (named, "Gradients"), "the model is the same and left out"
    assert persistence.images == 73
    ranks = ready.runs.ranks["ds"]
    assert ranks.ranks.shape == (2, 73)
    assert len(ranks.paths) == 73
    assert sorted(ranks.ranks[0]) == list(range(1, 74))


def test_a_closed_run_is_gone_and_its_neighbour_is_shown(ready, qtbot):
    ready.run()
    settle(ready, qtbot)
    ready.run()
    settle(ready, qtbot)
    first, second = ready.runs.all
    assert first.name != second.name
    ready.runs.close(second)
    settle(ready, qtbot)
    assert ready.runs.shown is first
    assert ready.runs.persistence == {}
    ready.runs.close(first)
    assert ready.runs.shown is None
    assert ready.selection.count == 0


def test_a_run_keeps_its_name_where_the_new_one_is_empty_or_taken(ready, qtbot):
    ready.run()
    settle(ready, qtbot)
    ready.run()
    settle(ready, qtbot)
    first, second = ready.runs.all
    ready.runs.rename(first, "  as   published ")
    assert first.name == "as published"
    ready.runs.rename(second, "as published")
    ready.runs.rename(first, "")
    assert first.name == "as published"
    assert second.name != first.name


def test_differences_name_the_settings_that_are_not_the_same():
    assert differences(QUICK, RunSettings()) == ["steps 10", "joint gradients 10"]
    assert differences(by("gradients"), QUICK) == [], "the method has a place of its own"


def test_names_are_told_apart_by_what_does_not_begin_alike():
    assert distinct(["a · b", "a · c"]) == ["b", "c"]
    assert distinct(["a", "a · c"]) == ["a", "a · c"]
    assert distinct(["a · b", "a · b (2)"]) == ["b", "b (2)"]
    assert distinct(["x · b", "y · b"]) == ["x · b", "y · b"]


def test_marks_of_findings_are_stored_and_shared_by_the_runs_of_a_model(ready, demo, qtbot):
    ready.run()
    settle(ready, qtbot)
    ready.run()
    settle(ready, qtbot)
    first, second = ready.runs.all
    cue = second.result.findings.cues[0]
    ready.marks.star(second, cue, is_starred=True)
    assert ready.marks.of(second, cue).is_starred, "it shows before it is stored"
    ready.marks.comment(second, cue, " pen marks ")
    settle(ready, qtbot)
    assert ready.marks.of(first, cue).comment == "pen marks"
    assert ready.marks.of(first, cue).is_starred
    row = second.result.tables["cues"].cells(cue)
    assert row[-3:-1] == (True, "pen marks")
    with open_study(demo.file) as other:
        mark = other.finding_marks(second.result.name)[cue.key]
        assert (mark.is_starred, mark.comment, mark.author) == (True, "pen marks", "Ada")


def test_a_mark_that_is_stored_late_never_takes_back_what_was_said_since(stepping):
    session, steps = stepping
    session.run()
    run_all(steps)
    run = session.runs.shown
    cue = run.result.findings.cues[0]
    session.marks.star(run, cue, is_starred=True)
    session.marks.comment(run, cue, "pen marks")
    steps.step()
    QApplication.processEvents()
    assert session.marks.of(run, cue).comment == "pen marks"
    session.marks.star(run, cue, is_starred=False)
    run_all(steps)
    mark = session.place.study.finding_marks(run.result.name)[cue.key]
    assert (mark.is_starred, mark.comment) == (False, "pen marks")


def test_a_mark_that_says_nothing_new_is_not_stored(ready, demo, qtbot):
    ready.run()
    settle(ready, qtbot)
    run = ready.runs.shown
    before = sum(1 for _ in ready.place.study.audit())
    ready.marks.star(run, run.result.findings.cues[0], is_starred=False)
    settle(ready, qtbot)
    assert sum(1 for _ in ready.place.study.audit()) == before
