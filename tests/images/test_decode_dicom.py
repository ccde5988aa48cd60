"""What a DICOM picture looks like once decoded, and what of the file is never read."""

import io
import logging
import traceback

import numpy as np
import pydicom
import pytest
from PIL import Image, ImageCms
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    SecondaryCaptureImageStorage,
)

from engine.domain.problem import Refusal
from engine.images import dicom
from engine.images.decode import decode
from engine.images.probe import probe

FAMILY_NAME = "Geheim"


@pytest.fixture
def write(tmp_path):
    """Write pixels as DICOM; keywords are elements of the data set."""

    def write(
        pixels,
        *,
        bits=None,
        kind="MONOCHROME2",
        syntax=ExplicitVRLittleEndian,
        data=None,
        name="a.dcm",
        **elements,
    ):
        dataset = Dataset()
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = syntax
        dataset.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
        dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
        dataset.PatientName = f"{FAMILY_NAME}^Anna"
        dataset.PatientID = "4711"
        dataset.PatientBirthDate = "19700101"
        dataset.Rows, dataset.Columns = pixels.shape[:2]
        dataset.SamplesPerPixel = 3 if pixels.ndim == 3 else 1
        if pixels.ndim == 3:
            dataset.PlanarConfiguration = 0
        dataset.PhotometricInterpretation = kind
        dataset.BitsAllocated = 8 * pixels.dtype.itemsize
        dataset.BitsStored = bits or dataset.BitsAllocated
        dataset.HighBit = dataset.BitsStored - 1
        dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
        dataset.PixelData = data if data is not None else padded(pixels.tobytes())
        dataset["PixelData"].VR = "OB" if data is not None or pixels.itemsize == 1 else "OW"
        for keyword, value in elements.items():
            setattr(dataset, keyword, value)
        path = tmp_path / name
        dataset.save_as(path, enforce_file_format=True)
        return path

    return write


def padded(data):
    return data + bytes(len(data) % 2)


def gray_of(path):
    decoded = decode(path)
    assert (decoded == decoded[..., :1]).all()
    return decoded[..., 0]


RAMP = np.arange(65536, dtype=np.uint16).reshape(256, 256)


def test_eight_bits_of_gray_are_shown_as_stored(write):
    stored = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert np.array_equal(gray_of(write(stored)), stored)


def test_monochrome1_shows_high_values_dark(write):
    stored = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert np.array_equal(gray_of(write(stored, kind="MONOCHROME1")), 255 - stored)


def test_sixteen_bits_without_a_window_are_scaled_over_their_stored_range(write):
    assert np.array_equal(gray_of(write(RAMP)), np.rint(RAMP * (255 / 65535)))

    twelve = RAMP[:16] % 4096
    assert np.array_equal(gray_of(write(twelve, bits=12)), np.rint(twelve * (255 / 4095)))

    signed = (RAMP.astype(np.int32) - 32768).astype(np.int16)
    assert np.array_equal(gray_of(write(signed)), np.rint(RAMP * (255 / 65535)))


def test_big_endian_files_show_the_same(write):
    swapped = write(RAMP, syntax=ExplicitVRBigEndian, data=RAMP.astype(">u2").tobytes())
    assert np.array_equal(gray_of(swapped), np.rint(RAMP * (255 / 65535)))


def window_by_the_standard(x, center, width):
    """PS3.3 C.11.2.1.2.1, as its pseudo-code says."""
    if x <= center - 0.5 - (width - 1) / 2:
        return 0
    if x > center - 0.5 + (width - 1) / 2:
        return 255
    return ((x - (center - 0.5)) / (width - 1) + 0.5) * 255


@pytest.mark.parametrize(
    ("center", "width"), [(100, 50), (2048, 4096), (-20, 3), (7.5, 10), (5, 1)]
)
def test_a_window_is_applied_after_the_rescale(write, center, width):
    stored = np.arange(256, dtype=np.int16).reshape(16, 16)
    path = write(
        stored,
        RescaleSlope=2,
        RescaleIntercept=-100,
        WindowCenter=[center, 9999],
        WindowWidth=[width, 1],
    )
    expected = [window_by_the_standard(2 * x - 100, center, width) for x in stored.ravel()]
    assert np.array_equal(gray_of(path).ravel(), np.rint(expected))


def test_exact_and_sigmoid_windows_follow_their_formulas(write):
    stored = np.arange(256, dtype=np.uint16).reshape(16, 16)
    window = {"WindowCenter": 100, "WindowWidth": 60}
    exact = write(stored, VOILUTFunction="LINEAR_EXACT", **window)
    expected = np.clip((stored - 100.0) / 60 + 0.5, 0, 1) * 255
    assert np.array_equal(gray_of(exact), np.rint(expected))

    sigmoid = write(stored, VOILUTFunction="SIGMOID", **window)
    assert np.array_equal(gray_of(sigmoid), np.rint(255 / (1 + np.exp(-4 * (stored - 100.0) / 60))))


