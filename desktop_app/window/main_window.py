"""The frame round the pages: menus, problems, the page, the bottom line."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
)
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.window import menus
from desktop_app.window.actions import ActionSet, Handler, Keymap
from desktop_app.window.banner import Banners
from desktop_app.window.drop import DropSign, dropped
from desktop_app.window.first_run import FirstRun
from desktop_app.window.icons import app_icon
from desktop_app.window.pickers import Pickers
from desktop_app.window.recent import RecentStudy
from desktop_app.window.settings import Settings
from desktop_app.window.status import StatusLine
from desktop_app.window.theme import Theme, space

PROGRAM = "DermConcord"
SYNTHETIC = "[SYNTHETIC]"
FIRST_SIZE = QSize(1280, 820)

Count = Callable[[Path, Callable[[int], None]], object]
BeforeClosing = Callable[[Callable[[], None]], object]
"""Called when the window is to close; calls its argument once it may."""


class MainWindow(QMainWindow):
    """Shows the first page or a study's page, and says what a person asks for beyond it.

    It opens, makes and stores nothing.

    Attributes
    ----------
    banners
        The problems above the page.
    status
        The bottom line.
    before_closing
        Asked before the window closes, as by an open study; None where nothing has to be kept.
    count_photographs
        Lets the dialog for a new study say how much it found; None where nobody counts.
    """

    demo_wanted = Signal()
    open_wanted = Signal(object)
    """The path of the study to open."""
    new_wanted = Signal(object)
    """A `NewStudy` to make."""
    close_wanted = Signal()
    """The open study is to be closed, the window stays."""
    idle_limit_changed = Signal(int)
    forgotten = Signal(object)
    """The path of a study that a person took off the recent ones; it is forgotten already."""

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        keymap: Keymap,
        *,
        pickers: Pickers | None = None,
    ) -> None:
        super().__init__()
        self.theme = theme
        self.settings = settings
        self.keymap = keymap
        self.before_closing: BeforeClosing | None = None
        self.count_photographs: Count | None = None
        self._pickers = pickers or Pickers()
        self._may_close = False
        self._page: QWidget | None = None
        self._page_ids: tuple[str, ...] = ()
        self._recent_menu: QMenu | None = None
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.banners = Banners(theme)
        self.status = StatusLine(theme)
        self.setStatusBar(self.status)
        self.first_run = FirstRun(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.first_run)
        self._lay_out()
        self._sign = DropSign(theme, self)
        self.action_set = ActionSet(self, keymap)
        menus.fill(self.menuBar(), self.action_set.by_id, self._set_recent_menu)
        self._connect()
        self.show_recent([RecentStudy(path) for path in settings.recent])
        self.show_first_run()
        self._restore_geometry()

    # What the window shows

    @property
    def page(self) -> QWidget | None:
        """The page of the open study, or None while the first page is shown."""
        return self._page

    def show_page(
        self,
        page: QWidget,
        title: str,
        *,
        handlers: Mapping[str, Handler] | None = None,
        is_synthetic: bool = False,
    ) -> None:
        """Show the page of a study, in place of what was shown; the window owns it from now on.

        Parameters
        ----------
        title
            Name of the study.
        handlers
            What the page does, by ids of actions, for as long as it is shown.
        is_synthetic
            Whether no real person is in the study, which the title then says.
        """
        self._drop_page()
        self._page = page
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self.status.show()
        marks = [title, SYNTHETIC] if is_synthetic else [title]
        self.setWindowTitle(f"{' '.join(marks)} — {PROGRAM}")
        page_handlers = {"close": self.close_wanted.emit, **(handlers or {})}
        self._page_ids = tuple(page_handlers)
        self.action_set.set_handlers(page_handlers)
        page.setFocus()

    def show_first_run(self) -> None:
        """Show the three ways to begin; the page of the study that was open is gone."""
        self._drop_page()
        self._stack.setCurrentWidget(self.first_run)
        self.setWindowTitle(PROGRAM)
        self.status.clear()
        self.status.hide()

    def show_recent(self, studies: Sequence[RecentStudy]) -> None:
        """Show the studies of before, on the first page and in the menu."""
        self.first_run.show_recent(studies)
        menu = self._recent_menu
        if menu is None:
            return
        menu.clear()
        menu.setEnabled(bool(studies))
        for study in studies:
            action = QAction(study.name.replace("&", "&&"), menu)
            action.setStatusTip(str(study.path))
            action.setEnabled(not study.is_missing)
            action.triggered.connect(lambda _=False, path=study.path: self.open_wanted.emit(path))
            menu.addAction(action)

    def show_undo(self, undo: str, redo: str) -> None:
        """Say in the menu which gestures undo and redo would act on; empty for none."""
        by_id = self.action_set.by_id
        by_id["undo"].setText(f"Undo {undo}".strip())
        by_id["redo"].setText(f"Redo {redo}".strip())

    # What a person asks for

    def ask_open(self) -> None:
        """Let a person choose a study to open."""
        path = self._pickers.study(self, self._start_folder())
        if path is not None:
            self.open_wanted.emit(path)

    def ask_new(self, source: Path | None = None) -> None:
        """Let a person say what a new study is to be; from a folder or table where one is given."""
        from desktop_app.window.new_study_dialog import NewStudyDialog  # noqa: PLC0415 - rare

        dialog = NewStudyDialog(
            self.theme,
            name=self.settings.name,
            pickers=self._pickers,
            count=self.count_photographs,
            parent=self,
        )
        dialog.wanted.connect(self._on_new)
        if source is not None:
            dialog.begin_with(source)
        self._open(dialog)

    def show_preferences(self) -> None:
        """Open the preferences."""
        from desktop_app.window.preferences import Preferences  # noqa: PLC0415 - rare

        dialog = Preferences(self.theme, self.settings, self)
        dialog.idle_limit_changed.connect(self.idle_limit_changed)
        dialog.shortcuts_wanted.connect(self.show_shortcuts)
        self._open(dialog)

    def show_shortcuts(self) -> None:
        """Open the sheet of all keys."""
        from desktop_app.window.shortcuts import ShortcutSheet  # noqa: PLC0415 - rare

        self._open(ShortcutSheet(self.keymap, self.theme, self))

    def show_about(self) -> None:
        """Say which program this is."""
        from desktop_app.window.about import About  # noqa: PLC0415 - rare

        self._open(About(self.theme, self))

    # Qt's events

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close once what is open allows it; until then the window stays."""
        if self.before_closing is not None and not self._may_close:
            self.before_closing(self._allow_closing)
        if self.before_closing is not None and not self._may_close:
            event.ignore()
            return
        self.settings.geometry = self.saveGeometry()
        self.settings.sync()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what letting go would do."""
        what = dropped(event.mimeData())
        if what is not None and self.isEnabled():
            event.acceptProposedAction()
            self._sign.promise(what)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Nothing will be dropped."""
        self._sign.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the study, or begin a new one."""
        self._sign.hide()
        what = dropped(event.mimeData())
        if what is None:
            return
        event.acceptProposedAction()
        if what.is_study:
            self.open_wanted.emit(what.path)
        else:
            self.ask_new(what.path)

    # Inside

    def _connect(self) -> None:
        self.action_set.set_handlers(
            {
                "new": self.ask_new,
                "open": self.ask_open,
                "quit": self.close,
                "preferences": self.show_preferences,
                "shortcuts": self.show_shortcuts,
                "about": self.show_about,
            }
        )
        page = self.first_run
        page.demo_wanted.connect(self.demo_wanted)
        page.new_wanted.connect(self.ask_new)
        page.open_wanted.connect(self._on_open)
        page.forgotten.connect(self._on_forgotten)
        self.status.grader_clicked.connect(self.action_set.by_id["who"].trigger)

    def _lay_out(self) -> None:
        centre = QWidget()
        column = QVBoxLayout(centre)
        space(column, self.theme, spacing="none")
        column.addWidget(self.banners)
        column.addWidget(self._stack, stretch=1)
        self.setCentralWidget(centre)

    def _open(self, dialog: QWidget) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.show()

    def _on_open(self, path: Path | None) -> None:
        if path is None:
            self.ask_open()
        else:
            self.open_wanted.emit(path)

    def _on_new(self, wanted: object) -> None:
        self.settings.name = wanted.name  # type: ignore[attr-defined]
        self.new_wanted.emit(wanted)

    def _on_forgotten(self, path: Path) -> None:
        self.settings.forget_recent(path)
        self.show_recent([RecentStudy(path) for path in self.settings.recent])
        self.forgotten.emit(path)

    def _set_recent_menu(self, menu: QMenu) -> None:
        self._recent_menu = menu

    def _start_folder(self) -> Path:
        recent = self.settings.recent
        return recent[0].parent if recent else Path.home()

    def _drop_page(self) -> None:
        self.action_set.clear_handlers(self._page_ids)
        self._page_ids = ()
        if self._page is not None:
            self._stack.removeWidget(self._page)
            self._page.deleteLater()
            self._page = None
        self.show_undo("", "")

    def _allow_closing(self) -> None:
        self._may_close = True
        self.close()  # from inside `closeEvent` it does nothing, and nothing is needed

    def _restore_geometry(self) -> None:
        if self.settings.geometry.isEmpty() or not self.restoreGeometry(self.settings.geometry):
            room = self.screen().availableSize()
            self.resize(FIRST_SIZE.boundedTo(room))
