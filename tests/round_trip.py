"""Gradings exported to files and imported from them, by the same doors that a person uses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

import shapely

from engine.domain.grading import Grading, Role
from engine.domain.image import Image
from engine.domain.polygon import Polygon, Region, ring
from engine.domain.problem import Problem
from engine.formats.annotations import read_each
from engine.formats.exporting import GradedImage
from engine.formats.gradings import grading_of
from engine.formats.names import ImageNames
from engine.formats.options import ImportOptions
from engine.formats.outlines import Answers, Contents
from engine.formats.sources import find_sources
from engine.formats.writers import export_gradings

OF_MASKS = {"format": "mask", "name_pattern": "{grader}/{image}", "mask_value": "light"}


@dataclass(frozen=True)
class Trip:
    """What came back, what was told while writing, and what while reading."""

    gradings: list[Grading]
    losses: list[Problem]
    problems: list[Problem]

    def by_reading(self) -> dict[tuple[str, str, Role], Grading]:
        """The gradings by image, grader and role, of which none may stand twice."""
        found = {(g.image, g.grader, g.role): g for g in self.gradings}
        assert len(found) == len(self.gradings)
        return found


def graded(images: Iterable[Image], gradings: Sequence[Grading]) -> list[GradedImage]:
    """Put gradings to their images."""
    return [
        GradedImage(image, tuple(g for g in gradings if g.image == image.path)) for image in images
    ]


def write(name: str, gradings: Sequence[Grading], folder: Path, *images: Image) -> list[Problem]:
    """Export gradings, which are of the given images, and return what was told."""
    return list(export_gradings(graded(images, gradings), folder, format=name))


def read(
    name: str, folder: Path, *images: Image, **options: object
) -> tuple[list[Grading], list[Problem]]:
    """Import everything in a folder, and return the gradings and what was told."""
    chosen = ImportOptions(**{**(OF_MASKS if name == "mask" else {}), **options})
    sources = find_sources([folder], chosen)
    parsed = list(read_each(sources.annotations, chosen, ImageNames(images)))
    problems = [*sources.problems, *chain.from_iterable(file.problems for file in parsed)]
    return list(chain.from_iterable(file.gradings for file in parsed)), problems


def round_trip(name: str, items: Sequence[GradedImage], folder: Path, **options: object) -> Trip:
    """Export to an empty folder and import everything in it."""
    losses = list(export_gradings(items, folder, format=name))
    gradings, problems = read(name, folder, *(item.image for item in items), **options)
    return Trip(gradings, losses, problems)


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


def polygon(*corners: tuple[float, float], holes: Iterable = ()) -> Polygon:
    return Polygon(ring(corners), tuple(map(ring, holes)))


def xml(path: Path) -> ElementTree.Element:
    return ElementTree.parse(path).getroot()


def square(left: float, top: float, size: float, *, hole: float = 0) -> Polygon:
    """A square, with a hole that leaves a frame of this width."""

    def corners(inset: float) -> list[tuple[float, float]]:
        low, high = inset, size - inset
        ends = [(low, low), (high, low), (high, high), (low, high)]
        return [(left + x, top + y) for x, y in ends]

    return Polygon(ring(corners(0)), (ring(corners(hole)),) if hole else ())


def shape_of(region: Region) -> shapely.Geometry:
    """The area of a region as shapely has it."""
    return shapely.union_all([shapely.Polygon(p.exterior, p.holes) for p in region])


def distance(first: Region, second: Region) -> float:
    """How far the outlines of two regions are apart at most, in pixels."""
    if not (first and second):
        return 0.0 if first == second else float("inf")
    return shapely.hausdorff_distance(shape_of(first).boundary, shape_of(second).boundary)
