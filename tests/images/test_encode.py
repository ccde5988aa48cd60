"""PNG files that leave the study."""

import io

import numpy as np
from PIL import Image

from engine.images.decode import decode
from engine.images.encode import encode_png


def chunks_of(png):
    at, kinds = 8, []
    while at < len(png):
        kinds.append(png[at + 4 : at + 8])
        at += 12 + int.from_bytes(png[at : at + 4])
    return kinds


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
