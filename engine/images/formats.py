"""Which files are pictures: by suffix in a folder, by their first bytes once opened."""

from typing import BinaryIO

IMAGE_SUFFIXES = frozenset({
    ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".tif", ".tiff", ".bmp", ".gif", ".webp",
    ".avif", ".jp2", ".j2k", ".jpx", ".jpf", ".ppm", ".pgm", ".pbm", ".pnm", ".heic", ".heif",
    ".hif", ".dcm", ".dicom",
})  # fmt: skip
"""Suffixes, in lower case, under which pictures are looked for in a folder."""

PILLOW_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP", "AVIF", "JPEG2000", "PPM")
"""What Pillow may open; none of its plug-ins that start other programs is among them."""

_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEAD = 256


def is_dicom(stream: BinaryIO) -> bool:
    """Return True where the file has DICOM's preamble; the stream is left at its start."""
    return _head(stream)[128:132] == b"DICM"


def is_heif(stream: BinaryIO) -> bool:
    """Return True where the file is HEIC or HEIF and not AVIF; the stream is left at its start."""
    head = _head(stream)
    if head[4:8] != b"ftyp":
        return False
    box = head[: int.from_bytes(head[:4])]
    brands = {box[at : at + 4] for at in (8, *range(16, len(box), 4))}
    return not brands.isdisjoint(_HEIF_BRANDS) and brands.isdisjoint(_AVIF_BRANDS)


def _head(stream: BinaryIO) -> bytes:
    stream.seek(0)
    head = stream.read(_HEAD)
    stream.seek(0)
    return head
