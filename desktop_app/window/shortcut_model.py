"""The actions and their keys as rows of a list, grouped and searched."""

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.window.action_table import ActionSpec
from desktop_app.window.keymap import Keymap, native
from desktop_app.window.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a group; it cannot be selected."""

    text: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An action and its keys as this system writes them."""

    spec: ActionSpec
    keys: tuple[str, ...]
    is_changed: bool

    @property
    def text(self) -> str:
        """What the action is called."""
        return self.spec.text.rstrip("…")

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        keys = " or ".join(self.keys) or "no keys"
        changed = ", changed" if self.is_changed else ""
        return f"{self.text}: {keys}{changed} ({self.spec.group})"

    def matches(self, words: list[str]) -> bool:
        """Tell whether each word occurs in its text, hint, group or keys."""
        parts = (self.text, self.spec.hint, self.spec.group, *self.keys)
        haystack = "\n".join(parts).casefold()
        return all(word in haystack for word in words)


Row = Heading | Shortcut


class ShortcutModel(QAbstractListModel):
    """All actions that match the search, each group under its heading."""

    def __init__(self, keymap: Keymap, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keymap = keymap
        self._words: list[str] = []
        self._rows: list[Row] = []
        keymap.changed.connect(self._on_keys)
        self._rows = self._found()

    def search(self, text: str) -> None:
        """Show the actions in which all words of a text occur."""
        self._words = text.casefold().split()
        self.beginResetModel()
        self._rows = self._found()
        self.endResetModel()

    def row_of(self, action_id: str) -> int:
        """Return the row of an action, or -1 where the search hides it."""
        shown = (
            at
            for at, row in enumerate(self._rows)
            if isinstance(row, Shortcut) and row.spec.id == action_id
        )
        return next(shown, -1)

    def shortcut(self, index: Index) -> Shortcut | None:
        """Return the action at an index, or None for a heading or no row."""
        row = self._rows[index.row()] if index.isValid() else None
        return row if isinstance(row, Shortcut) else None

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Return the number of rows, headings among them."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text of a row, what a screen reader says, or the row itself."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if isinstance(row, Shortcut) and role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        if isinstance(row, Shortcut) and role == Qt.ItemDataRole.ToolTipRole:
            return row.spec.hint or None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let actions be selected, headings not."""
        if self.shortcut(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def _on_keys(self) -> None:
        found = self._found()
        if len(found) == len(self._rows):  # the same rows with other keys: keep the selection
            self._rows = found
            self.dataChanged.emit(self.index(0), self.index(len(found) - 1))
        else:
            self.beginResetModel()
            self._rows = found
            self.endResetModel()

    def _found(self) -> list[Row]:
        rows: list[Row] = []
        for spec in self._keymap.actions:
            keys = tuple(native(key) for key in self._keymap.keys(spec.id))
            shortcut = Shortcut(spec, keys, self._keymap.is_changed(spec.id))
            if not shortcut.matches(self._words):
                continue
            last = rows[-1] if rows else None
            if not isinstance(last, Shortcut) or last.spec.group is not spec.group:
                rows.append(Heading(spec.group.value))
            rows.append(shortcut)
        return rows


class ShortcutDelegate(QStyledItemDelegate):
    """Draws a row: what the action is called on the left, its keys as caps on the right."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Give headings more air above."""
        height = option.fontMetrics.height() + 2 * self._theme.px("s")
        is_heading = isinstance(index.data(ROW), Heading)
        return QSize(0, height + (self._theme.px("s") if is_heading and index.row() else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a heading or an action."""
        row: Row = index.data(ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(option.font)
        if isinstance(row, Heading):
            self._paint_heading(painter, option.rect, row)
        else:
            is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
            self._paint_action(painter, option.rect, row, is_selected=is_selected)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, row: Heading) -> None:
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold)
        font.setPointSizeF(self._theme.metrics.text["small"])
        painter.setFont(font)
        painter.setPen(QColor(self._theme.colours.muted))
        inner = rect.adjusted(self._theme.px("m"), 0, 0, -self._theme.px("xs"))
        painter.drawText(inner, BOTTOM_LEFT, row.text)

    def _paint_action(
        self, painter: QPainter, rect: QRect, row: Shortcut, *, is_selected: bool
    ) -> None:
        colours, px = self._theme.colours, self._theme.px
        if is_selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft))
            radius = px("radius")
            painter.drawRoundedRect(rect.adjusted(px("xs"), 1, -px("xs"), -1), radius, radius)
        left = self._paint_keys(painter, rect.adjusted(0, 0, -px("m"), 0), row)
        painter.setPen(QColor(colours.on_accent_soft if is_selected else colours.text))
        words = QRect(
            rect.left() + px("m"), rect.top(), left - rect.left() - px("xl"), rect.height()
        )
        name = painter.fontMetrics().elidedText(
            row.text, Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, MIDDLE_LEFT, name)
        if row.is_changed:
            beside = words.adjusted(
                painter.fontMetrics().horizontalAdvance(name) + px("s"), 0, 0, 0
            )
            painter.setPen(QColor(colours.on_accent_soft if is_selected else colours.accent))
            painter.drawText(beside, MIDDLE_LEFT, "changed")

    def _paint_keys(self, painter: QPainter, rect: QRect, row: Shortcut) -> int:
        """Draw the caps from the right; return where they begin."""
        colours, px = self._theme.colours, self._theme.px
        metrics = QFontMetrics(painter.font())
        right = rect.right()
        for key in reversed(row.keys):
            height = metrics.height() + px("xs")
            width = max(metrics.horizontalAdvance(key) + 2 * px("s"), height)
            cap = QRect(right - width, rect.center().y() - height // 2, width, height)
            painter.setPen(QPen(QColor(colours.edge)))
            painter.setBrush(QColor(colours.raised))
            painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), px("xs"), px("xs"))
            painter.setPen(QColor(colours.text))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
            right = cap.left() - px("s")
        return right


BOTTOM_LEFT = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
MIDDLE_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
