"""How well one map finds one region: every measure of an image from one joint histogram."""

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.rows import ImageLocalisation
from engine.domain.saliency_map import NOT_APPLICABLE, SaliencyMap
from engine.domain.settings import LocalisationSettings
from engine.localisation.grids import comparison_grid, read_map, read_region
from engine.localisation.histogram import JointHistogram, joint_histogram, why_undefined
from engine.localisation.overlap import best_cut, chance_dice, exact_optimum
from engine.localisation.ranking import roc_auc, spearman
from engine.localisation.relevance import (
    mass_accuracy,
    pointing_game,
    rank_accuracy,
    tolerant_pointing_game,
)
from engine.regions.runs import Runs

Values = NDArray[np.int16]
Mask = NDArray[np.bool_]

COMPARISONS = (
    "ds",
    "ds_threshold",
    "ds_plateau",
    "ds_exact",
    "ds_exact_threshold",
    "ds_chance",
    "ds_above_chance",
    "iou",
    "ground_truth_coverage",
    "saliency_coverage",
    "srcc",
    "auc",
    "pointing_game",
    "rma",
    "rra",
)
"""Measures that need a region neither empty nor full and a map that is not constant."""


def localise(
    saliency_map: SaliencyMap, consensus: Runs, settings: LocalisationSettings
) -> ImageLocalisation:
    """Return how well a map finds the consensus region of its image (section 3.5, method 8).

    Map and region are read on the grid of the settings; ``compared_pixels`` of it lie both on the
    image and on the model's input, the rest is counted in ``unseen_pixels``. Every number but the
    region's area is undefined where the region is empty or covers all compared pixels, or where
    the map is constant on them.

    Parameters
    ----------
    saliency_map
        A map of the image, in [-1, 1].
    consensus
        The region on the upright image, of the image's size.

    Raises
    ------
    ValueError
        The region was made for an image of another size.
    """
    geometry = saliency_map.geometry
    if (consensus.width, consensus.height) != (geometry.image_width, geometry.image_height):
        raise ValueError(
            f"the region is for an image of {consensus.width} x {consensus.height} pixels,"
            f" the map for one of {geometry.image_width} x {geometry.image_height}"
        )
    grid = comparison_grid(geometry, settings)
    roi = read_region(consensus, grid)
    values = read_map(saliency_map.values, grid)
    halves = [read_map(half, grid) for half in saliency_map.halves or ()]
    return ImageLocalisation(
        **compare(values, roi, pointing_tolerance=settings.pointing_tolerance),
        **_compare_halves(halves, roi),
        compared_pixels=grid.compared_pixels,
        unseen_pixels=grid.unseen_pixels,
    )


def compare(values: Values, roi: Mask, *, pointing_tolerance: float = 0.0) -> dict[str, Measure]:
    """Return the measures of one map and one region on one grid, named as in `ImageLocalisation`.

    Parameters
    ----------
    values
        Map in units of 1 / `SCALE`, shape (rows, columns), int16.
    roi
        True in the region, of the same shape.
    pointing_tolerance
        How far beside the region the map's highest pixel still hits, grid pixels.
    """
    histogram = joint_histogram(values, roi)
    roi_area = {"roi_area": _roi_area(histogram)}
    if reason := why_undefined(histogram):
        return roi_area | dict.fromkeys(COMPARISONS, Undefined(reason))
    pointing = (
        tolerant_pointing_game(values, roi, tolerance=pointing_tolerance)
        if pointing_tolerance
        else pointing_game(histogram)
    )
    order: dict[str, Measure] = {"srcc": spearman(histogram), "auc": roc_auc(histogram)}
    relevance: dict[str, Measure] = {
        "pointing_game": pointing,
        "rma": mass_accuracy(histogram),
        "rra": rank_accuracy(histogram),
    }
    return roi_area | _overlap(histogram) | order | relevance


def _roi_area(histogram: JointHistogram) -> Measure:
    if not histogram.pixels:
        return Undefined(Reason.ROI_EMPTY)
    return histogram.roi_pixels / histogram.pixels


def _overlap(histogram: JointHistogram) -> dict[str, Measure]:
    best = best_cut(histogram)
    exact, exact_threshold = exact_optimum(histogram)
    chance = chance_dice(histogram)
    return {
        "ds": best.dice,
        "ds_threshold": best.threshold,
        "ds_plateau": float(best.plateau),
        "ds_exact": exact,
        "ds_exact_threshold": exact_threshold,
        "ds_chance": chance,
        "ds_above_chance": best.dice - chance,
        "iou": best.iou,
        "ground_truth_coverage": best.ground_truth_coverage,
        "saliency_coverage": best.saliency_coverage,
    }


def _compare_halves(halves: list[Values], roi: Mask) -> dict[str, Measure]:
    """Return DS and SRCC of the maps of both halves of the samples; not applicable without them."""
    measures: dict[str, Measure] = {}
    for name, half in zip("ab", halves or (None, None), strict=True):
        ds, srcc = (NOT_APPLICABLE, NOT_APPLICABLE) if half is None else _ds_and_srcc(half, roi)
        measures |= {f"ds_half_{name}": ds, f"srcc_half_{name}": srcc}
    return measures


def _ds_and_srcc(values: Values, roi: Mask) -> tuple[Measure, Measure]:
    histogram = joint_histogram(values, roi)
    if reason := why_undefined(histogram):
        return Undefined(reason), Undefined(reason)
    return best_cut(histogram).dice, spearman(histogram)
