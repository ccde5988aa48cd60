"""What a grader drew, as the formats give it: one outline for each annotation of an image."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import shapely

from engine.domain.grading import Role, Status
from engine.domain.polygon import Polygon, Region, Ring, ring
from engine.domain.problem import Problem, Severity
from engine.regions.repair import even_odd, repair_ring, unite

MAX_COORDINATE = 1e7
MAX_MEETINGS = 5_000
"""How often sides may cross or touch; hands do so a few times."""

MEETINGS_A_SIDE = 4
"""How often each side may, beyond that: painted pixels touch at corners and where they were cut."""

SAGITTA = 0.1
"""How far a circle's polygon may lie inside the circle, in pixels."""

Area = tuple[Region, tuple[str, ...]]
"""A region and what had to be done to it, each a sentence; none where nothing had."""


class Unusable(Exception):
    """An annotation cannot be taken as an area; the text says why."""


class NoArea(Unusable):
    """A ring encloses nothing."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What one annotation says.

    Attributes
    ----------
    where
        File and annotation, as shown to a person.
    region
        What it outlines; empty for a tag or an empty mask; None where it had to be left out.
    author
        Who the file says drew it, or an empty text.
    """

    where: str
    region: Region | None
    author: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """What a file says of one grader's answers for one image, beside the outlines.

    Attributes
    ----------
    visible, roi_count
        None where the file does not say; of a done grading the region then tells.
    problem
        One of ``blurred``, ``wrong_picture``, ``identifying_detail`` or empty.
    """

    visible: bool | None = None
    roi_count: int | None = None
    note: str = ""
    problem: str = ""
    status: Status = Status.DONE
    role: Role = Role.ASSIGNED


@dataclass(frozen=True, slots=True)
class AnnotatedImage:
    """All that a file says of one image.

    Attributes
    ----------
    name
        What the file calls the image.
    size
        Width and height in pixels as the file states them, or None.
    answers
        By grader; a grader with answers and no outline has drawn nothing. An empty name is the
        author of the whole file.
    """

    name: str
    size: tuple[int, int] | None
    outlines: tuple[Outline, ...]
    answers: Mapping[str, Answers] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Contents:
    """What one file of annotations holds.

    Attributes
    ----------
    author
        Who the file as a whole says drew it, or an empty text.
    is_collection
        True for a list of many images, which the file's own name cannot name.
    """

    images: tuple[AnnotatedImage, ...]
    author: str = ""
    is_collection: bool = False
    problems: tuple[Problem, ...] = ()


def outline(read: Callable[[], Area], *, where: str, author: str = "") -> Outline:
    """Return what one annotation outlines, or that it was left out, and tell either."""
    try:
        region, notes = read()
    except Unusable as reason:
        remedy = "Correct it in the program that made it and import the file again"
        return Outline(
            where, None, author, (Problem("annotation_left_out", where, f"{reason}", remedy),)
        )
    return Outline(where, region, author, tuple(repaired(where, note) for note in notes))


def repaired(where: str, note: str) -> Problem:
    """Return the note that something was changed while importing."""
    remedy = "Look at the region if its exact outline matters"
    return Problem("annotation_changed", where, note, remedy, Severity.NOTE)


def answer_ignored(where: str, fault: str) -> Problem:
    """Return the problem of an answer that is none of those it can be."""
    message = f"{fault}; the answer was left out"
    return Problem("answer_unknown", where, message, "Correct it and import the file again")


