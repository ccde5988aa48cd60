"""A real study of small photographs, and the Grade page on it in a real window."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Picture
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop_app.canvas.canvas import Canvas
from desktop_app.grade.page import GradePage
from desktop_app.session.grading import GradingSession
from desktop_app.window.actions import Keymap
from desktop_app.window.main_window import MainWindow
from desktop_app.window.settings import Settings, open_store
from desktop_app.window.theme import Theme
from desktop_app.worker.bridge import Bridge
from engine.domain.grading import Grading, Role, Task
from engine.domain.image import Image
from engine.domain.options import StudyOptions
from engine.images.digest import digest_of
from engine.study.sqlite import create_study, open_study
from engine.tasks.executors import InlineExecutor
from tests.desktop_app.grade.hands import settle

COUNT = 6
WIDTH, HEIGHT = 120, 90
STUDY_ID = "0123"


@pytest.fixture
def settings(tmp_path):
    return Settings(open_store(tmp_path / "settings.ini"))


@pytest.fixture
def keymap(settings):
    return Keymap(settings.store)


@pytest.fixture
def theme(qapp, settings):
    """Return the theme of the settings; the application looks as before afterwards."""
    palette, font = qapp.palette(), qapp.font()
    yield Theme(qapp, settings)
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def images(tmp_path):
    """Six photographs in two folders, in the order in which Ada and Bo read them."""
    random = np.random.default_rng(0)
    images = []
    for number in range(COUNT):
        path = tmp_path / f"visit_{number // 3}" / f"photo_{number}.png"
        path.parent.mkdir(exist_ok=True)
        Picture.fromarray(random.integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)).save(path)
        images.append(Image(path.relative_to(tmp_path).as_posix(), WIDTH, HEIGHT, digest_of(path)))
    return images


@pytest.fixture
def file(tmp_path, images):
    """A closed study, read by Ada and by Bo."""
    with create_study(tmp_path / "study.concord", author="lead") as study:
        study.add_images(images, author="lead")
        tasks = [
            Task(image.path, grader, Role.ASSIGNED, position)
            for grader in ("Ada", "Bo")
            for position, image in enumerate(images)
        ]
        study.assign_tasks(tasks, author="lead", seed=None)
    return tmp_path / "study.concord"


@pytest.fixture
def prepare(file, images):
    """A function that changes the closed study before it is opened.

    It takes gradings of Ada by place, and options; it returns nothing.
    """

    def prepare(gradings=None, options=None, sent_back=None):
        with open_study(file) as study:
            for place, changes in (gradings or {}).items():
                grading = Grading(images[place].path, "Ada", **changes)
                study.append(grading, author="Ada", parent=None, gesture="done")
            for place, reason in (sent_back or {}).items():
                study.send_back(images[place].path, "Ada", reason=reason, author="lead")
            if options:
                study.set_options(replace(StudyOptions(), **options), author="lead")

    return prepare


@pytest.fixture
def open_page(file, qtbot, theme, settings, keymap):
    """A function that opens the page on the study in a window of its own, shown and active."""
    opened = []

    def open_one(grader="Ada", *, executor=None, wrap=lambda study: study, waits=True):
        study = wrap(open_study(file, busy_timeout=0.1))
        bridge = Bridge(executor or InlineExecutor())
        session = GradingSession(study, bridge, grader=grader)
        bridge.setParent(session)
        page = GradePage(session, keymap, theme, settings, study_id=STUDY_ID, canvas=Canvas())
        window = MainWindow(theme, settings, keymap)
        window.show_page(page, "study", handlers=page.handlers)
        window.resize(1280, 820)
        window.show()
        opened.append((window, session, study))
        with qtbot.waitActive(window):
            window.activateWindow()
        if not waits:
            session.load()
            return page
        with qtbot.waitSignal(session.queue_loaded):
            session.load()
        settle(page)
        return page

    yield open_one
    for window, session, study in opened:
        window.close()
        window.deleteLater()
        session.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        study.close()


@pytest.fixture
def page(open_page):
    """Ada's page, at her first image."""
    return open_page()
