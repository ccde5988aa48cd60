"""The actions of a window: its table, its keys, and how they are put to work in a widget.

>>> actions = install(page, {"next": session.next, "done": session.done}, keymap)
"""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.window.action_table import ACTIONS, BY_ID, ActionSpec, Group
from desktop_app.window.keymap import PORTABLE, Keymap
from desktop_app.window.typing_guard import TypingGuard

__all__ = ["ACTIONS", "BY_ID", "ActionSet", "ActionSpec", "Group", "Keymap", "install"]

Handler = Callable[..., object]
"""Called without arguments; that of a held action with True, then with False."""


def install(widget: QWidget, handlers: Mapping[str, Handler], keymap: Keymap) -> dict[str, QAction]:
    """Put actions to work in the window of a widget, and return them by id.

    Letter keys stay with a text field that has the focus, arrows with a list or a slider. Changes
    of the keymap take effect at once.

    Raises
    ------
    KeyError
        A handler's id is not in the table.
    """
    actions = ActionSet(widget, keymap, ids=tuple(handlers))
    actions.set_handlers(handlers)
    return actions.by_id


class ActionSet(QObject):
    """One `QAction` for each id; it is enabled while it has a handler.

    Attributes
    ----------
    by_id
        The actions, to be put into menus and buttons.
    """

    def __init__(
        self,
        widget: QWidget,
        keymap: Keymap,
        *,
        ids: tuple[str, ...] = tuple(BY_ID),
    ) -> None:
        super().__init__(widget)
        self._keymap = keymap
        self._handlers: dict[str, Handler] = {}
        self._held: Hold | None = None
        self._guard = TypingGuard(self)
        self.by_id = {action_id: self._action(widget, action_id) for action_id in ids}
        keymap.changed.connect(self._show_keys)
        self._show_keys()

    def set_handlers(self, handlers: Mapping[str, Handler]) -> None:
        """Let actions do something; the ones of earlier calls stay, the same id is replaced.

        Raises
        ------
        KeyError
            An id is not in the table.
        """
        for action_id, handler in handlers.items():
            self._handlers[action_id] = handler
            self.by_id[action_id].setEnabled(True)

    def clear_handlers(self, ids: Mapping[str, object] | tuple[str, ...]) -> None:
        """Disable actions, as when their page is closed."""
        for action_id in ids:
            self._handlers.pop(action_id, None)
            self.by_id[action_id].setEnabled(False)

    def _action(self, widget: QWidget, action_id: str) -> QAction:
        spec = BY_ID[action_id]
        action = QAction(spec.text, self)
        action.setObjectName(spec.id)
        action.setStatusTip(spec.hint)
        action.setAutoRepeat(spec.repeats)
        action.setEnabled(False)
        action.setMenuRole(QAction.MenuRole.NoRole)
        action.triggered.connect(partial(self._do, spec))
        widget.addAction(action)
        return action

    def _do(self, spec: ActionSpec, _is_checked: bool = False) -> None:
        handler = self._handlers.get(spec.id)
        if handler is None:
            return
        if not spec.is_held:
            handler()
        elif self._held is None or not self._held.is_on:
            self._held = Hold(handler, self.by_id[spec.id].shortcuts(), self)

    def _show_keys(self) -> None:
        for action_id, action in self.by_id.items():
            keys = self._keymap.keys(action_id)
            action.setShortcuts([QKeySequence.fromString(key, PORTABLE) for key in keys])
            label, tip = self._keymap.label(action_id), BY_ID[action_id].text.rstrip("…")
            action.setToolTip(f"{tip} ({label})" if label else tip)


MODIFIERS = frozenset[int]({
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr,
})  # fmt: skip


class Hold(QObject):
    """A held action from the press of its key to the release, or until the window loses it.

    It listens to the whole application, but only for as long as the key is down.
    """

    def __init__(self, handler: Handler, keys: list[QKeySequence], parent: QObject) -> None:
        super().__init__(parent)
        self._keys = {int(_first(key).key()) for key in keys if not key.isEmpty()} | MODIFIERS
        self._handler = handler
        self.is_on = True
        self._application = QApplication.instance()
        if self._application is not None:
            self._application.installEventFilter(self)
        handler(True)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """End the hold when the key goes up or another window comes to the front."""
        kind = event.type()
        if kind in (QEvent.Type.WindowDeactivate, QEvent.Type.ApplicationDeactivate):
            self._end()
        elif isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyRelease:
            self._release(event)
        return False

    def _release(self, event: QKeyEvent) -> None:
        if event.key() in self._keys and not event.isAutoRepeat():
            self._end()

    def _end(self) -> None:
        if not self.is_on:
            return
        self.is_on = False
        if self._application is not None:
            self._application.removeEventFilter(self)
        self._handler(False)
        self.deleteLater()


def _first(keys: QKeySequence) -> QKeyCombination:
    """Return the first stroke of a sequence that is not empty."""
    combination: QKeyCombination = keys[0]  # type: ignore[index]
    return combination
