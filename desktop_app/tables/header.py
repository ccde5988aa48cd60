"""The headings of a table: wrapped, with the way of sorting, a mark of a filter, and a menu."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
)
from PySide6.QtWidgets import QHeaderView, QToolTip, QWidget

from desktop_app.tables.screen_column import RIGHT
from desktop_app.tables.table_model import ASCENDING, TableModel
from desktop_app.window.theme import Theme

MOST_LINES = 3
WRAP = int(Qt.TextFlag.TextWordWrap)
BOTTOM_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
BOTTOM_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)


class TableHeader(QHeaderView):
    """Clicking a heading sorts by it; the dots that show under the pointer open its menu."""

    sort_asked = Signal(int)
    """A column whose heading was clicked."""

    menu_asked = Signal(int, QPoint)
    """A column, and where on the screen its menu shall open."""

    def __init__(self, model: TableModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._model = model
        self._theme = theme
        self._under_pointer = -1
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_context_menu)
        self.sectionClicked.connect(self.sort_asked)
        self.sectionResized.connect(lambda *_: self.updateGeometry())
        theme.changed.connect(self.updateGeometry)

    def ask_menu(self, column: int) -> None:
        """Open the menu of a column below its heading."""
        left = self.sectionViewportPosition(column)
        self.menu_asked.emit(column, self.viewport().mapToGlobal(QPoint(left, self.height())))

    def least_width(self, column: int) -> int:
        """Return the width at which a heading breaks between words only, in at most three lines."""
        title, metrics = self._model.columns[column].title, self.fontMetrics()
        words = max(map(metrics.horizontalAdvance, title.split(" ")))
        share = metrics.horizontalAdvance(title) // MOST_LINES
        return max(words, share + metrics.averageCharWidth() * 3) + self._around

    def sizeHint(self) -> QSize:
        """Return the height that the headings shown need, wrapped."""
        metrics = self.fontMetrics()
        shown = (at for at in range(self.count()) if not self.isSectionHidden(at))
        heights = (self._text_height(at, metrics) for at in shown)
        most = MOST_LINES * metrics.lineSpacing()
        text = min(max(heights, default=0), most) or metrics.lineSpacing()
        return QSize(super().sizeHint().width(), text + 2 * self._theme.px("s"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the headings, and the line below them to the end of the row."""
        super().paintEvent(event)
        foot = self.viewport().height() - 1
        line = QColor(self._theme.colours.edge)
        QPainter(self.viewport()).fillRect(
            self.length() - self.offset(), foot, self.width(), 1, line
        )

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Paint the heading of a column."""
        colours = self._theme.colours
        column = self._model.columns[logicalIndex]
        sorting = self._model.sorting
        is_sorted = sorting is not None and sorting[0] == column.name
        is_under = logicalIndex == self._under_pointer
        painter.save()
        painter.fillRect(rect, QColor(colours.hover if is_under else colours.window))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(colours.edge))
        is_right = column.side == RIGHT
        inner = self._inner(rect, is_right=is_right)
        painter.setPen(QColor(colours.text if is_sorted else colours.muted))
        painter.drawText(inner, (BOTTOM_RIGHT if is_right else BOTTOM_LEFT) | WRAP, column.title)
        if column.name in self._model.filters:
            self._paint_filter(painter, rect)
        if is_sorted and sorting is not None and not is_under:
            tip = -1 if sorting[1] is ASCENDING else 1
            self._paint_arrow(painter, self._arrow_place(rect, is_right=is_right), tip, "accent")
        elif is_under:
            self._paint_arrow(painter, self._arrow_place(rect, is_right=is_right), 0, "text")
        painter.restore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the menu dots of the heading under the pointer."""
        super().mouseMoveEvent(event)
        self._set_under_pointer(self.logicalIndexAt(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the menu where its dots are pressed."""
        at = event.position().toPoint()
        column = self.logicalIndexAt(at)
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and column >= 0 and self._menu_place(column).contains(at):
            self.ask_menu(column)
            return
        super().mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        super().leaveEvent(event)
        self._set_under_pointer(-1)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell the meaning of a column under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self.logicalIndexAt(event.pos())
            if at >= 0:
                column = self._model.columns[at]
                QToolTip.showText(event.globalPos(), f"{column.name}: {column.meaning}", self)
            return True
        return super().viewportEvent(event)

    @property
    def _around(self) -> int:
        """Room beside the text of a heading: margins, and the arrow or dots."""
        return 2 * self._theme.px("s") + self._theme.px("small_icon")

    def _inner(self, rect: QRect, *, is_right: bool) -> QRect:
        """Return where the text of a heading goes: the arrow has its room on the other side."""
        small = self._theme.px("s")
        wide = small + self._theme.px("small_icon")
        return rect.adjusted(
            wide if is_right else small, small, -(small if is_right else wide), -small
        )

    def _text_height(self, column: int, metrics: QFontMetrics) -> int:
        width = max(self.sectionSize(column) - self._around, 1)
        room = QRect(0, 0, width, 10_000)
        return metrics.boundingRect(room, WRAP, self._model.columns[column].title).height()

    def _arrow_place(self, rect: QRect, *, is_right: bool) -> QRect:
        """Return where the arrow of a heading is painted and pressed."""
        size, grip = self._theme.px("small_icon"), self._theme.px("xs")
        left = rect.left() + grip if is_right else rect.right() - grip - size
        return QRect(left, rect.top(), size, rect.height())

    def _menu_place(self, column: int) -> QRect:
        left = self.sectionViewportPosition(column)
        section = QRect(left, 0, self.sectionSize(column), self.height())
        return self._arrow_place(section, is_right=self._model.columns[column].side == RIGHT)

    def _paint_arrow(self, painter: QPainter, place: QRect, tip: int, tone: str) -> None:
        """Paint a triangle with its tip up (-1) or down (1), or the three dots of a menu (0)."""
        unit = self._theme.metrics.scale
        x = place.center().x() + 0.5
        y = place.bottom() - self._theme.px("s") - self.fontMetrics().lineSpacing() / 2 + 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colours.named()[tone]))
        if tip:
            corners = ((-3.5, -2.2), (0, 2.2), (3.5, -2.2))
            shape = QPolygonF([QPointF(x + dx * unit, y + tip * dy * unit) for dx, dy in corners])
            painter.drawPolygon(shape)
            return
        for away in (-4, 0, 4):
            painter.drawEllipse(QPointF(x, y + away * unit), 1.2 * unit, 1.2 * unit)

    def _paint_filter(self, painter: QPainter, rect: QRect) -> None:
        """Paint a line along the foot of a heading whose column is filtered."""
        thick = max(self._theme.metrics.px(3), 2)
        foot = QRect(rect.left(), rect.bottom() - thick + 1, rect.width(), thick)
        painter.fillRect(foot, QColor(self._theme.colours.accent))

    def _on_context_menu(self, at: QPoint) -> None:
        column = self.logicalIndexAt(at)
        if column >= 0:
            self.menu_asked.emit(column, self.viewport().mapToGlobal(at))

    def _set_under_pointer(self, column: int) -> None:
        if column != self._under_pointer:
            self._under_pointer = column
            self.viewport().update()
