"""The left side of the page: what the next run is, the button for it, the runs that are there."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.explain.method_part import MethodPart
from desktop_app.explain.model_part import ModelPart
from desktop_app.explain.parts import line, scrolled
from desktop_app.explain.recent_cards import RecentCards
from desktop_app.explain.run_list import RunList
from desktop_app.explain.run_part import RunPart
from desktop_app.session.explaining.session import ExplainSession
from desktop_app.window.keymap import Keymap
from desktop_app.window.theme import Theme, space

NARROWEST = 264
"""Pixels at 100 % below which its fields would be cut."""


class Side(QWidget):
    """Choices above, which scroll, and the button below, which stays."""

    def __init__(
        self,
        session: ExplainSession,
        recent: RecentCards,
        theme: Theme,
        keymap: Keymap,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("explain_side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = ModelPart(session.model, recent, theme)
        self.method = MethodPart(session, theme, self)  # shown by itself, so it has a parent
        self.run = RunPart(session, theme, keymap)
        self.runs = RunList(session.runs, theme)
        self.run.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QWidget()
        inside.setObjectName("inside")
        column = QVBoxLayout(inside)
        space(column, theme, "m", spacing="l")
        column.addWidget(self.runs)
        column.addWidget(self.model)
        column.addWidget(self.method)
        column.addStretch()
        body = QVBoxLayout(self)
        space(body, theme, spacing="none")
        body.addWidget(scrolled(inside), 1)
        body.addWidget(line())
        body.addWidget(self.run)
        self._theme = theme
        theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.setMinimumWidth(self._theme.metrics.px(NARROWEST))
