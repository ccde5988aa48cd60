"""Small tasks run ahead of their reader and come back in order."""

import time

import pytest

from engine.tasks.cancel import CancelToken, Stopped
from engine.tasks.executors import InlineExecutor, Lane, LocalLanes
from engine.tasks.ordered import in_order
from engine.tasks.progress import Step, throttled


def test_results_come_in_the_order_of_the_items_though_tasks_end_out_of_order():
    def slow_if_even(n):
        time.sleep(0.02 if n % 2 == 0 else 0)
        return n

    with LocalLanes(cpu_threads=4) as lanes:
        stage = in_order(
            range(12), slow_if_even, lane=Lane.CPU, executor=lanes, cancel=CancelToken(), ahead=4
        )
        assert list(stage) == list(range(12))


def test_items_are_drawn_only_so_far_ahead():
    drawn = []

    def items():
        for n in range(100):
            drawn.append(n)
            yield n

    stage = in_order(
        items(), abs, lane=Lane.CPU, executor=InlineExecutor(), cancel=CancelToken(), ahead=3
    )
    next(stage)
    assert len(drawn) == 4


def test_a_cancelled_token_stops_the_reader():
    token = CancelToken()
    stage = in_order(
        range(10), abs, lane=Lane.CPU, executor=InlineExecutor(), cancel=token, ahead=0
    )
    next(stage)
    token.cancel()
    with pytest.raises(Stopped):
        next(stage)


def test_stages_can_be_joined_without_holding_more_than_a_few_items():
    with LocalLanes() as lanes:
        first = in_order(
            range(50), lambda n: n + 1, lane=Lane.CPU, executor=lanes, cancel=CancelToken()
        )
        second = in_order(
            first, lambda n: n * 10, lane=Lane.GPU, executor=lanes, cancel=CancelToken()
        )
        assert list(second) == [(n + 1) * 10 for n in range(50)]


def test_progress_passes_at_most_ten_steps_a_second():
    now = 0.0
    heard = []
    progress = throttled(heard.append, clock=lambda: now)
    for done in range(1, 1001):
        now = done / 100
        progress(Step("room", done, 2000))
    assert 95 <= len(heard) <= 101
