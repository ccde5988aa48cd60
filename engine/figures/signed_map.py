"""The display of a signed map: one colour for what speaks for the class, one for against.

After Sundararajan et al. 2019, *Exploring principled visualizations for deep network attributions*
(reference [32] of the paper).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from engine.domain.saliency_map import SCALE

Colour = tuple[int, int, int]
Floats = NDArray[np.floating]
SignedValues = NDArray[np.floating] | NDArray[np.int16]

MAX_OUTLINES = 3

OPACITY = 0.5
"""Share of a map's colours in the picture that they lie on."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The two colours of a signed map, sRGB 0..255."""

    positive: Colour
    negative: Colour


COLOUR_BLIND_SAFE = Palette(positive=(0, 190, 255), negative=(255, 110, 0))
"""Sky blue and orange: apart in hue for every common kind of colour vision, and both off skin."""

PAPER = Palette(positive=(0, 255, 0), negative=(255, 0, 0))
"""Green and red, as in the paper."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Absolute attributions that are shown at no and at full strength."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Display:
    """How a signed map is shown.

    Attributes
    ----------
    clip_above, clip_below
        Percentiles of cumulative attribution mass at which the linear ramp ends and begins.
    clean_up
        Grey closing, then opening, by 3 x 3 pixels.
    outlines
        Show borders of the largest components instead of strengths.
    outlined_area
        Share of the components' area that is outlined, in percent, by at most three components.
    """

    clip_above: float = 99.9
    clip_below: float = 0.0
    clean_up: bool = False
    outlines: bool = False
    outlined_area: float = 90.0


DEFAULT_DISPLAY = Display()


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A signed map on its way to its picture.

    Attributes
    ----------
    picture
        Shape (height, width, 3), uint8; channels lie side by side before they are averaged.
    """

    name: str
    caption: str
    picture: NDArray[np.uint8]


def split_by_sign(values: SignedValues) -> Floats:
    """Return the positive and the negative part of a map, each at least 0.

    Parameters
    ----------
    values
        Shape (height, width), or (height, width, channels): then each channel is split by itself
        and its parts are averaged. int16 values are divided by 32700.

    Returns
    -------
    array of shape (2, height, width)
    """
    return np.asarray(_signed_parts(values).mean(axis=-1))


def value_at_mass(part: Floats, percent: float) -> float:
    """Return the smallest of the top values that together hold this share of the mass.

    Parameters
    ----------
    part
        Values of one sign, none below 0; their sum is the mass.
    percent
        0..100; at 100 it is the smallest value of all.
    """
    descending = np.sort(part, axis=None)[::-1]
    if percent >= 100 or not descending[0]:
        return float(descending[-1])
    mass = np.cumsum(descending)
    return float(descending[np.searchsorted(mass, percent / 100 * mass[-1])])


def scale_of(part: Floats, display: Display = DEFAULT_DISPLAY) -> Scale:
    """Return where the ramp of one part begins and ends by its own mass."""
    return Scale(
        low=value_at_mass(part, 100 - display.clip_below),
        high=value_at_mass(part, 100 - display.clip_above),
    )


def shared_scale(maps: Iterable[SignedValues], display: Display = DEFAULT_DISPLAY) -> Scale:
    """Return one scale for several maps in the same units and for both signs: their pooled mass."""
    return scale_of(np.concatenate([split_by_sign(one).ravel() for one in maps]), display)


def strengths(
    values: SignedValues, *, display: Display = DEFAULT_DISPLAY, scale: Scale | None = None
) -> NDArray[np.float32]:
    """Return how strongly each pixel shows in the positive and in the negative colour.

    Parameters
    ----------
    values
        Shape (height, width) or (height, width, channels), signed; int16 means v / 32700.
    scale
        Shared by several maps; by default each sign of each map has its own.

    Returns
    -------
    array of shape (2, height, width), 0..1. A part that is constant shows nothing.
    """
    shown = [_ramp(part, scale or scale_of(part, display)) for part in split_by_sign(values)]
    if display.clean_up:
        shown = [_cleaned(one) for one in shown]
    if display.outlines:
        shown = [_outlined(one, display.outlined_area) for one in shown]
    return np.stack(shown).astype(np.float32)


