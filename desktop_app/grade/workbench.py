"""The centre: the photograph, its tools above, what there is to say between."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_app.canvas.canvas import Canvas
from desktop_app.grade.bars import ConflictBar, SentBackBar
from desktop_app.grade.tools import ToolBar
from desktop_app.window.floating import Floating
from desktop_app.window.question import InlineQuestion
from desktop_app.window.state_page import State, StatePage
from desktop_app.window.theme import Theme, space
from desktop_app.window.toast import Toast


class Workbench(QWidget):
    """Holds the canvas and what surrounds it; it knows no session."""

    def __init__(
        self, theme: Theme, tools: ToolBar, canvas: Canvas, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.tools = tools
        self.canvas = canvas
        self.sent_back = SentBackBar(theme)
        self.conflict = ConflictBar(theme)
        self.question = InlineQuestion(theme)
        self.state = StatePage(theme)
        self.toast = Toast(theme)
        self._shown = QStackedWidget()
        self._shown.addWidget(canvas)
        self._shown.addWidget(self.state)
        body = QVBoxLayout(self)
        space(body, theme, spacing="none")
        for part in (tools, self.sent_back, self.conflict):
            body.addWidget(part)
        body.addWidget(self._shown, 1)
        Floating(self.question, self._shown, theme, edge=Qt.Edge.TopEdge)
        Floating(self.toast, self._shown, theme, edge=Qt.Edge.BottomEdge)

    @property
    def has_canvas(self) -> bool:
        """True while the canvas is shown, False while something is said in its place."""
        return self._shown.currentWidget() is self.canvas

    def show_canvas(self) -> None:
        """Show the canvas."""
        self._shown.setCurrentWidget(self.canvas)

    def show_state(self, state: State) -> None:
        """Say something in place of the canvas."""
        self.state.show_state(state)
        self._shown.setCurrentWidget(self.state)
