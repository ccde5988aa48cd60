"""Preferences keep their values and their types, whatever somebody wrote into the file."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from desktop_app.window.settings import Settings, ThemeChoice, open_store


@pytest.fixture
def reopened(store):
    def reopened():
        store.sync()
        return Settings(QSettings(store.fileName(), QSettings.Format.IniFormat))

    return reopened


def test_without_a_file_everything_has_its_default(settings):
    assert settings.theme is ThemeChoice.SYSTEM
    assert settings.scale == 100
    assert settings.idle_limit == 60
    assert settings.shows_queue
    assert settings.name == ""
    assert settings.recent == ()
    assert settings.geometry.isEmpty()
    assert settings.grader_in("study") == ""
    assert settings.keys("next") is None


def test_every_preference_is_there_at_the_next_start(settings, reopened):
    settings.theme = ThemeChoice.DARK
    settings.scale = 150
    settings.idle_limit = 120
    settings.shows_queue = False
    settings.name = "Anna Weber"
    settings.geometry = QByteArray(b"\x00\x01geometry")
    settings.remember_grader("4f2a", "Ännchen, A.")
    settings.remember_instructions("4f2a", "d1")
    settings.set_keys("zoom_in", ["Ctrl+,", "+"])
    now = reopened()
    assert (now.theme, now.scale, now.idle_limit) == (ThemeChoice.DARK, 150, 120)
    assert not now.shows_queue
    assert now.name == "Anna Weber"
    assert now.geometry.data() == b"\x00\x01geometry"
    assert now.grader_in("4f2a") == "Ännchen, A."
    assert now.instructions_read("4f2a") == "d1"
    assert now.keys("zoom_in") == ("Ctrl+,", "+")


def test_the_file_is_made_with_its_folder(settings, settings_file):
    settings.scale = 125
    settings.sync()
    assert settings_file.is_file()


@pytest.mark.parametrize(
    ("key", "nonsense", "name", "default"),
    [
        ("window/theme", "purple", "theme", ThemeChoice.SYSTEM),
        ("window/scale", "huge", "scale", 100),
        ("window/scale", "900", "scale", 200),
        ("window/scale", "118", "scale", 125),
        ("grade/idle_limit", "-4", "idle_limit", 10),
        ("grade/idle_limit", "soon", "idle_limit", 60),
        ("studies/recent", "not json", "recent", ()),
        ("studies/recent", '{"a": 2}', "recent", ()),
    ],
)
def test_nonsense_in_the_file_reads_as_a_sensible_value(store, key, nonsense, name, default):
    store.setValue(key, nonsense)
    assert getattr(Settings(store), name) == default


def test_the_study_opened_last_comes_first_and_each_once(settings):
    for name in ("a", "b", "a"):
        settings.remember_recent(Path(f"/studies/{name}.concord"))
    assert settings.recent == (Path("/studies/a.concord"), Path("/studies/b.concord"))


def test_ten_recent_studies_are_kept(settings):
    for number in range(14):
        settings.remember_recent(Path(f"/studies/{number}.concord"))
    assert [path.stem for path in settings.recent] == [str(n) for n in range(13, 3, -1)]


def test_a_study_taken_off_the_recent_ones_is_gone(settings, reopened):
    for name in ("a", "b, with a comma"):
        settings.remember_recent(Path(f"/studies/{name}.concord"))
    settings.forget_recent(Path("/studies/a.concord"))
    assert reopened().recent == (Path("/studies/b, with a comma.concord"),)


def test_the_default_file_is_in_this_persons_configuration_folder(monkeypatch, tmp_path):
    monkeypatch.setattr("platformdirs.user_config_path", lambda *_, **__: tmp_path / "config")
    assert Path(open_store().fileName()) == tmp_path / "config" / "settings.ini"