def signed_map_stages(
    values: SignedValues,
    *,
    palette: Palette = COLOUR_BLIND_SAFE,
    display: Display = DEFAULT_DISPLAY,
    scale: Scale | None = None,
) -> tuple[Stage, ...]:
    """Return the display stage by stage, each with its picture and what it does (method 11).

    Split by sign, mean over channels, clip, ramp; then clean-up and outlines where the display
    asks for them. The last picture is the one of `signed_map_colours`. See `strengths` for the
    parameters; stages before the ramp are shown against their largest attribution.
    """
    split = _signed_parts(values)
    mean = split_by_sign(values)
    scales = [scale or scale_of(part, display) for part in mean]
    clipped = np.stack([np.clip(p, s.low, s.high) for p, s in zip(mean, scales, strict=True)])
    parts = np.stack([_ramp(part, of_part) for part, of_part in zip(mean, scales, strict=True)])
    side_by_side = np.concatenate(list(np.moveaxis(split, -1, 0)), axis=-1)
    steps = [
        (
            "Split by sign",
            "each channel: what speaks for the class, what against",
            _relative(side_by_side),
        ),
        ("Mean over channels", "each sign by itself", _relative(mean)),
        ("Clip", _clip_caption(display, is_shared=scale is not None), _relative(clipped)),
        ("Ramp", "linear from the lower to the upper clip", parts),
    ]
    if display.clean_up:
        parts = np.stack([_cleaned(part) for part in parts])
        steps.append(("Clean up", "3 × 3 grey closing, then opening", parts))
    if display.outlines:
        parts = np.stack([_outlined(part, display.outlined_area) for part in parts])
        caption = f"at most {MAX_OUTLINES} components, {display.outlined_area:g} % of their area"
        steps.append(("Outlines", caption, parts))
    return tuple(Stage(name, text, _picture(shown, palette)) for name, text, shown in steps)


def coloured(shown: Floats, palette: Palette = COLOUR_BLIND_SAFE) -> NDArray[np.float32]:
    """Return strengths of shape (2, height, width) as colours, (height, width, 3), 0..255."""
    colours = np.array([palette.positive, palette.negative], dtype=np.float32)
    return np.asarray(np.minimum(np.einsum("phw,pc->hwc", shown, colours), 255), np.float32)


def signed_map_colours(
    values: SignedValues,
    *,
    palette: Palette = COLOUR_BLIND_SAFE,
    display: Display = DEFAULT_DISPLAY,
    scale: Scale | None = None,
) -> NDArray[np.float32]:
    """Return a signed map as colours on black, shape (height, width, 3), 0..255.

    See `strengths` for the parameters. A constant or zero map is black all over.
    """
    return coloured(strengths(values, display=display, scale=scale), palette)


def overlay(
    pixels: NDArray[np.uint8], colours: Floats, *, opacity: float = OPACITY
) -> NDArray[np.uint8]:
    """Return a picture with colours on it, both of shape (height, width, 3).

    0.7 of the picture plus 0.5 of the colours by default (method 11).

    Parameters
    ----------
    opacity
        Share of the colours, 0..1; the picture keeps 1 - 0.6 x opacity of itself.
    """
    mixed = np.float32(1 - 0.6 * opacity) * pixels + np.float32(opacity) * colours
    return np.asarray(np.rint(np.clip(mixed, 0, 255)), dtype=np.uint8)


def _signed_parts(values: SignedValues) -> Floats:
    """Return both parts of each channel, shape (2, height, width, channels)."""
    signed = values / SCALE if values.dtype == np.int16 else np.asarray(values, dtype=np.float64)
    channels = signed if signed.ndim == 3 else signed[..., None]
    return np.stack([np.maximum(channels, 0), np.maximum(-channels, 0)])


def _relative(parts: Floats) -> Floats:
    largest = parts.max()
    return np.asarray(parts / largest) if largest else parts


def _picture(shown: Floats, palette: Palette) -> NDArray[np.uint8]:
    return np.rint(coloured(shown, palette)).astype(np.uint8)


def _clip_caption(display: Display, *, is_shared: bool) -> str:
    above, below = f"{display.clip_above:g}", f"{display.clip_below:g}"
    where = f"at {above} % of the attribution mass above, {below} % below"
    return f"{where}, on a scale shared by several maps" if is_shared else where


def _ramp(part: Floats, scale: Scale) -> Floats:
    if part.max() == part.min():
        return np.zeros_like(part)
    if scale.high <= scale.low:
        return (part >= scale.high).astype(part.dtype) if scale.high else np.zeros_like(part)
    return np.asarray(np.clip((part - scale.low) / (scale.high - scale.low), 0, 1))


def _cleaned(shown: Floats) -> Floats:
    ndimage = _ndimage()
    closed = ndimage.grey_closing(shown, size=(3, 3))
    return np.asarray(ndimage.grey_opening(closed, size=(3, 3)))


def _outlined(shown: Floats, percent: float) -> Floats:
    ndimage = _ndimage()
    labels, _ = ndimage.label(ndimage.binary_fill_holes(shown > 0.001), np.ones((3, 3)))
    areas = np.bincount(labels.ravel())[1:]
    largest = np.argsort(-areas, kind="stable")
    enough = int(np.searchsorted(np.cumsum(areas[largest]), percent / 100 * areas.sum())) + 1
    kept = np.isin(labels, largest[: min(enough, MAX_OUTLINES)] + 1)
    return np.asarray(kept & ~ndimage.binary_erosion(kept), dtype=shown.dtype)


def _ndimage() -> ModuleType:
    # scipy is slow to import, and only these two options need it
    from scipy import ndimage  # noqa: PLC0415

    return ndimage
