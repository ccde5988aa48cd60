"""Small pictures of skin with a lesion and of what lies beside it, drawn many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.power.fields import (
    SIDE,
    Field,
    Indices,
    Mask,
    column,
    pixel,
    smooth_noise,
    smooth_step,
)
from benchmarks.power.lesions import Appearance, Lesions, of_look
from benchmarks.power.marks import PAPER, STICKERS, pen, ruler, sticker
from resources.demo.distractors import INK
from resources.demo.skin import BASE_COLOURS, BLOOD, MELANIN, linear_light, srgb

WHITE = np.array([0.78, 0.74, 0.70], dtype=np.float32)
"""Colour of scales and of skin without pigment, linear light."""


@dataclass(frozen=True, slots=True, eq=False)
class Scenes:
    """What n pictures show; every array has shape (n,).

    Attributes
    ----------
    condition
        Index of the condition.
    look
        Index of the condition that the lesion looks like.
    tone
        Index into `resources.demo.skin.TONES`.
    has_pen, has_ruler
        Whether a pen mark, or a paper ruler, lies beside the lesion.
    sticker
        Index into `STICKERS`, or -1 for none.
    """

    condition: Indices
    look: Indices
    tone: Indices
    has_pen: Mask
    has_ruler: Mask
    sticker: Indices


def draw(
    rng: np.random.Generator, scenes: Scenes, lesions: Lesions, looks: Sequence[Appearance]
) -> NDArray[np.uint8]:
    """Return the pictures, shape (n, SIDE, SIDE, 3), sRGB."""
    light = _lit_skin(rng, scenes, lesions, looks)
    # Every mark is drawn and shown where the scene has it, so that one mark moves no other.
    strip, ticks = ruler(rng, lesions)
    light = _covered(light, PAPER * (1 - 0.9 * ticks[..., None]), strip, scenes.has_ruler)
    light = _covered(light, INK, pen(rng, lesions), scenes.has_pen)
    colours = STICKERS[scenes.sticker][:, None, None]
    light = _covered(light, colours, sticker(rng, lesions), scenes.sticker >= 0)
    grain = rng.normal(0, 3, light.shape)
    return np.clip(np.rint(srgb(light) + grain), 0, 255).astype(np.uint8)


def _lit_skin(
    rng: np.random.Generator, scenes: Scenes, lesions: Lesions, looks: Sequence[Appearance]
) -> Field:
    """Return skin with its lesions under a lamp, linear light, shape (n, SIDE, SIDE, 3)."""
    count = len(scenes.condition)
    cover = smooth_step(lesions.depth() / column(of_look(looks, "softness", scenes.look)))
    uneven = column(of_look(looks, "speckle", scenes.look)) * smooth_noise(rng, count, cells=12)
    blood, melanin, flakes = (
        column(of_look(looks, name, scenes.look) * rng.lognormal(0, 0.15, count))
        for name in ("blood", "melanin", "flakes")
    )
    pigment = cover * np.maximum(1 + uneven, 0.2)
    browning = pigment * melanin + 0.06 * smooth_noise(rng, count, cells=8)
    density = (pigment * blood)[..., None] * BLOOD + browning[..., None] * MELANIN
    base = linear_light(BASE_COLOURS[scenes.tone] * rng.uniform(0.94, 1.04, (count, 3)))
    skin = pixel(base) * np.exp(-density)
    white = np.clip(flakes * cover * (1 - uneven), 0, 1)[..., None]
    return (skin + white * (WHITE - skin)) * _lamp(rng, count)[..., None]


def _lamp(rng: np.random.Generator, count: int) -> Field:
    angle, fall_off = rng.uniform(0, 2 * np.pi, count), rng.uniform(0, 0.15, count)
    across = np.linspace(-1, 1, SIDE, dtype=np.float32)
    slope = column(np.cos(angle)) * across + column(np.sin(angle)) * across[:, None]
    return column(rng.uniform(0.85, 1.1, count)) * (1 + column(fall_off) * slope)


def _covered(light: Field, colour: Field, cover: Field, is_shown: Mask) -> Field:
    share = cover * column(is_shown)
    return np.asarray(light + share[..., None] * (colour - light), dtype=np.float32)
