"""Saliency maps made elsewhere: .npy, .npz or gray PNG -> a normalised map over the whole image."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from engine.domain.problem import Refusal, refuse
from engine.domain.saliency_map import Geometry, MapFacts, SaliencyMap
from engine.saliency.normalise import normalised

KEY = "map"

MAX_CHANNELS = 4

GRAY_MODES = {"L": 255, "I;16": 65535, "I;16B": 65535, "I;16L": 65535}
"""Pillow's modes of 8 and 16 bit gray, and their white."""

MAP_SUFFIXES = frozenset({".npy", ".npz", ".png"})


def read_map(path: Path, *, width: int, height: int) -> SaliencyMap:
    """Read a map that covers the whole upright image, at any resolution.

    - ``.npy``, or ``.npz`` with a single array or one named ``map``: numbers of any sign, shape
      (h, w), (h, w, c) or (c, h, w) with at most four channels, which are summed with their
      signs.
    - ``.png``: gray, 8 or 16 bit, black 0 and white 1. A PNG has no negative numbers; a signed
      map is given as ``.npy``.

    Then it is divided by its largest |a| like a computed one (method 7).

    Parameters
    ----------
    width, height
        Size of the upright image, pixels.

    Raises
    ------
    Refusal
        ``map_file``: missing, damaged, or of no such kind; ``map_shape``: not a map;
        ``map_aspect``: of other proportions than the image; ``not_finite``: it holds NaN or
        infinity.
    """
    attributions = _summed(path, _read(path))
    if not np.isfinite(attributions).all():
        raise refuse(
            "not_finite", str(path), "the map holds NaN or infinite numbers",
            "Replace them, for instance by 0, and import it again",
        )  # fmt: skip
    rows, columns = attributions.shape
    _require_aspect(path, (columns, rows), (width, height))
    values, peak = normalised(attributions)
    geometry = Geometry(
        image_width=width,
        image_height=height,
        model_width=columns,
        model_height=rows,
        scale_x=columns / width,
        scale_y=rows / height,
    )
    return SaliencyMap(values, geometry, MapFacts("imported", peak=peak, is_zero=peak == 0))


def _read(path: Path) -> NDArray[Any]:
    reader = {".npy": _read_array, ".npz": _read_array, ".png": _read_png}.get(path.suffix.lower())
    if reader is None:
        raise _unreadable(path, f"{path.suffix or 'a file without suffix'} is no format of maps")
    try:
        return reader(path)
    except Refusal:
        raise
    except Exception as error:
        # numpy, zipfile, zlib and Pillow each raise errors of their own kinds.
        raise _unreadable(path, f"it cannot be read ({error})") from error


def _read_array(path: Path) -> NDArray[Any]:
    with path.open("rb") as file:
        loaded = np.load(file, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return loaded
        names = loaded.files
        if KEY not in names and len(names) != 1:
            raise _unreadable(path, f"it holds {len(names)} arrays and none is named {KEY}")
        array: NDArray[Any] = loaded[KEY if KEY in names else names[0]]
        return array


def _read_png(path: Path) -> NDArray[Any]:
    with PillowImage.open(path, formats=["PNG"]) as picture:
        white = GRAY_MODES.get(picture.mode)
        if white is None:
            raise _unreadable(path, f"its pixels are {picture.mode}, not 8 or 16 bit gray")
        return np.asarray(picture).astype(np.float64) / white


def _summed(path: Path, array: NDArray[Any]) -> NDArray[np.float64]:
    """Return the map as (h, w), its channels summed."""
    if array.dtype.kind not in "buif":
        raise _not_a_map(path, f"its values are of type {array.dtype}")
    if 0 in array.shape or array.ndim not in {2, 3}:
        raise _not_a_map(path, f"its shape is {array.shape}")
    exact = array.astype(np.float64)
    if exact.ndim == 2:
        return exact
    axis = 2 if array.shape[2] <= MAX_CHANNELS else 0
    if array.shape[axis] > MAX_CHANNELS:
        raise _not_a_map(path, f"its shape is {array.shape}")
    summed: NDArray[np.float64] = exact.sum(axis=axis)
    return summed


def _require_aspect(path: Path, size: tuple[int, int], image: tuple[int, int]) -> None:
    """Refuse proportions that no rounding of one side to whole pixels explains."""
    (columns, rows), (width, height) = size, image
    by_width, by_height = columns / width, rows / height
    fits = abs(height * by_width - rows) < 1 or abs(width * by_height - columns) < 1
    if not fits:
        raise refuse(
            "map_aspect",
            str(path),
            f"the map is {columns} x {rows}, the upright image {width} x {height}:"
            " the proportions differ",
            "Export the map over the whole upright image, without cropping or padding",
        )


def _unreadable(path: Path, message: str) -> Refusal:
    return refuse("map_file", str(path), message, "Give the map as .npy, .npz or gray .png")


def _not_a_map(path: Path, message: str) -> Refusal:
    return refuse(
        "map_shape", str(path), message, "Give one number for each pixel, or up to four channels"
    )
