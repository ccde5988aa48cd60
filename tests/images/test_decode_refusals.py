"""Files that give no picture: a clear refusal, nothing half decoded, little memory, no noise."""

import hashlib
import io
import re
import struct
import subprocess
import sys
import tracemalloc
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.domain.problem import Refusal, Severity
from engine.images import photograph
from engine.images.decode import decode
from engine.images.digest import digest_of
from engine.images.probe import probe
from engine.images.refusals import MAX_PIXELS


def refusal_of(path, read=decode):
    with pytest.raises(Refusal) as caught:
        read(path)
    problem = caught.value.problem
    assert problem.where == str(path)
    assert problem.severity is Severity.ERROR
    assert problem.message
    assert problem.remedy
    return problem


# files that are not there or not pictures --------------------------------------------------


@pytest.mark.parametrize("read", [decode, probe, digest_of])
def test_a_missing_or_empty_file_or_a_folder_is_named(tmp_path, read):
    assert refusal_of(tmp_path / "gone.jpg", read).code == "image_missing"
    (tmp_path / "empty.heic").touch()
    assert refusal_of(tmp_path / "empty.heic", read).code == "image_empty"
    assert refusal_of(tmp_path, read).code == "image_unreadable"


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.heic", "a.dcm", "a"])
@pytest.mark.parametrize(
    "content", [b"hello", b"<html></html>" * 99, b"\xff\xd8\xff", b"\0" * 4000]
)
def test_what_is_no_image_is_refused_under_any_name(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal_of(path).code in ("image_unknown", "image_damaged")
    assert refusal_of(path, probe).code in ("image_unknown", "image_damaged")


@pytest.mark.parametrize("name", ["a.pcx", "a.ico", "a.tga", "a.eps"])
def test_formats_that_nobody_photographs_in_are_not_opened(scene, save, name):
    assert refusal_of(save(scene, name)).code == "image_unknown"


def test_pixels_of_another_size_than_the_header_says_are_refused(scene, save, monkeypatch):
    path = save(scene, "a.png")
    monkeypatch.setattr(photograph, "to_srgb", lambda *_: Image.new("RGB", (56, 41)))
    assert refusal_of(path).code == "image_damaged"


def test_a_failing_drive_is_told_from_a_damaged_file(scene, save, monkeypatch):
    path = save(scene, "a.png")

    def fail(_self):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    problem = refusal_of(path)
    assert problem.code == "image_unreadable"
    assert "Input/output error" in problem.message


def test_running_out_of_memory_is_not_called_damage(scene, save, monkeypatch):
    path = save(scene, "a.png")

    def fail(_self):
        raise MemoryError

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    with pytest.raises(MemoryError):
        decode(path)


@pytest.mark.parametrize(
    ("package", "name", "head"),
    [
        ("pillow_heif", "a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        ("pydicom", "a.dcm", bytes(128) + b"DICM"),
    ],
)
def test_a_format_whose_package_is_absent_is_named_with_the_package(
    tmp_path, monkeypatch, package, name, head
):
    monkeypatch.setitem(sys.modules, package, None)
    path = tmp_path / name
    path.write_bytes(head.ljust(400, b"\0"))
    for read in (decode, probe):
        problem = refusal_of(path, read)
        assert problem.code == "image_not_supported"
        assert "format not supported" in problem.message
        assert f"Install {package.replace('_', '-')}" in problem.remedy


@pytest.mark.parametrize(
    "samples",
    [
        np.array([[0.1, 0.9]], np.float32),
        np.array([[0, 70000]], np.int32),
        np.array([[0, 9]], np.int32),
        np.array([[-1, 9]], np.int32),
    ],
)
def test_samples_without_a_defined_brightness_are_refused(save, samples):
    assert refusal_of(save(samples, "a.tif")).code == "image_not_supported"


# truncation --------------------------------------------------------------------------------


def kinds_of_file(scene):
    rng = np.random.default_rng(0)
    noisy = (scene + rng.integers(0, 30, scene.shape)).clip(0, 255).astype(np.uint8)
    picture = Image.fromarray(noisy)
    gray = picture.convert("L")
    wide = Image.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    return {
        "a.jpg": (picture, {}),
        "b.jpg": (picture, {"progressive": True}),
        "c.jpg": (picture, {"restart_marker_rows": 1}),
        "a.png": (picture, {}),
        "b.png": (wide, {}),
        "a.tif": (picture, {}),
        "b.tif": (picture, {"compression": "tiff_lzw"}),
        "c.tif": (picture, {"compression": "jpeg"}),
        "a.gif": (picture.quantize(64), {}),
        "a.webp": (picture, {}),
        "a.avif": (picture, {}),
        "a.bmp": (picture, {}),
        "a.ppm": (picture, {}),
        "a.jp2": (picture, {}),
        "b.jp2": (picture, {"irreversible": True}),
    }


@pytest.mark.parametrize("name", [*kinds_of_file(np.zeros((40, 56, 3), np.uint8)), "a.heic"])
def test_a_file_cut_anywhere_is_refused_or_gives_all_its_pixels(scene, save, tmp_path, name):
    if name == "a.heic":
        import pillow_heif

        path = tmp_path / name
        pillow_heif.from_pillow(Image.fromarray(scene)).save(path)
    else:
        picture, options = kinds_of_file(scene)[name]
        path = save(picture, name, **options)
    whole, expected = path.read_bytes(), decode(path)

    refused = 0
    for length in sorted({*np.linspace(1, len(whole) - 1, 40).astype(int), len(whole) - 2}):
        path.write_bytes(whole[:length])
        try:
            assert np.array_equal(decode(path), expected), f"{length} of {len(whole)} bytes"
        except Refusal:
            refused += 1
    assert refused > 30


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"subsampling": 0},
        {"restart_marker_rows": 1},
        {"optimize": True},
        {"exif": b"Exif\0\0 and a thumbnail's end \xff\xd9"},
    ],
)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_a_jpeg_patched_with_an_end_marker_is_not_shown_half_grey(save, options, mode, share):
    noise = np.random.default_rng(1).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    path = save(Image.fromarray(noise).convert(mode), "a.jpg", **options)
    assert decode(path).shape == (120, 160, 3)

    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)] + b"\xff\xd9")
    assert refusal_of(path).code == "image_damaged"


