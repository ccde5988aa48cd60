"""From a file to the picture that everyone sees: upright, sRGB, eight bits."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.images import refusals
from engine.images.dicom import dicom_picture
from engine.images.formats import is_dicom
from engine.images.photograph import photograph
from engine.images.source import open_source


def decode(path: Path) -> NDArray[np.uint8]:
    """Return the pixels of a picture, in the one frame of method 1.

    EXIF orientation is applied, embedded ICC profiles are converted to sRGB, alpha is composited
    on black, gray becomes three equal channels, sixteen bits are scaled to eight, and the first
    frame of several is taken. The format is found by the content, not by the suffix. The file is
    opened for reading only; any number of threads may decode at once.

    Returns
    -------
    ndarray
        uint8, shape (height, width, 3), C-contiguous and read-only.

    Raises
    ------
    Refusal
        The file is missing, empty, no picture, damaged or truncated, of more than `MAX_PIXELS`
        pixels (found by the header, before they are allocated), or of a format not supported.
    """
    return _pixels(decode_picture(path))


def decode_picture(path: Path) -> Image.Image:
    """Return what `decode` does as a Pillow picture of mode RGB, without a copy of its pixels.

    Raises
    ------
    Refusal
        As for `decode`.
    """
    with open_source(path) as stream:
        read = dicom_picture if is_dicom(stream) else photograph
        return read(stream, path)


def decode_bytes(content: bytes, name: str) -> NDArray[np.uint8]:
    """Return what `decode` does of a photograph that lies in memory, such as one of a packet.

    Parameters
    ----------
    content
        A whole file of a photograph's format; DICOM is for files alone.
    name
        What a refusal calls it.

    Raises
    ------
    Refusal
        As for `decode`.
    """
    path = Path(name)
    if not content:
        raise refusals.empty(path)
    return _pixels(photograph(io.BytesIO(content), path))


def _pixels(picture: Image.Image) -> NDArray[np.uint8]:
    pixels = np.asarray(picture)
    pixels.setflags(write=False)
    return pixels
