"""Every measure of one image, on small maps whose numbers can be had by hand."""

from dataclasses import fields

import numpy as np
import pytest

from engine.domain.measure import Reason, Undefined
from engine.domain.rows import ImageLocalisation
from engine.domain.saliency_map import NOT_APPLICABLE, SCALE, Geometry, MapFacts, SaliencyMap
from engine.domain.settings import LocalisationSettings
from engine.localisation.localise import COMPARISONS, compare, localise
from engine.regions.runs import runs_of_mask


def map_values(rows: list[list[float]]) -> np.ndarray:
    return np.rint(np.array(rows) * SCALE).astype(np.int16)


def map_of(values: np.ndarray, *, halves: tuple[np.ndarray, np.ndarray] | None = None):
    height, width = values.shape
    geometry = Geometry(width, height, width, height, 1, 1)
    return SaliencyMap(values, geometry, MapFacts("test"), halves)


def on_the_right(height: int, width: int, columns: int) -> np.ndarray:
    mask = np.zeros((height, width), dtype=bool)
    mask[:, width - columns :] = True
    return mask


def test_a_map_that_is_the_region_scores_one():
    roi = on_the_right(2, 4, 1)
    got = compare(np.where(roi, SCALE, -SCALE).astype(np.int16), roi)
    ones = "ds ds_exact srcc auc iou pointing_game rma rra ground_truth_coverage saliency_coverage"
    assert {name: got[name] for name in ones.split()} == dict.fromkeys(ones.split(), 1.0)
    assert (got["ds_threshold"], got["ds_plateau"], got["ds_exact_threshold"]) == (0.0, 101.0, 1.0)
    assert got["roi_area"] == 0.25


def test_the_numbers_of_a_map_of_four_pixels():
    values = map_values([[-1.0, 0.5, 0.25, 0.0]])
    got = compare(values, np.array([[False, True, False, True]]))
    # At 0 three pixels are salient, two of them right; from 0.26 to 0.5 one, and it is right.
    assert got["ds"] == pytest.approx(4 / 5)
    assert (got["ds_threshold"], got["ds_plateau"]) == (0.0, 1.0)
    assert got["ds_chance"] == pytest.approx(2 * 0.75 * 0.5 / 1.25)
    assert got["ds_above_chance"] == pytest.approx(0.8 - 0.6)
    assert got["iou"] == pytest.approx(2 / 3)
    assert (got["ground_truth_coverage"], got["saliency_coverage"]) == (1.0, pytest.approx(2 / 3))
    assert got["auc"] == pytest.approx(3 / 4)
    assert got["srcc"] == pytest.approx(np.corrcoef([1, 4, 3, 2], [0, 1, 0, 1])[0, 1])
    assert (got["pointing_game"], got["rma"], got["rra"]) == (1.0, pytest.approx(2 / 3), 0.5)


def test_the_lowest_of_tied_thresholds_is_kept_and_its_plateau_counted():
    got = compare(map_values([[0.105, 0.5]]), np.array([[False, True]]))
    assert (got["ds"], got["ds_threshold"], got["ds_plateau"]) == (1.0, 0.11, 40.0)


def test_the_plateau_is_one_run_of_thresholds_from_the_lowest_best_one():
    got = compare(map_values([[0.1, 0.2, 0.2, 0.3]]), np.array([[True, False, False, True]]))
    # 0..0.1: 4 salient, 2 hits, 2/3; 0.11..0.2: 3 and 1, 2/5; 0.21..0.3: 1 and 1, 2/3 again.
    assert (got["ds"], got["ds_threshold"]) == (pytest.approx(2 / 3), 0.0)
    assert got["ds_plateau"] == 11.0


def test_a_threshold_takes_the_pixels_that_equal_it():
    got = compare(map_values([[0.29, 0.57]]), np.array([[False, True]]))
    assert (got["ds_threshold"], got["ds_plateau"]) == (0.3, 28.0)


def test_the_exact_optimum_lies_between_two_thresholds():
    got = compare(np.array([[1, 2, 3, 3]], np.int16), np.array([[False, True, True, True]]))
    assert (got["ds"], got["ds_threshold"]) == (pytest.approx(6 / 7), 0.0)
    assert (got["ds_exact"], got["ds_exact_threshold"]) == (1.0, 2 / SCALE)


def test_negative_attributions_never_enter_the_dice_score():
    got = compare(map_values([[-1.0, -0.5, -0.25]]), np.array([[False, True, True]]))
    assert (got["ds"], got["ds_threshold"], got["ds_plateau"]) == (0.0, 0.0, 101.0)
    assert (got["ds_exact"], got["ds_chance"], got["iou"]) == (0.0, 0.0, 0.0)
    nothing_salient = Undefined(Reason.NO_POSITIVE_ATTRIBUTION)
    assert got["ds_exact_threshold"] == got["saliency_coverage"] == got["rma"] == nothing_salient
    assert (got["ground_truth_coverage"], got["auc"], got["rra"]) == (0.0, 1.0, 1.0)