def ring_of(points: object) -> Ring:
    """Return points as a ring.

    Raises
    ------
    Unusable
        Not pairs of finite numbers of bearable size.
    """
    try:
        vertices = np.array(points, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise Unusable("its points are not pairs of numbers; it was left out") from None
    if vertices.size and (vertices.ndim != 2 or vertices.shape[1] != 2):
        raise Unusable("its points are not pairs of numbers; it was left out")
    if not (np.abs(vertices) <= MAX_COORDINATE).all():
        raise Unusable("it has a coordinate that is not finite or is huge; it was left out")
    return ring(vertices)


def polygon_area(points: object) -> Area:
    """Return the area inside one ring; a ring that crosses itself is repaired."""
    vertices = ring_of(points)
    if len(vertices) > 2 and not shapely.Polygon(vertices).is_valid:
        _refuse_tangle([vertices])
    region, is_repaired = repair_ring(vertices)
    if not region:
        raise NoArea("it encloses no area; it was left out")
    return region, ("a ring that crosses or touches itself was repaired",) * is_repaired


def _refuse_tangle(rings: Sequence[Ring]) -> None:
    """Refuse sides that meet so often that nobody drew them and their repair takes minutes.

    What is left has about as many crossings as sides, so that repair costs what reading does.
    """
    count = sum(map(len, rings))
    most = 2 * (MAX_MEETINGS + MEETINGS_A_SIDE * count)  # of two that meet each is counted
    if count * count <= most:
        return
    ends = [np.stack((ring, np.roll(ring, -1, axis=0)), axis=1) for ring in rings]
    sides = shapely.linestrings(np.concatenate(ends))
    tree = shapely.STRtree(sides)
    meetings = -3 * count  # each side meets itself and its neighbours
    at_once = max(1, 2**20 // count)
    for at in range(0, count, at_once):
        found = tree.query(sides[at : at + at_once], predicate="intersects")
        meetings += found.shape[1]
        if meetings > most:
            raise Unusable(f"its {count} sides meet more than {most // 2} times; it was left out")


def even_odd_area(paths: Sequence[object]) -> Area:
    """Return what lies inside an odd number of paths."""
    areas, notes = _areas(paths)
    rings = [ring_of(path) for path in paths]
    if len(areas) == 1:
        return areas[0], notes
    if not notes and shapely.Polygon(rings[0], rings[1:]).is_valid:
        return (Polygon(rings[0], tuple(rings[1:])),), ()
    _refuse_tangle(rings)
    region = even_odd(rings)
    if not region:
        raise NoArea("its paths enclose no area; it was left out")
    return region, notes


def union_area(paths: Sequence[object]) -> Area:
    """Return what lies inside at least one of the paths."""
    areas, notes = _areas(paths)
    return united(areas), notes


def united(regions: Sequence[Region]) -> Region:
    """Return the union of regions; one alone stays as it is.

    Raises
    ------
    Unusable
        Their sides meet so often that nobody drew them.
    """
    if len(regions) == 1:
        return regions[0]
    polygons = [*chain.from_iterable(regions)]
    _refuse_tangle([*chain.from_iterable(polygon.rings for polygon in polygons)])
    return unite(polygons)


def _areas(paths: Sequence[object]) -> tuple[list[Region], tuple[str, ...]]:
    """Return the area of each path that has one, and what was done to them.

    One path with broken numbers makes all of them unusable, since a missing hole is a wrong area.
    """
    areas: list[Region] = []
    notes: list[str] = []
    for path in paths:
        try:
            region, changes = polygon_area(path)
        except NoArea:
            notes.append("a path that encloses no area was dropped")
        else:
            areas.append(region)
            notes.extend(changes)
    if not areas:
        raise NoArea("it encloses no area; it was left out")
    return areas, tuple(notes)


def box_area(*, x: float, y: float, width: float, height: float) -> Area:
    """Return a box that somebody drew."""
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    region, _ = polygon_area(corners)
    return region, ("a box was taken as the outline",)


def ellipse_area(
    *, centre: tuple[float, float], radii: tuple[float, float], angle: float = 0.0
) -> Area:
    """Return an ellipse as a polygon that lies at most 0.1 pixels inside it.

    Parameters
    ----------
    centre, radii
        In pixels, x and y.
    angle
        By which the ellipse is turned from x towards y, in radians.
    """
    if not all(0 < radius <= MAX_COORDINATE for radius in radii) or not math.isfinite(angle):
        raise Unusable("its radius is not positive or its angle no number; it was left out")
    count = max(16, math.ceil(math.pi / math.sqrt(2 * SAGITTA / max(radii))))
    turn = np.linspace(0, 2 * math.pi, count, endpoint=False)
    along, across = radii[0] * np.cos(turn), radii[1] * np.sin(turn)
    x = centre[0] + along * math.cos(angle) - across * math.sin(angle)
    y = centre[1] + along * math.sin(angle) + across * math.cos(angle)
    region, _ = polygon_area(np.column_stack((x, y)))
    return region, (f"a circle or ellipse became a polygon of {count} points",)
