"""What the page shows where there is no image to grade: why, and what to do next."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.problem import Problem

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


LOADING = State("study", "Opening your images…")


def no_task(grader: str, *, is_packet: bool) -> State:
    """Return the state of a queue without a task."""
    whose = "This packet" if is_packet else "This study"
    text = (
        f"{whose} holds no image that {grader} was asked to grade."
        " Ask the lead for images, or check that the name is yours."
    )
    return State("grader", "No images for you yet", text)


def all_done(count: int, seconds: list[float], *, is_packet: bool) -> State:
    """Return the state of a queue with nothing left to do.

    Parameters
    ----------
    seconds
        Time at work on each image that has any.
    """
    images = "Your one image is" if count == 1 else f"All your {count} images are"
    half = duration(median(seconds)) if seconds else ""
    pace = f" Half of them took you at most {half} each." if half else ""
    then = " Now send the file back to the lead." if is_packet else ""
    return State("done", f"{images} done", f"Thank you.{pace}{then}", "success")


NO_PICTURE = {
    "no_picture": "There is no photograph to look at",
    "image_changed": "The photograph is not the one it was",
    "image_missing": "The photograph is not where it was",
}
FOR_GRADERS = frozenset({"no_picture", "image_changed", "picture_failed"})
"""Problems whose remedy a grader can act on; the others are for whoever keeps the files."""


def without_picture(problem: Problem) -> State:
    """Return the state of an image whose picture cannot be shown."""
    is_expected = problem.code == "no_picture"
    title = NO_PICTURE.get(problem.code, "The photograph cannot be shown")
    remedy = problem.remedy
    if problem.code not in FOR_GRADERS:
        remedy = f"For whoever keeps the photographs: {remedy[:1].lower()}{remedy[1:]}"
    text = f"{_sentence(problem.message)} {_sentence(remedy)}\n\n{STILL}"
    return State("missing" if is_expected else "warning", title, text, TONE[is_expected])


TONE = {True: "muted", False: "warning"}
STILL = (
    "Nothing can be outlined here. A note, a problem and the answers beside can still be left for"
    " this image."
)


def duration(seconds: float) -> str:
    """Return a time at work in words, such as ``8 seconds`` or ``2 min 5 s``."""
    whole = round(seconds)
    if whole < 60:
        return "1 second" if whole == 1 else f"{whole} seconds"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


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


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
