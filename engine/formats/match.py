"""The image of the study that a file of annotations speaks of, if its size fits."""

from engine.domain.image import Image
from engine.domain.problem import Problem, Severity
from engine.formats.names import ImageNames, ambiguous, proper_name
from engine.formats.outlines import AnnotatedImage
from engine.formats.sources import AnnotationFile


def match_image(
    annotated: AnnotatedImage, name: str, *, source: AnnotationFile, names: ImageNames
) -> Image | Problem:
    """Return the image that a file speaks of, or why there is none.

    Parameters
    ----------
    name
        What the file, or the name pattern, calls the image.

    Returns
    -------
    Image or Problem
        An image that `names` does not hold is one by name and size only, of a file that states
        the size. A mask never makes one: only its file's name speaks for it.
    """
    candidates = names.find(name, beside=source.path.parent)
    if len(candidates) > 1:
        return ambiguous(source.label, name, candidates)
    if candidates:
        (image,) = candidates
        fits = annotated.size in (None, image.size)
        return image if fits else _other_size(source, annotated, image)
    if annotated.size and source.kind != "mask" and (path := proper_name(name)):
        return Image(path, *annotated.size)
    return _unknown_image(source, name)


def added_by_name(where: str, image: Image) -> Problem:
    """Return the note that a file made an image, so that a misspelt name is seen."""
    message = f"no image is called '{image.path}'; it was added by name and size, without pixels"
    remedy = "If the study has it under another name, give --name-pattern"
    return Problem("image_added", where, message, remedy, Severity.NOTE)


def _unknown_image(source: AnnotationFile, name: str) -> Problem:
    message = f"no image of the study is called '{name}'"
    if source.kind == "mask":
        remedy = "Import the photograph first, or give --name-pattern"
    else:
        remedy = "Import the photograph first; the file does not state the image's size"
    return Problem("image_unknown", source.label, message, remedy)


def _other_size(source: AnnotationFile, annotated: AnnotatedImage, image: Image) -> Problem:
    width, height = annotated.size or (0, 0)
    what = "the mask is" if source.kind == "mask" else "the annotations are for"
    size = f"{image.width} x {image.height}"
    message = f"{what} {width} x {height} pixels, the image {image.path} has {size}"
    if (height, width) == image.size:
        message += " (it seems to be turned)"
    code = "mask_size" if source.kind == "mask" else "image_size"
    return Problem(code, source.label, message, "Make it again on the upright full-size image")
