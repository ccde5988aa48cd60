"""Whether the images of lowest agreement stay lowest when another method makes the maps."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from desktop_app.plots.bars import short
from desktop_app.plots.box import Box
from desktop_app.plots.brushing import Brush
from desktop_app.plots.frame import Frame, nearest
from desktop_app.plots.inside import Indices, Mask, in_range
from desktop_app.plots.legend import Key
from desktop_app.plots.look import Mark
from desktop_app.plots.plot import Columns, Plot
from desktop_app.plots.view import Place
from desktop_app.session.selection import Selection
from desktop_app.window.theme import Theme
from engine.figures.style import counted

REACH = 5.0
HALF_BOX = 0.06
"""Half the width of a brushed range about the axis of a method."""

MOST = 4_000
"""So many lines of the lowest images, and of the others, are drawn; of more, every so many-th."""


class RankPlot(Plot):
    """One line for each image through its ranks; those lowest under the first method stand out.

    Drag along a method's axis to brush the images of a range of its ranks.
    """

    EMPTY = "No image has a value under every method yet."

    def __init__(
        self, theme: Theme, selection: Selection | None = None, parent: QWidget | None = None
    ) -> None:
        self._methods: tuple[str, ...] = ()
        self._ranks: NDArray[np.int64] = np.empty((0, 0), dtype=np.int64)
        self._lowest = 0
        self._images: Indices = np.empty(0, dtype=np.intp)
        self._brush = Brush()
        self._method = 0
        self._lit: Mask | None = None
        self._picture = QPixmap()
        self._picture_of: tuple[object, ...] = ()
        super().__init__(theme, selection, parent)
        self.refresh("", empty=self.EMPTY)

    def set_ranks(
        self,
        methods: Sequence[str],
        ranks: NDArray[np.int64],
        lowest: int,
        *,
        images: Indices | None = None,
        count: int = 0,
        title: str = "",
        names: Sequence[str] = (),
        empty: str = "",
    ) -> None:
        """Show other ranks.

        Parameters
        ----------
        ranks
            From 1, which agrees least, shape (methods, images);
            `engine.figures.persistence.ranks_of` makes them.
        lowest
            How many images count as lowest.
        images
            Row number of each image; their order, unless given.
        count
            How many rows the study has.
        names
            What each row is called.
        empty
            What to say where there is nothing to draw, if this plot's own sentence will not do.
        """
        self.names = names
        self._methods, self._lowest = tuple(methods), lowest
        self._ranks = np.asarray(ranks, dtype=np.int64).reshape(len(methods), -1)
        total = self._ranks.shape[1]
        self._images = np.arange(total) if images is None else np.asarray(images)
        self._brush.clear()
        self._picture_of = ()
        self.take_rows(max(count, total))
        self.view.set_ticks(
            "bottom", [(n, short(name)) for n, name in enumerate(methods)], has_grid=True
        )
        self.view.show_range((-0.4, max(len(methods), 2) - 0.6), (0, total + 1))
        self.restyle()
        self.refresh(title, empty="" if total and len(methods) > 1 else empty or self.EMPTY)

    def data(self) -> Columns:
        """Return the row, the name and the rank under each method of each image."""
        columns: Columns = {"row": [int(row) for row in self._images]}
        if self.names:
            columns["name"] = [self.name_of(row) for row in self._images.tolist()]
        for method, ranks in zip(self._methods, self._ranks, strict=True):
            columns[method] = [int(rank) for rank in ranks]
        return columns

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint the lines, the image at hand, and the brush."""
        ratio = painter.device().devicePixelRatioF()
        wanted = (frame, ratio, self.look)
        if wanted != self._picture_of:
            self._picture_of = wanted
            self._picture = self._draw_lines(frame, ratio)
        painter.drawPixmap(QPointF(0, 0), self._picture)
        at_hand = np.flatnonzero(self._images == self.selection.current)
        for colour, width in ((self.look.surface, 5.0), (self.look.ink, 2.4)):
            self._stroke(painter, frame, at_hand, colour, width, 1.0)
        self._brush.paint(painter, frame, self.look)

    def keys(self) -> tuple[Key, ...]:
        """Return what the two kinds of line are."""
        low, rest = self._colours()
        images = self._ranks.shape[1]
        first = self._methods[0] if self._methods else ""
        return (
            Key(f"lowest under {first} ({self._lowest:,})", Mark("", low, low), is_bar=True),
            Key(f"others ({images - self._lowest:,})", Mark("", rest, rest), is_bar=True),
        )

    def words(self) -> str:
        """Return how many of the lowest stay lowest."""
        stay = int((self._ranks <= self._lowest).all(axis=0).sum())
        return (
            f"Ranks of {counted(self._ranks.shape[1], 'image')} under {', '.join(self._methods)}:"
            f" of the {self._lowest:,} lowest under {self._methods[0]}, {stay:,} are lowest under"
            " every method."
        )

    def remarks(self) -> str:
        """Return how many lines are drawn where there is no room for all."""
        others = self._ranks.shape[1] - self._lowest
        steps = [-(-count // MOST) for count in (self._lowest, others)]
        if max(steps) <= 1:
            return ""
        return f"one line in {steps[0]:,} of the lowest, and in {steps[1]:,} of the others, drawn"

    def emphasise(self) -> None:
        """Find the lines of brushed images."""
        self._lit = None if self.picked is None else self.picked[self._images]
        self._picture_of = ()

    def forget_brush(self) -> None:
        """Forget the range."""
        self._brush.clear()

    def restyle(self) -> None:
        """Write the names of the axes in the new size."""
        self._picture_of = ()
        self.view.name_axes("", "rank (1 agrees least)")

    def press(self, at: Place, *, is_panning: bool, is_added: bool) -> None:
        """Take hold of the range, or begin a new one on the nearest axis."""
        super().press(at, is_panning=is_panning, is_added=is_added)
        frame = self.view.frame
        self._brush.press(frame, at, self.look)
        if not self._brush.is_held:
            self._method = min(max(round(frame.x_at(at[0])), 0), len(self._methods) - 1)

    def drag(self, start: Place, at: Place, *, is_lasso: bool) -> None:
        """Brush a range of ranks of one method."""
        self._brush.drag(self.view.frame, start, at)
        box = self._brush.box
        if box and box.y:
            x = self._method - HALF_BOX, self._method + HALF_BOX
            self._brush.box = Box(x, box.y)
            inside = in_range(self._ranks[self._method].astype(np.float64), box.y)
            self.brush_groups([self._images[inside]])
        self.view.layer.update()

    def click(self, at: Place, *, is_added: bool) -> None:
        """Take the image of a line at hand, or clear the brush."""
        n = self._line_at(at)
        if n < 0:
            self.clear_brush()
        else:
            self.take_at_hand(int(self._images[n]))

    def activate(self, at: Place) -> None:
        """Open the image."""
        n = self._line_at(at)
        if n >= 0:
            self.activated.emit(int(self._images[n]))

    def hint_at(self, at: Place) -> str:
        """Return the image with its ranks."""
        n = self._line_at(at)
        if n < 0:
            return ""
        name = self.name_of(int(self._images[n]))
        ranks = zip(self._methods, self._ranks[:, n], strict=True)
        return name + "".join(f"\n{method}: {rank:,}" for method, rank in ranks)

    def press_key(self, event: QKeyEvent) -> bool:
        """Walk through the images by their rank under the first method."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if not step or self.empty:
            return super().press_key(event)
        order = self._images[np.argsort(self._ranks[0], kind="stable")]
        at = np.flatnonzero(order == self.selection.current)
        place = int(at[0]) + step if at.size else 0
        self.take_at_hand(int(order[min(max(place, 0), len(order) - 1)]))
        return True

    def _line_at(self, at: Place) -> int:
        """Return the image whose line passes a place, -1 where there is none."""
        frame = self.view.frame
        x = min(max(frame.x_at(at[0]), 0.0), len(self._methods) - 1.0)
        before = min(int(x), len(self._methods) - 2)
        part = x - before
        rank = self._ranks[before] * (1 - part) + self._ranks[before + 1] * part
        down = frame.down(np.asarray(rank, dtype=np.float64))
        across = np.full_like(down, at[0])
        return nearest(across, down, to=at, within=self.look.px(REACH))

    def _colours(self) -> tuple[str, str]:
        """Return the colours of the lowest images and of the others."""
        palette = self.look.palette
        strong = max(palette.incorrect) if self._theme.is_dark else palette.incorrect[1]
        return strong, palette.neutral[0]

    def _draw_lines(self, frame: Frame, ratio: float) -> QPixmap:
        picture = QPixmap(round(frame.width * ratio), round(frame.height * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._ranks.shape[1] <= MOST)
        lowest = self._ranks[0] <= self._lowest
        low, rest = self._colours()
        everyone = np.ones(lowest.shape, dtype=np.bool_)
        lit = everyone if self._lit is None else self._lit
        self._stroke(painter, frame, np.flatnonzero(~lit), self.look.palette.dim, 0.7, 0.8)
        self._stroke(painter, frame, np.flatnonzero(lit & ~lowest), rest, 0.8, 0.5)
        self._stroke(painter, frame, np.flatnonzero(lit & lowest), low, 1.3, 0.8)
        painter.end()
        return picture

    def _stroke(
        self,
        painter: QPainter,
        frame: Frame,
        which: Indices,
        colour: str,
        width: float,
        opacity: float,
    ) -> None:
        if not which.size:
            return
        which = which[:: -(-which.size // MOST)]
        methods = len(self._methods)
        across = frame.across(np.arange(methods, dtype=np.float64))
        down = frame.down(self._ranks[:, which].T.astype(np.float64))
        goes_on = np.ones((which.size, methods), dtype=np.int32)
        goes_on[:, -1] = 0
        path = pg.arrayToQPath(np.tile(across, which.size), down.ravel(), connect=goes_on.ravel())
        ink = QColor(colour)
        ink.setAlphaF(opacity)
        painter.setPen(QPen(ink, self.look.px(width)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
