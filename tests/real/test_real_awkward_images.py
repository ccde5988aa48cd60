"""Every awkward file does what its row of the index says; other real photographs decode."""

import csv
import hashlib
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from engine.domain.problem import Refusal
from engine.images.decode import decode
from engine.images.digest import digest_of
from engine.images.encode import encode_png
from engine.images.formats import IMAGE_SUFFIXES
from engine.images.probe import probe
from engine.images.refusals import MAX_PIXELS

pytestmark = pytest.mark.real

INDEX = Path(__file__).parents[3] / "shared" / "data" / "awkward" / "index.csv"

REFUSED = {
    "broken/truncated_jpeg.jpg": "image_damaged",
    "broken/broken_data_stream.png": "image_damaged",
    "broken/broken.png": "image_unknown",
    "huge/decompression_bomb.gif": "image_too_large",
    "huge/200MP.heic": "image_too_large",
    "heic/corrupted.heic": "image_damaged",
    "heic/empty.heic": "image_empty",
    "dicom/MR_truncated.dcm": "image_damaged",
}

# (width, height), a pixel (x, y) -> colour within 6 levels
SHOWN = {
    "exif_orientation/Portrait_6.jpg": ((1200, 1800), {}),
    "exif_orientation/orientation_rectangle.jpg": ((1, 2), {}),
    "color/pil_sample_cmyk.jpg": ((100, 100), {(0, 0): (255, 13, 25), (99, 99): (4, 4, 4)}),
    "color/hopper.Lab.tif": ((128, 128), {}),
    "color/transparent.png": ((200, 150), {(0, 0): (0, 0, 0)}),
    "color/pil123rgba.png": ((162, 150), {(0, 0): (0, 0, 0)}),
    "color/p_16.png": ((128, 128), {(2, 2): (255, 0, 0)}),
    "depth16/tiff_16bit_RGB.tiff": ((100, 40), {}),
    "format/test-card-lossless.jp2": ((640, 480), {}),
    "format/flower.webp": ((480, 360), {}),
    "format/multipage.tiff": ((10, 10), {(0, 0): (0, 128, 0)}),
    "format/tiff_strip_cmyk_jpeg.tif": ((100, 100), {(0, 0): (255, 13, 25)}),
    "broken/empty_gps_ifd.jpg": ((10, 10), {}),
    "privacy/exif_gps.jpg": ((8, 8), {(4, 4): (0, 0, 0)}),
    "heic/pug.heic": ((4032, 3024), {}),
    "heic/empty_icc.heic": ((1025, 900), {}),
    "heic/RGB_10__128x128.heif": (
        (128, 128),
        {(0, 0): (0, 0, 255), (127, 127): (255, 255, 0)},
    ),
    "depth16/RGB_16__128x128.png": (
        (128, 128),
        {(0, 0): (0, 0, 255), (127, 127): (254, 254, 1)},
    ),
    "depth16/L_16__128x128.png": ((128, 128), {(64, 0): (255,) * 3, (64, 127): (0,) * 3}),
    "depth16/RGBA_16__29x100.png": ((29, 100), {}),
    "dicom/SC_rgb_jpeg_dcmtk.dcm": ((100, 100), {(50, 5): (255, 0, 0), (50, 25): (0, 255, 0)}),
    "dicom/SC_rgb_small_odd.dcm": ((3, 3), {}),
    "dicom/examples_rgb_color.dcm": ((320, 240), {}),
    "dicom/examples_palette.dcm": ((800, 350), {}),
    "dicom/SC_ybr_full_422_uncompressed.dcm": (
        (100, 100),
        {(50, 5): (255, 0, 0), (50, 25): (0, 255, 0)},
    ),
}


def index_rows():
    if not INDEX.is_file():
        return []
    with INDEX.open(newline="", encoding="utf-8") as table:
        return [row["file"] for row in csv.DictReader(table)]


@pytest.fixture(scope="session")
def awkward(real_data):
    return real_data / "awkward"


@pytest.mark.parametrize("name", index_rows())
def test_each_file_decodes_as_probed_or_is_refused_by_name_and_is_left_as_it_was(awkward, name):
    path = awkward / name
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    if name in REFUSED:
        with pytest.raises(Refusal) as caught:
            decode(path)
        assert caught.value.problem.code == REFUSED[name]
        assert caught.value.problem.where == str(path)
    else:
        pixels = decode(path)
        assert (pixels.dtype, pixels.ndim, pixels.shape[2]) == (np.uint8, 3, 3)
        assert probe(path) == (pixels.shape[1], pixels.shape[0])
        assert digest_of(path) == before
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


@pytest.mark.parametrize("name", SHOWN)
def test_the_picture_has_its_upright_size_and_its_colours(awkward, name):
    size, colours = SHOWN[name]
    pixels = decode(awkward / name)
    assert (pixels.shape[1], pixels.shape[0]) == size
    for (x, y), colour in colours.items():
        assert np.abs(pixels[y, x].astype(int) - colour).max() <= 6, (x, y)


def test_all_orientations_of_the_landscape_show_the_same_upright_picture(awkward):
    paths = sorted((awkward / "exif_orientation").glob("Landscape_?.jpg"))
    pictures = [decode(path).astype(int) for path in paths]
    assert len(pictures) >= 7
    assert {picture.shape for picture in pictures} == {(1200, 1800, 3)}
    for picture in pictures[1:]:
        difference = np.abs(picture - pictures[0])
        difference[500:700, 800:1000] = 0  # each shows its own number in the middle
        assert difference.mean() < 4
        assert np.abs(picture[:, ::-1] - pictures[0]).mean() > 20


