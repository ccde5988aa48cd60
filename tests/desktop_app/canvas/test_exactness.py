"""A click lands on what was seen there: the painted picture itself is the ruler.

One bright spot in a dark picture is found on the screen by its painted pixels, its middle is
clicked, and the vertex must be the spot's middle in the image. `test_two_device_pixels.py` runs
this file once more on a screen of twice as many pixels.
"""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor, QImage

from desktop_app.canvas.canvas import Canvas
from desktop_app.canvas.tools import Tool
from engine.domain.polygon import Polygon, ring
from engine.images.pyramid import pyramid_of
from tests.desktop_app.canvas.mouse import Mouse

WIDTH, HEIGHT = 3000, 2000
ZOOMS = [0.1, 1.0, 8.0, 50.3, 64.0]
HALF = 0.5
"""Screen pixels that a click may be off."""

SPOTS = [(701, 433), (2203, 1502)]


def _side(zoom):
    """Return the side of a spot, odd, that is a few screen pixels wide."""
    return 2 * round(20 / max(zoom, 1) / min(zoom, 1) / 8) + 1


def _spot(x, y, zoom):
    """Return a pyramid with one spot whose middle is that of pixel (x, y), and that middle."""
    half = _side(zoom) // 2
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[y - half : y + half + 1, x - half : x + half + 1] = 255
    return pyramid_of(pixels), (x + 0.5, y + 0.5)


def _middle_of_the_bright(canvas):
    """Return the middle of what is painted bright, in screen pixels."""
    bright = _green(canvas)
    rows, columns = np.mgrid[: bright.shape[0], : bright.shape[1]] + 0.5
    ratio = canvas.devicePixelRatioF()
    total = bright.sum()
    assert total > 0, "the spot is not on the screen"
    return QPointF((bright * columns).sum() / total / ratio, (bright * rows).sum() / total / ratio)


def _green(canvas):
    """Return the green of each device pixel of the viewport."""
    shot = canvas.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(shot.constBits(), np.uint8).reshape(shot.height(), shot.width(), 4)
    return pixels[..., 1].astype(float)


@pytest.fixture
def canvas(qtbot):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(900, 700)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


def _look_at(canvas, x, y, zoom):
    """Bring a point of the image, at a zoom, near the middle of a window that is dark elsewhere."""
    canvas.setBackgroundBrush(QColor("black"))
    canvas.zoom_to(zoom)
    at = canvas.to_screen(x, y)
    canvas.pan(round(441.3 - at.x()), round(352.6 - at.y()))


@pytest.mark.parametrize("zoom", ZOOMS)
@pytest.mark.parametrize("spot", SPOTS)
def test_a_click_on_what_is_seen_lands_there(canvas, qtbot, zoom, spot):
    pyramid, middle = _spot(*spot, zoom)
    canvas.show_picture(pyramid)
    _look_at(canvas, *middle, zoom)
    assert canvas.zoom == pytest.approx(zoom)
    seen = _middle_of_the_bright(canvas)
    pixel = QPoint(round(seen.x()), round(seen.y()))
    drafts = []
    canvas.draft_changed.connect(drafts.append)
    Mouse(canvas, qtbot).press(*canvas.to_image(QPointF(pixel)))
    clicked = drafts[0].points[0]
    screen = canvas.scale_on_screen
    missed = (clicked - middle) * screen - (pixel.x() - seen.x(), pixel.y() - seen.y())
    assert np.abs(missed).max() <= HALF


@pytest.mark.parametrize("zoom", ZOOMS)
def test_a_handle_is_painted_on_its_vertex(canvas, zoom):
    x, y = SPOTS[0]
    reach = 300 / zoom
    corners = [(x + 0.5, y + 0.5), (x + reach, y), (x, y + reach)]
    polygon = Polygon(ring(np.clip(corners, 0, (WIDTH, HEIGHT))))
    canvas.show_picture(pyramid_of(np.zeros((HEIGHT, WIDTH, 3), np.uint8)))
    canvas.show_region((polygon,))
    canvas.set_tool(Tool.SELECT)
    canvas.select(0)
    _look_at(canvas, x + 0.5, y + 0.5, zoom)
    white = _green(canvas)
    ratio = canvas.devicePixelRatioF()
    vertex = canvas.to_screen(x + 0.5, y + 0.5)
    around = 6 * ratio
    left, top = round(vertex.x() * ratio - around), round(vertex.y() * ratio - around)
    part = white[top : top + round(2 * around), left : left + round(2 * around)] > 250
    rows, columns = np.nonzero(part)
    middle = (columns.mean() + 0.5 + left) / ratio, (rows.mean() + 0.5 + top) / ratio
    assert middle == pytest.approx((vertex.x(), vertex.y()), abs=HALF)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_an_outline_is_painted_where_it_is(canvas, zoom):
    """A level edge across the whole picture is found in the painted rows of a few columns."""
    y = 433.37
    polygon = Polygon(ring([(10, y), (2990, y), (2990, 1990), (10, 1990)]))
    canvas.show_picture(pyramid_of(np.zeros((HEIGHT, WIDTH, 3), np.uint8)))
    canvas.show_region((polygon,))
    _look_at(canvas, 1500, y, zoom)
    ratio = canvas.devicePixelRatioF()
    expected = canvas.to_screen(1500, y).y()
    top = round((expected - 6) * ratio)
    band = _green(canvas)[top : top + round(12 * ratio), ::50]
    light = np.where(band > 60, band, 0)
    light = light[:, light.sum(axis=0) > 0]
    rows = np.arange(len(light)) + 0.5 + top
    middles = (light * rows[:, None]).sum(axis=0) / light.sum(axis=0) / ratio
    assert len(middles) >= 5
    assert np.abs(middles - expected).max() <= HALF
