"""All measures of a map against a region, beside a loop over thresholds, scipy and scikit-learn."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Figure, best_of, peak_memory
from engine.domain.saliency_map import SCALE, Geometry, MapFacts, SaliencyMap
from engine.domain.settings import LocalisationSettings
from engine.localisation.grids import comparison_grid, read_map, read_region
from engine.localisation.localise import compare, localise
from engine.regions.runs import Runs, runs_of_mask

WIDTH, HEIGHT = 4000, 3000
MODEL_SIDE = 224


def measure() -> list[Figure]:
    """Measure on the 1 Mpixel grid of a 12 Mpixel image, map of a 224 x 224 input."""
    saliency_map, region = _synthetic_map(), _synthetic_region()
    settings = LocalisationSettings()
    grid = comparison_grid(saliency_map.geometry, settings)
    values, roi = read_map(saliency_map.values, grid), read_region(region, grid)
    _check_equal(values, roi)
    ours, peer = best_of(lambda: compare(values, roi), 20), best_of(lambda: _peer(values, roi), 3)
    whole = best_of(lambda: localise(saliency_map, region, settings), 20)
    our_memory = peak_memory(lambda: compare(values, roi))
    peer_memory = peak_memory(lambda: _peer(values, roi))
    name = f"all map-against-region measures, {values.size / 1e6:.2f} Mpixel"
    peer_name = "numpy loop of 101 thresholds + scipy spearmanr + scikit-learn roc_auc_score"
    note = (
        f"with upsampling the map and reading the region {1000 * whole:.0f} ms;"
        " the peer gives DS, SRCC and AUC only"
    )
    return [
        Figure(name, ours, peer, peer_name, peer / ours, ">= 40", "s", note),
        Figure(
            f"{name}: peak memory",
            our_memory,
            peer_memory,
            peer_name,
            peer_memory / our_memory,
            "",
            "MiB",
        ),
    ]


def _peer(values: NDArray[np.int16], roi: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Return DS, SRCC and AUC as one would write them from libraries."""
    from scipy.stats import spearmanr
    from sklearn.metrics import roc_auc_score

    region_pixels = np.count_nonzero(roi)
    best = 0.0
    for k in range(101):
        salient = values >= 327 * k
        hits = np.count_nonzero(salient & roi)
        best = max(best, 2 * hits / (np.count_nonzero(salient) + region_pixels))
    srcc = spearmanr(values.ravel(), roi.ravel()).statistic
    return best, float(srcc), float(roc_auc_score(roi.ravel(), values.ravel()))


def _check_equal(values: NDArray[np.int16], roi: NDArray[np.bool_]) -> None:
    got = compare(values, roi)
    np.testing.assert_allclose([got["ds"], got["srcc"], got["auc"]], _peer(values, roi), rtol=1e-10)


def _synthetic_map() -> SaliencyMap:
    """Return a noisy signed map, as Integrated Gradients give them, stronger in the middle."""
    rng = np.random.default_rng(0)
    across = np.linspace(-1, 1, MODEL_SIDE)
    middle = np.exp(-3 * (across[:, None] ** 2 + across**2))
    attributions = rng.normal(0.3 * middle, 0.2 + middle)
    values = np.rint(SCALE * attributions / abs(attributions).max()).astype(np.int16)
    scale_x, scale_y = MODEL_SIDE / WIDTH, MODEL_SIDE / HEIGHT
    geometry = Geometry(WIDTH, HEIGHT, MODEL_SIDE, MODEL_SIDE, scale_x, scale_y)
    return SaliencyMap(values, geometry, MapFacts("synthetic"))


def _synthetic_region() -> Runs:
    """Return an ellipse near the middle of the image, a tenth of its area."""
    down, across = np.ogrid[:HEIGHT, :WIDTH]
    return runs_of_mask(((across - 2200) / 700) ** 2 + ((down - 1400) / 550) ** 2 <= 1)
