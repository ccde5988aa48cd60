"""Colours can be read, and colours and sizes change while the window is open."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget
from shiboken6 import isValid

from desktop_app.window.settings import SCALES, Settings, ThemeChoice
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.tokens import (
    SHAPE_ON_GROUND,
    TEXT_ON_GROUND,
    contrast,
    load_colours,
    metrics_at,
    style_sheet,
)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_has_enough_contrast(name, text, ground):
    colours = load_colours(name).named()
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_ON_GROUND)
def test_the_outline_of_a_field_and_the_focus_can_be_seen(name, shape, ground):
    colours = load_colours(name).named()
    assert contrast(colours[shape], colours[ground]) >= 3


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("scale", SCALES)
def test_the_style_sheet_has_a_value_for_each_token(name, scale):
    sheet = style_sheet(name, load_colours(name), metrics_at(scale, points=9.0))
    assert "$" not in sheet
    assert load_colours(name).accent in sheet


def test_a_theme_is_switched_while_a_window_is_open(qtbot, theme):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    theme.choose(ThemeChoice.LIGHT)
    assert ground_of(window) == load_colours("light").window
    theme.choose(ThemeChoice.DARK)
    assert ground_of(window) == load_colours("dark").window
    assert drawn_ground_of(window) == load_colours("dark").window


def ground_of(widget):
    return widget.palette().color(QPalette.ColorRole.Window).name()


def drawn_ground_of(widget):
    return widget.grab().toImage().pixelColor(5, 5).name()


def test_the_systems_colours_are_followed_where_a_person_wants_that(theme):
    theme.choose(ThemeChoice.SYSTEM)
    theme.follow_system(Qt.ColorScheme.Dark)
    assert theme.is_dark
    theme.follow_system(Qt.ColorScheme.Light)
    assert theme.name == "light"


def test_the_systems_colours_do_not_matter_where_a_person_chose(qapp, theme):
    theme.choose(ThemeChoice.LIGHT)
    theme.follow_system(Qt.ColorScheme.Dark)
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == load_colours("light").window


def test_the_choice_is_there_at_the_next_start(qapp, theme, store):
    theme.choose(ThemeChoice.DARK)
    theme.set_scale(150)
    again = Theme(qapp, Settings(store))
    assert again.is_dark
    assert again.scale == 150


def test_text_doubles_at_200_percent_while_a_window_is_open(qtbot, theme):
    plain, title = QLabel("text"), QLabel("title")
    set_role(title, "title")
    for label in (plain, title):
        qtbot.addWidget(label)
        label.show()
    before = [label.fontMetrics().height() for label in (plain, title)]
    theme.set_scale(200)
    after = [label.fontMetrics().height() for label in (plain, title)]
    assert after == [pytest.approx(2 * height, abs=2) for height in before]
    theme.set_scale(100)
    assert [label.fontMetrics().height() for label in (plain, title)] == before


def test_spaces_and_icons_follow_the_scale(qtbot, theme):
    window, button = QWidget(), QPushButton("Go")
    qtbot.addWidget(window)
    layout = QHBoxLayout(window)
    space(layout, theme, "l s", spacing="m")
    layout.addWidget(button)
    KeptIcon(button, theme, "search")
    margins = layout.contentsMargins()
    assert (margins.left(), margins.top(), layout.spacing()) == (16, 8, 12)
    theme.set_scale(200)
    margins = layout.contentsMargins()
    assert (margins.left(), margins.top(), layout.spacing()) == (32, 16, 24)
    window.show()
    assert button.iconSize().width() == 36


def test_icons_take_the_colours_of_the_theme(qtbot, theme):
    button, label = QPushButton(), QLabel()
    qtbot.addWidget(button)
    qtbot.addWidget(label)
    KeptIcon(button, theme, "close")
    KeptIcon(label, theme, "close", tone="error")
    for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        theme.choose(choice)
        assert colour_of(button.icon().pixmap(64, 64)) == theme.colours.text
        assert colour_of(label.pixmap()) == theme.colours.error


def colour_of(pixmap):
    """Return the colour of the most opaque pixel."""
    image = pixmap.toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return QColor(max(pixels, key=QColor.alpha).rgb()).name()


def test_an_icon_goes_with_its_button(qapp, theme):
    button = QPushButton()
    kept = KeptIcon(button, theme, "close")
    button.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    theme.choose(ThemeChoice.DARK)  # an error here would fail the test
    assert not isValid(kept)


def test_a_role_is_taken_on_and_off_a_widget(qtbot, theme):
    theme.choose(ThemeChoice.LIGHT)
    button = QPushButton("Go")
    qtbot.addWidget(button)
    button.resize(120, 40)
    button.show()
    button.clearFocus()
    plain = inside(button)
    set_role(button, "primary")
    assert inside(button) == theme.colours.accent
    set_role(button, "")
    assert inside(button) == plain


def inside(button):
    return button.grab().toImage().pixelColor(12, 20).name()