def test_a_second_try_on_a_broken_png_fails_like_the_first(scene, save):
    """Pillow hands out the half-filled picture when it is asked a second time."""
    path = save(scene, "a.png")
    data = bytearray(path.read_bytes())
    data[data.index(b"IDAT") + 40] ^= 0xFF
    path.write_bytes(bytes(data))
    assert [refusal_of(path).code for _ in range(2)] == ["image_damaged"] * 2


# bombs -------------------------------------------------------------------------------------


def bombs(scene, save):
    """Files of a few bytes to a few kilobytes that claim thousands of million pixels."""
    side = 60000

    def patched(name, replace, **options):
        path = save(scene, name, **options)
        path.write_bytes(replace(path.read_bytes()))
        return path

    def png(data):
        header = b"IHDR" + struct.pack(">II", side, side) + data[24:29]
        return data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]

    def jpeg(data):
        at = data.index(b"\xff\xc0") + 5
        return data[:at] + struct.pack(">HH", side, side) + data[at + 4 :]

    def gif(data):
        at = data.index(b"\x2c", 13 + 3 * 2 ** ((data[10] & 7) + 1))
        size = struct.pack("<HH", side, side)
        return data[:6] + size + data[10 : at + 5] + size + data[at + 9 :]

    def tiff(data):
        for tag in (256, 257):
            at = re.search(struct.pack("<H", tag) + rb"[\x03\x04]\x00\x01\x00\x00\x00", data).end()
            data = data[:at] + struct.pack("<I", side) + data[at + 4 :]
        return data

    def jpeg_2000(data):
        at = data.index(b"ihdr") + 4
        data = data[:at] + struct.pack(">II", side, side) + data[at + 8 :]
        at = data.index(b"\xff\x51") + 6
        return data[:at] + struct.pack(">II", side, side) + data[at + 8 :]

    def webp(data):
        at = data.index(b"VP8L") + 9
        bits = struct.unpack("<I", data[at : at + 4])[0]
        size = 16383 | 16383 << 14
        return data[:at] + struct.pack("<I", bits >> 28 << 28 | size) + data[at + 4 :]

    def bitmap(data):
        return data[:18] + struct.pack("<II", side, side) + data[26:]

    return [
        patched("a.png", png),
        patched("a.jpg", jpeg),
        patched("a.gif", gif),
        patched("a.tif", tiff),
        patched("a.jp2", jpeg_2000),
        patched("a.webp", webp, lossless=True),
        patched("a.bmp", bitmap),
        patched("a.ppm", lambda _data: b"P6\n60000 60000\n255\n"),
    ]


def test_bombs_are_refused_by_their_header(scene, save):
    for path in bombs(scene, save):
        for read in (decode, probe):
            problem = refusal_of(path, read)
            assert problem.code == "image_too_large", path
            assert "million pixels" in problem.message


