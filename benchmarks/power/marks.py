"""What lies beside a lesion, always as far from it as there is room: pen, ruler, sticker.

Every function draws its mark for each of n pictures: how far it covers each pixel, 0..1, shape
(n, SIDE, SIDE).
"""

import numpy as np

from benchmarks.power.fields import SIDE, Field, column, smooth_step
from benchmarks.power.lesions import Lesions
from resources.demo.skin import linear_light

PAPER = np.array([0.80, 0.80, 0.77], dtype=np.float32)
"""Colour of a ruler, linear light."""

STICKERS = linear_light(
    np.array(
        [
            (30, 60, 255),
            (0, 150, 40),
            (255, 230, 20),
            (255, 30, 200),
            (0, 220, 230),
            (250, 250, 250),
        ]
    )
)
"""Colours of round stickers, linear light."""

MARGIN = 4.5
"""How near to the border a mark may be centred, in pixels."""


def pen(rng: np.random.Generator, lesions: Lesions) -> Field:
    """Return a cross or a double line, turned at random."""
    x, y = _away_from(rng, lesions)
    angle = column(rng.uniform(0, np.pi, len(lesions.x)))
    along, across = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    is_cross = column(rng.random(len(lesions.x)) < 0.5)
    first = np.maximum(abs(across - np.where(is_cross, 0, 2.2)) - 1.1, abs(along) - 4.2)
    second = np.maximum(
        np.where(is_cross, abs(along), abs(across + 2.2)) - 1.1,
        np.where(is_cross, abs(across), abs(along)) - 4.2,
    )
    return 0.9 * smooth_step(-np.minimum(first, second) / 0.6)


def sticker(rng: np.random.Generator, lesions: Lesions) -> Field:
    """Return a round sticker."""
    x, y = _away_from(rng, lesions)
    return smooth_step((column(rng.uniform(2.4, 3.2, len(lesions.x))) - np.hypot(x, y)) / 0.6)


def ruler(rng: np.random.Generator, lesions: Lesions) -> tuple[Field, Field]:
    """Return a strip along the side farthest from the first lesion, and the ticks on it."""
    x, y = lesions.x[:, 0], lesions.y[:, 0]
    side = np.argmax([x, SIDE - x, y, SIDE - y], axis=0)
    pixel = np.arange(SIDE, dtype=np.float32) + 0.5
    across, down = np.broadcast_arrays(pixel, pixel[:, None])
    distance = np.stack([across, SIDE - across, down, SIDE - down])[side]
    along = np.stack([down, down, across, across])[side]
    strip = distance < column(rng.uniform(3.0, 4.0, len(x)))
    ticks = strip & ((along + column(rng.uniform(0, 3, len(x)))) % 3 < 1) & (distance > 1.5)
    return strip.astype(np.float32), ticks.astype(np.float32)


def _away_from(rng: np.random.Generator, lesions: Lesions) -> tuple[Field, Field]:
    """Return each pixel's distance, right and down, from the place farthest from all lesions."""
    x, y = rng.uniform(MARGIN, SIDE - MARGIN, (2, len(lesions.x), 12, 1))
    gaps = np.hypot(x - lesions.x[:, None], y - lesions.y[:, None]) - lesions.radius[:, None]
    best = gaps.min(axis=2).argmax(axis=1)
    row = np.arange(len(best))
    pixel = np.arange(SIDE, dtype=np.float32) + 0.5
    return pixel - column(x[row, best, 0]), pixel[:, None] - column(y[row, best, 0])
