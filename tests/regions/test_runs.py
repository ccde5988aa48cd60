"""Runs are one exact form of a set of pixels."""

import numpy as np
import pytest

from engine.regions.runs import Runs, joined, runs_of_mask, sample, united


def _runs(pairs, *, width=10, height=2):
    starts, ends = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return united(starts, ends, width=width, height=height)


def _pairs(runs):
    return list(zip(runs.starts.tolist(), runs.ends.tolist(), strict=True))


def test_overlapping_nested_touching_and_unsorted_runs_become_one():
    assert _pairs(_runs([(8, 12), (0, 3), (3, 5), (4, 9), (5, 6)])) == [(0, 12)]


def test_runs_with_a_gap_stay_apart():
    assert _pairs(_runs([(6, 9), (0, 5)])) == [(0, 5), (6, 9)]


def test_empty_runs_vanish():
    assert _pairs(_runs([(2, 2), (4, 6), (5, 5), (9, 9)])) == [(4, 6)]
    assert _pairs(_runs([])) == []


def test_joining_runs_in_order_merges_what_touches():
    joined_runs = joined(np.array([0, 3, 7, 7]), np.array([3, 5, 7, 9]), width=10, height=1)
    assert _pairs(joined_runs) == [(0, 5), (7, 9)]


def test_a_run_goes_on_over_the_end_of_a_row():
    runs = runs_of_mask([[0, 0, 1], [1, 0, 0]])
    assert _pairs(runs) == [(2, 4)]
    assert (runs.width, runs.height) == (3, 2)


@pytest.mark.parametrize("value", [True, False])
def test_a_uniform_mask_is_one_run_or_none(value):
    mask = np.full((3, 4), value)
    runs = runs_of_mask(mask)
    assert runs.area == mask.sum()
    assert np.array_equal(runs.to_mask(), mask)


def test_the_area_is_the_number_of_pixels():
    assert _runs([(0, 3), (10, 17)]).area == 10


def test_equal_sets_of_pixels_are_equal_values():
    assert _runs([(0, 5)]) == _runs([(2, 5), (0, 3)])
    assert hash(_runs([(0, 5)])) == hash(_runs([(2, 5), (0, 3)]))
    assert _runs([(0, 5)]) != _runs([(0, 6)])
    assert _runs([(0, 5)]) != _runs([(0, 5)], width=5, height=4)


def test_a_sample_reads_the_mask_at_given_rows_and_columns():
    mask = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]], dtype=bool)
    read = sample(runs_of_mask(mask), rows=[0, 2], columns=[1, 2, 3])
    assert np.array_equal(read, mask[[0, 2]][:, [1, 2, 3]])


def test_a_sample_finer_than_the_mask_repeats_rows_and_columns():
    mask = np.array([[1, 0], [0, 1], [1, 1]], dtype=bool)
    rows, columns = [0, 0, 1, 2, 2], [0, 0, 0, 1]
    read = sample(runs_of_mask(mask), rows=rows, columns=columns)
    assert np.array_equal(read, mask[rows][:, columns])


def test_a_sample_of_no_columns_is_empty():
    assert sample(_runs([(0, 5)]), rows=[0, 1], columns=[]).shape == (2, 0)


def test_a_huge_image_needs_no_mask():
    runs = Runs(np.array([10**11]), np.array([10**11 + 7]), 10**6, 10**6)
    assert runs.area == 7
    assert sample(runs, rows=[10**5], columns=[6, 7]).tolist() == [[True, False]]
