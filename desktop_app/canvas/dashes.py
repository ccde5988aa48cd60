"""Lines cut into dashes beforehand, so that a dashed outline costs no more than a whole one."""

from collections.abc import Sequence
from itertools import starmap

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF

MOST = 20_000
"""Dashes of one ring; a longer one is drawn whole, its dashes being too fine to be seen."""


def dashed(
    rings: Sequence[NDArray[np.float64]], dashes: Sequence[float], unit: float
) -> list[QLineF]:
    """Return the lines that are left of closed rings; dashes run on from edge to edge.

    Parameters
    ----------
    rings
        Vertices, shape (n, 2), the last like the first.
    dashes
        Lengths drawn and left out in turn; none for lines without gaps.
    unit
        Image pixels for a length of 1.
    """
    pieces = [_pieces(ring, np.asarray(dashes) * unit) for ring in rings if len(ring) > 1]
    return list(starmap(QLineF, np.concatenate(pieces).tolist())) if pieces else []


def _pieces(ring: NDArray[np.float64], dashes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the drawn pieces of one ring, shape (n, 4)."""
    way = np.concatenate(([0.0], np.hypot(*np.diff(ring, axis=0).T).cumsum()))
    period = float(dashes.sum())
    if period <= 0 or way[-1] * len(dashes) / period > MOST:
        return np.hstack((ring[:-1], ring[1:]))
    ends = dashes.cumsum()
    starts = np.arange(0.0, way[-1] + period, period)
    cuts = (starts[:, None] + ends).ravel()
    at = np.union1d(way, cuts[cuts < way[-1]])
    points = np.column_stack([np.interp(at, way, ring[:, axis]) for axis in (0, 1)])
    phase = (at[:-1] + at[1:]) / 2 % period
    is_drawn = np.searchsorted(ends, phase, side="right") % 2 == 0
    pieces: NDArray[np.float64] = np.hstack((points[:-1], points[1:]))[is_drawn]
    return pieces
