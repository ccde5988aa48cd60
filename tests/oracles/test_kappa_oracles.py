"""Agreement from vote patterns against libraries and naive versions that visit every pixel."""

from itertools import combinations

import numpy as np
import pytest
from sklearn.metrics import f1_score
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_kappa

from engine.domain.measure import Reason, Undefined
from engine.domain.polygon import Polygon, ring
from engine.graders import kappa
from engine.graders.consensus import majority
from engine.regions.rasterise import rasterise
from engine.regions.runs import runs_of_mask
from engine.regions.votes import select, vote_patterns


def _masks(graders, seed, *, shape=(23, 31)):
    """Masks of graders who see one blob and each err in their own way; never all empty."""
    random = np.random.default_rng([graders, seed])
    y, x = np.mgrid[: shape[0], : shape[1]]
    blob = np.hypot(y - 11, x - 15) < random.uniform(2, 12)
    return [blob ^ (random.random(shape) < random.uniform(0, 0.3)) for _ in range(graders)]


def _counts(masks):
    return vote_patterns([runs_of_mask(mask) for mask in masks])


CASES = [(graders, seed) for graders in (2, 3, 4, 5, 8) for seed in range(6)]


@pytest.mark.parametrize(("graders", "seed"), CASES)
def test_kappa_is_that_of_statsmodels_on_full_masks(graders, seed):
    masks = _masks(graders, seed)
    votes = np.sum(masks, axis=0).ravel()
    expected = statsmodels_kappa(np.stack((graders - votes, votes), axis=1))
    assert kappa.fleiss_kappa(_counts(masks)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("graders", "seed"), CASES)
def test_ac1_is_the_naive_one(graders, seed):
    masks = _masks(graders, seed)
    agreeing = np.mean([(a == b).mean() for a, b in combinations(masks, 2)])
    share = np.mean(masks)
    by_chance = 2 * share * (1 - share)
    expected = (agreeing - by_chance) / (1 - by_chance)
    assert kappa.gwet_ac1(_counts(masks)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("graders", "seed"), CASES)
def test_pairwise_dice_is_the_f1_score_of_scikit_learn(graders, seed):
    masks = _masks(graders, seed)
    matrix = kappa.pairwise_dice(_counts(masks))
    expected = [[f1_score(a.ravel(), b.ravel()) for b in masks] for a in masks]
    assert np.array(matrix) == pytest.approx(np.array(expected), abs=1e-12)
    pairs = [f1_score(a.ravel(), b.ravel()) for a, b in combinations(masks, 2)]
    assert kappa.mean_pairwise_dice(_counts(masks)) == pytest.approx(np.mean(pairs), abs=1e-12)


@pytest.mark.parametrize(("graders", "seed"), CASES)
def test_pooled_dice_and_foreground_are_the_naive_ones(graders, seed):
    masks = _masks(graders, seed)
    shared = sum(2 * (a & b).sum() for a, b in combinations(masks, 2))
    areas = sum(a.sum() + b.sum() for a, b in combinations(masks, 2))
    assert kappa.pooled_dice(_counts(masks)) == pytest.approx(shared / areas, abs=1e-12)
    assert kappa.foreground(_counts(masks)) == pytest.approx(np.mean(masks), abs=1e-12)


@pytest.mark.parametrize("tie", ["background", "foreground"])
@pytest.mark.parametrize(("graders", "seed"), CASES)
def test_the_majority_is_the_naive_one(graders, seed, tie):
    masks = _masks(graders, seed)
    region = select([runs_of_mask(mask) for mask in masks], majority(graders, tie=tie))
    assert np.array_equal(region.to_mask(), _naive_majority(masks, tie))


@pytest.mark.parametrize("tie", ["background", "foreground"])
@pytest.mark.parametrize(("graders", "seed"), CASES)
def test_the_human_ceiling_compares_each_grader_with_the_others(graders, seed, tie):
    drawn = _masks(graders, seed)
    for masks in (
        drawn,
        [drawn[0] & False, *drawn[1:]],
        [drawn[0], *(m & False for m in drawn[1:])],
    ):
        found = kappa.human_ceiling(_counts(masks), tie=tie)
        dice = [
            f1_score(others.ravel(), mask.ravel(), zero_division=np.nan)
            for g, mask in enumerate(masks)
            if (others := _naive_majority(masks[:g] + masks[g + 1 :], tie)).any()
            and not others.all()
        ]
        if dice:
            assert found == pytest.approx(np.mean(dice), abs=1e-12)
        else:
            assert found == Undefined(Reason.ROI_EMPTY)


def test_polygons_give_the_kappa_of_their_masks():
    triangles = [[(1.3, 2), (28, 4 + g), (12, 20.5 - g)] for g in range(3)]
    votes = [rasterise((Polygon(ring(t)),), width=31, height=23) for t in triangles]
    sums = sum(v.to_mask().astype(int) for v in votes).ravel()
    expected = statsmodels_kappa(np.stack((3 - sums, sums), axis=1))
    assert kappa.fleiss_kappa(vote_patterns(votes)) == pytest.approx(expected, abs=1e-12)


def _naive_majority(masks, tie):
    share = np.mean(masks, axis=0)
    return share >= 0.5 if tie == "foreground" else share > 0.5
