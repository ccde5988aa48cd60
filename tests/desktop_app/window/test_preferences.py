"""Every preference takes effect at once and is kept."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from desktop_app.window.about import About, versions
from desktop_app.window.preferences import Preferences
from desktop_app.window.settings import ThemeChoice


@pytest.fixture
def preferences(qtbot, theme, settings):
    preferences = Preferences(theme, settings)
    qtbot.addWidget(preferences)
    with qtbot.waitExposed(preferences):
        preferences.show()
    return preferences


def test_a_theme_is_chosen_and_kept(qtbot, preferences, theme, settings):
    qtbot.mouseClick(preferences.themes[ThemeChoice.DARK], Qt.MouseButton.LeftButton)
    assert theme.is_dark
    assert settings.theme is ThemeChoice.DARK
    chosen = [choice for choice, button in preferences.themes.items() if button.isChecked()]
    assert chosen == [ThemeChoice.DARK]


def test_the_keyboard_begins_at_the_theme_in_force(qtbot, theme, settings):
    theme.choose(ThemeChoice.DARK)
    asked = Preferences(theme, settings)
    qtbot.addWidget(asked)
    with qtbot.waitActive(asked):
        asked.show()
        asked.activateWindow()
    assert asked.focusWidget() is asked.themes[ThemeChoice.DARK]


def test_a_size_is_chosen_and_kept(preferences, theme, settings):
    preferences.scale.setCurrentIndex(preferences.scale.findText("150 %"))
    assert theme.scale == 150
    assert settings.scale == 150


def test_the_pause_after_which_the_clock_stops_is_one_minute_until_a_person_says_otherwise(
    qtbot, preferences, settings
):
    assert preferences.idle_limit.currentText() == "1 minute"
    with qtbot.waitSignal(preferences.idle_limit_changed) as told:
        preferences.idle_limit.setCurrentIndex(preferences.idle_limit.findText("2 minutes"))
    assert told.args == [120]
    assert settings.idle_limit == 120


def test_a_pause_that_was_written_into_the_file_can_be_kept(qtbot, theme, settings):
    settings.idle_limit = 45
    preferences = Preferences(theme, settings)
    qtbot.addWidget(preferences)
    assert preferences.idle_limit.currentText() == "45 seconds"


def test_the_keys_are_one_press_away(qtbot, preferences):
    with qtbot.waitSignal(preferences.shortcuts_wanted):
        qtbot.mouseClick(preferences.shortcuts, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("scale", [100, 200])
def test_nothing_is_cut_off(qapp, preferences, theme, scale):
    theme.set_scale(scale)
    qapp.processEvents()
    for button in preferences.findChildren(QPushButton):
        assert button.width() >= button.sizeHint().width()
    for label in preferences.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width())


def test_about_tells_the_versions_and_that_it_is_no_medical_device(qtbot, theme):
    about = About(theme)
    qtbot.addWidget(about)
    said = " ".join(label.text() for label in about.findChildren(QLabel))
    assert versions()["DermConcord"] in said
    assert versions()["Python"] in said
    assert "no medical device" in said
