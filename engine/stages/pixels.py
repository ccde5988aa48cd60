"""The pixels of an image, if its file is still the one that was imported."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.domain.image import Image, PrivacyBox
from engine.domain.measure import Reason
from engine.domain.problem import Refusal
from engine.domain.rows import Failure
from engine.images.decode import decode
from engine.images.digest import digest_of
from engine.images.privacy import burn_in


def why_no_pixels(folder: Path, image: Image) -> Failure | None:
    """Return why the pixels of an image cannot be used, or None where its file is as imported."""
    if not image.has_pixels:
        return Failure(Reason.NO_PIXELS, "the image is known by name and size only")
    path = folder / image.path
    if not path.is_file():
        return Failure(Reason.PIXELS_MISSING, "the file is not where it was when imported")
    try:
        digest = digest_of(path)
    except Refusal as refusal:
        return failure_of(refusal, Reason.UNREADABLE_IMAGE)
    if digest != image.digest:
        return Failure(Reason.PIXELS_CHANGED, "the file is not the one that was imported")
    return None


def read_pixels(folder: Path, image: Image) -> NDArray[np.uint8] | Failure:
    """Return the upright pixels of an image, shape (height, width, 3), or why there are none."""
    failure = why_no_pixels(folder, image)
    if failure is not None:
        return failure
    try:
        return decode(folder / image.path)
    except Refusal as refusal:
        return failure_of(refusal, Reason.UNREADABLE_IMAGE)


def read_shown_pixels(
    folder: Path, image: Image, boxes: Iterable[PrivacyBox]
) -> NDArray[np.uint8] | Failure:
    """Return the pixels of an image as pictures may show them: with its privacy boxes burnt in."""
    pixels = read_pixels(folder, image)
    return pixels if isinstance(pixels, Failure) else burn_in(pixels, boxes)


def failure_of(refusal: Refusal, reason: Reason) -> Failure:
    """Return a refusal as a row's failure, without the place where the study lies."""
    return Failure(reason, f"{refusal.problem.message}. {refusal.problem.remedy}")
