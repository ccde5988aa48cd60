"""Regions as well-known text in pixels, each number to its last digit."""

import re

import numpy as np
import shapely

from engine.domain.polygon import Polygon, Region, Ring
from engine.formats.outlines import Area, NoArea, Unusable, even_odd_area, ring_of, united

_KIND = re.compile(r"\s*(MULTI)?POLYGON\s*(ZM?\s*|M\s*)?(\(|EMPTY)", re.IGNORECASE)


def wkt_of(region: Region) -> str:
    """Return a region as a multipolygon; an empty text where nothing is drawn."""
    parts = (f"({', '.join(map(_ring_text, polygon.rings))})" for polygon in region)
    return f"MULTIPOLYGON ({', '.join(parts)})" if region else ""


def wkt_area(text: str) -> Area:
    """Return the area of a polygon or multipolygon; valid ones stay as they are, also empty ones.

    Raises
    ------
    Unusable
        The text is neither, a coordinate is not finite or huge, or nothing is enclosed.
    """
    if not _KIND.match(text):
        raise Unusable("its region is no POLYGON or MULTIPOLYGON in text; it was left out")
    try:
        with np.errstate(invalid="ignore"):  # of NaN, which is refused below
            shape = shapely.from_wkt(text)
    except shapely.errors.ShapelyError as error:
        reason = str(error).partition("\n")[0]
        raise Unusable(f"its region is no well-known text ({reason}); it was left out") from None
    drawn = [
        Polygon(_ring(part.exterior), tuple(map(_ring, part.interiors)))
        for part in shapely.get_parts(shape)
        if not shapely.is_empty(part)
    ]
    if shapely.is_valid(shape):
        return tuple(drawn), ()
    region = united([*map(_odd_area, drawn)])
    if not region:
        raise NoArea("its region encloses no area; it was left out")
    return region, ("a region that crosses, touches or covers itself was repaired",)


def _odd_area(polygon: Polygon) -> Region:
    try:
        return even_odd_area(polygon.rings)[0]
    except NoArea:
        return ()


def _ring(line: shapely.LinearRing) -> Ring:
    return ring_of(shapely.get_coordinates(line))


def _ring_text(ring: Ring) -> str:
    closed = np.concatenate((ring, ring[:1]))
    return f"({', '.join(f'{x!r} {y!r}' for x, y in closed.tolist())})"
