"""How a cell is painted: quiet lines, numbers at the right, what does not fit cut short."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from desktop_app.tables.formats import NONE
from desktop_app.tables.screen_column import RIGHT
from desktop_app.tables.table_model import TableModel
from desktop_app.window.theme import Theme

SELECTED, FOCUSED = (
    QStyle.StateFlag.State_Selected.value,
    QStyle.StateFlag.State_HasFocus.value,
)
Index = QModelIndex | QPersistentModelIndex
MIDDLE, END = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight


def tabular(font: QFont) -> QFont:
    """Return a font whose digits are all of one width."""
    digits = QFont(font)
    digits.setFeature(QFont.Tag("tnum"), 1)
    return digits


def row_height(theme: Theme, font: QFont) -> int:
    """Return the height that all rows have."""
    return QFontMetrics(font).height() + 2 * theme.px("xs") + theme.metrics.px(2)


class CellDelegate(QStyledItemDelegate):
    """Paints the cells of a `TableModel`; all rows are of one height."""

    def __init__(self, model: TableModel, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = theme
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the text of a cell, and a frame where the keyboard is; the grid paints rows."""
        # numbers, since an operation on enumerations takes longer than drawing a line
        state, rect = option.state.value, option.rect
        text = self._model.text_at(index.row(), index.column())
        if text:
            ink = self._picked if state & SELECTED else self._muted if text == NONE else self._ink
            painter.setPen(ink)
            self._write(painter, rect, index.column(), text)
        if state & FOCUSED:
            painter.setPen(self._focus)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return how much room the whole text of a cell takes."""
        width = option.fontMetrics.horizontalAdvance(str(index.data())) + 2 * self._margin
        return QSize(width, row_height(self._theme, option.font))

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Tell what a cell cannot show: why it is undefined, all digits, a text cut short."""
        is_asked = event.type() == QEvent.Type.ToolTip and index.isValid()
        if is_asked and self._has_more(index, option.rect, QFontMetrics(view.font())):
            tip = str(index.data(Qt.ItemDataRole.ToolTipRole))
            QToolTip.showText(event.globalPos(), tip, view, option.rect)
            return True
        QToolTip.hideText()
        return True

    def _has_more(self, index: Index, rect: QRect, metrics: QFontMetrics) -> bool:
        text = str(index.data())
        is_cut = metrics.horizontalAdvance(text) > rect.width() - 2 * self._margin
        return is_cut or text == NONE or index.data(Qt.ItemDataRole.TextAlignmentRole) == RIGHT

    def _write(self, painter: QPainter, rect: QRect, column: int, text: str) -> None:
        inner = rect.adjusted(self._margin, 0, -self._margin, 0)
        if len(text) * self._widest > inner.width() or not text.isascii():
            # the end of a path tells more than its middle
            how = MIDDLE if "/" in text else END
            text = painter.fontMetrics().elidedText(text, how, inner.width())
        painter.drawText(inner, self._model.columns[column].side, text)

    def _take_theme(self) -> None:
        colours = self._theme.colours
        self._margin = self._theme.px("s")
        self._widest = QFontMetrics(QApplication.font()).horizontalAdvance("W")
        self._ink, self._muted = QColor(colours.text), QColor(colours.muted)
        self._picked, self._focus = QColor(colours.on_accent_soft), QColor(colours.focus)
