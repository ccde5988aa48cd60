"""V7 Darwin JSON, read in version 1 and 2 and written in 2: paths of one region are even-odd."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from engine.domain.grading import Grading, Role
from engine.domain.image import Image
from engine.domain.polygon import Polygon
from engine.domain.problem import Problem, refuse
from engine.formats.answers import said_by, words_of
from engine.formats.boxes import numbers_of
from engine.formats.document import mapping, sequence, size_of, text
from engine.formats.exporting import GradedImage, regions_united, write_json
from engine.formats.file_names import FreeNames, stem_of
from engine.formats.outlines import (
    AnnotatedImage,
    Area,
    Contents,
    Outline,
    Unusable,
    box_area,
    ellipse_area,
    even_odd_area,
    outline,
)

OTHER_SHAPES = (
    "line", "keypoint", "skeleton", "cuboid", "graph", "mask", "raster_layer", "eye",
    "simple_table", "table", "link", "frames",
)  # fmt: skip

GRADING = "grading"
"""Name of the tag whose attributes, ``visible: yes``, are a grader's answers."""

SCHEMA = "https://darwin-public.s3.eu-west-1.amazonaws.com/darwin_json/2.0/schema.json"


def is_darwin(document: object) -> bool:
    """Return True for a document of one Darwin item."""
    keys = mapping(document)
    has_item = isinstance(keys.get("image"), dict) or isinstance(keys.get("item"), dict)
    return has_item and isinstance(keys.get("annotations"), list)


def read_darwin(document: Mapping[str, Any], where: str) -> Contents:
    """Return the image of a Darwin file and its outlines.

    Polygons, ellipses and drawn boxes are taken; tags say nothing of where; all else, such as
    the masks of a raster layer, is left out and told. A tag ``grading`` holds answers.

    Raises
    ------
    Refusal
        The item holds several images or a video.
    """
    name, size = _item(document, where)
    annotations = [mapping(annotation) for annotation in sequence(document.get("annotations"))]
    outlines = tuple(
        _outline(annotation, f"{where}, annotation {number}")
        for number, annotation in enumerate(annotations, start=1)
    )
    said = {_author(part): said_by(_words(part), where) for part in annotations if _is_said(part)}
    answers = {author: answers for author, (answers, _) in said.items()}
    return Contents(
        (AnnotatedImage(name, size, outlines, answers),),
        problems=tuple(chain.from_iterable(faults for _, faults in said.values())),
    )


def _item(document: Mapping[str, Any], where: str) -> tuple[str, tuple[int, int] | None]:
    image, item = mapping(document.get("image")), mapping(document.get("item"))
    slots = [mapping(slot) for slot in sequence(item.get("slots"))]
    if len(slots) > 1 or any(text(slot.get("type")) == "video" for slot in slots):
        message = "the Darwin item is a video or holds several images"
        raise refuse("darwin_item", where, message, "Export one file for each image")
    frame = slots[0] if slots else image
    name = text(item.get("name")) or text(image.get("filename"))
    folder = text(item.get("path")) or text(image.get("path"))
    return f"{folder}/{name}".strip("/"), size_of(frame.get("width"), frame.get("height"))


def _is_said(annotation: Mapping[str, Any]) -> bool:
    return "tag" in annotation and annotation.get("name") == GRADING


def _words(tag: Mapping[str, Any]) -> dict[str, object]:
    parts = (text(part).partition(": ") for part in sequence(tag.get("attributes")))
    return {name: word for name, _, word in parts} | {"note": mapping(tag.get("text")).get("text")}


def _outline(annotation: Mapping[str, Any], where: str) -> Outline:
    author = _author(annotation)
    if "tag" in annotation:
        return Outline(where, (), author)
    return outline(partial(_area, annotation), where=where, author=author)


def _area(annotation: Mapping[str, Any]) -> Area:
    if paths := _paths(annotation):
        return even_odd_area([_points(path) for path in paths])
    if "ellipse" in annotation:
        return _ellipse(mapping(annotation["ellipse"]))
    other = next((kind for kind in OTHER_SHAPES if kind in annotation), None)
    if other is None and "bounding_box" in annotation:
        box = mapping(annotation["bounding_box"])
        x, y, width, height = numbers_of(box, "x", "y", "w", "h")
        return box_area(x=x, y=y, width=width, height=height)
    raise Unusable(f"a shape of type '{other or 'unknown'}' outlines no area; it was left out")


