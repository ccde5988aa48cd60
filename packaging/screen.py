"""A screen that nobody sees, with a person's eyes and hands on it: Xvfb and xdotool."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

SIZE = (1600, 1000)
BETWEEN_CLICKS = 0.35
"""Seconds: two clicks that follow sooner are one double click."""

PAINTED = 0.25
"""Share of the screen that is no longer black once the window is there and painted."""

T = TypeVar("T")


class NotSeen(Exception):
    """What was waited for did not come in time."""


@dataclass(frozen=True)
class Screen:
    """One X server.

    Attributes
    ----------
    display
        Its name, as in ``DISPLAY``.
    """

    display: str

    def picture(self) -> NDArray[np.uint8]:
        """Return what the screen shows; shape (height, width, 3)."""
        from PIL import ImageGrab  # noqa: PLC0415 - only a build that measures needs Pillow

        return np.asarray(ImageGrab.grab(xdisplay=self.display).convert("RGB"))

    def is_painted(self) -> bool:
        """Tell whether a window's content is to be seen; an empty screen is black."""
        return float(self.picture()[::8, ::8].any(axis=2).mean()) > PAINTED

    def window_of(self, process: int) -> str | None:
        """Return the visible window of a process."""
        found = self._xdotool(
            "search", "--all", "--onlyvisible", "--pid", str(process), "--name", "."
        )
        return found.split()[-1] if found else None

    def focus(self, window: str) -> None:
        """Let a window have the keys; there is no window manager that would."""
        self._xdotool("windowfocus", "--sync", window)

    def key(self, *names: str) -> None:
        """Press keys one after another, each by X's name, such as ``ctrl+Return``."""
        self._xdotool("key", "--delay", "60", *names)

    def click(self, x: float, y: float) -> None:
        """Click the first button at a place, and wait until the next is a click of its own."""
        self._xdotool("mousemove", "--sync", str(round(x)), str(round(y)), "click", "1")
        time.sleep(BETWEEN_CLICKS)

    def _xdotool(self, *words: str) -> str:
        environment = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(
            ["xdotool", *words], env=environment, capture_output=True, text=True, check=False
        )
        return done.stdout


def can_show() -> bool:
    """Tell whether there is what a screen needs on this machine."""
    return all(map(shutil.which, ("Xvfb", "xdotool")))


@contextmanager
def hidden_screen(size: tuple[int, int] = SIZE) -> Iterator[Screen]:
    """Start a screen of this size, black and without a window manager, and end it afterwards."""
    reading, writing = os.pipe()
    line = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size[0]}x{size[1]}x24"]
    line += ["-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(line, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise NotSeen("Xvfb did not start")
        yield Screen(f":{number}")
    finally:
        server.terminate()
        server.wait()


def wait_until(look: Callable[[], T], what: str, *, seconds: float = 30, pause: float = 0.1) -> T:
    """Look again and again until something true is seen, and return it.

    Raises
    ------
    NotSeen
        With ``what``, where it takes longer than ``seconds``.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        seen = look()
        if seen:
            return seen
        time.sleep(pause)
    raise NotSeen(f"Waited {seconds:.0f} s in vain for {what}")
