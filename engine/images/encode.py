"""From pixels to a PNG, JPEG or WebP that tells nothing but them."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Return the pixels as a PNG file without EXIF, text, time or profile (method 13).

    The same pixels give the same bytes on one machine.

    Parameters
    ----------
    pixels
        uint8, shape (height, width, 3), sRGB.
    """
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    return buffer.getvalue()


LONGEST_JPEG = 65_500
"""Pixels on a side that the JPEG encoder takes."""


def encode_jpeg(pixels: NDArray[np.uint8], *, quality: int = 95) -> bytes:
    """Return the pixels as a JPEG file without EXIF, comment or profile (method 13).

    Colour keeps its full resolution (4:4:4): the edge of a lesion is an edge of colour.

    Parameters
    ----------
    pixels
        uint8, shape (height, width, 3), sRGB; no side above `LONGEST_JPEG`.
    quality
        1 to 100.
    """
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="JPEG", quality=quality, subsampling="4:4:4")
    return buffer.getvalue()


def encode_webp(pixels: NDArray[np.uint8], *, quality: int = 78) -> bytes:
    """Return the pixels as a lossy WebP file without EXIF, text, time or profile (method 13).

    A third of a PNG of a photograph, for pages that embed many.

    Parameters
    ----------
    pixels
        uint8, shape (height, width, 3), sRGB.
    quality
        0 to 100.
    """
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="WEBP", quality=quality, method=4)
    return buffer.getvalue()
