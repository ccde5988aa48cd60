"""Mouse and keys at random on the page, lanes that answer late: all goes to the image shown."""

import shutil
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from PIL import Image as Picture
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.canvas.canvas import Canvas
from desktop_app.grade.page import GradePage
from desktop_app.session.grading import GradingSession
from desktop_app.window.keymap import Keymap
from desktop_app.window.main_window import MainWindow
from desktop_app.window.settings import Settings, open_store
from desktop_app.window.theme import Theme
from desktop_app.worker.bridge import Bridge
from engine.domain.grading import Role, Task
from engine.domain.image import Image
from engine.domain.queue import blank_grading
from engine.images.digest import digest_of
from engine.study.sqlite import create_study, open_study
from engine.tasks.executors import Lane, SteppingExecutor

GRADER = "Ada"
COUNT, WIDTH, HEIGHT = 4, 120, 90
LEFT = Qt.MouseButton.LeftButton
KEYS = ("1", "2", "5", "Q", "Return", "Esc", "Ctrl+Z", "Ctrl+Shift+Z", "Backspace", "Delete",
        "P", "S", "V", "R", "]", "Right", "Shift+Up")  # fmt: skip
GOING = ("D", "A", "Ctrl+Shift+D", "Ctrl+Shift+A", "Ctrl+Return")

PLACES = st.tuples(st.integers(5, 95), st.integers(5, 95))
"""Where on the photograph, in hundredths of its sides."""

EVENTS = st.one_of(
    st.tuples(st.just("click"), st.lists(PLACES, min_size=1, max_size=5)),
    st.tuples(st.just("drag"), st.lists(PLACES, min_size=2, max_size=5)),
    st.tuples(st.just("outline"), PLACES, st.integers(8, 40)),
    st.tuples(st.just("grab"), PLACES),
    st.tuples(st.just("press"), st.lists(st.sampled_from(KEYS), min_size=1, max_size=3)),
    st.tuples(st.just("press"), st.lists(st.sampled_from(GOING), min_size=1, max_size=2)),
    st.tuples(st.just("pick"), st.integers(0, COUNT - 1)),
    st.tuples(st.just("wait"), st.integers(0, 3), st.booleans()),
    st.tuples(st.just("rest")),
)


class Lanes:
    """Lanes on which a task runs when the test says so, in any order of lanes."""

    def __init__(self):
        self._lanes = {lane: SteppingExecutor() for lane in Lane}

    def submit(self, lane, task, /, *args, **kwargs):
        return self._lanes[lane].submit(lane, task, *args, **kwargs)

    def step(self, *lanes):
        return any([self._lanes[lane].step() for lane in lanes or Lane])

    def close(self):
        while self.step():
            pass


@dataclass
class Surroundings:
    """What all windows of the test share."""

    folder: Path
    settings: Settings
    theme: Theme
    keymap: Keymap


