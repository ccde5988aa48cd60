"""A table in a real window."""

import pytest

from desktop_app.tables.shown_columns import Memory
from desktop_app.tables.table_view import TableView
from desktop_app.window.settings import Settings, open_store
from desktop_app.window.theme import Theme
from tests.desktop_app.tables.measured import few


@pytest.fixture
def theme(qapp, tmp_path):
    """Return the theme of new settings; the application looks as before afterwards."""
    palette, font = qapp.palette(), qapp.font()
    yield Theme(qapp, Settings(open_store(tmp_path / "settings.ini")))
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def marks():
    """What was last remembered of the columns."""
    return []


@pytest.fixture
def view(qtbot, theme, marks):
    """Return a view of five rows, shown."""

    def save(names):
        marks[:] = names

    view = TableView(theme, name="Images", memory=Memory(lambda: tuple(marks), save))
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.set_table(few())
    with qtbot.waitExposed(view):
        view.show()
    return view
