"""All ways to look at a run, behind tabs; each is brought up to date when it is looked at."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.explain.parts import Segments
from desktop_app.explain.view import View
from desktop_app.session.explaining.runs import KeptRun
from desktop_app.window.state_page import State, StatePage
from desktop_app.window.theme import Theme, space

MakeView = Callable[[], View]


class Views(QWidget):
    """The tabs, and the view behind the one that is chosen.

    Views are made when they are first gone to: plots load a library of their own.
    """

    activated = Signal(int)
    """Row number of an image that is to be opened."""

    made = Signal(object)
    """A `View` that was made because somebody went to it."""

    went = Signal(str)
    """Name of the view that is looked at now."""

    def __init__(
        self,
        makers: Mapping[str, MakeView],
        titles: Mapping[str, str],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._makers = makers
        self._views: dict[str, View] = {}
        self._stale: set[str] = set()
        self._run: KeptRun | None = None
        self.tabs = Segments(titles, theme, role="tab")
        self.tools = QHBoxLayout()
        space(self.tools, theme, spacing="xs")
        self.state = StatePage(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.state)
        bar = QWidget()
        bar.setObjectName("view_bar")
        row = QHBoxLayout(bar)
        space(row, theme, "s none", spacing="s")
        self.before_tabs = QHBoxLayout()
        space(self.before_tabs, theme, spacing="xs")
        row.addLayout(self.before_tabs)
        row.addWidget(self.tabs, 1)
        row.addLayout(self.tools)
        body = QVBoxLayout(self)
        space(body, theme, spacing="none")
        body.addWidget(bar)
        body.addWidget(self._stack, 1)
        self.tabs.chosen.connect(self.go)

    @property
    def name(self) -> str:
        """Name of the view that is looked at."""
        return self.tabs.current

    @property
    def current(self) -> View:
        """The view that is looked at."""
        return self.view(self.name)

    def view(self, name: str) -> View:
        """Return a view, made where it was not yet."""
        if name not in self._views:
            view = self._makers[name]()
            view.activated.connect(self.activated)
            self._views[name] = view
            self._stale.add(name)
            self._stack.addWidget(view)
            self.made.emit(view)
        return self._views[name]

    def go(self, name: str) -> None:
        """Look at another view."""
        self.tabs.choose(name)
        self._refresh()
        self.went.emit(name)

    def show_state(self, state: State) -> None:
        """Say something in place of all views, as before the first run."""
        self.state.show_state(state)
        self._stack.setCurrentWidget(self.state)
        self._set_usable(is_usable=False)

    def show_run(self, run: KeptRun | None) -> None:
        """Show another run, or the same with other findings."""
        self._run = run
        self._stale = set(self._views)
        self._set_usable(is_usable=True)
        self._refresh()

    def show_rows(self) -> None:
        """Look at the table of images, to which the rows of a run under way come."""
        self._set_usable(is_usable=False)
        self.tabs.choose("images")
        self._stale.discard("images")
        self._stack.setCurrentWidget(self.view("images"))

    def _set_usable(self, *, is_usable: bool) -> None:
        for button in self.tabs.buttons.values():
            button.setEnabled(is_usable)

    def _refresh(self) -> None:
        view = self.current
        self._stack.setCurrentWidget(view)
        if self.name in self._stale:
            self._stale.discard(self.name)
            view.show_run(self._run)
