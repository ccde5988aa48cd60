"""How large a polygon is."""

import numpy as np

from engine.domain.polygon import Polygon, Ring


def polygon_area(polygon: Polygon) -> float:
    """Return the area inside a polygon, its holes left out, in square pixels.

    The polygon is valid: its holes lie within the exterior and apart from each other.
    """
    return _ring_area(polygon.exterior) - sum(map(_ring_area, polygon.holes))


def _ring_area(points: Ring) -> float:
    """Return the area that a simple ring encloses, whichever way round it runs."""
    x, y = (points - points[:1]).T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
