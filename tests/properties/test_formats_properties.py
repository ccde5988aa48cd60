"""Whatever a file holds, reading it ends in gradings and problems, never in another exception."""

import json
import string
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from engine.domain.image import Image
from engine.domain.problem import Refusal
from engine.formats.annotations import ParsedFile, read_each
from engine.formats.csv_text import read_csv_text
from engine.formats.manifest import read_manifest
from engine.formats.names import ImageNames
from engine.formats.options import Columns, ImportOptions
from engine.formats.pattern import read_name
from engine.formats.rle import region_of_lengths
from engine.formats.sources import AnnotationFile
from engine.regions.rasterise import rasterise

KEYS = (
    "shapes", "points", "shape_type", "imagePath", "imageWidth", "imageHeight", "version",
    "image", "item", "slots", "annotations", "polygon", "complex_polygon", "path", "paths",
    "additional_paths", "ellipse", "center", "radius", "angle", "bounding_box", "x", "y", "w", "h",
    "tag", "annotators", "email", "filename", "name", "width", "height", "type", "images",
    "categories", "id", "image_id", "file_name", "segmentation", "counts", "size", "bbox",
    "keypoints", "info", "author", "annotator",
)  # fmt: skip
WORDS = ("a.jpg", "b.jpg", "polygon", "circle", "rectangle", "video", "..", "/", "\0", "\ud800")
numbers = st.integers(-3, 12) | st.integers() | st.floats() | st.just(10**400)
scalars = st.none() | st.booleans() | numbers | st.sampled_from(WORDS) | st.text(max_size=5)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=25,
)


def mostly(usual: st.SearchStrategy) -> st.SearchStrategy:
    """Give what a file should hold at that place, and now and then anything else."""
    return st.integers(0, 9).flatmap(lambda draw: values if draw == 0 else usual)


coordinates = mostly(st.integers(-5, 15) | st.floats(-20, 30))
sides = mostly(st.sampled_from((8, 10)))
names = mostly(st.sampled_from(("a.jpg", "b.jpg", "x/a.jpg", "new.png", "")))
pairs = mostly(st.lists(st.lists(coordinates, min_size=2, max_size=2), max_size=8))
dots = mostly(
    st.lists(mostly(st.fixed_dictionaries({"x": coordinates, "y": coordinates})), max_size=8)
)
flat = mostly(st.lists(coordinates, max_size=12))


def record(**parts: st.SearchStrategy) -> st.SearchStrategy:
    return mostly(st.fixed_dictionaries({}, optional=parts))


def listed(part: st.SearchStrategy) -> st.SearchStrategy:
    return mostly(st.lists(part, max_size=4))


kinds = mostly(st.sampled_from(("polygon", "rectangle", "circle", "point", "")))
labelme = st.fixed_dictionaries(
    {
        "shapes": st.lists(record(points=pairs, shape_type=kinds), max_size=4),
        "version": scalars,
        "imagePath": names,
        "imageWidth": sides,
        "imageHeight": sides,
    }
)
shapes = record(path=dots | listed(dots), paths=listed(dots), additional_paths=listed(dots))
point = record(x=coordinates, y=coordinates)
people = listed(record(full_name=mostly(st.sampled_from("AB")), email=scalars))
darwin = st.fixed_dictionaries(
    {
        "image": st.fixed_dictionaries(
            {"width": sides, "height": sides, "filename": names, "path": names}
        ),
        "annotations": st.lists(
            record(
                polygon=shapes, complex_polygon=shapes, tag=values, annotators=people,
                ellipse=record(center=point, radius=point, angle=coordinates),
                bounding_box=record(x=coordinates, y=coordinates, w=coordinates, h=coordinates),
            ),
            max_size=4,
        ),
    }
)  # fmt: skip
ids = mostly(st.integers(1, 3))
counts = mostly(st.lists(st.integers(0, 80), max_size=6)) | st.text(string.printable, max_size=9)
rle = record(size=mostly(st.just([10, 8])), counts=counts)
coco = st.fixed_dictionaries(
    {
        "images": st.lists(record(id=ids, file_name=names, width=sides, height=sides), max_size=3),
        "annotations": listed(
            record(id=ids, image_id=ids, segmentation=listed(flat) | rle, author=scalars)
        ),
        "info": record(author=scalars),
    }
)


def read_text(content: bytes, **chosen: object) -> ParsedFile:
    known = ImageNames([Image(name, 8, 10, digest="0") for name in ("a.jpg", "x/b.jpg", "y/b.jpg")])
    with TemporaryDirectory() as folder:
        path = Path(folder, "file.json")
        path.write_bytes(content)
        file = AnnotationFile(path, Path(folder), "json")
        (parsed,) = read_each([file], ImportOptions(**chosen), known)
    return parsed


