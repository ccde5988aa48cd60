"""The real window on a real study, with hands to work in it and an eye that sees dialogs too."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, replace
from functools import partial
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

import numpy as np
from demo import LEAD, DemoShelf
from numpy.typing import ArrayLike
from PIL import Image as Picture
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QKeySequence, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from scipy.spatial import cKDTree

from desktop_app.canvas.canvas import Canvas
from desktop_app.canvas.grader_look import COLOURS as GRADERS
from desktop_app.canvas.style import LIGHT
from desktop_app.desk.desk import Desk
from desktop_app.explain.page import ExplainPage
from desktop_app.grade.empty import LOADING
from desktop_app.grade.instructions import InstructionsDialog
from desktop_app.grade.page import GradePage
from desktop_app.main import sqlite_store
from desktop_app.plots.look import look_of
from desktop_app.plots.plot import Plot
from desktop_app.review.page import ReviewPage
from desktop_app.session.grading import GradingSession
from desktop_app.studies import Store
from desktop_app.window.action_table import Place
from desktop_app.window.keymap import Keymap
from desktop_app.window.main_window import MainWindow
from desktop_app.window.settings import Settings, ThemeChoice, open_store
from desktop_app.window.theme import Theme
from desktop_app.worker.bridge import Bridge
from engine.study.sqlite import open_study
from engine.tasks.executors import LocalLanes

WINDOW, WIDE = QSize(1280, 800), QSize(1440, 900)
"""Of a grader, and of a lead or analyst, whose pages have more columns."""

PATIENCE = 60.0
"""Seconds until a picture that does not come about is given up."""

QUIET = 8
"""Pauses without work after which a page is at rest."""

COLOURS = 96
"""Colours of a saved picture."""

D = TypeVar("D", bound=QDialog)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Studio:
    """A window, its desk and a person's folder; `open` a study, work in it, then `look`.

    Parameters
    ----------
    home
        A folder of its own; paths in dialogs are shown as if it were the person's.
    demo
        Where copies of the demo study come from.
    """

    def __init__(
        self, application: QApplication, home: Path, lanes: LocalLanes, demo: DemoShelf
    ) -> None:
        self.home = home
        self.demo = demo
        self.application = application
        self.settings = Settings(open_store(home / "settings.ini"))
        self.theme = Theme(application, self.settings)
        self.theme.choose(ThemeChoice.LIGHT)
        self.window = MainWindow(self.theme, self.settings, Keymap(self.settings.store))
        self.window.resize(WINDOW)
        self.lanes = lanes
        self.bridge = Bridge(lanes)
        self.store = impatient(sqlite_store(), home / "trusted.json")
        self.errors: list[BaseException] = []
        self.desk = Desk(
            self.window,
            self.bridge,
            lanes,
            self.store,
            report=self.errors.append,
            demo_folder=home / "demo",
        )
        self._watch = StrayWindows(self.window)
        application.installEventFilter(self._watch)
        self.desk.start(None)
        self.window.show()
        self.window.activateWindow()
        self.pause()

    # The window

    @property
    def session(self) -> GradingSession:
        """The session of the study that is open."""
        assert self.desk.session is not None
        return self.desk.session

    @property
    def page(self) -> GradePage:
        """The page of the study that is open."""
        assert self.desk.page is not None
        return self.desk.page

    @property
    def review(self) -> ReviewPage:
        """The Review page, which is shown."""
        page = self.window.page
        assert isinstance(page, ReviewPage)
        return page

    @property
    def explain(self) -> ExplainPage:
        """The Explain page, which is shown."""
        page = self.window.page
        assert isinstance(page, ExplainPage)
        return page

    @property
    def canvas(self) -> Canvas:
        """The canvas of the page that is shown."""
        return self.review.canvas if self.window.pages.place is Place.REVIEW else self.page.canvas

    def open(self, file: Path, grader: str, *, place: int = 0) -> None:
        """Open a study as a grader, read its instructions away, and go to an image."""
        self.remember(file, grader)
        self.desk.open(file)
        self.wait(lambda: self.desk.session is not None)
        self.rest()
        for dialog in self.page.findChildren(InstructionsDialog):
            dialog.close()
        self.window.activateWindow()
        self.wait(self.window.isActiveWindow)
        if self.session.items:
            self.go(place)

    def open_demo(self, page: Place, person: str = LEAD, *, with_maps: bool = False) -> Path:
        """Open a copy of the demo study at a page and return its file."""
        file = self.demo.copy_to(self.home / "demo", with_maps=with_maps)
        self.open_at(page, file, person)
        return file

    def open_at(self, page: Place, file: Path, person: str) -> None:
        """Open a study as a person, go to a page, and wait until all of it is there."""
        self.window.resize(WIDE)
        self.remember(file, person)
        self.desk.open(file)
        self.wait(lambda: self.desk.session is not None)
        self.rest()
        self.settle()
        for dialog in self.page.findChildren(InstructionsDialog):
            dialog.close()
        self.window.activateWindow()
        self.wait(self.window.isActiveWindow)
        self.press({Place.REVIEW: "Ctrl+2", Place.EXPLAIN: "Ctrl+3"}[page])
        self.wait(lambda: self.window.pages.place is page)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is at work on any lane, and nothing begins anew."""
        quiet = 0
        while quiet < QUIET:
            self.wait(lambda: not self.bridge.is_busy)
            self.pause()
            quiet = 0 if self.bridge.is_busy else quiet + 1

    def remember(self, file: Path, grader: str) -> None:
        """Let the window know who this person is in a study."""
        with open_study(file) as study:
            self.settings.remember_grader(study.info().id, grader)

    def go(self, place: int) -> None:
        """Go to an image and wait until it is there."""
        self.page.go(place)
        self.rest()

    def rest(self) -> None:
        """Wait until nothing is to be read, decoded or stored."""
        session, page = self.session, self.page

        def is_at_rest() -> bool:
            if page.state.isVisible():
                return page.state.title != LOADING.title
            has_picture = not page.canvas.image_frame().isEmpty() or not page.workbench.has_canvas
            return session.sheet is not None and session.is_all_stored and has_picture

        self.wait(is_at_rest)
        self.pause()

    def wait(self, is_so: Callable[[], object]) -> None:
        """Wait until something is so."""
        end = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < end, "what the picture is to show does not come about"
            self.pause()

    def pause(self, milliseconds: int = 20) -> None:
        """Let the window and its lanes work; `QTest.qWait` would keep the interpreter's lock."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    # Hands

    def press(self, *keys: str) -> None:
        """Press keys where the focus is, each written as in ``Ctrl+Return``."""
        for key in keys:
            QTest.keySequence(self.application.focusWidget() or self.window, QKeySequence(key))
            self.pause()

    def write(self, text: str) -> None:
        """Type a text where the focus is."""
        QTest.keyClicks(self.application.focusWidget() or self.window, text)
        self.pause()

    def click(self, *points: ArrayLike) -> None:
        """Click on points of the photograph, in its pixels."""
        for point in points:
            QTest.mouseClick(self.canvas.viewport(), LEFT, NONE, self.on_screen(point))
            self.pause(5)

    def drag(self, points: Iterable[ArrayLike], *, lets_go: bool = True) -> None:
        """Press on the first point of the photograph and lead the pointer along the others."""
        way = [self.on_screen(point) for point in points]
        viewport = self.canvas.viewport()
        QTest.mousePress(viewport, LEFT, NONE, way[0])
        for at in way[1:]:
            move(viewport, at, LEFT)
            self.pause(5)
        if lets_go:
            QTest.mouseRelease(viewport, LEFT, NONE, way[-1])
        self.pause()

    def brush(self, plot: Plot, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Drag over a plot, from one corner to the other.

        Parameters
        ----------
        x, y
            Where it begins and ends, in the numbers of the axes.
        """
        view = plot.view
        corners = [view.box.mapViewToScene(QPointF(x[k], y[k])) for k in (0, 1)]
        first, last = (view.mapFromScene(corner) for corner in corners)
        viewport = view.viewport()
        QTest.mousePress(viewport, LEFT, NONE, first)
        for share in (0.3, 0.6, 1.0):
            move(viewport, first + (last - first) * share, LEFT)
            self.pause(5)
        QTest.mouseRelease(viewport, LEFT, NONE, last)
        self.pause()

    def point(self, at: ArrayLike) -> None:
        """Lead the pointer to a point of the photograph, no button held."""
        move(self.canvas.viewport(), self.on_screen(at), Qt.MouseButton.NoButton)
        self.pause()

    def on_screen(self, point: ArrayLike) -> QPoint:
        """Return where a point of the photograph lies on the canvas."""
        x, y = np.asarray(point, dtype=float)
        return self.canvas.to_screen(x, y).toPoint()

    # The eye

    def look(self, *, at_once: bool = False) -> QImage:
        """Return the window as it is on the screen, with dialogs and menus before it.

        Parameters
        ----------
        at_once
            Before anything that is under way comes to its end.
        """
        if not at_once:
            self.pause(60)
        picture = self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        painter = QPainter(picture)
        before = [w for w in self.application.topLevelWidgets() if is_before(w, self.window)]
        for widget in before:
            if isinstance(widget, QMenu):
                painter.drawPixmap(self.window.mapFromGlobal(widget.pos()), widget.grab())
            else:
                self._paint_dialog(painter, widget)
        painter.end()
        return picture

    def dialog(self, kind: type[D]) -> D:
        """Return the dialog of a kind that is open."""
        self.pause()
        return next(found for found in self.window.findChildren(kind) if found.isVisible())

    def look_at_modal(self, kind: type[QDialog]) -> QImage:
        """Return what is seen once a dialog is there that nothing goes on without, and close it."""
        seen: list[QImage] = []

        def see() -> None:
            dialog = self.application.activeModalWidget()
            if isinstance(dialog, kind):
                seen.append(self.look())
                dialog.reject()

        timer = QTimer(interval=100)
        timer.timeout.connect(see)
        timer.start()
        self.wait(lambda: seen)
        timer.stop()
        return seen[0]

    def _paint_dialog(self, painter: QPainter, dialog: QWidget) -> None:
        """Paint a dialog with a frame such as the system gives it, over a dimmed window."""
        colours, px = self.theme.colours, self.theme.metrics.px
        painter.fillRect(self.window.rect(), QColor(0, 0, 0, 90))
        bar = px(34)
        frame = QRect(0, 0, dialog.width(), dialog.height() + bar)
        frame.moveCenter(self.window.rect().center())
        painter.fillRect(frame.adjusted(-1, -1, 1, 1), QColor(colours.edge))
        painter.fillRect(frame, QColor(colours.sunken))
        painter.setPen(QColor(colours.text))
        painter.setFont(self.application.font())
        title = QRect(frame.left(), frame.top(), frame.width(), bar)
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, dialog.windowTitle())
        painter.drawPixmap(frame.left(), frame.top() + bar, dialog.grab())

    @property
    def colours(self) -> list[str]:
        """The colours that the window paints in."""
        painted = [value for value in astuple(LIGHT) if isinstance(value, str)]
        shown = look_of(self.theme)
        drawn = [
            colour for mark in (*shown.marks, shown.neutral) for colour in (mark.fill, mark.edge)
        ]
        return [*self.theme.colours.named().values(), *painted, *GRADERS, *drawn]

    def close(self) -> None:
        """Put the study away and close the window; an error on the way is raised."""
        self.pause(200)  # a study that is still being opened is there now
        gone: list[bool] = []
        self.desk.put_away(lambda: gone.append(True))
        self.wait(lambda: gone)
        self.application.removeEventFilter(self._watch)
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if self.errors:
            raise self.errors[0]
        assert not self._watch.seen, f"shown as windows of their own: {self._watch.seen}"


