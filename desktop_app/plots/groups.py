"""How well maps find the region in each group of patients, with the test's verdict (Figure 8)."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.plots.bars import Bar, bar_at, draw_bars, draw_numbers, range_of, short
from desktop_app.plots.brushing import Brush
from desktop_app.plots.frame import Floats, Frame, nearest
from desktop_app.plots.inside import Indices, Mask, in_rectangle
from desktop_app.plots.legend import Key
from desktop_app.plots.plot import Columns, Plot, line_keys, line_words
from desktop_app.plots.points import PointPainter, Points
from desktop_app.plots.reference import Line, draw_lines, ds_lines
from desktop_app.plots.shapes import draw_ring
from desktop_app.plots.view import Place
from desktop_app.session.selection import Selection
from desktop_app.window.theme import Theme
from engine.domain.findings import Comparison, Estimate, Level, Scale
from engine.domain.measure import Undefined, value_of
from engine.figures.groups import METRICS, counts_words, deciding_test, verdict
from engine.figures.reference import DsReference
from engine.figures.style import shown

BAR = 0.62
REACH = 8.0


class GroupPlot(Plot):
    """Means of groups as bars with their intervals, or cases against a number with their line.

    A click on a bar brushes the images of the group; a rectangle brushes cases.
    """

    EMPTY = "There is no metadata column to compare groups by."

    def __init__(
        self, theme: Theme, selection: Selection | None = None, parent: QWidget | None = None
    ) -> None:
        self._comparison: Comparison | None = None
        self._bars: list[Bar] = []
        self._points: Points | None = None
        self._cases = np.empty(0, dtype=np.intp)
        self._images: Sequence[Indices] = ()
        self._behind: tuple[Indices, Indices] | None = None
        self._case_names: Sequence[str] = ()
        self._lines: tuple[Line, ...] = ()
        self._brush, self._painter = Brush(), PointPainter()
        self._lit: list[bool] = []
        self._lit_points: Mask | None = None
        self._at = -1
        super().__init__(theme, selection, parent)
        self.refresh("", empty=self.EMPTY)

    def set_comparison(  # noqa: PLR0913 - each is one thing that is drawn
        self,
        comparison: Comparison | None,
        *,
        reference: DsReference | None = None,
        numbers: Floats | None = None,
        values: Floats | None = None,
        images: Sequence[Indices] = (),
        case_names: Sequence[str] = (),
        count: int = 0,
        title: str = "",
        empty: str = "",
    ) -> None:
        """Show another comparison.

        Parameters
        ----------
        comparison
            None where there is nothing to compare.
        reference
            Human ceiling and chance level, drawn where the metric is DS.
        numbers, values
            Of a comparison by a number: the number and the metric of each case, NaN where
            undefined; `CaseTable` has them.
        images
            Row numbers of the images behind each level, or behind each case.
        case_names
            What each case is called.
        count
            How many rows the study has.
        empty
            What to say where there is nothing to draw, if this plot's own sentence will not do.
        """
        self._comparison, self._images, self._case_names = comparison, images, case_names
        self._bars, self._points, self._behind, self._at = [], None, None, -1
        self._brush.clear()
        self.take_rows(count)
        if comparison is None:
            self.refresh(title, empty=empty or self.EMPTY)
            return
        self._lines = ds_lines(reference) if comparison.metric == "ds" else ()
        if comparison.scale is Scale.NUMBER:
            nothing = np.empty(0)
            self._take_points(
                nothing if numbers is None else numbers, nothing if values is None else values
            )
            missing = "" if self._points and len(self._points.x) else "No case has both numbers."
        else:
            self._take_bars(comparison.levels)
            missing = "" if self._bars else "There are no groups to compare."
        self._name_axes()
        self.refresh(title or comparison.column, empty=missing)

    def data(self) -> Columns:
        """Return group, mean, interval and number of cases; or both numbers of each case."""
        if self._points is not None and self._comparison:
            columns: Columns = {}
            if self._case_names:
                columns["name"] = [self._case_names[case] for case in self._cases.tolist()]
            columns[self._comparison.column] = list(self._points.x.tolist())
            columns[self._comparison.metric] = list(self._points.y.tolist())
            return columns
        levels = self._comparison.levels if self._comparison else ()
        return {
            "level": [level.name for level in levels],
            "mean": [value_of(level.mean.value) for level in levels],
            "low": [_ends(level.mean)[0] for level in levels],
            "high": [_ends(level.mean)[1] for level in levels],
            "cases": [level.mean.n for level in levels],
        }

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint bars, or points and their line."""
        if self._points is None:
            draw_bars(painter, frame, self.look, self._bars, self._lit)
            draw_lines(painter, frame, self.look, self._lines)
            draw_numbers(painter, frame, self.look, self._bars, self._lit)
            return
        marks = (self.look.neutral,)
        self._painter.paint(
            painter, frame, self.look, self._points, marks=marks, lit=self._lit_points
        )
        self._paint_trend(painter, frame)
        draw_lines(painter, frame, self.look, self._lines, is_on_y=True)
        for point in self._points_at_hand():
            at = (
                frame.across(float(self._points.x[point])),
                frame.down(float(self._points.y[point])),
            )
            draw_ring(painter, at, self.look, self.look.px(self._points.radius + 3.5))
        self._brush.paint(painter, frame, self.look)

    def keys(self) -> tuple[Key, ...]:
        """Return the lines."""
        return line_keys(self._lines)

    def words(self) -> str:
        """Return the verdict, the test and the means in words."""
        comparison = self._comparison
        if comparison is None:
            return self.EMPTY
        means = "; ".join(
            f"{bar.name} {bar.text} cases" if bar.length is not None else f"{bar.name} undefined"
            for bar in self._bars
        )
        said = f"{METRICS[comparison.metric]} by {comparison.column}. {verdict(comparison)}."
        means = f"Means: {means}." if means else ""
        parts = (said, f"{deciding_test(comparison)}.", means, line_words(self._lines))
        return " ".join(part for part in parts if part)

    def remarks(self) -> str:
        """Return the verdict, the test and what was left out."""
        comparison = self._comparison
        if comparison is None:
            return ""
        first = f"{verdict(comparison)} · {deciding_test(comparison)}"
        return f"{first} · {counts_words(comparison)}"

    def emphasise(self) -> None:
        """Find the groups, or the cases, with a brushed image."""
        if self._points is not None:
            self._lit_points = self._lit_cases()
        else:
            is_known = all(bar.images is not None for bar in self._bars)
            groups = [bar.images for bar in self._bars if bar.images is not None]
            self._lit = self.are_lit(groups) if is_known else [True] * len(self._bars)

    def _lit_cases(self) -> Mask | None:
        """Return which points have a brushed image behind them; None where nothing is brushed."""
        if self.picked is None or not self._images:
            return None
        if self._behind is None:  # found once: there may be 100,000 cases
            images = [self._images[case] for case in self._cases.tolist()]
            points = np.repeat(np.arange(len(images)), [len(rows) for rows in images])
            self._behind = points, np.concatenate([np.empty(0, dtype=np.intp), *images])
        points, rows = self._behind
        lit = np.zeros(len(self._cases), dtype=np.bool_)
        lit[points[self.picked[rows]]] = True
        return lit

    def forget_brush(self) -> None:
        """Forget the rectangle."""
        self._brush.clear()

    def restyle(self) -> None:
        """Write the names of the axes in the new size."""
        self._name_axes()

    def press(self, at: Place, *, is_panning: bool, is_added: bool) -> None:
        """Take hold of the rectangle, or begin a new one."""
        super().press(at, is_panning=is_panning, is_added=is_added)
        self._brush.press(self.view.frame, at, self.look)

    def drag(self, start: Place, at: Place, *, is_lasso: bool) -> None:
        """Brush cases."""
        if self._points is None or not self._images:
            return
        self._brush.drag(self.view.frame, start, at)
        box = self._brush.box
        if box and box.y:
            inside = in_rectangle(self._points.x, self._points.y, across=box.x, upward=box.y)
            self.brush_groups([self._images[case] for case in self._cases[inside].tolist()])
        self.view.layer.update()

    def click(self, at: Place, *, is_added: bool) -> None:
        """Brush a group, or take the first image of a case at hand."""
        images = self._images_at(at)
        if images is None or not len(images):
            self.clear_brush()
        elif self._points is None:
            self.brush_groups([images], is_added=is_added)
        else:
            self.take_at_hand(int(images[0]))

    def hint_at(self, at: Place) -> str:
        """Return the group with its numbers, or the case with both."""
        comparison, frame = self._comparison, self.view.frame
        if comparison is None:
            return ""
        if self._points is None:
            number = bar_at(frame, at, self._bars)
            return _hint(comparison.levels[number]) if number >= 0 else ""
        point = self._point_at(at)
        if point < 0:
            return ""
        case = int(self._cases[point])
        name = self._case_names[case] if self._case_names else f"Case {case + 1:,}"
        x, y = float(self._points.x[point]), float(self._points.y[point])
        metric = METRICS[comparison.metric]
        return f"{name}\n{comparison.column} {x:g}\n{metric} {shown(y, digits=3)}"

    def press_key(self, event: QKeyEvent) -> bool:
        """Brush group after group by Up and Down."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if not step or not self._images or self._points is not None:
            return super().press_key(event)
        self._at = min(max(self._at + step, 0), len(self._bars) - 1)
        self.brush_groups([self._images[self._at]])
        return True

    def _take_bars(self, levels: Sequence[Level]) -> None:
        images: Sequence[Indices | None] = list(self._images) or [None] * len(levels)
        self._bars = [
            Bar(
                level.name, row, BAR, value_of(level.mean.value),
                f"{shown(level.mean.value)} ({level.mean.n:,})",
                interval=_interval(level.mean), images=of_level,
            )
            for row, (level, of_level) in enumerate(zip(levels, images, strict=True))
        ]  # fmt: skip
        self.view.set_ticks("left", [(row, short(one.name)) for row, one in enumerate(levels)])
        self.view.set_lines(self._lines)
        rows = max(len(levels), 2)
        self.view.show_range(
            range_of(self._bars, self._lines), (-0.5, rows - 0.5), is_downward=True
        )

    def _take_points(self, numbers: Floats, values: Floats) -> None:
        self._cases = np.flatnonzero(np.isfinite(numbers) & np.isfinite(values))
        x, y = numbers[self._cases], values[self._cases]
        self._points = Points(x, y, np.zeros(len(x), dtype=np.intp))
        self.view.set_numbers("left")
        self.view.set_lines(self._lines, are_on_y=True)
        if not len(x):
            return
        room = 0.04 * (float(np.ptp(x)) or 1.0)
        low, high = (float(y.min()), float(y.max()))
        margin = 0.05 * (high - low or 1.0)
        upward = (0.0, 1.0) if self._lines else (low - margin, high + margin)
        self.view.show_range((float(x.min()) - room, float(x.max()) + room), upward)

    def _paint_trend(self, painter: QPainter, frame: Frame) -> None:
        assert self._points is not None
        x, y = self._points.x, self._points.y
        if len(np.unique(x)) < 2:
            return
        slope, height = np.polyfit(x, y, 1)
        painter.setPen(QPen(QColor(self.look.ink), self.look.px(1.8)))
        ends = [float(x.min()), float(x.max())]
        (x0, x1), (y0, y1) = (
            [frame.across(end) for end in ends],
            [frame.down(float(slope * end + height)) for end in ends],
        )
        painter.drawLine(QLineF(x0, y0, x1, y1))

    def _points_at_hand(self) -> list[int]:
        row = self.selection.current
        if row < 0 or not self._images:
            return []
        return [n for n, case in enumerate(self._cases.tolist()) if row in self._images[case]]

    def _point_at(self, at: Place) -> int:
        if self._points is None:
            return -1
        frame = self.view.frame
        across, down = frame.across(self._points.x), frame.down(self._points.y)
        return nearest(across, down, to=at, within=self.look.px(REACH))

    def _images_at(self, at: Place) -> Indices | None:
        if self._points is None:
            number = bar_at(self.view.frame, at, self._bars)
            return self._bars[number].images if number >= 0 else None
        point = self._point_at(at)
        return self._images[int(self._cases[point])] if point >= 0 and self._images else None

    def _name_axes(self) -> None:
        comparison = self._comparison
        if comparison is None:
            return
        metric = METRICS[comparison.metric]
        is_number = comparison.scale is Scale.NUMBER
        self.view.name_axes(*((comparison.column, metric) if is_number else (metric, "")))


def _interval(mean: Estimate) -> tuple[float, float] | None:
    interval = mean.interval
    return None if isinstance(interval, Undefined) else (interval.low, interval.high)


def _ends(mean: Estimate) -> tuple[float | None, float | None]:
    return _interval(mean) or (None, None)


def _hint(level: Level) -> str:
    mean, interval = level.mean, _interval(level.mean)
    between = f"\ninterval {shown(interval[0])} to {shown(interval[1])}" if interval else ""
    missing = f", {mean.missing:,} undefined" if mean.missing else ""
    return f"{level.name}\nmean {shown(mean.value, digits=3)}{between}\n{mean.n:,} cases{missing}"