def is_sound(parsed: ParsedFile) -> bool:
    """Return True where every polygon is drawable, inside its image, and counted."""
    for grading in parsed.gradings:
        corners = [ring for polygon in grading.region for ring in polygon.rings]
        assert all(np.isfinite(ring).all() and (ring >= -1e-9).all() for ring in corners)
        assert all(len(ring) >= 3 for ring in corners)
        assert grading.roi_count == (len(grading.region) or None)
        assert grading.visible == (True if grading.region else None)
        assert grading.grader
        json.dumps([grading.image, grading.grader]).encode()
    return True


@given(labelme | darwin | coco | values)
@settings(max_examples=200, deadline=None)
def test_any_document_is_read_or_told(document: object) -> None:
    parsed = read_text(json.dumps(document).encode())
    assert is_sound(parsed)
    assert parsed.gradings or parsed.problems or not parsed.new_images


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_told(content: bytes) -> None:
    assert is_sound(read_text(content))


off_centre = st.integers(-4, 14).map(lambda whole: 1.0137 * whole + 0.0219)
rings = st.lists(st.tuples(off_centre, off_centre), min_size=3, max_size=7)


@given(st.lists(rings, max_size=4))
@settings(max_examples=60, deadline=None)
def test_united_regions_cover_exactly_the_pixels_that_one_of_them_covers(drawn: list) -> None:
    def covered(shapes: list) -> np.ndarray:
        document = {"shapes": shapes, "version": 1, "imagePath": "a.jpg"}
        gradings = read_text(json.dumps(document).encode(), grader="g").gradings
        region = gradings[0].region if gradings else ()
        return rasterise(region, width=8, height=10).to_mask()

    shapes = [{"points": ring} for ring in drawn]
    one_by_one = [covered([shape]) for shape in shapes] or [covered([])]
    assert np.array_equal(covered(shapes), np.any(one_by_one, axis=0))


@given(arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=9)))
def test_plain_run_lengths_come_back_as_the_mask_they_were_made_of(mask: np.ndarray) -> None:
    height, width = mask.shape
    turns = np.flatnonzero(np.diff(mask.ravel(order="F"), prepend=False))
    runs = np.diff(np.concatenate(([0], turns, [mask.size]))).tolist()
    region = region_of_lengths({"size": [height, width], "counts": runs}, (width, height))
    assert np.array_equal(rasterise(region, width=width, height=height).to_mask(), mask)


words = st.text("abAB.é\u0301", min_size=1, max_size=3)
paths = st.lists(words, min_size=1, max_size=3).map("/".join)


@given(st.lists(paths, min_size=1, max_size=8, unique=True), paths | st.text(max_size=8))
def test_a_name_finds_only_images_that_share_its_path_file_name_or_stem(
    known: list[str], name: str
) -> None:
    index = ImageNames(Image(path, 1, 1) for path in known)
    found = [image.path for image in index.find(name)]
    assert set(found) <= set(known)
    assert len(found) == len(set(found))


@given(st.lists(paths, min_size=1, max_size=8, unique=True), st.data())
def test_the_path_of_an_image_finds_that_image_alone(known: list[str], data: st.DataObject) -> None:
    distinct = {path for path in known if not {".", ".."} & set(path.split("/"))}
    index = ImageNames(Image(f"{path}.jpg", 1, 1) for path in sorted(distinct))
    for path in distinct:
        (found,) = index.find(f"{path}.jpg")
        assert found in index.find(found.path)


@given(st.text(string.ascii_letters + "-", min_size=1), st.text(string.ascii_letters + "._-"))
def test_a_pattern_gives_back_what_a_name_was_made_of(grader: str, image: str) -> None:
    name = f"{grader}_{image}i.json"
    named = read_name("{grader}_{image}", name, name)
    assert (named.grader, named.image) == (grader, f"{image}i")


cells = st.sampled_from(("a.jpg", "b.jpg", "image", "width", "9", "", '"', "é", "x y")) | st.text(
    max_size=4
)


@given(
    st.lists(st.lists(cells, max_size=4), max_size=6),
    st.sampled_from(",;\t"),
    st.sampled_from(("utf-8", "utf-16", "cp1252")),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_any_table_is_read_or_refused(rows, delimiter: str, encoding: str, strict: bool) -> None:
    lines = [["image", "width", "height"], *rows] if rows else []
    text = "\n".join(delimiter.join(row) for row in lines)
    with TemporaryDirectory() as folder:
        path = Path(folder, "m.csv")
        path.write_bytes(text.encode(encoding, "replace"))
        known = ImageNames([Image("a.jpg", 1, 1), Image("x/b.jpg", 1, 1), Image("b.png", 1, 1)])
        try:
            manifest = read_manifest(path, Columns(), known, strict=strict)
        except Refusal:
            return
        data_rows = read_csv_text(path).rows
    assert len({row.path for row in manifest.rows}) == len(manifest.rows)
    assert len(manifest.rows) <= len(data_rows)


@given(st.binary(max_size=100))
@settings(deadline=None)
def test_any_bytes_as_a_manifest_are_read_or_refused(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "m.csv")
        path.write_bytes(content)
        try:
            read_manifest(path, Columns(), ImageNames())
        except Refusal:
            return
