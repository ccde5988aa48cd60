"""Votes are counted by pattern, and chosen patterns become a region."""

import numpy as np
import pytest

from engine.regions.runs import runs_of_mask
from engine.regions.votes import MAX_GRADERS, select, vote_patterns

A = np.array([[1, 1, 0], [0, 0, 0]], dtype=bool)
B = np.array([[0, 1, 1], [0, 0, 0]], dtype=bool)
EMPTY = np.zeros((2, 3), dtype=bool)


def test_bit_g_of_a_pattern_is_the_vote_of_grader_g():
    counts = vote_patterns([runs_of_mask(A), runs_of_mask(B)])
    assert counts.tolist() == [3, 1, 1, 1]
    assert counts.dtype == np.int64


def test_an_empty_region_votes_background_everywhere():
    assert vote_patterns([runs_of_mask(EMPTY), runs_of_mask(A)]).tolist() == [4, 0, 2, 0]


def test_the_image_s_last_pixel_is_counted():
    full = runs_of_mask(~EMPTY)
    assert vote_patterns([full, full]).tolist() == [0, 0, 0, 6]


def test_chosen_patterns_become_a_region_of_merged_runs():
    regions = [runs_of_mask(A), runs_of_mask(B)]
    either = select(regions, np.array([False, True, True, True]))
    assert either == runs_of_mask(A | B)
    assert either.starts.tolist() == [0]
    assert select(regions, np.array([False, False, False, True])) == runs_of_mask(A & B)


def test_the_background_can_be_chosen():
    regions = [runs_of_mask(A), runs_of_mask(B)]
    assert select(regions, np.array([True, False, False, False])) == runs_of_mask(~(A | B))


def test_as_many_graders_as_allowed_are_counted():
    counts = vote_patterns([runs_of_mask(A)] * MAX_GRADERS)
    assert counts[0] == 4
    assert counts[-1] == 2
    assert len(counts) == 2**MAX_GRADERS


@pytest.mark.parametrize("graders", [0, MAX_GRADERS + 1])
def test_other_numbers_of_graders_are_an_error(graders):
    with pytest.raises(ValueError, match="graders can be counted"):
        vote_patterns([runs_of_mask(A)] * graders)


def test_regions_of_images_of_different_sizes_are_an_error():
    with pytest.raises(ValueError, match="different sizes"):
        vote_patterns([runs_of_mask(A), runs_of_mask(A.T)])
