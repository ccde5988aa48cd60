"""Votes as pictures to lie over the photograph: what counts, how many marked, who alone did."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from desktop_app.canvas.grader_look import COUNTED, GraderLook

Pixels = NDArray[np.uint8]
"""Shape (height, width, 4): blue, green, red, opacity; the colours times the opacity."""

FILL = 0.35
HEAT = 0.65
ALONE = 0.3
ALONE_LINE = 0.85
HATCH = 6
"""Pixels from one line of a hatch to the next."""

SEQUENCE = ("#00224e", "#35456c", "#666970", "#948e77", "#c8b866", "#fee838")
"""From few to many votes: cividis, which reads alike with and without colour vision."""


def counted_picture(counted: NDArray[np.bool_]) -> Pixels:
    """Return the region that counts as a fill, shape (height, width, 4)."""
    table = np.array([[0, 0, 0, 0], _pixel(COUNTED, FILL)], dtype=np.uint8)
    return table[counted.astype(np.uint8)]


def heat_picture(patterns: NDArray[np.uint16], graders: int) -> Pixels:
    """Return how many graders marked each pixel as colours; nobody's are left clear.

    Parameters
    ----------
    patterns
        Bit g is set where grader g marked the pixel.
    graders
        How many vote.
    """
    clear = (0, 0, 0, 0)
    table = np.array([clear, *(_pixel(c, HEAT) for c in heat_colours(graders))], dtype=np.uint8)
    return table[np.minimum(np.bitwise_count(patterns), graders)]


def heat_colours(graders: int) -> list[str]:
    """Return the colour of 1, 2, ... votes, up to those of all graders."""
    at = (
        np.linspace(0, len(SEQUENCE) - 1, graders) if graders > 1 else np.array([len(SEQUENCE) - 1])
    )
    stops = np.array([_channels(colour) for colour in SEQUENCE], dtype=np.float64)
    mixed = [np.interp(at, np.arange(len(SEQUENCE)), stops[:, channel]) for channel in range(3)]
    return [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.rint(np.array(mixed).T).astype(int)]


def only_picture(patterns: NDArray[np.uint16], looks: Sequence[GraderLook]) -> Pixels:
    """Return what a single grader marked in that grader's colour and hatch; all else is clear.

    Parameters
    ----------
    looks
        Of the graders in the order of the bits.
    """
    height, width = patterns.shape
    y, x = np.ogrid[:height, :width]
    picture = np.zeros((height, width, 4), dtype=np.uint8)
    for bit, look in enumerate(looks[:16]):
        is_alone = patterns == np.uint16(1 << bit)
        if is_alone.any():
            step_x, step_y = look.hatch
            is_line = (step_x * x + step_y * y) % HATCH < HATCH // 3
            picture[is_alone] = _pixel(look.colour, ALONE)
            picture[is_alone & is_line] = _pixel(look.colour, ALONE_LINE)
    return picture


def _pixel(colour: str, opacity: float) -> tuple[int, int, int, int]:
    red, green, blue = (round(channel * opacity) for channel in _channels(colour))
    return blue, green, red, round(255 * opacity)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
