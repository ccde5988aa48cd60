"""Any picture's colours as opaque sRGB in eight bits."""

import io
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from engine.domain.problem import Refusal
from engine.images import refusals

_GRAY_WITH_ALPHA = frozenset({"1", "L", "La", "LA"})
_OPAQUE_MODES = {"1": "L", "L": "L", "CMYK": "CMYK"}
_BITS_PER_SAMPLE, _PHOTOMETRIC, _WHITE_IS_ZERO = 258, 262, 0


def to_srgb(picture: Image.Image, path: Path) -> Image.Image:
    """Return a loaded picture in mode RGB: sRGB, eight bits, composited on black (method 1).

    An embedded ICC profile is converted; one that is broken, or made for another colour model
    than the pixels have, is passed over and the pixels are taken for sRGB. Gray becomes three
    equal channels. Sixteen bits are scaled to eight, v * 255 / 65535 rounded; Pillow itself
    reduces sixteen-bit *colour* to its high byte, at most one level off.

    Raises
    ------
    Refusal
        The samples have no defined brightness: floating point, or beyond sixteen bits.
    """
    colours, alpha = _split(_eight_bit(picture, path))
    opaque = _convert_profile(colours, picture.info.get("icc_profile"))
    if alpha is None:
        return opaque
    composite = Image.new("RGB", opaque.size)
    composite.paste(opaque, mask=alpha)
    return composite


def eight_bit_table(full_scale: int) -> NDArray[np.uint8]:
    """Return, for each value 0..full_scale, value * 255 / full_scale rounded."""
    values = np.arange(full_scale + 1, dtype=np.int64)
    return ((values * 255 + full_scale // 2) // full_scale).astype(np.uint8)


def _eight_bit(picture: Image.Image, path: Path) -> Image.Image:
    """Map gray of 16 bits to 8: scaled, turned round where white is zero, transparent as black."""
    if picture.mode == "F":
        raise _no_brightness(path, "floating-point samples")
    if picture.mode != "I" and not picture.mode.startswith("I;16"):
        return picture
    tiff_tags = getattr(picture, "tag_v2", {})
    bits = tiff_tags.get(_BITS_PER_SAMPLE, (16,))[0]
    values = np.asarray(picture)
    if bits > 16 or values.min() < 0:
        raise _no_brightness(path, "samples that are signed or of 32 bits")
    table = np.pad(eight_bit_table((1 << bits) - 1), (0, (1 << 16) - (1 << bits)), mode="edge")
    if tiff_tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO:
        table = ~table
    transparent = picture.info.get("transparency")
    if isinstance(transparent, int):
        table[transparent] = 0
    return Image.fromarray(table[values])


def _no_brightness(path: Path, what: str) -> Refusal:
    return refusals.not_supported(
        path,
        f"{what} have no defined brightness",
        "Save the picture with 8 or 16 bits per channel",
    )


def _split(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Part a picture into colours (L, RGB or CMYK) and alpha (L), None where opaque."""
    if not picture.has_transparency_data:
        return _in_mode(picture, _OPAQUE_MODES.get(picture.mode, "RGB")), None
    key = picture.info.get("transparency")
    if isinstance(key, tuple) and max(key) > 0xFF:  # of 16 bits, of which Pillow takes the low byte
        picture.info["transparency"] = tuple(part >> 8 for part in key)
    mode = "LA" if picture.mode in _GRAY_WITH_ALPHA else "RGBA"
    layered = _in_mode(picture, mode)
    return layered.convert(mode[:-1]), layered.getchannel("A")


def _in_mode(picture: Image.Image, mode: str) -> Image.Image:
    return picture if picture.mode == mode else picture.convert(mode)


def _convert_profile(colours: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):
            return _through(ImageCms.ImageCmsProfile(io.BytesIO(profile)), colours)
    return _in_mode(colours, "RGB")


def _through(profile: ImageCms.ImageCmsProfile, colours: Image.Image) -> Image.Image:
    if colours.mode != "L":
        return _transformed(colours, profile, ImageCms.Flags.BLACKPOINTCOMPENSATION)
    # each of the 256 grays exactly: LittleCMS's interpolated table is off by up to ten in the dark
    ramp = Image.frombytes("L", (256, 1), bytes(range(256)))
    curve = _transformed(ramp, profile, ImageCms.Flags.NOOPTIMIZE).getchannel("G")
    return colours.point(list(curve.tobytes())).convert("RGB")


def _transformed(
    colours: Image.Image, profile: ImageCms.ImageCmsProfile, flags: ImageCms.Flags
) -> Image.Image:
    converted = ImageCms.profileToProfile(
        colours,
        profile,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=flags,
    )
    assert converted is not None
    return converted
