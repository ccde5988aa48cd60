"""The right column: questions, regions, remarks, and the button that ends an image."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.grade.answers import Answers
from desktop_app.grade.done_bar import DoneBar
from desktop_app.grade.region_list import RegionList
from desktop_app.grade.remarks import Remarks
from desktop_app.window.keymap import Keymap
from desktop_app.window.theme import Theme, set_role, space
from engine.domain.grading import Grading
from engine.domain.queue import QueueItem
from engine.domain.settings import AgreementSettings

WIDTH = 304
"""Pixels at 100 %."""

GROWTH = 0.8
"""Share by which it grows with the scale; the photograph has the rest, lines may break."""


class Side(QWidget):
    """What is said of the image at hand; it scrolls where it must, the button always shows."""

    def __init__(
        self,
        theme: Theme,
        keymap: Keymap,
        settings: AgreementSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._settings = settings
        self.answers = Answers(theme, keymap, settings)
        self.regions = RegionList(theme)
        self.remarks = Remarks(theme, keymap)
        self.done = DoneBar(theme, keymap)
        body = QVBoxLayout(self)
        space(body, theme, spacing="none")
        body.addWidget(self._scrolling(theme), 1)
        body.addWidget(self.done)
        theme.changed.connect(self._fit)
        self._fit()

    @property
    def tab_stops(self) -> list[QWidget]:
        """The controls in the order in which Tab reaches them."""
        remarks, regions = self.remarks, self.regions
        parts = [regions.delete, regions.table, remarks.note, remarks.problem, self.done.button]
        return [*self.answers.buttons, *parts]

    def show_grading(
        self, grading: Grading | None, item: QueueItem | None, *, is_other: bool
    ) -> None:
        """Show a grading, None while there is none; `is_other` where it is another image's."""
        self.answers.show_grading(grading)
        self.remarks.show_grading(grading, is_other=is_other)
        self.done.show_grading(grading, self._settings)
        width, height = (item.width, item.height) if item else (1, 1)
        self.regions.show_region(grading.region if grading else (), width, height)

    def _scrolling(self, theme: Theme) -> QScrollArea:
        inside = QWidget()
        inside.setObjectName("inside")
        column = QVBoxLayout(inside)
        space(column, theme, "l", spacing="l")
        for part in (self.answers, _line(), self.regions, _line(), self.remarks):
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
            column.addWidget(part)
        column.addStretch()
        area = QScrollArea()
        area.setObjectName("side")
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _fit(self) -> None:
        grown = 1 + GROWTH * (self._theme.metrics.scale - 1)
        self.setFixedWidth(round(WIDTH * grown))


def _line() -> QFrame:
    line = QFrame()
    set_role(line, "line")
    return line
