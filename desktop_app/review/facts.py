"""The facts of the image at hand: state, agreement, decision, remarks."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.review.words import (
    DECISIONS,
    PROBLEMS,
    STATES,
    WARNINGS,
    admission,
    number,
    percent,
    why_undefined,
)
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.measure import Measure, Undefined
from engine.domain.rows import ImageAgreement
from engine.domain.settings import AgreementSettings

if TYPE_CHECKING:
    from engine.domain.grading import Adjudication
    from engine.stages.reviewing import ImageReview

Row = tuple[str, Callable[[ImageAgreement], Measure], Callable[[Measure], str], str]

NUMBERS: tuple[Row, ...] = (
    ("Fleiss kappa", lambda r: r.fleiss_kappa, number, "Agreement beyond chance over pixels"),
    ("Gwet’s AC1", lambda r: r.gwet_ac1, number, "The same, less sensitive to small regions"),
    ("Mean pairwise Dice", lambda r: r.mean_pairwise_dice, number, "Overlap of two graders"),
    ("Human ceiling", lambda r: r.human_ceiling, number, "Dice of each with the others"),
    ("Same answer: visible", lambda r: r.visible_agreement, percent, "Share of pairs of graders"),
    ("Same number of regions", lambda r: r.count_agreement, percent, "Share of pairs of graders"),
    ("Region that counts", lambda r: r.roi_area, percent, "Its share of the image"),
)


class Facts(QWidget):
    """What is known of the image; a number that does not exist says why on being pointed at."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state, self.admitted = QLabel(), WrappedLabel()
        self.decision, self.warning = WrappedLabel(), WrappedLabel()
        set_role(self.state, "heading")
        set_role(self.warning, "warning")
        self.numbers: dict[str, QLabel] = {}
        body = QVBoxLayout(self)
        space(body, theme, spacing="s")
        for label in (self.state, self.admitted, self.decision, self.warning):
            body.addWidget(label)
        grid = QGridLayout()
        space(grid, theme, spacing="xs")
        grid.setColumnStretch(0, 1)
        for place, (title, _, _, meaning) in enumerate(NUMBERS):
            words, value = QLabel(title), QLabel()
            set_role(words, "muted")
            words.setToolTip(meaning)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setAccessibleName(title)
            grid.addWidget(words, place, 0)
            grid.addWidget(value, place, 1, Qt.AlignmentFlag.AlignRight)
            self.numbers[title] = value
        body.addLayout(grid)

    def show_row(self, row: ImageAgreement | None, settings: AgreementSettings) -> None:
        """Show a row, None while there is none."""
        self.state.setText(STATES.get(row.state, row.state) if row else "")
        self.admitted.setText(admission(row, settings) if row else "")
        set_role(self.admitted, "success" if row and row.admitted else "muted")
        self.warning.setText(WARNINGS.get(row.consensus_warning, "") if row else "")
        self.warning.setVisible(bool(self.warning.text()))
        for title, read, write, meaning in NUMBERS:
            value = read(row) if row else None
            label = self.numbers[title]
            label.setText("" if value is None else write(value))
            label.setToolTip("" if value is None else why_undefined(value) or meaning)

    def show_decision(
        self,
        decision: "Adjudication | None",
        *,
        whose: str = "",
        by: str = "",
        hide: Callable[[str], str] = str,
    ) -> None:
        """Show what a lead decided, None for nothing.

        Parameters
        ----------
        whose
            Letter or name of the grader whose region was adopted.
        by
            Who decided.
        hide
            Takes the names of graders out of a text.
        """
        text = ""
        if decision is not None:
            what = DECISIONS[decision.adopted.value]
            if whose:
                what = f"the region of {whose}"
            text = f"{by} decided for {what}: “{hide(decision.reason)}”"
        self.decision.setText(text)
        self.decision.setVisible(bool(text))


class OverlapGrid(QWidget):
    """Dice of each grader with each other, by letter; the darker the higher."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._letters: Sequence[str] = ()
        self._dice: Sequence[Sequence[Measure]] = ()
        self._inner: QWidget | None = None
        self._body = QVBoxLayout(self)
        space(self._body, theme)
        theme.changed.connect(self._rebuild)

    def show_overlaps(self, letters: Sequence[str], dice: Sequence[Sequence[Measure]]) -> None:
        """Show other overlaps, none for fewer than two graders."""
        if (letters, dice) != (self._letters, self._dice):
            self._letters, self._dice = letters, dice
            self._rebuild()

    def _rebuild(self) -> None:
        if self._inner is not None:
            self._inner.hide()
            self._body.removeWidget(self._inner)
            self._inner.deleteLater()
        self._inner = inner = QWidget()
        inner.setObjectName("inside")
        self._body.addWidget(inner)
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(max(self._theme.metrics.px(2), 1))
        if len(self._letters) < 2:
            text = "Fewer than two graders say where it is."
            grid.addWidget(WrappedLabel(text, "muted"), 0, 0)
            return
        for k, letter in enumerate(self._letters):
            for at in ((0, k + 1), (k + 1, 0)):
                head = QLabel(letter, alignment=Qt.AlignmentFlag.AlignCenter)
                set_role(head, "small")
                grid.addWidget(head, *at)
            for m, value in enumerate(self._dice[k]):
                if m != k:
                    grid.addWidget(self._cell(letter, self._letters[m], value), k + 1, m + 1)

    def _cell(self, one: str, other: str, value: Measure) -> QLabel:
        cell = QLabel(number(value), alignment=Qt.AlignmentFlag.AlignCenter)
        cell.setAccessibleName(f"Dice of {one} and {other}: {number(value)}")
        cell.setToolTip(why_undefined(value) or f"Dice of {one} and {other}")
        strength = 0.0 if isinstance(value, Undefined) else value
        colours = self._theme.colours
        palette = cell.palette()
        ground = _mixed(colours.surface, colours.accent_soft, strength)
        palette.setColor(QPalette.ColorRole.Window, QColor(ground))
        cell.setPalette(palette)
        cell.setAutoFillBackground(True)
        cell.setMinimumHeight(self._theme.metrics.px(22))
        return cell


class Remarks(QWidget):
    """Notes and problems that graders left, by letter."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = WrappedLabel()
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        body = QVBoxLayout(self)
        space(body, theme)
        body.addWidget(self.text)

    def show_remarks(self, lines: Sequence[str]) -> None:
        """Show other remarks."""
        self.text.setText("\n".join(lines))
        self.setVisible(bool(lines))


def remarks_of(review: "ImageReview", names: dict[str, str]) -> list[str]:
    """Return what graders noted and found wrong, each under what the grader is called.

    Parameters
    ----------
    names
        What each grader is called, by name.
    """
    lines = []
    for reading in review.readings:
        last = reading.last
        if last is None:
            continue
        who = names.get(reading.grader, "?")
        if last.problem:
            lines.append(f"{who}: {PROBLEMS.get(last.problem, last.problem)}")
        if last.note:
            lines.append(f"{who}: “{last.note}”")
    return lines


def _mixed(one: str, other: str, share: float) -> str:
    first, second = ([int(c[at : at + 2], 16) for at in (1, 3, 5)] for c in (one, other))
    mixed = [round(a + (b - a) * share) for a, b in zip(first, second, strict=True)]
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
