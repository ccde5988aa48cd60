"""What a brush holds is what numpy, or a slow and simple check, would say."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from desktop_app.plots.inside import fitted, in_lasso, in_rectangle, of_rows

NUMBERS = st.one_of(st.floats(-2, 2, width=16), st.just(float("nan")))
POINTS = arrays(np.float64, st.tuples(st.integers(0, 30), st.just(2)), elements=NUMBERS)
ENDS = st.tuples(st.floats(-2, 2, width=16), st.floats(-2, 2, width=16)).map(sorted)


@given(POINTS, ENDS, ENDS)
def test_the_mask_of_a_rectangle_is_numpys_own(points, across, upward):
    x, y = points.T
    expected = [
        bool(across[0] <= px <= across[1] and upward[0] <= py <= upward[1])
        for px, py in zip(x.tolist(), y.tolist(), strict=True)
    ]
    found = in_rectangle(x, y, across=tuple(across), upward=tuple(upward))
    assert found.tolist() == expected
    both = np.logical_and.reduce((x >= across[0], x <= across[1], y >= upward[0], y <= upward[1]))
    assert np.array_equal(found, both)


@given(POINTS, arrays(np.float64, (7, 2), elements=st.floats(-2, 2, width=16)))
def test_the_mask_of_a_lasso_is_that_of_counting_crossings_point_by_point(points, lasso):
    def crossings(px, py):
        count = 0
        for (x0, y0), (x1, y1) in zip(lasso, np.roll(lasso, -1, axis=0), strict=True):
            if (y0 <= py < y1 or y1 <= py < y0) and px < x0 + (py - y0) * ((x1 - x0) / (y1 - y0)):
                count += 1
        return count

    x, y = points.T
    expected = [crossings(px, py) % 2 == 1 for px, py in zip(x, y, strict=True)]
    assert in_lasso(x, y, lasso).tolist() == expected


def test_a_lasso_of_two_points_holds_nothing():
    x = np.array([0.0, 1.0])
    assert not in_lasso(x, x, np.array([[0.0, 0.0], [1.0, 1.0]])).any()


def test_rows_of_several_groups_are_joined():
    groups = [np.array([0, 2]), np.array([2, 4])]
    assert of_rows(groups, 5).tolist() == [True, False, True, False, True]


def test_a_mask_of_fewer_rows_says_nothing_of_the_others():
    mask = np.array([True, False, True])
    assert fitted(mask, 5).tolist() == [True, False, True, False, False]
    assert fitted(mask, 2).tolist() == [True, False]
    assert fitted(mask, 3) is mask
