"""COCO's run lengths, plain or compressed: runs down the columns, background first."""

from collections.abc import Mapping
from typing import Any

from engine.domain.polygon import Polygon, Region, ring
from engine.formats.document import sequence
from engine.formats.outlines import Unusable
from engine.formats.pixels import region_of_runs, runs_of_lengths


def region_of_lengths(encoded: Mapping[str, Any], size: tuple[int, int]) -> Region:
    """Return run lengths as polygons exact to the pixel.

    Parameters
    ----------
    encoded
        ``size`` as [height, width] and ``counts`` as a list or a compressed text.
    size
        Width and height of the image, pixels.

    Raises
    ------
    Unusable
        The mask's size is not the image's, or the runs do not add up to it.

    References
    ----------
    The compressed text is that of ``rleToString`` in pycocotools' maskApi.c.
    """
    width, height = size
    if list(sequence(encoded.get("size"))) != [height, width]:
        raise Unusable(
            f"its run lengths are for {_named_size(encoded)}, the image is {width} x {height};"
            " it was left out"
        )
    counts = encoded.get("counts")
    lengths = _decompressed(counts) if isinstance(counts, str) else list(sequence(counts))
    if not all(type(length) is int for length in lengths):
        raise Unusable("its run lengths are no whole numbers; it was left out")
    lying = runs_of_lengths(lengths, width=height, height=width)
    return tuple(_turned(polygon) for polygon in region_of_runs(lying))


def _turned(polygon: Polygon) -> Polygon:
    """Swap x and y, since runs go down the columns."""
    exterior, *holes = (ring(part[:, ::-1]) for part in polygon.rings)
    return Polygon(exterior, tuple(holes))


def _named_size(encoded: Mapping[str, Any]) -> str:
    return " x ".join(str(side) for side in reversed(sequence(encoded.get("size"))))


def _decompressed(text: str) -> list[int]:
    """Return the run lengths: five bits a character, from the third on as differences."""
    counts: list[int] = []
    value = shift = 0
    for character in text:
        code = ord(character) - 48
        if not 0 <= code < 64 or shift > 60:
            raise Unusable("its compressed run lengths are damaged; it was left out")
        value |= (code & 0x1F) << shift
        shift += 5
        if not code & 0x20:
            if code & 0x10:
                value -= 1 << shift
            counts.append(value + counts[-2] if len(counts) > 2 else value)
            value = shift = 0
    if shift:
        raise Unusable("its compressed run lengths are cut short; it was left out")
    return counts
