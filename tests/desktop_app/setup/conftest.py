"""A real study of small photographs, and what a dialog of its set-up is given to work with."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop_app.window.keymap import Keymap
from desktop_app.window.pickers import Pickers
from desktop_app.window.settings import Settings, open_store
from desktop_app.window.theme import Theme
from desktop_app.window.workplace import Workplace
from desktop_app.worker.bridge import Bridge
from engine.study.sqlite import open_study
from engine.tasks.executors import InlineExecutor
from tests.packet_studies import make_study


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
    """A closed study of six photographs, which three graders are asked for."""
    return make_study(tmp_path, images=6)


@pytest.fixture
def place_of(theme, settings, tmp_path):
    """A function that opens a study as Lena's workplace."""
    opened = []

    def place_of(file, *, executor=None, person="lena", pickers=None, wrap=lambda study: study):
        study = wrap(open_study(file, busy_timeout=0.1))
        executor = executor or InlineExecutor()
        bridge = Bridge(executor)
        place = Workplace(
            study=study,
            file=file,
            study_id=study.info().id,
            person=person,
            options=study.options(),
            is_synthetic=False,
            bridge=bridge,
            executor=executor,
            theme=theme,
            keymap=Keymap(settings.store),
            settings=settings,
            pickers=pickers or Pickers(),
            trust_file=tmp_path / "trust.json",
        )
        opened.append(place)
        return place

    yield place_of
    for place in opened:
        place.executor.close()
        place.study.close()
        place.bridge.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def place(file, place_of):
    return place_of(file)


@pytest.fixture
def shown(qtbot):
    """A function that shows a dialog and waits until everything it asked for has come."""

    def shown(dialog):
        qtbot.addWidget(dialog)
        with qtbot.waitActive(dialog):
            dialog.show()
            dialog.activateWindow()
        qtbot.waitUntil(lambda: not dialog.place.bridge.is_busy)
        return dialog

    return shown
