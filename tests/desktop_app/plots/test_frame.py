"""Numbers become pixels and come back, and nobody zooms or pans out of the plot."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.plots.frame import Frame, nearest, panned, zoomed

HOME = Frame((0.0, 1.0), (-2.0, 2.0), 400.0, 200.0)
PARTS = st.floats(0, 1)


@given(PARTS, PARTS, st.booleans())
def test_a_number_is_where_its_pixel_says(x, y, is_downward):
    frame = Frame((-3.0, 5.0), (10.0, 20.0), 640.0, 480.0, is_downward)
    across, down = -3 + 8 * x, 10 + 10 * y
    assert frame.x_at(frame.across(across)) == pytest.approx(across)
    assert frame.y_at(frame.down(down)) == pytest.approx(down)
    assert (frame.down(10.0) == 0) is is_downward


@given(st.lists(st.tuples(st.floats(0.2, 4), PARTS, PARTS), min_size=1, max_size=8))
def test_zooming_never_leaves_what_is_shown_at_first(turns):
    frame = HOME
    for factor, x, y in turns:
        at = frame.x_at(x * frame.width), frame.y_at(y * frame.height)
        frame = zoomed(frame, factor, at=at, home=HOME)
        for shown, home in ((frame.x, HOME.x), (frame.y, HOME.y)):
            assert home[0] - 1e-9 <= shown[0] < shown[1] <= home[1] + 1e-9


def test_the_point_under_the_pointer_stays_where_it_is_while_zooming():
    frame = zoomed(HOME, 0.5, at=(0.3, 1.0), home=HOME)
    assert frame.across(0.3) == pytest.approx(HOME.across(0.3))
    assert frame.down(1.0) == pytest.approx(HOME.down(1.0))
    assert frame.x[1] - frame.x[0] == pytest.approx(0.5)


def test_panning_follows_the_pointer_until_the_end_of_the_plot():
    frame = zoomed(HOME, 0.5, at=(0.5, 0.0), home=HOME)
    right = panned(frame, 40.0, 0.0, home=HOME)
    assert right.x == pytest.approx((frame.x[0] - 0.05, frame.x[1] - 0.05))
    assert panned(frame, 4000.0, 0.0, home=HOME).x == pytest.approx((0.0, 0.5))


def test_of_points_upon_one_another_the_last_is_meant():
    x = np.array([5.0, 10.0, 10.0, np.nan])
    y = np.array([5.0, 10.0, 10.0, 10.0])
    assert nearest(x, y, to=(11, 10), within=3) == 2
    assert nearest(x, y, to=(20, 10), within=3) == -1
    assert nearest(np.empty(0), np.empty(0), to=(0, 0), within=3) == -1
