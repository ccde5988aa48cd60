"""The F1 sheet: every key at a glance, searchable, and to be changed by pressing another."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.window.key_field import RESERVED, KeyField
from desktop_app.window.keymap import Keymap, native
from desktop_app.window.shortcut_model import Shortcut, ShortcutDelegate, ShortcutModel
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

TO_LIST = frozenset[int]({Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter})
TO_CHANGE = frozenset[int]({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2})
SIZE = (600, 660)


@dataclass(frozen=True, slots=True)
class Wish:
    """Keys that a person wants for an action, while another action has some of them."""

    action_id: str
    keys: tuple[str, ...]


class ShortcutSheet(QDialog):
    """All actions with their keys; changes take effect and are kept at once."""

    def __init__(self, keymap: Keymap, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self._keymap = keymap
        self._theme = theme
        self._adds = False
        self._wish: Wish | None = None
        self.model = ShortcutModel(keymap, self)
        self.search = self._search_field()
        self.view = self._list()
        self.message = WrappedLabel()
        self.key_field = KeyField()
        self.key_field.pressed.connect(self._on_keys)
        self.key_field.given_up.connect(self._stop)
        self.change = self._button("Change…", lambda: self._listen(adds=False))
        self.add = self._button("Add…", lambda: self._listen(adds=True))
        self.clear = self._button("Remove keys", self._clear)
        self.reset = self._button("Reset", self._reset)
        self.swap = self._button("Swap", self._swap)
        self.cancel = self._button("Cancel", self._stop)
        self.reset_all = self._button("Reset all", self._ask_reset_all)
        self.confirm_reset = self._button("Reset all keys", self._reset_all)
        self.leave = self._button("Close", self.accept)
        for button in (self.swap, self.confirm_reset):
            set_role(button, "primary")
        self._lay_out()
        keymap.changed.connect(self._on_keymap)
        theme.changed.connect(self._on_theme)
        self._on_theme()
        self._select_row(self.model.row_of(keymap.actions[0].id))
        self._stop()
        self.search.setFocus()

    # What a person does

    def select(self, action_id: str) -> None:
        """Select an action, as far as the search shows it."""
        self._select_row(self.model.row_of(action_id))

    @property
    def selected(self) -> Shortcut | None:
        """The action that buttons are about."""
        return self.model.shortcut(self.view.currentIndex())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Down lead from the search into the list, Enter and Delete change keys there."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key = event.key()
        if watched is self.search and key in TO_LIST:
            self.view.setFocus()
        elif watched is self.view and key in TO_CHANGE:
            self._listen(adds=False)
        elif watched is self.view and key == Qt.Key.Key_Delete:
            self._clear()
        else:
            return super().eventFilter(watched, event)
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Bring the selected row into view, now that the list has its size."""
        super().showEvent(event)
        self._select_row(self.view.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc give up what is under way first; the next one closes."""
        if event.key() == Qt.Key.Key_Escape and not self.change.isVisible():
            self._stop()
        else:
            super().keyPressEvent(event)

    def _on_search(self, text: str) -> None:
        self.model.search(text)
        self._select_row(1 if self.model.rowCount() else -1)
        self._stop()

    def _listen(self, *, adds: bool) -> None:
        """Wait for keys for the selected action."""
        shortcut = self.selected
        if shortcut is None:
            return
        self._adds = adds
        self._wish = None
        also = "one more key" if adds else "the new key"
        self._say(f"Press {also} for “{shortcut.text}”. Esc gives up.", "")
        self._show(self.key_field, self.cancel)
        self.key_field.setAccessibleName(f"Press {also} for {shortcut.text}")
        self.key_field.setFocus()

    def _on_keys(self, keys: str) -> None:
        shortcut = self.selected
        if shortcut is None:
            return
        if keys in RESERVED:
            self._say(f"{RESERVED[keys]}. Press another key.", "warning")
            return
        now = self._keymap.keys(shortcut.spec.id)
        self._want(shortcut.spec.id, (*now, keys) if self._adds else (keys,))

    def _want(self, action_id: str, keys: tuple[str, ...]) -> None:
        """Give an action its keys, or say who has them."""
        others = self._keymap.conflicts(keys, but=action_id)
        if not others:
            self._keymap.set_keys(action_id, keys)
            self._stop()
            return
        self._wish = Wish(action_id, keys)
        names = _listed(f"“{other.text.rstrip('…')}”" for other in others)
        taken = _listed(
            native(key) for key in keys if self._keymap.conflicts((key,), but=action_id)
        )
        spare = [key for key in self._keymap.keys(action_id) if key not in keys]
        what = f"Swap gives it {native(spare[0])}" if spare else "Take leaves it without a key"
        verb = "is" if len(taken.split(", ")) == 1 and " and " not in taken else "are"
        self._say(f"{taken} {verb} used by {names}. {what}.", "warning")
        self.swap.setText("Swap" if spare else "Take")
        self.swap.setAccessibleName(f"{self.swap.text()}: {taken}, used by {names}")
        self._show(self.swap, self.cancel)
        self.cancel.setFocus()

    def _swap(self) -> None:
        if self._wish is not None:
            self._keymap.swap(self._wish.action_id, self._wish.keys)
        self._stop()

    def _clear(self) -> None:
        if self.selected is not None:
            self._keymap.set_keys(self.selected.spec.id, ())
        self._stop()

    def _reset(self) -> None:
        if self.selected is not None:
            action_id = self.selected.spec.id
            self._want(action_id, self._keymap.default_keys(action_id))

    def _ask_reset_all(self) -> None:
        self._say("All keys become what they were at first.", "warning")
        self._show(self.confirm_reset, self.cancel)
        self.cancel.setFocus()

    def _reset_all(self) -> None:
        self._keymap.reset_all()
        self._stop()

    # How it looks

    def _stop(self) -> None:
        """Go back to the selected action and its buttons."""
        was_busy = not self.change.isVisibleTo(self)
        self._wish = None
        self._show(self.change, self.add, self.clear, self.reset)
        self._on_selection()
        if was_busy:
            self.view.setFocus()

    def _on_selection(self, *_: QModelIndex) -> None:
        shortcut = self.selected
        if shortcut is None:
            self._say("No action matches the search." if not self.model.rowCount() else "", "muted")
        elif not self._wish:
            hint = f" — {shortcut.spec.hint}" if shortcut.spec.hint else ""
            self._say(f"{shortcut.text}{hint}", "")
        for button in (self.change, self.add):
            button.setEnabled(shortcut is not None)
        self.clear.setEnabled(shortcut is not None and bool(shortcut.keys))
        self.reset.setEnabled(shortcut is not None and shortcut.is_changed)

    def _on_keymap(self) -> None:
        if self.change.isVisibleTo(self):
            self._on_selection()

    def _on_current(self, *_: QModelIndex) -> None:
        self._stop() if not self.change.isVisibleTo(self) else self._on_selection()

    def _show(self, *wanted: QWidget) -> None:
        for widget in self._below:
            widget.setVisible(widget in wanted)

    def _say(self, text: str, role: str) -> None:
        self.message.setText(text)
        set_role(self.message, role)

    def _select_row(self, row: int) -> None:
        self.view.setCurrentIndex(self.model.index(row))
        self.view.scrollTo(self.model.index(max(row - 1, 0)))  # with the heading before it
        self.view.scrollTo(self.model.index(row))

    def _search_field(self) -> QLineEdit:
        search = QLineEdit(self)
        search.setPlaceholderText("Search actions and keys")
        search.setAccessibleName("Search actions and keys")
        search.setClearButtonEnabled(True)
        lens = QAction(search)
        KeptIcon(lens, self._theme, "search", tone="muted")
        search.addAction(lens, QLineEdit.ActionPosition.LeadingPosition)
        search.textChanged.connect(self._on_search)
        search.installEventFilter(self)
        return search

    def _list(self) -> QListView:
        view = QListView(self)
        view.setModel(self.model)
        set_role(view, "bare")
        view.setItemDelegate(ShortcutDelegate(self._theme, view))
        view.setAccessibleName("Actions and their keys")
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.selectionModel().currentChanged.connect(self._on_current)
        view.doubleClicked.connect(lambda: self._listen(adds=False))
        view.installEventFilter(self)
        return view

    def _button(self, text: str, do: object) -> QPushButton:
        button = QPushButton(text, self)
        button.clicked.connect(do)
        return button

    def _lay_out(self) -> None:
        self._below = (
            self.change, self.add, self.clear, self.reset, self.key_field, self.swap,
            self.confirm_reset, self.cancel,
        )  # fmt: skip
        set_role(self.key_field, "key_field")
        strip = QFrame()
        set_role(strip, "well")
        below = QVBoxLayout(strip)
        space(below, self._theme, "m", spacing="s")
        below.addWidget(self.message)
        buttons = QHBoxLayout()
        space(buttons, self._theme, spacing="s")
        for widget in self._below:
            buttons.addWidget(widget)
        buttons.addStretch()
        below.addLayout(buttons)
        foot = QHBoxLayout()
        space(foot, self._theme, spacing="s")
        foot.addWidget(self.reset_all)
        foot.addStretch()
        foot.addWidget(self.leave)
        well = QFrame()
        set_role(well, "well")
        inside = QVBoxLayout(well)
        space(inside, self._theme, "xs")
        inside.addWidget(self.view)
        layout = QVBoxLayout(self)
        space(layout, self._theme, "l", spacing="m")
        for part in (self.search, well, strip):
            layout.addWidget(part, stretch=1 if part is well else 0)
        layout.addLayout(foot)

    def _on_theme(self) -> None:
        width, height = (self._theme.metrics.px(length) for length in SIZE)
        room = self.screen().availableSize()
        self.resize(min(width, room.width()), min(height, room.height()))
        self.view.doItemsLayout()


def _listed(names: Iterable[str]) -> str:
    """Join names as in ``a, b and c``."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
