"""Whatever graders say, an export and an import bring it back; any file is read or told."""

import base64
import io
import json
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image as Picture

from engine.domain.grading import Grading, Origin, Role, Status
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.domain.problem import Refusal
from engine.formats.annotations import read_each
from engine.formats.exporting import GradedImage
from engine.formats.file_names import FreeNames, safe_path
from engine.formats.holes import without_holes
from engine.formats.names import ImageNames
from engine.formats.options import ImportOptions
from engine.formats.outlines import Unusable
from engine.formats.sources import AnnotationFile
from engine.formats.wkt import wkt_area, wkt_of
from engine.formats.writers import WRITERS, export_gradings
from engine.regions.outline import region_of_mask
from engine.regions.rasterise import rasterise
from engine.regions.repair import clip, even_odd, unite
from tests.round_trip import distance, graded, round_trip, shape_of, square

IMAGE = Image("photos/a.jpg", 23, 17)

inside = st.tuples(st.floats(0, 23), st.floats(0, 17))
rings = st.lists(inside, min_size=3, max_size=6)
painted = arrays(bool, (17, 23)).map(region_of_mask)


def is_resolved(polygon: Polygon) -> bool:
    """Say whether a polygon has no part and no hole, not even a spike, that is next to nothing."""
    shape = shape_of([polygon])
    coarse = shape.buffer(-1e-6).buffer(2e-6).buffer(-1e-6)
    if not shape.buffer(-1e-3).area:
        return False
    return shapely.hausdorff_distance(coarse.boundary, shape.boundary) < 1e-2


@st.composite
def drawn(draw: st.DrawFn) -> tuple:
    """Regions off the grid, some with holes, none with parts finer than numbers resolve."""
    found = draw(st.lists(rings, max_size=3))
    rounded = [[(round(x, 3), round(y, 3)) for x, y in points] for points in found]
    if rounded and draw(st.booleans()):
        rounded.append([(0, 0), (23, 0), (23, 17), (0, 17)])  # what was drawn becomes holes
    region, _ = clip(even_odd(rounded), width=23, height=17)
    return unite(filter(is_resolved, region))


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
letters = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.just("\n"), max_size=12)
"""What XML can hold."""


def gradings(
    regions: st.SearchStrategy, texts: st.SearchStrategy[str] = texts
) -> st.SearchStrategy:
    """Gradings as they are in a study, each grader's at most once in a role."""
    done = st.builds(
        Grading,
        image=st.just(IMAGE.path),
        grader=texts.map(str.strip).filter(bool),
        visible=st.booleans(),
        roi_count=st.integers(0, 9),
        region=regions,
        status=st.sampled_from(Status),
        origin=st.just(Origin.IMPORTED),
        role=st.sampled_from(Role),
        note=texts,
        problem=st.sampled_from(("", "blurred", "wrong_picture", "identifying_detail")),
    )
    unfinished = done.map(lambda g: replace(g, visible=None, roi_count=None, status=Status.STARTED))
    empty = done.map(lambda g: replace(g, visible=None, roi_count=None, region=()))
    return st.lists(
        done | unfinished | empty,
        max_size=4,
        unique_by=lambda grading: (grading.grader, grading.role),
    )


@given(gradings(painted | drawn()))
@settings(max_examples=30, deadline=None)
def test_csv_brings_back_every_bit(sent: list[Grading]) -> None:
    with TemporaryDirectory() as folder:
        trip = round_trip("csv", graded([IMAGE], sent), Path(folder))
    assert trip.gradings == sent
    assert trip.losses == []
    assert {problem.code for problem in trip.problems} <= {"annotation_changed"}


@pytest.mark.parametrize("name", sorted(WRITERS.keys() - {"csv", "mask"}))
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_every_answer_comes_back_and_regions_to_the_last_digits(name: str, data) -> None:
    sent = data.draw(gradings(drawn(), letters if name == "cvat" else texts))
    with TemporaryDirectory() as folder:
        back = round_trip(name, graded([IMAGE], sent), Path(folder)).by_reading()
    assert len(back) == len(sent)
    for meant in sent:
        found = back[meant.image, meant.grader, meant.role]
        assert replace(found, region=()) == replace(meant, region=())
        assert distance(found.region, meant.region) < 1e-8


@pytest.mark.parametrize("name", sorted(WRITERS))
@given(region=painted)
@settings(max_examples=20, deadline=None)
def test_painted_regions_come_back_exact_to_the_pixel(name: str, region) -> None:
    count = len(region) or None
    sent = Grading(IMAGE.path, "ann", True if region else None, count, region)
    with TemporaryDirectory() as folder:
        (back,) = round_trip(name, graded([IMAGE], [sent]), Path(folder)).gradings
    assert rasterise(back.region, width=23, height=17) == rasterise(region, width=23, height=17)
    assert back.roi_count == count


@given(drawn() | painted)
@settings(max_examples=100, deadline=None)
def test_a_polygon_cut_open_is_the_polygon_again(region: tuple) -> None:
    for polygon in region:
        parts = without_holes(polygon)
        assert not any(part.holes for part in parts)
        assert sum(shape_of([part]).area for part in parts) == pytest.approx(
            shape_of([polygon]).area, abs=1e-9
        )
        assert distance(unite(parts), (polygon,)) < 1e-9


@given(st.lists(st.text(max_size=12) | st.text("./\\aA:", max_size=8), max_size=12))
def test_names_stay_inside_and_apart_whatever_they_are(given_names: list[str]) -> None:
    names = FreeNames()
    taken = [names.take(name, ".json") for name in given_names]
    folded = [path.casefold() for path in taken]
    assert len(set(folded)) == len(folded)
    for path in taken:
        assert ".." not in path.split("/")
        assert not path.startswith("/")
        assert all(path.split("/"))
        assert not any(other.startswith(f"{path.casefold()}/") for other in folded)
        path.encode()
    assert all(safe_path(safe_path(name)) == safe_path(name) for name in given_names)


