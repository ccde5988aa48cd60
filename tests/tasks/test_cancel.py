"""A job can be made to wait, to go on, and to stop, also while it waits."""

import signal
import threading

import pytest

from engine.tasks.cancel import CancelToken, Stopped
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane, LocalLanes
from engine.tasks.job import Finished, Started, start
from engine.tasks.job import Stopped as StoppedEvent
from engine.tasks.ordered import in_order

SOON = 20
"""Seconds after which a test that hangs is given up; none takes a hundredth of it."""


def checking(token, told, name="checked"):
    """Start a thread that checks a token and tells what came of it."""
    entered = threading.Event()

    def check():
        entered.set()
        try:
            token.check()
        except Stopped:
            told.append("stopped")
        else:
            told.append(name)

    thread = threading.Thread(target=check)
    thread.start()
    assert entered.wait(SOON)
    return thread


def test_a_new_token_lets_a_job_go_on():
    token = CancelToken()
    token.check()
    assert not token.is_paused
    assert not token.is_cancelled


def test_a_paused_job_goes_on_only_once_it_is_resumed():
    for _ in range(50):
        token, told = CancelToken(), []
        token.pause()
        thread = checking(token, told)
        told.append("resumed")
        token.resume()
        thread.join(SOON)
        assert told == ["resumed", "checked"]


def test_a_paused_job_wakes_and_stops_when_it_is_cancelled():
    for _ in range(50):
        token, told = CancelToken(), []
        token.pause()
        threads = [checking(token, told) for _ in range(3)]
        told.append("cancelled")
        token.cancel()
        for thread in threads:
            thread.join(SOON)
        assert told == ["cancelled", *["stopped"] * 3]


def test_a_cancelled_token_is_never_paused():
    token = CancelToken()
    token.pause()
    token.cancel()
    assert not token.is_paused
    token.pause()
    assert not token.is_paused
    token.resume()
    with pytest.raises(Stopped):
        token.check()


def test_pausing_twice_takes_one_resume():
    token = CancelToken()
    token.pause()
    token.pause()
    assert token.is_paused
    token.resume()
    assert not token.is_paused
    token.check()


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs signals to a thread")
def test_a_signal_can_cancel_in_the_thread_that_waits():
    token = CancelToken()
    token.pause()
    before = signal.signal(signal.SIGUSR1, lambda *_: token.cancel())
    here = threading.get_ident()
    signaller = threading.Thread(target=lambda: signal.pthread_kill(here, signal.SIGUSR1))
    try:
        signaller.start()
        with pytest.raises(Stopped):
            token.check()
    finally:
        signaller.join(SOON)
        signal.signal(signal.SIGUSR1, before)


class Heard(list):
    """Events of a job, with a mark for its end."""

    def __init__(self):
        super().__init__()
        self.ended = threading.Event()

    def hear(self, event):
        self.append(event)
        if isinstance(event, (Finished, StoppedEvent)):
            self.ended.set()


def two_stages(lanes, reached, *, at, items=6):
    """Return a job of two stages on two lanes that tells when an item comes to the second."""

    def first(n):
        return n

    def task(cancel, progress):
        job = JobContext(lanes, cancel, progress)

        def second(n):
            if n == at:
                reached.set()
                paused.wait(SOON)
            cancel.check()
            return n

        stage = {"executor": job.executor, "cancel": cancel, "ahead": 1}
        one = in_order(range(items), first, lane=Lane.CPU, **stage)
        return list(in_order(one, second, lane=Lane.GPU, **stage))

    paused = threading.Event()
    return task, paused


@pytest.mark.parametrize("at", [0, 2, 5])
def test_a_job_of_several_lanes_goes_on_where_it_was_paused(at):
    heard, reached = Heard(), threading.Event()
    with LocalLanes() as lanes:
        task, paused = two_stages(lanes, reached, at=at)
        token = start(task, job=1, lane=Lane.JOB, executor=lanes, on_event=heard.hear)
        assert reached.wait(SOON)
        token.pause()
        paused.set()
        assert lanes.submit(Lane.STUDY, lambda: "free").result(SOON) == "free"
        assert heard == [Started(1)]
        token.resume()
        assert heard.ended.wait(SOON)
    assert heard == [Started(1), Finished(1, list(range(6)))]


@pytest.mark.parametrize("at", [0, 2, 5])
def test_a_paused_and_then_cancelled_job_of_several_lanes_is_stopped_once(at):
    heard, reached = Heard(), threading.Event()
    with LocalLanes() as lanes:
        task, paused = two_stages(lanes, reached, at=at)
        token = start(task, job=1, lane=Lane.JOB, executor=lanes, on_event=heard.hear)
        assert reached.wait(SOON)
        token.pause()
        paused.set()
        token.cancel()
        assert heard.ended.wait(SOON)
        assert lanes.submit(Lane.GPU, lambda: "free").result(SOON) == "free"
    assert heard == [Started(1), StoppedEvent(1)]


def test_a_job_paused_before_it_begins_waits_and_can_be_stopped():
    heard, ran = Heard(), []
    token = CancelToken()
    token.pause()
    with LocalLanes() as lanes:
        start(
            lambda cancel, progress: ran.append(1), job=1, lane=Lane.JOB, executor=lanes,
            on_event=heard.hear, cancel=token,
        )  # fmt: skip
        token.cancel()
        assert heard.ended.wait(SOON)
    assert heard == [Started(1), StoppedEvent(1)]
    assert not ran
