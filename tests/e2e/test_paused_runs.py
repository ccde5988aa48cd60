"""A run tells its rows before its cases, can wait between two batches, and goes on or stops."""

import threading

import pytest

from engine.pipeline import explain_study
from engine.tasks.cancel import CancelToken
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.job import Finished, Progressed, start
from engine.tasks.job import Stopped as StoppedEvent

SOON = 60


class CountedToken(CancelToken):
    """A token that pauses at one of its checks, and tells so."""

    def __init__(self, at):
        super().__init__()
        self._left = at
        self._lock = threading.Lock()
        self.reached = threading.Event()

    def check(self):
        with self._lock:
            self._left -= 1
            is_now = self._left == 0
        if is_now:
            self.pause()
            self.reached.set()
        super().check()


class Checks(CancelToken):
    """A token that counts how often it is asked."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def check(self):
        self.count += 1
        super().check()


def test_rows_are_told_once_and_before_the_first_case(bench):
    told = []
    explained = explain_study(
        bench.study, bench.prepare().run, bench.job,
        on_rows=told.append,
        on_case=lambda case: told.append(case.case.case),
    )  # fmt: skip
    assert told[0] == tuple(result.agreement for result in explained.images)
    assert len(told[0]) == 6
    assert told[1:] == [case.case for case in explained.cases]


def started(bench, token, ended):
    """Start a run as a job of several lanes; its events come into the list returned."""
    run, lanes, heard = bench.prepare().run, bench.job.executor, []

    def hear(event):
        heard.append(event)
        if not isinstance(event, Progressed) and len(heard) > 1:
            ended.set()

    def task(cancel, progress):
        return explain_study(bench.study, run, JobContext(lanes, cancel, progress))

    start(task, job=1, lane=Lane.JOB, executor=lanes, on_event=hear, cancel=token)
    return heard


def checks_of(bench):
    """Return how often a run of its own asks its token, none of its maps being there."""
    token = Checks()
    run = bench.prepare(noise_level=0.01).run
    explain_study(bench.study, run, JobContext(bench.job.executor, token))
    return token.count


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9])
def test_a_run_goes_on_where_it_was_paused(bench, part):
    token = CountedToken(at=max(1, int(part * checks_of(bench))))
    ended = threading.Event()
    heard = started(bench, token, ended)
    assert token.reached.wait(SOON)
    assert bench.job.on_study(bench.study.image_count) == 6  # the study is free meanwhile
    assert not ended.is_set()
    token.resume()
    assert ended.wait(SOON)
    assert isinstance(heard[-1], Finished)
    assert sum(result.localisation is not None for result in heard[-1].result.images) == 5


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9])
def test_a_paused_run_that_is_cancelled_ends_in_one_stop_and_can_be_started_again(bench, part):
    token = CountedToken(at=max(1, int(part * checks_of(bench))))
    ended = threading.Event()
    heard = started(bench, token, ended)
    assert token.reached.wait(SOON)
    token.cancel()
    assert ended.wait(SOON)
    ends = [event for event in heard[1:] if not isinstance(event, Progressed)]
    assert ends == [StoppedEvent(1)]
    assert bench.job.executor.submit(Lane.GPU, lambda: "free").result(SOON) == "free"
    explained = explain_study(bench.study, bench.prepare().run, bench.job)
    assert sum(result.localisation is not None for result in explained.images) == 5


def test_a_run_that_waits_holds_the_model_between_two_batches_of_one_map(bench):
    token = CountedToken(at=checks_of(bench) // 2)
    ended = threading.Event()
    started(bench, token, ended)
    assert token.reached.wait(SOON)
    behind = bench.job.executor.submit(Lane.GPU, lambda: "free")
    token.resume()
    assert behind.result(SOON) == "free"
    assert ended.wait(SOON)
