"""Where maps find the region well and where not, condition by condition (Figure 7)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.plots.bars import short
from desktop_app.plots.brushing import Brush
from desktop_app.plots.frame import Floats, Frame, Range, nearest
from desktop_app.plots.inside import Indices, in_rectangle
from desktop_app.plots.legend import Key
from desktop_app.plots.look import Mark
from desktop_app.plots.plot import Columns, Plot, line_keys, line_words
from desktop_app.plots.reference import Line, draw_lines, ds_lines
from desktop_app.plots.shapes import draw_mark, draw_ring
from desktop_app.plots.view import Place
from desktop_app.session.selection import Selection
from desktop_app.window.theme import Theme
from engine.domain.findings import ConditionPoint, Estimate
from engine.domain.measure import Undefined, value_of
from engine.figures.conditions import can_be_drawn
from engine.figures.label_places import label_places, nearest_edge
from engine.figures.reference import DsReference
from engine.figures.style import shown

REACH = 9.0
PER_INCH = 96
"""Pixels at 100 % of what `label_places` takes for an inch."""

Placed = tuple[QRectF, tuple[float, float]]
"""Where a name stands, and where the line to it ends."""


class ConditionPlot(Plot):
    """Mean DS against mean SRCC, one mark for each condition among correct or incorrect cases.

    Diamonds are among the lowest in both metrics. A click brushes the images of a condition.
    """

    EMPTY = "No condition has enough cases with a DS and an SRCC yet."

    chosen = Signal(object)
    """The `ConditionPoint` that was clicked."""

    def __init__(
        self, theme: Theme, selection: Selection | None = None, parent: QWidget | None = None
    ) -> None:
        self._all: tuple[ConditionPoint, ...] = ()
        self._drawn: list[ConditionPoint] = []
        self._images: list[Indices] = []
        self._x = self._y = np.empty(0)
        self._lines: tuple[Line, ...] = ()
        self._brush = Brush()
        self._lit: list[bool] = []
        self._names: list[Placed | None] = []
        self._names_for: tuple[object, ...] = ()
        self._at = -1
        super().__init__(theme, selection, parent)
        self.view.is_zoomable = True
        self.add_tool("fit", "Show everything", self.view.fit)
        self.refresh("", empty=self.EMPTY)

    def set_points(
        self,
        points: Sequence[ConditionPoint],
        reference: DsReference | None = None,
        *,
        images: Sequence[Indices] = (),
        count: int = 0,
        title: str = "",
        empty: str = "",
    ) -> None:
        """Show other conditions.

        Parameters
        ----------
        reference
            Human ceiling and chance level of DS.
        images
            Row numbers of the images behind each point, in the order of the points.
        count
            How many rows the study has.
        empty
            What to say where there is nothing to draw, if this plot's own sentence will not do.
        """
        which = [n for n, point in enumerate(points) if can_be_drawn(point)]
        self._all, self._drawn = tuple(points), [points[n] for n in which]
        self._images = [images[n] for n in which] if len(images) else []
        self._x, self._y = (
            np.array([value_of(point.means[metric].value) for point in self._drawn], dtype=float)
            for metric in ("ds", "srcc")
        )
        self._lines, self._at, self._names_for = ds_lines(reference), -1, ()
        self._brush.clear()
        self.take_rows(count)
        self.view.set_lines(self._lines)
        self.view.show_range(*self._limits())
        self.restyle()
        self.refresh(title, empty="" if self._drawn else empty or self.EMPTY)

    def data(self) -> Columns:
        """Return condition, correctness, cases, means and intervals of each mark."""
        columns: Columns = {
            "condition": [point.condition for point in self._drawn],
            "correct": [point.is_correct for point in self._drawn],
            "cases": [point.cases for point in self._drawn],
        }
        for metric in ("ds", "srcc"):
            means = [point.means[metric] for point in self._drawn]
            columns[metric] = [value_of(mean.value) for mean in means]
            columns[f"{metric}_low"] = [_ends(mean)[0] for mean in means]
            columns[f"{metric}_high"] = [_ends(mean)[1] for mean in means]
        columns["lowest"] = [point.is_lowest for point in self._drawn]
        return columns

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint intervals, lines, marks, names and the brush."""
        across, down = frame.across(self._x), frame.down(self._y)
        self._paint_intervals(painter, frame)
        draw_lines(painter, frame, self.look, self._lines)
        self._paint_names(painter, frame)
        order = sorted(range(len(self._drawn)), key=lambda n: self._lit[n])
        for n in order:
            radius = self.look.px(6.0 if self._drawn[n].is_lowest else 5.0)
            at = float(across[n]), float(down[n])
            draw_mark(painter, at, self._mark(n), radius, line=self.look.px(1))
            if self._images and self.selection.current in self._images[n]:
                draw_ring(painter, at, self.look, radius + self.look.px(4))
        self._brush.paint(painter, frame, self.look)

    def keys(self) -> tuple[Key, ...]:
        """Return the marks with their numbers of conditions, and the lines."""
        keys = []
        for number, mark in enumerate(self.look.marks[:2]):
            of_kind = [point for point in self._drawn if point.is_correct is (number == 0)]
            if of_kind:
                cases = sum(point.cases for point in of_kind)
                keys.append(
                    Key(f"{mark.label} ({len(of_kind):,} conditions, {cases:,} cases)", mark)
                )
        if any(point.is_lowest for point in self._drawn):
            diamond = replace(self.look.neutral, shape="D")
            keys.append(Key("among the lowest in both", diamond))
        return (*keys, *line_keys(self._lines))

    def words(self) -> str:
        """Return each condition with its means, the lowest DS first."""
        order = sorted(range(len(self._drawn)), key=lambda n: self._x[n])
        said = "; ".join(self._hint(n).replace("\n", ", ") for n in order)
        return f"Mean DS and SRCC of conditions: {said}. {line_words(self._lines)}".strip()

    def remarks(self) -> str:
        """Return how many conditions are not drawn."""
        left = len(self._all) - len(self._drawn)
        return (
            f"{left:,} of {len(self._all):,} not drawn: too few cases, or no mean" if left else ""
        )

    def emphasise(self) -> None:
        """Find the conditions with a brushed image."""
        self._lit = self.are_lit(self._images) if self._images else [True] * len(self._drawn)

    def forget_brush(self) -> None:
        """Forget the rectangle."""
        self._brush.clear()

    def restyle(self) -> None:
        """Write the names of the axes in the new size."""
        self._names_for = ()
        self.view.name_axes("mean thresholded Dice score (DS)", "mean SRCC")

    def press(self, at: Place, *, is_panning: bool, is_added: bool) -> None:
        """Take hold of the rectangle, or begin a new one."""
        super().press(at, is_panning=is_panning, is_added=is_added)
        self._brush.press(self.view.frame, at, self.look)

    def drag(self, start: Place, at: Place, *, is_lasso: bool) -> None:
        """Brush the images of all conditions in a rectangle."""
        if not self._images:
            return
        self._brush.drag(self.view.frame, start, at)
        box = self._brush.box
        if box and box.y:
            inside = in_rectangle(self._x, self._y, across=box.x, upward=box.y)
            self.brush_groups([self._images[n] for n in np.flatnonzero(inside)])
        self.view.layer.update()

    def click(self, at: Place, *, is_added: bool) -> None:
        """Brush the images of a condition."""
        n = self._point_at(at)
        if n < 0:
            self.clear_brush()
        else:
            self._choose(n, is_added=is_added)

    def hint_at(self, at: Place) -> str:
        """Return the condition with its means."""
        n = self._point_at(at)
        return self._hint(n) if n >= 0 else ""

    def press_key(self, event: QKeyEvent) -> bool:
        """Brush condition after condition by DS."""
        forward, back = (Qt.Key.Key_Right, Qt.Key.Key_Down), (Qt.Key.Key_Left, Qt.Key.Key_Up)
        step = 1 if event.key() in forward else -1 if event.key() in back else 0
        if not step or not self._drawn:
            return super().press_key(event)
        order = np.argsort(self._x, kind="stable")
        self._at = min(max(self._at + step, 0), len(order) - 1)
        self._choose(int(order[self._at]))
        return True

    def _choose(self, n: int, *, is_added: bool = False) -> None:
        self._brush.clear()
        if self._images:
            self.brush_groups([self._images[n]], is_added=is_added)
        self.chosen.emit(self._drawn[n])

    def _point_at(self, at: Place) -> int:
        frame = self.view.frame
        across, down = frame.across(self._x), frame.down(self._y)
        return nearest(across, down, to=at, within=self.look.px(REACH))

    def _mark(self, n: int) -> Mark:
        point = self._drawn[n]
        mark = self.look.marks[0 if point.is_correct else 1]
        if point.is_lowest:
            mark = replace(mark, shape="D")
        if self._lit[n]:
            return mark
        return replace(mark, fill=self.look.palette.dim, edge=self.look.palette.dim_edge)

    def _hint(self, n: int) -> str:
        point = self._drawn[n]
        kind = "correct" if point.is_correct else "incorrect"
        lowest = "\namong the lowest in both" if point.is_lowest else ""
        return (
            f"{point.condition}, {kind}\nDS {_said(point.means['ds'])}\nSRCC"
            f" {_said(point.means['srcc'])}\n{point.cases:,} cases{lowest}"
        )

    def _limits(self) -> tuple[Range, Range]:
        """Return limits of DS and of SRCC that hold marks, intervals and lines."""
        ds = [0.0, *(line.value for line in self._lines), *self._all_ends("ds")]
        srcc = [0.0, *self._all_ends("srcc")]
        return (0.0, min(max(ds) + 0.04, 1.0)), (min(srcc) - 0.04, max(srcc) + 0.06)

    def _all_ends(self, metric: str) -> list[float]:
        means = [point.means[metric] for point in self._drawn]
        ends = [end for mean in means for end in (value_of(mean.value), *_ends(mean))]
        return [end for end in ends if end is not None]

    def _paint_intervals(self, painter: QPainter, frame: Frame) -> None:
        for n, point in enumerate(self._drawn):
            colour = QColor(self._mark(n).edge)
            colour.setAlpha(130)
            painter.setPen(QPen(colour, self.look.px(1)))
            x, y = frame.across(float(self._x[n])), frame.down(float(self._y[n]))
            low, high = _ends(point.means["ds"])
            if low is not None and high is not None:
                painter.drawLine(QLineF(frame.across(low), y, frame.across(high), y))
            low, high = _ends(point.means["srcc"])
            if low is not None and high is not None:
                painter.drawLine(QLineF(x, frame.down(low), x, frame.down(high)))

    def _paint_names(self, painter: QPainter, frame: Frame) -> None:
        self._place_names(frame)
        for n, placed in enumerate(self._names):
            if placed is None:
                continue
            box, end = placed
            x, y = frame.across(float(self._x[n])), frame.down(float(self._y[n]))
            painter.setPen(QPen(QColor(self.look.axis), self.look.px(0.6)))
            painter.drawLine(QLineF(x, y, *end))
            ground = QColor(self.look.surface)
            ground.setAlpha(215)
            painter.fillRect(box, ground)
            painter.setFont(self._font(n))
            painter.setPen(QColor(self.look.ink if self._lit[n] else self.look.muted))
            painter.drawText(
                box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, self._name(n)
            )

    def _place_names(self, frame: Frame) -> None:
        """Find a free place for each name; those of the lowest conditions first."""
        wanted = (frame, self.look)
        if wanted == self._names_for:
            return
        self._names_for = wanted
        unit = self.look.px(PER_INCH)
        across, down = frame.across(self._x), frame.down(self._y)
        inside = (across >= 0) & (across <= frame.width) & (down >= 0) & (down <= frame.height)
        shown_ones = np.flatnonzero(inside)
        anchors = np.column_stack([across, frame.height - down])[inside] / unit
        sizes = np.array([self._size(int(n)) for n in shown_ones]).reshape(-1, 2) / unit
        are_first = np.array([self._drawn[n].is_lowest for n in shown_ones], dtype=np.bool_)
        bounds = frame.width / unit, frame.height / unit
        places = label_places(anchors, sizes, bounds=bounds, are_first=are_first)
        self._names = [None] * len(self._drawn)
        for n, anchor, size, place in zip(shown_ones, anchors, sizes, places, strict=True):
            if place is not None:
                end = nearest_edge(anchor, place, size)
                self._names[n] = _placed(place, size, end, unit, frame.height)

    def _name(self, n: int) -> str:
        return f"{short(self._drawn[n].condition)} ({self._drawn[n].cases:,})"

    def _font(self, n: int) -> QFont:
        font = QFont(self.look.small)
        font.setBold(self._drawn[n].is_lowest)
        return font

    def _size(self, n: int) -> tuple[float, float]:
        metrics = QFontMetricsF(self._font(n))
        lines = self._name(n).split("\n")
        return max(map(metrics.horizontalAdvance, lines)), len(lines) * metrics.lineSpacing()


def _placed(
    place: tuple[float, float], size: Floats, end: tuple[float, float], unit: float, height: float
) -> Placed:
    wide, high = float(size[0]) * unit, float(size[1]) * unit
    x, y = place[0] * unit, height - place[1] * unit
    return QRectF(x - wide / 2, y - high / 2, wide, high), (end[0] * unit, height - end[1] * unit)


def _ends(mean: Estimate) -> tuple[float | None, float | None]:
    if isinstance(mean.interval, Undefined):
        return None, None
    return mean.interval.low, mean.interval.high


def _said(mean: Estimate) -> str:
    low, high = _ends(mean)
    between = f" ({shown(low)} to {shown(high)})" if low is not None and high is not None else ""
    return f"{shown(mean.value)}{between}"
