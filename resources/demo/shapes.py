"""Smooth random fields and star-shaped outlines, which synthetic photographs are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.floating]
Points = NDArray[np.float64]
Window = tuple[slice, slice]


def smooth_noise(rng: np.random.Generator, shape: tuple[int, int], *, cell: float) -> Field:
    """Return a smooth random field, about normal with deviation 1.

    Parameters
    ----------
    shape
        Height and width in pixels.
    cell
        Distance over which the field changes, in pixels; below 1 the field is white noise.
    """
    height, width = shape
    grid = (int(height / max(cell, 1.0)) + 3, int(width / max(cell, 1.0)) + 3)
    coarse = rng.standard_normal(grid, dtype=np.float32)
    if cell <= 1:
        return coarse[:height, :width]
    left, top = rng.uniform(0, 1, 2)
    box = (left, top, left + width / cell, top + height / cell)
    fine = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC, box=box)
    return np.asarray(fine) * np.float32(1.3)


def smooth_step(values: Field) -> Field:
    """Rise smoothly from 0 at -1 to 1 at 1."""
    t = np.clip((values + 1) / 2, 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


@dataclass(frozen=True, slots=True)
class Blob:
    """A star-shaped outline: an ellipse whose radius wavers with the angle.

    Attributes
    ----------
    x, y
        Centre, in pixels (corner convention).
    radius
        Geometric mean of the half axes, in pixels.
    aspect
        Long over short axis, at least 1.
    angle
        Direction of the long axis, in radians.
    waves
        Shape (n, 3): waves around the outline, as frequency, amplitude and phase.
    """

    x: float
    y: float
    radius: float
    aspect: float
    angle: float
    waves: Points

    def outline(self, vertices: int = 72) -> Points:
        """Return the outline as an open ring, shape (vertices, 2)."""
        theta = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
        reach = self.radius * self._waver(theta)
        stretch = np.sqrt(self.aspect)
        along, across = reach * stretch * np.cos(theta), reach / stretch * np.sin(theta)
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.column_stack(
            [self.x + cos * along - sin * across, self.y + sin * along + cos * across]
        )

    def window(self, shape: tuple[int, int], *, margin: float = 1.7) -> Window:
        """Return the part of the picture that holds the outline grown by a factor."""
        reach = margin * self.radius * np.sqrt(self.aspect)
        rows = slice(max(0, int(self.y - reach)), min(shape[0], int(self.y + reach) + 1))
        columns = slice(max(0, int(self.x - reach)), min(shape[1], int(self.x + reach) + 1))
        return rows, columns

    def depth(self, window: Window) -> Field:
        """Return how deep each pixel lies: 1 in the centre, 0 on the outline, below outside."""
        rows, columns = window
        x = np.arange(columns.start, columns.stop) + 0.5 - self.x
        y = np.arange(rows.start, rows.stop)[:, None] + 0.5 - self.y
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        stretch = np.sqrt(self.aspect)
        along, across = (cos * x + sin * y) / stretch, (cos * y - sin * x) * stretch
        reach = self.radius * self._waver(np.arctan2(across, along))
        return np.asarray(1 - np.hypot(along, across) / reach, dtype=np.float32)

    def _waver(self, theta: NDArray[np.float64]) -> NDArray[np.float64]:
        sway = np.ones_like(theta)
        for frequency, amplitude, phase in self.waves:
            sway += amplitude * np.cos(frequency * theta + phase)
        return sway


def random_blob(
    rng: np.random.Generator,
    *,
    centre: tuple[float, float],
    radius: float,
    aspect: float,
    roughness: float,
) -> Blob:
    """Return a blob turned at random, whose radius wavers by about `roughness` (a share of it)."""
    frequencies = np.arange(2, 8)
    amplitudes = roughness * rng.standard_normal(6) / frequencies**0.7
    phases = rng.uniform(0, 2 * np.pi, 6)
    waves = np.column_stack([frequencies, np.clip(amplitudes, -0.3, 0.3), phases])
    return Blob(*centre, radius, aspect, rng.uniform(0, np.pi), waves)


def clearance(points: Points, rings: Sequence[Points]) -> NDArray[np.float64]:
    """Return how far points, shape (n, 2), are from the nearest corner of any ring.

    Inside a ring it is -1; without rings it is infinite.
    """
    gaps = np.full(len(points), np.inf)
    for ring in rings:
        gap = np.linalg.norm(points[:, None] - ring, axis=2).min(axis=1)
        gaps = np.minimum(gaps, np.where(_is_inside(points, ring), -1, gap))
    return gaps


def _is_inside(points: Points, ring: Points) -> NDArray[np.bool_]:
    start, end = ring, np.roll(ring, -1, axis=0)
    x, y = points[:, :1], points[:, 1:]
    spans = (start[:, 1] > y) != (end[:, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = start[:, 0] + (y - start[:, 1]) / (end[:, 1] - start[:, 1]) * (end[:, 0] - start[:, 0])
    return np.asarray((spans & (x < at)).sum(axis=1) % 2 == 1)
