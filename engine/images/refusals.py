"""Why a file gives no picture, in words for the one who chose it."""

from pathlib import Path

from engine.domain.problem import Refusal, refuse

MAX_PIXELS = 128_000_000
"""Pixels of the largest picture that is read; a larger one is refused by its header."""


def missing(path: Path) -> Refusal:
    """Return the refusal of a file that is not there."""
    return refuse(
        "image_missing",
        str(path),
        "there is no such file",
        "Put the file back, or correct its path",
    )


def unreadable(path: Path, error: OSError) -> Refusal:
    """Return the refusal of a file that the operating system does not hand out."""
    return refuse(
        "image_unreadable",
        str(path),
        f"the file cannot be read ({error.strerror or type(error).__name__})",
        "Check that it is a file that you may read and that its drive is connected",
    )


def empty(path: Path) -> Refusal:
    """Return the refusal of a file without a single byte."""
    return refuse(
        "image_empty",
        str(path),
        "the file is empty (0 bytes)",
        "Copy it again from its source",
    )


def unknown(path: Path) -> Refusal:
    """Return the refusal of a file whose content is no picture."""
    return refuse(
        "image_unknown",
        str(path),
        "the file is not an image of a known format, or its beginning is damaged",
        "Copy it again from its source, or save the picture as PNG, JPEG or TIFF",
    )


def damaged(path: Path) -> Refusal:
    """Return the refusal of a picture whose pixels cannot all be had."""
    return refuse(
        "image_damaged",
        str(path),
        "the image is damaged or truncated, so its pixels cannot all be read",
        "Copy it again from its source",
    )


def too_large(path: Path) -> Refusal:
    """Return the refusal of a picture of more than `MAX_PIXELS`."""
    return refuse(
        "image_too_large",
        str(path),
        f"the image claims more than {MAX_PIXELS // 10**6} million pixels",
        "Crop or scale it down, and use the smaller file",
    )


def not_supported(path: Path, what: str, remedy: str) -> Refusal:
    """Return the refusal of a picture of a kind that cannot be read here."""
    return refuse("image_not_supported", str(path), f"format not supported: {what}", remedy)
