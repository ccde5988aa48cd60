"""The canvas as it looked when someone last looked at it, pixel by pixel.

Set ``DERMCONCORD_SNAPSHOTS=write`` to take them anew, then look at every one that changed. There
are no fonts in them, and size, scale and platform are fixed.
"""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from desktop_app.canvas.canvas import Canvas
from desktop_app.canvas.style import DARK, LIGHT
from desktop_app.canvas.tools import Tool
from engine.domain.polygon import Polygon, ring
from engine.images.pyramid import pyramid_of
from tests.desktop_app.canvas.mouse import Mouse

FOLDER = Path(__file__).parent / "snapshots"
SIZE = 260, 190
FAINT = 24
"""Levels by which a pixel at the edge of a line may differ; what is flat may not."""

FEW = 0.002
"""Share of the pixels that may differ by more, as rounding shifts an edge."""


def _skin():
    """Return light and dark skin with a lesion across both; smooth, so that files are small."""
    y, x = np.mgrid[:140, :210]
    skin = np.where((x < 105)[..., None], (226, 188, 166), (70, 46, 36)).astype(float)
    away = np.hypot(x - 105, (y - 70) * 1.2)
    lesion = np.clip((52 - away) / 12, 0, 1)[..., None]
    return (skin * (1 - lesion) + np.array((150, 72, 62)) * lesion).astype(np.uint8)


def _star(x, y, radius, count):
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    away = radius * (1 + 0.15 * np.sin(3 * turn))
    return ring(np.column_stack((np.cos(turn), np.sin(turn))) * away[:, None] + (x, y))


REGION = (
    Polygon(_star(100, 70, 45, 16), (_star(100, 70, 16, 7),)),
    Polygon(_star(170, 80, 30, 400)),
    Polygon(_star(35, 110, 20, 9)),
)


@pytest.fixture
def canvas(qtbot):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.setFixedSize(*SIZE)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.show_picture(pyramid_of(_skin()))
    canvas.show_region(REGION)
    canvas.set_tool(Tool.SELECT)
    return canvas


@pytest.fixture
def matches(canvas, request):
    """Compare the canvas with its snapshot, or take it."""

    def compare():
        canvas.viewport().repaint()
        shot = canvas.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        pixels = np.frombuffer(shot.constBits(), np.uint8)
        pixels = pixels.reshape(shot.height(), shot.width(), 4)[..., 2::-1].copy()
        scale = round(canvas.devicePixelRatioF())
        name = request.node.name.removeprefix("test_").replace("[", "-").rstrip("]")
        file = FOLDER / f"{name}@{scale}x.png"
        if os.environ.get("DERMCONCORD_SNAPSHOTS") == "write":
            FOLDER.mkdir(exist_ok=True)
            Image.fromarray(pixels).save(file, optimize=True)
        expected = np.asarray(Image.open(file).convert("RGB"))
        assert expected.shape == pixels.shape
        away = np.abs(expected.astype(int) - pixels).max(axis=2)
        assert (away > FAINT).mean() <= FEW, f"{(away > FAINT).sum()} pixels differ"

    return compare


@pytest.mark.parametrize("style", [LIGHT, DARK], ids=["light", "dark"])
def test_outlines_read_on_light_and_dark_skin(canvas, matches, style):
    canvas.set_style(style)
    matches()


def test_the_selected_region_is_filled_and_has_handles(canvas, matches):
    canvas.select(0)
    matches()


def test_the_vertex_under_the_cursor_is_marked(canvas, matches, qtbot):
    canvas.select(0)
    Mouse(canvas, qtbot).move(*REGION[0].exterior[2])
    matches()


def test_the_middle_of_the_edge_under_the_cursor_is_offered(canvas, matches, qtbot):
    canvas.select(2)
    canvas.zoom_to(3 * canvas.devicePixelRatioF(), canvas.to_screen(35, 110))
    canvas.pan(60, -60)
    corners = REGION[2].exterior
    Mouse(canvas, qtbot).move(*(corners[1] * 0.7 + corners[2] * 0.3))
    matches()


def test_dense_vertices_have_no_handles(canvas, matches):
    canvas.select(1)
    matches()


def test_the_region_under_the_cursor_is_lit(canvas, matches, qtbot):
    Mouse(canvas, qtbot).move(170, 80)
    matches()


def test_an_outline_under_way_has_a_rubber_line(canvas, matches, qtbot):
    canvas.set_tool(Tool.DRAW)
    mouse = Mouse(canvas, qtbot)
    mouse.click_all([(20, 20), (60, 15), (70, 50)])
    mouse.move(30, 60)
    matches()


def test_an_outline_about_to_close_shows_it(canvas, matches, qtbot):
    canvas.set_tool(Tool.DRAW)
    mouse = Mouse(canvas, qtbot)
    mouse.click_all([(20, 20), (60, 15), (70, 50)])
    mouse.move(22, 21)
    matches()


def test_a_dragged_vertex_leads_its_edges(canvas, matches, qtbot):
    canvas.select(2)
    mouse = Mouse(canvas, qtbot)
    mouse.press(*REGION[2].exterior[0])
    mouse.move(75, 125)
    matches()
    mouse.release(75, 125)


def test_a_dragged_region_is_shown_where_it_goes(canvas, matches, qtbot):
    mouse = Mouse(canvas, qtbot)
    mouse.press(35, 110)
    mouse.move(55, 95)
    matches()
    mouse.release(55, 95)


def test_a_stroke_about_to_end_shows_where(canvas, matches, qtbot):
    canvas.select(0)
    canvas.set_tool(Tool.REDRAW)
    mouse = Mouse(canvas, qtbot)
    mouse.click(*REGION[0].exterior[1])
    mouse.click(165, 30)
    mouse.move(*(REGION[0].exterior[4] + (1, -1)))
    matches()


def test_the_regions_of_another_window_are_dashed(canvas, matches):
    canvas.show_other((Polygon(_star(110, 65, 50, 40)),))
    matches()


def test_pixels_are_squares_far_in(canvas, matches):
    canvas.select(0)
    canvas.zoom_to(16, canvas.to_screen(*REGION[0].exterior[1]))
    matches()


def test_brighter_with_more_contrast(canvas, matches):
    canvas.set_brightness(0.2)
    canvas.set_contrast(0.3)
    matches()


def test_without_shapes_there_is_the_picture_alone(canvas, matches):
    canvas.select(0)
    canvas.set_peek(True)
    matches()
