"""One measurement of our window in a process of its own; prints JSON.

``python -m benchmarks.window_probe WHAT ARGUMENT``, as `MEASURES` lists them. The application is
started as ``python -m desktop_app`` starts it; only its event loop is replaced by one that waits
for events as Qt's own does, and in between does what a person would do.
"""

import json
import math
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from desktop_app.grade.page import GradePage
    from desktop_app.window.main_window import MainWindow
    from engine.domain.grading import Grading, Revision
    from engine.domain.polygon import Region
    from engine.study.protocol import Study

SIZE = 1600, 1000
"""Of the window, in pixels; the peer's has the same."""

LOOK = 1.0
"""Seconds for which a grader looks at an image at the very least."""

APART = 3
"""Places of the queue between two images of which neither has the other decoded ahead."""

VERTICES, REGIONS, GESTURES = 60, 3, 200
LONGEST = 120.0
AHEAD = 5.0
"""Seconds that decoding the neighbours of a large image may take."""


Answer = dict[str, Any]
Condition = Callable[[], object]


def main(what: str, argument: str) -> None:
    """Measure one thing and print it."""
    answers: list[Answer] = []

    def drive(*_: object) -> int:
        try:
            answers.append(MEASURES[what](_window(), argument))
        except Exception:
            traceback.print_exc()  # the program's own report leaves all words out
        QApplication.closeAllWindows()
        wait_until(lambda: not any(w.isVisible() for w in QApplication.topLevelWidgets()))
        return 0

    QApplication.exec = staticmethod(drive)  # type: ignore[method-assign]
    from desktop_app.__main__ import main as start

    start([])
    if not answers:
        sys.exit(1)
    print(json.dumps(answers[0]))


def open_study(window: "MainWindow", file: str) -> Answer:
    """Return the seconds until the queue is listed, and until the first picture is painted."""
    _prepare(window, file)
    start = time.perf_counter()
    opening = _open(window, file)
    listed = wait_until(lambda: opening.list.is_done) - start
    painted = wait_until(lambda: opening.picture.is_done) - start
    megabytes = peak_megabytes()
    _pass(AHEAD)
    return {
        "listed": listed,
        "painted": painted,
        "megabytes": megabytes,
        "megabytes_ahead": peak_megabytes(),
    }