def test_bombs_cost_no_memory_of_python(scene, save):
    paths = bombs(scene, save)
    refusal_of(paths[0])
    tracemalloc.start()
    try:
        for path in paths:
            refusal_of(path)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's high-water mark")
def test_bombs_cost_no_memory_of_the_process(scene, save):
    program = """
import sys
from pathlib import Path
from engine.domain.problem import Refusal
from engine.images.decode import decode
def peak():
    return next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmHWM"))
small, *bombs = map(Path, sys.argv[1:])
decode(small)
before = peak()
for bomb in bombs:
    try:
        decode(bomb)
    except Refusal as refusal:
        assert refusal.problem.code == "image_too_large", refusal
    else:
        raise AssertionError(bomb)
print(peak() - before)
"""
    arguments = map(str, [save(scene, "small.png"), *bombs(scene, save)])
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 30_000, "kilobytes above what a small picture takes"


def test_a_picture_at_the_limit_is_taken_and_one_row_more_is_not(tmp_path, monkeypatch):
    width = 1000
    path = tmp_path / "a.pbm"
    monkeypatch.setattr("engine.images.refusals.MAX_PIXELS", 20 * width)
    for rows in (20, 21):
        path.write_bytes(f"P4\n{width} {rows}\n".encode() + bytes(rows * width // 8))
        if rows == 20:
            assert decode(path).shape == (20, width, 3)
        else:
            assert refusal_of(path).code == "image_too_large"
    assert MAX_PIXELS == 128_000_000


def test_no_setting_of_pillow_is_changed(scene, save, exif_cut_short):
    from PIL import ImageFile

    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, "HEIF" in Image.OPEN)
    decode(save(scene, "a.jpg", exif=exif_cut_short))
    for path in bombs(scene, save):
        refusal_of(path)
    after = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, "HEIF" in Image.OPEN)
    assert after == before
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


# noise, threads, sources -------------------------------------------------------------------


def test_warnings_of_the_decoders_stay_inside(scene, save, exif_cut_short):
    path = save(scene, "a.jpg", exif=exif_cut_short)
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        with Image.open(path) as picture:
            picture.getexif()
        assert leaked, "the fixture no longer makes Pillow warn"
        leaked.clear()
        decode(path)
        probe(path)
        assert not leaked
        warnings.warn("of our own", UserWarning, stacklevel=1)
        assert len(leaked) == 1


def test_many_threads_decode_the_same_as_one_and_leave_the_filters_alone(
    scene, save, exif_cut_short
):
    kinds = kinds_of_file(scene).items()
    paths = [save(picture, name, **options) for name, (picture, options) in kinds]
    paths.append(save(scene, "warns.jpg", exif=exif_cut_short))
    broken = save(scene, "broken.png")
    broken.write_bytes(broken.read_bytes()[:-30])
    filters = list(warnings.filters)
    expected = [decode(path) for path in paths]

    def work(turn):
        if turn % 5 == 0:
            refusal_of(broken)
        return turn % len(paths), decode(paths[turn % len(paths)])

    with ThreadPoolExecutor(8) as pool:
        for index, pixels in pool.map(work, range(400)):
            assert np.array_equal(pixels, expected[index])
    assert list(warnings.filters) == filters


def test_sources_are_read_only_and_stay_as_they_are(scene, save, monkeypatch):
    modes = []
    open_path = Path.open

    def watched(self, mode="r", *args, **kwargs):
        modes.append(mode)
        return open_path(self, mode, *args, **kwargs)

    kinds = kinds_of_file(scene).items()
    paths = [save(picture, name, **options) for name, (picture, options) in kinds]
    before = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    for path in paths:
        path.chmod(0o444)
    monkeypatch.setattr(Path, "open", watched)
    for path in paths:
        decode(path)
        probe(path)
    assert set(modes) == {"rb"}
    monkeypatch.undo()
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths] == before
    assert [digest_of(path) for path in paths] == before


def test_importing_the_room_imports_no_decoder_of_a_rare_format():
    program = "import sys, engine.images.decode, engine.images.probe; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"pydicom", "pillow_heif", "scipy", "pandas", "torch", "matplotlib"}


def test_messages_are_one_sentence_without_a_full_stop(tmp_path):
    problem = refusal_of(tmp_path / "gone.jpg")
    for part in (problem.message, problem.remedy):
        assert not re.search(r"[.!\n]", part.replace(str(tmp_path), ""))
    assert io.StringIO(str(problem)).readline().endswith(".")
