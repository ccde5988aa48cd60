"""The frame round the pages: menus, problems, the page, the bottom line."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
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
from desktop_app.window.action_table import Place
from desktop_app.window.actions import ActionSet, Handler, Keymap
from desktop_app.window.banner import Banners
from desktop_app.window.drop import DropSign, dropped
from desktop_app.window.first_run import FirstRun
from desktop_app.window.icons import app_icon
from desktop_app.window.pages import Make, Pages
from desktop_app.window.pickers import Pickers
from desktop_app.window.recent import RecentStudy
from desktop_app.window.settings import Settings
from desktop_app.window.status import StatusLine
from desktop_app.window.study_page import StudyPage
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
        self._page_ids: tuple[str, ...] = ()
        self._study_handlers: Mapping[str, Handler] = {}
        self._recent_menu: QMenu | None = None
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.banners = Banners(theme)
        self.status = StatusLine(theme)
        self.setStatusBar(self.status)
        self.first_run = FirstRun(theme)
        self.pages = Pages(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.first_run)
        self._stack.addWidget(self.pages)
        self._lay_out()
        self._sign = DropSign(theme, self)
        self.action_set = ActionSet(self, keymap)
        self._menus = menus.fill(self.menuBar(), self.action_set.by_id, self._set_recent_menu)
        self._connect()
        self.show_recent([RecentStudy(path) for path in settings.recent])
        self.show_first_run()
        self._restore_geometry()

    # What the window shows

    @property
    def page(self) -> QWidget | None:
        """The page that is shown of the open study, or None while the first page is shown."""
        return self.pages.current

    def show_page(
        self,
        page: QWidget,
        title: str,
        *,
        handlers: Mapping[str, Handler] | None = None,
        is_synthetic: bool = False,
        place: Place = Place.GRADE,
    ) -> None:
        """Show the page of a study, in place of what was shown; the window owns it from now on.

        Parameters
        ----------
        title
            Name of the study.
        handlers
            What can be done with the study on all of its pages, by ids of actions; a `StudyPage`
            has handlers of its own beside them.
        is_synthetic
            Whether no real person is in the study, which the title then says.
        """
        self._drop_page()
        self.pages.start(page, place)
        self._stack.setCurrentWidget(self.pages)
        self.status.show()
        marks = [title, SYNTHETIC] if is_synthetic else [title]
        self.setWindowTitle(f"{' '.join(marks)} — {PROGRAM}")
        self._study_handlers = {"close": self.close_wanted.emit, **(handlers or {})}
        self._on_made(page)
        self._on_went()

    def offer_pages(self, makers: Mapping[Place, Make]) -> None:
        """Let a person go to further pages of the study; what is not named can no longer be."""
        self.pages.offer(makers)
        self._set_handlers()

    def show_first_run(self) -> None:
        """Show the three ways to begin; the pages of the study that was open are gone."""
        self._drop_page()
        self._stack.setCurrentWidget(self.first_run)
        self.setWindowTitle(PROGRAM)
        self.status.clear()
        self.status.hide()
        self._show_menus()

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
        self.pages.made.connect(self._on_made)
        self.pages.went.connect(self._on_went)
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
        self.pages.clear()
        self._study_handlers = {}
        self._clear_handlers()
        self.show_undo("", "")

    def _on_made(self, page: QWidget) -> None:
        """Follow a page for as long as it is shown."""
        if isinstance(page, StudyPage):
            page.handlers_changed.connect(lambda: self._when_shown(page, self._set_handlers))
            page.undo_changed.connect(
                lambda *gestures: self._when_shown(page, self.show_undo, *gestures)
            )
            page.hint_changed.connect(
                lambda hint: self._when_shown(page, self.status.hint.show_text, hint)
            )

    def _when_shown(self, page: QWidget, do: Callable[..., object], *arguments: object) -> None:
        if page is self.page:
            do(*arguments)

    def _on_went(self) -> None:
        self.status.hint.show_text("")
        self.status.show_zoom(None)
        self._set_handlers()
        self._show_menus()
        if self.page is not None:
            self.page.setFocus()

    def _set_handlers(self) -> None:
        """Let actions do what they do on the page that is shown."""
        page = self.page
        self._clear_handlers()
        going: dict[str, Handler] = {
            f"page_{place.value}": partial(self.pages.go, place)
            for place in Place
            if self.pages.can_go(place)
        }
        of_page = page.handlers if isinstance(page, StudyPage) else {}
        handlers = {**going, **self._study_handlers, **of_page}
        self._page_ids = tuple(handlers)
        self.action_set.set_handlers(handlers)

    def _clear_handlers(self) -> None:
        self.action_set.clear_handlers(self._page_ids)
        self._page_ids = ()

    def _show_menus(self) -> None:
        """Show the menus of the page at hand; before a study is open, those of grading."""
        for menu, places in self._menus:
            menu.menuAction().setVisible(self.pages.place in places)

    def _allow_closing(self) -> None:
        self._may_close = True
        self.close()  # from inside `closeEvent` it does nothing, and nothing is needed

    def _restore_geometry(self) -> None:
        if self.settings.geometry.isEmpty() or not self.restoreGeometry(self.settings.geometry):
            room = self.screen().availableSize()
            self.resize(FIRST_SIZE.boundedTo(room))
