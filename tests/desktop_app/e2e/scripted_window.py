"""A real window on a real study, used by a script at random; it tells what it did, line by line.

    python -m tests.desktop_app.e2e.scripted_window SETTINGS

Reads lines of ``file grader seed place`` and opens a window for each, in a process of its own that
somebody else kills; so that the libraries are loaded once. What the window tells are lines of JSON:

``begin``
    something is about to be done, on an image,
``stored``
    a gesture that the window knows to be durable,
``rest``
    all that was done is dealt with: what the image at hand is like now, and its half-drawn outline.
"""

import gc
import importlib
import json
import os
import random
import sys
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, qInstallMessageHandler
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.desk.desk import Desk
from desktop_app.main import sqlite_store
from desktop_app.window.keymap import Keymap
from desktop_app.window.main_window import MainWindow
from desktop_app.window.settings import Settings, open_store
from desktop_app.window.theme import Theme
from desktop_app.worker.bridge import Bridge
from engine.tasks.executors import LocalLanes

NEEDED = (
    "desktop_app.grade.page",
    "desktop_app.grade.who",
    "desktop_app.canvas.canvas",
    "engine.images.decode",
    "engine.images.pyramid",
    "engine.regions.drawing",
    "engine.study.sqlite",
)
"""What a window would load later; it is loaded once, before windows are forked."""

BENIGN = "This plugin does not support"
LEFT = Qt.MouseButton.LeftButton


def fingerprint(grading):
    """Return a short text that differs where anything of a grading differs."""
    said = [grading.image, grading.grader, grading.role, grading.visible, grading.roi_count,
            grading.status, grading.note, grading.problem]  # fmt: skip
    rings = [[ring.tolist() for ring in polygon.rings] for polygon in grading.region]
    return sha256(json.dumps([said, rings]).encode()).hexdigest()[:16]


def tell(kind, **what):
    """Write a line at once and whole, whatever comes next."""
    os.write(1, (json.dumps({"kind": kind, **what}) + "\n").encode())


def tell_bug(error):
    tell("bug", text=repr(error))