def next_images(window: "MainWindow", file: str) -> Answer:
    """Return the seconds of each next image by key, after a look at the one before; then of others.

    The next ones are the first third of the queue. The others are places of the rest, so far apart
    that none was decoded ahead.
    """
    page = _at_first_picture(window, file)
    count = len(page.session.items)
    ahead = [_seconds_to(page, place, partial(_press_next, page)) for place in range(1, count // 3)]
    others = range(count // 3 + 2, count, APART)
    cold = [_seconds_to(page, place, partial(page.go, place)) for place in others]
    return {"ahead": ahead, "cold": cold}


def gestures(window: "MainWindow", file: str) -> Answer:
    """Return for each gesture the seconds until it is durable, and those that the window waits."""
    page = _at_first_picture(window, file)
    commits = Commits(page.session.study)
    durable, blocked = [], []
    for number in range(GESTURES):
        region = outlines(number)
        start = time.perf_counter()
        page.canvas.region_changed.emit(region, "move vertex")
        blocked.append(time.perf_counter() - start)
        wait_until(partial(commits.is_made, number))
        durable.append(commits.at[number] - start)
        _pass(0.05)
    return {"durable": durable, "blocked": blocked}


def outlines(number: int) -> "Region":
    """Return three regions; from one number to the next, one vertex of one region is moved."""
    import numpy as np

    from engine.domain.polygon import Polygon, ring

    angles = np.arange(VERTICES) * (2 * math.pi / VERTICES)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1) * 300
    rings = [circle + np.array([800 * (place + 1), 1500]) for place in range(REGIONS)]
    for place, points in enumerate(rings):
        points[0, 0] += (number + place) // REGIONS
    return tuple(Polygon(ring(points)) for points in rings)


MEASURES: dict[str, Callable[["MainWindow", str], Answer]] = {
    "open": open_study,
    "next": next_images,
    "gestures": gestures,
}


class Paint(QObject):
    """Knows when a widget has been painted while a condition held."""

    def __init__(self, widget: QWidget, is_right: Condition) -> None:
        super().__init__(widget)
        self.is_done = False
        self._is_right = is_right
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of a paint; it is over once the event loop is back."""
        if event.type() == QEvent.Type.Paint and self._is_right():
            self.is_done = True
            watched.removeEventFilter(self)
        return False


class Opening:
    """What is painted of a study that is being opened."""

    def __init__(self, page: "GradePage") -> None:
        self.page = page
        self.list = Paint(page.queue.images.viewport(), lambda: page.session.at >= 0)
        self.picture = picture_of(page, lambda: True)


class Commits:
    """The moments at which the store had made gestures durable."""

    def __init__(self, study: "Study") -> None:
        self.at: list[float] = []
        append = study.append

        def timed(grading: "Grading", **written: Any) -> "Revision":  # noqa: ANN401
            revision = append(grading, **written)
            self.at.append(time.perf_counter())
            return revision

        study.append = timed  # type: ignore[method-assign]

    def is_made(self, number: int) -> bool:
        """Tell whether so many gestures and one are durable."""
        return len(self.at) > number


def picture_of(page: "GradePage", is_wanted: Condition) -> Paint:
    """Return the paint of the next whole picture that is the wanted one."""
    come: list[object] = []
    page.session.picture_ready.connect(lambda item, _: come.append(item))
    return Paint(page.canvas.viewport(), lambda: come and is_wanted())


def wait_until(is_so: Condition) -> float:
    """Wait for events as Qt's own loop does, until something is so; return the moment."""
    alarm = QTimer()
    alarm.start(int(LONGEST * 1000))
    end = time.monotonic() + LONGEST
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    return time.perf_counter()


def peak_megabytes() -> float:
    """Return the most memory that this process ever had."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6


def _window() -> "MainWindow":
    """Return the program's window; its dialogs ask for nothing to be opened."""
    windows = QApplication.topLevelWidgets()
    found = next(window for window in windows if hasattr(window, "open_wanted"))
    return cast("MainWindow", found)


def _at_first_picture(window: "MainWindow", file: str) -> "GradePage":
    _prepare(window, file)
    opening = _open(window, file)
    wait_until(lambda: opening.picture.is_done)
    return opening.page


def _prepare(window: "MainWindow", file: str) -> None:
    """Let the window come up, at the peer's size, and know who its person is in a study."""
    with closing(sqlite3.connect(file)) as connection:
        (study_id,) = connection.execute("SELECT id FROM study").fetchone()
        (name,) = connection.execute("SELECT name FROM graders").fetchone()
    window.settings.remember_grader(study_id, name)
    window.resize(*SIZE)
    window.activateWindow()
    _pass(LOOK)


def _open(window: "MainWindow", file: str) -> Opening:
    """Ask for a study as its menu does, and wait for the page."""
    opened: list[Opening] = []
    show = window.show_page

    def show_page(page: QWidget, title: str, **shown: Any) -> None:  # noqa: ANN401
        if hasattr(page, "session"):
            opened.append(Opening(cast("GradePage", page)))
        show(page, title, **shown)

    window.show_page = show_page  # type: ignore[method-assign]
    window.open_wanted.emit(Path(file))
    wait_until(lambda: opened)
    return opened[0]


def _seconds_to(page: "GradePage", place: int, action: Callable[[], object]) -> float:
    """Return the seconds from an action to the paint of a place's picture, after a look."""
    _pass(LOOK)
    picture = picture_of(page, lambda: page.session.at == place)
    start = time.perf_counter()
    action()
    return wait_until(lambda: picture.is_done) - start


def _press_next(page: "GradePage") -> None:
    QTest.keyClick(page.canvas, Qt.Key.Key_D)


def _pass(seconds: float) -> None:
    """Let time pass in which the window does what it does by itself."""
    end = time.monotonic() + seconds
    wait = QTimer()
    wait.start(max(1, int(seconds * 1000)))
    wait_until(lambda: time.monotonic() >= end)


if __name__ == "__main__":
    main(*sys.argv[1:])
