"""The Review page on a real study in a window of its own."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop_app.review.page import ReviewPage
from desktop_app.window.action_table import Place
from desktop_app.window.keymap import Keymap
from desktop_app.window.main_window import MainWindow
from desktop_app.window.pickers import Pickers
from desktop_app.window.settings import Settings, open_store
from desktop_app.window.theme import Theme
from desktop_app.window.workplace import Workplace
from desktop_app.worker.bridge import Bridge
from engine.study.sqlite import open_study
from engine.tasks.executors import InlineExecutor
from tests.desktop_app.review.hands import settle
from tests.desktop_app.reviewed import LEAD, make_study


@pytest.fixture
def settings(tmp_path):
    return Settings(open_store(tmp_path / "settings.ini"))


@pytest.fixture
def theme(qapp, settings):
    """Return the theme of the settings; the application looks as before afterwards."""
    palette, font = qapp.palette(), qapp.font()
    yield Theme(qapp, settings)
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def file(tmp_path):
    """A closed study of five photographs, read by three graders."""
    folder = tmp_path / "study"
    folder.mkdir()
    return make_study(folder)


@pytest.fixture
def open_page(file, qtbot, theme, settings):
    """A function that opens the page for the lead in a window of its own, shown and active."""
    opened = []

    def open_one(*, executor=None, wrap=lambda study: study, waits=True, of=None):
        study = open_study(of or file, busy_timeout=0.1)
        executor = executor or InlineExecutor()
        bridge = Bridge(executor)
        place = Workplace(
            study=wrap(study),
            file=of or file,
            study_id=study.info().id,
            person=LEAD,
            options=study.options(),
            is_synthetic=False,
            bridge=bridge,
            executor=executor,
            theme=theme,
            keymap=Keymap(settings.store),
            settings=settings,
            pickers=Pickers(),
            trust_file=Path("trusted.json"),
        )
        page = ReviewPage(place)
        bridge.setParent(page)
        page.problems = []
        page.told.connect(page.problems.append)
        window = MainWindow(theme, settings, place.keymap)
        window.show_page(page, "study", place=Place.REVIEW)
        window.resize(1400, 860)
        window.show()
        opened.append((window, page, study))
        with qtbot.waitActive(window):
            window.activateWindow()
        page.enter()
        if waits:
            settle(page)
        return page

    yield open_one
    for window, page, study in opened:
        page.session.measures.stop()
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        study.close()


@pytest.fixture
def page(open_page):
    """The lead's page, at the image with the lowest kappa."""
    return open_page()
