"""A picture at full size and halved again and again, so that a window draws it fast at any zoom."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.images.decode import decode_picture

SMALLEST_SIDE = 256
"""Halving ends once neither side is longer."""

_ROWS = 64
"""Rows at a time: memory beside the levels stays small, and no thread waits long for this one."""


@dataclass(frozen=True, slots=True, eq=False)
class Pyramid:
    """The levels of one picture, in the memory layout of a 32-bit window on a small-endian machine.

    Attributes
    ----------
    levels
        uint8, shape (height, width, 4), C-contiguous and read-only; the bytes of a pixel are
        blue, green, red and 255. Level 0 is the picture itself. Each pixel of level k + 1 is the
        mean of the 2 x 2 pixels of level k below it, rounded half up, channel by channel; at an
        odd last column or row, the mean of the two pixels, or the one, that are there. So level k
        is 1 / 2**k of full size, rounded up, until neither side exceeds `SMALLEST_SIDE`.
    """

    levels: tuple[NDArray[np.uint8], ...]

    @property
    def width(self) -> int:
        """Width of the picture in pixels."""
        return int(self.levels[0].shape[1])

    @property
    def height(self) -> int:
        """Height of the picture in pixels."""
        return int(self.levels[0].shape[0])

    @property
    def nbytes(self) -> int:
        """Memory of all levels, in bytes."""
        return sum(level.nbytes for level in self.levels)


def load_pyramid(path: Path) -> Pyramid:
    """Return the pyramid of a picture's file.

    Raises
    ------
    Refusal
        As for `decode`.
    """
    return _levels_on(_whole(decode_picture(path)))


def pyramid_of(pixels: NDArray[np.uint8]) -> Pyramid:
    """Return the pyramid of pixels.

    Parameters
    ----------
    pixels
        uint8, shape (height, width, 3), sRGB.
    """
    height, width = pixels.shape[:2]
    return _levels_on(
        _filled(height, width, lambda top, bottom: Image.fromarray(pixels[top:bottom]))
    )


def _levels_on(whole: NDArray[np.uint8]) -> Pyramid:
    levels = [whole]
    while max(levels[-1].shape[:2]) > SMALLEST_SIDE:
        levels.append(_halved(levels[-1]))
    for level in levels:
        level.setflags(write=False)
    return Pyramid(tuple(levels))


def _whole(picture: Image.Image) -> NDArray[np.uint8]:
    width, height = picture.size
    return _filled(height, width, lambda top, bottom: picture.crop((0, top, width, bottom)))


def _filled(height: int, width: int, rows: Callable[[int, int], Image.Image]) -> NDArray[np.uint8]:
    """Return level 0 from pictures of mode RGB, a few rows each."""
    level = np.empty((height, width, 4), dtype=np.uint8)
    for top in range(0, height, _ROWS):
        strip = level[top : top + _ROWS]
        packed = rows(top, top + len(strip)).tobytes("raw", "BGRX")
        strip[:] = np.frombuffer(packed, dtype=np.uint8).reshape(strip.shape)
        strip[..., 3] = 255
    return level


def _halved(level: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the next level; Pillow's `reduce` is the mean of those pixels that are there."""
    height, width = level.shape[:2]
    half = np.empty((-(-height // 2), -(-width // 2), 4), dtype=np.uint8)
    for top in range(0, height, _ROWS):
        rows = level[top : top + _ROWS]
        strip = Image.frombuffer("RGBX", (width, len(rows)), rows, "raw", "RGBX", 0, 1)
        half[top // 2 : (top + _ROWS) // 2] = np.asarray(strip.reduce(2))
    return half
