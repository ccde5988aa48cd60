"""How far a long job is, shown once it has taken a while, with a way to stop it."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop_app.window.theme import Theme, space
from engine.tasks.progress import Step

PATIENCE = 600
"""Milliseconds that a job may take unseen."""

WIDTH = 460


class JobProgress(QDialog):
    """The progress of one job; the window waits behind it.

    It stays until the job has ended, also where the person asked for a stop.
    """

    stop_wanted = Signal()

    def __init__(
        self, title: str, theme: Theme, parent: QWidget | None = None, *, patience: int = PATIENCE
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._is_stopping = False
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.text = QLabel(f"{title}…")
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(title)
        self.stop = QPushButton("Stop")
        self.stop.setAutoDefault(False)
        self.stop.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        space(layout, theme, "l", spacing="m")
        layout.addWidget(self.text)
        layout.addWidget(self.bar)
        layout.addWidget(self.stop, alignment=Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(theme.metrics.px(WIDTH))
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.show)
        self._patience.start(patience)

    def show_step(self, step: Step) -> None:
        """Say how far the job is."""
        self.bar.setRange(0, max(step.total, 1))
        self.bar.setValue(step.done)
        if not self._is_stopping:
            self.text.setText(f"{self._title}: {step.room}, {step.done:,} of {step.total:,}")

    def end(self) -> None:
        """Go away, the job being over."""
        self._patience.stop()
        self.hide()
        self.deleteLater()

    def reject(self) -> None:
        """Ask for a stop, as by the button, Esc or the window's cross."""
        if self._is_stopping:
            return
        self._is_stopping = True
        self.text.setText("Stopping…")
        self.stop.setEnabled(False)
        self.stop_wanted.emit()
