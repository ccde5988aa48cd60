"""Ten graders who do not exist: each sees the true outlines through their own habits."""

from dataclasses import dataclass

import numpy as np

from resources.demo.photographs import Photograph
from resources.demo.shapes import Points


@dataclass(frozen=True, slots=True)
class Grader:
    """The habits of one grader; lengths are shares of a lesion's radius.

    Attributes
    ----------
    wobble
        How far the hand strays from the outline they see.
    slip
        How far they misjudge where the lesion lies.
    margin
        How far outside (or, below 0, inside) the outline they draw.
    vertices
        How many corners they click.
    overlooks
        Probability of leaving out a lesion when there are several.
    misses
        Probability of seeing no condition where there is one.
    """

    name: str
    wobble: float
    slip: float
    margin: float
    vertices: int
    overlooks: float = 0.04
    misses: float = 0.01


POOL = (
    Grader("grader-01", wobble=0.03, slip=0.02, margin=0.02, vertices=56),
    Grader("grader-02", wobble=0.04, slip=0.03, margin=0.06, vertices=40),
    Grader("grader-03", wobble=0.05, slip=0.04, margin=-0.05, vertices=36),
    Grader("grader-04", wobble=0.04, slip=0.03, margin=0.10, vertices=44),
    Grader("grader-05", wobble=0.06, slip=0.05, margin=0.04, vertices=28),
    Grader("grader-06", wobble=0.07, slip=0.06, margin=0.16, vertices=24, overlooks=0.10),
    Grader("grader-07", wobble=0.06, slip=0.05, margin=-0.12, vertices=30, overlooks=0.08),
    Grader("grader-08", wobble=0.10, slip=0.14, margin=0.36, vertices=16, overlooks=0.15),
    Grader("grader-09", wobble=0.10, slip=0.12, margin=-0.30, vertices=20, overlooks=0.20),
    Grader(
        "grader-10", wobble=0.16, slip=0.55, margin=0.95, vertices=11, overlooks=0.3, misses=0.12
    ),
)
"""Careful graders first; the last one is in a hurry."""

HAZE = {"eczema": 0.16, "acne": 0.10}
"""How far, in lesion radii, every grader may judge the border of a blurred condition otherwise."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a grader says of a photograph.

    Attributes
    ----------
    visible
        Is a condition visible.
    roi_count
        How many regions there are; None where none is visible.
    rings
        The regions drawn, each of shape (n, 2), not closed; none where there are too many.
    """

    visible: bool
    roi_count: int | None
    rings: tuple[Points, ...]


MOST_OUTLINED = 4
"""Where a grader counts more regions than this, none is outlined."""


def answers(rng: np.random.Generator, grader: Grader, seen: Photograph) -> Answers:
    """Return what the grader says of a photograph and draws on it."""
    if not seen.outlines or rng.random() < grader.misses:
        return Answers(visible=False, roi_count=None, rings=())
    noticed = [
        ring
        for number, ring in enumerate(seen.outlines)
        if not number or rng.random() >= grader.overlooks
    ]
    if len(noticed) > MOST_OUTLINED:
        return Answers(visible=True, roi_count=len(noticed), rings=())
    haze = HAZE.get(seen.scene.condition, 0.0)
    height, width = seen.pixels.shape[:2]
    traced = (_trace(rng, grader, ring, haze=haze) for ring in noticed)
    drawn = tuple(np.clip(ring, 0, (width, height)).round(1) for ring in traced)
    return Answers(visible=True, roi_count=len(drawn), rings=drawn)


def _trace(rng: np.random.Generator, grader: Grader, ring: Points, *, haze: float) -> Points:
    clicked = np.linspace(0, len(ring), grader.vertices, endpoint=False).astype(int)
    centre = ring.mean(axis=0)
    arms = ring[clicked] - centre
    radius = np.linalg.norm(arms, axis=1).mean()
    theta = np.linspace(0, 2 * np.pi, grader.vertices, endpoint=False)
    waves = rng.normal(0, grader.wobble, 4)[:, None] * np.cos(
        np.arange(1, 5)[:, None] * theta + rng.uniform(0, 2 * np.pi, (4, 1))
    )
    reach = 1 + grader.margin + rng.normal(0, haze) + waves.sum(axis=0)
    moved = centre + rng.normal(0, grader.slip * radius / np.sqrt(2), 2)
    return np.asarray(moved + arms * np.maximum(reach, 0.25)[:, None])


def three_of_pool(rng: np.random.Generator, load: dict[str, int]) -> list[Grader]:
    """Return the three graders with the least work so far, ties by lot, and add to their load."""
    lots = rng.random(len(POOL))
    order = sorted(range(len(POOL)), key=lambda k: (load.get(POOL[k].name, 0), lots[k]))
    chosen = [POOL[k] for k in order[:3]]
    for grader in chosen:
        load[grader.name] = load.get(grader.name, 0) + 1
    return chosen
