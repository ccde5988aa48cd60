"""How stored pixels are turned to stand upright, read from EXIF."""

from typing import BinaryIO

from PIL import ExifTags, Image

Turn = Image.Transpose

_TURNS: dict[object, Turn] = {
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_270,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_90,
}
_SWAP_SIDES = frozenset({Turn.TRANSPOSE, Turn.ROTATE_270, Turn.TRANSVERSE, Turn.ROTATE_90})
_XMP = ("xmp", "XML:com.adobe.xmp")
_TURNED_BY_DECODER = frozenset({"TIFF", "HEIF"})


def turn_of(picture: Image.Image, stream: BinaryIO) -> Turn | None:
    """Return the turn that puts a just opened picture upright, or None where it stands so.

    Only the header is read. An EXIF block that cannot be read costs the turn, not the picture.
    An orientation in XMP is put aside: Pillow would follow it, viewers do not.
    """
    for key in _XMP:
        picture.info.pop(key, None)
    if picture.format in _TURNED_BY_DECODER:
        return None
    if picture.format == "PNG" and "exif" not in picture.info:
        late = _exif_behind_pixels(stream)
        if late is not None:
            picture.info["exif"] = late
    try:
        # the PNG plug-in's own getexif decodes all pixels first
        return _TURNS.get(Image.Image.getexif(picture).get(ExifTags.Base.Orientation))
    except Exception:  # damaged EXIF raises anything
        return None


def upright_size(size: tuple[int, int], turn: Turn | None) -> tuple[int, int]:
    """Return width and height after the turn, from the stored ones."""
    width, height = size
    return (height, width) if turn in _SWAP_SIDES else (width, height)


def _exif_behind_pixels(stream: BinaryIO) -> bytes | None:
    """Find a PNG's EXIF chunk behind its pixels, from chunk to chunk without reading them."""
    position = stream.tell()
    try:
        stream.seek(8)
        while len(head := stream.read(8)) == 8:
            length, kind = int.from_bytes(head[:4]), head[4:]
            if kind == b"eXIf":
                return stream.read(length)
            if kind == b"IEND":
                return None
            stream.seek(length + 4, 1)
        return None
    finally:
        stream.seek(position)
