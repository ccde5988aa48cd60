"""The grader's window beside labelme: how soon it, the next image and a long queue are there.

All of it is drawn by the processor, into a window that no screen shows.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks import labelme_peer
from benchmarks.many_images import GRADER, folder_of, study_of
from benchmarks.measure import Figure
from benchmarks.pictures import BUILD, photographs
from desktop_app.main import QUIT_WHEN_SHOWN, sqlite_store
from desktop_app.studies import NewStudy, make_study
from engine.tasks.cancel import CancelToken
from engine.tasks.executors import LocalLanes

ROOT = Path(__file__).resolve().parent.parent
IMAGES = 24
TIMES = 3
QUEUE = 100_000
LONGEST = 600.0
"""Seconds after which a measurement is given up."""

Answer = dict[str, Any]
Rows = list[Figure]


def measure() -> Rows:
    """Measure the window in fresh processes, each figure beside labelme's of the same files."""
    return [*_start(), *_next_images(), *_large_image(), *_long_queue(), *_gestures()]


def percentile_95(values: Sequence[float]) -> float:
    """Return the value that 95 % of the values do not exceed."""
    return quantiles(values, n=20, method="inclusive")[-1]


def values(answers: Iterable[Answer | None], name: str) -> list[float]:
    """Return what each answer has under a name; nothing for a peer that did not answer."""
    return [answer[name] for answer in answers if answer]


def probe(what: str, argument: str) -> Answer:
    """Have our window measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.window_probe", what, argument]
    with quiet_environment() as environment:
        answer = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            cwd=ROOT,
            env=environment,
        )
    if answer.returncode:
        raise RuntimeError(answer.stderr)
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def _first_frame() -> tuple[float, str]:
    """Return the seconds from starting the program to its first frame, and what it had loaded."""
    command = [sys.executable, "-m", "desktop_app"]
    with quiet_environment() as environment:
        start = time.monotonic()
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env=environment | {QUIT_WHEN_SHOWN: "1"},
        ) as program:
            said = program.stdout.readline() if program.stdout else ""
            seconds = time.monotonic() - start
    shown, *loaded = said.split() or [""]
    if shown != "shown":
        raise RuntimeError("the window did not come up")
    return seconds, " ".join(loaded)


@contextmanager
def quiet_environment() -> Iterator[dict[str, str]]:
    """Give a process a window that no screen shows, and settings that nobody has used yet."""
    with tempfile.TemporaryDirectory() as folder:
        homes = {f"XDG_{kind}_HOME": folder for kind in ("CONFIG", "STATE", "DATA", "CACHE")}
        yield os.environ | homes | {"QT_QPA_PLATFORM": "offscreen"}


def _start() -> Rows:
    ours, loaded = zip(*(_first_frame() for _ in range(5)), strict=True)
    peer = labelme_peer.window_seconds(5)
    note = f"loads of the heavy libraries: {loaded[0] or 'none'}"
    if peer is None:
        note += "; labelme cannot be installed here"
    return [_figure("window visible in a new process", min(ours), peer, "< 1.0 s", "s", note)]


def _next_images() -> Rows:
    rows = []
    for kind, is_turned in (("", False), (", turned by EXIF", True)):
        with study_with(photographs(12, IMAGES, is_turned=is_turned)) as study:
            ours = probe("next", str(study))
            theirs = labelme_peer.ask("next", str(study.parent))
        peer = median(theirs["seconds"]) if theirs else None
        ahead, cold = ours["ahead"], ours["cold"]
        rows += [
            _figure(f"next image of 12 Mpixel{kind}", median(ahead), peer, "< 0.1 s", "s",
                    f"decoded ahead; longest {max(ahead):.3f} s"),
            _figure(f"another image of 12 Mpixel{kind}", median(cold), peer, "< 0.5 s", "s",
                    f"not decoded ahead; longest {max(cold):.3f} s"),
        ]  # fmt: skip
    return rows


def _large_image() -> Rows:
    with study_with(photographs(100, 1)) as study:
        ours = [probe("open", str(study)) for _ in range(TIMES)]
        picture = next(study.parent.glob("*.jpg"))
        theirs = [labelme_peer.ask("open", str(picture)) for _ in range(TIMES)]
    with study_with(photographs(100, 3)) as study:
        among = probe("open", str(study))
    seconds = min(values(ours, "painted")), min(values(theirs, "seconds"), default=None)
    memory = min(values(ours, "megabytes")), min(values(theirs, "megabytes"), default=None)
    return [
        _figure("open a study with an image of 100 Mpixel", *seconds, "< 2.5 s", "s", "painted"),
        _figure("... memory of the process", *memory, "< 1500 MB", "MB"),
        _figure("... with two more of them in the queue", among["megabytes_ahead"], None,
                "< 1500 MB", "MB", "a while after the first is painted"),
    ]  # fmt: skip


def _long_queue() -> Rows:
    ours = [probe("open", str(study_of(QUEUE))) for _ in range(TIMES)]
    theirs = labelme_peer.ask("folder", str(folder_of(QUEUE)))
    peer = theirs["seconds"] if theirs else None
    listed, painted = (min(values(ours, name)) for name in ("listed", "painted"))
    note = "listed, the first image asked for; labelme: a folder"
    return [
        _figure(f"open a queue of {QUEUE:,} images", listed, peer, "< 1 s", "s", note),
        _figure("... until its first image is painted", painted, peer, "", "s"),
    ]


def _gestures() -> Rows:
    with study_with(photographs(12, 1)) as study:
        ours = probe("gestures", str(study))
        theirs = labelme_peer.ask("gestures", str(study.parent))
    durable, blocked = ours["durable"], ours["blocked"]
    peer = theirs["seconds"] if theirs else None
    name, note = "the window waits for a gesture", "labelme writes its file meanwhile, no fsync"
    return [
        _figure("a gesture is durable", 1000 * median(durable), None, "< 20 ms", "ms", "median"),
        _figure("...", 1000 * percentile_95(durable), None, "< 20 ms", "ms", "95th percentile"),
        _figure(name, 1000 * median(blocked), peer and 1000 * median(peer), "< 2 ms", "ms",
                f"median; {note}"),
        _figure("...", 1000 * percentile_95(blocked), peer and 1000 * percentile_95(peer),
                "< 2 ms", "ms", "95th percentile"),
    ]  # fmt: skip


@contextmanager
def study_with(pictures: Sequence[Path]) -> Iterator[Path]:
    """Make a study of pictures in a folder of its own, all of them to be graded by `GRADER`."""
    with tempfile.TemporaryDirectory(dir=BUILD) as folder, LocalLanes() as lanes:
        for picture in pictures:
            os.link(picture, Path(folder) / picture.name)
        wanted = NewStudy(Path(folder) / "study.concord", (Path(folder),), GRADER)
        opened = make_study(sqlite_store(), wanted, lanes, CancelToken(), lambda _step: None)
        opened.study.close()
        yield opened.file


def _figure(
    name: str, ours: float, peer: float | None, reach: str, unit: str, note: str = ""
) -> Figure:
    peer_name = "" if peer is None else labelme_peer.NAME
    return Figure(name, ours, peer, peer_name, peer and peer / ours, reach, unit, note)
