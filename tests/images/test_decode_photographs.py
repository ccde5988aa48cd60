"""What a photograph looks like once decoded: upright, sRGB, opaque, eight bits."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from engine.images.decode import decode
from engine.images.orientation import turn_of
from engine.images.probe import probe

# stored rows and columns as a function of the upright picture, from the EXIF standard's words
STORED = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: a.transpose(1, 0, 2)[::-1],
    7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
    8: lambda a: a.transpose(1, 0, 2)[:, ::-1],
}


def exif_of(orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return exif


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def profile_bytes(profile):
    return ImageCms.ImageCmsProfile(profile).tobytes()


# orientation -------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["png", "tif", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_is_turned_upright(scene, save, orientation, suffix):
    stored = np.ascontiguousarray(STORED[orientation](scene))
    options = {"lossless": True} if suffix == "webp" else {}
    path = save(stored, f"a.{suffix}", exif=exif_of(orientation), **options)

    assert np.array_equal(decode(path), scene)
    assert probe(path) == (56, 40)


@pytest.mark.parametrize("suffix", ["jpg", "avif", "heic"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_lossy_formats_are_turned_upright_too(scene, save, tmp_path, orientation, suffix):
    from pillow_heif import from_pillow

    stored = np.ascontiguousarray(STORED[orientation](scene))
    if suffix == "heic":
        path = tmp_path / "a.heic"
        heif = from_pillow(Image.fromarray(stored))
        heif.info["exif"] = exif_of(orientation).tobytes()
        heif.save(path, quality=95)
    else:
        path = save(stored, f"a.{suffix}", exif=exif_of(orientation), quality=95)

    assert np.abs(decode(path).astype(int) - scene).max() < 20
    assert probe(path) == (56, 40)


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate"])
def test_a_compressed_tiff_is_turned_once_and_not_twice(scene, save, compression):
    stored = np.ascontiguousarray(STORED[6](scene))
    path = save(stored, "a.tif", compression=compression, tiffinfo={274: 6})

    assert np.array_equal(decode(path), scene)
    assert probe(path) == (56, 40)


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_an_orientation_that_does_not_exist_leaves_the_picture_as_stored(scene, save, orientation):
    assert np.array_equal(decode(save(scene, "a.png", exif=exif_of(orientation))), scene)


def test_exif_behind_the_pixels_of_a_png_is_found_by_decode_and_probe(scene, save):
    stored = np.ascontiguousarray(STORED[8](scene))
    path = save(stored, "a.png")
    end = chunk(b"IEND", b"")
    late = chunk(b"eXIf", exif_of(8).tobytes().removeprefix(b"Exif\0\0"))
    path.write_bytes(path.read_bytes().removesuffix(end) + late + end)

    assert np.array_equal(decode(path), scene)
    assert probe(path) == (56, 40)


def test_looking_for_exif_leaves_the_stream_where_it_was(scene, save):
    with save(scene, "a.png").open("rb") as stream, Image.open(stream) as picture:
        before = stream.tell()
        assert turn_of(picture, stream) is None
        assert stream.tell() == before


def test_damaged_exif_costs_no_picture(scene, save, exif_cut_short):
    path = save(scene, "a.jpg", quality=95)
    reference = decode(path)
    junk = b"Exif\0\0" + b"II*\0" + b"\xff" * 40
    path.write_bytes(save(scene, "b.jpg", quality=95, exif=junk).read_bytes())
    assert np.array_equal(decode(path), reference)

    path = save(np.ascontiguousarray(STORED[6](scene)), "c.jpg", quality=95, exif=exif_cut_short)
    assert decode(path).shape == (40, 56, 3), "the orientation before the break still counts"


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
def test_an_orientation_in_xmp_alone_turns_nothing(scene, save, name):
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><d tiff:Orientation="6"/></x:xmpmeta>'
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", xmp.decode())
    options = {"a.jpg": {"xmp": xmp}, "a.png": {"pnginfo": text}, "a.tif": {"tiffinfo": {700: xmp}}}
    path = save(scene, name, **options[name])
    assert decode(path).shape == (40, 56, 3)
    assert probe(path) == (56, 40)


# colour ------------------------------------------------------------------------------------


def test_an_embedded_profile_is_converted_to_srgb(scene, save):
    """A display with red and green changed over: the profile undoes what the pixels say."""
    swapped = scene[..., [1, 0, 2]]
    path = save(np.ascontiguousarray(swapped), "a.png", icc_profile=swapped_primaries())
    assert np.abs(decode(path).astype(int) - scene).max() <= 3


def swapped_primaries():
    """sRGB's profile with the red and green columns of its matrix changed over."""
    data = bytearray(profile_bytes(ImageCms.createProfile("sRGB")))
    tags = {data[at : at + 4].decode(): at for at in range(132, 132 + 12 * data[131], 12)}
    red, green = tags["rXYZ"] + 4, tags["gXYZ"] + 4
    data[red : red + 8], data[green : green + 8] = data[green : green + 8], data[red : red + 8]
    return bytes(data)


