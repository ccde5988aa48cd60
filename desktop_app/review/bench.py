"""The centre: the photograph, what lies over it, and what is asked and said between."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_app.canvas.canvas import Canvas
from desktop_app.review.ask_bar import AskBar
from desktop_app.review.overlay_bar import OverlayBar
from desktop_app.window.floating import Floating
from desktop_app.window.keymap import Keymap
from desktop_app.window.question import InlineQuestion
from desktop_app.window.state_page import State, StatePage
from desktop_app.window.theme import Theme, space
from desktop_app.window.toast import Toast
from engine.domain.image import Image
from engine.domain.problem import Problem

if TYPE_CHECKING:
    from engine.images.pyramid import Pyramid

CHOOSE = State("select", "No image at hand", "Choose one in the table, or go on with J and K.")
LOADING = State("study", "Measuring the study…", "Images can be looked at as soon as they are.")
EMPTY = State("plus", "No images yet", "Import photographs or a table of images to begin.")


GROUND = 176
"""Grey of the plain ground, between light and dark outlines."""


def without_picture(problem: Problem) -> State:
    """Return what stands in place of a photograph that cannot be shown."""
    text = f"{problem.message[:1].upper()}{problem.message[1:]}. {problem.remedy}."
    return State("warning", "The photograph is not shown", text, "warning")


def plain_ground(image: Image) -> "Pyramid":
    """Return a grey ground of the size of an image without pixels, for what was drawn on it."""
    from engine.images.pyramid import pyramid_of  # noqa: PLC0415 - loads Pillow

    return pyramid_of(np.full((image.height, image.width, 3), GROUND, dtype=np.uint8))


class Bench(QWidget):
    """Holds the canvas and what surrounds it; it knows no session."""

    def __init__(
        self, theme: Theme, keymap: Keymap, canvas: Canvas, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.canvas = canvas
        self.overlays = OverlayBar(theme, keymap)
        self.question = InlineQuestion(theme)
        self.ask = AskBar(theme)
        self.state = StatePage(theme)
        self.toast = Toast(theme)
        self._shown = QStackedWidget()
        self._shown.addWidget(canvas)
        self._shown.addWidget(self.state)
        body = QVBoxLayout(self)
        space(body, theme, spacing="none")
        body.addWidget(self.overlays)
        body.addWidget(self._shown, 1)
        Floating(self.question, self._shown, theme, edge=Qt.Edge.TopEdge)
        Floating(self.ask, self._shown, theme, edge=Qt.Edge.TopEdge)
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
