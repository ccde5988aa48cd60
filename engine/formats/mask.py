"""A raster mask: which of its pixels are pathology, as polygons exact to the pixel."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path, PurePath
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.domain.polygon import Ring
from engine.domain.problem import Problem, Severity, refuse
from engine.formats.answers import unlike_default
from engine.formats.exporting import GradedImage, lost, regions_counted
from engine.formats.file_names import ReaderFolders, reader_name
from engine.formats.outlines import AnnotatedImage, Contents, Outline
from engine.images.decode import decode
from engine.images.probe import probe
from engine.images.source import decoding
from engine.regions.outline import region_of_mask
from engine.regions.rasterise import rasterise

MAX_BETWEEN = 0.1
"""Share of pixels between a quarter and three quarters of the brightest that no mask has."""

DEEP_FORMATS = ("PNG", "TIFF", "PPM")


def read_mask(path: Path, where: str, mask_value: Literal["light", "dark"] | None) -> Contents:
    """Return a mask as one outline of the image that bears its name.

    Light is what exceeds half of the mask's brightest value, taken over the three channels; dark
    is the rest.

    Parameters
    ----------
    mask_value
        Which pixels are pathology; light where it is None.

    Raises
    ------
    Refusal
        The file cannot be decoded, or is a photograph rather than a mask.
    """
    values = _values(path)
    cut = values.max() / 2
    between = np.mean((values > cut / 2) & (values < 1.5 * cut))
    if between > MAX_BETWEEN:
        message = f"{between:.0%} of the pixels are neither light nor dark, so this is no mask"
        raise refuse("not_a_mask", where, message, "Import photographs without mask options")
    mask = values <= cut if mask_value == "dark" else values > cut
    outline = Outline(
        where, region_of_mask(mask), problems=_doubts(values, mask, where, mask_value)
    )
    height, width = mask.shape
    return Contents((AnnotatedImage(PurePath(path).name, (width, height), (outline,)),))


def write_masks(items: Iterable[GradedImage], folder: Path) -> Iterator[Problem]:
    """Write one PNG for each grading, 255 where it is pathology, in a folder for each grader.

    Each is named after the whole name of its image, ``a.jpg.png``, so that ``a.png`` has one of
    its own. The answers, where an outline runs within a pixel, and how many outlines there were,
    where touching ones become one, are lost and told.
    """
    names = ReaderFolders()
    for item in items:
        for grading in item.gradings:
            name = names.take(grading, item.image.path, ".png")
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            size = {"width": item.image.width, "height": item.image.height}
            mask = rasterise(grading.region, **size).to_mask()
            Image.fromarray(mask.astype(np.uint8) * 255).save(target, format="PNG")
            for answer, value in unlike_default(grading):
                yield lost(f"{answer}_lost", grading, f"{answer} {value[:40]!r} was not written")
            rings = chain.from_iterable(polygon.rings for polygon in grading.region)
            if not all(map(_is_along_pixels, rings)):
                message = "the outline was rounded to the pixels whose centres it holds"
                yield lost("outline_rounded", grading, message)
            if grading.region:
                yield from regions_counted(grading, len(region_of_mask(mask)))
            if name != f"{reader_name(grading)}/{item.image.path}.png":
                yield lost("name_changed", grading, f"the mask is called {name}")


def _is_along_pixels(corners: Ring) -> bool:
    """Return True where a mask holds a ring exactly: its sides run between pixels."""
    steps = np.roll(corners, -1, axis=0) - corners
    return bool((corners == np.rint(corners)).all() and (steps == 0).any(axis=1).all())


def _values(path: Path) -> NDArray[Any]:
    """Return one brightness a pixel, the same scale over the whole mask."""
    deep = _deep_values(path)
    brightness: NDArray[Any] = decode(path).max(axis=2) if deep is None else deep
    return brightness


def _deep_values(path: Path) -> NDArray[Any] | None:
    """Return a mask of more than eight bits as it is stored: scaled to eight, a label 1 is lost."""
    probe(path)
    with decoding(path):
        try:
            picture = Image.open(path, formats=DEEP_FORMATS)
        except UnidentifiedImageError:
            return None
        with picture:
            if not picture.mode.startswith(("I", "F")):
                return None
            values: NDArray[Any] = np.nan_to_num(np.asarray(ImageOps.exif_transpose(picture)))
            return values


def _doubts(
    values: NDArray[Any], mask: NDArray[np.bool_], where: str, mask_value: str | None
) -> tuple[Problem, ...]:
    """Return what makes the choice of pathology less than certain."""
    doubts: list[Problem] = []
    if (count := len(np.unique(values))) > 2:
        message = (
            f"the mask holds {count} different values; light is what exceeds {values.max() / 2:g}"
        )
        remedy = "Save it with two values if that is not what it means"
        doubts.append(Problem("mask_values", where, message, remedy, Severity.NOTE))
    if mask_value is None and mask.mean() > 0.5:
        message = f"{mask.mean():.0%} of the image is pathology"
        remedy = "Import with --mask-value dark if the pathology is dark, else with light"
        doubts.append(Problem("mask_polarity", where, message, remedy))
    return tuple(doubts)
