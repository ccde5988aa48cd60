"""What labelme takes for what our window does; runs in labelme's own environment, prints JSON.

``python labelme_driver.py WHAT ARGUMENT``, as `MEASURES` lists them. Its window is driven as its
keys and menus do, its log is off, and the seconds end with the end of the paint event that shows
the picture.
"""

import json
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

from labelme import __version__
from labelme._shape import Shape
from labelme.app import MainWindow
from labelme.widgets.canvas import Canvas
from loguru import logger
from PyQt5 import QtCore, QtWidgets

SIZE = 1600, 1000
"""Of the window, in pixels; ours has the same."""

VERTICES, REGIONS, GESTURES = 60, 3, 200


def main(what: str, argument: str) -> None:
    """Measure one thing and print it."""
    logger.remove()
    application = QtWidgets.QApplication(sys.argv[:1])
    application.setStyle("Fusion")
    print(json.dumps({"version": __version__, **MEASURES[what](argument)}))


def window(start: str) -> dict[str, object]:
    """Return the seconds from the moment `start` of the monotonic clock to the first paint."""
    shown = MainWindow()
    watch = _FirstPaint(shown)
    shown.show()
    _wait_until(lambda: watch.at > 0)
    return {"seconds": watch.at - float(start)}


def next_images(folder: str) -> dict[str, object]:
    """Return the seconds of each next image of a folder, after its first."""
    shown, canvas = _shown()
    canvas.seconds(lambda: shown._load_from_file_or_dir(folder))
    count = shown._docks.file_list.count()
    step = shown._actions.open_next_img.trigger
    return {"seconds": [canvas.seconds(step) for _ in range(count - 1)]}


def open_picture(file: str) -> dict[str, object]:
    """Return the seconds until a picture is painted, and the most memory the process ever had."""
    shown, canvas = _shown()
    seconds = canvas.seconds(lambda: shown._load_from_file_or_dir(file))
    return {"seconds": seconds, "megabytes": _peak_megabytes()}


def open_folder(folder: str) -> dict[str, object]:
    """Return the seconds until a folder is listed and its first image painted; then the next's."""
    shown, canvas = _shown()
    seconds = canvas.seconds(lambda: shown._load_from_file_or_dir(folder))
    step = shown._actions.open_next_img.trigger
    following = [canvas.seconds(step) for _ in range(5)]
    return {"seconds": seconds, "next": following, "count": shown._docks.file_list.count()}


def gestures(folder: str) -> dict[str, object]:
    """Return the seconds that the window stands still while each of 200 moved vertices is saved."""
    shown, canvas = _shown()
    canvas.seconds(lambda: shown._load_from_file_or_dir(folder))
    outlines = [_outline(number) for number in range(REGIONS)]
    shown._load_shapes(outlines)
    seconds = []
    for number in range(GESTURES):
        outlines[number % REGIONS].points[0] += QtCore.QPointF(1, 1)
        start = time.perf_counter()
        shown._canvas_widgets.canvas.shape_moved.emit()
        seconds.append(time.perf_counter() - start)
        _settle()
    return {"seconds": seconds}


MEASURES: dict[str, Callable[[str], dict[str, object]]] = {
    "window": window,
    "next": next_images,
    "open": open_picture,
    "folder": open_folder,
    "gestures": gestures,
}


class _FirstPaint(QtCore.QObject):
    """The moment after the first paint of a window and all that is in it."""

    def __init__(self, watched: QtWidgets.QWidget) -> None:
        super().__init__()
        self.at = 0.0
        self._watched = watched
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """Note the moment once the event loop is back from the paint."""
        if event.type() == QtCore.QEvent.Paint:
            self._watched.removeEventFilter(self)
            QtCore.QTimer.singleShot(0, self._note)
        return False

    def _note(self) -> None:
        self.at = time.monotonic()


class _Painted:
    """Knows when a picture that was loaded has been painted."""

    def __init__(self) -> None:
        self._is_loaded = False
        self._at = 0.0
        load, paint = Canvas.load_pixmap, Canvas.paintEvent

        def load_pixmap(canvas: Canvas, *args: object, **kwargs: object) -> None:
            load(canvas, *args, **kwargs)
            self._is_loaded = True

        def paint_event(canvas: Canvas, event: object) -> None:
            paint(canvas, event)
            if self._is_loaded:
                self._at = time.perf_counter()

        Canvas.load_pixmap, Canvas.paintEvent = load_pixmap, paint_event

    def seconds(self, action: Callable[[], object]) -> float:
        self._is_loaded, self._at = False, 0.0
        start = time.perf_counter()
        action()
        _wait_until(lambda: self._at > 0)
        return self._at - start


def _shown() -> tuple[MainWindow, _Painted]:
    canvas = _Painted()
    shown = MainWindow()
    shown.resize(*SIZE)
    shown.show()
    _settle()
    return shown, canvas


def _settle() -> None:
    for _ in range(20):
        QtWidgets.QApplication.processEvents()


def _wait_until(is_so: Callable[[], bool], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError("labelme did not paint")
        QtWidgets.QApplication.processEvents()


def _outline(number: int) -> Shape:
    """Return a circle of `VERTICES` vertices, beside those of other numbers."""
    outline = Shape(label="region", flags={}, description="")
    for angle in (2 * math.pi * k / VERTICES for k in range(VERTICES)):
        outline.add_point(
            QtCore.QPointF(800 * (number + 1) + 300 * math.cos(angle), 1500 + 300 * math.sin(angle))
        )
    outline.close()
    return outline


def _peak_megabytes() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6


if __name__ == "__main__":
    main(*sys.argv[1:])
