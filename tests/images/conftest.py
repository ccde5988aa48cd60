"""Pictures made for a test: a small scene without symmetry, and files of every kind."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

Save = Callable[..., Path]


@pytest.fixture
def scene() -> NDArray[np.uint8]:
    """A smooth picture of 40 rows and 56 columns that differs under every turn and flip."""
    y, x = np.mgrid[:40, :56]
    channels = [40 + 3 * x, 30 + 4 * y, 200 - 2 * x - y]
    return np.stack(channels, axis=-1).clip(0, 255).astype(np.uint8)


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write a Pillow picture or an array under a name; options go to Pillow's ``save``."""

    def write(picture: Image.Image | NDArray[np.uint8], name: str, **options: object) -> Path:
        if isinstance(picture, np.ndarray):
            picture = Image.fromarray(picture)
        path = tmp_path / name
        picture.save(path, **options)
        return path

    return write


@pytest.fixture
def exif_cut_short() -> bytes:
    """An EXIF block that says orientation 6 and then breaks off; Pillow warns of it."""
    orientation = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    return b"Exif\0\0" + b"MM\0*" + struct.pack(">IH", 8, 9) + orientation + b"\x01"
