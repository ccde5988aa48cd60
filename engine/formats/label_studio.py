"""Label Studio JSON, the full export and JSON-MIN: each annotation of a task is one grader's."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

import numpy as np

from engine.domain.problem import Problem, Severity
from engine.formats.answers import NAMES, said_by
from engine.formats.boxes import numbers_of, turned_box_area
from engine.formats.brush import painted
from engine.formats.document import mapping, sequence, size_of, text
from engine.formats.outlines import (
    AnnotatedImage,
    Area,
    Contents,
    Outline,
    Unusable,
    ellipse_area,
    outline,
    polygon_area,
    ring_of,
)
from engine.formats.pixels import region_of_runs
from engine.images.formats import IMAGE_SUFFIXES
from engine.regions.runs import joined

Entry = Mapping[str, Any]
Size = tuple[int, int]

GRADER = "grader"
"""Name of the text that holds who drew an annotation, whoever imports it into Label Studio."""

LOCAL_FILES = "/data/local-files/?d="
UPLOADED = re.compile("^[0-9a-f]{8}-(?=.)")
"""Label Studio puts eight digits and a dash before the name of an uploaded file."""

SAYINGS = frozenset(
    {
        "choices", "datetime", "number", "pairwise", "ranker", "rating", "relation", "taxonomy",
        "textarea",
    }
)  # fmt: skip
"""Results that say something of the image or of a region, and outline nothing themselves."""

DECIMALS = 9
"""Of a pixel: so that what became percent comes back as the round number it was."""

OPAQUE = 128


def is_label_studio(document: object) -> bool:
    """Return True for tasks of Label Studio, in the full form or in JSON-MIN."""
    return any(_is_task(task) or _is_minimal(task) for task in _tasks(document))


def read_label_studio(document: object, where: str) -> Contents:
    """Return each annotation of each task as an image of its own, so that graders stay apart.

    Polygons, boxes, ellipses and brushes are areas whatever their label. The grader is the text
    named ``grader``, else who completed the annotation: address, name or number. Cancelled
    annotations, predictions and drafts are no gradings.

    Parameters
    ----------
    document
        A list of tasks, or one task.
    """
    images: list[AnnotatedImage] = []
    problems: list[Problem] = []
    passed_over: Counter[str] = Counter()
    for number, task in enumerate(_tasks(document), start=1):
        full = task if _is_task(task) else _full(task)
        annotations = _annotations(full)
        place = f"{where}, task {_id(task.get('id')) or number}"
        passed_over["predictions of models"] += len(sequence(full.get("predictions")))
        passed_over["drafts"] += len(sequence(full.get("drafts")))
        passed_over["tasks without annotations"] += not annotations
        read, told = _read_task(full, annotations, place)
        images.extend(read)
        problems.extend(told)
    if +passed_over:
        problems.append(_passed_over(where, passed_over))
    return Contents(tuple(images), is_collection=True, problems=tuple(problems))


def _tasks(document: object) -> list[Entry]:
    return [mapping(task) for task in sequence(document) or [document]]


def _is_task(task: Entry) -> bool:
    return isinstance(task.get("data"), dict) and bool({"annotations", "completions"} & task.keys())


def _is_minimal(task: Entry) -> bool:
    return {"annotation_id", "annotator"} <= task.keys()


def _full(item: Entry) -> Entry:
    """Return an entry of JSON-MIN, which is one annotation, in the full form."""
    shapes = [
        {**mapping(part), "type": "", "value": part}
        for parts in item.values()
        for part in sequence(parts)
        if "original_width" in mapping(part)
    ]
    sayings = [
        {"type": "textarea", "from_name": name, "value": {"text": item[name]}}
        for name in (GRADER, *NAMES)
        if name in item
    ]
    annotation = {
        "id": item.get("annotation_id"),
        "completed_by": item.get("annotator"),
        "result": [*shapes, *sayings],
    }
    return {"id": item.get("id"), "data": item, "annotations": [annotation] * _is_minimal(item)}


def _annotations(task: Entry) -> list[Entry]:
    listed = sequence(task.get("annotations")) or sequence(task.get("completions"))
    return [mapping(annotation) for annotation in listed]


def _read_task(
    task: Entry, annotations: list[Entry], where: str
) -> tuple[list[AnnotatedImage], list[Problem]]:
    name, size = _image_name(task), _task_size(task, annotations)
    images: list[AnnotatedImage] = []
    problems: list[Problem] = []
    if annotations and not name:
        problems.append(_nameless(where))
    for number, annotation in enumerate(annotations if name else (), start=1):
        place = f"{where}, annotation {_id(annotation.get('id')) or number}"
        if annotation.get("was_cancelled") or annotation.get("skipped"):
            problems.append(_cancelled(place))
        elif not isinstance(annotation.get("result"), list):
            problems.append(_without_result(place))
        else:
            image, faults = _annotated(annotation, name, size, place)
            images.append(image)
            problems.extend(faults)
    return images, problems


def _annotated(
    annotation: Entry, name: str, size: Size | None, where: str
) -> tuple[AnnotatedImage, tuple[Problem, ...]]:
    results = [mapping(result) for result in sequence(annotation["result"])]
    words = {
        text(result.get("from_name")): _word(mapping(result.get("value"))) for result in results
    }
    author = text(words.get(GRADER)) or _who(annotation.get("completed_by"))
    outlines: list[Outline] = []
    for number, result in enumerate(results, start=1):
        if text(result.get("type")) not in SAYINGS:
            place = f"{where}, result {number}"
            outlines.append(outline(partial(_area, result, size), where=place, author=author))
    answers, faults = said_by(words, where)
    return AnnotatedImage(name, size, tuple(outlines), {author: answers}), faults


def _word(value: Entry) -> object:
    """Return what a choice, a number or a text says; several lines of a text become one word."""
    said = next((value[key] for key in ("choices", "number", "text") if key in value), None)
    if isinstance(said, list):
        return "\n".join(line for line in said if isinstance(line, str))
    return int(said) if isinstance(said, float) and said.is_integer() else said


def _who(completed_by: object) -> str:
    person = mapping(completed_by)
    named = text(person.get("email")) or text(person.get("username")) or _id(person.get("id"))
    return named or _id(completed_by)


def _id(value: object) -> str:
    is_id = isinstance(value, int | str) and not isinstance(value, bool)
    return text(f"{value}") if is_id else ""


def _image_name(task: Entry) -> str:
    """Return what the task calls its image: a file of the data, the uploaded file, or a label."""
    data = mapping(task.get("data"))
    usual = _file_name(text(data.get("image")))
    uploaded = UPLOADED.sub("", text(task.get("file_upload")))
    names = (usual, *(_file_name(text(value)) for value in data.values()), uploaded)
    files = (name for name in names if PurePosixPath(name).suffix.lower() in IMAGE_SUFFIXES)
    return next(files, usual)


def _file_name(address: str) -> str:
    """Return a file's name as it was before Label Studio, or somebody's server, had it."""
    _, is_local, path = address.partition(LOCAL_FILES)
    if is_local:
        return unquote(path)
    if address.startswith("data:"):
        return ""
    if "://" not in address and not address.startswith("/data/"):
        return address
    name = PurePosixPath(unquote(re.split("[?#]", address)[0])).name
    return UPLOADED.sub("", name) if "/data/upload/" in address else name


def _task_size(task: Entry, annotations: list[Entry]) -> Size | None:
    """Return the size that the results state, else the task's data."""
    results = (
        mapping(result)
        for annotation in annotations
        for result in sequence(annotation.get("result"))
    )
    data = mapping(task.get("data"))
    stated = (_size(result) for result in results)
    return next(filter(None, stated), size_of(data.get("width"), data.get("height")))


