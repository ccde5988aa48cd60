"""Plots of 100,000 images: brushing, panning and zooming, beside pyqtgraph's own scatter.

The peer is a `ScatterPlotItem` of as many spots, each with its own brush: the usual way to make
some of them stand out. Both are drawn by the processor, in windows of the same size.
"""

import os
import tempfile
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measure import Figure, best_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView

    from desktop_app.window.theme import Theme

COUNT = 100_000
SIZE, LARGE = (640, 480), (1600, 1000)
BRUSH, FLUID = "<= 50 ms", ">= 30 frames/s"
EDGES = (0.55, 0.6, 0.65, 0.7)


def measure() -> list[Figure]:
    """Measure from the end of a gesture to its frame."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from desktop_app.window.settings import Settings, open_store
    from desktop_app.window.theme import Theme

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory() as folder:
        theme = Theme(application, Settings(open_store(Path(folder) / "settings.ini")))
        figures = [*_scatter(theme, SIZE), *_scatter(theme, LARGE), *_linked(theme)]
    application.processEvents()
    return figures


def _points() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    x = random.beta(4, 3, COUNT)
    y = 0.55 * x - 0.1 + random.normal(0, 0.08, COUNT)
    return x, y, random.choice(3, COUNT, p=(0.7, 0.25, 0.05))


def _scatter(theme: "Theme", size: tuple[int, int]) -> list[Figure]:
    """Brush and zoom one scatter and its peer."""
    from desktop_app.plots.scatter import ScatterPlot
    from desktop_app.session.selection import Selection

    x, y, marks = _points()
    plot = ScatterPlot(theme, Selection(COUNT))
    plot.set_points(x, y, marks=marks, x_title="DS", y_title="SRCC")
    _show(plot.view, plot, size)
    peer = _Peer(x, y, marks, size)
    frame, ends = plot.view.frame, cycle(EDGES)
    start = frame.width * 0.2, frame.height * 0.2

    def brush() -> None:
        plot.press(start, is_panning=False, is_added=False)
        plot.forget_brush()
        plot.drag(start, (frame.width * next(ends), frame.height * 0.6), is_lasso=False)
        plot.view.viewport().repaint()

    factors = cycle((1 / 1.05, 1.05))

    def zoom() -> None:
        plot.view.zoom(next(factors))
        plot.view.viewport().repaint()

    where = f"{COUNT:,} points, {size[0]} x {size[1]}"
    ours, theirs = _milliseconds(brush), _milliseconds(peer.brush, times=3)
    figures = [Figure(f"brush {where}", ours, theirs, peer.name, ours, BRUSH, "ms")]
    ours, theirs = _milliseconds(zoom), _milliseconds(peer.zoom, times=5)
    rate = f"{1000 / ours:.0f} frames/s"
    figures.append(Figure(f"zoom {where}", ours, theirs, peer.name, 1000 / ours, FLUID, "ms", rate))
    plot.close()
    peer.view.close()
    return figures


def _linked(theme: "Theme") -> list[Figure]:
    """Move the range of a histogram while a scatter shows the same rows."""
    from desktop_app.plots.histogram import HistogramPlot
    from desktop_app.plots.scatter import ScatterPlot
    from desktop_app.session.selection import Selection

    x, y, marks = _points()
    selection = Selection(COUNT)
    histogram, scatter = HistogramPlot(theme, selection), ScatterPlot(theme, selection)
    scatter.set_points(x, y, marks=marks, x_title="DS", y_title="SRCC")
    histogram.set_values(x, kinds=marks)
    for plot in (histogram, scatter):
        _show(plot.view, plot, SIZE)
    ends = cycle(EDGES)

    def brush() -> None:
        histogram.brush_range((0.3, next(ends)))
        for plot in (histogram, scatter):
            plot.view.viewport().repaint()

    ours = _milliseconds(brush)
    histogram.close()
    scatter.close()
    return [Figure("range of a histogram, shown in both plots", ours, None, "", ours, BRUSH, "ms")]


class _Peer:
    """pyqtgraph's scatter with a brush for each spot."""

    def __init__(
        self, x: np.ndarray, y: np.ndarray, marks: np.ndarray, size: tuple[int, int]
    ) -> None:
        import pyqtgraph

        self.name = f"pyqtgraph {pyqtgraph.__version__} ScatterPlotItem"
        self._x, self._marks = x, marks
        self._lit = [pyqtgraph.mkBrush(colour) for colour in ("#14507f", "#f2b24d", "#ffffff")]
        self._dim = pyqtgraph.mkBrush("#d5d9e0")
        self.view = pyqtgraph.PlotWidget()
        brushes = [self._lit[mark] for mark in marks.tolist()]
        self._item = pyqtgraph.ScatterPlotItem(x, y, size=5, pen=None, brush=brushes)
        self.view.addItem(self._item)
        self._ends = cycle(EDGES)
        self._factors = cycle((1 / 1.05, 1.05))
        _show(self.view, self.view, size)

    def brush(self) -> None:
        """Give each spot the brush that says whether it is in a range."""
        inside = (self._x >= 0.3) & (self._x <= next(self._ends))
        pairs = zip(inside.tolist(), self._marks.tolist(), strict=True)
        self._item.setBrush([self._lit[mark] if lit else self._dim for lit, mark in pairs])
        self.view.viewport().repaint()

    def zoom(self) -> None:
        """Show a little less, or more."""
        self.view.getViewBox().scaleBy((next(self._factors),) * 2)
        self.view.viewport().repaint()


def _show(view: "QGraphicsView", window: object, size: tuple[int, int]) -> None:
    from PySide6.QtWidgets import QApplication, QWidget

    assert isinstance(window, QWidget)
    window.resize(*size)
    window.show()
    QApplication.processEvents()
    view.viewport().repaint()


def _milliseconds(act: Callable[[], object], *, times: int = 20) -> float:
    act()
    return best_of(act, times) * 1000
