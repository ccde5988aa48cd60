"""Plots in windows, a theme that is taken off again, and a hand that brushes them."""

import pytest

from desktop_app.session.selection import Selection
from desktop_app.window.settings import Settings, open_store
from desktop_app.window.theme import Theme
from tests.desktop_app.plots.hand import Hand


@pytest.fixture
def theme(qapp, tmp_path):
    """Return the theme of settings of its own; the application looks as before afterwards."""
    palette, font = qapp.palette(), qapp.font()
    yield Theme(qapp, Settings(open_store(tmp_path / "settings.ini")))
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def selection(qapp):
    return Selection()


@pytest.fixture
def shown(qtbot, theme, selection):
    """A function that makes a plot of a kind, linked to the selection, and shows it."""

    def show(kind, link=selection):
        plot = kind(theme, link)
        qtbot.addWidget(plot)
        plot.resize(640, 480)
        plot.show()
        qtbot.waitExposed(plot)
        return plot

    return show


@pytest.fixture
def hand(qtbot):
    """A function that gives a hand over a plot."""
    return lambda plot: Hand(plot, qtbot)


@pytest.fixture
def brushes(selection):
    """Every mask that was brushed, in order."""
    heard = []
    selection.brushed.connect(lambda mask, _source: heard.append(mask))
    return heard
