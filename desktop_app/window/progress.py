"""How far a long job is, shown once it has taken a while, with a way to stop it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressDialog, QWidget

from engine.tasks.progress import Step

PATIENCE = 600
"""Milliseconds that a job may take unseen."""


class JobProgress(QProgressDialog):
    """The progress of one job; the window waits behind it."""

    stop_wanted = Signal()

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(f"{title}…", "Stop", 0, 0, parent)
        self._title = title
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAutoClose(False)
        self.setAutoReset(False)
        self.setMinimumDuration(PATIENCE)
        self.setMinimumWidth(420)
        self.canceled.connect(self._on_stop)

    def show_step(self, step: Step) -> None:
        """Say how far the job is."""
        self.setMaximum(max(step.total, 1))
        self.setValue(step.done)
        self.setLabelText(f"{self._title}: {step.room}, {step.done:,} of {step.total:,}")

    def end(self) -> None:
        """Go away, the job being over."""
        self.canceled.disconnect(self._on_stop)
        self.close()
        self.deleteLater()

    def _on_stop(self) -> None:
        self.setLabelText("Stopping…")
        self.stop_wanted.emit()


def show_progress(parent: QWidget, title: str) -> JobProgress:
    """Return the progress of a job that begins now."""
    progress = JobProgress(parent, title)
    progress.setValue(0)  # starts its patience
    return progress
