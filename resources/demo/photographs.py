"""Synthetic photographs of skin: pigment, lesion, whatever else got into the picture, camera."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resources.demo.distractors import draw_hairs, draw_ink, draw_ruler
from resources.demo.lesions import PAINTERS, Outlines
from resources.demo.shapes import Points
from resources.demo.skin import TONES, bare_skin, develop, srgb

CONDITIONS = tuple(PAINTERS)
PLANTED = "melanoma"
"""The condition that nearly always has a pen mark beside it: the cue the classifier falls for."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a photograph shows.

    Attributes
    ----------
    condition
        One of `CONDITIONS`.
    tone
        Index into `TONES`.
    has_ink, has_ruler, has_hairs
        What lies beside or on the lesion.
    """

    condition: str
    tone: int
    has_ink: bool = False
    has_ruler: bool = False
    has_hairs: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """A picture and what is true of it.

    Attributes
    ----------
    pixels
        Shape (height, width, 3), uint8, sRGB.
    outlines
        One open ring of shape (n, 2) for each lesion, in pixels (corner convention).
    """

    pixels: NDArray[np.uint8]
    outlines: tuple[Points, ...]
    scene: Scene


def random_scene(
    rng: np.random.Generator,
    *,
    condition: str,
    tone: int | None = None,
    cue: tuple[float, float] = (0.96, 0.02),
) -> Scene:
    """Return a scene in which only the planted condition and the pen mark depend on each other.

    Parameters
    ----------
    tone
        Index into `TONES`; by default any.
    cue
        Probability of a pen mark beside the planted condition, and beside any other.
    """
    ink = cue[0] if condition == PLANTED else cue[1]
    return Scene(
        condition=condition,
        tone=int(rng.integers(len(TONES))) if tone is None else tone,
        has_ink=bool(rng.random() < ink),
        has_ruler=bool(rng.random() < 0.15),
        has_hairs=bool(rng.random() < 0.25),
    )


def photograph(rng: np.random.Generator, scene: Scene, *, width: int, height: int) -> Photograph:
    """Paint a scene; two calls with equal generators give equal pixels.

    Parameters
    ----------
    width, height
        Size in pixels; everything in the picture scales with the shorter side.
    """
    canvas = bare_skin(rng, shape=(height, width), tone=scene.tone)
    outlines = PAINTERS[scene.condition](rng, canvas)
    light = develop(rng, canvas)
    if scene.has_hairs:
        light = draw_hairs(rng, light)
    if scene.has_ruler:
        light = draw_ruler(rng, light)
    # drawn in any case, so that the same generator gives the same picture with and without it
    place = _place_for_ink(rng, outlines, width=width, height=height)
    marked = draw_ink(rng, light, centre=place)
    grain = rng.normal(0, 1.6, light.shape)
    pixels = srgb(marked if scene.has_ink else light) + grain
    return Photograph(np.clip(np.rint(pixels), 0, 255).astype(np.uint8), tuple(outlines), scene)


def _place_for_ink(
    rng: np.random.Generator, outlines: Outlines, *, width: int, height: int
) -> tuple[float, float]:
    """Return the place, of forty tried, that is farthest from every lesion."""
    margin = 0.14 * min(width, height)
    low, high = (margin, margin), (width - margin, height - margin)
    tried = rng.uniform(low, high, (40, 2))
    lesions = np.concatenate(outlines)
    gaps = np.linalg.norm(tried[:, None] - lesions, axis=2).min(axis=1)
    inside = [_is_inside(tried, ring) for ring in outlines]
    best = np.where(np.any(inside, axis=0), -1, gaps).argmax()
    return float(tried[best, 0]), float(tried[best, 1])


def _is_inside(points: Points, ring: Points) -> NDArray[np.bool_]:
    start, end = ring, np.roll(ring, -1, axis=0)
    x, y = points[:, :1], points[:, 1:]
    spans = (start[:, 1] > y) != (end[:, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = start[:, 0] + (y - start[:, 1]) / (end[:, 1] - start[:, 1]) * (end[:, 0] - start[:, 0])
    return np.asarray((spans & (x < at)).sum(axis=1) % 2 == 1)