def _size(result: Entry) -> Size | None:
    return size_of(result.get("original_width"), result.get("original_height"))


def _area(result: Entry, size: Size | None) -> Area:
    own = _size(result)
    if own is None:
        raise Unusable("it does not say how large its image is; it was left out")
    if own != size:
        raise Unusable("it is of an image of another size; it was left out")
    if result.get("image_rotation") not in (None, 0):
        raise Unusable("it was drawn on the image turned; turn it back first; it was left out")
    value = mapping(result.get("value"))
    for key, read in _SHAPES.items():
        if key in value:
            return read(value, own)
    kind = text(result.get("type")) or "unknown"
    raise Unusable(f"a result of type '{kind}' outlines no area; it was left out")


def _polygon(value: Entry, size: Size) -> Area:
    corners = ring_of(value["points"]).reshape(-1, 2)
    return polygon_area(np.round(corners * size / 100, DECIMALS))


def _brush(value: Entry, size: Size) -> Area:
    width, height = size
    alpha, lengths = painted(sequence(value["rle"]), width=width, height=height)
    is_inside = alpha >= OPAQUE
    ends = np.cumsum(lengths)
    starts = (ends - lengths)[is_inside]
    runs = joined(starts, ends[is_inside], width=width, height=height)
    is_soft = bool(((alpha > 0) & (alpha < 255)).any())
    note = "the brush has soft edges; what is at least half opaque was taken"
    return region_of_runs(runs), (note,) * is_soft


def _ellipse(value: Entry, size: Size) -> Area:
    x, y, radius_x, radius_y = _pixels(value, size, "x", "y", "radiusX", "radiusY")
    return ellipse_area(
        centre=(x, y), radii=(radius_x, radius_y), angle=math.radians(_degrees(value))
    )


def _box(value: Entry, size: Size) -> Area:
    x, y, width, height = _pixels(value, size, "x", "y", "width", "height")
    return turned_box_area(
        x=x, y=y, width=width, height=height, degrees=_degrees(value), pivot=(0, 0)
    )


def _pixels(value: Entry, size: Size, *keys: str) -> list[float]:
    """Return numbers that are, in turn, percent of the width and of the height."""
    percent = numbers_of(value, *keys)
    return [round(part * size[at % 2] / 100, DECIMALS) for at, part in enumerate(percent)]


def _degrees(value: Entry) -> float:
    (degrees,) = numbers_of({"rotation": 0, **value}, "rotation")
    return degrees


_SHAPES: Mapping[str, Callable[[Entry, Size], Area]] = {
    "points": _polygon,
    "rle": _brush,
    "radiusX": _ellipse,
    "height": _box,
}
"""By a key that only this shape has."""


def _passed_over(where: str, counts: Counter[str]) -> Problem:
    told = ", ".join(f"{count} {what}" for what, count in (+counts).items())
    remedy = "Finish them in Label Studio where they should have been read"
    return Problem("parts_ignored", where, f"passed over: {told}", remedy, Severity.NOTE)


def _cancelled(where: str) -> Problem:
    message = "the grader cancelled or skipped it, so there is no grading"
    remedy = "Finish it in Label Studio where it should have been read"
    return Problem("annotation_cancelled", where, message, remedy, Severity.NOTE)


def _without_result(where: str) -> Problem:
    message = "the annotation has no list of results; it was left out"
    return Problem("annotation_left_out", where, message, "Export the project again")


def _nameless(where: str) -> Problem:
    message = "the task names no image, or several; its annotations were left out"
    return Problem("task_image", where, message, "Give each task one image, as 'image'")
