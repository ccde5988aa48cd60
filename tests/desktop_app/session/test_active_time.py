"""Time at work counts what passes between inputs, and no pause in full."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.session.active_time import ActiveTime


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_a_pause_counts_up_to_the_limit_and_no_further():
    clock = Clock()
    active = ActiveTime(clock, idle_after=60)
    clock.now += 5
    active.touch()
    clock.now += 3_600
    active.touch()
    clock.now += 10
    assert active.seconds == pytest.approx(5 + 60 + 10)


def test_looking_alone_counts_until_the_limit():
    clock = Clock()
    active = ActiveTime(clock, idle_after=60)
    clock.now += 30
    assert active.seconds == 30
    clock.now += 300
    assert active.seconds == 60


@given(st.lists(st.floats(0, 1e4), max_size=20), st.floats(0.1, 100))
def test_the_time_is_the_sum_of_the_gaps_each_cut_at_the_limit(gaps, limit):
    clock = Clock()
    active = ActiveTime(clock, idle_after=limit)
    for gap in gaps:
        clock.now += gap
        active.touch()
    assert active.seconds == pytest.approx(sum(min(gap, limit) for gap in gaps), abs=1e-6)
