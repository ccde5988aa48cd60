"""Skin as layers of pigment: what is in it, and the colours it then has."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resources.demo.shapes import Field, smooth_noise, smooth_step

TONES = ("I", "II", "III", "IV", "V", "VI")
"""Fitzpatrick skin types, lightest first."""

BASE_COLOURS = np.array(
    [
        (240, 208, 190),
        (229, 187, 163),
        (209, 161, 131),
        (178, 127, 97),
        (140, 97, 73),
        (103, 71, 57),
    ]
)
"""sRGB colour of unmarked skin of each type."""

MELANIN = np.array([0.45, 0.85, 1.25], dtype=np.float32)
BLOOD = np.array([0.10, 0.95, 0.80], dtype=np.float32)
"""Optical density (natural log) in red, green and blue of one unit of each pigment."""

CLOTHS = ((205, 208, 210), (88, 104, 122), (62, 66, 70), (122, 152, 148), (168, 150, 132))


@dataclass(slots=True)
class Canvas:
    """A picture being painted; every layer has shape (height, width).

    Attributes
    ----------
    melanin, blood
        Pigment beyond that of unmarked skin, in units of `MELANIN` and `BLOOD`.
    scale
        Share covered by white flakes, 0..1.
    relief
        Height of the surface, about 1 for a papule.
    cloth
        Share covered by clothing, 0..1.
    tone
        Index into `TONES`.
    """

    melanin: Field
    blood: Field
    scale: Field
    relief: Field
    cloth: Field
    tone: int

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        height, width = self.melanin.shape
        return height, width

    @property
    def side(self) -> int:
        """The shorter side in pixels, to which all sizes are relative."""
        return min(self.shape)


def bare_skin(rng: np.random.Generator, *, shape: tuple[int, int], tone: int) -> Canvas:
    """Return skin with its mottling, furrows and pores, and at times the edge of a limb."""
    side = min(shape)
    mottling = smooth_noise(rng, shape, cell=side / 3) + 0.5 * smooth_noise(
        rng, shape, cell=side / 9
    )
    flush = smooth_noise(rng, shape, cell=side / 4) + 0.6 * smooth_noise(rng, shape, cell=side / 24)
    furrows = smooth_noise(rng, shape, cell=side / 55) + 0.8 * smooth_noise(
        rng, shape, cell=side / 110
    )
    pores = np.maximum(smooth_noise(rng, shape, cell=side / 75) - 1.7, 0)
    return Canvas(
        melanin=0.07 * mottling + 0.10 * pores,
        blood=0.06 * flush + 0.14 * pores,
        scale=np.zeros(shape, np.float32),
        relief=0.05 * furrows - 0.10 * pores,
        cloth=_cloth(rng, shape) if rng.random() < 0.3 else np.zeros(shape, np.float32),
        tone=tone,
    )


def _cloth(rng: np.random.Generator, shape: tuple[int, int]) -> Field:
    height, width = shape
    side = min(shape)
    angle = rng.uniform(0, 2 * np.pi)
    x = np.arange(width) - width / 2
    y = np.arange(height)[:, None] - height / 2
    distance = np.cos(angle) * x + np.sin(angle) * y
    reach = (abs(np.cos(angle)) * width + abs(np.sin(angle)) * height) / 2
    edge = rng.uniform(0.66, 0.85) * reach + 0.02 * side * smooth_noise(rng, shape, cell=side / 2)
    return smooth_step(((distance - edge) / (0.012 * side)).astype(np.float32))


def develop(rng: np.random.Generator, canvas: Canvas) -> NDArray[np.float32]:
    """Return the colours of the canvas under one lamp, linear light, shape (height, width, 3)."""
    base = linear_light(BASE_COLOURS[canvas.tone] * rng.uniform(0.95, 1.04, 3))
    density = canvas.melanin[..., None] * MELANIN + canvas.blood[..., None] * BLOOD
    colours = base * np.exp(-density)
    # flakes are silver on light skin and grey on dark skin
    flakes = 0.6 * base.max() + np.array([0.27, 0.25, 0.24], dtype=np.float32)
    colours += canvas.scale[..., None] * (flakes - colours)
    colours = _with_cloth(rng, canvas, colours)
    light = _lamp(rng, canvas)
    sheen = 0.05 * np.maximum(_slope(canvas, rng.uniform(0, 2 * np.pi)) - 0.35, 0)
    return np.asarray(colours * light[..., None] + sheen[..., None], dtype=np.float32)


def _with_cloth(
    rng: np.random.Generator, canvas: Canvas, colours: NDArray[np.float32]
) -> NDArray[np.float32]:
    if not canvas.cloth.any():
        return colours
    weave = smooth_noise(rng, canvas.shape, cell=canvas.side / 90)
    fold = smooth_noise(rng, canvas.shape, cell=canvas.side / 5)
    cloth = linear_light(np.array(CLOTHS[rng.integers(len(CLOTHS))]))
    shade = np.clip(0.8 + 0.06 * weave + 0.12 * fold, 0.2, 1.2)
    share = canvas.cloth[..., None]
    return np.asarray(colours + share * (cloth * shade[..., None] - colours), np.float32)


def _lamp(rng: np.random.Generator, canvas: Canvas) -> Field:
    height, width = canvas.shape
    angle = rng.uniform(0, 2 * np.pi)
    x = np.linspace(-1, 1, width, dtype=np.float32)
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    fall_off = rng.uniform(0.04, 0.16) * (np.cos(angle) * x + np.sin(angle) * y)
    vignette = rng.uniform(0.06, 0.16) * (x * x + y * y)
    rounding = 0.04 * smooth_noise(rng, canvas.shape, cell=canvas.side / 1.5)
    exposure = rng.uniform(0.95, 1.12)
    relief = 0.35 * _slope(canvas, angle)
    return np.asarray(exposure * (1 + fall_off - vignette + rounding + relief), dtype=np.float32)


def _slope(canvas: Canvas, angle: float) -> Field:
    down, right = np.gradient(canvas.relief * (canvas.side / 100))
    return np.asarray(np.cos(angle) * right + np.sin(angle) * down, dtype=np.float32)


def linear_light(srgb: NDArray[np.generic]) -> NDArray[np.float32]:
    """Return sRGB values 0..255 as linear light 0..1 (power law 2.2)."""
    return np.asarray((np.asarray(srgb, dtype=np.float32) / 255) ** 2.2)


def srgb(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return linear light as sRGB values 0..255."""
    return np.asarray(255 * np.clip(light, 0, 1) ** (1 / 2.2), dtype=np.float32)
