"""Lanes are threads of this machine, each with the priority that its work deserves."""

import os
import sys
import threading

import pytest

from engine.tasks.executors import Lane, LocalLanes


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_lanes_that_compute_give_way_where_a_window_has_to_answer():
    def priority():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    with LocalLanes(gives_way=True) as lanes:
        seen = {lane: lanes.submit(lane, priority).result() for lane in Lane}
    own = priority()
    assert seen[Lane.CPU] > own
    assert seen[Lane.GPU] > own
    assert seen[Lane.STUDY] == seen[Lane.JOB] == own
