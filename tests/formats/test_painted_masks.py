"""Masks painted in labelme: a PNG in base64 between two corners."""

import base64
import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image as Picture

from engine.domain.image import Image
from engine.domain.problem import Severity
from engine.regions.rasterise import rasterise

PHOTO = Image("a.jpg", 10, 8, digest="0" * 64)
PAINTED = np.array([[1, 1, 0], [1, 0, 1]], bool)


def png(values: np.ndarray, mode: str = "L") -> str:
    buffer = io.BytesIO()
    Picture.fromarray(values.astype(np.uint8)).convert(mode).save(buffer, format="PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def png_claiming(width: int, height: int) -> str:
    """A PNG of a few bytes whose header claims a size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0" * 9)), chunk(b"IEND", b"")]
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


def shape(mask: object, points: object) -> dict:
    return {"label": "x", "shape_type": "mask", "points": points, "mask": mask}


def pixels(parsed: list) -> np.ndarray:
    (grading,) = [grading for file in parsed for grading in file.gradings]
    return rasterise(grading.region, width=10, height=8).to_mask()


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGB"])
def test_a_painted_mask_is_exact_to_the_pixel_where_its_corners_say(
    write, read, make, mode
) -> None:
    write("a.json", make.labelme(shape(png(PAINTED * 255, mode), [[4, 3], [6, 4]])))
    expected = np.zeros((8, 10), bool)
    expected[3:5, 4:7] = PAINTED
    parsed = read(PHOTO, grader="g")
    assert np.array_equal(pixels(parsed), expected)
    assert parsed[0].problems == ()


def test_a_mask_of_ones_is_as_good_as_of_255_and_a_moved_one_is_rounded(write, read, make) -> None:
    write("a.json", make.labelme(shape(png(PAINTED), [[4.4, 2.6], [6.4, 3.6]])))
    expected = np.zeros((8, 10), bool)
    expected[3:5, 4:7] = PAINTED
    assert np.array_equal(pixels(read(PHOTO, grader="g")), expected)


@pytest.mark.parametrize("block", [1, 7])
def test_a_mask_looked_at_in_strips_is_the_same(write, read, make, monkeypatch, block) -> None:
    monkeypatch.setattr("engine.formats.painted.BLOCK", block)
    mask = np.random.default_rng(1).random((8, 10)) < 0.6
    write("a.json", make.labelme(shape(png(mask), [[0, 0], [9, 7]])))
    assert np.array_equal(pixels(read(PHOTO, grader="g")), mask)


def test_what_a_mask_paints_outside_the_image_is_cut_off(write, read, make) -> None:
    write("a.json", make.labelme(shape(png(np.ones((4, 4))), [[8, -2], [11, 1]])))
    parsed = read(PHOTO, grader="g")
    assert pixels(parsed).sum() == 2 * 2
    assert "outside the image" in parsed[0].problems[0].message


@pytest.mark.parametrize(
    ("mask", "points", "said"),
    [
        (png(PAINTED), [[4, 3], [9, 4]], "corners"),
        (png(PAINTED), [[4, 3]], "two corners"),
        (png(PAINTED), [[4, 3], [float("nan"), 4]], "not finite"),
        (png(PAINTED)[:40], [[4, 3], [6, 4]], "damaged"),
        (png(PAINTED * 0), [[4, 3], [6, 4]], "nothing is painted"),
        ("no base64 *", [[4, 3], [6, 4]], "base64"),
        ("é", [[4, 3], [6, 4]], "base64"),
        (base64.b64encode(b"GIF89a").decode(), [[4, 3], [6, 4]], "not an image"),
        (None, [[4, 3], [6, 4]], "picture"),
        ([1, 0], [[4, 3], [6, 4]], "picture"),
        (png_claiming(50_000, 50_000), [[0, 0], [49_999, 49_999]], "million pixels"),
        (png_claiming(12_000, 12_000), [[0, 0], [11_999, 11_999]], "million pixels"),
        (png_claiming(50, 50), [[0, 0], [49, 49]], "damaged"),
    ],
)
def test_a_mask_that_cannot_be_used_is_left_out_alone_and_costs_no_memory(
    write, read, make, mask, points, said
) -> None:
    square = make.shape([[1, 1], [5, 1], [5, 4], [1, 4]])
    write("a.json", make.labelme(shape(mask, points), square))
    tracemalloc.start()
    parsed = read(PHOTO, grader="g")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert pixels(parsed).sum() == 12
    (problem,) = parsed[0].problems
    assert (problem.code, problem.severity) == ("annotation_left_out", Severity.WARNING)
    assert said in problem.message
    assert peak < 20 * 2**20
