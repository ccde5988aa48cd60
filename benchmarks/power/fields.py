"""Fields over small pictures: what lesions, marks and skin are drawn with."""

import numpy as np
from numpy.typing import NDArray

SIDE = 32
"""Side of every picture, in pixels."""

Field = NDArray[np.float32]
Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]


def smooth_noise(rng: np.random.Generator, count: int, *, cells: int) -> Field:
    """Return smooth random fields, about normal, that change over SIDE / `cells` pixels."""
    at = np.linspace(0, cells, SIDE, dtype=np.float32)[:, None]
    weights = np.maximum(1 - abs(at - np.arange(cells + 1, dtype=np.float32)), 0)
    coarse = rng.standard_normal((count, cells + 1, cells + 1), dtype=np.float32)
    return np.asarray(1.4 * (weights @ coarse @ weights.T))


def smooth_step(values: Field) -> Field:
    """Rise smoothly from 0 at -1 to 1 at 1."""
    t = np.clip((values + 1) / 2, 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def column(values: NDArray[np.generic]) -> Field:
    """Return one number for each picture, shape (n, 1, 1)."""
    return values.astype(np.float32)[:, None, None]


def pixel(colours: NDArray[np.generic]) -> Field:
    """Return one colour for each picture, shape (n, 1, 1, 3)."""
    return colours.astype(np.float32)[:, None, None]
