"""Boxes that may be turned, and the numbers that place a shape."""

import math
from collections.abc import Mapping

from engine.formats.outlines import Area, Unusable, box_area, polygon_area


def numbers_of(shape: Mapping[str, object], *keys: str) -> list[float]:
    """Return the numbers that a shape has under the given keys.

    Raises
    ------
    Unusable
        One of them is missing or no number.
    """
    values = [shape.get(key) for key in keys]
    try:
        return [float(value) for value in values]  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise Unusable("its position is not given in numbers; it was left out") from None


def turned_box_area(
    *, x: float, y: float, width: float, height: float, degrees: float, pivot: tuple[float, float]
) -> Area:
    """Return a box that somebody drew and turned.

    Parameters
    ----------
    x, y, width, height
        The box before it was turned, in pixels.
    degrees
        By which it is turned from x towards y.
    pivot
        The point about which it is turned, as shares of width and height: (0, 0) is the top left
        corner, (0.5, 0.5) the middle.
    """
    if not degrees:
        return box_area(x=x, y=y, width=width, height=height)
    if not math.isfinite(degrees):
        raise Unusable("it is turned by an angle that is no number; it was left out")
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    shares = [(0, 0), (1, 0), (1, 1), (0, 1)]
    offsets = [((a - pivot[0]) * width, (b - pivot[1]) * height) for a, b in shares]
    centre = (x + pivot[0] * width, y + pivot[1] * height)
    region, _ = polygon_area(
        [(centre[0] + a * cos - b * sin, centre[1] + a * sin + b * cos) for a, b in offsets]
    )
    return region, ("a box was taken as the outline",)
