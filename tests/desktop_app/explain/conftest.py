"""The Explain page on a copy of the demo study, in a real window, on lanes of the test's choice."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop_app.explain.page import ExplainPage
from desktop_app.explain.pickers import ExplainPickers
from desktop_app.session.explaining.session import ExplainSession
from desktop_app.session.explaining.tasks import Place
from desktop_app.window.action_table import Place as WindowPlace
from desktop_app.window.actions import Keymap
from desktop_app.window.main_window import MainWindow
from desktop_app.window.pickers import Pickers
from desktop_app.window.settings import Settings, open_store
from desktop_app.window.theme import Theme
from desktop_app.window.workplace import Workplace
from desktop_app.worker.bridge import Bridge
from engine.study.sqlite import open_study
from engine.tasks.executors import InlineExecutor, LocalLanes
from tests.desktop_app.explain.demo import copy_of, made_demo

__all__ = ["made_demo"]


@pytest.fixture
def demo(made_demo, tmp_path):
    """A copy of the demo study."""
    return copy_of(made_demo, tmp_path / "copy")


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
def lanes():
    """Real lanes; the study is opened on its own."""
    with LocalLanes() as lanes:
        yield lanes


@pytest.fixture
def errors():
    """What a bridge was told and nobody listened for: bugs."""
    found = []
    yield found
    assert not found, found


@pytest.fixture
def open_session(demo, qtbot, errors):
    """A function that opens a session on the study, by default all on the test's own thread.

    The engine's own work runs inline, so that a stepping executor decides about whole jobs.
    """
    opened = []

    def open_one(*, bridge_on=None, executor=None, file=None, wrap=lambda study: study):
        study = wrap(open_study(file or demo.file, busy_timeout=0.1))
        executor = executor or InlineExecutor()
        bridge = Bridge(bridge_on or executor)
        bridge.failed.connect(errors.append)
        session = ExplainSession(
            Place(study, file or demo.file, demo.trust),
            bridge,
            executor,
            author="Ada",
            options=study.options(),
        )
        bridge.setParent(session)
        session.problems = []
        session.told.connect(session.problems.append)
        opened.append((session, study))
        return session

    yield open_one
    for session, study in opened:
        ended = []
        session.when_settled(lambda ended=ended: ended.append(True))
        if bool(session.jobs.is_busy):
            QApplication.processEvents()
        session.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        study.close()


@pytest.fixture
def session(open_session):
    """A session on the study, all on the test's own thread."""
    return open_session()


@pytest.fixture
def picked():
    """What the system's dialogs answer, by what is asked for; a test sets it."""
    return {}


@pytest.fixture
def open_page(demo, qtbot, theme, settings, keymap, lanes, errors, picked):
    """A function that opens the page in a window of its own, shown and active."""
    opened = []

    def pick(what):
        return lambda _parent, _start: picked.get(what)

    def open_one(*, is_synthetic=True, file=None):
        file = file or demo.file
        study = lanes.submit("study", open_study, file).result()
        options = lanes.submit("study", study.options).result()
        bridge = Bridge(lanes)
        bridge.failed.connect(errors.append)
        place = Workplace(
            study, file, "0123", "Ada", options, is_synthetic, bridge, lanes, theme, keymap,
            settings, Pickers(), demo.trust,
        )  # fmt: skip
        pickers = ExplainPickers(*map(pick, ("card", "table", "figure", "report", "panels")))
        page = ExplainPage(place, pickers=pickers)
        bridge.setParent(page)
        window = MainWindow(theme, settings, keymap)
        page.told.connect(window.banners.tell)
        page.over.connect(window.banners.withdraw)
        window.show_page(page, "demo", is_synthetic=is_synthetic, place=WindowPlace.EXPLAIN)
        window.resize(1440, 900)
        window.show()
        opened.append((window, page, study))
        with qtbot.waitActive(window):
            window.activateWindow()
        page.enter()
        qtbot.waitUntil(lambda: not page.session.jobs.is_busy, timeout=60_000)
        return page

    yield open_one
    for window, page, study in opened:
        ended = []
        page.when_settled(lambda ended=ended: ended.append(True))
        qtbot.waitUntil(lambda ended=ended: bool(ended), timeout=60_000)
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        lanes.submit("study", study.close).result()


@pytest.fixture
def page(open_page):
    """The page on the demo study."""
    return open_page()


@pytest.fixture
def finish(qtbot):
    """A function that waits until a page, or a session, has nothing under way."""

    def wait(what):
        session = getattr(what, "session", what)
        qtbot.waitUntil(lambda: not session.jobs.is_busy, timeout=120_000)

    return wait


@pytest.fixture
def done_page(page, finish):
    """The page after a run with the study's settings."""
    page.run()
    finish(page)
    assert page.session.runs.shown is not None
    return page


def csv_rows(path: Path) -> list[str]:
    """Return the lines of a table."""
    return path.read_text(encoding="utf-8").splitlines()
