"""The window during a run, in a process of its own: how long it answers nobody; prints JSON.

``python -m benchmarks.responsive_probe FOLDER``: the demo study is made there, its Explain page
opened and run, once with nothing loaded and once more with other settings.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from desktop_app.desk.desk import Desk
from desktop_app.main import SWITCH, sqlite_store
from desktop_app.window.action_table import Place
from desktop_app.window.keymap import Keymap
from desktop_app.window.main_window import MainWindow
from desktop_app.window.settings import Settings, open_store
from desktop_app.window.theme import Theme
from desktop_app.worker.bridge import Bridge
from engine.tasks.executors import LocalLanes

BEAT = 2
"""Milliseconds between two beats of the window's thread, where nothing holds it up."""

GRADIENTS = 200, 250
LONGEST = 600.0


class Pulse:
    """Beats on the window's thread; what lies between two beats is time without an answer."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._beat)

    def during(self, work: Callable[[], object]) -> list[float]:
        """Return the seconds between beats, longest first, while some work is done."""
        self.pauses = []
        self._last = time.perf_counter()
        self._timer.start()
        work()
        self._timer.stop()
        return sorted(self.pauses, reverse=True)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.pauses.append(now - self._last)
        self._last = now


def wait(condition: Callable[[], object]) -> None:
    """Let the window live until a condition holds."""
    end = time.monotonic() + LONGEST
    while not condition():
        pause(20)
        if time.monotonic() > end:
            raise TimeoutError


def pause(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main(folder: Path) -> dict[str, Any]:
    """Return the pauses of an idle window, of a first run, and of a run with all loaded."""
    application = QApplication([])
    settings = Settings(open_store(folder / "settings.ini"))
    settings.name = "Ada"
    window = MainWindow(Theme(application, settings), settings, Keymap(settings.store))
    window.resize(1600, 1000)
    sys.setswitchinterval(SWITCH)
    lanes = LocalLanes(gives_way=True)
    bridge = Bridge(lanes)
    errors: list[BaseException] = []
    desk = Desk(
        window, bridge, lanes, sqlite_store(), report=errors.append, demo_folder=folder / "demo"
    )
    window.show()
    desk.open_demo()
    wait(lambda: desk.session is not None and not bridge.is_busy)
    window.pages.go(Place.EXPLAIN)
    wait(lambda: not bridge.is_busy)
    page: Any = window.page
    pulse = Pulse()
    found = {"idle": pulse.during(lambda: pause(2000))}
    for name, gradients in zip(("first", "loaded"), GRADIENTS, strict=True):
        saliency = page.session.settings.saliency.model_copy(update={"joint_gradients": gradients})
        page.session.set_settings(page.session.settings.model_copy(update={"saliency": saliency}))

        def run() -> None:
            page.run()
            wait(lambda: not page.session.running.is_running and not bridge.is_busy)

        found[name] = pulse.during(run)
    if errors:
        raise errors[0]
    return {
        name: {"longest": pauses[0], "late": sum(p > 0.05 for p in pauses), "beats": len(pauses)}
        for name, pauses in found.items()
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))), flush=True)
    os._exit(0)  # what is measured is measured
