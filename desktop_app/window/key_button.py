"""A button that shows the key that does the same."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from desktop_app.window.keymap import Keymap
from desktop_app.window.theme import Theme, set_role, space


class KeyCap(QLabel):
    """The key of an action, as it is now; hidden where it has none.

    Parameters
    ----------
    action_id
        The action in the window's table.
    """

    def __init__(self, keymap: Keymap, action_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keymap = keymap
        self._action_id = action_id
        set_role(self, "key")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        keymap.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the key in force."""
        label = self._keymap.label(self._action_id)
        self.setText(label.replace("Return", "↵"))
        self.setVisible(bool(label))


class KeyButton(QPushButton):
    """A button with its words in the middle and its key on the right.

    It takes the focus by Tab alone, so that a click on it leaves the keys with the canvas, and as
    much room as its row gives it.
    """

    def __init__(
        self,
        text: str,
        theme: Theme,
        keymap: Keymap,
        action_id: str = "",
        *,
        shows_key: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._keymap = keymap
        self._action_id = action_id
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.cap = KeyCap(keymap, action_id, self) if shows_key and action_id else None
        if self.cap is not None:
            row = QHBoxLayout(self)
            space(row, theme, "none none s none")
            row.addStretch()
            row.addWidget(self.cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setProperty("keyed", self.cap is not None)
        self.setAccessibleName(text)
        if action_id:
            keymap.changed.connect(self._describe)
            self._describe()

    def _describe(self) -> None:
        label = self._keymap.label(self._action_id)
        name = self._keymap.spec(self._action_id).text
        self.setToolTip(f"{name} ({label})" if label else name)
        self.setAccessibleDescription(f"Key {label}" if label else "")
