"""Files of other tools that are damaged or made to harm are read, told or refused, never worse."""

import copy
import json
import string
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.problem import Problem, Refusal
from engine.formats.brush import painted
from engine.formats.cvat import is_cvat, read_cvat
from engine.formats.darwin import is_darwin, read_darwin
from engine.formats.gradings import grading_of
from engine.formats.label_studio import is_label_studio, read_label_studio
from engine.formats.outlines import Answers, Contents, Unusable
from engine.formats.qupath import is_qupath, read_qupath
from tests.round_trip import polygon, write

IMAGE = Image("a.jpg", 12, 9)
HOLED = polygon((1, 1), (8, 1), (8, 7), (1, 7), holes=[[(2, 2), (4, 2), (4, 4), (2, 4)]])
PLAIN = polygon((9, 2), (11, 2.5), (10, 6))
GRADINGS = (
    Grading("a.jpg", "ann", True, 2, (HOLED, PLAIN), note="n", problem="blurred"),
    Grading("a.jpg", "ben", False),
)
LAYOUTS = {
    "label_studio": (is_label_studio, read_label_studio),
    "darwin": (is_darwin, read_darwin),
    "qupath": (is_qupath, read_qupath),
}

numbers = st.integers(-3, 12) | st.integers() | st.floats() | st.just(10**400)
words = st.sampled_from(
    ("a.jpg", "..", "../../etc/x", "C:\\x", "/", "\0", "\ud800", "nan", "1e999")
)
scalars = st.none() | st.booleans() | numbers | words | st.text(max_size=4)
keys = st.sampled_from(("x", "y", "type", "points", "rle", "value", "data", "id", "name", "email"))
junk = st.recursive(
    scalars, lambda part: st.lists(part, max_size=4) | st.dictionaries(keys, part), max_leaves=8
)


def example(name: str) -> dict:
    """Return a valid document of a format."""
    with TemporaryDirectory() as folder:
        write(name, GRADINGS, Path(folder), IMAGE)
        files = sorted(Path(folder).rglob("*.*json"))
        return json.loads(files[0].read_text())


