"""What a benchmark reports, and how it takes time and memory."""

import multiprocessing
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured line, ours beside a peer's in the same run.

    Attributes
    ----------
    name
        What was measured.
    ours, peer
        The two measured values, in `unit`; None for a peer where there is nothing to compare with.
    peer_name
        The peer, with its version where it matters.
    ratio
        How many times better ours is (peer / ours for times and bytes), or the figure that
        `reach` speaks of where there is no peer.
    reach
        What is promised of the ratio, in words such as ``>= 500``.
    unit
        Of `ours` and `peer`: ``s``, ``MiB``.
    note
        Whatever a reader must know to judge the figure.
    """

    name: str
    ours: float
    peer: float | None
    peer_name: str
    ratio: float | None
    reach: str
    unit: str
    note: str = ""


def best_of(function: Callable[[], object], times: int) -> float:
    """Return the shortest of several runs, in seconds; the others had company on the machine."""
    return min(_seconds(function) for _ in range(times))


def peak_memory(function: Callable[[], object]) -> float:
    """Return the most memory that Python and numpy held during one run beyond before, in MiB.

    Memory that C++ libraries take by themselves (torch, OpenCV) does not show here: use
    `peak_resident` for those.
    """
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def peak_resident(prepare: Callable[[], Callable[[], object]]) -> float:
    """Return by how much a fresh process outgrew itself during one run, in MiB.

    Parameters
    ----------
    prepare
        A function of a module's top level. Called in the new process, it loads what is not to be
        counted and returns the function to measure.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_growth, (prepare,))


def _growth(prepare: Callable[[], Callable[[], object]]) -> float:
    function = prepare()
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5")  # forget the peak of the preparation
    before = _high_water()
    function()
    return _high_water() - before


def _high_water() -> float:
    """Return the most resident memory this process ever had, in MiB."""
    if sys.platform == "linux":
        # getrusage would pass on the peak of the parent process.
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 2**10
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