class StrayWindows(QObject):
    """Sees parts that are shown before they have a parent: they flash and take the focus."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of each top-level widget that is shown and has no parent."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            is_lone = watched.isWindow() and watched.parentWidget() is None
            if is_lone and watched is not self._window:
                self.seen.append(type(watched).__name__)
        return False


@contextmanager
def studio(application: QApplication, home: Path, demo: DemoShelf) -> Iterator[Studio]:
    """Open a studio in an empty folder; while it is open, `~` stands for the folder."""
    application.setCursorFlashTime(0)
    names = dict.fromkeys(("HOME", "USERPROFILE"), str(home))
    with patch.dict(os.environ, names), LocalLanes() as lanes:
        made = Studio(application, home, lanes, demo)
        try:
            yield made
        finally:
            made.close()


def impatient(store: Store, trust_file: Path) -> Store:
    """Return a store that waits for no other program, so that it is soon seen to fail."""
    opening = partial(open_study, busy_timeout=0.1)
    return replace(store, open=opening, trust_file=trust_file)


def is_before(widget: QWidget, window: QWidget) -> bool:
    """Tell whether a top-level widget is seen before the window."""
    return widget is not window and widget.isVisible() and widget.parentWidget() is not None


def move(widget: QWidget, at: QPoint, button: Qt.MouseButton) -> None:
    """Lead the pointer over a widget, with a button held or none."""
    to, kind = QPointF(at), QEvent.Type.MouseMove
    event = QMouseEvent(kind, to, widget.mapToGlobal(to), Qt.MouseButton.NoButton, button, NONE)
    QApplication.sendEvent(widget, event)


def save(picture: QImage, file: Path, kept: Iterable[str]) -> None:
    """Write a picture as a small PNG of few colours, those of the window's own among them.

    Parameters
    ----------
    kept
        Colours as ``#rrggbb`` or ``#aarrggbb`` that thin lines and small signs are painted in.
    """
    shape = picture.height(), picture.bytesPerLine() // 4, 4
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(shape)
    rgb = np.ascontiguousarray(pixels[:, : picture.width(), 2::-1])
    few = Picture.fromarray(rgb).quantize(COLOURS, Picture.Quantize.MEDIANCUT, kmeans=4)
    own = [QColor(colour).getRgb()[:3] for colour in dict.fromkeys(kept)]
    palette = np.vstack((own, np.reshape(few.getpalette() or (), (-1, 3))))
    seen, places = np.unique(rgb.reshape(-1, 3), axis=0, return_inverse=True)
    _, nearest = cKDTree(palette).query(seen)
    indexed = Picture.fromarray(nearest[places].reshape(rgb.shape[:2]).astype(np.uint8))
    indexed.putpalette(palette.astype(np.uint8).tobytes())
    indexed.save(file, optimize=True)
