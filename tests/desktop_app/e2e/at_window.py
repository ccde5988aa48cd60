"""A person before the whole program: starts it, finds what is named on it, presses and types."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.desktop_app.e2e.person import ROOT, Hands, screen, wait_until

LABELS = ("QLabel", "WrappedLabel")
EYES = Path(__file__).with_name("eyes")
SIZE = (1600, 1000)
PATIENCE = 90
"""Seconds that a person waits for what is to come at once: others may use the machine too."""


@dataclass(frozen=True)
class Seen:
    """One thing on the screen, as a screen reader is told of it.

    Attributes
    ----------
    window
        Title of the window that it is in.
    name, value
        What it is called, and what is written in it.
    """

    window: str
    kind: str
    name: str
    value: str
    left: int
    top: int
    width: int
    height: int
    is_enabled: bool
    is_checked: bool
    has_focus: bool
    is_window: bool

    @property
    def middle(self):
        return self.left + self.width // 2, self.top + self.height // 2


@dataclass
class Person:
    """Eyes and hands of somebody before one running program."""

    process: subprocess.Popen
    hands: Hands
    home: Path
    eyes: str
    errors: Path
    main: str

    # Eyes

    def look(self):
        """Return all that is to be seen now."""
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(self.eyes)
            except (FileNotFoundError, ConnectionRefusedError):
                return []
            with line.makefile("rb") as told:
                text = told.read()
        return [Seen(**thing) for thing in json.loads(text or b"[]")]

    def all_of(self, words, *, kind="", window=None):
        """Return the things whose name, or what is written in them, begins with words.

        Those that are more than words come first.
        """
        found = [
            thing
            for thing in self.look()
            if (thing.name.startswith(words) or (not thing.name and thing.value.startswith(words)))
            and kind in ("", thing.kind)
            and window in (None, thing.window)
        ]
        return sorted(found, key=lambda thing: thing.kind in LABELS)

    def see(self, words, *, kind="", window=None, seconds=PATIENCE):
        """Wait until something is there and can be used, and return it."""

        def look():
            found = self.all_of(words, kind=kind, window=window)
            return next((thing for thing in found if thing.is_enabled), None)

        return wait_until(look, f"{kind} “{words}”", seconds=seconds)

    def wait_gone(self, words, *, seconds=PATIENCE):
        wait_until(lambda: not self.all_of(words), f"“{words}” to go", seconds=seconds)

    def focused(self):
        """Return what has the keys."""
        return next(
            (t for t in self.look() if t.has_focus and t.kind != "cell" and not t.is_window), None
        )

    # Hands

    def press(self, *keys):
        """Press keys; where a dialog that went by itself took them along, turn back first."""
        if not any(thing.is_window and thing.has_focus for thing in self.look()):
            self.turn_back()
        self.hands.press(*keys)

    def go_to_page(self, key, words, *, seconds=PATIENCE):
        """Press the key of a page until it is there; a dialog that goes may take a key along."""

        def is_there():
            self.press(key)
            return wait_for(lambda: self.all_of(words), looks=40)

        wait_until(is_there, words, seconds=seconds)

    def write(self, text):
        self.hands.write(text)

    def click(self, words, *, kind="", window=None, seconds=PATIENCE):
        """Click on something by its name."""
        thing = self.see(words, kind=kind, window=window, seconds=seconds)
        self.hands.click(thing.middle)
        return thing

    def fill(self, words, text, *, window=None):
        """Write in a field in place of what is there."""
        self.click(words, window=window)
        self.press("ctrl+a")
        self.write(text)
        has = lambda: any(t.value == text for t in self.all_of(words, window=window))  # noqa: E731
        wait_until(has, f"{text} in “{words}”", seconds=PATIENCE)

    # Windows: there is no window manager, so a person turns to a window by themselves

    def attend(self, title, *, seconds=PATIENCE):
        """Turn to the window with a title, once it is there."""
        found = wait_until(lambda: self._windows(title), f"the window {title}", seconds=seconds)
        self._turn_to(found[-1], title)

    def turn_back(self, *, seconds=PATIENCE):
        """Turn to the main window again once all others are gone."""
        is_alone = lambda: len({t.window for t in self.look()}) == 1  # noqa: E731
        wait_until(is_alone, "other windows to go", seconds=seconds)
        self._turn_to(self.main, "DermConcord")

    def _turn_to(self, window, title):
        def has_turned():
            self.hands.shown.focus(window)
            return any(
                t.is_window and t.has_focus and t.window.endswith(title) for t in self.look()
            )

        wait_until(has_turned, f"{title} to take the keys", seconds=PATIENCE)

    def _windows(self, title):
        environment = {**os.environ, "DISPLAY": self.hands.shown.display}
        line = ["xdotool", "search", "--onlyvisible", "--name", title]
        done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
        return done.stdout.split()

    def name_file(self, title, path, *, back_to=""):
        """Answer Qt's own file dialog by the typed path, and turn to another window again."""
        self.attend(title)
        words = ("File name:", "Directory:")
        field = self.see(words, kind="QLineEdit", window=title)
        self.hands.click(field.middle)
        self.press("ctrl+a")
        self.write(str(path))
        is_typed = lambda: self.see(words, kind="QLineEdit").value == str(path)  # noqa: E731
        wait_until(is_typed, f"{path} to be typed", seconds=PATIENCE)
        self.press("Return")
        wait_until(lambda: not self._windows(title), f"{title} to be answered", seconds=PATIENCE)
        self.attend(back_to) if back_to else self.turn_back()

    # The end

    def quit(self, *, seconds=60):
        """Close the window by its key, and expect a clean end without a word."""
        self.press("ctrl+q")
        assert self.process.wait(seconds) == 0
        self.assert_silent()

    def assert_silent(self):
        assert self.errors.read_text() == ""


def wait_for(look, *, looks):
    """Look so many times, and tell whether anything was seen."""
    return any(look() for _ in range(looks))


def environment_of(home):
    """Return the environment of somebody whose files are all under one folder."""
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("QT_", "XDG_")) or name == "XDG_DATA_DIRS"
    }
    return {
        **kept,
        "HOME": str(home),
        "QT_QPA_PLATFORM": "xcb",
        "QT_QPA_PLATFORMTHEME": "",  # Qt's own file dialog
    }


@contextmanager
def program(home, shown, *arguments, number=1):
    """Start the program on a screen, and see to it that it is gone afterwards."""
    home.mkdir(exist_ok=True)
    errors = home / f"errors-{number}.txt"
    with tempfile.TemporaryDirectory() as folder, errors.open("w") as told:
        eyes = str(Path(folder) / "eyes")
        environment = {
            **environment_of(home),
            "DISPLAY": shown.display,
            "DERMCONCORD_TEST_EYES": eyes,
            "PYTHONPATH": os.pathsep.join([str(EYES), str(ROOT)]),
        }
        line = [sys.executable, "-m", "desktop_app", *map(str, arguments)]
        process = subprocess.Popen(line, cwd=ROOT, env=environment, stderr=told)
        try:
            main = wait_until(lambda: shown.window_of(process.pid), "the window", seconds=60)
            person = Person(process, Hands(shown), home, eyes, errors, main)
            person.turn_back()
            yield person
        finally:
            process.kill()
            process.wait()


def command(home, *arguments):
    """Run a command of the program as the same person, and return what it wrote."""
    line = [sys.executable, "-m", "desktop_app", *map(str, arguments)]
    environment = {**environment_of(home), "COLUMNS": "200"}
    done = subprocess.run(
        line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def hidden_screen():
    return screen.hidden_screen(SIZE)
