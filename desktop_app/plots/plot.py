"""What all plots have in common: head, key, axes, note, selection, words for a screen reader."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.plots.frame import Frame
from desktop_app.plots.inside import Indices, Mask, fitted, of_rows
from desktop_app.plots.legend import Key, Legend
from desktop_app.plots.look import Look, look_of
from desktop_app.plots.reference import Line
from desktop_app.plots.view import Place, PlotView
from desktop_app.session.selection import Selection
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

Columns = dict[str, list[object]]
"""What a plot draws, column by column; all columns are of one length."""

NOTHING = "\N{NO-BREAK SPACE}"

LINES = {"ceiling": "human ceiling", "chance": "chance level"}
"""What lines are called in full."""

MARGIN = 12
"""Pixels at 100 % between the pointer and what is said of the point under it."""


class Plot(QWidget):
    """A plot of a study's images, linked to the others by a selection.

    Parameters
    ----------
    selection
        What is picked out by row number of the images; without one the plot has its own.

    Attributes
    ----------
    names
        What each row is called; rows without a name are numbered.
    picked
        Which rows are brushed, here or elsewhere; None where nothing is.
    """

    EMPTY: ClassVar[str]
    """What it says where there is nothing to draw."""

    activated = Signal(int)
    """The row number of an image that is to be opened: double click, or Enter."""

    def __init__(
        self, theme: Theme, selection: Selection | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.look: Look = look_of(theme)
        self._theme = theme
        self._has_own_selection = selection is None
        self.selection = selection or Selection(parent=self)
        self._rows = 0
        self.picked: Mask | None = None
        self.names: Sequence[str] = ()
        self.view = PlotView(self)
        self._heading, self._note = WrappedLabel(role="strong"), WrappedLabel(role="small")
        self._empty = WrappedLabel(role="muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.legend = Legend()
        self._card = QLabel(self.view)
        self._tools: list[QToolButton] = []
        self._words = ""
        self._lay_out()
        self.selection.brushed.connect(self._note_brush)
        self.selection.current_changed.connect(self._note_current)
        theme.changed.connect(self._restyle)
        self._restyle()

    # What a plot is asked for

    @property
    def title(self) -> str:
        """What it says above itself."""
        return self._heading.text()

    @property
    def is_shown(self) -> bool:
        """True where there is something to draw."""
        return self._stack.currentWidget() is self.view

    @property
    def empty(self) -> str:
        """Why it shows nothing, or an empty text where it shows something."""
        return "" if self.is_shown else self._empty.text()

    @property
    def note(self) -> str:
        """What it says below itself: how many values are undefined, how many rows are brushed."""
        return self._note.text().strip(NOTHING)

    @property
    def hint(self) -> str:
        """What is said of the point under the pointer, or an empty text."""
        return self._card.text() if not self._card.isHidden() else ""

    def data(self) -> Columns:
        """Return what is drawn, column by column."""
        raise NotImplementedError

    def copy_values(self) -> None:
        """Put what is drawn on the clipboard, as a table that a spreadsheet takes."""
        QApplication.clipboard().setText(as_text(self.data()))

    def clear_brush(self) -> None:
        """Pick out nothing in particular."""
        self.forget_brush()
        self.selection.brush(None, self)

    # What a kind of plot says of itself

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint what lies between the axes."""
        raise NotImplementedError

    def keys(self) -> tuple[Key, ...]:
        """Return the entries of the key."""
        return ()

    def words(self) -> str:
        """Return the numbers of the plot in words."""
        raise NotImplementedError

    def state_words(self) -> str:
        """Return in words what is at hand, and where the brush is."""
        return ""

    def remarks(self) -> str:
        """Return what a reader must know beside the picture, such as what was left out."""
        return ""

    def emphasise(self) -> None:
        """Take note that `picked` is another one."""

    def forget_brush(self) -> None:
        """Forget the shape of this plot's own brush."""

    def restyle(self) -> None:
        """Take note that `look` is another one."""

    # What a kind of plot uses

    def take_rows(self, count: int) -> None:
        """Take note of how many rows there are."""
        self._rows = count
        if self._has_own_selection and self.selection.count != count:
            self.selection.restart(count)
        self._fit_mask()

    def refresh(self, title: str, *, empty: str = "") -> None:
        """Show what there is now under a title, or say why there is nothing."""
        self._heading.setText(title)
        self._empty.setText(empty)
        self._stack.setCurrentWidget(self._empty_page if empty else self.view)
        for tool in self._tools:
            tool.setHidden(bool(empty))
        self._words = "" if empty else self.words()
        self.emphasise()
        self._say()
        self.view.repaint_all()

    def brush(self, mask: Mask) -> None:
        """Pick out the rows of a mask, for all that is linked to this plot."""
        self.selection.brush(fitted(mask, self.selection.count), self)

    def brush_groups(self, rows: Sequence[Indices], *, is_added: bool = False) -> None:
        """Pick out the images of some groups; add them to what is brushed, if so wanted."""
        mask = of_rows(rows, self._rows)
        self.brush(mask | self.picked if is_added and self.picked is not None else mask)

    def take_at_hand(self, row: int) -> None:
        """Take the image of a row at hand."""
        if 0 <= row < self.selection.count:
            self.selection.set_current(row, self)

    def name_of(self, row: int) -> str:
        """Return what a row is called."""
        return self.names[row] if row < len(self.names) else f"Row {row + 1:,}"

    def are_lit(self, groups: Sequence[Indices]) -> list[bool]:
        """Return which groups have an image among the brushed ones; all where nothing is."""
        mask = self.picked
        if mask is None:
            return [True] * len(groups)
        return [bool(mask[rows].any()) for rows in groups]

    # Gestures that mean the same everywhere

    def press(self, at: Place, *, is_panning: bool, is_added: bool) -> None:
        """Give the plot the keys."""
        self.hover(None)

    def drag(self, start: Place, at: Place, *, is_lasso: bool) -> None:
        """Do nothing; some plots brush."""

    def drop(self) -> None:
        """Do nothing; some plots brush."""

    def click(self, at: Place, *, is_added: bool) -> None:
        """Clear the brush; plots do more where something was hit."""
        self.clear_brush()

    def activate(self, at: Place) -> None:
        """Do nothing; some plots open what was hit."""

    def hover(self, at: Place | None) -> None:
        """Say what is under the pointer."""
        text = self.hint_at(at) if at else ""
        self._card.setVisible(bool(text))
        if at and text:
            self._card.setText(text)
            self._card.adjustSize()
            self._place_card(at)

    def hint_at(self, at: Place) -> str:
        """Return what is to be said of a place, or an empty text."""
        return ""

    def press_key(self, event: QKeyEvent) -> bool:
        """Clear the brush by Esc, copy values, open the image at hand, zoom."""
        key, modifiers = event.key(), event.modifiers()
        if key == Qt.Key.Key_Escape:
            return self._escape()
        if key == Qt.Key.Key_C and modifiers & Qt.KeyboardModifier.ControlModifier:
            self.copy_values()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selection.current >= 0:
            self.activated.emit(self.selection.current)
            return True
        return self.view.zoom_by_key(key)

    # Within

    def _escape(self) -> bool:
        self.view.stop_drag()
        if self.selection.mask is None:
            return False
        self.clear_brush()
        return True

    def _note_brush(self, mask: Mask | None, source: object) -> None:
        if source is not self:
            self.forget_brush()
        self._fit_mask()
        self.emphasise()
        self._say()
        self.view.layer.update()

    def _note_current(self, row: int, source: object) -> None:
        self._say()
        self.view.layer.update()

    def _fit_mask(self) -> None:
        mask = self.selection.mask
        self.picked = None if mask is None else fitted(mask, self._rows)

    def _say(self) -> None:
        """Write key and note, and tell a screen reader what a look at the plot tells."""
        is_shown = self.is_shown
        self.legend.show_keys(self.keys() if is_shown else (), self.look)
        brushed = "" if self.picked is None else f"{int(np.count_nonzero(self.picked)):,} brushed"
        parts = [self.remarks(), brushed] if is_shown else []
        note = " · ".join(part for part in parts if part)
        # the line keeps its room, or the plot would change its size while it is brushed
        self._note.setText(note or NOTHING)
        said = " ".join(part for part in (self._words, self.state_words(), note) if part)
        said = said if is_shown else self.empty
        for widget in (self, self.view):
            widget.setAccessibleName(self.title or "Plot")
            widget.setAccessibleDescription(said)

    def _restyle(self) -> None:
        self.look = look_of(self._theme)
        self.view.set_look(self.look)
        colours, px = self._theme.colours, self._theme.metrics.px
        self._card.setStyleSheet(
            f"color: {colours.text}; background: {colours.raised};"
            f" border: 1px solid {colours.edge}; border-radius: {px(4)}px;"
            f" padding: {px(4)}px {px(8)}px;"
        )
        self.setMinimumHeight(px(140))
        self.restyle()
        self._say()
        self.view.repaint_all()

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._empty_page = QWidget()
        around = QVBoxLayout(self._empty_page)
        space(around, self._theme, "l")
        around.addWidget(self._empty)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty_page)
        self._stack.setCurrentWidget(self._empty_page)
        self.head = QHBoxLayout()
        space(self.head, self._theme, spacing="xs")
        self.head.addWidget(self._heading, 1)
        self.add_tool("copy", "Copy values", self.copy_values)
        body = QVBoxLayout(self)
        space(body, self._theme, spacing="xs")
        body.addLayout(self.head)
        body.addWidget(self.legend)
        body.addWidget(self._stack, 1)
        body.addWidget(self._note)
        self._card.setTextFormat(Qt.TextFormat.PlainText)
        self._card.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._card.hide()
        self.setFocusProxy(self.view)

    def add_tool(
        self, icon: str, name: str, act: Callable[[], object], *, is_kept: bool = False
    ) -> QToolButton:
        """Add a button to the head; a kept one stays down."""
        button = QToolButton()
        set_role(button, "quiet")
        KeptIcon(button, self._theme, icon)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setCheckable(is_kept)
        button.clicked.connect(lambda _is_checked=False: act())
        self.head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._tools.append(button)
        return button

    def _place_card(self, at: Place) -> None:
        corner = self.view.mapFromScene(self.view.box.mapToScene(*at))
        gap, size, room = self._theme.metrics.px(MARGIN), self._card.size(), self.view.size()
        x = corner.x() + gap
        if x + size.width() > room.width():
            x = max(corner.x() - gap - size.width(), 0)
        y = corner.y() - gap - size.height()
        self._card.move(x, y if y >= 0 else min(corner.y() + gap, room.height() - size.height()))


def as_text(columns: Mapping[str, Sequence[object]]) -> str:
    """Return columns as lines with tabs between the cells, the names first; None is empty."""
    lines = ["\t".join(columns)]
    for row in zip(*columns.values(), strict=True):
        lines.append("\t".join("" if cell is None else str(cell) for cell in row))
    return "\n".join(lines) + "\n"


def line_keys(lines: Sequence[Line]) -> tuple[Key, ...]:
    """Return the entries of lines in a key."""
    return tuple(Key(LINES.get(line.name, line.name), line=line.name) for line in lines)


def line_words(lines: Sequence[Line]) -> str:
    """Return lines as a sentence, or nothing where there are none."""
    said = [line.text.replace(line.name, LINES.get(line.name, line.name)) for line in lines]
    return f"Lines: {', '.join(said)}." if said else ""
