"""Every measure against a naive version or a library, on random and on awkward input."""

import warnings
from itertools import takewhile

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import spearmanr
from sklearn.metrics import jaccard_score, precision_score, recall_score, roc_auc_score

from engine.domain.measure import Undefined
from engine.domain.saliency_map import SCALE, Geometry
from engine.domain.settings import LocalisationSettings
from engine.localisation.grids import comparison_grid, read_map
from engine.localisation.localise import compare


def one_pixel(shape: tuple[int, int], at: tuple[int, int]) -> np.ndarray:
    mask = np.zeros(shape, dtype=bool)
    mask[at] = True
    return mask


def inputs():
    rng = np.random.default_rng(20)
    sizes = [(1, 2), (2, 3), (5, 5), (17, 11), (64, 48)]
    levels = {"all values": SCALE, "ties": 3, "signs": 1}
    for size in sizes:
        for name, level in levels.items():
            for share in (0.1, 0.5, 0.9):
                values = np.rint(rng.integers(-level, level + 1, size) * SCALE / level)
                yield f"{name} {size} {share}", values.astype(np.int16), rng.random(size) < share
    spread = rng.normal(0, 4000, (40, 40)).clip(-SCALE, SCALE).astype(np.int16)
    roi = rng.random((40, 40)) < 0.3
    yield "one pixel of region", spread, one_pixel((40, 40), (3, 5))
    yield "one pixel beside", spread, ~one_pixel((40, 40), (3, 5))
    yield "all negative", -abs(spread) - 1, roi
    yield "all positive", abs(spread) + 1, roi
    yield "one hot pixel", np.where(one_pixel((40, 40), (7, 7)), SCALE, 0).astype(np.int16), roi
    yield "one cold pixel", np.where(one_pixel((40, 40), (7, 7)), -SCALE, 0).astype(np.int16), roi
    yield "on thresholds", (spread // 327 * 327).astype(np.int16), roi
    yield "just below thresholds", (spread // 327 * 327 - 1).astype(np.int16), roi
    yield "the map is the region", np.where(roi, SCALE, -SCALE).astype(np.int16), roi
    yield "the map is what is beside", np.where(roi, -SCALE, SCALE).astype(np.int16), roi


def is_comparable(values: np.ndarray, roi: np.ndarray) -> bool:
    return bool(roi.any() and not roi.all() and values.min() != values.max())


INPUTS = [pytest.param(v, r, id=name) for name, v, r in inputs() if is_comparable(v, r)]
on_all_inputs = pytest.mark.parametrize(("values", "roi"), INPUTS)


def naive_dice(salient: np.ndarray, roi: np.ndarray) -> float:
    return 2 * np.logical_and(salient, roi).sum() / (salient.sum() + roi.sum())


@on_all_inputs
def test_thresholded_dice_is_the_best_of_a_loop_over_101_thresholds(values, roi):
    dice = [naive_dice(values >= 327 * k, roi) for k in range(101)]
    got = compare(values, roi)
    assert got["ds"] == max(dice)
    assert got["ds_threshold"] == dice.index(max(dice)) / 100
    after_best = dice[dice.index(max(dice)) :]
    assert got["ds_plateau"] == len(list(takewhile(lambda d: d == max(dice), after_best)))


@on_all_inputs
def test_the_exact_optimum_is_the_best_of_a_loop_over_all_values(values, roi):
    candidates = sorted({int(v) for v in values.flat if v >= 0})
    dice = [naive_dice(values >= v, roi) for v in candidates]
    got = compare(values, roi)
    assert got["ds_exact"] == max(dice, default=0.0)
    if candidates:
        assert got["ds_exact_threshold"] == candidates[dice.index(max(dice))] / SCALE


@on_all_inputs
def test_what_is_salient_at_the_best_threshold_scores_as_in_scikit_learn(values, roi):
    got = compare(values, roi)
    salient = (values >= round(got["ds_threshold"] * SCALE)).ravel()
    truth = roi.ravel()
    assert got["iou"] == pytest.approx(jaccard_score(truth, salient), abs=1e-15)
    assert got["ground_truth_coverage"] == pytest.approx(recall_score(truth, salient), abs=1e-15)
    if salient.any():
        assert got["saliency_coverage"] == pytest.approx(precision_score(truth, salient), abs=1e-15)
    else:
        assert isinstance(got["saliency_coverage"], Undefined)


@on_all_inputs
def test_rank_correlation_is_that_of_scipy(values, roi):
    expected = spearmanr(values.ravel(), roi.ravel()).statistic
    assert compare(values, roi)["srcc"] == pytest.approx(expected, rel=1e-12, abs=1e-13)


@on_all_inputs
def test_the_area_under_the_curve_is_that_of_scikit_learn(values, roi):
    expected = roc_auc_score(roi.ravel(), values.ravel())
    assert compare(values, roi)["auc"] == pytest.approx(expected, rel=1e-12, abs=1e-15)


@on_all_inputs
def test_chance_follows_its_formula_in_shares(values, roi):
    p, f = roi.mean(), (values >= 0).mean()
    got = compare(values, roi)
    assert got["roi_area"] == p
    assert got["ds_chance"] == pytest.approx(2 * f * p / (f + p), abs=1e-15)
    assert got["ds_above_chance"] == got["ds"] - got["ds_chance"]


def test_chance_is_the_dice_score_of_a_shuffled_map_on_average():
    rng = np.random.default_rng(21)
    values = rng.normal(0, 8000, 20_000).clip(-SCALE, SCALE).astype(np.int16)
    roi = rng.permutation(np.arange(20_000) < 4_000)
    shuffled = [naive_dice(rng.permutation(values) >= 0, roi) for _ in range(20)]
    assert compare(values, roi)["ds_chance"] == pytest.approx(np.mean(shuffled), rel=0.01)


@on_all_inputs
def test_relevance_mass_is_a_sum_over_positive_pixels(values, roi):
    positive = values.astype(float).clip(min=0)
    got = compare(values, roi)["rma"]
    if positive.any():
        assert got == pytest.approx(positive[roi].sum() / positive.sum(), abs=1e-15)
    else:
        assert isinstance(got, Undefined)


@on_all_inputs
def test_relevance_rank_is_the_mean_over_random_orders_of_ties(values, roi):
    size = int(roi.sum())
    cut = np.sort(values.ravel())[-size]
    above, tied = values > cut, values == cut
    expected = ((above & roi).sum() + (size - above.sum()) * roi[tied].mean()) / size
    assert compare(values, roi)["rra"] == pytest.approx(expected, abs=1e-14)


@on_all_inputs
def test_the_pointing_game_looks_at_every_tied_maximum(values, roi):
    peaks = values == values.max()
    assert compare(values, roi)["pointing_game"] == roi[peaks].mean()
    tolerance = 2.5
    distance = cdist(np.argwhere(peaks), np.argwhere(roi)).min(axis=1)
    got = compare(values, roi, pointing_tolerance=tolerance)["pointing_game"]
    assert got == (distance <= tolerance).mean()


@pytest.mark.parametrize(
    ("image", "model"), [((301, 203), (64, 48)), ((50, 40), (64, 64)), ((90, 90), (1, 1))]
)
def test_a_stretched_map_is_upsampled_as_in_torch(image, model):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch = pytest.importorskip("torch")
    values = np.random.default_rng(22).integers(-SCALE, SCALE + 1, model[::-1]).astype(np.int16)
    geometry = Geometry(*image, *model, model[0] / image[0], model[1] / image[1])
    expected = torch.nn.functional.interpolate(
        torch.from_numpy(values.astype(np.float64))[None, None],
        size=image[::-1],
        mode="bilinear",
        align_corners=False,
    )[0, 0].numpy()
    got = read_map(values, comparison_grid(geometry, LocalisationSettings()))
    assert got.shape == expected.shape
    np.testing.assert_allclose(got, expected, atol=0.5 + 1e-6, rtol=0)


def test_a_cropped_and_padded_map_is_interpolated_as_in_scipy():
    from scipy.interpolate import RegularGridInterpolator

    values = np.random.default_rng(23).integers(-SCALE, SCALE + 1, (9, 7)).astype(np.int16)
    geometry = Geometry(40, 30, 7, 9, scale_x=0.3, scale_y=0.2, offset_x=-2.2, offset_y=1.4)
    grid = comparison_grid(geometry, LocalisationSettings())
    x, y = 0.3 * (np.arange(40) + 0.5) - 2.2, 0.2 * (np.arange(30) + 0.5) + 1.4
    x, y = x[(x >= 0) & (x <= 7)], y[(y >= 0) & (y <= 9)]
    at = np.stack(np.meshgrid(y.clip(0.5, 8.5), x.clip(0.5, 6.5), indexing="ij"), axis=-1)
    centres = (np.arange(9) + 0.5, np.arange(7) + 0.5)
    expected = RegularGridInterpolator(centres, values.astype(float))(at)
    assert 0 < grid.unseen_pixels == 40 * 30 - expected.size
    np.testing.assert_allclose(read_map(values, grid), expected, atol=0.5 + 1e-6, rtol=0)
