"""V7 Darwin JSON, version 1 and 2: several paths of one region are even-odd."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from engine.domain.problem import refuse
from engine.formats.document import mapping, sequence, size_of, text
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


def is_darwin(document: object) -> bool:
    """Return True for a document of one Darwin item."""
    keys = mapping(document)
    has_item = isinstance(keys.get("image"), dict) or isinstance(keys.get("item"), dict)
    return has_item and isinstance(keys.get("annotations"), list)


def read_darwin(document: Mapping[str, Any], where: str) -> Contents:
    """Return the image of a Darwin file and its outlines.

    Polygons, ellipses and drawn boxes are taken; tags say nothing of where; all else is left out
    and told.

    Raises
    ------
    Refusal
        The item holds several images or a video.
    """
    name, size = _item(document, where)
    outlines = tuple(
        _outline(mapping(annotation), f"{where}, annotation {number}")
        for number, annotation in enumerate(sequence(document.get("annotations")), start=1)
    )
    return Contents((AnnotatedImage(name, size, outlines),))


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
        x, y, width, height = _numbers(box, "x", "y", "w", "h")
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
    x, y = _numbers(mapping(shape.get("center")), "x", "y")
    radius_x, radius_y = _numbers(mapping(shape.get("radius")), "x", "y")
    (angle,) = _numbers({"angle": 0.0, **shape}, "angle")
    return ellipse_area(centre=(x, y), radii=(radius_x, radius_y), angle=angle)


def _numbers(shape: Mapping[str, Any], *keys: str) -> list[float]:
    values = [shape.get(key) for key in keys]
    try:
        return [float(value) for value in values]  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise Unusable("its position is not given in numbers; it was left out") from None


def _author(annotation: Mapping[str, Any]) -> str:
    """Return the first annotator by full name, else by address."""
    people = [mapping(person) for person in sequence(annotation.get("annotators"))]
    names = (text(person.get("full_name")) or text(person.get("email")) for person in people)
    return next((name for name in names if name), "")
