"""What holds of any picture and of any damage to its file."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from engine.domain.problem import Refusal
from engine.images.decode import decode
from engine.images.encode import encode_png
from engine.images.probe import probe

SIZES = st.tuples(st.integers(1, 12), st.integers(1, 12))
quick = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quick
@given(pixels=SIZES.flatmap(lambda size: arrays(np.uint8, (*size, 3))))
def test_what_is_encoded_is_decoded_again(tmp_path: Path, pixels):
    path = tmp_path / "a.png"
    path.write_bytes(encode_png(pixels))
    assert np.array_equal(decode(path), pixels)
    assert probe(path) == (pixels.shape[1], pixels.shape[0])


@quick
@given(pixels=SIZES.flatmap(lambda size: arrays(np.uint8, (*size, 4))))
def test_alpha_only_ever_darkens(tmp_path: Path, pixels):
    path = tmp_path / "a.png"
    Image.fromarray(pixels).save(path)
    colour, alpha = pixels[..., :3], pixels[..., 3:] / 255
    assert np.array_equal(decode(path), np.rint(colour * alpha))


@quick
@given(values=SIZES.flatmap(lambda size: arrays(np.uint16, size)))
def test_sixteen_bits_keep_their_order(tmp_path: Path, values):
    path = tmp_path / "a.tif"
    Image.fromarray(values).save(path)
    assert np.array_equal(decode(path)[..., 0], np.rint(values.astype(float) * 255 / 65535))


def files():
    y, x = np.mgrid[:24, :32]
    picture = Image.fromarray(np.stack([x * 7, y * 9, x + y], axis=-1).astype(np.uint8))
    exif = Image.Exif()
    exif[274] = 6
    for kind in ("JPEG", "PNG", "TIFF", "GIF", "WEBP", "AVIF", "BMP", "PPM", "JPEG2000"):
        buffer = io.BytesIO()
        picture.save(buffer, kind, **({} if kind in ("GIF", "BMP", "PPM") else {"exif": exif}))
        yield kind, buffer.getvalue()


FILES = dict(files())


@pytest.mark.parametrize("kind", FILES)
@settings(quick, max_examples=40)
@given(data=st.data())
def test_damaged_bytes_give_a_refusal_or_the_size_that_was_probed(tmp_path, kind, data):
    whole = FILES[kind]
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / f"a.{kind.lower()}"
    path.write_bytes(bytes(damaged))
    try:
        pixels = decode(path)
    except Refusal:
        return
    assert probe(path) == (pixels.shape[1], pixels.shape[0])