@pytest.mark.parametrize("width", [None, 0])
def test_a_window_without_width_is_passed_over(write, width):
    path = write(RAMP, WindowCenter=30000, WindowWidth=width)
    assert np.array_equal(gray_of(path), np.rint(RAMP * (255 / 65535)))


def test_a_steep_sigmoid_reaches_black_and_white(write):
    path = write(RAMP, VOILUTFunction="SIGMOID", WindowCenter=30000, WindowWidth=1)
    assert [gray_of(path).min(), gray_of(path).max()] == [0, 255]


def lut(values, *, bits=8, first=0):
    item = Dataset()
    item.LUTDescriptor = [len(values), first, bits]
    item.LUTData = list(values)
    item["LUTDescriptor"].VR = item["LUTData"].VR = "US"
    return item


def test_a_table_of_interest_is_looked_up(write):
    stored = np.arange(256, dtype=np.uint8).reshape(16, 16)
    path = write(stored, VOILUTSequence=[lut(range(255, -1, -1))], WindowCenter=1, WindowWidth=1)
    assert np.array_equal(gray_of(path), 255 - stored)


def test_a_modality_table_is_looked_up(write):
    stored = np.arange(256, dtype=np.uint8).reshape(16, 16)
    table = lut([v * 257 for v in range(255, -1, -1)], bits=16)
    table.ModalityLUTType = "US"
    assert np.array_equal(gray_of(write(stored, ModalityLUTSequence=[table])), 255 - stored)


def test_rgb_is_shown_as_stored_and_by_planes_too(write, scene):
    assert np.array_equal(decode(write(scene, kind="RGB")), scene)

    planes = np.ascontiguousarray(scene.transpose(2, 0, 1)).tobytes()
    path = write(scene, kind="RGB", data=planes, PlanarConfiguration=1)
    assert np.array_equal(decode(path), scene)


def test_ybr_becomes_rgb(write, scene):
    ybr = np.asarray(Image.fromarray(scene).convert("YCbCr"))
    assert np.abs(decode(write(ybr, kind="YBR_FULL")).astype(int) - scene).max() <= 3


@pytest.mark.parametrize("depth", [8, 16])
def test_palette_colours_are_looked_up(write, depth):
    stored = np.array([[0, 1, 2], [2, 1, 0]], np.uint8)
    colours = np.array([[255, 0, 10], [20, 250, 30], [40, 50, 240]])
    entries = colours.astype(f"<u{depth // 8}") * (257 if depth == 16 else 1)
    elements = {}
    for channel, name in enumerate(("Red", "Green", "Blue")):
        elements[f"{name}PaletteColorLookupTableDescriptor"] = [3, 0, depth]
        elements[f"{name}PaletteColorLookupTableData"] = entries[:, channel].tobytes()
    if depth == 8:  # an odd number of bytes is stored padded, and pydicom then sees four entries
        for name in ("Red", "Green", "Blue"):
            elements[f"{name}PaletteColorLookupTableDescriptor"] = [4, 0, depth]
            elements[f"{name}PaletteColorLookupTableData"] += b"\0"
    assert np.array_equal(decode(write(stored, kind="PALETTE COLOR", **elements)), colours[stored])


def jpeg_of(scene, **options):
    buffer = io.BytesIO()
    Image.fromarray(scene).save(buffer, "JPEG", quality=95, subsampling=0, **options)
    return buffer.getvalue()


def test_encapsulated_jpeg_is_decoded(write, scene):
    path = write(
        scene, kind="YBR_FULL_422", syntax=JPEGBaseline8Bit, data=encapsulate([jpeg_of(scene)])
    )
    assert np.abs(decode(path).astype(int) - scene).max() <= 12
    assert probe(path) == (56, 40)


def test_encapsulated_jpeg_2000_is_exact(write, scene):
    buffer = io.BytesIO()
    Image.fromarray(scene).save(buffer, "JPEG2000", no_jp2=True, mct=1)
    data = encapsulate([buffer.getvalue()])
    path = write(scene, kind="YBR_RCT", syntax=JPEG2000Lossless, data=data)
    assert np.array_equal(decode(path), scene)


def test_the_first_of_several_frames_is_taken(write, scene):
    data = scene.tobytes() + bytes(scene.size)
    assert np.array_equal(decode(write(scene, kind="RGB", data=data, NumberOfFrames=2)), scene)


def test_an_embedded_profile_is_converted(write, scene):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = bytearray(profile)
    tags = {data[at : at + 4].decode(): at for at in range(132, 132 + 12 * data[131], 12)}
    red, green = tags["rXYZ"] + 4, tags["gXYZ"] + 4
    data[red : red + 8], data[green : green + 8] = data[green : green + 8], data[red : red + 8]

    swapped = np.ascontiguousarray(scene[..., [1, 0, 2]])
    decoded = decode(write(swapped, kind="RGB", ICCProfile=padded(bytes(data))))
    assert np.abs(decoded.astype(int) - scene).max() <= 3


