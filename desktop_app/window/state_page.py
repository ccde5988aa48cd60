"""What stands in place of work that is not there: why, and what to do next."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

WIDEST = 440
"""Pixels at 100 % that a line of text may take."""


@dataclass(frozen=True, slots=True)
class State:
    """One thing to say in place of an image.

    Attributes
    ----------
    icon, tone
        Name of a line icon and of the theme's colour it is drawn in.
    """

    icon: str
    title: str
    text: str = ""
    tone: str = "muted"


class StatePage(QWidget):
    """An icon, a title, a text and up to two buttons in the middle of the space."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("state")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._theme = theme
        self._picture, self._title, self._text = QLabel(), WrappedLabel(), WrappedLabel()
        self._icon = KeptIcon(self._picture, theme, "study", tone="muted", size="large_icon")
        self._buttons = QHBoxLayout()
        set_role(self._title, "heading")
        set_role(self._text, "muted")
        self._column = self._words(theme)
        body = QVBoxLayout(self)
        space(body, theme, "xl", spacing="none")
        body.addStretch(2)
        middle = QHBoxLayout()
        space(middle, theme)
        middle.addStretch(1)
        middle.addWidget(self._column, 100)
        middle.addStretch(1)
        body.addLayout(middle)
        body.addStretch(3)
        theme.changed.connect(self._fit)
        self._fit()

    @property
    def title(self) -> str:
        """What it says first."""
        return self._title.text()

    @property
    def text(self) -> str:
        """What it says below."""
        return self._text.text()

    def add_button(self, text: str, on_click: Callable[[], object]) -> QPushButton:
        """Add a button below the text and return it."""
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.clicked.connect(lambda _is_checked=False: on_click())
        self._buttons.addWidget(button)
        return button

    def show_state(self, state: State) -> None:
        """Say something else from now on."""
        self._icon.show(state.icon, tone=state.tone)
        self._title.setText(state.title)
        self._text.setText(state.text)
        self._text.setVisible(bool(state.text))
        self.setAccessibleName(f"{state.title}. {state.text}")

    def _words(self, theme: Theme) -> QWidget:
        column = QWidget()
        column.setObjectName("inside")
        body = QVBoxLayout(column)
        space(body, theme, spacing="m")
        for label in (self._picture, self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            body.addWidget(label)
        body.addSpacing(theme.px("s"))
        body.addLayout(self._buttons)
        space(self._buttons, theme)
        self._buttons.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        return column

    def _fit(self) -> None:
        self._column.setMaximumWidth(self._theme.metrics.px(WIDEST))