def _paths(annotation: Mapping[str, Any]) -> list[Any]:
    """Return the paths of a polygon in any of the four layouts in use."""
    paths: list[Any] = []
    for kind in ("polygon", "complex_polygon"):
        shape = mapping(annotation.get(kind))
        path = sequence(shape.get("path"))
        paths += path if path and isinstance(path[0], list) else [path] if path else []
        paths += sequence(shape.get("paths"))
        paths += sequence(shape.get("additional_paths"))
    return paths


def _points(path: object) -> list[tuple[Any, Any]]:
    points = [mapping(point) for point in sequence(path)]
    return [(point.get("x"), point.get("y")) for point in points]


def _ellipse(shape: Mapping[str, Any]) -> Area:
    x, y = numbers_of(mapping(shape.get("center")), "x", "y")
    radius_x, radius_y = numbers_of(mapping(shape.get("radius")), "x", "y")
    (angle,) = numbers_of({"angle": 0.0, **shape}, "angle")
    return ellipse_area(centre=(x, y), radii=(radius_x, radius_y), angle=angle)


def _author(annotation: Mapping[str, Any]) -> str:
    """Return the first annotator by full name, else by address."""
    people = [mapping(person) for person in sequence(annotation.get("annotators"))]
    names = (text(person.get("full_name")) or text(person.get("email")) for person in people)
    return next((name for name in names if name), "")


def write_darwin(items: Iterable[GradedImage], folder: Path) -> Iterator[Problem]:
    """Write one file for each image with the regions of all its graders, holes and all.

    Each annotation names its grader as annotator, so that the graders come back apart; what a
    grader answered is a tag, which also tells who looked and outlined nothing. Readings in other
    roles than the usual one have files of their own, since one grader may have both.

    Parameters
    ----------
    items
        Images with their gradings, taken one at a time.
    folder
        An empty folder.

    Yields
    ------
    Problem
        A note for outlines that touch or overlap: the file holds each, an import unites them.
    """
    names = FreeNames()
    for item in items:
        stem = stem_of(item.image.path)
        for role in Role:
            if gradings := [grading for grading in item.gradings if grading.role is role]:
                name = stem if role is Role.ASSIGNED else f"{role}/{stem}"
                write_json(folder / names.take(name, ".json"), _document(item.image, gradings))
        for grading in item.gradings:
            yield from regions_united(grading)


def _document(image: Image, gradings: Sequence[Grading]) -> dict[str, Any]:
    path = PurePosixPath(image.path)
    slot = {
        "type": "image",
        "slot_name": "0",
        "width": image.width,
        "height": image.height,
        "source_files": [{"file_name": path.name, "url": None}],
    }
    annotations = [part for grading in gradings for part in _annotations(grading)]
    return {
        "version": "2.0",
        "schema_ref": SCHEMA,
        "item": {
            "name": path.name,
            "path": f"/{path.parent}" if path.parent.name else "/",
            "slots": [slot],
        },
        "annotations": annotations,
    }


def _annotations(grading: Grading) -> Iterator[dict[str, Any]]:
    email = grading.grader if "@" in grading.grader else ""
    who = {
        "slot_names": ["0"],
        "annotators": [{"full_name": grading.grader, "email": email}],
        "properties": [],
    }
    for polygon in grading.region:
        paths = [[{"x": x, "y": y} for x, y in ring.tolist()] for ring in polygon.rings]
        box = _bounding_box(polygon)
        yield {"name": "pathology", "polygon": {"paths": paths}, "bounding_box": box, **who}
    words = words_of(grading)
    note = {"text": {"text": words.pop("note")}} if "note" in words else {}
    attributes = [f"{name}: {word}" for name, word in words.items()]
    yield {"name": GRADING, "tag": {}, "attributes": attributes, **note, **who}


def _bounding_box(polygon: Polygon) -> dict[str, float]:
    x, y = polygon.exterior.min(axis=0).tolist()
    width, height = np.ptp(polygon.exterior, axis=0).tolist()
    return {"x": x, "y": y, "w": width, "h": height}
