"""A region as a line around it that shows on light and on dark skin."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.regions.runs import Runs

FINE = 3
"""The line is made this many times finer than the picture, then averaged: smooth edges."""

EDGE = 1.0
CORE = 1.7
"""Widths of each dark edge and of the white core, in pixels of the picture."""

EDGE_COLOUR = (20, 20, 20)
CORE_COLOUR = (255, 255, 255)

Mask = NDArray[np.bool_]
Share = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Contour:
    """How far a white line and the dark line under it cover each pixel of a picture.

    Both have shape (height, width), 0..1.
    """

    under: Share
    core: Share


def contour_of(region: Runs, *, width: int, height: int) -> Contour:
    """Return the line around a region on a picture of its image at this size.

    The line lies outside the region, so that it hides nothing of it, and the smallest region has
    one. Along the border of the image there is none.
    """
    inside = _at_size(region, width=width * FINE, height=height * FINE)
    inner = _grown(inside, round(EDGE * FINE))
    core = _grown(inner, round(CORE * FINE))
    outer = _grown(core, round(EDGE * FINE))
    return Contour(under=_share(outer & ~inside), core=_share(core & ~inner))


def draw_contour(picture: NDArray[np.uint8], contour: Contour) -> NDArray[np.uint8]:
    """Return the picture, shape (height, width, 3), with the line drawn on it."""
    return _blend(_blend(picture, contour.under, EDGE_COLOUR), contour.core, CORE_COLOUR)


def _at_size(region: Runs, *, width: int, height: int) -> Mask:
    """Return the pixels of a picture of this size that the region touches."""
    mask = Image.fromarray(region.to_mask().astype(np.uint8) * 255)
    return np.asarray(mask.resize((width, height), Image.Resampling.BOX)) > 0


def _grown(mask: Mask, steps: int) -> Mask:
    """Grow by so many pixels; steps to four and to eight neighbours in turn make an octagon."""
    grown = mask.copy()
    for step in range(steps):
        last = grown.copy()
        grown[1:] |= last[:-1]
        grown[:-1] |= last[1:]
        if step % 2:
            last = grown.copy()
        grown[:, 1:] |= last[:, :-1]
        grown[:, :-1] |= last[:, 1:]
    return grown


def _share(mask: Mask) -> Share:
    height, width = mask.shape
    blocks = mask.reshape(height // FINE, FINE, width // FINE, FINE)
    return np.asarray(blocks.mean(axis=(1, 3), dtype=np.float32))


def _blend(
    picture: NDArray[np.uint8], share: Share, colour: tuple[int, int, int]
) -> NDArray[np.uint8]:
    light = picture + share[..., None] * (np.array(colour, dtype=np.float32) - picture)
    return np.rint(light).astype(np.uint8)
