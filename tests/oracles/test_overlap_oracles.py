"""Overlap between graders against medpy and scikit-learn, which visit every pixel."""

import numpy as np
import pytest
from medpy.metric.binary import dc, hd95, jc
from scipy.ndimage import binary_erosion
from sklearn.metrics import f1_score, recall_score

from engine.domain.measure import Reason, Undefined
from engine.graders.hausdorff import border, hd95_matrix
from engine.graders.matrices import overlap_matrices
from engine.graders.others import against_others
from engine.regions.runs import runs_of_mask
from engine.regions.votes import vote_patterns

SHAPE = (29, 41)
Y, X = np.mgrid[: SHAPE[0], : SHAPE[1]]


def _disc(row, column, radius):
    return np.hypot(Y - row, X - column) < radius


def _masks(seed):
    """Discs that may leave the image, noisy regions, a line, a pixel, a corner, everything."""
    random = np.random.default_rng(seed)
    discs = [_disc(*random.uniform((0, 0, 1), (29, 41, 12))) for _ in range(2)]
    line, pixel, corner = np.zeros((3, *SHAPE), dtype=bool)
    line[random.integers(29)] = True
    pixel[tuple(random.integers(SHAPE))] = True
    corner[:4, -6:] = corner[-3:, :2] = True
    return [
        *(disc | pixel for disc in discs),
        discs[0] ^ (random.random(SHAPE) < 0.2),
        line,
        pixel,
        corner,
        np.ones(SHAPE, dtype=bool),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_the_border_is_what_erosion_takes_away(seed):
    for mask in _masks(seed):
        expected = np.argwhere(mask ^ binary_erosion(mask))
        assert np.array_equal(border(runs_of_mask(mask)), expected)


@pytest.mark.parametrize("seed", range(6))
def test_dice_iou_and_hd95_are_those_of_medpy(seed):
    masks = _masks(seed)
    found = overlap_matrices("abcdefg", [runs_of_mask(mask) for mask in masks])
    for matrix, measure in ((found.dice, dc), (found.iou, jc), (found.hd95, hd95)):
        expected = [[measure(a, b) for b in masks] for a in masks]
        assert np.array(matrix) == pytest.approx(np.array(expected), abs=1e-12)


def test_two_pixels_far_apart_are_as_far_as_they_are():
    masks = np.zeros((2, 500, 800), dtype=bool)
    masks[0, 10, 20] = masks[1, 410, 320] = True
    assert hd95_matrix([runs_of_mask(mask) for mask in masks])[0] == (0, 500)


@pytest.mark.parametrize("tie", ["background", "foreground"])
@pytest.mark.parametrize(("graders", "seed"), [(g, s) for g in (2, 3, 4, 5) for s in range(4)])
def test_against_others_are_recall_and_f1_of_scikit_learn(graders, seed, tie):
    random = np.random.default_rng([graders, seed])
    blob = _disc(14, 20, 8)
    masks = [blob ^ (random.random(SHAPE) < 0.2) for _ in range(graders)]
    found = against_others(vote_patterns([runs_of_mask(mask) for mask in masks]), tie=tie)
    for grader, mask in enumerate(masks):
        share = np.mean(masks[:grader] + masks[grader + 1 :], axis=0)
        others = (share >= 0.5 if tie == "foreground" else share > 0.5).ravel()
        expected = (
            recall_score(others, mask.ravel()),
            recall_score(~others, ~mask.ravel()),
            f1_score(others, mask.ravel()),
        )
        row = found[grader]
        assert (row.sensitivity, row.specificity, row.dice) == pytest.approx(expected, abs=1e-12)


def test_a_region_without_pixels_has_no_distance_to_any():
    masks = np.zeros((2, *SHAPE), dtype=bool)
    masks[0, 3, 3] = True
    nothing = Undefined(Reason.NOTHING_DRAWN)
    assert hd95_matrix([runs_of_mask(mask) for mask in masks]) == ((0, nothing), (nothing, nothing))
