"""The upright size of a picture, without its pixels."""

from pathlib import Path

from engine.images.dicom import dicom_size
from engine.images.formats import is_dicom
from engine.images.photograph import photograph_size
from engine.images.source import open_source


def probe(path: Path) -> tuple[int, int]:
    """Return width and height in pixels of the upright picture, from the file's header.

    They are those of what `decode` returns, wherever it returns; that the pixels are whole is
    not known from a header.

    Raises
    ------
    Refusal
        As for `decode`, as far as the header shows it.
    """
    with open_source(path) as stream:
        size_of = dicom_size if is_dicom(stream) else photograph_size
        return size_of(stream, path)