class Hands(RuleBasedStateMachine):
    """A person who does anything at any time, and what was meant by it.

    Whatever is done counts for the image that the window names at that moment.
    """

    shared: Surroundings

    @initialize()
    def open_page(self):
        self.copy = TemporaryDirectory()
        folder = Path(shutil.copytree(self.shared.folder, Path(self.copy.name) / "study"))
        self.study = open_study(folder / "study.concord")
        self.lanes, self.bugs = Lanes(), []
        bridge = Bridge(self.lanes)
        bridge.failed.connect(self.bugs.append)
        self.session = GradingSession(self.study, bridge, grader=GRADER, idle_after=0)
        bridge.setParent(self.session)
        shared = self.shared
        self.canvas = Canvas()
        self.page = GradePage(
            self.session,
            shared.keymap,
            shared.theme,
            shared.settings,
            study_id="0123",
            canvas=self.canvas,
        )
        self.window = MainWindow(shared.theme, shared.settings, shared.keymap)
        self.window.show_page(self.page, "study", handlers=self.page.handlers)
        self.window.resize(900, 600)
        self.window.show()
        self.window.activateWindow()
        self.made, self.touched = defaultdict(list), defaultdict(list)
        self.meant_for = ""
        self.session.grading_changed.connect(self.on_grading)
        self.session.load()
        self.rest()

    @property
    def shown(self):
        """The image that the window names above the photograph."""
        return self.canvas.accessibleName().removeprefix("Photograph ")

    def on_grading(self, grading, gesture):
        """Note what the page made of what was done."""
        if gesture and grading != self.known(grading.image):
            self.made[grading.image].append((gesture, grading))
            if grading.image != self.meant_for:
                self.bugs.append(AssertionError(f"{gesture} meant for {self.meant_for}"))

    def known(self, image):
        """Return what the image at hand is known to be like."""
        made = self.made[image]
        return made[-1][1] if made else blank_grading(image, GRADER, Role.ASSIGNED)

    # What the hands do

    @rule(events=st.lists(EVENTS, min_size=1, max_size=8))
    def live(self, events):
        for name, *arguments in events:
            self.meant_for = self.shown
            getattr(self, name)(*arguments)
            self.look()

    def at(self, place):
        """Return where a place of the photograph is in the viewport, and note it as touched."""
        x, y = place[0] / 100 * WIDTH, place[1] / 100 * HEIGHT
        at = self.canvas.to_screen(x, y).toPoint()
        self.touched[self.shown].append(self.canvas.to_image(at.toPointF()))
        return at

    def click(self, places):
        for place in places:
            QTest.mouseMove(self.canvas.viewport(), at := self.at(place))
            QTest.mouseClick(self.canvas.viewport(), LEFT, pos=at)

    def drag(self, places):
        viewport = self.canvas.viewport()
        start, *way = [self.at(place) for place in places]
        QTest.mouseMove(viewport, start)
        QTest.mousePress(viewport, LEFT, pos=start)
        for at in way:
            QTest.mouseMove(viewport, at)
        QTest.mouseRelease(viewport, LEFT, pos=way[-1])

    def outline(self, place, side):
        """Draw a square and close it."""
        x, y = min(place[0], 95 - side), min(place[1], 95 - side)
        self.press(["P"])
        self.click([(x, y), (x + side, y), (x + side, y + side), (x, y + side)])
        self.press(["Return"])

    def grab(self, place):
        """Take the first vertex of the next region elsewhere, where there is a region."""
        self.press(["V", "]"])
        if self.canvas.selected >= 0:
            x, y = self.canvas.region[self.canvas.selected].exterior[0].tolist()
            self.drag([(x / WIDTH * 100, y / HEIGHT * 100), place])

    def press(self, keys):
        for key in keys:
            self.meant_for = self.shown
            QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(key))

    def pick(self, row):
        """Click on a row of the queue."""
        images = self.page.queue.images
        where = images.visualRect(self.page.queue.model.index(row, 0)).center()
        QTest.mouseClick(images.viewport(), LEFT, pos=QPoint(where))

    def wait(self, steps, hears):
        for _ in range(steps):
            self.lanes.step()
        if hears:
            QApplication.processEvents()

    def rest(self):
        idle = 0
        while idle < 3:
            QApplication.processEvents()
            idle = 0 if self.lanes.step() else idle + 1

    # What must hold

    def look(self):
        """Expect canvas, page and session to speak of the same image, in the same state."""
        for bug in self.bugs:
            raise bug
        session = self.session
        assert self.shown == session.item.image
        if session.sheet is None:
            assert self.canvas.region == ()
            assert not self.canvas.is_drawing
            return
        assert session.sheet.image == self.shown
        assert self.canvas.region == session.grading.region
        draft = session.sheet.draft
        assert self.canvas.is_drawing == (bool(draft and draft.is_open) or self.is_redrawing)
        assert session.grading == self.known(self.shown)

    @property
    def is_redrawing(self):
        return self.canvas.is_drawing and self.canvas.tool.value == "redraw"

    def teardown(self):
        if not hasattr(self, "window"):
            return
        try:
            self.rest()
            self.look()
            for number in range(COUNT):
                self.compare(f"{number}.png")
        finally:
            self.window.close()
            self.window.deleteLater()
            self.session.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            self.lanes.close()
            self.study.close()
            self.copy.cleanup()

    def compare(self, image):
        """Expect the store to hold what was done to an image, drawn where it was touched."""
        held = self.study.revisions(image, GRADER)
        assert [(r.gesture, r.grading) for r in held] == self.made[image]
        touched = np.array(self.touched[image] or [(-99.0, -99.0)])
        before = Counter()
        for revision in held:
            region = Counter(revision.grading.region)
            if revision.gesture == "draw region":
                drawn = np.vstack([polygon.exterior for polygon in region - before])
                nearest = np.abs(drawn[:, None] - touched[None]).max(axis=2).min(axis=1)
                assert (nearest < 0.5).sum() >= 3, f"drawn on another image than {image}"
            before = region


@pytest.fixture
def shared(qapp, tmp_path):
    """A closed study of four photographs, and the look of the application."""
    folder = tmp_path / "template"
    folder.mkdir()
    chance = np.random.default_rng(0)
    images = []
    for number in range(COUNT):
        path = folder / f"{number}.png"
        Picture.fromarray(chance.integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)).save(path)
        images.append(Image(path.name, WIDTH, HEIGHT, digest_of(path)))
    with create_study(folder / "study.concord", author="lead") as study:
        study.add_images(images, author="lead")
        tasks = [Task(image.path, GRADER, Role.ASSIGNED, n) for n, image in enumerate(images)]
        study.assign_tasks(tasks, author="lead", seed=None)
    palette, font = qapp.palette(), qapp.font()
    preferences = Settings(open_store(tmp_path / "settings.ini"))
    theme = Theme(qapp, preferences)
    yield Surroundings(folder, preferences, theme, Keymap(preferences.store))
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.mark.slow
def test_whatever_hands_do_goes_to_the_image_that_the_window_shows(shared):
    machine = type("HandsOnPage", (Hands,), {"shared": shared})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            report_multiple_bugs=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
