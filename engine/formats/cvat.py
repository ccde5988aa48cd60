"""CVAT 1.1 for images: one XML file of many images, read piece by piece."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ErrorString

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from engine.domain.problem import Problem, Refusal, refuse
from engine.formats.answers import said_by
from engine.formats.boxes import numbers_of, turned_box_area
from engine.formats.document import MAX_BYTES, bounded, size_of, text
from engine.formats.outlines import (
    AnnotatedImage,
    Area,
    Contents,
    Outline,
    Unusable,
    ellipse_area,
    outline,
    polygon_area,
)
from engine.formats.pixels import region_of_runs, runs_of_lengths
from engine.regions.outline import shifted

GRADING = "grading"
"""Label of the tag that holds a grader's answers."""

NOT_SAID = "__undefined__"

MAX_DEPTH = 32
HEAD_BYTES = 4096


def is_cvat(path: Path) -> bool:
    """Return True for an XML file whose head has CVAT's outermost element."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError:
        return False
    return b"<annotations" in head.replace(b"\0", b"")  # the zeros of UTF-16


def read_cvat(path: Path, where: str) -> Contents:
    """Return every image of a CVAT file with its outlines, in the file's order.

    Polygons, boxes, ellipses and masks are areas whatever their label; lines, points and
    skeletons outline nothing and are left out. The grader is the assignee of the job, task or
    project, else its owner. Of images that share a name the subset tells them apart.

    Raises
    ------
    Refusal
        The file cannot be read, is cut short or no XML of CVAT, declares a document type or
        entities, or holds the tracks of a video.
    """
    people = _People()
    images: list[tuple[str, AnnotatedImage]] = []
    problems: list[Problem] = []
    mode = ""
    for element in _pieces(path, where):
        if element.tag == "meta":
            people = _people(element)
            mode = _text_at(element, "task/mode") or _text_at(element, "job/mode")
        elif element.tag == "track":
            raise _video(where)
        elif element.tag == "image":
            author = people.by_task.get(element.get("task_id", ""), "")
            image, faults = _image(element, author, where)
            images.append((text(element.get("subset")), image))
            problems.extend(faults)
    if mode == "interpolation" and not images:
        raise _video(where)
    if not images:
        problems.append(_without_images(where))
    return Contents(
        _told_apart(images), people.author, is_collection=True, problems=tuple(problems)
    )


def _pieces(path: Path, where: str) -> Iterator[Element]:
    """Yield the children of the outermost element, each forgotten when the next is asked for."""
    try:
        with bounded(path, where, most=MAX_BYTES), path.open("rb") as stream:
            root: Element | None = None
            depth = 0
            for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
                depth += 1 if event == "start" else -1
                if root is None:
                    root = _root(element, where)
                if depth > MAX_DEPTH:
                    raise _bad(where, "xml_too_deep", "the file is nested too deeply")
                if event == "end" and depth == 1:
                    yield element
                    root.clear()
    except ParseError as error:
        line, column = error.position
        message = f"the file is not valid XML: {ErrorString(error.code)} at column {column + 1}"
        raise _bad(f"{where}, line {line}", "xml_invalid", message) from error
    except DefusedXmlException as error:
        message = "the file declares a document type or entities, which CVAT never does"
        raise _bad(where, "xml_entities", message) from error
    except (ValueError, LookupError) as error:  # an encoding that is unknown, or not the file's
        raise _bad(where, "xml_encoding", "the file's encoding cannot be read") from error


def _root(element: Element, where: str) -> Element:
    if element.tag != "annotations":
        message = f"the outermost element is '{element.tag}' and not CVAT's 'annotations'"
        raise _bad(where, "format_unknown", message)
    return element


@dataclass(frozen=True, slots=True)
class _People:
    """Who drew the file; of a project, also who drew each of its tasks, by id."""

    author: str = ""
    by_task: Mapping[str, str] = field(default_factory=dict)


def _people(meta: Element) -> _People:
    parts = [part for kind in ("job", "task", "project") if (part := meta.find(kind)) is not None]
    roles = ("assignee", "owner")
    authors = (_person(part, role) for role in roles for part in parts)
    by_task = {
        _text_at(task, "id"): _person(task, "assignee") or _person(task, "owner")
        for task in meta.iterfind("project/tasks/task")
    }
    return _People(next(filter(None, authors), ""), by_task)


def _person(part: Element, role: str) -> str:
    return _text_at(part, f"{role}/username") or _text_at(part, role)


def _text_at(element: Element, path: str) -> str:
    return text(element.findtext(path))


def _image(element: Element, author: str, where: str) -> tuple[AnnotatedImage, tuple[Problem, ...]]:
    name = text(element.get("name"))
    size = size_of(*(_whole(element.get(side)) for side in ("width", "height")))
    outlines: list[Outline] = []
    words: dict[str, str] = {}
    for number, shape in enumerate(element, start=1):
        if shape.tag != "tag":
            place = f"{where}, {name}, {shape.tag} {number}"
            outlines.append(outline(partial(_area, shape, size), where=place, author=author))
        elif shape.get("label") == GRADING:
            words = _words(shape)
    answers, faults = said_by(words, f"{where}, {name}")
    return AnnotatedImage(name, size, tuple(outlines), {author: answers}), faults


def _words(tag: Element) -> dict[str, str]:
    words = {text(part.get("name")): part.text or "" for part in tag.iterfind("attribute")}
    return {name: word for name, word in words.items() if word != NOT_SAID}


def _area(shape: Element, size: tuple[int, int] | None) -> Area:
    if shape.tag == "polygon":
        pairs = (shape.get("points") or "").strip("; ").split(";")
        return polygon_area([pair.split(",") for pair in pairs])
    if shape.tag == "mask":
        return _mask(shape, size)
    (degrees,) = numbers_of({"rotation": 0, **shape.attrib}, "rotation")
    if shape.tag == "box":
        left, top, right, bottom = numbers_of(shape.attrib, "xtl", "ytl", "xbr", "ybr")
        return turned_box_area(
            x=left, y=top, width=right - left, height=bottom - top, degrees=degrees,
            pivot=(0.5, 0.5),
        )  # fmt: skip
    if shape.tag == "ellipse":
        x, y, radius_x, radius_y = numbers_of(shape.attrib, "cx", "cy", "rx", "ry")
        return ellipse_area(centre=(x, y), radii=(radius_x, radius_y), angle=math.radians(degrees))
    raise Unusable(f"a shape of type '{shape.tag}' outlines no area; it was left out")


def _mask(shape: Element, size: tuple[int, int] | None) -> Area:
    """Return a mask: runs along the rows of its own rectangle, background first."""
    left, top, width, height = sides = [
        _whole(shape.get(name)) for name in ("left", "top", "width", "height")
    ]
    lengths = [_whole(length) for length in (shape.get("rle") or "").split(",")]
    if min(sides) < 0:
        raise Unusable("its place is not given in whole numbers; it was left out")
    if size and (left + width > size[0] or top + height > size[1]):
        raise Unusable("its rectangle leaves the image; it was left out")
    runs = runs_of_lengths(lengths, width=width, height=height)
    return shifted(region_of_runs(runs), (left, top)), ()


def _whole(word: str | None) -> int:
    """Return a whole number, or -1 where the word is none; none is negative in a proper file."""
    try:
        return int(word or "")
    except ValueError:
        return -1


def _told_apart(images: list[tuple[str, AnnotatedImage]]) -> tuple[AnnotatedImage, ...]:
    """Return the images; where several share a name, with the subset as their folder."""
    uses = Counter(image.name for _, image in images)
    return tuple(
        replace(image, name=f"{subset}/{image.name}") if subset and uses[image.name] > 1 else image
        for subset, image in images
    )


def _bad(where: str, code: str, message: str) -> Refusal:
    remedy = "Export it again from CVAT as 'CVAT for images 1.1'"
    return refuse(code, where, message, remedy)


def _video(where: str) -> Refusal:
    return _bad(where, "cvat_video", "the file holds tracks of a video and no single images")


def _without_images(where: str) -> Problem:
    return Problem("cvat_empty", where, "the file holds no images", "Export the task again")
