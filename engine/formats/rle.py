"""COCO's run lengths, plain or compressed: runs down the columns, background first."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.formats.document import sequence
from engine.formats.outlines import Unusable

MAX_PIXELS = 2**28


def mask_of(encoded: Mapping[str, Any], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Return run lengths as a mask of shape (height, width).

    Parameters
    ----------
    encoded
        ``size`` as [height, width] and ``counts`` as a list or a compressed text.
    size
        Width and height of the image, pixels.

    Raises
    ------
    Unusable
        The mask's size is not the image's, or the runs do not add up to it.

    References
    ----------
    The compressed text is that of ``rleToString`` in pycocotools' maskApi.c.
    """
    width, height = size
    if list(sequence(encoded.get("size"))) != [height, width]:
        raise Unusable(
            f"its run lengths are for {_named_size(encoded)}, the image is {width} x {height};"
            " it was left out"
        )
    counts = encoded.get("counts")
    runs = _decompressed(counts) if isinstance(counts, str) else list(sequence(counts))
    if not all(type(run) is int and run >= 0 for run in runs) or sum(runs) != width * height:
        raise Unusable("its run lengths do not add up to the image; it was left out")
    if width * height > MAX_PIXELS:
        raise Unusable(f"the mask has more than {MAX_PIXELS} pixels; it was left out")
    is_inside = np.arange(len(runs)) % 2 == 1
    return np.repeat(is_inside, runs).reshape(width, height).T


def _named_size(encoded: Mapping[str, Any]) -> str:
    return " x ".join(str(side) for side in reversed(sequence(encoded.get("size"))))


def _decompressed(text: str) -> list[int]:
    """Return the run lengths: five bits a character, from the third on as differences."""
    counts: list[int] = []
    value = shift = 0
    for character in text:
        code = ord(character) - 48
        if not 0 <= code < 64 or shift > 60:
            raise Unusable("its compressed run lengths are damaged; it was left out")
        value |= (code & 0x1F) << shift
        shift += 5
        if not code & 0x20:
            if code & 0x10:
                value -= 1 << shift
            counts.append(value + counts[-2] if len(counts) > 2 else value)
            value = shift = 0
    if shift:
        raise Unusable("its compressed run lengths are cut short; it was left out")
    return counts
