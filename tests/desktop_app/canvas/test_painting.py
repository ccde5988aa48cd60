"""What is painted of pictures and outlines, pixel by pixel."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from desktop_app.canvas.adjustment import Adjustment
from desktop_app.canvas.outline import CHUNK, UNSEEN, Outline
from desktop_app.canvas.picture import PictureItem, level_for
from engine.domain.polygon import ring
from engine.images.pyramid import pyramid_of


def _noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def _painted(item, size, zoom, offset=(0, 0), exposed=None):
    """Return what an item paints on a window of so many pixels, RGB."""
    width, height = size
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFF00FF00)
    painter = QPainter(image)
    painter.translate(*offset)
    painter.scale(zoom, zoom)
    option = QStyleOptionGraphicsItem()
    option.exposedRect = exposed or QRectF(
        -offset[0] / zoom, -offset[1] / zoom, width / zoom, height / zoom
    )
    item.paint(painter, option)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(height, width, 4)[..., 2::-1].copy()


@pytest.fixture
def item(qapp):
    return PictureItem()


def test_at_100_percent_the_picture_is_painted_exactly(item):
    pixels = _noise(90, 130)
    item.show_pyramid(pyramid_of(pixels))
    assert np.array_equal(_painted(item, (130, 90), 1), pixels)


@pytest.mark.parametrize("zoom", [3, 8, 64])
def test_above_200_percent_each_pixel_is_a_square(item, zoom):
    pixels = _noise(11, 13)
    item.show_pyramid(pyramid_of(pixels))
    squares = pixels.repeat(zoom, axis=0).repeat(zoom, axis=1)
    assert np.array_equal(_painted(item, (13 * zoom, 11 * zoom), zoom), squares)


@pytest.mark.parametrize("zoom", [2.01, 2.2267, 3.7, 17.3, 50, 63.7, 64])
def test_squares_lie_where_they_are_far_in_and_far_from_the_corner(item, zoom):
    pixels = _noise(700, 900)
    item.show_pyramid(pyramid_of(pixels))
    left, top = round(-777.3 * zoom), round(-555.8 * zoom)
    painted = _painted(item, (700, 512), zoom, offset=(left, top))
    rows = np.floor((np.arange(512) + 0.5 - top) / zoom).astype(int)
    columns = np.floor((np.arange(700) + 0.5 - left) / zoom).astype(int)
    rows, columns = rows[rows < 700], columns[columns < 900]
    assert np.array_equal(painted[: len(rows), : len(columns)], pixels[rows[:, None], columns])
    assert (painted[len(rows) :] == (0, 255, 0)).all()


@pytest.mark.parametrize("level", [1, 2])
def test_at_half_and_a_quarter_the_level_is_painted_exactly(item, level):
    pyramid = pyramid_of(_noise(1024, 1536))
    item.show_pyramid(pyramid)
    expected = pyramid.levels[level][..., 2::-1]
    size = expected.shape[1], expected.shape[0]
    assert np.array_equal(_painted(item, size, 0.5**level), expected)


def test_the_level_has_a_pixel_for_each_device_pixel():
    assert [level_for(zoom, 6) for zoom in (64, 1, 0.99, 0.5, 0.49, 0.25, 0.2, 0.001)] == [
        0, 0, 0, 1, 1, 2, 2, 5,
    ]  # fmt: skip


def test_what_is_exposed_alone_is_painted_as_with_the_rest(item):
    item.show_pyramid(pyramid_of(_noise(700, 900)))
    for zoom in (0.37, 0.8, 1.6, 2.2267):
        whole = _painted(item, (800, 700), zoom, (-40, -30))
        part = QRectF(300, 250, 60, 50)
        alone = _painted(item, (800, 700), zoom, (-40, -30), part)
        top, left = round(250 * zoom - 30) + 1, round(300 * zoom - 40) + 1
        rows, columns = slice(top, top + int(48 * zoom)), slice(left, left + int(58 * zoom))
        away = np.abs(whole[rows, columns].astype(int) - alone[rows, columns])
        assert away.max() <= 2


def test_nothing_is_painted_beside_the_picture(item):
    item.show_pyramid(pyramid_of(_noise(257, 259)))
    painted = _painted(item, (300, 300), 0.25, (10, 10))
    assert (painted[:10] == (0, 255, 0)).all()
    assert (painted[:, 10 + 65 :] == (0, 255, 0)).all()


def test_an_adjusted_picture_is_the_table_of_the_picture(item):
    pixels = _noise(600, 1100)
    item.show_pyramid(pyramid_of(pixels))
    adjustment = Adjustment().brighter(0.2).with_more_contrast(0.3)
    item.adjust(adjustment)
    expected = adjustment.table()[pixels]
    assert np.array_equal(_painted(item, (1100, 600), 1), expected)
    assert np.array_equal(
        _painted(item, (300, 200), 4, (-1900, -1900)),
        expected[(np.arange(200)[:, None] + 1900) // 4, (np.arange(300) + 1900) // 4],
    )


def test_an_adjusted_picture_has_no_seams(item):
    smooth = np.tile(np.linspace(20, 200, 1400).astype(np.uint8)[None, :, None], (700, 1, 3))
    item.show_pyramid(pyramid_of(smooth))
    item.adjust(Adjustment(brightness=0.1))
    painted = _painted(item, (1000, 500), 0.7).astype(int)
    steps = np.diff(painted[5:485, 5:970, 0], axis=1)
    assert steps.min() >= -1
    assert steps.max() <= 2


def test_an_adjustment_taken_back_is_the_picture(item):
    pixels = _noise(50, 60)
    item.show_pyramid(pyramid_of(pixels))
    item.adjust(Adjustment(0.5, 0.5))
    item.adjust(Adjustment())
    assert np.array_equal(_painted(item, (60, 50), 1), pixels)


def test_adjustments_have_limits_and_a_neutral_middle():
    assert Adjustment().is_neutral
    assert np.array_equal(Adjustment().table(), np.arange(256))
    assert Adjustment().brighter(9).brightness == 1
    assert (Adjustment(brightness=1).table()[128:] == 255).all()
    assert (Adjustment(contrast=1).table()[:90] == 0).all()
    steps = Adjustment()
    for _ in range(7):
        steps = steps.brighter(0.1)
    for _ in range(7):
        steps = steps.brighter(-0.1)
    assert steps.is_neutral


# outlines -----------------------------------------------------------------------------------


def _wavy(count=3000):
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    away = 400 + 30 * np.sin(17 * turn) + np.random.default_rng(0).normal(0, 1, count)
    return ring(np.column_stack((np.cos(turn), np.sin(turn))) * away[:, None] + 500)


@given(st.floats(1 / 64, 64))
def test_a_painted_outline_leaves_the_true_one_by_less_than_is_seen(zoom):
    true = shapely.LinearRing(_wavy(300))
    lines = Outline([_wavy(300)]).strokes(zoom).lines
    painted = shapely.LinearRing([(line.x1(), line.y1()) for line in lines])
    assert painted.hausdorff_distance(true) * zoom <= UNSEEN + 1e-9


def test_zoomed_out_there_is_less_to_paint_and_zoomed_in_everything():
    outline = Outline([_wavy()])
    assert len(outline.strokes(0.1).lines) < 400
    assert len(outline.strokes(16).lines) == 3000


def test_an_outline_is_a_closed_chain_through_all_rings():
    hole = _wavy(300) / 2 + 250
    lines = Outline([_wavy(300), hole]).strokes(64).lines
    ends = [(line.x2(), line.y2()) for line in lines]
    starts = [(line.x1(), line.y1()) for line in lines]
    assert sorted(ends) == sorted(starts)
    assert len(lines) == 600


def test_only_lines_near_the_window_are_painted_and_none_of_it_is_missing():
    outline = Outline([_wavy()])
    strokes = outline.strokes(64)
    window = QRectF(880, 480, 30, 30)
    seen = strokes.seen_in(window)
    box = shapely.box(880, 480, 910, 510)
    needed = [
        line
        for line in strokes.lines
        if shapely.LineString([(line.x1(), line.y1()), (line.x2(), line.y2())]).intersects(box)
    ]
    assert needed
    assert all(line in seen for line in needed)
    assert len(seen) < len(needed) + 4 * CHUNK


def test_an_empty_outline_paints_nothing():
    outline = Outline([])
    assert outline.strokes(1).lines == []
    assert outline.path(1).isEmpty()