numbers = st.floats() | st.integers() | st.sampled_from((1e308, 10**400, -0.0, 2**63))
leaves = st.none() | st.booleans() | numbers | st.text(max_size=6)
values = st.recursive(
    leaves, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=5), v, max_size=3)
)


@lru_cache
def documents() -> dict[str, Any]:
    """A good file of each format, as text."""
    holed = (Polygon(ring([(1, 1), (9, 2), (8, 9)])), square(10, 3, 6, hole=2))
    sent = Grading(IMAGE.path, "ann", True, 2, holed, note="n", problem="blurred")
    written = {}
    for name in ("csv", "coco", "labelme"):
        with TemporaryDirectory() as folder:
            list(export_gradings([GradedImage(IMAGE, (sent,))], Path(folder), format=name))
            (path,) = (path for path in Path(folder).rglob("*") if path.is_file())
            written[name] = path.read_text(encoding="utf-8")
    buffer = io.BytesIO()
    Picture.fromarray(np.eye(3, dtype=np.uint8)).save(buffer, format="PNG")
    mask = {"shape_type": "mask", "points": [[1, 1], [3, 3]]}
    labelme = json.loads(written["labelme"])
    labelme["shapes"].append({**mask, "mask": base64.b64encode(buffer.getvalue()).decode()})
    coco = json.loads(written["coco"])
    lengths = {"size": [17, 23], "counts": "PQ02M"}
    coco["annotations"] += [
        {"id": 8, "image_id": 1, "segmentation": lengths, "iscrowd": 1},
        {"id": 9, "image_id": 1, "segmentation": {**lengths, "counts": [300, 91]}},
    ]
    return {"csv": written["csv"], "labelme": labelme, "coco": coco}


def places(value: object, at: tuple = ()) -> list[tuple]:
    """All places in a document."""
    if isinstance(value, dict):
        return [at, *chain.from_iterable(places(v, (*at, k)) for k, v in value.items())]
    if isinstance(value, list):
        return [at, *chain.from_iterable(places(v, (*at, k)) for k, v in enumerate(value))]
    return [at]


def changed(value: Any, at: tuple, new: object) -> Any:
    if not at:
        return new
    copy = value.copy()
    copy[at[0]] = changed(value[at[0]], at[1:], new)
    return copy


def read(content: bytes, suffix: str, kind: str) -> None:
    """Read a file that holds anything; only gradings that fit, problems and refusals come out."""
    with TemporaryDirectory() as folder:
        path = Path(folder, f"f{suffix}")
        path.write_bytes(content)
        source = AnnotationFile(path, Path(folder), kind)
        try:
            (parsed,) = read_each([source], ImportOptions(), ImageNames([IMAGE]))
        except Refusal:
            return
    for grading in parsed.gradings:
        assert isinstance(grading.visible, bool | None)
        assert grading.roi_count is None or 0 <= grading.roi_count <= 1_000_000
        assert shape_of(grading.region).is_valid
        json.dumps([grading.note, grading.problem, grading.grader]).encode()
        for polygon in grading.region:
            assert np.isfinite(polygon.exterior).all()
    for problem in parsed.problems:
        assert problem.message
        assert problem.remedy


@pytest.mark.parametrize("name", ["labelme", "coco"])
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_document_changed_anywhere_is_read_or_told(name: str, data: st.DataObject) -> None:
    document = documents()[name]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.sampled_from(places(document)))
        document = changed(document, at, data.draw(values))
    read(json.dumps(document).encode(), ".json", "json")


@pytest.mark.parametrize("name", ["labelme", "coco", "csv"])
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_file_with_any_bytes_changed_or_cut_off_is_read_or_told(name: str, data) -> None:
    document = documents()[name]
    text = document if isinstance(document, str) else json.dumps(document)
    encoding = data.draw(st.sampled_from(("utf-8", "utf-16", "utf-32", "latin-1", "cp500")))
    content = bytearray(text.encode(encoding, "replace"))
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(content)) | st.just(len(content)))
    suffix, kind = (".csv", "csv") if name == "csv" else (".json", "json")
    read(bytes(content[:end]), suffix, kind)


cells = st.sampled_from(
    ("", "ann", IMAGE.path, "true", "maybe", "-1", "1e400", "done", "repeat", "blurred", "=1", '"')
) | st.text(max_size=8)
wkts = st.builds(
    "{} (({}))".format,
    st.sampled_from(("POLYGON", "MULTIPOLYGON (", "polygon z", "MULTIPOLYGON EMPTY", "POINT")),
    st.lists(numbers.map(str), max_size=9).map(" ".join) | st.just("0 0, 9 9, 9 0, 0 9, 0 0"),
)


@given(st.lists(st.lists(cells | wkts, min_size=9, max_size=9), max_size=5))
@settings(max_examples=150, deadline=None)
def test_rows_of_anything_are_read_or_told(rows: list[list[str]]) -> None:
    header = "image,grader,visible,roi_count,status,role,note,problem,region"
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    read("\n".join([header, *quoted]).encode("utf-8", "replace"), ".csv", "csv")


@given(wkts | st.text(max_size=30) | st.text("POLYGN MUTI(),0123456789.-eninf", max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_region_or_unusable(text: str) -> None:
    try:
        region, _ = wkt_area(text)
    except Unusable:
        return
    if "EMPTY" not in text.upper():
        assert shape_of(region).area > 0
        assert wkt_area(wkt_of(region))[0] == region
