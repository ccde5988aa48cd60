"""Gradings to files that other tools read, with word of what each format cannot hold."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.domain.grading import Grading, Role
from engine.domain.image import Image
from engine.domain.problem import Problem, Severity
from engine.regions.repair import unite


@dataclass(frozen=True, slots=True)
class GradedImage:
    """One image with the gradings to be written, in the order of their graders."""

    image: Image
    gradings: tuple[Grading, ...]


Writer = Callable[[Iterable[GradedImage], Path], Iterator[Problem]]
"""Writes a stream of images into an empty folder, holding one image at a time where the format
allows; yields a note for everything that the format could not hold, naming image and grader."""


IN_CSV = "Export as CSV, which holds everything, where it matters"


def lost(code: str, grading: Grading, message: str, remedy: str = IN_CSV) -> Problem:
    """Return the note that a format could not hold something of a grading.

    Parameters
    ----------
    message
        What was lost or changed, and what was written instead.
    """
    role = "" if grading.role is Role.ASSIGNED else f", {grading.role}"
    where = f"{grading.image}, {grading.grader}{role}"
    return Problem(code, where, message, remedy, Severity.NOTE)


def holes_cut(grading: Grading) -> Iterator[Problem]:
    """Yield the note that polygons with holes were cut open, where a grading has any."""
    if any(polygon.holes for polygon in grading.region):
        message = "polygons with holes were cut into parts, which together cover the same area"
        yield lost("holes_cut", grading, message)


def regions_counted(grading: Grading, parts: int) -> Iterator[Problem]:
    """Yield the note that an import of the file counts other regions than were outlined.

    Parameters
    ----------
    parts
        How many polygons come back.
    """
    outlined = len(grading.region)
    if parts != outlined:
        message = f"regions were outlined: {outlined}; as many come back from the file: {parts}"
        remedy = "Keep the study, which alone holds each outline apart, where it matters"
        yield lost("regions_counted_anew", grading, message, remedy)


def regions_united(grading: Grading) -> Iterator[Problem]:
    """Yield the note that an import unites outlines that touch or overlap, where any do."""
    if len(grading.region) > 1:
        yield from regions_counted(grading, len(unite(grading.region)))


def write_json(path: Path, document: object) -> None:
    """Write a JSON document in UTF-8; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json_text(document), encoding="utf-8")


def json_text(value: Any) -> str:  # noqa: ANN401 - JSON of any shape
    """Return JSON in which every number comes back as it was, to the last digit."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
