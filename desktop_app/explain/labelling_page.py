"""Labelling body parts: a photograph, a check-list with keys, and nothing that tells of the map."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.explain.label_keys import keys_of
from desktop_app.explain.panel_canvas import PanelCanvas
from desktop_app.explain.parts import button, scrolled
from desktop_app.session.explaining.blind import BlindPictures
from desktop_app.session.explaining.labels import Labelling
from desktop_app.session.explaining.pictures import Picture
from desktop_app.window.state_page import State, StatePage
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

SENTENCE = (
    "Tick all that the photograph shows, not only where pathology is. Maps, and why an image is"
    " here, are kept from you: the images of lowest agreement and a control sample are shuffled."
)
READING = State("study", "Opening the photograph…")
NOTHING = State(
    "done", "Nothing to label", "The run has too few images with a map to take extremes of."
)
WIDTH = 340
ENTER = frozenset[int]({Qt.Key.Key_Return, Qt.Key.Key_Enter})
OTHERS = frozenset[int]({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Escape})
TITLE = ("Photograph",)


class LabellingPage(QWidget):
    """Stands in place of the whole page until the person is through with it."""

    closed = Signal()

    def __init__(
        self,
        labelling: Labelling,
        pictures: BlindPictures,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._labelling = labelling
        self._pictures = pictures
        self._theme = theme
        self._keys: dict[str, str] = {}
        self.boxes: dict[str, QCheckBox] = {}
        self.canvas = PanelCanvas(theme, titles=TITLE)
        self.state = StatePage(theme)
        self.progress, self.bar = QLabel(), QProgressBar()
        self.stored = WrappedLabel(role="muted")
        self.keep = button("", self.answer, role="primary")
        self.skip = button("Later", self._on_skip, tip="Goes on without an answer (→)")
        self.undo_button = button("Undo the last answer", self.undo, role="link")
        self.close_button = button("Back to the run", self.closed.emit)
        self._list = QWidget()
        self._list.setObjectName("inside")
        self._grid = QGridLayout(self._list)
        space(self._grid, theme, spacing="none")
        self._lay_out(theme)
        labelling.loaded.connect(self._on_loaded)
        labelling.moved.connect(lambda _: self._show())
        labelling.answered.connect(lambda _: self._say())
        pictures.ready.connect(self._on_picture)
        pictures.missing.connect(self._on_missing)

    @property
    def parts(self) -> frozenset[str]:
        """The parts that are ticked."""
        return frozenset(part for part, box in self.boxes.items() if box.isChecked())

    def answer(self) -> None:
        """Store what is ticked, none of them included, and go on."""
        self._labelling.answer(self.parts)

    def undo(self) -> None:
        """Go back to the last image that was answered."""
        self._labelling.undo()

    # Qt's events

    def event(self, event: QEvent) -> bool:
        """Keep letters, Enter and arrows from the window's actions."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and self._means(event):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick parts by their keys, store with Enter, go about with the arrows."""
        if not self._means(event):
            super().keyPressEvent(event)
            return
        if event.key() in ENTER:
            self.answer()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() == Qt.Key.Key_Left:
            self._labelling.go(self._labelling.at - 1)
        elif event.key() == Qt.Key.Key_Right:
            self._on_skip()
        else:
            part = self._part_of(event)
            self.boxes[part].toggle()

    # Inside

    def _lay_out(self, theme: Theme) -> None:
        side = QWidget()
        side.setObjectName("findings")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(side)
        space(column, theme, "m", spacing="s")
        set_role(self.progress, "heading")
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Share of the images that is labelled")
        column.addWidget(self.progress)
        column.addWidget(self.bar)
        column.addWidget(WrappedLabel(SENTENCE, "small"))
        column.addWidget(scrolled(self._list), 1)
        column.addWidget(self.stored)
        row = QHBoxLayout()
        space(row, theme, spacing="s")
        row.addWidget(self.skip)
        row.addWidget(self.keep, 1)
        column.addLayout(row)
        row = QHBoxLayout()
        space(row, theme, spacing="s")
        row.addWidget(self.undo_button)
        row.addStretch()
        row.addWidget(self.close_button)
        column.addLayout(row)
        self._side = side
        theme.changed.connect(self._fit)
        self._fit()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.state)
        body = QHBoxLayout(self)
        space(body, theme, spacing="none")
        body.addWidget(self._stack, 1)
        body.addWidget(side)
        self.setMinimumHeight(theme.metrics.px(200))

    def _fit(self) -> None:
        self._side.setFixedWidth(self._theme.metrics.px(WIDTH))

    def _on_loaded(self) -> None:
        labelling = self._labelling
        if not self.boxes:
            names = {key: part.name for key, part in labelling.vocabulary.items()}
            self._keys = {key: part for part, key in keys_of(names).items()}
            by_part = {part: key for key, part in self._keys.items()}
            for row, (part, entry) in enumerate(labelling.vocabulary.items()):
                self._add(row, part, entry.name, entry.meaning, by_part.get(part, ""))
        if labelling.order:
            self._show()
        else:
            self.state.show_state(NOTHING)
            self._stack.setCurrentWidget(self.state)
        self._say()
        self.setFocus()

    def _add(self, row: int, part: str, name: str, meaning: str, key: str) -> None:
        box = QCheckBox(name.replace("&", "&&"))
        set_role(box, "part")
        box.setToolTip(meaning)
        box.setAccessibleName(f"{name}: {meaning}")
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.toggled.connect(lambda _: self._say())
        cap = QLabel(key)
        set_role(cap, "key")
        self.boxes[part] = box
        self._grid.addWidget(box, row, 0)
        self._grid.addWidget(cap, row, 1)
        cap.setVisible(bool(key))  # not before it has a parent: it would be a window of its own
        self._grid.setColumnStretch(0, 1)

    def _show(self) -> None:
        """Show the image at hand with the label it has."""
        labelling = self._labelling
        known = labelling.labels.get(labelling.image, frozenset())
        for part, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(part in known)
            box.blockSignals(False)
        self.state.show_state(READING)
        self._stack.setCurrentWidget(self.state)
        after = labelling.at + 1
        following = labelling.order[after] if after < len(labelling.order) else ""
        self._pictures.want(labelling.image, then=following)
        self._say()

    def _say(self) -> None:
        labelling = self._labelling
        total, done = len(labelling.order), labelling.labelled
        self.progress.setText(f"{done:,} of {total:,} labelled")
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        count = len(self.parts)
        parts = f"Keep {count} part{'s' * (count > 1)}" if count else "None of these"
        self.keep.setText(f"{parts} and next  ↵")
        self.keep.setAccessibleName(f"{parts} and next")
        is_known = labelling.image in labelling.labels
        place = f"Image {labelling.at + 1:,} of {total:,}" if total else ""
        self.stored.setText(f"{place}, labelled before." if is_known else f"{place}." * bool(place))
        for part in (self.keep, self.skip):
            part.setEnabled(bool(total))
        self.undo_button.setEnabled(labelling.can_undo)

    def _on_picture(self, path: str, picture: Picture) -> None:
        if path == self._labelling.image and self.isVisible():
            self.canvas.show_pictures([picture])
            self._stack.setCurrentWidget(self.canvas)

    def _on_missing(self, path: str, why: str) -> None:
        if path == self._labelling.image:
            self.state.show_state(
                State("missing", "The photograph cannot be shown", why, "warning")
            )
            self._stack.setCurrentWidget(self.state)

    def _on_skip(self) -> None:
        self._labelling.go(self._labelling.at + 1)

    def _means(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            return False
        is_known = event.key() in ENTER | OTHERS
        return is_known or bool(self._part_of(event))

    def _part_of(self, event: QKeyEvent) -> str:
        return self._keys.get(event.text().upper(), "")
