"""STAPLE on vote patterns against SimpleITK's, which visits every pixel."""

import numpy as np
import pytest
import SimpleITK

from engine.graders.staple import staple
from engine.regions.runs import runs_of_mask
from engine.regions.votes import select, vote_patterns

SHAPE = (23, 31)
Y, X = np.mgrid[: SHAPE[0], : SHAPE[1]]
CASES = [(graders, seed) for graders in (2, 3, 4, 5, 8) for seed in range(4)]


def _disc(row, column, radius):
    return np.hypot(Y - row, X - column) < radius


def _noisy(graders, seed):
    random = np.random.default_rng([graders, seed])
    blob = _disc(11, 15, random.uniform(3, 10))
    return [blob ^ (random.random(SHAPE) < random.uniform(0, 0.25)) for _ in range(graders)]


EMPTY, FULL, DISC = np.zeros(SHAPE, bool), np.ones(SHAPE, bool), _disc(11, 15, 6)
DEGENERATE = {
    "one drew nothing": [DISC, _disc(12, 15, 6), EMPTY],
    "one marked everything": [DISC, _disc(12, 15, 6), FULL],
    "one alone drew": [EMPTY, DISC, EMPTY],
    "regions never meet": [_disc(5, 5, 4), _disc(17, 25, 5)],
    "one beside two": [_disc(5, 5, 4), _disc(17, 25, 5), _disc(16, 25, 5)],
    "all alike": [DISC, DISC, DISC],
    "one is the complement": [DISC, DISC, ~DISC],
    "one pixel": [_disc(0, 0, 1), _disc(0, 0, 1), _disc(0, 0, 1.1)],
}


def _simpleitk(masks):
    """Return probabilities, sensitivities, specificities and iterations."""
    staple_filter = SimpleITK.STAPLEImageFilter()
    staple_filter.SetForegroundValue(1)
    found = staple_filter.Execute([SimpleITK.GetImageFromArray(m.astype(np.uint8)) for m in masks])
    return (
        SimpleITK.GetArrayFromImage(found),
        staple_filter.GetSensitivity(),
        staple_filter.GetSpecificity(),
        staple_filter.GetElapsedIterations() + 1,  # it counts from 0
    )


def _solve(masks, **limits):
    """Return our solution, and its probabilities pixel by pixel."""
    counts = vote_patterns([runs_of_mask(mask) for mask in masks])
    solution = staple(counts, tie="background", **limits)
    pattern = sum(mask.astype(int) << grader for grader, mask in enumerate(masks))
    return solution, solution.probability[pattern]


def _assert_same(masks):
    probability, sensitivities, specificities, iterations = _simpleitk(masks)
    solution, ours = _solve(masks, max_iterations=iterations)
    assert ours == pytest.approx(probability, abs=1e-11)
    assert solution.sensitivities == pytest.approx(sensitivities, abs=1e-11)
    assert solution.specificities == pytest.approx(specificities, abs=1e-11)


@pytest.mark.parametrize(("graders", "seed"), CASES)
def test_after_as_many_iterations_everything_is_the_same(graders, seed):
    _assert_same(_noisy(graders, seed))


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_masks_have_the_same_solution_too(name):
    _assert_same(DEGENERATE[name])


@pytest.mark.parametrize(("graders", "seed"), CASES)
def test_going_on_to_convergence_leaves_the_region_as_it_is(graders, seed):
    masks = _noisy(graders, seed)
    solution, ours = _solve(masks)
    assert solution.has_converged
    expected = _simpleitk(masks)[0]
    assert ours == pytest.approx(expected, abs=1e-3)
    region = select([runs_of_mask(mask) for mask in masks], solution.chosen)
    is_clear = np.abs(expected - 0.5) > 1e-3
    assert np.array_equal(region.to_mask()[is_clear], (expected > 0.5)[is_clear])


@pytest.mark.parametrize(
    ("name", "is_degenerate"),
    [
        ("one drew nothing", True),
        ("one marked everything", True),
        ("one alone drew", True),
        ("all alike", False),
        ("one is the complement", True),
    ],
)
def test_a_sensitivity_or_specificity_at_nought_is_flagged(name, is_degenerate):
    assert _solve(DEGENERATE[name])[0].is_degenerate is is_degenerate
