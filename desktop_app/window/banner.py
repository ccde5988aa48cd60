"""Problems in a strip above the page: what happened, where, and the one thing to do next."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.problem import Problem, Severity

AT_MOST = 2
"""Banners shown at once; the others wait behind a button."""

SPOKEN = {Severity.NOTE: "Note", Severity.WARNING: "Warning", Severity.ERROR: "Problem"}
ICONS = {Severity.NOTE: "info", Severity.WARNING: "warning", Severity.ERROR: "error"}
WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Remedy:
    """A button that does the one thing to do next, such as *Retry*."""

    text: str
    do: Callable[[], object]


class Banners(QWidget):
    """The problems that are not over: one banner for each code, the gravest first.

    A problem that comes again replaces its banner; `withdraw` takes it away once it is over.
    """

    dismissed = Signal(str)
    """The code of a problem whose banner a person closed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._banners: dict[str, Banner] = {}
        self._shows_all = False
        self._more = QPushButton(self)
        set_role(self._more, "link")
        self._more.clicked.connect(self._toggle)
        self._layout = QVBoxLayout(self)
        space(self._layout, theme, "m s", spacing="xs")
        self._layout.addWidget(self._more, alignment=Qt.AlignmentFlag.AlignLeft)
        self._arrange()

    @property
    def codes(self) -> tuple[str, ...]:
        """The problems that are not over, in the order in which they stand."""
        return tuple(self._banners)

    def tell(self, problem: Problem, remedy: Remedy | None = None) -> None:
        """Show a problem, in place of an earlier one of the same code."""
        is_known = problem.code in self._banners
        if is_known:
            self._drop(problem.code)
        banner = Banner(problem, self._theme, remedy, self)
        banner.dismissed.connect(self._dismiss)
        self._banners = {problem.code: banner, **self._banners}
        self._banners = dict(sorted(self._banners.items(), key=lambda pair: pair[1].weight))
        self._arrange()
        if not is_known:
            QAccessible.updateAccessibility(QAccessibleEvent(banner, QAccessible.Event.Alert))

    def withdraw(self, code: str) -> None:
        """Take a banner away because its problem is over; without one, nothing happens."""
        if code in self._banners:
            self._drop(code)
            self._arrange()

    def clear(self) -> None:
        """Take all banners away, as when another study is opened."""
        for code in self.codes:
            self._drop(code)
        self._arrange()

    def _dismiss(self, code: str) -> None:
        self.withdraw(code)
        self.dismissed.emit(code)

    def _drop(self, code: str) -> None:
        banner = self._banners.pop(code)
        self._layout.removeWidget(banner)
        banner.hide()
        banner.deleteLater()

    def _toggle(self) -> None:
        self._shows_all = not self._shows_all
        self._arrange()

    def _arrange(self) -> None:
        """Put the banners in order, and the ones beyond the second behind a button."""
        hidden = len(self._banners) - AT_MOST
        self._shows_all = self._shows_all and hidden > 0
        for at, banner in enumerate(self._banners.values()):
            self._layout.insertWidget(at, banner)
            banner.setVisible(self._shows_all or at < AT_MOST)
        self._more.setVisible(hidden > 0)
        self._more.setText("Show fewer" if self._shows_all else f"+{hidden} more")
        self._more.setAccessibleName(
            "Show fewer problems" if self._shows_all else f"Show {hidden} more problems"
        )
        self.setVisible(bool(self._banners))


class Banner(QFrame):
    """One problem, with a button for its remedy where there is one, and one to close it."""

    dismissed = Signal(str)

    def __init__(
        self,
        problem: Problem,
        theme: Theme,
        remedy: Remedy | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.problem = problem
        set_role(self, f"{problem.severity.value}_box")
        self.setAccessibleName(f"{SPOKEN[problem.severity]}: {problem}")
        layout = QHBoxLayout(self)
        space(layout, theme, "m s s s", spacing="m")
        layout.addWidget(_icon(problem.severity, theme), alignment=Qt.AlignmentFlag.AlignTop)
        layout.addLayout(_words(problem, theme), stretch=1)
        if remedy is not None:
            layout.addWidget(_remedy_button(remedy, problem), alignment=MIDDLE)
        layout.addWidget(self._close_button(theme), alignment=MIDDLE)

    @property
    def weight(self) -> int:
        """Where it stands among others: errors first."""
        return WEIGHT[self.problem.severity]

    def _close_button(self, theme: Theme) -> QToolButton:
        close = QToolButton(self)
        set_role(close, "quiet")
        KeptIcon(close, theme, "close")
        close.setToolTip("Dismiss")
        close.setAccessibleName(f"Dismiss: {self.problem.message}")
        close.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        close.clicked.connect(lambda: self.dismissed.emit(self.problem.code))
        return close


MIDDLE = Qt.AlignmentFlag.AlignVCenter


def _icon(severity: Severity, theme: Theme) -> QLabel:
    icon = QLabel()
    KeptIcon(icon, theme, ICONS[severity], tone=severity.value)
    return icon


def _words(problem: Problem, theme: Theme) -> QVBoxLayout:
    """Return the sentence of what happened, and under it where and what to do."""
    words = QVBoxLayout()
    space(words, theme, spacing="xs")
    message = _label(_sentence(problem.message), "strong")
    advice = " — ".join(part for part in (problem.where, _sentence(problem.remedy)) if part)
    words.addWidget(message)
    words.addWidget(_label(advice))
    return words


def _label(text: str, role: str = "") -> WrappedLabel:
    label = WrappedLabel(text, role)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _remedy_button(remedy: Remedy, problem: Problem) -> QPushButton:
    button = QPushButton(remedy.text)
    button.setAccessibleName(f"{remedy.text}: {problem.remedy}")
    button.clicked.connect(lambda _checked: remedy.do())
    return button


def _sentence(text: str) -> str:
    return (
        f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) or not text else '.'}"
    )
