"""DICOM pictures: the description of the pixels and the pixels, never who the patient is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.images import refusals
from engine.images.colour import eight_bit_table, to_srgb
from engine.images.source import check_size, decoding

if TYPE_CHECKING:
    from pydicom import Dataset
    from pydicom.uid import UID

_COLOUR = frozenset({"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT"})
_EXPORT = "Export the picture uncompressed or as JPEG, with 8 or 16 bits"


def dicom_size(stream: BinaryIO, path: Path) -> tuple[int, int]:
    """Return columns and rows, from the header alone."""
    header = _header(stream, path)
    return int(header.Columns), int(header.Rows)


def dicom_picture(stream: BinaryIO, path: Path) -> Image.Image:
    """Return the first frame in mode RGB.

    Only group 0028, which describes the pixels, and the pixels are read; all that identifies a
    patient is skipped unread. Gray goes through rescale or modality table, then the first window
    or table of interest (PS3.3 C.11), and without one its full stored range becomes 0..255.
    """
    _header(stream, path)
    with decoding(path):
        from pydicom import Dataset  # noqa: PLC0415 - needed for these files only
        from pydicom.pixels.utils import pixel_array  # noqa: PLC0415

        header = Dataset()
        frame = pixel_array(stream, ds_out=header, index=0)
        picture = Image.fromarray(_shown(frame, header, path))
        picture.info["icc_profile"] = header.get("ICCProfile")
    return to_srgb(picture, path)


def _header(stream: BinaryIO, path: Path) -> "Dataset":
    try:
        from pydicom import dcmread  # noqa: PLC0415 - needed for these files only
        from pydicom.filereader import read_file_meta_info  # noqa: PLC0415
    except ImportError as error:
        raise refusals.not_supported(
            path,
            "DICOM needs the package pydicom, which is not installed",
            "Install pydicom, or export the picture as PNG or JPEG",
        ) from error
    with decoding(path):
        _check_compression(read_file_meta_info(path).TransferSyntaxUID, path)
        header = dcmread(stream, stop_before_pixels=True, specific_tags=["Rows", "Columns"])
        if "Rows" not in header or "Columns" not in header:
            raise refusals.not_supported(path, "a DICOM file without a picture", _EXPORT)
        check_size(header.Columns, header.Rows, path)
    return header


def _check_compression(syntax: "UID", path: Path) -> None:
    """Refuse what no decoder is at hand for, and deflated files, which can inflate to any size."""
    from pydicom.pixels.decoders.base import get_decoder  # noqa: PLC0415
    from pydicom.uid import DeflatedExplicitVRLittleEndian  # noqa: PLC0415

    try:
        is_readable = get_decoder(syntax).is_available
    except NotImplementedError:
        is_readable = False
    if not is_readable or syntax == DeflatedExplicitVRLittleEndian:
        raise refusals.not_supported(path, f"DICOM compressed as {syntax.name}", _EXPORT)


def _shown(frame: NDArray[Any], header: "Dataset", path: Path) -> NDArray[np.uint8]:
    """Return what a viewer shows of the stored values, uint8, (H, W) or (H, W, 3 or 4)."""
    from pydicom.pixels.processing import apply_color_lut  # noqa: PLC0415

    kind = header.PhotometricInterpretation
    shown: NDArray[np.uint8]
    if frame.dtype.kind == "f" or header.BitsStored > 16:
        raise refusals.not_supported(path, "DICOM with more than 16 bits per sample", _EXPORT)
    if kind in ("MONOCHROME1", "MONOCHROME2"):
        shown = _gray_table(header)[frame.astype(np.int32) - _stored_values(header)[0]]
    elif kind == "PALETTE COLOR":
        colours = apply_color_lut(frame, header)
        shown = eight_bit_table(np.iinfo(colours.dtype).max)[colours]
    elif kind in _COLOUR:
        shown = eight_bit_table((1 << header.BitsStored) - 1)[frame]
    else:
        raise refusals.not_supported(path, f"DICOM colours of kind {kind}", _EXPORT)
    return shown


def _stored_values(header: "Dataset") -> NDArray[np.int32]:
    count = 1 << header.BitsStored
    first = -count // 2 if header.PixelRepresentation else 0
    return np.arange(first, first + count, dtype=np.int32)


def _gray_table(header: "Dataset") -> NDArray[np.uint8]:
    """Return the gray 0..255 shown for each stored value, in their order."""
    from pydicom.pixels.processing import apply_modality_lut, apply_voi  # noqa: PLC0415

    values = apply_modality_lut(_stored_values(header), header).astype(np.float64)
    if header.get("VOILUTSequence"):
        values = apply_voi(np.rint(values).astype(np.int32), header).astype(np.float64)
        share = values / ((1 << header.VOILUTSequence[0].LUTDescriptor[2]) - 1)
    elif _first(header, "WindowWidth") > 0:
        share = _windowed(values, header)
    else:
        share = (values - values.min()) / max(np.ptp(values), 1e-9)
    gray: NDArray[np.uint8] = np.rint(255 * np.clip(share, 0, 1)).astype(np.uint8)
    return ~gray if header.PhotometricInterpretation == "MONOCHROME1" else gray


def _windowed(values: NDArray[np.float64], header: "Dataset") -> NDArray[np.float64]:
    """Return brightness as a share of full, by the window's function (PS3.3 C.11.2.1)."""
    center, width = _first(header, "WindowCenter"), _first(header, "WindowWidth")
    match header.get("VOILUTFunction") or "LINEAR":
        case "SIGMOID":
            return (1 + np.tanh(2 * (values - center) / width)) / 2
        case "LINEAR_EXACT":
            return (values - center) / width + 0.5
        case _:
            return (values - (center - 0.5)) / max(width - 1, 1e-9) + 0.5


def _first(header: "Dataset", keyword: str) -> float:
    """Return the first of an element's numbers, 0 where it has none."""
    value = header.get(keyword)
    return 0.0 if value is None else float(np.atleast_1d(value)[0])
