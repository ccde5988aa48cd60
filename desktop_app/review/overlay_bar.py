"""The slim bar above the canvas: what lies over the photograph, and which image it is."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from desktop_app.canvas.vote_pictures import heat_colours
from desktop_app.window.keymap import Keymap
from desktop_app.window.theme import KeptIcon, Theme, set_role, space

OVERLAYS = (
    ("show_majority", "Counts", "The region that counts: a decision, else the consensus"),
    ("show_votes", "Votes", "How many graders marked each place"),
    ("show_only", "Only one", "What a single grader marked, in that grader’s colour"),
)
"""Actions that show or hide an overlay, with their words."""

VIEWS = (("toggle_shapes", "shown"), ("zoom_out", "zoom-out"), ("zoom_in", "zoom-in"),
         ("actual_size", "actual-size"), ("fit", "fit"))  # fmt: skip
DEAREST = ("fit", "toggle_shapes", "zoom_in", "zoom_out", "actual_size")
"""The buttons of the view, those that go last first."""

KEY_WIDTH = 14
"""Pixels at 100 % of one colour of the key."""


class VoteKey(QWidget):
    """The key of the vote heat map: a colour for each number of votes, 0 to all."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._graders = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_graders(self, graders: int) -> None:
        """Show the colours for so many graders."""
        self._graders = graders
        words = f"Key of the votes: clear for 0, from dark for 1 to yellow for {graders}"
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room that all colours take."""
        px = self._theme.metrics.px
        metrics = QFontMetrics(self.font())
        ends = metrics.horizontalAdvance("0") + metrics.horizontalAdvance(str(self._graders))
        return QSize(self._graders * px(KEY_WIDTH) + ends + px(12), metrics.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the colours in a row between the two numbers."""
        painter = QPainter(self)
        px, metrics = self._theme.metrics.px, QFontMetrics(self.font())
        first = metrics.horizontalAdvance("0") + px(4)
        box = self.rect()
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, "0")
        height = px(12)
        for number, colour in enumerate(heat_colours(self._graders)):
            left = first + number * px(KEY_WIDTH)
            top = (box.height() - height) // 2
            painter.fillRect(left, top, px(KEY_WIDTH), height, QColor(colour))
        end = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box, end, str(self._graders))


class OverlayBar(QWidget):
    """Buttons that do what their keys do; the switches stay as they were from image to image."""

    asked = Signal(str)
    """The id of an action."""

    def __init__(self, theme: Theme, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overlays")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme, self._keymap = theme, keymap
        self.switches: dict[str, QToolButton] = {}
        self._views: dict[str, QToolButton] = {}
        self.name = QLabel()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.name.setAccessibleName("Image at hand")
        self.key = VoteKey(theme)
        row = QHBoxLayout(self)
        space(row, theme, "s xs", spacing="xs")
        for action_id, text, _ in OVERLAYS:
            row.addWidget(self._switch(action_id, text))
        row.addWidget(self.key)
        row.addSpacing(theme.px("s"))
        row.addWidget(self.name, 1)
        for action_id, icon in VIEWS:
            row.addWidget(self._view(action_id, icon))
        keymap.changed.connect(self._describe)
        self._describe()

    def minimumSizeHint(self) -> QSize:
        """Return the room of the switches; the other buttons have their keys."""
        switches = sum(b.sizeHint().width() + self._theme.px("xs") for b in self.switches.values())
        return QSize(switches + 2 * self._theme.px("s"), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out buttons of the view where there is no room, the dearest last."""
        super().resizeEvent(event)
        key = self.key.sizeHint().width() if not self.key.isHidden() else 0
        room = self.width() - self.minimumSizeHint().width() - key
        for action_id in DEAREST:
            button = self._views[action_id]
            room -= button.sizeHint().width() + self._theme.px("xs")
            button.setVisible(room >= 0)

    def show_image(self, name: str) -> None:
        """Say which image is at hand."""
        self.name.setText(name)
        self.name.setToolTip(name)

    def show_switches(self, on: frozenset[str]) -> None:
        """Show which overlays are on."""
        for action_id, button in self.switches.items():
            button.setChecked(action_id in on)
        self.key.setVisible("show_votes" in on and self.key.sizeHint().width() > 0)

    def _switch(self, action_id: str, text: str) -> QToolButton:
        button = QToolButton()
        set_role(button, "toggle")
        button.setText(text)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False: self.asked.emit(action_id))
        self.switches[action_id] = button
        return button

    def _view(self, action_id: str, icon: str) -> QToolButton:
        button = QToolButton()
        set_role(button, "quiet")
        KeptIcon(button, self._theme, icon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False: self.asked.emit(action_id))
        self._views[action_id] = button
        return button

    def _describe(self) -> None:
        meanings = {action_id: meaning for action_id, _, meaning in OVERLAYS}
        for action_id, button in (self.switches | self._views).items():
            label, text = self._keymap.label(action_id), self._keymap.spec(action_id).text
            tip = f"{text} ({label})" if label else text
            meaning = meanings.get(action_id, "")
            button.setToolTip(f"{tip}\n{meaning}" if meaning else tip)
            button.setAccessibleName(text)
            button.setAccessibleDescription(meaning)
