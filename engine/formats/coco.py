"""COCO JSON: many images in one file; the parts of one annotation are united."""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from itertools import chain
from typing import Any

from engine.domain.problem import Problem, refuse
from engine.formats.answers import said_by
from engine.formats.document import mapping, sequence, size_of, text
from engine.formats.outlines import (
    AnnotatedImage,
    Area,
    Contents,
    Outline,
    Unusable,
    outline,
    union_area,
)
from engine.formats.rle import region_of_lengths

Annotation = Mapping[str, Any]
Size = tuple[int, int] | None

ANSWERS_KEY = "grading"
"""Key of the answers in an image's entry; other programs pass over it."""


def is_coco(document: object) -> bool:
    """Return True for a document with COCO's list of images."""
    keys = mapping(document)
    return isinstance(keys.get("images"), list) and ("annotations" in keys or "categories" in keys)


def read_coco(document: Mapping[str, Any], where: str) -> Contents:
    """Return every image of a COCO file with its outlines, in the file's order.

    Polygons and run lengths, crowd or not, are areas whatever their category. An image without
    annotations, or with labels and captions only, has nothing drawn. Boxes and key points
    outline nothing and are left out. A file made here holds the answers too.

    Raises
    ------
    Refusal
        The file holds key points and not one outline.
    """
    annotations = [*map(mapping, sequence(document.get("annotations")))]
    if _holds_only_keypoints(annotations):
        message = "the COCO file holds key points and no outlines"
        raise refuse("coco_keypoints", where, message, "Export it with segmentations")
    by_image: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        by_image[_id(annotation, "image_id")].append(annotation)
    images: dict[str, AnnotatedImage] = {}
    problems: list[Problem] = []
    for number, image in enumerate(map(mapping, sequence(document.get("images"))), start=1):
        key = _id(image, "id")
        if key and key not in images and text(image.get("file_name")):
            images[key], faults = _annotated(image, by_image[key], where)
            problems.extend(faults)
        else:
            problems.append(_nameless_image(f"{where}, image {number}"))
    stray = chain.from_iterable(by_image[key] for key in by_image.keys() - images.keys())
    problems.extend(_without_image(f"{where}, annotation {_id(entry, 'id')}") for entry in stray)
    return Contents(
        tuple(images.values()),
        author=_author(mapping(document.get("info"))),
        is_collection=True,
        problems=tuple(problems),
    )


def _annotated(
    image: Annotation, annotations: list[Annotation], where: str
) -> tuple[AnnotatedImage, tuple[Problem, ...]]:
    size = size_of(image.get("width"), image.get("height"))
    outlines = tuple(
        _outline(annotation, size, f"{where}, annotation {_id(annotation, 'id') or number}")
        for number, annotation in enumerate(annotations, start=1)
    )
    name, said = text(image.get("file_name")), mapping(image.get(ANSWERS_KEY))
    answers, faults = said_by(said, f"{where}, image {name}")
    return AnnotatedImage(name, size, outlines, {"": answers} if said else {}), faults


def _outline(annotation: Annotation, size: Size, where: str) -> Outline:
    author = _author(annotation)
    if not {"segmentation", "bbox", "keypoints"} & annotation.keys():
        return Outline(where, (), author)
    return outline(partial(_area, annotation, size), where=where, author=author)


def _area(annotation: Annotation, size: Size) -> Area:
    drawn = annotation.get("segmentation")
    crowd = ("a crowd was taken as one region",) if annotation.get("iscrowd") == 1 else ()
    if isinstance(drawn, dict):
        if size is None:
            raise Unusable("run lengths need the image's width and height; it was left out")
        return region_of_lengths(drawn, size), crowd
    if not sequence(drawn):
        raise Unusable("a box or key points alone outline no area; it was left out")
    region, notes = union_area([_pairs(part) for part in sequence(drawn)])
    return region, (*notes, *crowd)


def _pairs(part: object) -> list[tuple[Any, Any]]:
    numbers = sequence(part)
    if len(numbers) % 2:
        raise Unusable("a part has an odd number of coordinates; it was left out")
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _holds_only_keypoints(annotations: list[Annotation]) -> bool:
    has_keypoints = any("keypoints" in annotation for annotation in annotations)
    return has_keypoints and not any(entry.get("segmentation") for entry in annotations)


def _id(entry: Annotation, key: str) -> str:
    value = entry.get(key)
    return str(value) if isinstance(value, int | str) else ""


def _author(entry: Annotation) -> str:
    return text(entry.get("annotator")) or text(entry.get("author"))


def _nameless_image(where: str) -> Problem:
    message = "the image has no file name, or no id of its own; it was left out"
    return Problem("coco_image", where, message, "Export the file again")


def _without_image(where: str) -> Problem:
    message = "the annotation belongs to no image of the file; it was left out"
    return Problem("coco_annotation_image", where, message, "Export the file again")
