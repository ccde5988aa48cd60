"""The pages of the open study, one of them shown, and the switch between them."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.window.action_table import Place
from desktop_app.window.study_page import StudyPage
from desktop_app.window.theme import Theme, set_role, space

TITLES = {Place.GRADE: "Grade", Place.REVIEW: "Review", Place.EXPLAIN: "Explain"}

Make = Callable[[], StudyPage]


class Pages(QWidget):
    """Shows one page; the others are made when they are first gone to, and live on behind it.

    The switch is there where there is something to switch to.
    """

    went = Signal(object)
    """The `Place` that is shown now."""

    made = Signal(object)
    """A `StudyPage` that was made because somebody goes to it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pages: dict[Place, QWidget] = {}
        self._makers: dict[Place, Make] = {}
        self._place = Place.GRADE
        self._stack = QStackedWidget()
        self._switch = QWidget()
        self._group = QButtonGroup(self)
        self._buttons = {place: self._button(place) for place in Place}
        row = QHBoxLayout(self._switch)
        space(row, theme, "m xs", spacing="xs")
        for button in self._buttons.values():
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        space(column, theme, spacing="none")
        column.addWidget(self._switch)
        column.addWidget(self._stack, stretch=1)
        self._show_switch()

    @property
    def current(self) -> QWidget | None:
        """The page that is shown, None where no study is open."""
        return self._pages.get(self._place)

    @property
    def place(self) -> Place:
        """Where the person is."""
        return self._place

    @property
    def open_pages(self) -> tuple[StudyPage, ...]:
        """All pages that were made so far."""
        return tuple(page for page in self._pages.values() if isinstance(page, StudyPage))

    def start(self, page: QWidget, place: Place = Place.GRADE) -> None:
        """Show the first page of a study."""
        self.clear()
        self._pages[place] = page
        self._place = place
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    def offer(self, makers: Mapping[Place, Make]) -> None:
        """Let a person go to further pages; those that are open and not named are left alone."""
        self._makers = dict(makers)
        self._show_switch()

    def can_go(self, place: Place) -> bool:
        """Tell whether there is such a page."""
        return place in self._pages or place in self._makers

    def go(self, place: Place) -> None:
        """Show another page."""
        if place is self._place or not self.can_go(place):
            self._buttons[self._place].setChecked(True)
            return
        before = self.current
        if isinstance(before, StudyPage):
            before.leave()
        page = self._pages.get(place) or self._make(place)
        self._place = place
        self._stack.setCurrentWidget(page)
        self._buttons[place].setChecked(True)
        if isinstance(page, StudyPage):
            page.enter()
        self.went.emit(place)

    def clear(self) -> None:
        """Let all pages go, as when the study is closed."""
        for page in self._pages.values():
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages, self._makers, self._place = {}, {}, Place.GRADE
        self._show_switch()

    def _make(self, place: Place) -> QWidget:
        page = self._makers[place]()
        self._pages[place] = page
        self._stack.addWidget(page)
        self.made.emit(page)
        return page

    def _show_switch(self) -> None:
        offered = [place for place in Place if self.can_go(place)]
        for place, button in self._buttons.items():
            button.setVisible(place in offered)
        self._buttons[self._place].setChecked(True)
        self._switch.setVisible(len(offered) > 1)

    def _button(self, place: Place) -> QPushButton:
        button = QPushButton(TITLES[place])
        set_role(button, "page")
        button.setCheckable(True)
        button.setAccessibleName(f"{TITLES[place]} page")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.go(place))
        self._group.addButton(button)
        return button
