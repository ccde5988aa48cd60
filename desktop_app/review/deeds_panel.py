"""What a lead can do about the image at hand: each button shows the key that does the same."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.window.key_button import KeyButton
from desktop_app.window.keymap import Keymap
from desktop_app.window.theme import Theme, set_role, space

COLUMNS = 6
"""Columns of the grid, so that rows of two and of three line up."""

Place = tuple[str, str, int, int, int]
"""An action with its words, row, column and width."""

ADOPTING: tuple[Place, ...] = tuple(
    (f"adopt_{k + 1}", f"Adopt {letter}", 0, 2 * k, 2) for k, letter in enumerate("ABC")
)
"""Graders who have a button of their own; the others have a key only."""

VIEWING: tuple[Place, ...] = (
    ("adopt_majority", "Majority", 1, 0, 3),
    ("edit_copy", "Edit a copy", 1, 3, 3),
    ("send_back", "Send back…", 2, 0, 3),
    ("withdraw", "Withdraw", 2, 3, 3),
    ("privacy_box", "Privacy box", 3, 0, 3),
    ("reveal", "Show names", 3, 3, 3),
    ("ask_extra", "Ask an extra grader…", 4, 0, 6),
)

EDITING: tuple[Place, ...] = (
    ("done", "Keep this region", 0, 0, 6),
    ("cancel", "Give it up", 1, 0, 6),
)


class DeedsPanel(QWidget):
    """Buttons for the image at hand, others while a copy is edited."""

    asked = Signal(str)
    """The id of an action."""

    def __init__(self, theme: Theme, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons: dict[str, KeyButton] = {}
        self.title = QLabel("Decide")
        set_role(self.title, "strong")
        self._viewing = self._group((*ADOPTING, *VIEWING), theme, keymap)
        self._editing = self._group(EDITING, theme, keymap)
        body = QVBoxLayout(self)
        space(body, theme, "m", spacing="xs")
        for part in (self.title, self._viewing, self._editing):
            body.addWidget(part)
        self.show_editing(is_editing=False)

    @property
    def tab_stops(self) -> list[QWidget]:
        """The buttons in reading order."""
        return list(self.buttons.values())

    def show_editing(self, *, is_editing: bool) -> None:
        """Show what can be done while a copy is edited, or else."""
        self.title.setText("Edit a copy" if is_editing else "Decide")
        self._viewing.setVisible(not is_editing)
        self._editing.setVisible(is_editing)

    def forbid(self, ids: Collection[str]) -> None:
        """Grey out what there is nothing to do about now."""
        for action_id, button in self.buttons.items():
            button.setEnabled(action_id not in ids)

    def _group(self, places: Sequence[Place], theme: Theme, keymap: Keymap) -> QWidget:
        group = QWidget()
        group.setObjectName("inside")
        grid = QGridLayout(group)
        space(grid, theme, spacing="xs")
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        for action_id, text, row, column, width in places:
            grid.addWidget(self._button(action_id, text, theme, keymap), row, column, 1, width)
        return group

    def _button(self, action_id: str, text: str, theme: Theme, keymap: Keymap) -> KeyButton:
        button = KeyButton(text, theme, keymap, action_id)
        set_role(button, "answer")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False: self.asked.emit(action_id))
        self.buttons[action_id] = button
        return button
