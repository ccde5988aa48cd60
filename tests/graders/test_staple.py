"""What STAPLE does at the edges: degenerate votes, ties, patterns that nobody has."""

import numpy as np
import pytest

from engine.domain.measure import Reason, Undefined
from engine.graders.staple import staple


def _counts(size, **pixels):
    """Return counts of patterns written as bits, such as ``b011=5``."""
    counts = np.zeros(size, dtype=np.int64)
    for pattern, number in pixels.items():
        counts[int(pattern[1:], 2)] = number
    return counts


def test_graders_who_agree_are_perfect_and_their_region_is_chosen():
    solution = staple(_counts(8, b000=90, b111=10), tie="background")
    assert np.flatnonzero(solution.chosen).tolist() == [0b111]
    assert solution.sensitivities == solution.specificities == (1, 1, 1)
    assert solution.has_converged
    assert not solution.is_degenerate


def test_a_careful_grader_outweighs_two_careless_ones():
    # Graders 0 and 1 mark noise all over the image, and where 2 sees nothing they rarely meet;
    # the majority would take that, STAPLE trusts grader 2.
    counts = _counts(
        16, b0000=700, b0001=100, b0010=100, b0011=14, b1111=60, b1100=20, b1101=3, b1110=3
    )
    solution = staple(counts, tie="background")
    assert solution.chosen[0b1100]
    assert not solution.chosen[0b0011]
    assert min(solution.specificities[2:]) > max(solution.specificities[:2])


def test_where_nobody_drew_anything_nothing_is_chosen_and_the_solution_is_degenerate():
    solution = staple(_counts(8, b000=100), tie="foreground")
    assert not solution.chosen.any()
    assert not solution.probability.any()
    assert solution.sensitivities == (Undefined(Reason.NOTHING_DRAWN),) * 3
    assert solution.specificities == (1, 1, 1)
    assert solution.is_degenerate


def test_where_everything_is_pathology_everything_is_chosen_and_the_solution_is_degenerate():
    solution = staple(_counts(4, b11=100), tie="background")
    assert np.flatnonzero(solution.chosen).tolist() == [0b11]
    assert solution.sensitivities == (1, 1)
    assert solution.specificities == (Undefined(Reason.EVERYTHING_IS_PATHOLOGY),) * 2
    assert solution.is_degenerate


@pytest.mark.parametrize(
    ("counts", "at_zero"),
    [
        (_counts(8, b000=80, b011=18, b001=1, b010=1), ("sensitivities", 2)),
        (_counts(8, b100=80, b111=18, b101=1, b110=1), ("specificities", 2)),
    ],
)
def test_a_grader_who_marks_nothing_or_everything_makes_it_degenerate(counts, at_zero):
    solution = staple(counts, tie="background")
    rates, grader = at_zero
    assert getattr(solution, rates)[grader] == 0
    assert solution.is_degenerate
    without = staple(counts.reshape(2, 4).sum(axis=0), tie="background")
    assert not without.is_degenerate


def test_a_probability_of_one_half_is_what_the_setting_says():
    # Half of the image is marked by one, half by the other: nothing tells them apart.
    counts = _counts(4, b01=50, b10=50)
    solution = staple(counts, tie="background")
    assert solution.probability[[1, 2]] == pytest.approx([0.5, 0.5])
    assert not solution.chosen.any()
    assert np.flatnonzero(staple(counts, tie="foreground").chosen).tolist() == [1, 2]


def test_patterns_that_no_pixel_has_are_not_chosen():
    solution = staple(_counts(8, b000=90, b111=10), tie="foreground")
    assert solution.probability[[0b011, 0b101, 0b110]].tolist() == [0, 0, 0]
    assert solution.chosen.sum() == 1


def test_a_limit_on_iterations_is_told():
    counts = _counts(8, b000=800, b011=50, b101=40, b110=30, b111=60, b001=20)
    cut_short = staple(counts, tie="background", max_iterations=2)
    assert (cut_short.iterations, cut_short.has_converged) == (2, False)
    assert staple(counts, tie="background").has_converged


def test_sixteen_graders_cost_as_much_as_the_patterns_that_occur():
    counts = np.zeros(2**16, dtype=np.int64)
    counts[[0, 1, 2**16 - 1, 2**15 - 1]] = 10**12, 10**9, 10**10, 10**9
    solution = staple(counts, tie="background")
    assert solution.has_converged
    assert np.flatnonzero(solution.chosen).tolist() == [2**15 - 1, 2**16 - 1]


def test_one_grader_alone_is_believed():
    solution = staple(_counts(2, b0=70, b1=30), tie="background")
    assert solution.chosen.tolist() == [False, True]
    assert solution.sensitivities == (1,)
