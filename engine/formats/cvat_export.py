"""Gradings as CVAT 1.1 for images, one XML file for each grader, written image by image."""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import TextIO
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from engine.domain.grading import Grading, Role
from engine.domain.image import Image
from engine.domain.problem import Problem
from engine.formats.answers import CHOICES, NAMES, words_of
from engine.formats.cvat import GRADING, NOT_SAID
from engine.formats.exporting import GradedImage, holes_cut, lost, regions_united
from engine.formats.file_names import FreeNames, reader_name
from engine.formats.holes import without_holes

REGION = "pathology"
"""Label of what is outlined."""

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML file can hold."""


def write_cvat(items: Iterable[GradedImage], folder: Path) -> Iterator[Problem]:
    """Write one file for each grader, named after them; repeat readings have a file of their own.

    Coordinates are written in full, though CVAT itself writes two decimals. CVAT's polygons have
    no holes: one with holes is written in parts of one group that leave the holes free, and told.
    The answers are a tag.

    Parameters
    ----------
    items
        Images with their gradings, taken one at a time.
    folder
        An empty folder.

    Yields
    ------
    Problem
        A note for everything that a file could not hold.
    """
    names = FreeNames()
    with ExitStack() as open_files:
        files: dict[tuple[str, Role], tuple[TextIO, Iterator[int]]] = {}
        for item in items:
            for grading in item.gradings:
                reader = grading.grader, grading.role
                if reader not in files:
                    path = folder / names.take(reader_name(grading), ".xml")
                    stream = open_files.enter_context(_cvat_file(path, grading.grader))
                    files[reader] = stream, count()
                stream, numbers = files[reader]
                stream.write(_written(_image_element(item.image, grading, next(numbers)), level=1))
                yield from _losses(grading)


@contextmanager
def _cvat_file(path: Path, grader: str) -> Iterator[TextIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write('<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n')
        stream.write("  <version>1.1</version>\n")
        stream.write(_written(_meta(grader), level=1))
        yield stream
        stream.write("</annotations>\n")


def _written(element: Element, *, level: int) -> str:
    indent(element, level=level)
    return f"{'  ' * level}{tostring(element, encoding='unicode').rstrip()}\n"


def _meta(grader: str) -> Element:
    """Return what CVAT says of a task: its two labels, and who it is assigned to."""
    meta = Element("meta")
    task = _child(meta, "task")
    _child(task, "name", grader)
    _child(task, "mode", "annotation")
    labels = _child(task, "labels")
    for name, answers in ((REGION, ()), (GRADING, NAMES)):
        label = _child(labels, "label")
        _child(label, "name", name)
        attributes = _child(label, "attributes")
        for answer in answers:
            _declare(_child(attributes, "attribute"), answer)
    assignee = _child(task, "assignee")
    _child(assignee, "username", grader)
    _child(assignee, "email", grader if "@" in grader else "")
    return meta


def _declare(attribute: Element, answer: str) -> None:
    _child(attribute, "name", answer)
    _child(attribute, "mutable", "False")
    _child(attribute, "input_type", "select" if answer in CHOICES else "text")
    choices = (NOT_SAID, *CHOICES[answer]) if answer in CHOICES else ("",)
    _child(attribute, "default_value", choices[0])
    _child(attribute, "values", "\n".join(choices))


def _child(parent: Element, tag: str, content: str = "") -> Element:
    child = SubElement(parent, tag)
    child.text = _legal(content)
    return child


def _image_element(image: Image, grading: Grading, number: int) -> Element:
    sides = {"width": f"{image.width}", "height": f"{image.height}"}
    element = Element("image", {"id": f"{number}", "name": _legal(image.path), **sides})
    for group, polygon in enumerate(grading.region, start=1):
        look = {"label": REGION, "source": "manual", "occluded": "0", "z_order": "0"}
        look |= {"group_id": f"{group}"} if polygon.holes else {}
        for part in without_holes(polygon):
            points = ";".join(f"{x!r},{y!r}" for x, y in part.exterior.tolist())
            SubElement(element, "polygon", look | {"points": points})
    tag_element = SubElement(element, "tag", {"label": GRADING, "source": "manual"})
    for name, word in words_of(grading).items():
        _child(tag_element, "attribute", word).set("name", name)
    return element


def _legal(value: str) -> str:
    """Return a text with line ends as XML has them and without what no XML can hold."""
    return ILLEGAL.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))


def _losses(grading: Grading) -> Iterator[Problem]:
    yield from holes_cut(grading)
    yield from regions_united(grading)
    if any(ILLEGAL.search(value) for value in (grading.image, grading.grader, grading.note)):
        message = "a name or a note has control characters, which XML cannot hold"
        yield lost("characters_lost", grading, message)
