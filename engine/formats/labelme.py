"""labelme JSON: one image with polygons, masks, boxes and circles that are all one grader's."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.problem import Problem
from engine.formats.answers import answers_json, said_by
from engine.formats.document import mapping, sequence, size_of, text
from engine.formats.exporting import GradedImage, holes_cut, regions_united, write_json
from engine.formats.file_names import ReaderFolders, stem_of
from engine.formats.holes import without_holes
from engine.formats.outlines import (
    AnnotatedImage,
    Area,
    Contents,
    Unusable,
    box_area,
    ellipse_area,
    outline,
    polygon_area,
    ring_of,
)
from engine.formats.painted import painted_area

ANSWERS_KEY = "grading"
"""Key of the answers, which labelme keeps and does not show."""


def is_labelme(document: object) -> bool:
    """Return True for a document with labelme's own keys."""
    keys = mapping(document)
    return isinstance(keys.get("shapes"), list) and ("imagePath" in keys or "version" in keys)


def read_labelme(document: Mapping[str, Any], where: str) -> Contents:
    """Return the image of a labelme file, its outlines, and the answers of a file made here.

    Polygons and painted masks are taken as they are, a rectangle as its four corners, a circle
    as a polygon; shapes of one group are parts like all others. Points and lines are left out
    and told.
    """
    outlines = tuple(
        outline(partial(_area, mapping(shape)), where=f"{where}, shape {number}")
        for number, shape in enumerate(sequence(document.get("shapes")), start=1)
    )
    size = size_of(document.get("imageWidth"), document.get("imageHeight"))
    said = mapping(document.get(ANSWERS_KEY))
    answers, problems = said_by(said, where)
    annotated = AnnotatedImage(
        text(document.get("imagePath")), size, outlines, {"": answers} if said else {}
    )
    return Contents((annotated,), author=text(said.get("grader")), problems=problems)


def write_labelme(items: Iterable[GradedImage], folder: Path) -> Iterator[Problem]:
    """Write one file for each grading, in a folder for each grader.

    The answers stand under a key of their own. labelme has no holes: a polygon with holes is
    written in parts of one group that leave the holes free, and told.
    """
    names = ReaderFolders()
    for item in items:
        for grading in item.gradings:
            name = names.take(grading, stem_of(item.image.path), ".json")
            write_json(folder / name, _document(item.image, grading))
            yield from holes_cut(grading)
            yield from regions_united(grading)


def _document(image: Image, grading: Grading) -> dict[str, Any]:
    return {
        "version": "5.5.0",
        "flags": {},
        "shapes": [*_shapes(grading)],
        "imagePath": image.path,
        "imageData": None,
        "imageHeight": image.height,
        "imageWidth": image.width,
        ANSWERS_KEY: answers_json(grading),
    }


def _shapes(grading: Grading) -> Iterator[dict[str, Any]]:
    for group, polygon in enumerate(grading.region, start=1):
        for part in without_holes(polygon):
            yield {
                "label": "pathology",
                "points": part.exterior.tolist(),
                "group_id": group if polygon.holes else None,
                "description": "",
                "shape_type": "polygon",
                "flags": {},
                "mask": None,
            }


def _area(shape: Mapping[str, Any]) -> Area:
    kind = text(shape.get("shape_type")) or "polygon"
    if kind == "mask":
        return painted_area(shape.get("mask"), ring_of(shape.get("points")))
    if kind not in _READERS:
        raise Unusable(f"a shape of type '{kind}' outlines no area; it was left out")
    return _READERS[kind](shape.get("points"))


def _rectangle(points: object) -> Area:
    corners = ring_of(points)
    if len(corners) == 4:  # as labelme had them for a while
        return polygon_area(corners)
    if len(corners) != 2:
        raise Unusable("a rectangle needs two corners; it was left out")
    (x, y), (far_x, far_y) = corners.tolist()
    return box_area(x=x, y=y, width=far_x - x, height=far_y - y)


def _circle(points: object) -> Area:
    ends = ring_of(points)
    if len(ends) != 2:
        raise Unusable("a circle needs its centre and one point on it; it was left out")
    centre, edge = ends.tolist()
    radius = math.dist(centre, edge)
    return ellipse_area(centre=(centre[0], centre[1]), radii=(radius, radius))


_READERS: Mapping[str, Callable[[object], Area]] = {
    "polygon": polygon_area,
    "oriented_rectangle": polygon_area,
    "rectangle": _rectangle,
    "circle": _circle,
}
