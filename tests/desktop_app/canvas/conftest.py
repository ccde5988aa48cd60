"""A canvas in a window, a small picture, and all that the canvas says."""

import numpy as np
import pytest

from desktop_app.canvas.canvas import Canvas
from engine.images.pyramid import pyramid_of
from tests.desktop_app.canvas.mouse import Mouse

WIDTH, HEIGHT = 300, 200


class Heard:
    """What the canvas's signals said, in order."""

    def __init__(self, canvas):
        self.all = []
        for name in (
            "region_changed",
            "draft_changed",
            "draft_cancelled",
            "told",
            "selection_changed",
            "tool_changed",
            "hint_changed",
            "zoom_changed",
            "interacted",
        ):
            getattr(canvas, name).connect(lambda *said, name=name: self.all.append((name, *said)))

    def of(self, name):
        """Return what one signal said: a value, a tuple of several, or None, each time."""
        said = [rest for told, *rest in self.all if told == name]
        return [tuple(s) if len(s) > 1 else (s[0] if s else None) for s in said]

    def clear(self):
        self.all.clear()


@pytest.fixture
def picture():
    """A pyramid of 300 by 200 pixels without symmetry."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    channels = [(x * 5) % 256, (y * 7) % 256, (x + 2 * y) % 256]
    return pyramid_of(np.stack(channels, axis=-1).astype(np.uint8))


@pytest.fixture
def canvas(qtbot, picture):
    """A visible canvas with the picture, twice as large on the screen."""
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(700, 500)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.show_picture(picture)
    canvas.zoom_to(2.0 * canvas.devicePixelRatioF())
    return canvas


@pytest.fixture
def heard(canvas):
    return Heard(canvas)


@pytest.fixture
def mouse(canvas, qtbot):
    return Mouse(canvas, qtbot)
