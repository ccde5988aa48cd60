"""The four panels of Figure 4: the image, the region on it, the map on both, map and region."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine.domain.problem import refuse
from engine.domain.saliency_map import Geometry, SaliencyMap
from engine.figures.contour import contour_of, draw_contour
from engine.figures.lettering import font, wrap
from engine.figures.signed_map import (
    COLOUR_BLIND_SAFE,
    DEFAULT_DISPLAY,
    OPACITY,
    Colour,
    Display,
    Palette,
    Scale,
    coloured,
    overlay,
    strengths,
)
from engine.regions.runs import Runs

Picture = NDArray[np.uint8]
Key = list[tuple[Colour, str]]
Polarity = Literal["both", "positive", "negative"]


@dataclass(frozen=True, slots=True)
class Look:
    """How maps look: colours, ramp, and the scale where several maps share one."""

    palette: Palette = COLOUR_BLIND_SAFE
    display: Display = DEFAULT_DISPLAY
    scale: Scale | None = None


DEFAULT_LOOK = Look()

TITLES = ("I", "I+ROI", "I+ROI+SM", "ROI+SM")
MARGIN, GAP = 16, 12
SEAM = 4
"""Between the panels of a thumbnail, pixels."""

NARROWEST = 120
"""Narrowest column of a panel in pixels: its title has to fit."""

LETTERS = 14
LINE, KEY_LINE = 21, 22
"""Height of letters and of lines, in pixels."""

WHITE, PALE, GREY, INK = (255, 255, 255), (238, 238, 238), (105, 105, 105), (25, 25, 25)
HATCH = ((52, 52, 52), (84, 84, 84))


def four_panels(
    *,
    pixels: Picture,
    consensus: Runs,
    saliency_map: SaliencyMap | None,
    caption: Sequence[str] | str = (),
    look: Look = DEFAULT_LOOK,
    max_side: int = 512,
) -> Picture:
    """Return the four panels side by side with their titles, a caption and a key (Figure 4).

    Parameters
    ----------
    pixels
        The upright image, shape (height, width, 3), uint8.
    consensus
        The region of interest, in the image's full resolution.
    saliency_map
        None where there is none; the two panels that need it then say so.
    caption
        Text below, one line for each item; long lines are broken.
    look
        Of the map; by default each of its signs has its own scale.
    max_side
        Longest side of a panel in pixels. Larger images are shrunk; those less than half as
        large are enlarged by a whole factor.

    Returns
    -------
    uint8 array of shape (height, width, 3)
    """
    image = fitted(pixels, max_side)
    panels = panel_pictures(image, consensus, saliency_map, look)
    key: Key = []
    if saliency_map is not None:
        height, width = image.shape[:2]
        is_all_seen = bool(_seen(saliency_map.geometry, width=width, height=height).all())
        key = _key(look.palette, is_all_seen=is_all_seen)
    lines = (caption,) if isinstance(caption, str) else tuple(caption)
    return _arranged(panels, lines, key)


def panel_strip(
    *,
    pixels: Picture,
    consensus: Runs,
    saliency_map: SaliencyMap | None,
    look: Look = DEFAULT_LOOK,
    side: int = 160,
) -> Picture:
    """Return the four panels in a row, without lettering: a thumbnail (Figure 5).

    Parameters
    ----------
    side
        Width of each panel in pixels, and its height at most; narrow ones lie in the middle.

    Returns
    -------
    uint8 array of shape (height of a panel, 4 * side + 3 * 4, 3)
    """
    panels = panel_pictures(fitted(pixels, side), consensus, saliency_map, look)
    height, width = panels[0].shape[:2]
    strip = np.full((height, 4 * side + 3 * SEAM, 3), 255, dtype=np.uint8)
    for number in range(len(TITLES)):
        left = number * (side + SEAM)
        if number >= len(panels):
            strip[:, left : left + side] = _no_map(side, height)
            continue
        left += (side - width) // 2
        strip[:, left : left + width] = panels[number]
    return strip


def panel_pictures(
    pixels: Picture,
    consensus: Runs,
    saliency_map: SaliencyMap | None,
    look: Look,
    *,
    opacity: float = OPACITY,
    polarity: Polarity = "both",
) -> tuple[Picture, ...]:
    """Return the panels by themselves, at the size of the picture: four, or two without a map.

    I, I+ROI, I+ROI+SM and ROI+SM, as in `four_panels`, which shows them with the defaults.

    Parameters
    ----------
    pixels
        The upright image at the size at which it is shown, shape (height, width, 3), uint8.
    opacity
        How strongly the map lies on the image, 0..1: 0 shows the image alone; the more of the
        map, the darker the image below it.
    polarity
        Show what speaks for the class, what speaks against it, or both.
    """
    height, width = pixels.shape[:2]
    contour = contour_of(consensus, width=width, height=height)
    panels = [pixels, draw_contour(pixels, contour)]
    if saliency_map is not None:
        colours, alone = map_pictures(
            saliency_map, look, width=width, height=height, polarity=polarity
        )
        panels.append(draw_contour(overlay(pixels, colours, opacity=opacity), contour))
        panels.append(draw_contour(alone, contour))
    return tuple(panels)


def map_pictures(
    saliency_map: SaliencyMap,
    look: Look,
    *,
    width: int,
    height: int,
    polarity: Polarity = "both",
) -> tuple[NDArray[np.float32], Picture]:
    """Return a map at the size of a picture: its colours, and the map alone.

    Returns
    -------
    colours
        Shape (height, width, 3), 0..255, black where nothing shows.
    alone
        The same as a picture; what the model never saw is hatched.
    """
    strong = strengths(saliency_map.values, display=look.display, scale=look.scale)
    if polarity != "both":
        strong[0 if polarity == "negative" else 1] = 0
    placed, seen = on_picture(strong, saliency_map.geometry, width=width, height=height)
    colours = coloured(placed, look.palette)
    return colours, _alone(colours, seen)


def write_panels(path: Path, picture: Picture) -> None:
    """Write a picture as PNG without any metadata; a half-written file is never left behind.

    Raises
    ------
    Refusal
        ``cannot_write``: the folder may not be written to, or the disk is full.
    """
    partial = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(partial, format="PNG", compress_level=4)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        message = f"the picture cannot be written ({error.strerror})"
        remedy = "Free space or choose a folder you may write to, then run the command again"
        raise refuse("cannot_write", str(path), message, remedy) from error


def on_picture(
    shown: NDArray[np.float32], geometry: Geometry, *, width: int, height: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Place strengths on the model's grid onto the image, bilinearly (method 8).

    Parameters
    ----------
    shown
        Shape (2, model height, model width).
    width, height
        Size at which the image is shown, in pixels.

    Returns
    -------
    placed
        Shape (2, height, width); 0 where the model never saw the image.
    seen
        Shape (height, width), False where the image was cropped away.
    """
    columns, rows = _model_points(geometry, width=width, height=height)
    placed = _interpolated(_interpolated(shown, rows, axis=1), columns, axis=2)
    seen = _seen(geometry, width=width, height=height)
    return np.where(seen, placed, 0).astype(np.float32), seen


