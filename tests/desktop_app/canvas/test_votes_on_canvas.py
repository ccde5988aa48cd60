"""What lies over the photograph of a lead: votes as pictures, dashed outlines, privacy boxes."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from desktop_app.canvas.boxes import BoxesItem, BoxHand
from desktop_app.canvas.canvas import Canvas
from desktop_app.canvas.dashes import MOST, dashed
from desktop_app.canvas.grader_look import COUNTED, look_of
from desktop_app.canvas.grader_outlines import GraderOutlinesItem, Lettered, ink_on
from desktop_app.canvas.raster import RasterItem
from desktop_app.canvas.vote_pictures import (
    counted_picture,
    heat_colours,
    heat_picture,
    only_picture,
)
from desktop_app.window.tokens import contrast
from engine.domain.image import PrivacyBox
from engine.images.pyramid import pyramid_of
from tests.desktop_app.squares import square

RING = np.array([[0, 0], [40, 0], [40, 30], [0, 30], [0, 0]], dtype=float)
PATTERNS = np.array([[0, 1, 2], [3, 7, 4]], dtype=np.uint16)


def length(lines):
    return sum(line.length() for line in lines)


def test_a_line_without_gaps_is_the_whole_ring():
    assert length(dashed([RING], (), 1.0)) == pytest.approx(140)


@pytest.mark.parametrize("place", range(1, 6))
def test_dashes_cover_their_share_of_the_ring_and_stay_on_it(place):
    dashes = look_of(place).dashes
    lines = dashed([RING], dashes, 0.1)
    share = sum(dashes[::2]) / sum(dashes)
    assert length(lines) == pytest.approx(140 * share, rel=0.02)
    for line in lines:
        assert {line.x1(), line.x2()} & {0.0, 40.0} or {line.y1(), line.y2()} & {0.0, 30.0}


def test_dashes_run_on_over_many_short_edges():
    angles = np.linspace(0, 2 * np.pi, 2_001)
    circle = 100 * np.column_stack((np.cos(angles), np.sin(angles)))
    lines = dashed([circle], (6, 4), 1.0)
    pieces = sum(a.p2() != b.p1() for a, b in pairwise(lines)) + 1
    assert pieces == pytest.approx(2 * np.pi * 100 / 10, abs=2)


def test_dashes_too_fine_to_be_seen_are_drawn_as_a_line():
    assert length(dashed([RING], (6, 4), 140 / MOST / 100)) == pytest.approx(140)


def test_the_first_six_graders_differ_in_colour_and_in_line():
    looks = [look_of(place) for place in range(6)]
    assert len({look.colour for look in looks}) == len({look.dashes for look in looks}) == 6
    assert COUNTED not in {look.colour for look in looks}
    assert len({(look_of(k).colour, look_of(k).dashes) for k in range(36)}) == 36


def test_letters_can_be_read_on_every_colour():
    for place in range(6):
        colour = look_of(place).colour
        assert contrast(ink_on(colour), colour) >= 4.5


def test_what_counts_is_filled_and_the_rest_is_clear():
    counted = np.array([[True, False], [False, True]])
    picture = counted_picture(counted)
    assert np.array_equal(picture[..., 3] > 0, counted)
    assert (picture[..., :3].max(axis=-1) <= picture[..., 3]).all()


def test_the_heat_map_has_a_colour_for_each_number_of_votes_and_none_for_no_vote():
    picture = heat_picture(PATTERNS, 3)
    assert picture[0, 0].tolist() == [0, 0, 0, 0]
    assert np.array_equal(picture[0, 1], picture[0, 2])
    assert np.array_equal(picture[0, 1], picture[1, 2])
    assert len({tuple(pixel) for pixel in picture.reshape(-1, 4).tolist()}) == 4
    assert len(set(heat_colours(5))) == 5
    assert heat_colours(1) == heat_colours(4)[-1:]


def test_only_what_a_single_grader_marked_is_in_that_graders_colour():
    looks = [look_of(place) for place in range(3)]
    tall = np.repeat(PATTERNS, 40, axis=0)
    picture = only_picture(tall, looks)
    is_alone = np.isin(tall, [1, 2, 4])
    assert np.array_equal(picture[..., 3] > 0, is_alone)
    for bit, colour in enumerate(look.colour for look in looks):
        strongest = picture[tall == 1 << bit].max(axis=0).astype(float)
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        expected = np.array([blue, green, red]) * strongest[3] / 255
        assert np.allclose(strongest[:3], expected, atol=1.5)


def painted(item, width=60, height=40):
    """Return what an item paints at 100 %, on black."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    item.set_frame(QRectF(0, 0, width, height))
    painter = QPainter(image)

    class Option:
        exposedRect = QRectF(0, 0, width, height)

    item.paint(painter, Option())
    painter.end()
    view = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(height, width, 4)
    return view[..., 2::-1].copy()


