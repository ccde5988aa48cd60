"""A photograph's file as an image of the study: path, digest and upright size."""

import os
from pathlib import Path

from engine.domain.image import Image
from engine.domain.problem import refuse
from engine.images.decode import decode
from engine.images.digest import digest_of
from engine.images.probe import probe


def read_photograph(path: Path, *, study_folder: Path, verify: bool = True) -> Image:
    """Return the image of a file; the file is only read.

    Parameters
    ----------
    study_folder
        The folder to which the image's path becomes relative.
    verify
        Decode all pixels, so that a truncated file is refused now and not in the middle of work.

    Raises
    ------
    Refusal
        The file is no picture that can be decoded, or lies on another drive than the study.
    """
    try:
        relative = Path(os.path.relpath(path, study_folder)).as_posix()
    except ValueError as error:  # Windows
        message = "the image lies on another drive than the study"
        raise refuse("image_other_drive", str(path), message, "Move them together") from error
    if verify:
        height, width, _ = decode(path).shape
    else:
        width, height = probe(path)
    return Image(relative, width, height, digest=digest_of(path))
