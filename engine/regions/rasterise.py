"""Polygons to pixels, exactly: a pixel belongs if and only if its centre is inside."""

from fractions import Fraction
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.domain.polygon import Region
from engine.regions.runs import Runs, joined, united

_GRID = 256
_GRID_LIMIT = 2**21
"""Vertices on the grid of 1/256 pixel within this range are decided in int64 without overflow."""

_ROUNDING = 2.0**-48
"""Relative error of a computed crossing, with room to spare (the bound is 7 * 2**-53)."""


class _Edges(NamedTuple):
    """Edges of rings, each from its upper end to its lower (y0 <= y1), and whose polygon's."""

    x0: NDArray[np.float64]
    y0: NDArray[np.float64]
    x1: NDArray[np.float64]
    y1: NDArray[np.float64]
    polygon: NDArray[np.int64]


def rasterise(region: Region, *, width: int, height: int) -> Runs:
    """Return the pixels whose centres lie inside a region.

    A centre is inside a polygon if an odd number of crossings of its rings with the centre's row
    lies at or left of it, and inside the region if it is inside any of its polygons. The rule is
    half-open: of two polygons that share an edge exactly one owns a centre on it. Crossings that
    float64 cannot tell from a centre are decided in exact arithmetic. The cost grows with the
    number of rows that edges cross, not with the size of the image.

    Parameters
    ----------
    region
        Polygons in upright pixels, corner convention; they may leave the image, cross
        themselves and overlap. Rings of fewer than three vertices enclose nothing.
    width, height
        Size of the image in pixels.

    References
    ----------
    Method, sections 1 and 2.
    """
    edges = _edges(region)
    first = _first_centre_at_or_after(edges.y0, height)
    count = _first_centre_at_or_after(edges.y1, height) - first
    edge = np.repeat(np.arange(len(count)), count)
    row = np.arange(len(edge)) + np.repeat(first - (np.cumsum(count) - count), count)
    column = _columns(edges, edge, row, width)
    # One sort for all polygons: each lies on a stretch of its own, and each row of each has an
    # even number of crossings, so neighbours in the sorted order are the two ends of a run.
    stretch = width * height + 1
    bounds = np.sort(edges.polygon[edge] * stretch + row * width + column) % stretch
    unite = united if len(region) > 1 else joined
    return unite(bounds[::2], bounds[1::2], width=width, height=height)


def _edges(region: Region) -> _Edges:
    """Return the edges of all rings; horizontal ones cross no row of centres."""
    rings = [(k, ring) for k, polygon in enumerate(region) for ring in polygon.rings if len(ring)]
    if not rings:
        none = np.empty(0)
        return _Edges(none, none, none, none, none.astype(np.int64))
    lengths = np.array([len(ring) for _, ring in rings])
    here = np.concatenate([ring for _, ring in rings])
    last = np.cumsum(lengths) - 1
    following = np.arange(1, len(here) + 1)
    following[last] = last - lengths + 1
    there = here[following]
    upper = np.where((here[:, 1] < there[:, 1])[:, None], here, there)
    lower = np.where((here[:, 1] < there[:, 1])[:, None], there, here)
    polygon = np.repeat(np.array([k for k, _ in rings], dtype=np.int64), lengths)
    return _Edges(upper[:, 0], upper[:, 1], lower[:, 0], lower[:, 1], polygon)


def _first_centre_at_or_after(at: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    """Return the least pixel index k >= 0 whose centre k + 0.5 >= at; at most `size`."""
    return np.clip(np.ceil(at - 0.5), 0, size).astype(np.int64)


def _columns(
    edges: _Edges, edge: NDArray[np.int64], row: NDArray[np.int64], width: int
) -> NDArray[np.int64]:
    """Return the first column whose centre is at or right of each edge's crossing with its row."""
    x0, y0, x1, y1, _ = edges
    is_left, is_right = np.maximum(x0, x1) <= 0, np.minimum(x0, x1) >= width
    is_beside = is_left | is_right
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        slope = np.where(is_beside, 0, (x1 - x0) / (y1 - y0))
        error = _ROUNDING * (np.abs(x0) + np.abs(x1))
        start = np.where(is_beside, np.where(is_left, 0, width), x0)
        offset = start[edge] + (row + 0.5 - y0[edge]) * slope[edge] - 0.5
        error[np.isinf(y1 - y0)] = np.inf
    error[is_beside | (x0 == x1)] = -1
    # Written so that NaN, from coordinates that overflow, is unsure too; so is an error of pixels.
    is_unsure = ~(np.abs(offset - np.rint(offset)) > error[edge])
    if is_unsure.any():
        unsure = np.stack((x0, y0, x1, y1))[:, edge[is_unsure]]
        offset[is_unsure] = _exact_columns(unsure, row[is_unsure], width)
    return np.clip(np.ceil(offset), 0, width).astype(np.int64)


def _exact_columns(
    edges: NDArray[np.float64], row: NDArray[np.int64], width: int
) -> NDArray[np.int64]:
    """Return the same columns without rounding: on a fine grid in int64, else in fractions.

    Edges are the rows x0, y0, x1 and y1 of an array.
    """
    with np.errstate(over="ignore"):
        on_grid = edges * _GRID
    is_quick = ((np.abs(edges) < _GRID_LIMIT) & (on_grid == np.rint(on_grid))).all(axis=0)
    x0, y0, x1, y1 = on_grid[:, is_quick].astype(np.int64)
    half, rise = _GRID // 2, y1 - y0
    across = (x0 - half) * rise + (_GRID * row[is_quick] + half - y0) * (x1 - x0)
    columns = np.empty(len(row), dtype=np.int64)
    columns[is_quick] = -(-across // (_GRID * rise))
    others = zip(edges[:, ~is_quick].T.tolist(), row[~is_quick].tolist(), strict=True)
    columns[~is_quick] = [min(max(_exact_column(e, at), 0), width) for e, at in others]
    return columns


def _exact_column(edge: list[float], row: int) -> int:
    x0, y0, x1, y1 = map(Fraction, edge)
    half = Fraction(1, 2)
    return ceil(x0 + (row + half - y0) * (x1 - x0) / (y1 - y0) - half)
