"""JPEG files that end too early, yet with an end marker, so that the decoder fills in grey."""

import io
import re
from typing import BinaryIO

import numpy as np
from PIL import Image

_START_OF_SCAN = b"\xff\xda"
_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_END_OF_IMAGE = b"\xff\xd9"
_PADDING = bytes(16)
_MID_GREY = (127, 128)  # 127 where CMYK is stored inverted


def is_cut_short(picture: Image.Image, stream: BinaryIO) -> bool:
    """Return True where the last pixels of a loaded JPEG are filling and not data.

    The decoder fills what is missing with mid-grey. A picture whose last pixel is so is decoded
    again without its end marker: then only missing data makes the decoder ask for more.
    Progressive files, which need their end marker, are taken as they are.
    """
    if picture.format not in ("JPEG", "MPO") or not _ends_in_grey(picture):
        return False
    stream.seek(0)
    scan = _through_only_scan(stream.read())
    if scan is None:
        return False
    try:
        Image.open(io.BytesIO(scan + _PADDING), formats=("JPEG",)).load()
    except OSError:
        return True
    return False


def _ends_in_grey(picture: Image.Image) -> bool:
    width, height = picture.size
    last = np.asarray(picture.crop((width - 1, height - 1, width, height)))
    return bool(np.isin(last, _MID_GREY).all())


def _through_only_scan(data: bytes) -> bytes | None:
    """Return the file up to its end marker, or None where it has more than one scan."""
    at = 2
    while data[at : at + 2] not in (_START_OF_SCAN, b""):
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    marker = _MARKER_IN_SCAN.search(data, at + 2)
    if marker is None or marker.group() != _END_OF_IMAGE:
        return None
    return data[: marker.start()]
