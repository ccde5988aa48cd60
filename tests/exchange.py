"""Gradings written in a format that other tools read, and read back from the files."""

from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import shapely

from engine.domain.grading import Grading, Role
from engine.domain.image import Image
from engine.domain.polygon import Polygon, Region, ring
from engine.domain.problem import Problem
from engine.formats.cvat import read_cvat, write_cvat
from engine.formats.darwin import read_darwin, write_darwin
from engine.formats.document import read_json
from engine.formats.exporting import GradedImage
from engine.formats.gradings import grading_of
from engine.formats.label_studio import read_label_studio, write_label_studio
from engine.formats.outlines import Answers, Contents
from engine.formats.qupath import read_qupath, write_qupath

WRITERS = {
    "cvat": write_cvat,
    "label_studio": write_label_studio,
    "darwin": write_darwin,
    "qupath": write_qupath,
}
READERS = {"label_studio": read_label_studio, "darwin": read_darwin, "qupath": read_qupath}
SUFFIXES = {"cvat": "*.xml", "label_studio": "*.json", "darwin": "*.json", "qupath": "*.geojson"}
MASKED = ("cvat", "label_studio")
"""Formats in which a polygon with holes becomes a mask."""


def write(name: str, gradings: Iterable[Grading], folder: Path, *images: Image) -> list[Problem]:
    """Write gradings, which are of the given images, and return what was told."""
    said = list(gradings)
    items = (
        GradedImage(image, tuple(grading for grading in said if grading.image == image.path))
        for image in images
    )
    return list(WRITERS[name](items, folder))


def read_contents(name: str, path: Path) -> Contents:
    if name == "cvat":
        return read_cvat(path, path.name)
    return READERS[name](read_json(path, path.name), path.name)


def gradings_in(contents: Contents, *images: Image) -> tuple[list[Grading], list[Problem]]:
    """Return the gradings of one file's contents, of images that its names are the paths of."""
    known = {image.path: image for image in images}
    gradings: list[Grading] = []
    problems = list(contents.problems)
    for annotated in contents.images:
        image = known[annotated.name]
        assert annotated.size in (None, image.size)
        authors = {outline.author for outline in annotated.outlines}
        for author in dict.fromkeys([*annotated.answers, *authors]):
            outlines = [part for part in annotated.outlines if part.author == author]
            answers = annotated.answers.get(author, Answers())
            grader = author or contents.author
            grading, told = grading_of(image, grader, outlines, answers, where="file")
            problems.extend(told)
            gradings.extend([grading] if grading else [])
    return gradings, problems


def read(name: str, folder: Path, *images: Image) -> tuple[list[Grading], list[Problem]]:
    """Return the gradings of all files in a folder, and what was told."""
    gradings: list[Grading] = []
    problems: list[Problem] = []
    for path in sorted(folder.rglob(SUFFIXES[name])):
        found, told = gradings_in(read_contents(name, path), *images)
        gradings += found
        problems += told
    return gradings, problems


def by_reading(gradings: Iterable[Grading]) -> dict[tuple[str, str, Role], Grading]:
    found = {(g.image, g.grader, g.role): g for g in gradings}
    return dict(sorted(found.items()))


def answers(grading: Grading) -> tuple:
    return grading.visible, grading.roi_count, grading.note, grading.problem, grading.status


def shape_of(region: Region) -> shapely.Geometry:
    return shapely.union_all([shapely.Polygon(p.exterior, p.holes) for p in region])


def distance(one: Region, other: Region) -> float:
    """Return the furthest that the outline of either lies from that of the other, in pixels."""
    if not one or not other:
        return 0.0 if not one and not other else np.inf
    first, second = shape_of(one).boundary, shape_of(other).boundary
    return max(shapely.hausdorff_distance(first, second), shapely.hausdorff_distance(second, first))


def polygon(*corners: tuple[float, float], holes: Iterable = ()) -> Polygon:
    return Polygon(ring(corners), tuple(map(ring, holes)))


def xml(path: Path) -> ElementTree.Element:
    return ElementTree.parse(path).getroot()