def test_a_raster_covers_the_frame_pixel_for_pixel_whatever_its_size(qapp):
    raster = RasterItem()
    raster.set_pixels(counted_picture(np.array([[True, False], [False, True]])))
    pixels = painted(raster)
    assert pixels[:20, :30].any(axis=-1).all()
    assert not pixels[:20, 30:].any()
    raster.set_pixels(None)
    assert not painted(raster).any()


def test_outlines_show_their_colours_and_hidden_ones_do_not(qapp):
    item = GraderOutlinesItem()
    item.set_graders(
        [
            Lettered("A", (square(5, 20),), look_of(0)),
            Lettered("B", (square(30, 9),), look_of(1)),
        ]
    )
    both = painted(item)
    item.hide_letters(frozenset("A"))
    one = painted(item)
    orange = np.abs(both.astype(int) - [230, 159, 0]).sum(axis=-1) < 60
    assert orange.any()
    assert not (np.abs(one.astype(int) - [230, 159, 0]).sum(axis=-1) < 60).any()
    assert (np.abs(one.astype(int) - [0, 158, 115]).sum(axis=-1) < 60).any()


@pytest.fixture
def canvas(qtbot):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(300, 200)
    canvas.show_picture(pyramid_of(np.zeros((40, 60, 3), dtype=np.uint8)))
    canvas.show()
    return canvas


def test_an_added_overlay_lies_over_the_picture_and_under_the_regions(canvas):
    item = BoxesItem()
    canvas.add_overlay(item)
    assert canvas._layers.picture.zValue() < item.zValue() < canvas._layers.regions.zValue()
    canvas.set_peek(True)
    assert not item.isVisible()
    canvas.set_peek(False)
    assert item.isVisible()


def test_a_box_is_drawn_by_press_and_drag_and_a_slip_is_none(canvas):
    item = BoxesItem()
    canvas.add_overlay(item)
    hand = BoxHand(canvas, item)
    drawn = []
    hand.drawn.connect(drawn.append)
    hand.begin()
    view, start = canvas.viewport(), canvas.to_screen(10, 10).toPoint()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(1, 1))
    assert (drawn, hand.is_active) == ([], True)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view, start + QPoint(30, 30))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(50, 40))
    (found,) = drawn
    assert isinstance(found, PrivacyBox)
    assert (found.left, found.top) == pytest.approx((10, 10), abs=0.5)
    assert found.right - found.left == pytest.approx(50 / canvas.scale_on_screen, abs=0.5)
    assert not hand.is_active


def test_the_canvas_draws_nothing_while_a_box_is_drawn(canvas):
    item = BoxesItem()
    canvas.add_overlay(item)
    hand = BoxHand(canvas, item)
    regions = []
    canvas.region_changed.connect(lambda *found: regions.append(found))
    canvas.set_enabled_for_edit(True)
    hand.begin()
    view, start = canvas.viewport(), canvas.to_screen(10, 10).toPoint()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 60))
    assert regions == []
    assert not canvas.is_drawing