def test_an_srgb_profile_changes_no_level_by_more_than_one(scene, save):
    path = save(scene, "a.png", icc_profile=profile_bytes(ImageCms.createProfile("sRGB")))
    assert np.abs(decode(path).astype(int) - scene).max() <= 1


@pytest.mark.parametrize("profile", [b"\0", b"not a profile", bytes(200)])
def test_a_broken_profile_is_passed_over(scene, save, profile):
    assert np.array_equal(decode(save(scene, "a.png", icc_profile=profile)), scene)


def test_a_profile_of_another_colour_model_is_passed_over(scene, save):
    gray = save(np.ascontiguousarray(scene[..., 0]), "a.png", icc_profile=swapped_primaries())
    assert np.array_equal(decode(gray), np.repeat(scene[..., :1], 3, axis=-1))

    lab = profile_bytes(ImageCms.createProfile("LAB"))
    assert np.array_equal(decode(save(scene, "b.png", icc_profile=lab)), scene)


def test_the_profile_is_applied_before_the_alpha(scene, save):
    alpha = np.full((40, 56, 1), 128, np.uint8)
    pixels = np.concatenate([scene[..., [1, 0, 2]], alpha], axis=-1)
    decoded = decode(save(pixels, "a.png", icc_profile=swapped_primaries()))
    assert np.abs(decoded.astype(int) - np.rint(scene * (128 / 255))).max() <= 2


