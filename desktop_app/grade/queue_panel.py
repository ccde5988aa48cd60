"""The grader's own queue: how far they are, what is left, which image is at hand."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop_app.grade.queue_rows import MARKS, QueueRows, row_height
from desktop_app.tables.queue import STATE_TEXTS, QueueFilter, QueueModel
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from engine.domain.queue import QueueItem, QueueState


class QueuePanel(QWidget):
    """Progress, filters and the list of images; the current row is the image at hand."""

    chosen = Signal(int)
    """Place in the queue that a person went to."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.model = QueueModel(self)
        self.images = QTableView()
        self.search = QLineEdit()
        self.chips = {state: _chip(state, theme) for state in QueueState}
        self._progress, self._bar = QLabel(), QProgressBar()
        self._at = -1
        self._set_up_list()
        self._lists = QStackedLayout()
        self._lay_out(theme)
        self._lists.addWidget(self.images)  # before, it would show them as windows
        self._lists.addWidget(self._nothing_found(theme))
        self._connect()

    # In

    def set_queue(self, items: Sequence[QueueItem], name: Callable[[QueueItem], str]) -> None:
        """Show a queue with nothing at hand."""
        self._at = -1
        with QSignalBlocker(self.images.selectionModel()):
            self.model.set_queue(items, name)
        self._show_counts()

    def set_at(self, position: int) -> None:
        """Show which image is at hand, and keep it in view."""
        self._at = position
        with QSignalBlocker(self.images.selectionModel()):
            self.model.set_at(position)
        self._show_current()

    def replace_item(self, item: QueueItem) -> None:
        """Show an item as it is now."""
        self.model.replace_item(item)
        self._show_counts()

    def clear_filter(self) -> None:
        """Show all images again."""
        self.search.clear()
        for chip in self.chips.values():
            chip.setChecked(False)
        self._filter()

    @property
    def tab_stops(self) -> list[QWidget]:
        """The controls in the order in which Tab reaches them."""
        return [self.search, *self.chips.values(), self.images]

    @property
    def has_focus(self) -> bool:
        """True while the grader is in the queue with the keyboard."""
        return self.isAncestorOf(QApplication.focusWidget() or self)

    @property
    def progress(self) -> str:
        """How far the grader is, in words."""
        return self._progress.text()

    # Inside

    def _set_up_list(self) -> None:
        # a table of one column: QListView asks the model for an index of every single row first,
        # which takes half a second for 100,000 of them
        images = self.images
        images.setObjectName("images")
        images.setModel(self.model)
        images.setItemDelegate(QueueRows(self._theme, images))
        images.setMouseTracking(True)
        images.setShowGrid(False)
        images.setTabKeyNavigation(False)
        images.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        images.horizontalHeader().hide()
        images.setFrameShape(QTableView.Shape.NoFrame)
        images.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        images.verticalHeader().hide()
        images.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        images.setAccessibleName("Images in your order")
        images.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        images.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        images.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        images.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def _lay_out(self, theme: Theme) -> None:
        body = QVBoxLayout(self)
        space(body, theme, "none m none none", spacing="s")
        head = QVBoxLayout()
        space(head, theme, "m none", spacing="xs")
        set_role(self._progress, "strong")
        self._progress.setAccessibleName("Your progress")
        self._bar.setObjectName("progress")
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Share of your images that is done")
        self.search.setPlaceholderText("Find an image")
        self.search.setAccessibleName("Find an image by name")
        self.search.setClearButtonEnabled(True)
        for part in (self._progress, self._bar):
            head.addWidget(part)
        head.addSpacing(theme.px("s"))
        head.addWidget(self.search)
        head.addLayout(self._chip_row(theme))
        body.addLayout(head)
        body.addLayout(self._lists, 1)
        theme.changed.connect(self._fit)
        self._fit()

    def _chip_row(self, theme: Theme) -> QHBoxLayout:
        row = QHBoxLayout()
        space(row, theme, spacing="xs")
        for chip in self.chips.values():
            row.addWidget(chip, 1)
        return row

    def _nothing_found(self, theme: Theme) -> QWidget:
        page = QWidget()
        page.setObjectName("inside")
        body = QVBoxLayout(page)
        space(body, theme, "l xl", spacing="m")
        words = QLabel("No image of your queue matches.")
        words.setWordWrap(True)
        set_role(words, "muted")
        self.clear_button = QPushButton("Show all images")
        self.clear_button.setAccessibleName("Show all images")
        self.clear_button.clicked.connect(self.clear_filter)
        body.addWidget(words)
        body.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignLeft)
        body.addStretch()
        return page

    def _connect(self) -> None:
        self.images.selectionModel().currentChanged.connect(self._on_current)
        self.search.textChanged.connect(lambda _: self._filter())
        for state, chip in self.chips.items():
            chip.clicked.connect(lambda checked, state=state: self._choose_state(state, checked))

    def _fit(self) -> None:
        self.images.verticalHeader().setDefaultSectionSize(row_height(self._theme, self.font()))
        self._bar.setFixedHeight(self._theme.metrics.px(4))

    def _choose_state(self, state: QueueState, is_checked: bool) -> None:
        for other, chip in self.chips.items():
            chip.setChecked(is_checked and other is state)
        self._filter()

    def _filter(self) -> None:
        state = next((state for state, chip in self.chips.items() if chip.isChecked()), None)
        with QSignalBlocker(self.images.selectionModel()):
            self.model.set_filter(QueueFilter(state, self.search.text()))
        self._show_current()

    def _show_current(self) -> None:
        """Select the row of the image at hand and scroll to it, telling nobody."""
        index = self.model.index_of(self._at)
        with QSignalBlocker(self.images.selectionModel()):
            self.images.selectionModel().setCurrentIndex(index, SELECT)
        self.images.viewport().update()
        if index.isValid():
            self.images.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        self._lists.setCurrentIndex(0 if self.model.rowCount() else 1)

    def _show_counts(self) -> None:
        total = len(self.model.rows)
        done = self.model.counts[QueueState.DONE]
        self._progress.setText(f"{done:,} of {total:,} done".replace(",", "\u202f"))
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        for state, chip in self.chips.items():
            count = self.model.counts[state]
            chip.setText(short(count))
            chip.setToolTip(f"Show what is {STATE_TEXTS[state]} ({count})")
            chip.setAccessibleName(f"Show what is {STATE_TEXTS[state]}, {count}")

    def _on_current(self, current: QModelIndex) -> None:
        position = self.model.number_of(current)
        if position is not None and position != self._at:
            self.chosen.emit(position)


SELECT = QItemSelectionModel.SelectionFlag.ClearAndSelect


def short(count: int) -> str:
    """Return a count in at most four characters, such as ``126`` or ``12k``."""
    return str(count) if count < 10_000 else f"{count // 1000}k"


def _chip(state: QueueState, theme: Theme) -> QPushButton:
    chip = QPushButton()
    chip.setCheckable(True)
    chip.setAutoDefault(False)
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    set_role(chip, "chip")
    icon, tone = MARKS[state]
    KeptIcon(chip, theme, icon, tone=tone)
    return chip