# refusals ----------------------------------------------------------------------------------


def refusal_of(path):
    with pytest.raises(Refusal) as caught:
        decode(path)
    assert caught.value.problem.where == str(path)
    return caught.value.problem


def test_truncated_dicom_is_refused_wherever_it_is_cut(write, scene):
    jpeg = encapsulate([jpeg_of(scene)])
    kinds = (
        write(scene, kind="RGB", name="raw.dcm"),
        write(RAMP[:, :40], name="gray.dcm"),
        write(scene, kind="YBR_FULL_422", syntax=JPEGBaseline8Bit, data=jpeg, name="jpeg.dcm"),
    )
    for path in kinds:
        whole, expected = path.read_bytes(), decode(path)
        for length in np.linspace(1, len(whole) - 1, 40).astype(int):
            path.write_bytes(whole[:length])
            try:
                assert np.array_equal(decode(path), expected), length
            except Refusal:
                continue
        path.write_bytes(whole[: len(whole) // 2])
        assert refusal_of(path).code == "image_damaged"


@pytest.mark.parametrize("syntax", [JPEGLSLossless, DeflatedExplicitVRLittleEndian])
def test_a_compression_without_a_safe_decoder_is_named(write, scene, syntax):
    is_packed = syntax == JPEGLSLossless
    data = encapsulate([b"any thing"]) if is_packed else scene.tobytes()
    problem = refusal_of(write(scene, kind="RGB", syntax=syntax, data=data))
    assert problem.code == "image_not_supported"
    assert syntax.name in problem.message
    assert "uncompressed" in problem.remedy


def test_a_deflated_bomb_is_not_inflated(write, monkeypatch):
    path = write(np.zeros((2000, 2000), np.uint8), syntax=DeflatedExplicitVRLittleEndian)
    assert path.stat().st_size < 10_000

    def inflate(*_args):
        raise AssertionError("inflated")

    monkeypatch.setattr("zlib.decompress", inflate)
    assert refusal_of(path).code == "image_not_supported"
    with pytest.raises(Refusal):
        probe(path)


def test_a_huge_dicom_is_refused_by_its_rows_and_columns(write, monkeypatch):
    path = write(np.zeros((2, 2), np.uint8), Rows=60000, Columns=60000)
    monkeypatch.setattr("pydicom.pixels.utils.pixel_array", None)
    assert refusal_of(path).code == "image_too_large"


def test_a_dicom_file_without_a_picture_is_named(write, tmp_path):
    path = write(np.zeros((2, 2), np.uint8))
    dataset = pydicom.dcmread(path)
    for keyword in ("Rows", "Columns", "PixelData"):
        del dataset[keyword]
    dataset.save_as(path)
    assert "without a picture" in refusal_of(path).message


@pytest.mark.parametrize(("kind", "dtype"), [("HSV", np.uint8), ("MONOCHROME2", np.uint32)])
def test_colours_and_depths_without_a_rule_are_refused(write, kind, dtype):
    shape = (4, 4, 3) if kind == "HSV" else (4, 4)
    assert refusal_of(write(np.zeros(shape, dtype), kind=kind)).code == "image_not_supported"


# what is never read ------------------------------------------------------------------------


def test_only_the_description_of_the_pixels_is_read(write, scene, monkeypatch):
    seen = []
    shown = dicom._shown
    header_of = dicom._header

    def watch_header(*args):
        seen.append(header_of(*args))
        return seen[-1]

    def watch_shown(frame, header, path):
        seen.append(header)
        return shown(frame, header, path)

    monkeypatch.setattr(dicom, "_header", watch_header)
    monkeypatch.setattr(dicom, "_shown", watch_shown)
    decode(write(scene, kind="RGB"))

    elsewhere = {e.keyword for header in seen for e in header if e.tag.group != 0x0028}
    assert len(seen) == 2
    assert elsewhere <= {"SpecificCharacterSet"}


def test_a_failing_file_tells_nothing_of_the_patient(write, scene, caplog, capfd):
    path = write(scene, kind="RGB")
    path.write_bytes(path.read_bytes()[:-100])
    with caplog.at_level(logging.DEBUG), pytest.raises(Refusal) as caught:
        decode(path)
    told = (
        "".join(traceback.format_exception(caught.value))
        + caplog.text
        + "".join(capfd.readouterr())
    )
    assert FAMILY_NAME not in told
    assert "4711" not in told
    assert "19700101" not in told


def test_odd_values_in_the_header_warn_nobody(write, scene, recwarn):
    decode(write(scene, kind="RGB", data=scene.tobytes() + bytes(50)))
    assert not recwarn.list
