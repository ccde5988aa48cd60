"""A desk with a real window on real studies, and what a person does at it."""

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import replace

from PIL import Image as Picture
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from desktop_app.desk.desk import Desk
from desktop_app.main import sqlite_store
from desktop_app.window.banner import Banner
from desktop_app.window.keymap import Keymap
from desktop_app.window.main_window import MainWindow
from desktop_app.window.pickers import Pickers
from desktop_app.window.settings import Settings, open_store
from desktop_app.window.theme import Theme
from desktop_app.worker.bridge import Bridge
from engine.domain.options import StudyOptions
from engine.study.sqlite import open_study
from engine.tasks.executors import InlineExecutor, Lane, LocalLanes, SteppingExecutor

PATIENT = 60_000
"""Milliseconds that a test waits at most for what comes at once on an idle machine."""


def hasty_store():
    """The program's store, but for not waiting long for other programs."""
    store = sqlite_store()
    return replace(store, open=lambda file: open_study(file, busy_timeout=0.05))


class Answers:
    """What a person answers to file dialogs; nothing means that they gave up.

    What happens in the window behind a dialog is put into `meanwhile`.
    """

    def __init__(self):
        self.new_file = None
        self.packets = []
        self.grader = ""
        self.asked = []
        self.meanwhile = lambda: None

    def pickers(self):
        return Pickers(
            new_file=lambda _parent, start: self._told("new_file", start),
            packets=lambda _parent, start: self._told("packets", start),
            grader=lambda _parent, names: self._told("grader", names),
        )

    def _told(self, what, about):
        self.asked.append((what, about))
        self.meanwhile()
        return getattr(self, what)


class HeldLane:
    """Lanes of which one runs nothing until the test lets it; the others run at once."""

    def __init__(self, held):
        self._held = held
        self.waiting = SteppingExecutor()
        self._inline = InlineExecutor()

    def submit(self, lane, task, /, *args, **kwargs):
        executor = self.waiting if lane is self._held else self._inline
        return executor.submit(lane, task, *args, **kwargs)

    def close(self):
        self.waiting.close()


class AtDesk:
    """A person at a desk: its window, and what they can see and do there."""

    def __init__(self, qtbot, folder, lanes, store):
        self._qtbot = qtbot
        self.settings = Settings(open_store(folder / "settings.ini"))
        self.theme = Theme(QApplication.instance(), self.settings)
        self.window = MainWindow(self.theme, self.settings, Keymap(self.settings.store))
        self.bridge = Bridge(lanes)
        self.answers = Answers()
        self.bugs = []
        self.desk = Desk(
            self.window,
            self.bridge,
            lanes,
            store,
            report=self.bugs.append,
            pickers=self.answers.pickers(),
            demo_folder=folder / "demo",
        )

    @property
    def session(self):
        return self.desk.session

    @property
    def banners(self):
        """The codes of the problems above the page."""
        return self.window.banners.codes

    @property
    def is_at_first_page(self):
        return self.window.page is None and self.window.first_run.isVisible()

    def wait(self, condition):
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENT)

    def rest(self):
        """Wait until no lane has anything to answer."""
        self.wait(lambda: not self.bridge.is_busy)

    def open(self, file, *, grader=None):
        """Open a study and wait until its first image is read."""
        if grader is not None:
            with open_study(file, read_only=True) as study:
                self.settings.remember_grader(study.info().id, grader)
        self.desk.open(file)
        self.wait_for_page()

    def open_now(self, file, grader):
        """Open a study where a lane is held, so that the desk never comes to rest."""
        with open_study(file, read_only=True) as study:
            self.settings.remember_grader(study.info().id, grader)
        self.desk.open(file)
        session = self.wait_for_session()
        self.wait(lambda: session.sheet is not None)

    def wait_for_page(self):
        session = self.wait_for_session()
        self.wait(lambda: session.sheet is not None or not self.bridge.is_busy)
        self.rest()

    def wait_for_session(self):
        self.wait(lambda: self.session is not None)
        return self.session

    def wait_for_first_page(self):
        self.wait(lambda: self.is_at_first_page)
        self.rest()

    def do(self, action):
        """Choose an action of the menus, by its id; it has to be enabled."""
        found = self.window.action_set.by_id[action]
        assert found.isEnabled()
        found.trigger()

    def can(self, action):
        return self.window.action_set.by_id[action].isEnabled()

    def draw(self, polygon):
        """Finish an outline, as the canvas does."""
        session = self.session
        session.set_region((*session.grading.region, polygon), "draw region")

    def wait_until_stored(self):
        self.wait(lambda: self.session.is_all_stored)

    def banner(self, code):
        """Return the banner of a problem."""
        shown = self.window.banners.findChildren(Banner)
        return next(b for b in shown if b.problem.code == code and not b.isHidden())

    def words_of(self, code):
        return str(self.banner(code).problem)

    def press(self, code, text):
        """Press the button of a banner."""
        buttons = self.banner(code).findChildren(QPushButton)
        next(b for b in buttons if b.text() == text).click()

    def dialog(self, kind):
        """Return the dialog of a kind that is shown."""
        return next((d for d in self.window.findChildren(kind) if d.isVisible()), None)

    def wait_for_dialog(self, kind):
        self.wait(lambda: self.dialog(kind) is not None)
        return self.dialog(kind)


