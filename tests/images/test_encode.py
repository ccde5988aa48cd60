"""PNG and JPEG files that leave the study."""

import io

import numpy as np
import pytest
from PIL import Image

from engine.images.decode import decode
from engine.images.encode import LONGEST_JPEG, encode_jpeg, encode_png


def chunks_of(png):
    at, kinds = 8, []
    while at < len(png):
        kinds.append(png[at + 4 : at + 8])
        at += 12 + int.from_bytes(png[at : at + 4])
    return kinds


def segments_of(jpeg):
    """Return the markers of a JPEG file before its scan."""
    at, markers = 2, []
    while jpeg[at + 1] != 0xDA:
        markers.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return markers


def test_a_png_gives_back_its_pixels(scene, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(encode_png(scene))
    assert np.array_equal(decode(path), scene)


def test_a_png_holds_nothing_but_pixels(scene):
    assert set(chunks_of(encode_png(scene))) == {b"IHDR", b"IDAT", b"IEND"}


def test_the_same_pixels_give_the_same_bytes(scene):
    assert encode_png(scene) == encode_png(scene.copy())
    turned = np.ascontiguousarray(scene[::-1])
    assert encode_png(scene[::-1]) == encode_png(turned)
    turned.setflags(write=False)
    with Image.open(io.BytesIO(encode_png(turned))) as picture:
        assert picture.info == {}


def test_a_jpeg_gives_back_its_pixels_nearly(scene, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(encode_jpeg(scene))
    assert abs(decode(path).astype(int) - scene).max() <= 4


def test_a_jpeg_keeps_the_edge_of_a_colour_where_it_is():
    scene = np.full((16, 17, 3), (200, 120, 120), np.uint8)
    scene[:, 9:] = (120, 160, 200)
    with Image.open(io.BytesIO(encode_jpeg(scene))) as picture:
        decoded = np.asarray(picture).astype(int)
    assert abs(decoded - scene).max() <= 12


def test_a_jpeg_holds_nothing_but_pixels(scene):
    jfif, tables, frame, huffman = 0xE0, 0xDB, 0xC0, 0xC4
    assert set(segments_of(encode_jpeg(scene))) == {jfif, tables, frame, huffman}


def test_the_longest_side_of_a_jpeg_is_the_encoder_s():
    assert encode_jpeg(np.zeros((1, LONGEST_JPEG, 3), np.uint8))
    with pytest.raises(OSError, match="broken data stream"):
        encode_jpeg(np.zeros((1, LONGEST_JPEG + 1, 3), np.uint8))
