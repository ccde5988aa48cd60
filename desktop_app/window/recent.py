"""Studies opened last, as a list; those that are no longer there are marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop_app.window.theme import Theme, set_role

Index = QModelIndex | QPersistentModelIndex
STUDY = Qt.ItemDataRole.UserRole
NO_PARENT = QModelIndex()
MIDDLE_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class RecentStudy:
    """A study that was open before.

    Attributes
    ----------
    is_missing
        True where its file is not there now, as on a drive that was taken away.
    """

    path: Path
    is_missing: bool = False

    @property
    def name(self) -> str:
        """The study's name."""
        return self.path.stem

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        missing = ", missing" if self.is_missing else ""
        return f"{self.name}, in {self.path.parent}{missing}"


def look_up(paths: Sequence[Path]) -> tuple[RecentStudy, ...]:
    """Tell which studies are still there; asks the disk, so it runs on a lane."""
    return tuple(RecentStudy(path, is_missing=not _is_there(path)) for path in paths)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


class RecentModel(QAbstractListModel):
    """The recent studies, the latest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studies: tuple[RecentStudy, ...] = ()

    def show(self, studies: Sequence[RecentStudy]) -> None:
        """Show other studies."""
        self.beginResetModel()
        self._studies = tuple(studies)
        self.endResetModel()

    def study(self, index: Index) -> RecentStudy | None:
        """Return the study at an index, or None where there is none."""
        return self._studies[index.row()] if index.isValid() else None

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._studies)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the study's name, its path as a tip, what a screen reader says, or itself."""
        study = self.study(index)
        if study is None:
            return None
        answers: dict[int, object] = {
            Qt.ItemDataRole.DisplayRole: study.name,
            Qt.ItemDataRole.ToolTipRole: str(study.path),
            Qt.ItemDataRole.AccessibleTextRole: study.spoken,
            STUDY: study,
        }
        return answers.get(role)


class RecentDelegate(QStyledItemDelegate):
    """Draws a study: its name, under it the folder, and *missing* on the right where it is."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Give two lines of text some air."""
        return QSize(0, 2 * option.fontMetrics.height() + 2 * self._theme.px("s"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row."""
        study: RecentStudy = index.data(STUDY)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        inner = option.rect.adjusted(self._theme.px("m"), 0, -self._theme.px("m"), 0)
        painter.setFont(option.font)
        right = self._paint_missing(painter, inner) if study.is_missing else inner.right()
        self._paint_words(painter, QRect(inner.topLeft(), QPoint(right, inner.bottom())), study)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        colours, px = self._theme.colours, self._theme.px
        state = QStyle.StateFlag
        is_current = bool(option.state & state.State_Selected and option.state & state.State_Active)
        has_focus = is_current and bool(option.state & state.State_HasFocus)
        if not (has_focus or option.state & state.State_MouseOver):
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent_soft if has_focus else colours.hover))
        painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), px("radius"), px("radius"))

    def _paint_missing(self, painter: QPainter, rect: QRect) -> int:
        painter.setPen(QColor(self._theme.colours.warning))
        painter.drawText(rect, MIDDLE_LEFT.AlignVCenter | MIDDLE_LEFT.AlignRight, "missing")
        return rect.right() - painter.fontMetrics().horizontalAdvance("missing") - 12

    def _paint_words(self, painter: QPainter, rect: QRect, study: RecentStudy) -> None:
        colours = self._theme.colours
        height = painter.fontMetrics().height()
        top = rect.center().y() - height
        plain, bold = QFont(painter.font()), QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        lines = (
            (bold, colours.muted if study.is_missing else colours.text, study.name, END),
            (plain, colours.muted, str(study.path.parent), MIDDLE),
        )
        for at, (font, colour, text, mode) in enumerate(lines):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            line = QRect(rect.left(), top + at * height, rect.width(), height)
            shown = painter.fontMetrics().elidedText(text, mode, line.width())
            painter.drawText(line, MIDDLE_LEFT, shown)


END, MIDDLE = Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle


class RecentList(QListView):
    """Opens a study by click or Enter, and takes one off the list by Delete or its menu."""

    opened = Signal(object)
    """The path of the study to open."""
    forgotten = Signal(object)
    """The path of the study to take off the list."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "bare")
        self._rows = RecentModel(self)
        self.setModel(self._rows)
        self.setItemDelegate(RecentDelegate(theme, self))
        self.setAccessibleName("Recent studies")
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.clicked.connect(self._open)
        theme.changed.connect(self._fit)

    def show_studies(self, studies: Sequence[RecentStudy]) -> None:
        """Show other studies."""
        self._rows.show(studies)
        if studies:
            self.setCurrentIndex(self._rows.index(0))
        self._fit()

    def sizeHint(self) -> QSize:
        """Ask for as much height as all rows take."""
        rows = self._rows.rowCount()
        return QSize(320, sum(self.sizeHintForRow(row) for row in range(rows)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter, forget with Delete."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.key() == Qt.Key.Key_Delete:
            self._forget(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def menu_at(self, index: Index) -> QMenu | None:
        """Return the menu of a row, or None beside the rows."""
        if self._rows.study(index) is None:
            return None
        menu = QMenu(self)
        kept = QPersistentModelIndex(index)
        for text, do in (("Open", self._open), ("Remove from this list", self._forget)):
            action = QAction(text, menu)
            action.triggered.connect(lambda _=False, do=do: do(kept))
            menu.addAction(action)
        return menu

    def _show_menu(self, at: QPoint) -> None:
        menu = self.menu_at(self.indexAt(at))
        if menu is not None:
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.viewport().mapToGlobal(at))

    def _open(self, index: Index) -> None:
        study = self._rows.study(index)
        if study is not None:
            self.opened.emit(study.path)

    def _forget(self, index: Index) -> None:
        study = self._rows.study(index)
        if study is not None:
            self.forgotten.emit(study.path)

    def _fit(self) -> None:
        self.doItemsLayout()
        self.updateGeometry()
