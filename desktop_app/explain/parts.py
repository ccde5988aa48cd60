"""Small parts that the page is put together from: headed sections, buttons, segments."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.tables.flow import FlowLayout
from desktop_app.window.theme import KeptIcon, Theme, set_role, space


class Section(QWidget):
    """A heading, a place for small things at its right, and what belongs to it."""

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inside")
        self.heading = QLabel(title)
        set_role(self.heading, "strong")
        self.head = QHBoxLayout()
        space(self.head, theme, spacing="s")
        self.head.addWidget(self.heading, 1)
        self.body = QVBoxLayout(self)
        space(self.body, theme, spacing="s")
        self.body.addLayout(self.head)


class Segments(QWidget):
    """A few buttons of which one is down."""

    chosen = Signal(str)
    """The name of the one that a person pressed."""

    def __init__(
        self,
        texts: Mapping[str, str],
        theme: Theme,
        *,
        role: str = "segment",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("inside")
        self._group = QButtonGroup(self)
        self.buttons = {name: self._button(name, text, role) for name, text in texts.items()}
        is_tabs = role == "tab"  # tabs go on in a second line where the room is narrow
        row = FlowLayout(self) if is_tabs else QHBoxLayout(self)
        space(row, theme, spacing="none" if is_tabs else "xs")
        for button in self.buttons.values():
            row.addWidget(button)
        if is_tabs:
            policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        next(iter(self.buttons.values())).setChecked(True)

    @property
    def current(self) -> str:
        """The name of the one that is down."""
        return next(name for name, button in self.buttons.items() if button.isChecked())

    def choose(self, name: str) -> None:
        """Put another one down, without telling anybody."""
        self.buttons[name].setChecked(True)

    def _button(self, name: str, text: str, role: str) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_role(button, role)
        button.clicked.connect(lambda _is_checked=False: self.chosen.emit(name))
        self._group.addButton(button)
        return button


def button(
    text: str, do: Callable[[], object], *, role: str = "", name: str = "", tip: str = ""
) -> QPushButton:
    """Return a button that Enter does not press by itself."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    made.setAccessibleName(name or text.rstrip("…"))
    made.setToolTip(tip)
    if role:
        set_role(made, role)
    made.clicked.connect(lambda _is_checked=False: do())
    return made


def tool(
    icon: str, name: str, do: Callable[[], object], theme: Theme, *, is_kept: bool = False
) -> QToolButton:
    """Return a small button with an icon; a kept one stays down."""
    made = QToolButton()
    set_role(made, "quiet")
    KeptIcon(made, theme, icon)
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCheckable(is_kept)
    made.clicked.connect(lambda _is_checked=False: do())
    return made


def line() -> QWidget:
    """Return a thin line between parts."""
    made = QWidget()
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    made.setObjectName("rule")
    made.setFixedHeight(1)
    return made


def scrolled(widget: QWidget) -> QScrollArea:
    """Return a widget in an area that scrolls up and down."""
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
