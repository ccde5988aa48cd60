"""Settings in a file of their own, and a theme that is taken off again."""

import pytest

from desktop_app.window.actions import Keymap
from desktop_app.window.settings import Settings, open_store
from desktop_app.window.theme import Theme


@pytest.fixture
def settings_file(tmp_path):
    return tmp_path / "settings" / "settings.ini"


@pytest.fixture
def store(settings_file):
    return open_store(settings_file)


@pytest.fixture
def settings(store):
    return Settings(store)


@pytest.fixture
def keymap(store):
    return Keymap(store)


@pytest.fixture
def theme(qapp, settings):
    """Return the theme of the settings; the application looks as before afterwards."""
    palette, font = qapp.palette(), qapp.font()
    yield Theme(qapp, settings)
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)