def test_tied_maxima_share_the_pointing_game():
    got = compare(map_values([[0.5, 0.5, 0.5, 0.0]]), np.array([[True, False, False, True]]))
    assert got["pointing_game"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(("tolerance", "hit"), [(0.0, 0.0), (1.9, 0.0), (2.0, 1.0), (5.0, 1.0)])
def test_a_maximum_beside_the_region_hits_within_the_tolerance(tolerance, hit):
    values = map_values([[1.0, 0.0, 0.0, 0.5]])
    roi = np.array([[False, False, True, True]])
    assert compare(values, roi, pointing_tolerance=tolerance)["pointing_game"] == hit


def test_the_tolerance_is_measured_along_the_diagonal():
    values = map_values([[1.0, 0.0], [0.0, 0.5]])
    roi = np.array([[False, False], [False, True]])
    assert compare(values, roi, pointing_tolerance=1.4)["pointing_game"] == 0.0
    assert compare(values, roi, pointing_tolerance=1.5)["pointing_game"] == 1.0


def test_pixels_tied_at_the_last_rank_count_by_the_share_that_fits():
    values = map_values([[1.0, 0.5, 0.5, 0.5, 0.0]])
    got = compare(values, np.array([[True, True, True, False, False]]))
    assert got["rra"] == pytest.approx((1 + 2 * (2 / 3)) / 3)


@pytest.mark.parametrize(
    ("values", "roi", "reason"),
    [
        ([[0.1, 0.2]], [[False, False]], Reason.ROI_EMPTY),
        ([[0.1, 0.2]], [[True, True]], Reason.ROI_FULL),
        ([[0.3, 0.3]], [[True, False]], Reason.CONSTANT_MAP),
        ([[-1.0, -1.0]], [[True, False]], Reason.CONSTANT_MAP),
        ([[0.0, 0.0]], [[True, False]], Reason.ZERO_MAP),
        ([[0.5]], [[True]], Reason.ROI_FULL),
    ],
)
def test_a_degenerate_comparison_says_why_and_keeps_the_area(values, roi, reason):
    roi = np.array(roi)
    got = compare(map_values(values), roi)
    assert got.pop("roi_area") == roi.mean()
    assert got == dict.fromkeys(COMPARISONS, Undefined(reason))


def test_every_number_of_a_row_is_given_exactly_once():
    whole = compare(map_values([[0.1, 0.2]]), np.array([[False, True]]))
    assert set(whole) == {*COMPARISONS, "roi_area"}
    others = {"ds_half_a", "ds_half_b", "srcc_half_a", "srcc_half_b"}
    counts = {"compared_pixels", "unseen_pixels"}
    assert set(whole) | others | counts == {f.name for f in fields(ImageLocalisation)}


def test_the_halves_of_the_samples_are_scored_apart():
    roi = on_the_right(3, 4, 2)
    good = np.where(roi, SCALE, 0).astype(np.int16)
    row = localise(
        map_of(good, halves=(good, np.zeros_like(good))), runs_of_mask(roi), LocalisationSettings()
    )
    assert (row.ds_half_a, row.srcc_half_a) == (1.0, 1.0)
    assert row.ds_half_b == row.srcc_half_b == Undefined(Reason.ZERO_MAP)


def test_a_map_without_halves_has_no_scores_of_halves():
    roi = on_the_right(3, 4, 2)
    row = localise(
        map_of(np.where(roi, SCALE, 0).astype(np.int16)), runs_of_mask(roi), LocalisationSettings()
    )
    assert row.ds_half_a == row.ds_half_b == row.srcc_half_a == row.srcc_half_b == NOT_APPLICABLE


def test_a_region_that_was_cropped_away_is_empty():
    values = map_values([[0.1, 0.2]])
    geometry = Geometry(4, 1, 2, 1, scale_x=1, scale_y=1, offset_x=-2)
    region = runs_of_mask(np.array([[True, True, False, False]]))
    row = localise(SaliencyMap(values, geometry, MapFacts("test")), region, LocalisationSettings())
    assert row.ds == Undefined(Reason.ROI_EMPTY)
    assert (row.roi_area, row.compared_pixels, row.unseen_pixels) == (0.0, 2, 2)


def test_a_model_that_saw_nothing_of_the_image_leaves_no_area_either():
    geometry = Geometry(2, 1, 2, 1, scale_x=1, scale_y=1, offset_x=50)
    region = runs_of_mask(np.array([[True, False]]))
    saliency_map = SaliencyMap(map_values([[0.1, 0.2]]), geometry, MapFacts("test"))
    row = localise(saliency_map, region, LocalisationSettings())
    assert row.roi_area == row.srcc == Undefined(Reason.ROI_EMPTY)
    assert (row.compared_pixels, row.unseen_pixels) == (0, 2)


def test_a_region_of_another_images_size_is_a_bug():
    saliency_map = map_of(map_values([[0.1, 0.2]]))
    with pytest.raises(ValueError, match="3 x 1 pixels, the map for one of 2 x 1"):
        localise(saliency_map, runs_of_mask(np.ones((1, 3), bool)), LocalisationSettings())


def test_both_grids_agree_where_image_and_input_are_one():
    rng = np.random.default_rng(5)
    saliency_map = map_of(rng.integers(-SCALE, SCALE + 1, (20, 30)).astype(np.int16))
    region = runs_of_mask(rng.random((20, 30)) < 0.3)
    on_image = localise(saliency_map, region, LocalisationSettings(grid="image"))
    assert on_image == localise(saliency_map, region, LocalisationSettings(grid="model"))


def test_the_tolerance_of_the_settings_reaches_the_pointing_game():
    saliency_map = map_of(map_values([[1.0, 0.0, 0.5]]))
    region = runs_of_mask(np.array([[False, True, True]]))
    strict = localise(saliency_map, region, LocalisationSettings())
    lenient = localise(saliency_map, region, LocalisationSettings(pointing_tolerance=1))
    assert (strict.pointing_game, lenient.pointing_game) == (0.0, 1.0)