def profile_of(space, connection, tags):
    """An ICC profile written by hand, for the colour models that LittleCMS does not make."""
    place, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, content in tags.items():
        table += name + struct.pack(">II", place + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    illuminant = struct.pack(">III", 0xF6D6, 0x10000, 0xD32D)
    head = struct.pack(
        ">I4sI4s4s4s", place + len(body), b"", 0x02200000, b"prtr", space, connection
    )
    head = (head.ljust(36, b"\0") + b"acsp").ljust(68, b"\0") + illuminant
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


LINEAR_GRAY = profile_of(
    b"GRAY",
    b"XYZ ",
    {
        b"wtpt": b"XYZ \0\0\0\0" + struct.pack(">III", 0xF6D6, 0x10000, 0xD32D),
        b"kTRC": b"curv\0\0\0\0" + struct.pack(">IH", 1, 0x0100),
    },
)
ALL_INK_IS_MID_GREY = profile_of(
    b"CMYK",
    b"Lab ",
    {
        b"wtpt": b"XYZ \0\0\0\0" + struct.pack(">III", 0xF6D6, 0x10000, 0xD32D),
        b"A2B0": b"mft1\0\0\0\0\4\3\2\0"
        + struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
        + bytes(range(256)) * 4
        + bytes([128, 128, 128]) * 16
        + bytes(range(256)) * 3,
    },
)


@pytest.mark.parametrize("has_alpha", [False, True])
def test_gray_with_a_profile_is_converted_and_stays_gray(save, has_alpha):
    """Linear light: the share v/255 of full light becomes sRGB's own curve of it."""
    gray = np.arange(256, dtype=np.uint8).reshape(16, 16)
    pixels = np.dstack([gray, np.full_like(gray, 255)]) if has_alpha else gray
    decoded = decode(save(pixels, "a.png", icc_profile=LINEAR_GRAY))
    light = gray / 255
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    assert (decoded == decoded[..., :1]).all()
    assert np.abs(decoded[..., 0] - 255 * curve).max() <= 1


def test_cmyk_goes_through_its_own_profile(save):
    for ink in ((255, 0, 0, 0), (0, 0, 0, 0), (9, 99, 199, 50)):
        path = save(Image.new("CMYK", (8, 8), ink), "a.tif", icc_profile=ALL_INK_IS_MID_GREY)
        assert np.ptp(decode(path)) <= 2, "the made-up profile knows one grey and nothing else"


def test_gray_becomes_three_equal_channels(scene, save):
    gray = np.ascontiguousarray(scene[..., 0])
    for decoded in (decode(save(gray, "a.png")), decode(save(gray, "a.tif"))):
        assert np.array_equal(decoded, np.repeat(gray[..., None], 3, axis=-1))


def test_one_bit_becomes_black_and_white(save):
    bits = np.array([[True, False, True], [False, False, True]])
    decoded = decode(save(Image.fromarray(bits), "a.png"))
    assert np.array_equal(decoded, np.repeat(bits[..., None] * 255, 3, axis=-1))


def test_cmyk_is_ink_and_not_light(save):
    inks = {(255, 0, 0, 0): (0, 255, 255), (0, 255, 255, 0): (255, 0, 0), (0, 0, 0, 255): (0, 0, 0)}
    for suffix in ("tif", "jpg"):  # Pillow writes the JPEG inverted with Adobe's marker, as usual
        for ink, light in inks.items():
            path = save(Image.new("CMYK", (16, 16), ink), f"a.{suffix}")
            assert np.abs(decode(path).astype(int) - light).max() <= 2


def test_lab_is_converted(scene, save):
    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    gentle = (scene // 3 + 80).astype(np.uint8)  # inside what eight bits of LAB can hold
    lab = ImageCms.applyTransform(Image.fromarray(gentle), to_lab)
    assert np.abs(decode(save(lab, "a.tif")).astype(int) - gentle).max() <= 6


# alpha -------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["png", "tif", "webp"])
def test_alpha_is_composited_on_black(scene, save, suffix):
    alpha = np.linspace(0, 255, 56).astype(np.uint8)[None].repeat(40, axis=0)
    pixels = np.dstack([scene, alpha])
    options = {"lossless": True, "exact": True} if suffix == "webp" else {}
    decoded = decode(save(pixels, f"a.{suffix}", **options))
    assert np.array_equal(decoded, np.rint(scene * (alpha[..., None] / 255)))


def test_gray_with_alpha_is_composited_on_black(scene, save):
    gray, alpha = scene[..., 0], scene[..., 1]
    decoded = decode(save(np.dstack([gray, alpha]), "a.png"))
    assert np.array_equal(decoded, np.repeat(np.rint(gray * (alpha / 255))[..., None], 3, axis=-1))


def palette_picture():
    picture = Image.fromarray(np.array([[0, 1, 2], [2, 1, 0]], np.uint8))
    picture.putpalette([250, 10, 20, 30, 240, 40, 50, 60, 230])
    return picture


COLOURS = np.array([[250, 10, 20], [30, 240, 40], [50, 60, 230]])


def test_a_palette_is_looked_up(save):
    expected = COLOURS[[[0, 1, 2], [2, 1, 0]]]
    assert np.array_equal(decode(save(palette_picture(), "a.png")), expected)


@pytest.mark.parametrize("suffix", ["png", "gif"])
def test_a_transparent_palette_entry_is_black(save, suffix):
    decoded = decode(save(palette_picture(), f"a.{suffix}", transparency=1))
    expected = COLOURS * [[1], [0], [1]]
    assert np.array_equal(decoded, expected[[[0, 1, 2], [2, 1, 0]]])


def test_half_transparent_palette_entries_are_half_as_bright(save):
    decoded = decode(save(palette_picture(), "a.png", transparency=bytes([255, 128, 0])))
    expected = np.rint(COLOURS * [[1], [128 / 255], [0]])
    assert np.array_equal(decoded, expected[[[0, 1, 2], [2, 1, 0]]])


def test_palette_with_its_own_alpha_channel_is_composited(save):
    picture = palette_picture().convert("PA")
    picture.putalpha(Image.new("L", picture.size, 51))
    decoded = decode(save(picture, "a.tif"))
    assert np.array_equal(decoded, np.rint(COLOURS / 5)[[[0, 1, 2], [2, 1, 0]]])


def test_a_transparent_colour_is_black(scene, save):
    scene[3, 4] = scene[5, 6] = (9, 200, 9)
    decoded = decode(save(scene, "a.png", transparency=(9, 200, 9)))
    scene[3, 4] = scene[5, 6] = 0
    assert np.array_equal(decoded, scene)


# depth -------------------------------------------------------------------------------------

RAMP = np.arange(65536, dtype=np.uint16).reshape(256, 256)
SCALED = np.rint(RAMP.astype(float) * 255 / 65535)


@pytest.mark.parametrize("suffix", ["png", "tif", "jp2", "pgm"])
def test_sixteen_bits_of_gray_are_scaled_exactly(save, suffix):
    picture = Image.fromarray(RAMP)
    decoded = decode(save(picture.convert("I") if suffix == "pgm" else picture, f"a.{suffix}"))
    assert np.array_equal(decoded, np.repeat(SCALED[..., None], 3, axis=-1))


def test_big_endian_sixteen_bits_are_scaled_exactly(tmp_path):
    path = tmp_path / "a.tif"
    path.write_bytes(tiff_of(RAMP.astype(">u2"), byte_order=b"MM", samples=1))
    assert np.array_equal(decode(path)[..., 0], SCALED)


def test_twelve_packed_bits_reach_full_white(tmp_path):
    values = np.array([[0, 4095], [2048, 1]])
    packed = b"".join(int((a << 12) | b).to_bytes(3) for a, b in values)
    path = tmp_path / "a.tif"
    path.write_bytes(tiff_bytes(packed, (2, 2), bits=(12,)))
    assert decode(path)[..., 0].tolist() == [[0, 255], [128, 0]]


def test_white_is_zero_in_sixteen_bits_too(tmp_path):
    path = tmp_path / "a.tif"
    path.write_bytes(tiff_of(RAMP, photometric=0, samples=1))
    assert np.array_equal(decode(path)[..., 1], 255 - SCALED)


def test_a_transparent_gray_of_sixteen_bits_is_black(save):
    decoded = decode(save(Image.fromarray(RAMP), "a.png", transparency=60000))
    expected = SCALED.copy()
    expected[RAMP == 60000] = 0
    assert np.array_equal(decoded[..., 2], expected)


@pytest.mark.parametrize("samples", [3, 4])
def test_sixteen_bits_of_colour_are_scaled_within_one_level(tmp_path, samples):
    colour = np.stack([RAMP, RAMP[::-1], RAMP.T, np.full_like(RAMP, 65535)][:samples], axis=-1)
    expected = np.stack([SCALED, SCALED[::-1], SCALED.T], axis=-1)
    tiff, png = tmp_path / "a.tif", tmp_path / "a.png"
    tiff.write_bytes(tiff_of(colour, samples=samples, photometric=2))
    png.write_bytes(png_bytes(colour))
    for path in (tiff, png):
        assert np.abs(decode(path) - expected).max() <= 1


def test_a_transparent_colour_of_sixteen_bits_is_matched_by_its_high_bytes(tmp_path):
    key, low_bytes_of_key = (0x1234, 0x5678, 0x9ABC), (0x3400, 0x7800, 0xBC00)
    path = tmp_path / "a.png"
    pixels = np.array([[key, low_bytes_of_key]], np.uint16)
    path.write_bytes(png_bytes(pixels, chunk(b"tRNS", struct.pack(">HHH", *key))))
    assert decode(path).tolist() == [[[0, 0, 0], [0x34, 0x78, 0xBC]]]


def png_bytes(pixels, *chunks):
    """A PNG of 16 bits per channel, written by hand: Pillow does not write these."""
    height, width, samples = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 16, {3: 2, 4: 6}[samples], 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    body = chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def tiff_of(values, *, samples, photometric=1, byte_order=b"II"):
    height, width = values.shape[:2]
    return tiff_bytes(
        values.tobytes(),
        (width, height),
        bits=(16,) * samples,
        photometric=photometric,
        byte_order=byte_order,
    )


def tiff_bytes(pixels, size, *, bits, photometric=1, byte_order=b"II"):
    """A TIFF of one strip, written by hand: Pillow does not write these kinds."""
    order = "<" if byte_order == b"II" else ">"
    entries = [(256, size[0]), (257, size[1]), (259, 1), (262, photometric), (273, 400)]
    entries += [(277, len(bits)), (278, size[1]), (279, len(pixels))]
    fields = [struct.pack(f"{order}HHII", tag, 4, 1, value) for tag, value in entries]
    many = len(bits) > 2
    place = struct.pack(f"{order}I", 300) if many else struct.pack(f"{order}HH", bits[0], 0)
    fields.insert(2, struct.pack(f"{order}HHI", 258, 3, len(bits)) + place)
    head = byte_order + struct.pack(f"{order}HIH", 42, 8, len(fields)) + b"".join(fields) + bytes(4)
    offsets = struct.pack(f"{order}{len(bits)}H", *bits)
    return (head.ljust(300, b"\0") + offsets).ljust(400, b"\0") + pixels


# frames, formats, the array ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.tif", "a.gif", "a.png", "a.webp", "a.mpo"])
def test_the_first_of_several_frames_is_taken(save, name):
    frames = [Image.new("RGB", (48, 32), colour) for colour in ("red", "blue", "lime")]
    options = {"lossless": True} if name == "a.webp" else {}
    path = save(frames[0], name, save_all=True, append_images=frames[1:], **options)
    assert np.abs(decode(path).astype(int) - (255, 0, 0)).max() <= 2


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [("a.jpg", 20), ("a.jp2", 0), ("a.webp", 30), ("a.avif", 20), ("a.bmp", 0), ("a.ppm", 0)],
)
def test_each_format_gives_back_the_scene(scene, save, name, tolerance):
    decoded = decode(save(scene, name))
    assert np.abs(decoded.astype(int) - scene).max() <= tolerance


@pytest.mark.parametrize("bits", [10, 12])
def test_heic_of_more_than_eight_bits_gives_back_the_scene(scene, tmp_path, bits, monkeypatch):
    import pillow_heif

    monkeypatch.setattr(pillow_heif.options, "SAVE_HDR_TO_12_BIT", bits == 12)
    deep = scene.astype(np.uint16) * 257
    path = tmp_path / "a.heic"
    pillow_heif.from_bytes("RGB;16", (56, 40), deep.tobytes()).save(path, quality=-1, chroma=444)
    assert np.abs(decode(path).astype(int) - scene).max() <= 3


def test_of_a_heic_with_several_pictures_the_primary_one_is_taken(tmp_path):
    import pillow_heif

    several = pillow_heif.from_pillow(Image.new("RGB", (64, 64), "blue"))
    several.add_from_pillow(Image.new("RGB", (80, 48), "red"))
    path = tmp_path / "a.heic"
    several.save(path, primary_index=1, quality=-1, chroma=444)

    assert probe(path) == (80, 48)
    assert np.abs(decode(path).astype(int) - (255, 0, 0)).max() <= 3


def test_the_content_decides_and_not_the_suffix(scene, save):
    path = save(scene, "a.png")
    assert np.array_equal(decode(path.rename(path.with_suffix(".jpg"))), scene)


def test_decoded_pixels_are_contiguous_and_cannot_be_written_to(scene, save):
    for path in (save(scene, "a.png"), save(scene, "b.png", exif=exif_of(6))):
        decoded = decode(path)
        assert decoded.dtype == np.uint8
        assert decoded.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            decoded[0, 0] = 0


def test_a_jpeg_that_really_ends_in_grey_is_accepted(save):
    grey = np.full((64, 96, 3), 128, np.uint8)
    grey[:32, :50] = 200
    for options in ({}, {"progressive": True}, {"restart_marker_rows": 1}, {"optimize": True}):
        assert decode(save(grey, "a.jpg", **options))[-1, -1].tolist() == [128, 128, 128]
    path = save(
        Image.fromarray(grey), "a.mpo", save_all=True, append_images=[Image.new("RGB", (9, 9))]
    )
    assert decode(path).shape == (64, 96, 3)


def test_encoded_jpeg_in_memory_equals_the_file(scene, save):
    """The oracle for the plain case: nothing is done to a plain RGB file."""
    path = save(scene, "a.jpg")
    with Image.open(io.BytesIO(path.read_bytes())) as plain:
        assert np.array_equal(decode(path), np.asarray(plain))