def _model_points(
    geometry: Geometry, *, width: int, height: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where the columns and the rows of a picture of the image lie on the model's grid."""
    x = (np.arange(width) + 0.5) * geometry.image_width / width
    y = (np.arange(height) + 0.5) * geometry.image_height / height
    return geometry.scale_x * x + geometry.offset_x, geometry.scale_y * y + geometry.offset_y


def _seen(geometry: Geometry, *, width: int, height: int) -> NDArray[np.bool_]:
    columns, rows = _model_points(geometry, width=width, height=height)
    seen_x = (columns >= 0) & (columns <= geometry.model_width)
    seen_y = (rows >= 0) & (rows <= geometry.model_height)
    return np.asarray(seen_y[:, None] & seen_x)


def _interpolated(
    values: NDArray[np.float32], positions: NDArray[np.float64], *, axis: int
) -> NDArray[np.float32]:
    last = values.shape[axis] - 1
    at = np.clip(positions - 0.5, 0, last)
    before = np.minimum(at.astype(np.int64), max(last - 1, 0))
    after = np.minimum(before + 1, last)
    weight = (at - before).astype(np.float32)
    weight = weight[:, None] if axis == 1 else weight
    first, second = np.take(values, before, axis), np.take(values, after, axis)
    return np.asarray(first + weight * (second - first), dtype=np.float32)


def _alone(colours: NDArray[np.float32], seen: NDArray[np.bool_]) -> Picture:
    """Return the map without the image; what the model never saw is hatched."""
    height, width = seen.shape
    return np.where(seen[..., None], np.rint(colours).astype(np.uint8), _hatching(width, height))


def _hatching(width: int, height: int) -> Picture:
    stripe = (np.arange(width) + np.arange(height)[:, None]) // 5 % 2
    return np.asarray(np.array(HATCH, dtype=np.uint8)[stripe])


def fitted(pixels: Picture, max_side: int) -> Picture:
    """Return the image so that its longest side fits: shrunk, or enlarged by a whole factor."""
    height, width = pixels.shape[:2]
    longest = max(height, width)
    if 2 * longest <= max_side:
        factor = max_side // longest
        return pixels.repeat(factor, axis=0).repeat(factor, axis=1)
    ratio = min(1.0, max_side / longest)
    size = max(1, round(width * ratio)), max(1, round(height * ratio))
    resized = Image.fromarray(np.ascontiguousarray(pixels)).resize(
        size, Image.Resampling.LANCZOS, reducing_gap=3
    )
    return np.asarray(resized)


def _arranged(panels: Sequence[Picture], caption: Sequence[str], key: Key) -> Picture:
    height, width = panels[0].shape[:2]
    column = max(width, NARROWEST)
    total = 2 * MARGIN + len(TITLES) * column + (len(TITLES) - 1) * GAP
    lines = _caption_lines(caption, width=total - 2 * MARGIN)
    below = MARGIN + LINE + height + GAP
    bottom = below + len(lines) * LINE + (KEY_LINE if key else 0) + MARGIN - 4
    sheet = Image.new("RGB", (total, bottom), WHITE)
    draw = ImageDraw.Draw(sheet)
    for number, title in enumerate(TITLES):
        left = MARGIN + number * (column + GAP) + (column - width) // 2
        draw.text((left, MARGIN), title, fill=INK, font=font(LETTERS))
        box = (left, MARGIN + LINE, left + width, MARGIN + LINE + height)
        if number < len(panels):
            sheet.paste(Image.fromarray(panels[number]), box)
        else:
            _draw_no_map(draw, box)
    for number, (line, colour) in enumerate(lines):
        draw.text((MARGIN, below + number * LINE), line, fill=colour, font=font(LETTERS))
    _draw_key(draw, key, top=below + len(lines) * LINE + 5)
    return np.asarray(sheet)


def _caption_lines(caption: Sequence[str], *, width: int) -> list[tuple[str, Colour]]:
    """Return the lines as they fit; those of the first item are dark, the others grey."""
    return [
        (line, GREY if number else INK)
        for number, item in enumerate(caption)
        for line in wrap(item, width=width, letters=font(LETTERS))
    ]


def _no_map(width: int, height: int) -> Picture:
    panel = Image.new("RGB", (width, height))
    _draw_no_map(ImageDraw.Draw(panel), (0, 0, width, height))
    return np.asarray(panel)


def _draw_no_map(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    draw.rectangle((left, top, right - 1, bottom - 1), fill=PALE)
    middle = ((left + right) / 2, (top + bottom) / 2)
    draw.text(middle, "no map", fill=GREY, font=font(LETTERS), anchor="mm")


def _key(palette: Palette, *, is_all_seen: bool) -> Key:
    colours = [(palette.positive, "for the class"), (palette.negative, "against it")]
    return colours if is_all_seen else [*colours, (HATCH[1], "not seen by the model")]


def _draw_key(draw: ImageDraw.ImageDraw, key: Key, *, top: int) -> None:
    """Say what the colours mean, in one line."""
    letters = font(LETTERS - 2)
    left = float(MARGIN)
    for colour, text in key:
        draw.rectangle((left, top + 3, left + 10, top + 13), fill=colour)
        draw.text((left + 16, top), text, fill=GREY, font=letters)
        left += 16 + letters.getlength(text) + 18
