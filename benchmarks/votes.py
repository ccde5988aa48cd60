"""Votes, kappa and pairwise Dice of three graders, against masks and statsmodels."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Figure, best_of, peak_memory
from engine.domain.polygon import Polygon, Region, Ring, ring
from engine.graders.kappa import fleiss_kappa, pairwise_dice
from engine.regions.rasterise import rasterise
from engine.regions.votes import vote_patterns

WIDTH, HEIGHT = 6000, 4000
VERTICES = 1000
Fill = Callable[[Ring], NDArray[np.bool_]]


def measure() -> list[Figure]:
    """Measure three graders with 1,000 vertices each on 24 Mpixel, and on 96 Mpixel."""
    rings = [_lesion(seed) for seed in range(3)]
    regions: list[Region] = [(Polygon(r),) for r in rings]
    wide: list[Region] = [(Polygon(ring(r * (4, 1))),) for r in rings]

    ours = best_of(lambda: _ours(regions, WIDTH), 30)
    ours_wide = best_of(lambda: _ours(wide, 4 * WIDTH), 30)
    ours_memory = peak_memory(lambda: _ours(regions, WIDTH))
    peers = {"skimage.draw.polygon": _with_skimage, "cv2.fillPoly": _with_cv2}
    seconds = {
        "skimage.draw.polygon": best_of(lambda: _theirs(rings, _with_skimage), 1),
        "cv2.fillPoly": best_of(lambda: _theirs(rings, _with_cv2), 5),
    }
    fastest = min(seconds, key=seconds.__getitem__)
    memory = peak_memory(lambda: _theirs(rings, peers[fastest]))
    others = ", ".join(f"{name} {taken:.2f} s" for name, taken in seconds.items())
    peer = f"{fastest} + statsmodels fleiss_kappa"
    difference = abs(_ours(regions, WIDTH)[0] - _theirs(rings, peers[fastest])[0])

    name = "votes, kappa and pairwise Dice, 3 graders x 1,000 vertices, 24 Mpixel"
    return [
        Figure(name, ours, seconds[fastest], peer, seconds[fastest] / ours, ">= 500", "s",
               f"the faster of {others}; kappas differ by {difference:.1e} (fill rules)"),
        Figure(f"{name}: peak memory", ours_memory, memory, peer, memory / ours_memory, "", "MiB"),
        Figure("the same rows on an image four times as wide, 96 Mpixel", ours_wide, ours,
               "itself on 24 Mpixel", ours / ours_wide, "about 1", "s"),
    ]  # fmt: skip


def _lesion(seed: int) -> Ring:
    """Return a wavy outline, 2,400 pixels across, that differs a little with the seed."""
    random = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    radius = 1200 * (1 + 0.1 * np.sin(3 * angle + 0.2 * seed) + 0.01 * random.normal(size=VERTICES))
    centre = np.array([WIDTH, HEIGHT]) / 2 + 20 * seed
    return ring(centre + radius[:, None] * np.stack((np.cos(angle), np.sin(angle)), axis=1))


def _ours(regions: list[Region], width: int) -> tuple[float, object]:
    votes = [rasterise(region, width=width, height=HEIGHT) for region in regions]
    counts = vote_patterns(votes)
    kappa = fleiss_kappa(counts)
    assert isinstance(kappa, float)
    return kappa, pairwise_dice(counts)


def _theirs(rings: list[Ring], fill: Fill) -> tuple[float, object]:
    from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_kappa

    masks = [fill(r) for r in rings]
    votes = sum(mask.astype(np.uint8) for mask in masks)
    table = np.stack((3 - votes, votes), axis=-1).reshape(-1, 2)
    areas = [np.count_nonzero(mask) for mask in masks]
    dice = [
        2 * np.count_nonzero(masks[a] & masks[b]) / (areas[a] + areas[b])
        for a, b in combinations(range(3), 2)
    ]
    return float(statsmodels_kappa(table)), dice


def _with_skimage(outline: Ring) -> NDArray[np.bool_]:
    from skimage.draw import polygon  # polygon2mask, its other way, takes 17 s for a mask

    mask = np.zeros((HEIGHT, WIDTH), dtype=np.bool_)
    mask[polygon(outline[:, 1] - 0.5, outline[:, 0] - 0.5, mask.shape)] = True
    return mask


def _with_cv2(outline: Ring) -> NDArray[np.bool_]:
    import cv2

    mask = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    cv2.fillPoly(mask, [np.rint(outline - 0.5).astype(np.int32)], 1)
    return mask.view(np.bool_)
