"""The window's entry: the only place that picks the store, the executors and a person's files."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop_app.desk.desk import Desk
from desktop_app.studies import Store
from desktop_app.window.crash import CrashNotice, CrashReporter, log_folder
from desktop_app.window.keymap import Keymap
from desktop_app.window.kinds_of_files import name_study_files
from desktop_app.window.main_window import MainWindow
from desktop_app.window.settings import Settings, open_store
from desktop_app.window.theme import Theme
from desktop_app.worker.bridge import Bridge
from engine.tasks.executors import Lane, LocalLanes

if TYPE_CHECKING:
    from engine.study.packet_contents import PacketContents
    from engine.study.sqlite_study import SqliteStudy

QUIT_WHEN_SHOWN = "DERMCONCORD_QUIT_WHEN_SHOWN"
"""Environment variable by which a benchmark has the window close after its first frame."""

SWITCH = 0.001
"""Seconds after which a thread that computes lets the window's thread go on."""

BREATH = 500
"""Milliseconds after which the window is up, and may load what the first study will need."""


def run(path: Path | None, *, shows_demo: bool = False) -> int:
    """Show the window, with a study where one is named or the demo study, until it is closed."""
    name_study_files(os.environ)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("DermConcord")
    application.setDesktopFileName("dermconcord")
    settings = Settings(open_store())
    theme = Theme(application, settings)
    window = MainWindow(theme, settings, Keymap(settings.store))
    crashes = CrashReporter(log_folder(), CrashNotice(theme))
    crashes.install()
    sys.setswitchinterval(SWITCH)
    with LocalLanes(gives_way=True) as lanes:
        bridge = Bridge(lanes)
        desk = Desk(window, bridge, lanes, sqlite_store(), report=crashes.report)
        desk.start(path)
        if shows_demo:
            QTimer.singleShot(0, desk.open_demo)
        window.show()
        QTimer.singleShot(BREATH, lambda: bridge.run(Lane.STUDY, load_database))
        if os.environ.get(QUIT_WHEN_SHOWN):
            window.installEventFilter(QuitWhenShown(window))
        status = application.exec()
    crashes.uninstall()
    return status


class QuitWhenShown(QObject):
    """Says that the first frame is painted, and ends the program."""

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        """Quit after the first paint."""
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._quit)
        return False

    def _quit(self) -> None:
        print("shown", *(name for name in HEAVY if name in sys.modules), flush=True)
        QApplication.quit()


HEAVY = ("torch", "captum", "scipy", "pandas", "sqlalchemy", "matplotlib", "pyqtgraph", "shapely")
"""Libraries that no first frame waits for."""


def sqlite_store() -> Store:
    """Return the store of this program, which loads its database when it is first asked."""
    from platformdirs import user_data_path  # noqa: PLC0415 - not before it is asked for

    trusted = user_data_path("dermconcord") / "trusted.json"
    return Store(_create, _open, _open_packet, _write_packet, trusted)


def load_database() -> None:
    """Load the database, so that the first study does not wait for it."""
    import engine.study.sqlite  # noqa: F401, PLC0415 - not before the first frame


def _create(file: Path, author: str) -> "SqliteStudy":
    from engine.study.sqlite import create_study  # noqa: PLC0415 - loads the database

    return create_study(file, author=author)


def _open(file: Path) -> "SqliteStudy":
    from engine.study.sqlite import open_study  # noqa: PLC0415 - loads the database

    return open_study(file)


def _open_packet(file: Path) -> "SqliteStudy":
    from engine.study.packet_file import open_packet  # noqa: PLC0415 - loads the database

    return open_packet(file)


def _write_packet(file: Path, contents: "PacketContents") -> Path:
    from engine.study.packet_file import write_packet  # noqa: PLC0415 - loads the database

    return write_packet(file, contents)