def test_words_and_colours_agree_once_the_profile_is_honoured(awkward):
    pixels = decode(awkward / "color" / "rgb-to-gbr-test.jpg")
    around = {"RED": pixels[10, 500], "GREEN": pixels[900, 60], "BLUE": pixels[900, 940]}
    assert {word: "RGB"[int(np.argmax(c))] for word, c in around.items()} == {
        "RED": "R",
        "GREEN": "G",
        "BLUE": "B",
    }


@pytest.mark.parametrize(
    "name",
    ["color/P3-sRGB-color-bars.jpg", "color/rgb-to-gbr-test.jpg", "color/flower2.jpg"],
)
def test_profiles_are_converted_as_littlecms_does_by_itself(awkward, name):
    with Image.open(awkward / name) as picture:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
        expected = ImageCms.profileToProfile(
            picture, profile, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
        untouched = np.asarray(picture).astype(int)
    decoded = decode(awkward / name).astype(int)
    assert np.abs(decoded - np.asarray(expected)).max() <= 1
    if "flower" not in name:  # that one is in sRGB already
        assert np.abs(decoded - untouched).max() > 50


def test_gray_files_have_three_equal_channels(awkward):
    names = ("color/hopper_gray.jpg", "depth16/hopper_16bit.pgm", "depth16/L_16__128x128.png")
    for name in (*names, "depth16/16bit.cropped.tif", "broken/hopper_bad_exif.jpg"):
        pixels = decode(awkward / name)
        assert (pixels == pixels[..., :1]).all(), name


def test_sixteen_bits_are_scaled_and_not_clipped(awkward):
    for name in ("16bit.cropped.tif", "16bit.cropped.jp2", "12in16bit.tif", "hopper_16bit.pgm"):
        path = awkward / "depth16" / name
        with Image.open(path) as picture:
            stored = np.asarray(picture).astype(float)
        assert np.array_equal(decode(path)[..., 0], np.rint(stored * 255 / 65535)), name


def test_the_same_portrait_looks_alike_in_every_format(awkward):
    reference = decode(awkward / "color" / "hopper_16bit_qtables.jpg").astype(int)
    for name in ("color/hopper.Lab.tif", "format/hopper.avif"):
        assert np.abs(decode(awkward / name) - reference).mean() < 12, name
    gray = np.asarray(Image.fromarray(reference.astype(np.uint8)).convert("L")).astype(int)
    for name in ("color/hopper_gray.jpg", "depth16/hopper_16bit.pgm"):
        assert np.abs(decode(awkward / name)[..., 0] - gray).mean() < 12, name


def test_both_ways_of_storing_the_dicom_test_bars_look_alike(awkward):
    jpeg = decode(awkward / "dicom" / "SC_rgb_jpeg_dcmtk.dcm").astype(int)
    plain = decode(awkward / "dicom" / "SC_ybr_full_422_uncompressed.dcm")
    assert np.abs(jpeg - plain).mean() < 2


def test_heic_without_pillow_heif_is_not_supported_in_so_many_words(awkward, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    for path in sorted((awkward / "heic").iterdir()):
        with pytest.raises(Refusal, match=r"format not supported.*pillow-heif|empty"):
            decode(path)


def test_a_position_in_exif_does_not_reach_an_export(awkward):
    source = awkward / "privacy" / "exif_gps.jpg"
    with Image.open(source) as picture:
        assert picture.getexif().get_ifd(0x8825), "the file has no position any more"
    assert b"Exif" not in encode_png(decode(source))
    assert b"eXIf" not in encode_png(decode(source))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's high-water mark")
def test_bombs_are_refused_in_little_memory(awkward):
    program = """
import sys
from pathlib import Path
from engine.domain.problem import Refusal
from engine.images.decode import decode
from engine.images.probe import probe
def peak():
    return next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmHWM"))
small, *bombs = map(Path, sys.argv[1:])
decode(small)
before = peak()
for bomb in bombs:
    for read in (decode, probe):
        try:
            read(bomb)
        except Refusal as refusal:
            assert refusal.problem.code == "image_too_large", refusal
        else:
            raise AssertionError(bomb)
print(peak() - before)
"""
    files = ("heic/RGB_10__128x128.heif", "huge/200MP.heic", "huge/decompression_bomb.gif")
    done = subprocess.run(
        [sys.executable, "-c", program, *(str(awkward / name) for name in files)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 40_000, "kilobytes; the pixels alone would be 600,000"
    assert MAX_PIXELS < 199_756_800


def test_threads_decode_the_awkward_files_as_one_does(awkward):
    names = [name for name in index_rows() if name not in REFUSED and "pug" not in name]
    expected = {name: decode(awkward / name) for name in names}
    with ThreadPoolExecutor(4) as pool:
        for name, pixels in zip(names, pool.map(lambda n: decode(awkward / n), names), strict=True):
            assert np.array_equal(pixels, expected[name]), name


def test_the_real_photographs_decode(real_data):
    folders = [real_data / "photos", real_data / "pad_ufes20" / "images"]
    paths = sorted(p for f in folders for p in f.iterdir() if p.suffix.lower() in IMAGE_SUFFIXES)
    assert len(paths) == 20
    for path in paths:
        pixels = decode(path)
        assert probe(path) == (pixels.shape[1], pixels.shape[0])
        assert pixels.std() > 5, path.name
