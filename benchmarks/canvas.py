"""The canvas: frames while panning, zooming and dragging, and how soon a photograph is there.

The window is drawn by the processor, at 1600 x 1000, beside pyqtgraph with the same regions.
"""

import os
from collections.abc import Callable
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measure import Figure, best_of, peak_resident
from benchmarks.pictures import SIZES, photographs
from engine.domain.polygon import Polygon, Region, ring
from engine.images.decode import decode
from engine.images.pyramid import load_pyramid

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtWidgets import QGraphicsView

    from desktop_app.canvas.canvas import Canvas

SIZE = 1600, 1000
FRAMES, TIMES = 12, 25
REGIONS, VERTICES, MANY_VERTICES = 15, 1_000, 10_000
PANS = ((7, 3), (5, -4), (-6, 2), (-6, -1))
ZOOMS = (1.06, 1.06, 1 / 1.06, 1 / 1.06)
SIXTY, THIRTY = ">= 60 frames/s", ">= 30 frames/s"


def measure() -> list[Figure]:
    """Measure frames on 24 million pixels, then decoding of 12 and 100 million."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    picture = photographs(24, 1)[0]
    region = _regions(REGIONS, VERTICES)
    figures = [
        *_beside_pyqtgraph(picture, region),
        _drag(picture, region, "drag a vertex, one of 15 regions of 1,000"),
        *_large_ring(picture),
        *_opening(),
    ]
    application.processEvents()
    return figures


def _beside_pyqtgraph(picture: Path, region: Region) -> list[Figure]:
    """Pan and zoom at the size that fits the window."""
    canvas, peer = _canvas(picture, region), _Peer(picture, region)
    what = f"at fit, 24 Mpixel, {REGIONS} regions of {VERTICES:,} vertices"
    moves = {"pan": (_panning(canvas), peer.panning()), "zoom": (_zooming(canvas), peer.zooming())}
    figures = []
    for name, (ours, theirs) in moves.items():
        ours_ms, peer_ms = _frame(ours, canvas), _frame(theirs, peer.view, frames=4, times=10)
        figures.append(_frames(f"{name} {what}", ours_ms, SIXTY, peer_ms, peer.name))
    canvas.close()
    peer.view.close()
    return figures


def _large_ring(picture: Path) -> list[Figure]:
    region = _regions(1, MANY_VERTICES)
    canvas = _canvas(picture, region)
    at_fit = _frame(_panning(canvas), canvas)
    canvas.zoom_to(4.0, canvas.to_screen(*region[0].exterior[0]))
    close = _frame(_panning(canvas), canvas)
    canvas.close()
    what = f"ring of {MANY_VERTICES:,} vertices, selected"
    return [
        _frames(f"pan at fit, {what}", at_fit, THIRTY),
        _frames(f"pan at 400 %, {what}", close, THIRTY),
        _drag(picture, region, f"drag a vertex, one {what}"),
    ]


def _drag(picture: Path, region: Region, what: str) -> Figure:
    """Take from the mouse moving to the vertex painted there."""
    from PySide6.QtCore import QEvent, Qt

    canvas = _canvas(picture, region)
    canvas.zoom_to(1.0 if len(region) > 1 else 4.0, canvas.to_screen(*region[0].exterior[0]))
    at = canvas.to_screen(*region[0].exterior[0])
    left, no = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    _mouse(canvas, QEvent.Type.MouseButtonPress, at, left, left)
    steps = cycle([(9, 4), (14, -6), (-8, 12), (-12, -9)])

    def move() -> None:
        dx, dy = next(steps)
        to = at + type(at)(dx, dy)
        _mouse(canvas, QEvent.Type.MouseMove, to, no, left)

    # the item's update is carried out by the event loop, as it is in the window
    milliseconds = _frame(move, canvas, is_partial=True)
    _mouse(canvas, QEvent.Type.MouseButtonRelease, at, left, no)
    canvas.close()
    return Figure(what, milliseconds, None, "", milliseconds, "<= 16 ms", "ms")


def _opening() -> list[Figure]:
    twelve, hundred = photographs(12, 1)[0], photographs(100, 1)[0]
    ours = best_of(partial(load_pyramid, twelve), 5)
    alone = best_of(partial(decode, twelve), 5)
    large = best_of(partial(load_pyramid, hundred), 3)
    large_alone = best_of(partial(decode, hundred), 3)
    memory = peak_resident(_large)
    same = "decoding alone, to RGB"
    return [
        Figure("decode and pyramid, 12 Mpixel", ours, alone, same, ours, "< 0.5 s", "s"),
        Figure("decode and pyramid, 100 Mpixel", large, large_alone, same, large, "< 2.5 s", "s"),
        Figure("the same, peak memory", memory, None, "", memory, "< 1,536 MiB", "MiB",
               "beyond the interpreter and its libraries"),
    ]  # fmt: skip


def _large() -> Callable[[], object]:
    picture = photographs(100, 1)[0]
    load_pyramid(photographs(12, 1)[0])
    return partial(load_pyramid, picture)


def _frames(
    name: str, milliseconds: float, reach: str, peer: float | None = None, peer_name: str = ""
) -> Figure:
    rate = f"{1000 / milliseconds:.0f} frames/s"
    ratio = peer / milliseconds if peer else 1000 / milliseconds
    return Figure(name, milliseconds, peer, peer_name, ratio, reach, "ms", rate)


def _regions(count: int, vertices: int) -> Region:
    """Return wavy outlines as a hand draws them, all over the picture."""
    random = np.random.default_rng(0)
    width, height = SIZES[24]
    columns = 5 if count > 1 else 1
    rows = -(-count // columns)
    radius = 0.38 * min(width / columns, height / rows)
    turn = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    region = []
    for number in range(count):
        centre = (
            (number % columns + 0.5) * width / columns,
            (number // columns + 0.5) * height / rows,
        )
        wave = 1 + 0.15 * np.sin(3 * turn + number) + 0.05 * np.sin(11 * turn)
        away = radius * wave + random.normal(0, 2, vertices)
        outline = np.column_stack((np.cos(turn), np.sin(turn))) * away[:, None] + centre
        region.append(Polygon(ring(outline)))
    return tuple(region)


def _canvas(picture: Path, region: Region) -> "Canvas":
    from desktop_app.canvas.canvas import Canvas
    from desktop_app.canvas.tools import Tool

    canvas = Canvas()
    canvas.resize(*SIZE)
    canvas.show_picture(load_pyramid(picture))
    canvas.show_region(region)
    canvas.set_tool(Tool.SELECT)
    canvas.select(0)
    canvas.show()
    return canvas


def _panning(canvas: "Canvas") -> Callable[[], object]:
    steps = cycle(PANS)
    return lambda: canvas.pan(*next(steps))


def _zooming(canvas: "Canvas") -> Callable[[], object]:
    steps = cycle(ZOOMS)
    return lambda: canvas.zoom_to(canvas.zoom * next(steps))


class _Peer:
    """pyqtgraph's ImageItem, and each outline as a path item: a casing and a line on it."""

    def __init__(self, picture: Path, region: Region) -> None:
        import pyqtgraph
        from PySide6.QtWidgets import QGraphicsPathItem

        self.name = f"pyqtgraph {pyqtgraph.__version__}"
        self.view = pyqtgraph.GraphicsView()
        self.box = pyqtgraph.ViewBox(lockAspect=True, invertY=True, enableMenu=False)
        self.view.setCentralItem(self.box)
        self.view.resize(*SIZE)
        image = pyqtgraph.ImageItem(decode(picture), axisOrder="row-major", autoLevels=False)
        self.box.addItem(image)
        for colour, width in (("#14181c", 3.5), ("#56b4e9", 1.5)):
            for polygon in region:
                item = QGraphicsPathItem(pyqtgraph.arrayToQPath(*polygon.exterior.T, connect="all"))
                item.setPen(pyqtgraph.mkPen(colour, width=width, cosmetic=True))
                self.box.addItem(item)
        self.view.setAntialiasing(True)
        self.view.show()
        self.box.autoRange(padding=0.02)

    def panning(self) -> Callable[[], object]:
        steps = cycle(PANS)
        return lambda: self.box.translateBy(self._in_image(next(steps)))

    def zooming(self) -> Callable[[], object]:
        steps = cycle(ZOOMS)
        return lambda: self.box.scaleBy((1 / next(steps),) * 2)

    def _in_image(self, step: tuple[int, int]) -> tuple[float, float]:
        pixel = self.box.viewPixelSize()
        return step[0] * pixel[0], step[1] * pixel[1]


def _frame(
    move: Callable[[], object],
    view: "QGraphicsView",
    *,
    frames: int = FRAMES,
    times: int = TIMES,
    is_partial: bool = False,
) -> float:
    """Return the milliseconds from a move to its frame, as a mean of some, best of several."""
    from PySide6.QtWidgets import QApplication

    def run() -> None:
        for _ in range(frames):
            move()
            if not is_partial:
                view.viewport().repaint()
            else:
                QApplication.sendPostedEvents()
                QApplication.processEvents()

    QApplication.processEvents()
    run()
    return best_of(run, times) * 1000 / frames


def _mouse(
    canvas: "Canvas",
    kind: "QEvent.Type",
    at: "QPointF",
    button: "Qt.MouseButton",
    buttons: "Qt.MouseButton",
) -> None:
    from PySide6.QtCore import QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    window = QPointF(canvas.viewport().mapToGlobal(at))
    event = QMouseEvent(kind, at, window, button, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas.viewport(), event)
