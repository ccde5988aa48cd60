"""QuPath GeoJSON: one image's annotations in pixels, holes and all; a bare list in older files."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.polygon import Polygon, Ring
from engine.domain.problem import Problem
from engine.formats.answers import answers_json, said_by
from engine.formats.document import mapping, sequence, size_of, text
from engine.formats.exporting import GradedImage, regions_united, write_json
from engine.formats.file_names import ReaderFolders, stem_of
from engine.formats.outlines import (
    AnnotatedImage,
    Area,
    Contents,
    Outline,
    Unusable,
    even_odd_area,
    outline,
    polygon_area,
    united,
)

Entry = Mapping[str, Any]

ANNOTATION = "annotation"
OLD_ID = re.compile("Path([A-Za-z]+)Object")

GRADING = "grading"
"""Key beside the features, which QuPath passes over: image, size, grader and answers."""

GRADER = "grader"
"""Key of the grader, there and in the metadata that QuPath keeps with an annotation."""


def is_qupath(document: object) -> bool:
    """Return True for GeoJSON features: a collection, one alone, or a list of them."""
    return any(feature.get("type") == "Feature" for feature in _features(document)) or (
        mapping(document).get("type") == "FeatureCollection"
    )


def read_qupath(document: object, where: str) -> Contents:
    """Return the image of a GeoJSON file and its outlines.

    Polygons of annotations are areas whatever their class; points and lines outline nothing, and
    detections, cells and tiles are the program's own: all these are left out and told. QuPath
    names neither image nor grader, so that the file's name and folder do, unless it was made
    here.
    """
    said = mapping(mapping(document).get(GRADING))
    outlines = tuple(
        _outline(feature, f"{where}, feature {number}")
        for number, feature in enumerate(_features(document), start=1)
    )
    answers, problems = said_by(said, where)
    annotated = AnnotatedImage(
        text(said.get("image")),
        size_of(said.get("width"), said.get("height")),
        outlines,
        {text(said.get(GRADER)): answers} if said else {},
    )
    return Contents((annotated,), author=text(said.get(GRADER)), problems=problems)


def _features(document: object) -> list[Entry]:
    one = mapping(document)
    several = sequence(one.get("features")) or sequence(document)
    return [*map(mapping, several)] or [one] * (one.get("type") == "Feature")


def _outline(feature: Entry, where: str) -> Outline:
    properties = mapping(feature.get("properties"))
    author = text(mapping(properties.get("metadata")).get(GRADER))
    return outline(partial(_area, feature, properties), where=where, author=author)


def _kind(feature: Entry, properties: Entry) -> str:
    """Return what sort of object a feature is; old files have that as its id."""
    named = text(properties.get("objectType")) or text(properties.get("object_type"))
    old = OLD_ID.fullmatch(text(feature.get("id")))
    return (named or (old[1] if old else ANNOTATION)).lower()


def _area(feature: Entry, properties: Entry) -> Area:
    if (kind := _kind(feature, properties)) != ANNOTATION:
        raise Unusable(f"a '{kind}' of QuPath is no annotation; it was left out")
    geometry = mapping(feature.get("geometry"))
    shape, coordinates = geometry.get("type"), sequence(geometry.get("coordinates"))
    if shape == "Polygon":
        return _polygon(coordinates)
    if shape == "MultiPolygon" and coordinates:
        areas = [_polygon(sequence(part)) for part in coordinates]
        region = united([area for area, _ in areas])
        return region, tuple(chain.from_iterable(notes for _, notes in areas))
    raise Unusable(
        f"a shape of type '{text(shape) or 'unknown'}' outlines no area; it was left out"
    )


def _polygon(rings: Iterable[object]) -> Area:
    """Return what lies inside the first ring and outside the others."""
    flat = [[sequence(point)[:2] for point in sequence(ring)] for ring in rings]
    area = polygon_area(flat[0] if flat else [])  # a hole in nothing is no area
    return even_odd_area(flat) if len(flat) > 1 else area


def write_qupath(items: Iterable[GradedImage], folder: Path) -> Iterator[Problem]:
    """Write one file for each grading, in a folder for each grader, holes and all.

    Image, size, grader and answers stand beside the features, where QuPath passes over them; the
    grader is metadata of each feature too, which QuPath keeps.

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
    names = ReaderFolders()
    for item in items:
        for grading in item.gradings:
            name = names.take(grading, stem_of(item.image.path), ".geojson")
            write_json(folder / name, _document(item.image, grading))
            yield from regions_united(grading)


def _document(image: Image, grading: Grading) -> dict[str, Any]:
    size = {"width": image.width, "height": image.height}
    return {
        "type": "FeatureCollection",
        "features": [_feature(polygon, grading.grader) for polygon in grading.region],
        GRADING: {"image": image.path, **size, **answers_json(grading)},
    }


def _feature(polygon: Polygon, grader: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [*map(_closed, polygon.rings)]},
        "properties": {
            "objectType": ANNOTATION,
            "classification": {"name": "pathology", "color": [200, 0, 0]},
            "metadata": {GRADER: grader},
        },
    }


def _closed(ring: Ring) -> list[list[float]]:
    """Return a ring as GeoJSON has it: the first point comes again at the end."""
    closed: list[list[float]] = np.concatenate((ring, ring[:1])).tolist()
    return closed
