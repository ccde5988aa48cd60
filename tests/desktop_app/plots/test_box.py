"""A brushed rectangle is held by its edges or its inside, and stays within the plot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.plots.box import Box, Grip, between
from desktop_app.plots.frame import Frame

FRAME = Frame((0.0, 1.0), (0.0, 1.0), 100.0, 100.0)
BOX = Box((0.2, 0.6), (0.3, 0.7))


@pytest.mark.parametrize(
    ("at", "grip"),
    [
        ((20, 50), Grip.LEFT),
        ((62, 50), Grip.RIGHT),
        ((40, 31), Grip.HIGH),
        ((40, 69), Grip.LOW),
        ((40, 50), Grip.INSIDE),
        ((80, 50), Grip.NONE),
        ((40, 90), Grip.NONE),
    ],
)
def test_what_the_pointer_takes_hold_of(at, grip):
    assert BOX.held_at(FRAME, at, tolerance=4) is grip


def test_a_range_is_held_at_any_height():
    flat = Box((0.2, 0.6))
    assert flat.held_at(FRAME, (40, 99), tolerance=4) is Grip.INSIDE
    assert flat.held_at(FRAME, (19, 3), tolerance=4) is Grip.LEFT


def test_an_end_may_pass_the_other():
    assert BOX.moved(Grip.LEFT, 0.6, 0, within=FRAME).x == pytest.approx((0.6, 0.8))
    assert BOX.moved(Grip.HIGH, 0, -0.6, within=FRAME).y == pytest.approx((0.1, 0.3))


@given(st.sampled_from(list(Grip)), st.floats(-3, 3), st.floats(-3, 3))
def test_a_box_stays_within_the_plot_and_keeps_its_size_while_it_is_moved(grip, dx, dy):
    moved = BOX.moved(grip, dx, dy, within=FRAME)
    assert moved.y is not None
    for low, high in (moved.x, moved.y):
        assert -1e-9 <= low <= high <= 1 + 1e-9
    if grip is Grip.INSIDE:
        assert moved.x[1] - moved.x[0] == pytest.approx(0.4)
        assert moved.y[1] - moved.y[0] == pytest.approx(0.4)


def test_corners_may_be_given_in_any_order_and_lie_within_the_plot():
    assert between((0.9, -1.0), (0.2, 0.5), within=FRAME) == Box((0.2, 0.9), (0.0, 0.5))
    assert between((0.9, 0.1), (0.2, 0.5), within=FRAME, is_flat=True) == Box((0.2, 0.9))