class Script:
    """A grader's hands, led by chance."""

    def __init__(self, desk, seed):
        self.desk = desk
        self.page, self.session, self.canvas = desk.page, desk.session, desk.page.canvas
        self.chance = random.Random(seed)
        self.session._autosave.stored.connect(self.on_stored)

    def on_stored(self, revision):
        grading = revision.grading
        print_of = fingerprint(grading)
        tell("stored", image=grading.image, gesture=revision.gesture, print=print_of)

    def go_on(self, place):
        """Go to a place of the queue, take back a few gestures, then work on for ever."""
        self.do(lambda: self.page.go(place), "go")
        for _ in range(self.chance.randrange(4)):
            self.do(self.undo, "undo")
        while True:
            self.do(*self.next_action())

    def do(self, action, name):
        """Do one thing and wait until it is dealt with."""
        item = self.session.item
        tell("begin", image=item.image, what=name)
        action()
        self.rest()

    def rest(self):
        """Wait until nothing waits to be read or stored, and tell how things stand."""
        quiet = 0
        while quiet < 2:
            QApplication.processEvents()
            session = self.session
            is_quiet = session.is_all_stored and session.sheet is not None
            quiet = quiet + 1 if is_quiet and not self.desk.bridge.is_busy else 0
        sheet, draft = session.sheet, session.sheet.draft
        assert self.canvas.is_drawing == bool(draft and draft.is_open)
        assert self.canvas.region == session.grading.region
        half = draft and [draft.tool, draft.is_open, draft.points.tolist()]
        tell("rest", image=sheet.image, place=session.at, print=fingerprint(session.grading),
             draft=half)  # fmt: skip

    # What there is to do

    def next_action(self):
        """Return something to do that makes sense now, and what it is called."""
        if self.canvas.is_drawing:
            draft = self.session.sheet.draft
            enough = draft is not None and len(draft.points) >= 3
            names = ["vertex"] * 4 + ["undo", "cancel", "answer", "go"] + ["close"] * 4 * enough
        else:
            names = ["vertex", "vertex", "undo", "undo", "redo", "answer", "answer", "note",
                     "problem", "go", "done"]  # fmt: skip
            if self.session.grading.region:
                names += ["hole", "drag_vertex", "drag_vertex", "drag_region", "delete", "nudge"]
        name = self.chance.choice(names)
        return getattr(self, name), name

    def key(self, *keys):
        for key in keys:
            target = QApplication.focusWidget() or self.desk.window
            QTest.keySequence(target, QKeySequence(key))

    def point(self):
        """Return a place on the photograph, in the viewport."""
        item = self.session.item
        x, y = self.chance.uniform(0, item.width), self.chance.uniform(0, item.height)
        return self.canvas.to_screen(x, y).toPoint()

    def vertex(self):
        if not self.canvas.is_drawing:
            self.key("P")
        self.click()

    def hole(self):
        self.key("S")
        self.click()

    def click(self):
        at = self.point()
        QTest.mouseMove(self.canvas.viewport(), at)
        QTest.mouseClick(self.canvas.viewport(), LEFT, pos=at)

    def close(self):
        self.key("Return")

    def cancel(self):
        self.key("Escape")

    def undo(self):
        self.key("Ctrl+Z")

    def redo(self):
        self.key("Ctrl+Shift+Z")

    def answer(self):
        self.key(self.chance.choice("12345Q"))
        if self.page.workbench.question.is_open:
            self.key(self.chance.choice(["Return", "Escape"]))

    def note(self):
        self.key("T")
        QTest.keyClicks(QApplication.focusWidget(), f" {self.chance.randrange(1000)}")
        self.key("Ctrl+Return")

    def problem(self):
        self.key("Shift+T")
        menu = self.page.side.remarks.problem.menu_of_problems
        QTest.keyClick(menu, self.chance.choice([Qt.Key.Key_N, Qt.Key.Key_B, Qt.Key.Key_W]))
        self.desk.window.activateWindow()  # a window system would see to that

    def go(self):
        self.key(self.chance.choice(["D", "A"]))

    def done(self):
        self.key("Ctrl+Return")

    def delete(self):
        self.key("]", "Delete")

    def nudge(self):
        self.key("]", self.chance.choice(["Left", "Shift+Down"]))

    def drag_vertex(self):
        self.key("V", "]")
        region = self.session.grading.region
        polygon = region[self.canvas.selected]
        self.drag(self.chance.choice(polygon.exterior.tolist()))

    def drag_region(self):
        self.key("V", "]")
        inside = self.session.grading.region[self.canvas.selected].exterior[:3].mean(axis=0)
        self.drag(inside.tolist())

    def drag(self, at):
        """Press at a point of the photograph, move elsewhere and let go."""
        viewport = self.canvas.viewport()
        start = self.canvas.to_screen(*at).toPoint()
        by = QPoint(self.chance.randrange(-40, 40), self.chance.randrange(-40, 40))
        QTest.mouseMove(viewport, start)
        QTest.mousePress(viewport, LEFT, pos=start)
        for share in (0.3, 0.7, 1.0):
            QTest.mouseMove(viewport, start + by * share)
        QTest.mouseRelease(viewport, LEFT, pos=start + by)


def open_window(settings_file, file, grader, seed, place):
    """Open a window on a study and work in it until somebody kills this process."""
    gc.freeze()
    qInstallMessageHandler(lambda _kind, _context, text: BENIGN in text or tell("bug", text=text))
    sys.excepthook = lambda _kind, error, _trace: tell_bug(error)
    application = QApplication(["dermconcord"])
    settings = Settings(open_store(settings_file))
    window = MainWindow(Theme(application, settings), settings, Keymap(settings.store))
    with LocalLanes() as lanes:
        desk = Desk(window, Bridge(lanes), lanes, sqlite_store(), report=tell_bug)
        window.show()
        window.activateWindow()
        desk.open(file)
        while desk.session is None or desk.session.sheet is None or not _is_shown(desk):
            QApplication.processEvents()
        assert desk.session.grader == grader
        Script(desk, seed).go_on(place)


def _is_shown(desk):
    return desk.page is not None and desk.page.canvas.image_frame().width() > 0


def main():
    settings_file = Path(sys.argv[1])
    for name in NEEDED:
        importlib.import_module(name)
    for line in sys.stdin:
        file, grader, seed, place = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                open_window(settings_file, Path(file), grader, seed, place)
            except BaseException as error:
                tell_bug(error)
            finally:
                os._exit(1)
        tell("started", process=child)
        os.waitpid(child, 0)
        tell("ended")


if __name__ == "__main__":
    main()
