"""labelme JSON: one image with polygons, boxes and circles that are all one grader's."""

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from engine.formats.document import mapping, sequence, size_of, text
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


def is_labelme(document: object) -> bool:
    """Return True for a document with labelme's own keys."""
    keys = mapping(document)
    return isinstance(keys.get("shapes"), list) and ("imagePath" in keys or "version" in keys)


def read_labelme(document: Mapping[str, Any], where: str) -> Contents:
    """Return the image of a labelme file and its outlines.

    Polygons are taken as they are, a rectangle as its four corners, a circle as a polygon.
    Points, lines and painted masks are left out and told.
    """
    outlines = tuple(
        outline(partial(_area, mapping(shape)), where=f"{where}, shape {number}")
        for number, shape in enumerate(sequence(document.get("shapes")), start=1)
    )
    size = size_of(document.get("imageWidth"), document.get("imageHeight"))
    return Contents((AnnotatedImage(text(document.get("imagePath")), size, outlines),))


def _area(shape: Mapping[str, Any]) -> Area:
    kind = text(shape.get("shape_type")) or "polygon"
    if kind not in _READERS:
        raise Unusable(f"a shape of type '{kind}' outlines no area; it was left out")
    return _READERS[kind](shape.get("points"))


def _rectangle(points: object) -> Area:
    corners = ring_of(points)
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
