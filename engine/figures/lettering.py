"""Text in pictures: one font on every machine, lines broken to fit."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from unicodedata import east_asian_width

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def font(size: int) -> Font:
    """Return DejaVu Sans, which comes with matplotlib, else Pillow's own font.

    Parameters
    ----------
    size
        Height of the letters in pixels.
    """
    # found without importing matplotlib, which is slow
    found = find_spec("matplotlib")
    if found and found.origin:
        file = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
        if file.is_file():
            return ImageFont.truetype(file, size)
    return ImageFont.load_default(size)


def length(text: str, letters: Font) -> float:
    """Return how wide a text is in pixels; letters as wide as high count so without a glyph."""
    return letters.getlength("".join("W" if east_asian_width(c) in "WF" else c for c in text))


def wrap(text: str, *, width: float, letters: Font) -> list[str]:
    """Break text into lines no wider than `width` pixels, at spaces where there are any."""
    lines: list[str] = []
    rest = text.strip()
    while rest:
        fits = _fitting(rest, width=width, letters=letters)
        if fits < len(rest):
            fits = rest.rfind(" ", 0, fits + 1) if " " in rest[: fits + 1] else fits
        lines.append(rest[:fits].rstrip())
        rest = rest[fits:].lstrip()
    return lines


def _fitting(text: str, *, width: float, letters: Font) -> int:
    """Return how many characters fit, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[:middle], letters) <= width:
            low = middle
        else:
            high = middle - 1
    return low
