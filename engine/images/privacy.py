"""Privacy boxes burnt into pixels that will leave the study."""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from engine.domain.image import PrivacyBox

COVER = (96, 96, 96)
"""Grey: it reads as covered on dark and on light skin, and is no dark lesion."""


def burn_in(pixels: NDArray[np.uint8], boxes: Iterable[PrivacyBox]) -> NDArray[np.uint8]:
    """Return a copy of the pixels with every pixel that a box touches made grey (method 13).

    Parameters
    ----------
    pixels
        The upright image at full resolution, shape (height, width, 3), uint8.
    boxes
        In pixels of the upright image; parts outside it count for nothing.
    """
    covered = pixels.copy()
    for box in boxes:
        top, left = max(0, math.floor(box.top)), max(0, math.floor(box.left))
        covered[top : max(0, math.ceil(box.bottom)), left : max(0, math.ceil(box.right))] = COVER
    return covered
