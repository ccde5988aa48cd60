"""A boundary made ready to be painted: lines to stroke and a path to fill, as fine as is seen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import starmap

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from engine.domain.polygon import Ring
from engine.domain.simplify import needed_vertices

UNSEEN = 0.5
"""Device pixels by which a painted line may leave the outline: less than a hand can aim at."""

STEPS = 2
"""How many finenesses there are from one zoom to its double."""

FINEST = 3 * STEPS
"""From zoom 2**3 on every vertex is painted."""

CHUNK = 64
"""Lines that are painted, or left out of the window, together."""


@dataclass(frozen=True, slots=True)
class Strokes:
    """The lines of a boundary at one fineness.

    Attributes
    ----------
    rings
        The vertices that are left, ring by ring.
    lines
        One for each edge.
    bounds
        Left, top, right and bottom of each chunk of `CHUNK` lines, shape (n, 4).
    """

    rings: tuple[NDArray[np.float64], ...]
    lines: list[QLineF]
    bounds: NDArray[np.float64]

    def seen_in(self, window: QRectF) -> list[QLineF]:
        """Return the lines that may be seen in a window, in image pixels."""
        left, top, right, bottom = self.bounds.T
        is_seen = (
            (right >= window.left())
            & (left <= window.right())
            & (bottom >= window.top())
            & (top <= window.bottom())
        )
        if is_seen.all():
            return self.lines
        chunks = np.flatnonzero(is_seen).tolist()
        return [line for c in chunks for line in self.lines[c * CHUNK : (c + 1) * CHUNK]]


class Outline:
    """The boundary of one polygon, or an open line; each fineness is made once, when needed."""

    def __init__(self, rings: Sequence[Ring], *, is_closed: bool = True) -> None:
        self._rings = [np.vstack((r, r[:1])) if is_closed else r for r in rings if len(r)]
        self._strokes: dict[int, Strokes] = {}
        self._paths: dict[int, QPainterPath] = {}
        corners = np.concatenate(self._rings) if self._rings else np.zeros((1, 2))
        low, high = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
        self.bounds = QRectF(QPointF(*low), QPointF(*high))

    def strokes(self, zoom: float) -> Strokes:
        """Return the lines for a zoom in device pixels per image pixel."""
        fineness = _fineness(zoom)
        if fineness not in self._strokes:
            self._strokes[fineness] = self._made(fineness)
        return self._strokes[fineness]

    def path(self, zoom: float) -> QPainterPath:
        """Return the area for a zoom, to be filled by the odd-even rule."""
        fineness = _fineness(zoom)
        if fineness not in self._paths:
            path = QPainterPath()
            for vertices in self.strokes(zoom).rings:
                path.addPolygon(QPolygonF([QPointF(x, y) for x, y in vertices.tolist()]))
            path.setFillRule(Qt.FillRule.OddEvenFill)
            self._paths[fineness] = path
        return self._paths[fineness]

    def _made(self, fineness: int) -> Strokes:
        rings = self._rings if fineness == FINEST else _thinned(self._rings, fineness)
        edges = np.concatenate(
            [np.hstack((vertices[:-1], vertices[1:])) for vertices in rings] or [np.empty((0, 4))]
        )
        lines = list(starmap(QLineF, edges.tolist()))
        return Strokes(tuple(rings), lines, _bounds(edges))


def stroke(painter: QPainter, lines: list[QLineF], colour: str, width: float) -> None:
    """Draw lines of a width in device pixels.

    Lines one by one, with square ends that close the corners, cost a tenth of the same way as a
    path, and stay exact far beyond the window.
    """
    pen = QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawLines(lines)


def _fineness(zoom: float) -> int:
    return min(math.floor(STEPS * math.log2(zoom)), FINEST)


def _thinned(rings: Sequence[NDArray[np.float64]], fineness: int) -> list[NDArray[np.float64]]:
    """Return those vertices of closed rings that are seen up to where the next fineness begins."""
    if not rings:
        return []
    lengths = np.array([len(vertices) for vertices in rings])
    lasts = np.cumsum(lengths) - 1
    ends = np.column_stack((lasts - lengths + 1, lasts)).ravel()
    points = np.concatenate(rings)
    kept = needed_vertices(points, ends, UNSEEN / 2 ** ((fineness + 1) / STEPS))
    return np.split(points[kept], np.searchsorted(kept, lasts[:-1], side="right"))


def _bounds(edges: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(edges) == 0:
        return np.empty((0, 4))
    starts = np.arange(0, len(edges), CHUNK)
    low = np.minimum(edges[:, :2], edges[:, 2:])
    high = np.maximum(edges[:, :2], edges[:, 2:])
    return np.hstack((np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)))
