"""How an image of the queue is painted: a shape for its state, its name, a word where it is due."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.tables.queue import STATE_ROLE, STATE_TEXTS
from desktop_app.window.theme import Theme
from engine.domain.queue import QueueState

MARKS = {
    QueueState.TO_DO: ("to-do", "outline"),
    QueueState.STARTED: ("started", "note"),
    QueueState.DONE: ("done", "success"),
    QueueState.SENT_BACK: ("sent-back", "warning"),
}
"""Icon of a state and the colour it is drawn in; the shapes differ without their colours too."""

SAID = frozenset({QueueState.STARTED, QueueState.SENT_BACK})
"""States that are written out as well, because they ask for something."""

LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def row_height(theme: Theme, font: QFont) -> int:
    """Return the height that all rows have."""
    return max(QFontMetrics(font).height(), theme.px("icon")) + 2 * theme.px("xs")


class QueueRows(QStyledItemDelegate):
    """Paints one row of the queue; all rows are of one height."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._marks: dict[QueueState, QPixmap] = {}
        theme.changed.connect(self._marks.clear)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint ground, mark, word and name of a row."""
        state = QueueState(index.data(STATE_ROLE))
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        self._paint_ground(painter, option, is_current=is_current)
        inner = option.rect.adjusted(self._theme.px("m"), 0, -self._theme.px("m"), 0)
        inner = self._paint_mark(painter, inner, state)
        name = str(index.data())
        word, room = self.word_beside(name, state, option.fontMetrics, inner.width())
        if word:
            painter.setPen(self._colour(MARKS[state][1]))
            painter.drawText(inner, RIGHT, word)
        ink = "on_accent_soft" if is_current else _ink(state)
        painter.setPen(self._colour(ink))
        painter.drawText(inner, LEFT, fitting(name, option.fontMetrics, room))
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, *, is_current: bool
    ) -> None:
        if is_current:
            painter.fillRect(option.rect, self._colour("accent_soft"))
            edge = QRect(option.rect)
            edge.setWidth(self._theme.metrics.px(3))
            painter.fillRect(edge, self._colour("accent"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, self._colour("hover"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._colour("focus"))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))

    def _paint_mark(self, painter: QPainter, rect: QRect, state: QueueState) -> QRect:
        """Paint the mark at the left and return what is left of the row."""
        if state not in self._marks:
            icon, tone = MARKS[state]
            self._marks[state] = self._theme.pixmap(icon, tone=tone)
        mark, side = self._marks[state], self._theme.px("icon")
        painter.drawPixmap(rect.left(), rect.top() + (rect.height() - side) // 2, mark)
        return rect.adjusted(side + self._theme.px("s"), 0, 0, 0)

    def word_beside(
        self, name: str, state: QueueState, metrics: QFontMetrics, width: int
    ) -> tuple[str, int]:
        """Return the state as a word where it asks for something, and what is left for the name.

        There is no word where the file's own name would not fit beside it; the mark says it too.
        """
        if state not in SAID:
            return "", width
        word = STATE_TEXTS[state]
        room = width - metrics.horizontalAdvance(word) - self._theme.px("s")
        own = name.rpartition("/")[2]
        is_room = metrics.horizontalAdvance(name if own == name else f"…{own}") <= room
        return (word, room) if is_room else ("", width)

    def _colour(self, name: str) -> QColor:
        return QColor(getattr(self._theme.colours, name))


def fitting(name: str, metrics: QFontMetrics, width: int) -> str:
    """Return as much of a name as fits: folders go first, then the beginning of the file's own.

    The ends are what tells the names of one study apart.
    """
    folders, _, own = name.rpartition("/")
    is_whole = metrics.horizontalAdvance(name) <= width or not folders
    shown = name if is_whole else f"…/{own}"
    return metrics.elidedText(shown, Qt.TextElideMode.ElideLeft, width)


def _ink(state: QueueState) -> str:
    return "muted" if state is QueueState.DONE else "text"
