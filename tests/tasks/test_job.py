"""A job is told as events and ends in exactly one way."""

import threading

import pytest

from engine.tasks.cancel import CancelToken
from engine.tasks.cancel import Stopped as StopRequest
from engine.tasks.executors import InlineExecutor, Lane, LocalLanes, SteppingExecutor
from engine.tasks.job import Failed, Finished, Progressed, Started, Stopped, start
from engine.tasks.progress import Step


def events_of(task, *, cancel=None):
    heard = []
    start(
        task, job=7, lane=Lane.CPU, executor=InlineExecutor(), on_event=heard.append, cancel=cancel
    )
    return heard


def test_a_task_that_returns_is_finished_with_its_result():
    assert events_of(lambda cancel, progress: 42) == [Started(7), Finished(7, 42)]


def test_a_task_that_raises_has_failed_with_that_error():
    error = ValueError("broken")

    def task(cancel, progress):
        raise error

    assert events_of(task) == [Started(7), Failed(7, error)]


def test_a_task_that_heeds_its_token_is_stopped():
    token = CancelToken()

    def task(cancel, progress):
        token.cancel()
        cancel.check()

    assert events_of(task, cancel=token) == [Started(7), Stopped(7)]


def test_a_job_cancelled_before_it_begins_never_runs():
    token = CancelToken()
    token.cancel()
    ran = []
    assert events_of(lambda cancel, progress: ran.append(1), cancel=token)[-1] == Stopped(7)
    assert not ran


def test_progress_is_told_and_the_last_step_always_passes():
    def task(cancel, progress):
        for done in range(1, 101):
            progress(Step("room", done, 100))

    steps = [event.step.done for event in events_of(task) if isinstance(event, Progressed)]
    assert steps[0] == 1
    assert steps[-1] == 100
    assert len(steps) < 100


def test_a_stepping_executor_runs_a_job_when_told_to():
    executor = SteppingExecutor()
    heard = []
    start(lambda c, p: "done", job=1, lane=Lane.GPU, executor=executor, on_event=heard.append)
    assert heard == []
    assert executor.step()
    assert heard == [Started(1), Finished(1, "done")]
    assert not executor.step()


def test_the_study_lane_has_one_thread_and_it_is_not_the_callers():
    with LocalLanes() as lanes:
        threads = {lanes.submit(Lane.STUDY, threading.get_ident).result() for _ in range(20)}
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


def test_an_error_reaches_whoever_waits_for_the_result():
    def fail():
        raise RuntimeError("no")

    with LocalLanes() as lanes, pytest.raises(RuntimeError, match="no"):
        lanes.submit(Lane.CPU, fail).result()


def test_check_raises_only_once_cancelled():
    token = CancelToken()
    token.check()
    token.cancel()
    assert token.is_cancelled
    with pytest.raises(StopRequest):
        token.check()
