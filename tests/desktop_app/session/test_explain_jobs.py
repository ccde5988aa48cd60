"""Work of the Explain page: known until it has ended, wanted or not."""

import pytest
from PySide6.QtWidgets import QApplication

from desktop_app.session.explaining.jobs import Jobs, Latest
from desktop_app.worker.bridge import Bridge
from engine.domain.problem import refuse
from engine.tasks.cancel import CancelToken
from engine.tasks.executors import InlineExecutor, Lane, SteppingExecutor


@pytest.fixture
def steps():
    return SteppingExecutor()


@pytest.fixture
def errors():
    return []


@pytest.fixture
def jobs(qapp, steps, errors):
    bridge = Bridge(steps)
    jobs = Jobs(bridge, InlineExecutor(), on_error=errors.append)
    jobs.keep = bridge
    return jobs


def deliver(steps, count=1):
    """Run so many tasks and hand their events over."""
    for _ in range(count):
        steps.step()
    QApplication.processEvents()


def test_an_answer_comes_once_and_the_work_is_over(jobs, steps):
    answers = []
    work = jobs.run(Lane.CPU, lambda: 7, then=answers.append)
    assert jobs.is_busy
    assert not work.has_ended
    deliver(steps)
    assert answers == [7]
    assert work.has_ended
    assert not jobs.is_busy


def test_dropped_work_is_not_heard_but_known_until_it_has_ended(jobs, steps):
    answers = []
    work = jobs.run(Lane.CPU, lambda: 7, then=answers.append)
    work.drop()
    assert jobs.is_busy, "it may still read the study"
    deliver(steps)
    assert answers == []
    assert not jobs.is_busy


def test_a_job_cancelled_while_it_is_queued_is_stopped_and_never_begins(jobs, steps):
    begun, ends = [], []
    work = jobs.start(
        begun.append, then=lambda _: ends.append("done"), stopped=lambda: ends.append("stopped")
    )
    work.cancel()
    deliver(steps)
    assert begun == []
    assert ends == ["stopped"]


def test_settling_stops_what_may_be_stopped_and_waits_for_what_must_finish(jobs, steps):
    done, settled = [], []
    jobs.run(Lane.CPU, lambda: done.append("read"))
    jobs.run(Lane.STUDY, lambda: done.append("written"), must_finish=True)
    jobs.when_settled(lambda: settled.append(True))
    assert not settled
    deliver(steps)
    assert not settled, "the second one is still to come"
    deliver(steps)
    assert done == ["written"]
    assert settled == [True]


def test_nothing_begins_while_it_settles_and_all_may_begin_after(jobs, steps):
    answers = []
    jobs.run(Lane.CPU, lambda: 1)
    jobs.when_settled(lambda: None)
    refused = jobs.run(Lane.CPU, lambda: 2, then=answers.append)
    assert refused.has_ended
    deliver(steps, 2)
    assert answers == []
    jobs.run(Lane.CPU, lambda: 3, then=answers.append)
    deliver(steps)
    assert answers == [3]


def test_settling_with_nothing_under_way_calls_back_at_once(jobs):
    settled = []
    jobs.when_settled(lambda: settled.append(True))
    assert settled == [True]


def test_an_error_that_nobody_listens_for_is_told(jobs, steps, errors):
    def fail():
        raise refuse("x", "here", "it failed", "Try")

    jobs.run(Lane.CPU, fail)
    deliver(steps)
    assert [error.problem.code for error in errors] == ["x"]
    assert not jobs.is_busy


def test_a_bug_in_a_callback_does_not_keep_the_page_from_closing(jobs, steps, monkeypatch):
    settled = []

    def bad(_answer):
        raise ValueError("bug")

    monkeypatch.setattr("sys.excepthook", lambda *_: None)
    work = jobs.run(Lane.CPU, lambda: 1, then=bad, must_finish=True)
    jobs.when_settled(lambda: settled.append(True))
    with pytest.raises(ValueError, match="bug"):
        jobs._end(work, lambda: bad(1))  # as Qt would call it
    assert settled == [True]
    steps._queue.clear()


class Wishes:
    """Begins a wish as a task and keeps what came of it."""

    def __init__(self, jobs):
        self.jobs = jobs
        self.begun, self.answers = [], []
        self.latest = Latest(self.begin)

    def begin(self, wish, done):
        self.begun.append(wish)

        def then(answer):
            self.answers.append(answer)
            done()

        return self.jobs.run(Lane.CPU, lambda: wish, then=then)


def test_of_many_wishes_the_first_and_the_last_are_worked_on(jobs, steps):
    wishes = Wishes(jobs)
    for wish in range(5):
        wishes.latest.ask(wish)
    assert wishes.begun == [0]
    deliver(steps, 2)
    deliver(steps, 2)
    assert wishes.begun == [0, 4]
    assert wishes.answers == [0, 4]
    assert not wishes.latest.is_waiting


def test_forgotten_wishes_are_not_answered_and_a_new_one_begins_at_once(jobs, steps):
    wishes = Wishes(jobs)
    wishes.latest.ask(1)
    wishes.latest.ask(2)
    wishes.latest.forget()
    wishes.latest.ask(3)
    assert wishes.begun == [1, 3]
    deliver(steps, 2)
    assert wishes.answers == [3]


def test_the_token_of_work_holds_and_stops_it(jobs, steps):
    work = jobs.start(lambda job: job.cancel.check())
    assert isinstance(work.token, CancelToken)
    work.token.pause()
    assert work.token.is_paused
    work.token.resume()
    deliver(steps)
    assert work.has_ended
