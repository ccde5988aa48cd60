"""How lesions look and where they lie, for many pictures at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.power.fields import SIDE, Field, Indices, Numbers, column


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the lesions of one condition look by nature.

    Attributes
    ----------
    blood, melanin, flakes
        Mean redness, brownness and share covered by white scales.
    radius
        Mean radius, as a share of the picture's side.
    aspect
        Largest ratio of long to short axis.
    roughness
        How far the radius wavers around the outline, as a share of it.
    softness
        Width of the border, as a share of the radius.
    speckle
        How uneven the pigment is.
    several
        Probability of a second lesion.
    """

    blood: float
    melanin: float
    flakes: float
    radius: float
    aspect: float
    roughness: float
    softness: float
    speckle: float
    several: float


@dataclass(frozen=True, slots=True, eq=False)
class Lesions:
    """Two places for lesions in each of n pictures; arrays have shape (n, 2), lengths in pixels.

    Attributes
    ----------
    radius
        0 where there is no second lesion.
    waves
        Amplitude and phase of the waves around the outline, shape (n, 2, 3 waves, 2).
    """

    x: Numbers
    y: Numbers
    radius: Numbers
    stretch: Numbers
    angle: Numbers
    waves: Numbers

    def depth(self, *, shift: Numbers | float = 0.0, growth: Numbers | float = 1.0) -> Field:
        """Return how deep each pixel lies: 1 in a centre, 0 on an outline, below outside.

        Parameters
        ----------
        shift, growth
            How far the outlines are moved to the right and down, in radii, and enlarged.

        Returns
        -------
        Shape (n, SIDE, SIDE).
        """
        return np.maximum(*(self._depth(which, shift, growth) for which in range(2)))

    def _depth(self, which: int, shift: Numbers | float, growth: Numbers | float) -> Field:
        radius = np.maximum(self.radius[:, which], 1e-3)
        pixel = np.arange(SIDE, dtype=np.float32) + 0.5
        x = pixel - column(self.x[:, which] + shift * radius)
        y = pixel[:, None] - column(self.y[:, which] + shift * radius)
        cos, sin = column(np.cos(self.angle[:, which])), column(np.sin(self.angle[:, which]))
        stretch = column(self.stretch[:, which])
        along, across = (cos * x + sin * y) / stretch, (cos * y - sin * x) * stretch
        theta = np.arctan2(across, along)
        reach = np.ones_like(theta)
        for number in range(self.waves.shape[2]):
            amplitude, phase = self.waves[:, which, number].T
            reach += column(amplitude) * np.cos((number + 2) * theta + column(phase))
        return 1 - np.hypot(along, across) / (reach * column(radius * growth))


def place_lesions(rng: np.random.Generator, look: Indices, looks: Sequence[Appearance]) -> Lesions:
    """Return lesions as large and as rough as their looks are, wherever they fit."""
    shape = (len(look), 2)
    radius = SIDE * of_look(looks, "radius", look)[:, None] * rng.lognormal(0, 0.2, shape)
    radius[:, 1] *= 0.7 * (rng.random(shape[0]) < of_look(looks, "several", look))
    aspect = rng.uniform(1, of_look(looks, "aspect", look)[:, None], shape)
    amplitude = of_look(looks, "roughness", look)[:, None, None] * rng.normal(0, 1, (*shape, 3))
    phase = rng.uniform(0, 2 * np.pi, amplitude.shape)
    x, y = rng.uniform(0.28 * SIDE, 0.72 * SIDE, (2, *shape))
    return Lesions(
        x=x,
        y=y,
        radius=radius,
        stretch=np.sqrt(aspect),
        angle=rng.uniform(0, np.pi, shape),
        waves=np.stack([np.clip(amplitude, -0.25, 0.25), phase], axis=-1),
    )


def of_look(looks: Sequence[Appearance], name: str, look: Indices) -> Numbers:
    """Return one property of what each picture's lesion looks like, shape (n,)."""
    return np.array([getattr(each, name) for each in looks])[look]
