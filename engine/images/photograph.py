"""Photographs: all that Pillow and pillow-heif read, upright and in sRGB."""

from pathlib import Path
from typing import BinaryIO

from PIL import Image

from engine.images import refusals
from engine.images.colour import to_srgb
from engine.images.formats import PILLOW_FORMATS, is_heif
from engine.images.jpeg_end import is_cut_short
from engine.images.orientation import Turn, turn_of, upright_size
from engine.images.source import check_size, decoding


def photograph_size(stream: BinaryIO, path: Path) -> tuple[int, int]:
    """Return the upright width and height in pixels, from the header alone."""
    picture, turn = _open(stream, path)
    return upright_size(picture.size, turn)


def photograph(stream: BinaryIO, path: Path) -> Image.Image:
    """Return the first frame (of HEIC the primary picture), upright, in mode RGB."""
    picture, turn = _open(stream, path)
    size = upright_size(picture.size, turn)
    with decoding(path):
        picture.load()
        if is_cut_short(picture, stream):
            raise refusals.damaged(path)
    upright = to_srgb(picture, path)
    if turn is not None:
        upright = upright.transpose(turn)
    if upright.size != size:  # the header lied, and what was probed is not what is there
        raise refusals.damaged(path)
    return upright


def _open(stream: BinaryIO, path: Path) -> tuple[Image.Image, Turn | None]:
    with decoding(path):
        picture = _heif(stream, path) if is_heif(stream) else _pillow(stream)
        check_size(*picture.size, path)
        return picture, turn_of(picture, stream)


def _pillow(stream: BinaryIO) -> Image.Image:
    return Image.open(stream, formats=PILLOW_FORMATS)


def _heif(stream: BinaryIO, path: Path) -> Image.Image:
    try:
        # its class by itself, so that Pillow's table of plug-ins stays as it is
        from pillow_heif import HeifImageFile  # noqa: PLC0415 - needed for these files only
    except ImportError as error:
        raise refusals.not_supported(
            path,
            "HEIC and HEIF need the package pillow-heif, which is not installed",
            "Install pillow-heif, or save the picture as PNG or JPEG",
        ) from error
    picture: Image.Image = HeifImageFile(stream)  # type: ignore[no-untyped-call]
    return picture
