"""What holds for every map and every region."""

import math

import numpy as np
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.domain.measure import Reason, Undefined, value_of
from engine.domain.saliency_map import SCALE, Geometry, MapFacts, SaliencyMap
from engine.domain.settings import LocalisationSettings
from engine.localisation.cases import choose
from engine.localisation.grids import comparison_grid, image_grid_size, read_map
from engine.localisation.localise import compare, localise
from engine.regions.runs import runs_of_mask

any_values = st.one_of(st.integers(-SCALE, SCALE), st.sampled_from([-SCALE, 0, 327, SCALE]))
shapes = hnp.array_shapes(min_dims=2, max_dims=2, max_side=8)


@st.composite
def comparisons(draw) -> tuple[np.ndarray, np.ndarray]:
    """Draw a map and a region that can be compared."""
    shape = draw(shapes)
    values = draw(hnp.arrays(np.int16, shape, elements=any_values))
    roi = draw(hnp.arrays(np.bool_, shape))
    assume(roi.any() and not roi.all() and values.min() != values.max())
    return values, roi


@given(
    st.lists(st.integers(-SCALE, SCALE), min_size=2, max_size=60, unique=True),
    st.randoms(use_true_random=False),
)
def test_without_ties_rank_correlation_is_auc_squeezed_by_area(values, random):
    size = len(values)
    roi = np.zeros(size, dtype=bool)
    roi[random.sample(range(size), random.randint(1, size - 1))] = True
    got = compare(np.array(values, np.int16), roi)
    p = roi.mean()
    finite = size / math.sqrt(size**2 - 1)  # goes to 1 as pixels grow many
    expected = math.sqrt(3 * p * (1 - p)) * (2 * got["auc"] - 1) * finite
    assert math.isclose(got["srcc"], expected, rel_tol=1e-9, abs_tol=1e-12)


@given(comparisons(), st.integers(0, 100))
def test_no_threshold_beats_the_best_and_the_exact_optimum_beats_all(comparison, k):
    values, roi = comparison
    salient = values >= 327 * k
    dice = 2 * (salient & roi).sum() / (salient.sum() + roi.sum())
    got = compare(values, roi)
    assert dice <= got["ds"] <= got["ds_exact"]


@given(comparisons())
def test_every_number_is_finite_and_within_its_range(comparison):
    for name, measure in compare(*comparison).items():
        lowest = -1 if name in {"srcc", "ds_above_chance"} else 0
        highest = 101 if name == "ds_plateau" else 1
        value = value_of(measure)
        assert value is None or lowest <= value <= highest, name


@given(comparisons(), st.floats(0, 5))
def test_turning_map_and_region_together_changes_nothing(comparison, tolerance):
    values, roi = comparison
    got = compare(values, roi, pointing_tolerance=tolerance)
    for turn in (np.fliplr, np.flipud, np.transpose):
        assert compare(turn(values), turn(roi), pointing_tolerance=tolerance) == got


@given(comparisons(), st.randoms(use_true_random=False))
def test_only_which_value_lies_where_counts_not_its_place(comparison, random):
    values, roi = comparison
    order = list(range(values.size))
    random.shuffle(order)
    assert compare(values.ravel()[order], roi.ravel()[order]) == compare(values, roi)


@given(comparisons())
def test_measures_of_order_ignore_a_monotone_change_of_the_map(comparison):
    values, roi = comparison
    ranks = np.unique(values, return_inverse=True)[1].reshape(values.shape)
    squeezed = (ranks**2 - 500).astype(np.int16)
    got, after = compare(values, roi), compare(squeezed, roi)
    for name in ("auc", "srcc", "rra", "pointing_game"):
        assert after[name] == got[name]


@given(comparisons())
def test_the_negative_map_and_what_lies_beside_mirror_the_order(comparison):
    values, roi = comparison
    got, negative, beside = compare(values, roi), compare(-values, roi), compare(values, ~roi)
    assert math.isclose(negative["auc"], 1 - got["auc"], abs_tol=1e-12)
    assert math.isclose(beside["auc"], 1 - got["auc"], abs_tol=1e-12)
    assert negative["srcc"] == beside["srcc"] == -got["srcc"]


@given(comparisons(), st.integers(2, 4))
def test_repeating_every_pixel_changes_no_share(comparison, times):
    values, roi = (np.kron(array, np.ones((times, 1), array.dtype)) for array in comparison)
    got, repeated = compare(*comparison), compare(values, roi)
    for name, measure in got.items():
        if isinstance(measure, Undefined):
            assert repeated[name] == measure
        else:
            assert math.isclose(repeated[name], measure, abs_tol=1e-12), name


@given(st.integers(1, 10**5), st.integers(1, 10**5), st.integers(1, 10**6))
@example(4000, 3000, 10**6)
def test_a_grid_fits_its_pixels_and_never_exceeds_the_image(width, height, max_pixels):
    columns, rows = image_grid_size(width, height, max_pixels=max_pixels)
    assert 1 <= columns <= width
    assert 1 <= rows <= height
    assert columns * rows <= max_pixels
    if width * height <= max_pixels:
        assert (columns, rows) == (width, height)


sides = st.integers(1, 40)
offsets = st.floats(-30, 30)
scales = st.floats(0.05, 5)
geometries = st.builds(Geometry, sides, sides, sides, sides, scales, scales, offsets, offsets)


@given(geometries, st.sampled_from(["image", "model"]), st.integers(1, 400), st.data())
def test_what_is_read_keeps_within_the_maps_range_and_all_pixels_are_accounted_for(
    geometry, grid, max_pixels, data
):
    shape = (geometry.model_height, geometry.model_width)
    values = data.draw(hnp.arrays(np.int16, shape, elements=any_values))
    settings = LocalisationSettings(grid=grid, max_pixels=max_pixels)
    where = comparison_grid(geometry, settings)
    read = read_map(values, where)
    assert read.size == where.compared_pixels
    assert ((values.min() <= read) & (read <= values.max())).all()
    region = runs_of_mask(np.ones((geometry.image_height, geometry.image_width), bool))
    row = localise(SaliencyMap(values, geometry, MapFacts("test")), region, settings)
    whole = where.rows.size * where.columns.size
    assert row.compared_pixels + row.unseen_pixels == whole
    assert whole <= max_pixels if grid == "image" else whole == values.size


measures = st.one_of(st.floats(-1, 1), st.just(Undefined(Reason.ROI_EMPTY)))


@given(st.lists(measures, min_size=1, max_size=8))
def test_the_value_of_a_case_lies_among_those_of_its_images(values):
    defined = [v for v in values if not isinstance(v, Undefined)]
    for rule in ("max", "mean", "median"):
        got = choose(values, rule)
        assert got.used == len(defined)
        if defined:
            assert min(defined) - 1e-12 <= got.value <= max(defined) + 1e-12
    best = choose(values, "max")
    assert best.chosen is None or values[best.chosen] == best.value == max(defined)
