"""A line with fewer vertices stays where it was."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.simplify import needed_vertices, simplify

COORDINATES = st.floats(-50, 50, width=32) | st.integers(-9, 9).map(float)
LINES = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=2, max_size=25)


def test_a_straight_line_keeps_its_ends():
    line = np.column_stack((np.arange(9.0), 2 * np.arange(9.0)))
    assert simplify(line, 0.1).tolist() == [[0, 0], [8, 16]]


def test_a_corner_stays():
    assert simplify([(0, 0), (2, 0), (4, 0), (4, 2), (4, 4)], 0.5).tolist() == [
        [0, 0],
        [4, 0],
        [4, 4],
    ]


def test_a_line_that_comes_back_keeps_its_farthest_point():
    assert simplify([(0, 0), (5, 0), (9, 0), (5, 0), (0, 0)], 1).tolist() == [
        [0, 0],
        [9, 0],
        [0, 0],
    ]


def test_nothing_and_a_point_stay():
    assert simplify([], 1).shape == (0, 2)
    assert simplify([(1, 2)], 1).tolist() == [[1, 2]]


@given(LINES, st.floats(0, 10))
def test_no_point_moves_farther_than_the_tolerance(line, tolerance):
    simple = simplify(line, tolerance)
    assert simple[0].tolist() == list(line[0])
    assert simple[-1].tolist() == list(line[-1])
    drawn, kept = shapely.LineString(line), shapely.LineString(simple)
    away = shapely.distance(kept, shapely.points(line))
    assert away.max() <= tolerance + 1e-6
    assert shapely.hausdorff_distance(kept, drawn) <= tolerance + 1e-6


@pytest.mark.parametrize("seed", range(20))
def test_the_result_is_that_of_the_recursion(seed):
    random = np.random.default_rng(seed)
    line = np.cumsum(random.normal(size=(random.integers(2, 400), 2)), axis=0)
    tolerance = random.uniform(0.05, 4)
    assert np.array_equal(simplify(line, tolerance), _by_recursion(line, tolerance))


@given(st.lists(LINES, min_size=1, max_size=4), st.floats(0, 10))
def test_lines_in_one_pass_are_as_lines_one_by_one(lines, tolerance):
    points = np.concatenate([np.array(line) for line in lines])
    lasts = np.cumsum([len(line) for line in lines]) - 1
    firsts = lasts - [len(line) - 1 for line in lines]
    ends = np.column_stack((firsts, lasts)).ravel()
    together = points[needed_vertices(points, ends, tolerance)].tolist()
    assert together == [p for line in lines for p in simplify(line, tolerance).tolist()]


def _by_recursion(line, tolerance):
    """Return the line as the paper's recursion gives it."""
    begin, end = line[0], line[-1]
    way = end - begin
    length = way @ way
    distances = []
    for point in line[1:-1]:
        along = (point - begin) @ way / (length if length > 0 else 1)
        distances.append(np.hypot(*(point - begin - np.clip(along, 0, 1) * way)))
    if not distances or max(distances) <= tolerance:
        return line[[0, -1]]
    middle = int(np.argmax(distances)) + 1
    left, right = line[: middle + 1], line[middle:]
    return np.concatenate((_by_recursion(left, tolerance)[:-1], _by_recursion(right, tolerance)))
