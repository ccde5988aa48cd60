"""The slim bar above the canvas: tools, which image it is, and how it is looked at."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from desktop_app.window.keymap import Keymap
from desktop_app.window.theme import KeptIcon, Theme, set_role, space

Handlers = Mapping[str, Callable[..., object]]

TOOLS = (("draw", "draw"), ("select_tool", "select"), ("redraw", "redraw"), ("hole", "hole"))
"""Actions that choose a tool, and their icons."""

LOOKS = ("brighter", "darker", "more_contrast", "less_contrast", "reset_adjustment")

NARROWEST = 272
"""Pixels at 100 % that the bar needs for its tools and the place of the image."""

NAME = 72
"""Pixels at 100 % below which the name of the image is left to the queue."""

DISPENSABLE = (("fit",), ("zoom_in", "zoom_out"), ("toggle_shapes",), ("actual_size",))
"""Actions whose buttons may go where there is no room, the dearest first."""


class ElidedLabel(QLabel):
    """One line of plain text; what does not fit is left out at its beginning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Let the text shrink to a few letters."""
        return QSize(QFontMetrics(self.font()).averageCharWidth() * 8, super().sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what fits."""
        painter = QPainter(self)
        left = Qt.TextElideMode.ElideLeft
        text = self.fontMetrics().elidedText(self.text(), left, self.width())
        self.style().drawItemText(
            painter,
            self.rect(),
            int(Qt.AlignmentFlag.AlignVCenter),
            self.palette(),
            self.isEnabled(),
            text,
            self.foregroundRole(),
        )


class ToolBar(QWidget):
    """Buttons for the actions of the canvas; each names its key and does what the key does."""

    def __init__(
        self, theme: Theme, keymap: Keymap, handlers: Handlers, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("tools")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._keymap = keymap
        self._handlers = handlers
        self._buttons: dict[str, QToolButton] = {}
        self._name, self._place = ElidedLabel(), QLabel()
        self._look = QToolButton()
        self._lay_out()
        keymap.changed.connect(self._describe)
        self._describe()

    def show_image(self, name: str, place: str) -> None:
        """Say which image is at hand, and where in the queue it stands."""
        self._name.setText(name)
        self._name.setToolTip(name)
        self._place.setText(place)

    def show_tool(self, action_id: str) -> None:
        """Show which tool is in use."""
        for tool, _icon in TOOLS:
            self._buttons[tool].setChecked(tool == action_id)

    def show_adjusted(self, *, is_adjusted: bool) -> None:
        """Say whether brightness or contrast differ from the photograph's own."""
        self._look.setChecked(is_adjusted)
        name = "Brightness and contrast"
        state = "changed for the view" if is_adjusted else "as they are"
        key = self._keymap.label("reset_adjustment")
        reset = f"; {key} resets them" if is_adjusted and key else ""
        self._look.setToolTip(f"{name}, {state}{reset}")
        self._look.setAccessibleName(f"{name}, {state}")

    def set_can_edit(self, can_edit: bool) -> None:
        """Offer the tools, or not while nothing may be outlined."""
        for tool, _icon in TOOLS:
            self._buttons[tool].setEnabled(can_edit)

    def button(self, action_id: str) -> QToolButton:
        """Return the button of an action."""
        return self._buttons[action_id]

    def minimumSizeHint(self) -> QSize:
        """Let buttons go where there is no room for all; keys and menus still reach them."""
        whole = super().minimumSizeHint()
        return QSize(min(whole.width(), self._theme.metrics.px(NARROWEST)), whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many buttons as fit beside the name of the image."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        """Show the groups of buttons, dearest first, for which there is room."""
        room = width - self._theme.metrics.px(NARROWEST)
        name = self._theme.metrics.px(NAME)
        self._name.setVisible(room >= name)
        room -= name
        side = self._buttons["draw"].sizeHint().width() + self._theme.px("xs")
        self._look.setVisible(room > side)
        for group in DISPENSABLE:
            room -= len(group) * side
            for action_id in group:
                self._buttons[action_id].setVisible(room > side)

    @property
    def tab_stops(self) -> list[QWidget]:
        """The buttons from left to right."""
        ids = ("toggle_shapes", "zoom_out", "zoom_in", "actual_size", "fit")
        first = ("draw", "select_tool", "redraw", "hole", "previous", "next")
        right = [self._buttons[id] for id in ids]
        return [*(self._buttons[id] for id in first), self._look, *right]

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        space(row, self._theme, "s xs", spacing="xs")
        for tool, icon in TOOLS:
            row.addWidget(self._button(tool, icon))
            self._buttons[tool].setCheckable(True)
        row.addStretch(1)
        row.addWidget(self._button("previous", "chevron-left"))
        row.addWidget(self._name)
        row.addSpacing(self._theme.px("xs"))
        row.addWidget(self._place)
        row.addWidget(self._button("next", "chevron-right"))
        row.addStretch(1)
        row.addWidget(self._look_button())
        row.addWidget(self._button("toggle_shapes", "shown"))
        row.addWidget(_line())
        row.addWidget(self._button("zoom_out", "zoom-out"))
        row.addWidget(self._button("zoom_in", "zoom-in"))
        row.addWidget(self._button("actual_size", "actual-size"))
        row.addWidget(self._button("fit", "fit"))
        set_role(self._place, "muted")
        self._name.setAccessibleName("Image at hand")
        self._place.setAccessibleName("Place in your queue")

    def _button(self, action_id: str, icon: str) -> QToolButton:
        button = QToolButton()
        set_role(button, "quiet")
        KeptIcon(button, self._theme, icon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _is_checked=False: self._handlers[action_id]())
        self._buttons[action_id] = button
        return button

    def _look_button(self) -> QToolButton:
        """Return the button with the menu of how the photograph is looked at."""
        look, menu = self._look, QMenu(self)
        set_role(look, "quiet")
        KeptIcon(look, self._theme, "contrast")
        look.setCheckable(True)
        self.show_adjusted(is_adjusted=False)
        look.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        look.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        look.setMenu(menu)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        return look

    def _fill(self, menu: QMenu) -> None:
        """List what can be done, with the keys in force; the keys themselves are the window's."""
        menu.clear()
        for action_id in LOOKS:
            label = self._keymap.label(action_id)
            text = self._keymap.spec(action_id).text
            action = menu.addAction(f"{text}\t{label}" if label else text)
            action.triggered.connect(lambda _=False, id=action_id: self._handlers[id]())

    def _describe(self) -> None:
        for action_id, button in self._buttons.items():
            label, text = self._keymap.label(action_id), self._keymap.spec(action_id).text
            button.setToolTip(f"{text} ({label})" if label else text)
            button.setAccessibleName(text)


def _line() -> QFrame:
    line = QFrame()
    line.setFixedWidth(1)
    line.setObjectName("upright")
    return line