LABEL_STUDIO = [
    {
        "id": 7,
        "data": {"image": "/data/upload/3/0123abcd-a.jpg"},
        "file_upload": "0123abcd-a.jpg",
        "predictions": [{}],
        "annotations": [
            {
                "id": 1,
                "completed_by": {"id": 1, "email": "a@b.c"},
                "was_cancelled": False,
                "result": [
                    {
                        "original_width": 12, "original_height": 9, "image_rotation": 0,
                        "type": kind, "from_name": "label", "to_name": "image", "value": value,
                    }
                    for kind, value in (
                        ("rectanglelabels", {"x": 1, "y": 2, "width": 30, "height": 40}),
                        ("ellipselabels", {"x": 50, "y": 50, "radiusX": 9, "radiusY": 8}),
                        ("polygonlabels", {"points": [[1, 1], [9, 9], [1, 9]], "closed": True}),
                        ("choices", {"choices": ["yes"]}),
                    )
                ],
            }
        ],
    }
]  # fmt: skip
MINIMAL = [
    {
        "id": 3, "image": "a.jpg", "annotation_id": 4, "annotator": 5, "visible": "yes",
        "label": [{"points": [[1, 1], [9, 9], [1, 9]], "original_width": 12, "original_height": 9}],
    }
]  # fmt: skip
DARWIN = {
    "image": {"width": 12, "height": 9, "filename": "a.jpg", "path": "/"},
    "annotations": [
        {"ellipse": {"center": {"x": 5, "y": 4}, "radius": {"x": 3, "y": 2}, "angle": 0.3}},
        {"bounding_box": {"x": 1, "y": 1, "w": 4, "h": 3}, "annotators": [{"full_name": "c"}]},
        {"complex_polygon": {"path": [[{"x": 1, "y": 1}, {"x": 5, "y": 1}, {"x": 5, "y": 5}]]}},
    ],
}
CVAT = """<annotations><version>1.1</version><meta><project><tasks><task><id>3</id><owner>
<username>u</username></owner></task></tasks></project></meta>
<image id="0" name="a.jpg" task_id="3" subset="s" width="12" height="9">
<box xtl="1" ytl="2" xbr="4" ybr="5" rotation="30"/><ellipse cx="6" cy="4" rx="3" ry="2"/>
<polygon points="1,1;8,1;8,7"/><mask rle="1, 2, 1" left="3" top="2" width="2" height="2"/>
<points points="1,2"/><tag label="grading"><attribute name="visible">yes</attribute></tag>
</image><image id="1" name="a.jpg" subset="t" width="12" height="9"/></annotations>"""
DOCUMENTS = {
    "label_studio": (LABEL_STUDIO, MINIMAL, example("label_studio")),
    "darwin": (DARWIN, example("darwin")),
    "qupath": (example("qupath"), example("qupath")["features"]),
}


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Return the paths of all values in a document, none for the document itself."""
    inner: object = ()
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
    deeper = [place for key, part in inner for place in places(part, (*path, key))]
    return [path, *deeper] if path else deeper


@st.composite
def damaged(draw: st.DrawFn, documents: tuple) -> object:
    """Draw a document in which one to three values are anything else, or gone."""
    document = copy.deepcopy(draw(st.sampled_from(documents)))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(document) or [()]))
        if not path:
            return document
        parent = document
        for key in path[:-1]:
            parent = parent[key]
        if draw(st.booleans()):
            parent[path[-1]] = draw(junk)
        else:
            del parent[path[-1]]
    return document


def check(contents: Contents) -> None:
    """Hold everything that is read against what a grading may be."""
    assert all(isinstance(problem, Problem) for problem in contents.problems)
    for annotated in contents.images:
        annotated.name.encode()
        image = Image("a.jpg", *(annotated.size or IMAGE.size))
        for author, answers in (*annotated.answers.items(), ("", Answers())):
            grading, _ = grading_of(image, author, annotated.outlines, answers, where="file")
            rings = [ring for part in (grading.region if grading else ()) for ring in part.rings]
            assert all(np.isfinite(ring).all() and (ring >= -1e-9).all() for ring in rings)
            json.dumps([author, answers.note, answers.roi_count]).encode()


@pytest.mark.parametrize("name", LAYOUTS)
@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_a_damaged_document_is_read_or_told(name: str, data: st.DataObject) -> None:
    document = data.draw(damaged(DOCUMENTS[name]) | junk)
    is_layout, read_layout = LAYOUTS[name]
    if is_layout(document):
        try:
            check(read_layout(document, "file"))
        except Refusal:
            return


def read_xml(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "file.xml")
        path.write_bytes(content)
        is_cvat(path)
        try:
            check(read_cvat(path, "file.xml"))
        except Refusal:
            return


def xml_text(value: object) -> str:
    legal = set(string.printable) - set("\x0b\x0c")
    return "".join(character for character in str(value)[:500] if character in legal)


xml_junk = (scalars | st.sampled_from(("1,2;3", "1,2;3,4;nan,5", "1e300", "9" * 5000))).map(
    xml_text
)


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_a_damaged_cvat_file_is_read_or_told(data: st.DataObject) -> None:
    root = ElementTree.fromstring(CVAT)
    for _ in range(data.draw(st.integers(1, 4))):
        element = data.draw(st.sampled_from([*root.iter()]))
        if element.attrib and data.draw(st.booleans()):
            element.set(data.draw(st.sampled_from(sorted(element.attrib))), data.draw(xml_junk))
        elif data.draw(st.booleans()):
            element.text = data.draw(xml_junk)
        else:
            tags = ("image", "mask", "polygon", "track", "meta", "tag", "annotations")
            element.append(ElementTree.Element(data.draw(st.sampled_from(tags))))
            element.tag = data.draw(st.sampled_from((element.tag, *tags)))
    read_xml(ElementTree.tostring(root))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_cvat_file_with_bytes_changed_or_cut_off_is_read_or_told(data: st.DataObject) -> None:
    encoding = data.draw(
        st.sampled_from(("utf-8", "utf-16", "utf-7", "cp037", "utf-32", "nonsense"))
    )
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    written = encoding if encoding != "nonsense" else "utf-8"
    content = bytearray((head + CVAT).encode(written))
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read_xml(bytes(content[: data.draw(st.integers(0, len(content)))]))


@given(st.binary(max_size=60), st.integers(1, 3), st.integers(1, 3))
@settings(max_examples=120, deadline=None)
def test_any_bytes_are_a_brush_or_unusable(content: bytes, width: int, height: int) -> None:
    head = (4 * width * height).to_bytes(4, "big") + b"\x38"
    for encoded in (content, head + content):
        try:
            _, lengths = painted(list(encoded), width=width, height=height)
        except Unusable:
            continue
        assert lengths.sum() == width * height
