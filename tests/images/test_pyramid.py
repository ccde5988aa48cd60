"""A picture's levels: the picture itself, and exact means of it."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import ExifTags, Image

from engine.domain.problem import Refusal
from engine.images.decode import decode, decode_bytes
from engine.images.encode import encode_png, encode_webp
from engine.images.pyramid import SMALLEST_SIDE, load_pyramid, pyramid_of


def _noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def _naive_half(level):
    """Return the rounded mean of each block of pixels that are there, one block at a time."""
    height, width = level.shape[:2]
    half = np.empty((-(-height // 2), -(-width // 2), 4), dtype=np.uint8)
    for row, column in np.ndindex(half.shape[:2]):
        block = level[2 * row : 2 * row + 2, 2 * column : 2 * column + 2].reshape(-1, 4)
        half[row, column] = (2 * block.sum(axis=0, dtype=int) + len(block)) // (2 * len(block))
    return half


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (257, 3), (131, 517), (260, 65), (128, 512)])
def test_each_level_is_the_rounded_mean_of_the_one_below(size):
    levels = pyramid_of(_noise(*size)).levels
    for below, level in pairwise(levels):
        assert np.array_equal(level, _naive_half(below))


def test_the_first_level_is_the_picture_in_the_order_of_a_window():
    pixels = _noise(70, 131)
    whole = pyramid_of(pixels).levels[0]
    assert np.array_equal(whole[..., 2::-1], pixels)
    assert (whole[..., 3] == 255).all()


def test_halving_ends_where_no_side_is_long():
    levels = pyramid_of(_noise(300, 1100)).levels
    assert [level.shape[:2] for level in levels] == [(300, 1100), (150, 550), (75, 275), (38, 138)]
    assert max(levels[-1].shape) <= SMALLEST_SIDE < max(levels[-2].shape)


def test_a_small_picture_is_one_level():
    pyramid = pyramid_of(_noise(5, SMALLEST_SIDE))
    assert len(pyramid.levels) == 1
    assert (pyramid.width, pyramid.height, pyramid.nbytes) == (SMALLEST_SIDE, 5, 4 * 5 * 256)


def test_levels_can_be_shown_without_a_copy_and_not_be_written():
    for level in pyramid_of(_noise(90, 517)).levels:
        assert level.flags.c_contiguous
        assert level.dtype == np.uint8
        assert not level.flags.writeable


def test_a_file_gives_the_pyramid_of_its_decoded_pixels(tmp_path):
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.fromarray(_noise(200, 333)).save(path, exif=exif)
    ours, expected = load_pyramid(path), pyramid_of(decode(path))
    assert (ours.width, ours.height) == (200, 333)
    assert all(map(np.array_equal, ours.levels, expected.levels))


def test_a_file_that_is_no_picture_is_refused_by_name(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"no picture")
    with pytest.raises(Refusal) as refused:
        load_pyramid(path)
    assert refused.value.problem.where == str(path)


def test_bytes_give_the_same_pixels_as_their_file(tmp_path):
    path = tmp_path / "a.webp"
    path.write_bytes(encode_webp(_noise(31, 45)))
    pixels = decode_bytes(path.read_bytes(), "a.webp")
    assert np.array_equal(pixels, decode(path))
    assert not pixels.flags.writeable


def test_bytes_of_a_packet_come_back_exactly():
    pixels = _noise(31, 45)
    assert np.array_equal(decode_bytes(encode_png(pixels), "a.png"), pixels)


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "image_empty"), (b"x" * 50, "image_unknown"), (None, "cut")]
)
def test_bytes_without_a_whole_picture_are_refused_by_name(content, code):
    if content is None:
        content, code = encode_png(_noise(31, 45))[:-900], "image_damaged"
    with pytest.raises(Refusal) as refused:
        decode_bytes(content, "patient 1.png")
    assert refused.value.problem.code == code
    assert refused.value.problem.where == "patient 1.png"
