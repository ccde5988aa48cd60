"""Points lie where they should, few or many, on plain and on dense screens."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from desktop_app.plots.frame import Frame
from desktop_app.plots.look import look_of
from desktop_app.plots.points import SOME, PointPainter, Points

FRAME = Frame((0.0, 1.0), (0.0, 1.0), 120.0, 80.0)


@pytest.fixture
def painted(theme):
    """A function that paints points and returns red, green, blue and opacity, shape (h, w, 4)."""
    look = look_of(theme)
    painter_of_points = PointPainter()

    def paint(points, *, lit=None, ratio=1):
        image = QImage(120 * ratio, 80 * ratio, QImage.Format.Format_RGBA8888)
        image.setDevicePixelRatio(ratio)
        image.fill(0)
        painter = QPainter(image)
        painter_of_points.paint(painter, FRAME, look, points, marks=look.marks, lit=lit)
        painter.end()
        raw = np.frombuffer(image.constBits(), np.uint8).copy()
        return raw.reshape(80 * ratio, 120 * ratio, 4)

    paint.look = look
    return paint


def points_at(*places, kinds=None, times=1):
    """Return points, each so many times."""
    x, y = np.repeat(np.array(places, dtype=float), times, axis=0).T
    kinds = np.zeros(len(x), dtype=np.intp) if kinds is None else np.repeat(kinds, times)
    return Points(x, y, kinds)


def rgb(colour):
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("times", [1, SOME])
def test_a_point_covers_its_place_and_nothing_far_from_it(painted, ratio, times):
    pixels = painted(points_at((0.25, 0.75), (0.5, 0.25), times=times), ratio=ratio)
    inked = np.argwhere(pixels[..., 3] > 0) / ratio
    middles = np.array([(20.0, 30.0), (60.0, 60.0)])
    away = np.abs(inked[:, None] - middles).max(axis=2).min(axis=1)
    assert away.max() < 8
    for down, across in (middles * ratio).astype(int):
        assert pixels[down, across, :3].tolist() == pytest.approx(
            rgb(painted.look.marks[0].fill), abs=2
        )


def test_the_last_of_points_upon_one_another_is_seen(painted):
    points = points_at((0.5, 0.5), (0.5, 0.5), kinds=np.array([0, 1]))
    assert painted(points)[40, 60, :3].tolist() == rgb(painted.look.marks[1].fill)


def test_a_lit_point_lies_upon_later_ones_that_are_not(painted):
    points = points_at((0.5, 0.5), (0.5, 0.5), kinds=np.array([0, 1]))
    pixels = painted(points, lit=np.array([True, False]))
    assert pixels[40, 60, :3].tolist() == rgb(painted.look.marks[0].fill)


def test_what_is_painted_follows_points_and_brush(painted):
    one, other = points_at((0.25, 0.5)), points_at((0.75, 0.5))
    assert painted(one)[40, 30, 3] == 255
    assert painted(other)[40, 30, 3] == 0
    dim = rgb(painted.look.palette.dim)
    assert painted(other, lit=np.array([False]))[40, 90, :3].tolist() == dim
    assert painted(other, lit=np.array([True]))[40, 90, :3].tolist() != dim
    assert painted(other)[40, 90, :3].tolist() == rgb(painted.look.marks[0].fill)


def test_no_point_paints_nothing(painted):
    nothing = Points(np.empty(0), np.empty(0), np.empty(0, dtype=np.intp))
    assert not painted(nothing, lit=np.empty(0, dtype=bool)).any()
