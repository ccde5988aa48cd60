"""Bugs: a report is written, the work is kept, and nobody is shown a traceback."""

import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from desktop_app.window.crash_report import place_of, report_of
from desktop_app.window.fitting import fit
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

WIDTH = 540
AT_MOST = 20
"""Reports of one run of the program; a bug that comes at every frame writes one."""

KEPT = (
    "Your work is kept: what the bottom line calls saved is in the study, and the rest is still in"
    " this window."
)


def log_folder() -> Path:
    """Return this person's folder for reports."""
    from platformdirs import user_log_path  # noqa: PLC0415 - only after a bug

    return user_log_path("dermconcord", appauthor=False)


class CrashReporter(QObject):
    """Hears of every error that nobody handled, on any thread.

    The same bug is reported once; a person is told of one at a time.

    Parameters
    ----------
    folder
        Where reports go; made when the first one is written.
    tell
        Shows a person that something went wrong; given the file of the report, or None where it
        could not be written. Called on the thread of the window.
    """

    _happened = Signal(object)

    def __init__(
        self,
        folder: Path,
        tell: Callable[[Path | None], object],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._tell = tell
        self._now = now
        self._seen: set[str] = set()
        self._lock = threading.Lock()
        self._hooks = (sys.excepthook, threading.excepthook)
        self._happened.connect(self._tell_person, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Hear of errors from now on."""
        self._hooks = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread_error

    def uninstall(self) -> None:
        """Leave errors to whoever heard of them before."""
        sys.excepthook, threading.excepthook = self._hooks

    def report(self, error: BaseException, *, thread: str = "MainThread") -> Path | None:
        """Write a report and tell the person; a bug that was reported before is passed over.

        Returns
        -------
        Path or None
            The report's file; None where it was passed over, or nothing could be written.
        """
        with self._lock:
            place = place_of(error)
            if place in self._seen or len(self._seen) >= AT_MOST:
                return None
            self._seen.add(place)
            number = len(self._seen)
        written = self._write(error, thread, number)
        self._happened.emit(written)
        return written

    def _write(self, error: BaseException, thread: str, number: int) -> Path | None:
        from desktop_app.window.about import versions  # noqa: PLC0415 - only after a bug

        time = self._now()
        name = f"crash-{time:%Y%m%d-%H%M%S}-{number}"
        text = report_of(error, number=name, time=time, thread=thread, versions=versions())
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = self._folder / f"{name}.txt"
            file.write_text(text, encoding="utf-8")
        except OSError:
            return None
        return file

    def _on_error(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, trace)
            return
        self.report(error)

    def _on_thread_error(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            name = args.thread.name if args.thread else "unknown"
            self.report(args.exc_value, thread=name)

    def _tell_person(self, file: Path | None) -> None:
        self._tell(file)


class CrashNotice:
    """Shows one dialog at a time for what a `CrashReporter` heard."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.dialog: CrashDialog | None = None

    def __call__(self, file: Path | None) -> None:
        """Tell a person, unless they are being told already."""
        if self.dialog is not None:
            return
        self.dialog = CrashDialog(self._theme, file, QApplication.activeWindow())
        self.dialog.finished.connect(self._on_closed)
        self.dialog.open()

    def _on_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None


class CrashDialog(QDialog):
    """Says that something went wrong, that the work is kept, and what can be done."""

    def __init__(self, theme: Theme, file: Path | None, parent: object = None) -> None:
        super().__init__(parent)  # type: ignore[arg-type]
        self.setWindowTitle("Something went wrong")
        icon = QLabel()
        KeptIcon(icon, theme, "warning", tone="warning", size="large_icon")
        title = QLabel("Something went wrong in DermConcord")
        set_role(title, "heading")
        self.told = WrappedLabel(f"{KEPT} You can go on working. {_where(file)}")
        words = QVBoxLayout()
        space(words, theme, spacing="s")
        words.addWidget(title)
        words.addWidget(self.told)
        head = QHBoxLayout()
        space(head, theme, spacing="l")
        head.addWidget(icon, alignment=Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, stretch=1)
        layout = QVBoxLayout(self)
        space(layout, theme, "xl", spacing="xl")
        layout.addLayout(head)
        layout.addLayout(self._buttons(theme, file))
        fit(self, layout, width=theme.metrics.px(WIDTH))

    def _buttons(self, theme: Theme, file: Path | None) -> QHBoxLayout:
        row = QHBoxLayout()
        space(row, theme, spacing="s")
        row.addStretch()
        if file is not None:
            show = QPushButton("Show report")
            show.setAutoDefault(False)
            show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(file))))
            row.addWidget(show)
        go_on = QPushButton("Go on")
        set_role(go_on, "primary")
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        row.addWidget(go_on)
        return row


def _where(file: Path | None) -> str:
    if file is None:
        return "No report could be written."
    return (
        f"A report for the developers is in {file}. It says where in the program it happened and"
        " holds nothing of your study; please send it to them."
    )
