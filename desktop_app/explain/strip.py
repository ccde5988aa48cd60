"""The run under way, in a strip: each part of it, how far, how long still, pause and cancel."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from desktop_app.explain.parts import button
from desktop_app.session.explaining.running import Running
from desktop_app.session.explaining.time import ROOMS, RoomProgress, in_words
from desktop_app.tables.flow import FlowLayout
from desktop_app.window.theme import Theme, space
from desktop_app.window.wrapped_label import WrappedLabel

PARTS = ("agreement", "saliency", "findings")
"""Of a run, in order."""


class RunningStrip(QWidget):
    """Hidden while nothing runs."""

    pause_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, running: Running, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._running = running
        self._theme = theme
        self.parts = {room: QLabel(ROOMS[room]) for room in PARTS}
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How far the run is")
        self.told = WrappedLabel(role="strong")
        self.pause = button("Pause", self.pause_wanted.emit)
        self.cancel = button("Cancel", self.cancel_wanted.emit, name="Cancel the run")
        self._lay_out(theme)
        for signal in (
            running.began,
            running.progressed,
            running.paused,
            running.finished,
            running.stopped,
            running.failed,
        ):
            signal.connect(self.show_progress)
        self.show_progress()

    def _lay_out(self, theme: Theme) -> None:
        """Set parts, bar and words beside each other; in a narrow window they go on below."""
        parts = QWidget()
        parts.setObjectName("inside")
        flow = FlowLayout(parts)
        space(flow, theme, spacing="m")
        for label in self.parts.values():
            flow.addWidget(label)
        column = QVBoxLayout()
        space(column, theme, spacing="xs")
        column.addWidget(self.told)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        space(row, theme, "m s", spacing="m")
        row.addWidget(parts, 3)
        row.addLayout(column, 2)
        row.addWidget(self.pause)
        row.addWidget(self.cancel)

    @property
    def words(self) -> str:
        """What it says of the run."""
        return self.told.text()

    def show_progress(self, *_: object) -> None:
        """Show how far the run is."""
        running = self._running
        self.setVisible(running.is_running)
        present = running.course.present
        rooms = {one.room: one for one in running.course.rooms}
        for room, label in self.parts.items():
            label.setText(_part_text(room, rooms.get(room), is_present=present is rooms.get(room)))
        if present is None or present.total <= 1:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, max(present.total, 1))
            self.bar.setValue(present.done)
        self.told.setText(self._words(present))
        self.pause.setText("Resume" if running.is_paused else "Pause")
        self.pause.setAccessibleName("Resume the run" if running.is_paused else "Pause the run")
        self.pause.setEnabled(not running.is_stopping)
        self.cancel.setEnabled(not running.is_stopping)

    def _words(self, present: RoomProgress | None) -> str:
        running = self._running
        if running.is_stopping:
            return "Stopping…"
        if present is None:
            return "Opening the model…"
        if present.room == "findings":
            return "Asking the questions…"
        count = f"{present.done:,} of {present.total:,}".replace(",", "\u202f")
        if running.is_paused:
            return f"Paused at {count}"
        left = present.seconds_left
        return f"{count} · {in_words(left)} left" if left else count


def _part_text(room: str, progress: RoomProgress | None, *, is_present: bool) -> str:
    title = ROOMS[room]
    if progress is None:
        return f"○ {title}"
    if progress.done >= progress.total:
        return f"✓ {title}"
    return f"● {title}" if is_present else title