@contextmanager
def at_desk(qtbot, folder, *, lanes=None, store=None):
    """Sit at a desk; in the end the window is closed and everything let go.

    Parameters
    ----------
    lanes
        Without any, this machine's threads.
    """
    application = QApplication.instance()
    palette, font = application.palette(), application.font()
    lanes = lanes or LocalLanes()
    person = AtDesk(qtbot, folder, lanes, store or hasty_store())
    person.window.resize(1280, 820)
    person.window.show()
    try:
        yield person
        person.rest()
    finally:
        _leave(person, lanes)
        application.setStyleSheet("")
        application.setPalette(palette)
        application.setFont(font)


def _leave(person, lanes):
    """Let go of the window whatever state a test left it in."""
    person.window.before_closing = None
    opened = person.desk.opened
    person.window.close()
    person.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if opened is not None:
        lanes.submit(Lane.STUDY, opened.study.close).result()
    lanes.close()
    person.bridge.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def answering(kind, answer):
    """Answer the first dialog of a kind that waits in a loop of its own.

    Yields a list into which goes what the dialog said.
    """
    answered = []

    def look():
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, kind) and dialog.isVisible() and not answered:
            is_question = isinstance(dialog, QMessageBox)
            answered.append(dialog.text() if is_question else dialog.windowTitle())
            answer(dialog)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(5)
    try:
        yield answered
    finally:
        timer.stop()


def photographs(folder, count=4):
    """Save small photographs in a new folder."""
    folder.mkdir()
    for number in range(count):
        Picture.new("RGB", (60, 40), (number, 90, 60)).save(folder / f"{number}.png")
    return folder


def is_free(file):
    """Tell whether nobody has a study open."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        try:
            other.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return False
    return not file.with_name(f"{file.name}-wal").exists()


def set_options(file, **changes):
    with open_study(file) as study:
        study.set_options(replace(StudyOptions(), **changes), author="lena")


def readings(file, grader="ada"):
    """Return the last grading of each image that a grader has said anything of."""
    with open_study(file, read_only=True) as study:
        found = [study.revisions(task.image, grader, task.role) for task in study.tasks(grader)]
    return {said[-1].grading.image: said[-1].grading for said in found if said}


def choose(name):
    """Return a way to answer who one is."""

    def choose(dialog):
        dialog.entry.setText(name)
        assert dialog.chosen == name
        dialog.accept()

    return choose


def press(button):
    return lambda dialog: dialog.button(button).click()
