"""Fields of a form: whole or broken numbers, choices and texts that the wheel leaves alone."""

from collections.abc import Iterable

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QWidget,
)

from desktop_app.window.theme import Theme, set_role, space

WIDEST = 2.0**53
"""Whole numbers up to it are exact in a field of numbers."""

DIGITS = 12


class NumberField(QDoubleSpinBox):
    """A number, whole or broken, written as short as it can be.

    Parameters
    ----------
    low, high
        The least and the most that can be written.
    is_whole
        Whether only whole numbers can be.
    """

    def __init__(
        self,
        name: str,
        *,
        low: float = 0,
        high: float = WIDEST,
        is_whole: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._is_whole = is_whole
        self.setLocale(QLocale.c())
        self.setDecimals(0 if is_whole else DIGITS)
        self.setRange(low, high)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        set_role(self, "number")
        if not is_whole:
            self.setSingleStep(0.05 if high - low <= 2 else 1)

    @property
    def number(self) -> int | float:
        """What is written."""
        return round(self.value()) if self._is_whole else self.value()

    def textFromValue(self, value: float) -> str:
        """Return a number without zeros that say nothing."""
        return f"{value:.0f}" if self._is_whole else f"{value:.12g}"

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Begin the text where other fields begin theirs, which the style sheet cannot say."""
        super().resizeEvent(event)
        self.lineEdit().setTextMargins(self.fontMetrics().height() // 2, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page that is being scrolled."""
        event.ignore()


class ChoiceField(QComboBox):
    """One of several values, each with its words."""

    def __init__(
        self, name: str, choices: Iterable[tuple[str, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.show_choices(choices)

    def show_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer other values; each is a value and its words."""
        self.clear()
        for value, words in choices:
            self.addItem(words, value)
            self.setItemData(self.count() - 1, words, Qt.ItemDataRole.ToolTipRole)

    @property
    def choice(self) -> str:
        """The value that is chosen; empty where there is none."""
        return str(self.currentData() or "")

    def choose(self, value: str) -> None:
        """Choose a value; one that is not offered changes nothing."""
        at = self.findData(value)
        if at >= 0:
            self.setCurrentIndex(at)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page that is being scrolled."""
        event.ignore()


def form(rows: Iterable[tuple[str, QWidget]], theme: Theme) -> QGridLayout:
    """Return fields one below the other, each behind its name."""
    grid = QGridLayout()
    space(grid, theme, spacing="s")
    for at, (name, field) in enumerate(rows):
        label = QLabel(name)
        label.setBuddy(field)
        grid.addWidget(label, at, 0)
        grid.addWidget(field, at, 1)
    grid.setColumnStretch(1, 1)
    return grid
