"""Points of a scatter, a hundred thousand of them in one call, kept until something changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt import internals
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from desktop_app.plots.frame import Floats, Frame
from desktop_app.plots.inside import Mask
from desktop_app.plots.look import Look, Mark
from desktop_app.plots.shapes import draw_mark

FEW, SOME = 300, 4_000
"""Up to so many points the marks are large; beyond so many they are small, without an edge."""

LARGE, SMALL, DENSE = 4.6, 3.4, 2.2
"""Radii of the marks, pixels at 100 %."""

SOLID = 0.72
"""Opacity of a mark among many, so that crowds are darker."""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Defined points.

    Attributes
    ----------
    x, y
        Shape (n,).
    kinds
        Which of the marks each point has, shape (n,).
    """

    x: Floats
    y: Floats
    kinds: NDArray[np.intp]

    @property
    def radius(self) -> float:
        """Radius of a mark in pixels at 100 %."""
        if len(self.x) <= FEW:
            return LARGE
        return SMALL if len(self.x) <= SOME else DENSE

    @property
    def are_many(self) -> bool:
        """True where marks are small and without an edge."""
        return len(self.x) > SOME


class PointPainter:
    """Paints points in their order: those that are not lit pale and below the others."""

    def __init__(self) -> None:
        self._all, self._lit = _Kept(), _Kept()

    def paint(
        self,
        painter: QPainter,
        frame: Frame,
        look: Look,
        points: Points,
        *,
        marks: Sequence[Mark],
        lit: Mask | None,
    ) -> None:
        """Paint all points, and over them those that are lit, where some are in particular."""
        ratio = painter.device().devicePixelRatioF()
        pale = [replace(mark, fill=look.palette.dim, edge=look.palette.dim_edge) for mark in marks]
        for kept, drawn, which in (
            (self._all, marks if lit is None else pale, None),
            (self._lit, marks, lit),
        ):
            if kept is self._lit and lit is None:
                continue
            wanted = frame, ratio, look, tuple(drawn)
            if wanted != kept.wanted or points is not kept.points or which is not kept.which:
                kept.wanted, kept.points, kept.which = wanted, points, which
                kept.picture = _picture(frame, look, points, drawn, which=which, ratio=ratio)
            painter.drawImage(QPointF(0, 0), kept.picture)


@dataclass
class _Kept:
    """A picture, and what it was painted of."""

    wanted: tuple[object, ...] = ()
    points: Points | None = None
    which: Mask | None = None
    picture: QImage = field(default_factory=QImage)


def _picture(
    frame: Frame,
    look: Look,
    points: Points,
    marks: Sequence[Mark],
    *,
    which: Mask | None,
    ratio: float,
) -> QImage:
    """Return some of the points on clear ground."""
    size = round(frame.width * ratio), round(frame.height * ratio)
    picture = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    chosen = np.arange(len(points.x)) if which is None else np.flatnonzero(which)
    radius = look.px(points.radius) * ratio
    side = 2 * round(1.5 * radius + ratio) + 1
    places = internals.PrimitiveArray(QPainter.PixmapFragment, 10)
    places.resize(len(chosen))
    # x and y of the middle; left, top, width and height in the atlas; scales, turn, opacity
    rows = places.ndarray()
    rows[:, 0] = frame.across(points.x[chosen]) * ratio
    rows[:, 1] = frame.down(points.y[chosen]) * ratio
    rows[:, 2] = points.kinds[chosen] * side
    rows[:, 3:] = 0, side, side, 1, 1, 0, 1
    painter = QPainter(picture)
    atlas = _atlas(marks, radius, side=side, line=look.px(0.8) * ratio, are_many=points.are_many)
    if len(chosen):
        first, count = places.drawargs()
        painter.drawPixmapFragments(first, count, atlas)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def _atlas(
    marks: Sequence[Mark], radius: float, *, side: int, line: float, are_many: bool
) -> QPixmap:
    """Return the marks beside one another, each in the middle of a square."""
    atlas = QPixmap(side * len(marks), side)
    atlas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(atlas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(SOLID if are_many else 1.0)
    for number, mark in enumerate(marks):
        has_edge = mark.is_hollow or not are_many
        drawn = mark if has_edge else replace(mark, edge=mark.fill)
        draw_mark(painter, ((number + 0.5) * side, side / 2), drawn, radius, line=line)
    painter.end()
    return atlas
