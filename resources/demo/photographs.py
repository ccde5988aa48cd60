"""Synthetic photographs of skin: pigment, lesion, whatever else got into the picture, camera."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from resources.demo.distractors import draw_finger, draw_hairs, draw_ink, draw_ruler
from resources.demo.lesions import PAINTERS, WIDESPREAD, Outlines
from resources.demo.shapes import Points, clearance
from resources.demo.skin import Canvas, bare_skin, develop, srgb

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
    has_ink, has_ruler, has_hairs, has_finger
        What lies beside or on the lesion.
    spread
        One or a few lesions; ``none``: the skin is clear; ``many``: more than anyone outlines.
    """

    condition: str
    tone: int
    has_ink: bool = False
    has_ruler: bool = False
    has_hairs: bool = False
    has_finger: bool = False
    spread: Literal["few", "none", "many"] = "few"


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """A picture and what is true of it.

    Attributes
    ----------
    pixels
        Shape (height, width, 3), uint8, sRGB.
    outlines
        One open ring of shape (n, 2) for each lesion, in pixels (corner convention).
    shows
        Body parts and other things beside the lesion, by their keys in the vocabulary.
    """

    pixels: NDArray[np.uint8]
    outlines: tuple[Points, ...]
    scene: Scene
    shows: frozenset[str]


def photograph(rng: np.random.Generator, scene: Scene, *, width: int, height: int) -> Photograph:
    """Paint a scene; two calls with equal generators give equal pixels.

    Parameters
    ----------
    width, height
        Size in pixels; everything in the picture scales with the shorter side.
    """
    canvas = bare_skin(rng, shape=(height, width), tone=scene.tone)
    outlines = _paint_lesions(rng, canvas, scene)
    light = develop(rng, canvas)
    if scene.has_hairs:
        light = draw_hairs(rng, light)
    if scene.has_ruler:
        light = draw_ruler(rng, light)
    occupied = list(outlines)
    if scene.has_finger:
        light, finger = draw_finger(rng, light, tone=scene.tone, avoided=outlines)
        occupied.append(finger)
    # drawn in any case, so that the same generator gives the same picture with and without it
    place = _place_for_ink(rng, occupied, width=width, height=height)
    marked = draw_ink(rng, light, centre=place)
    grain = rng.normal(0, 1.6, light.shape)
    pixels = srgb(marked if scene.has_ink else light) + grain
    return Photograph(
        np.clip(np.rint(pixels), 0, 255).astype(np.uint8),
        tuple(outlines),
        scene,
        frozenset(_shown(scene, canvas)),
    )


def _paint_lesions(rng: np.random.Generator, canvas: Canvas, scene: Scene) -> Outlines:
    if scene.spread == "none":
        return []
    painters = WIDESPREAD if scene.spread == "many" else PAINTERS
    return painters[scene.condition](rng, canvas)


def _shown(scene: Scene, canvas: Canvas) -> Iterator[str]:
    """Yield what is seen beside the lesion, as `resources/body_parts.toml` calls it."""
    if scene.has_ink:
        yield "marking"
    if scene.has_ruler:
        yield "scale_reference"
    if scene.has_hairs:
        yield "body_hair"
    if scene.has_finger:
        yield from ("hand", "fingernails")
    if (canvas.cloth > 0.5).any():
        yield "clothing"


def _place_for_ink(
    rng: np.random.Generator, occupied: Outlines, *, width: int, height: int
) -> tuple[float, float]:
    """Return the place, of forty tried, that is farthest from every lesion and finger."""
    margin = 0.14 * min(width, height)
    low, high = (margin, margin), (width - margin, height - margin)
    tried = rng.uniform(low, high, (40, 2))
    best = int(clearance(tried, occupied).argmax())
    return float(tried[best, 0]), float(tried[best, 1])
