"""The same gradings written in four formats come back as the same regions and answers."""

import string
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.domain.grading import Grading, Origin, Role, Status
from engine.domain.image import Image
from engine.formats.brush import encoded_brush, painted
from engine.formats.pixels import region_of_runs
from engine.regions.outline import region_of_mask
from engine.regions.rasterise import rasterise
from engine.regions.repair import clip, repair_ring, unite
from engine.regions.runs import runs_of_mask
from tests.exchange import WRITERS, answers, by_reading, distance, read, write

IMAGE = Image("photos/a.jpg", 23, 17)
LARGE = Image("b.png", 6000, 4000)


@st.composite
def drawn_regions(draw: st.DrawFn, image: Image) -> tuple:
    across = st.floats(0, image.width).map(lambda x: round(x, 6))
    down = st.floats(0, image.height).map(lambda y: round(y, 6))
    rings = draw(st.lists(st.lists(st.tuples(across, down), min_size=3, max_size=8), max_size=3))
    parts = [part for points in rings for part in repair_ring(points)[0]]
    region, _ = clip(unite(parts), width=image.width, height=image.height)
    return unite(part for part in region if not part.holes)


painted_regions = arrays(bool, IMAGE.size[::-1]).map(region_of_mask)
names = st.text(string.ascii_letters + " é@.-/\\<&\"'", min_size=1, max_size=8).map(str.strip)
notes = st.text(string.printable.replace("\r", "").replace("\x0b", "").replace("\x0c", ""))


def gradings_of(regions: st.SearchStrategy, image: Image) -> st.SearchStrategy:
    one = st.builds(
        Grading,
        image=st.just(image.path),
        grader=names.filter(bool),
        visible=st.booleans(),
        roi_count=st.integers(0, 9),
        region=regions,
        status=st.sampled_from(Status),
        origin=st.just(Origin.IMPORTED),
        role=st.sampled_from(Role),
        note=notes,
        problem=st.sampled_from(("", "blurred", "wrong_picture", "identifying_detail")),
    )
    return st.lists(one, max_size=4, unique_by=lambda grading: (grading.grader, grading.role))


@pytest.mark.parametrize("name", WRITERS)
@given(data=st.data(), image=st.sampled_from((IMAGE, LARGE)))
@settings(max_examples=25, deadline=None)
def test_drawn_regions_come_back_within_a_hundredth_of_a_pixel(name, data, image) -> None:
    gradings = data.draw(gradings_of(drawn_regions(image), image))
    with TemporaryDirectory() as folder:
        assert write(name, gradings, Path(folder), image) == []
        found, _ = read(name, Path(folder), image)
    expected, got = by_reading(gradings), by_reading(found)
    assert got.keys() == expected.keys()
    assert len(found) == len(gradings)
    for key, grading in expected.items():
        assert distance(got[key].region, grading.region) < 1e-6
        assert answers(got[key]) == answers(grading)


@pytest.mark.parametrize("name", WRITERS)
@given(gradings_of(painted_regions, IMAGE))
@settings(max_examples=30, deadline=None)
def test_regions_of_masks_come_back_exact_to_the_pixel_holes_and_all(name, gradings) -> None:
    with TemporaryDirectory() as folder:
        assert write(name, gradings, Path(folder), IMAGE) == []
        found, _ = read(name, Path(folder), IMAGE)
    got = by_reading(found)
    for key, grading in by_reading(gradings).items():
        size = {"width": IMAGE.width, "height": IMAGE.height}
        assert rasterise(got[key].region, **size) == rasterise(grading.region, **size)


@given(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 300)), fill=st.just(0)))
@settings(max_examples=60, deadline=None)
def test_a_brush_comes_back_as_it_was_painted(values: np.ndarray) -> None:
    mask = values > 128
    bounds = np.flatnonzero(np.diff(mask.ravel(), prepend=False))
    lengths = np.diff(bounds, prepend=0, append=mask.size).tolist()
    height, width = mask.shape
    alpha = np.repeat(*painted(encoded_brush(lengths), width=width, height=height))
    alpha = alpha.reshape(height, width)
    assert np.array_equal(alpha == 255, mask)
    assert set(np.unique(alpha)) <= {0, 255}


@given(arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_runs_become_the_region_of_their_mask(mask: np.ndarray) -> None:
    assert region_of_runs(runs_of_mask(mask)) == region_of_mask(mask)
