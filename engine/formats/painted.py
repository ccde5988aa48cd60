"""Masks painted in labelme: a small PNG in base64, and where it lies on the image."""

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image

from engine.domain.polygon import Ring
from engine.domain.problem import Refusal
from engine.formats.outlines import Area, NoArea, Unusable
from engine.formats.pixels import region_of_runs
from engine.images.source import check_size, decoding
from engine.regions.outline import shifted
from engine.regions.runs import Runs, joined, runs_of_mask

HERE = Path("mask")
BLOCK = 2**20


def painted_area(encoded: object, corners: Ring) -> Area:
    """Return the painted pixels as polygons along their edges.

    Parameters
    ----------
    encoded
        PNG in base64; whatever is not zero is painted.
    corners
        First and last pixel of the mask, x and y; moved masks may lie between pixels.

    Raises
    ------
    Unusable
        No such PNG, a size other than its corners say, or nothing painted.
    """
    if not isinstance(encoded, str) or len(corners) != 2:
        raise Unusable("a painted mask needs a picture and two corners; it was left out")
    first, last = corners.min(axis=0), corners.max(axis=0)
    width, height = (int(side) for side in np.rint(last - first) + 1)
    picture = _opened(encoded)
    if picture.size != (width, height):
        message = f"its mask has {picture.width} x {picture.height} pixels, its corners say"
        raise Unusable(f"{message} {width} x {height}; it was left out")
    try:
        with decoding(HERE):
            runs = _painted_runs(picture)
    except Refusal as refusal:
        raise _no_picture(refusal) from None
    if not runs.area:
        raise NoArea("nothing is painted in its mask; it was left out")
    return shifted(region_of_runs(runs), np.rint(first)), ()


def _painted_runs(picture: Image.Image) -> Runs:
    """Return what is not zero, looked at some rows at a time: masks can be as large as pictures."""
    rows = max(1, BLOCK // picture.width)
    parts = []
    for top in range(0, picture.height, rows):
        strip = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        painted = np.asarray(strip) != 0
        runs = runs_of_mask(painted if painted.ndim == 2 else painted.any(axis=2))
        parts.append(np.stack((runs.starts, runs.ends)) + top * picture.width)
    starts, ends = np.concatenate(parts, axis=1)
    return joined(starts, ends, width=picture.width, height=picture.height)


def _opened(encoded: str) -> Image.Image:
    """Return the picture of which only the header was read; its size is bearable."""
    try:
        content = io.BytesIO(base64.b64decode(encoded, validate=True))
        with decoding(HERE):
            picture = Image.open(content, formats=["PNG"])
            check_size(picture.width * len(picture.getbands()), picture.height, HERE)
    except ValueError:
        raise Unusable("its mask is no base64 text; it was left out") from None
    except Refusal as refusal:
        raise _no_picture(refusal) from None
    return picture


def _no_picture(refusal: Refusal) -> Unusable:
    return Unusable(f"its mask cannot be used: {refusal.problem.message}; it was left out")
