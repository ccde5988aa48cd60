"""Work goes out on lanes; exactly one answer comes back, on the window's thread, or none."""

import threading
from functools import partial

import pytest

from desktop_app.worker.bridge import Bridge
from engine.domain.problem import refuse
from engine.tasks.executors import InlineExecutor, Lane, LocalLanes, SteppingExecutor
from engine.tasks.progress import Step


@pytest.fixture
def stepping():
    return SteppingExecutor()


def test_the_answer_comes_on_the_threads_of_the_bridge(qtbot):
    with LocalLanes() as lanes:
        bridge = Bridge(lanes)
        seen = []
        bridge.run(
            Lane.CPU,
            threading.get_ident,
            then=lambda worker: seen.append((worker, threading.get_ident())),
        )
        qtbot.waitUntil(lambda: bool(seen))
    (worker, told_on), here = seen[0], threading.get_ident()
    assert told_on == here
    assert worker != here


def test_an_answer_waits_for_the_event_loop_even_where_the_work_was_done_at_once(qtbot):
    bridge = Bridge(InlineExecutor())
    seen = []
    bridge.run(Lane.STUDY, lambda: 7, then=seen.append)
    assert seen == []
    qtbot.waitUntil(lambda: seen == [7])


def test_answers_of_the_studys_lane_come_in_the_order_of_the_questions(qtbot):
    with LocalLanes() as lanes:
        bridge = Bridge(lanes)
        seen = []
        for number in range(50):
            bridge.run(Lane.STUDY, partial(abs, -number), then=seen.append)
        qtbot.waitUntil(lambda: len(seen) == 50)
    assert seen == list(range(50))


def test_a_refusal_is_told_to_the_one_who_asked(qtbot, stepping):
    def refuses():
        raise refuse("disk_full", "here", "full", "make room")

    bridge = Bridge(stepping)
    errors = []
    bridge.run(Lane.STUDY, refuses, failed=errors.append)
    stepping.step()
    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].problem.code == "disk_full"


def test_an_error_that_nobody_asked_for_is_told_by_the_bridge(qtbot, stepping):
    bridge = Bridge(stepping)
    bridge.run(Lane.CPU, partial(int, "no number"))
    with qtbot.waitSignal(bridge.failed) as told:
        stepping.step()
    assert isinstance(told.args[0], ValueError)


def test_a_forgotten_job_is_heard_of_no_more_even_when_its_answer_is_on_its_way(qtbot, stepping):
    bridge = Bridge(stepping)
    seen = []
    job = bridge.run(Lane.CPU, lambda: 1, then=seen.append)
    stepping.step()
    job.forget()
    later = []
    bridge.run(Lane.CPU, lambda: 2, then=later.append)
    stepping.step()
    qtbot.waitUntil(lambda: later == [2])
    assert seen == []
    assert not bridge.is_busy


def test_a_job_that_is_cancelled_while_it_waits_never_runs(qtbot, stepping):
    bridge = Bridge(stepping)
    ran, stopped = [], []
    job = bridge.start(Lane.CPU, lambda _c, _p: ran.append(1), stopped=lambda: stopped.append(1))
    job.cancel()
    stepping.step()
    qtbot.waitUntil(lambda: bool(stopped))
    assert ran == []


def test_progress_comes_before_the_end(qtbot, stepping):
    def counts(_cancel, progress):
        progress(Step("pictures", 2, 2))
        return "done"

    bridge = Bridge(stepping)
    seen = []
    bridge.start(Lane.CPU, counts, progressed=lambda step: seen.append(step.done), then=seen.append)
    stepping.step()
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [2, "done"]
