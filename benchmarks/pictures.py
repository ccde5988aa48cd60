"""Synthetic photographs: as large as cameras make them, and as hard to decode."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

BUILD = Path(__file__).resolve().parent.parent / "build" / "benchmarks"
"""Made once and kept: drawing 100 million pixels takes longer than all that is measured of them."""

SIZES = {12: (4032, 3024), 24: (6000, 4000), 100: (11648, 8736)}
"""Width and height of a phone's picture, a camera's, and a medium-format camera's, by Mpixel."""

SKIN = (214, 168, 142)
QUALITY = 90
GRAIN = 6.0
TURNED = 6
"""The EXIF orientation of a phone held upright."""

ORIENTATION_TAG = 0x0112


def photographs(megapixels: int, count: int, *, is_turned: bool = False) -> list[Path]:
    """Return so many different photographs of a size, made now where they are not there yet.

    Parameters
    ----------
    is_turned
        The pixels lie on their side, and EXIF says so, as in pictures of a phone held upright.
    """
    folder = BUILD / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    kind = "turned" if is_turned else "plain"
    files = [folder / f"{megapixels}-{kind}-{number:02}.jpg" for number in range(count)]
    for number, file in enumerate(files):
        if not file.exists():
            unfinished = file.with_suffix(".unfinished")
            save(draw(*SIZES[megapixels], seed=number), unfinished, is_turned=is_turned)
            unfinished.replace(file)
    return files


def draw(width: int, height: int, *, seed: int) -> NDArray[np.uint8]:
    """Return a picture with detail at every scale, as photographs have it: skin, blots, grain.

    The amplitude of a detail falls with its size, so that the JPEG is as long as a camera's.

    Returns
    -------
    ndarray
        uint8, shape (height, width, 3).
    """
    random = np.random.default_rng(seed)
    light = random.normal(0.0, GRAIN, (height, width)).astype(np.float32)
    step = max(width, height) // 3
    while step >= 4:
        light += _blots(random, width, height, step=step) * (2.0 + 24.0 * step / max(width, height))
        step //= 2
    red = _blots(random, width, height, step=max(width, height) // 6)
    pixels = np.empty((height, width, 3), np.uint8)
    for channel, (base, tint) in enumerate(zip(SKIN, (6.0, -14.0, -10.0), strict=True)):
        pixels[..., channel] = np.clip(light + base + tint * red, 0, 255)
    return pixels


def save(pixels: NDArray[np.uint8], file: Path, *, is_turned: bool = False) -> None:
    """Write a JPEG as a camera does: quality 90, colour at half resolution."""
    picture = Image.fromarray(pixels)
    exif = Image.Exif()
    if is_turned:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
        exif[ORIENTATION_TAG] = TURNED
    picture.save(file, format="JPEG", quality=QUALITY, subsampling="4:2:0", exif=exif)


def _blots(
    random: np.random.Generator, width: int, height: int, *, step: int
) -> NDArray[np.float32]:
    """Return smooth random values of about unit size that change over so many pixels."""
    shape = (height // step + 2, width // step + 2)
    coarse = Image.fromarray(random.normal(size=shape).astype(np.float32))
    return np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))
