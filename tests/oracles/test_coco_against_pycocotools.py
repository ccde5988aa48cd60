"""COCO run lengths against pycocotools, compressed and plain, and whole files through its API."""

import json

import numpy as np
import pytest
from pycocotools import mask as oracle

from engine.formats.annotations import read_each
from engine.formats.names import ImageNames
from engine.formats.options import ImportOptions
from engine.formats.rle import region_of_lengths
from engine.formats.sources import find_sources
from engine.regions.rasterise import rasterise

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def mask_of(encoded: dict, size: tuple[int, int]) -> np.ndarray:
    width, height = size
    return rasterise(region_of_lengths(encoded, size), width=width, height=height).to_mask()


def masks() -> list[np.ndarray]:
    random = np.random.default_rng(7)
    sizes = [(1, 1), (1, 9), (9, 1), (8, 10), (97, 61), (300, 200)]
    noise = [random.random(size) < share for size in sizes for share in (0.02, 0.5, 0.98)]
    plain = [np.full(size, value) for size in sizes for value in (False, True)]
    rows, columns = np.mgrid[:700, :900]
    disc = (rows - 350) ** 2 + (columns - 450) ** 2 < 300**2
    return [*noise, *plain, disc]


@pytest.mark.parametrize("mask", masks(), ids=lambda mask: f"{mask.shape} {mask.mean():.2f}")
def test_compressed_run_lengths_decode_as_pycocotools_encoded_them(mask) -> None:
    encoded = oracle.encode(np.asfortranarray(mask, np.uint8))
    height, width = mask.shape
    text = {"size": encoded["size"], "counts": encoded["counts"].decode()}
    assert np.array_equal(mask_of(text, (width, height)), mask)


@pytest.mark.parametrize("mask", masks(), ids=lambda mask: f"{mask.shape} {mask.mean():.2f}")
def test_plain_run_lengths_decode_as_pycocotools_decodes_them(mask) -> None:
    height, width = mask.shape
    column_major = mask.ravel(order="F")
    turns = np.flatnonzero(np.diff(column_major, prepend=False))
    counts = np.diff(np.concatenate(([0], turns, [mask.size]))).tolist()
    plain = {"size": [height, width], "counts": counts}
    decoded = oracle.decode(oracle.frPyObjects(plain, height, width)).astype(bool)
    assert np.array_equal(mask_of(plain, (width, height)), decoded)
    assert np.array_equal(decoded, mask)


def test_a_file_of_run_lengths_gives_the_union_that_pycocotools_merges(tmp_path) -> None:
    random = np.random.default_rng(3)
    drawn = [random.random((40, 50)) < 0.1 for _ in range(4)]
    encoded = [oracle.encode(np.asfortranarray(mask, np.uint8)) for mask in drawn]
    entries = [
        {"id": n, "image_id": 1, "segmentation": {**e, "counts": e["counts"].decode()}}
        for n, e in enumerate(encoded)
    ]
    images = [{"id": 1, "file_name": "a.jpg", "width": 50, "height": 40}]
    document = {"images": images, "annotations": entries, "categories": []}
    (tmp_path / "c.json").write_text(json.dumps(document))
    options = ImportOptions(grader="g")
    (parsed,) = read_each(find_sources([tmp_path], options).annotations, options, ImageNames())
    region = parsed.gradings[0].region
    merged = oracle.decode(oracle.merge(encoded)).astype(bool)
    assert np.array_equal(rasterise(region, width=50, height=40).to_mask(), merged)
