"""The Grade page: a session, what a grader sees of it, and what they do to it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QWidget

from desktop_app.canvas.canvas import Canvas
from desktop_app.canvas.style import DARK, LIGHT
from desktop_app.canvas.tools import Tool
from desktop_app.grade.canvas_link import CanvasLink
from desktop_app.grade.commands import TOOL_ACTIONS, commands
from desktop_app.grade.empty import LOADING, all_done, no_task, without_picture
from desktop_app.grade.instructions import InstructionsDialog, Shown
from desktop_app.grade.look import page_sheet
from desktop_app.grade.queue_panel import QueuePanel
from desktop_app.grade.side import Side
from desktop_app.grade.tools import ToolBar
from desktop_app.grade.workbench import Workbench
from desktop_app.session.grading import GradingSession
from desktop_app.window.keymap import Keymap
from desktop_app.window.settings import Settings
from desktop_app.window.state_page import State, StatePage
from desktop_app.window.study_page import StudyPage
from desktop_app.window.theme import KeptSheet, Theme, space
from engine.domain.grading import Grading
from engine.domain.problem import Problem
from engine.domain.queue import QueueItem, QueueState, Sheet
from engine.graders.flags import Question

if TYPE_CHECKING:
    from engine.images.pyramid import Pyramid

QUEUE_WIDTH = 256
"""Pixels at 100 % that the queue begins with."""

PATIENCE = 200
"""Milliseconds that reading an image's answers may take before their controls grey out."""

PREPARING = "Opening the photograph…"


class GradePage(StudyPage):
    """Queue, canvas and answers of one grader; nothing of other graders is shown or read.

    Parameters
    ----------
    study_id
        Identity of the study, for what is remembered of it on this machine.
    canvas
        The canvas to show photographs on.
    """

    who_asked = Signal()
    """The grader wants to say who they are."""

    def __init__(
        self,
        session: GradingSession,
        keymap: Keymap,
        theme: Theme,
        settings: Settings,
        *,
        study_id: str,
        canvas: Canvas,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.canvas = canvas
        self._theme = theme
        self._keymap = keymap
        self._settings = settings
        self._study_id = study_id
        self._instructions: InstructionsDialog | None = None
        self._has_picture = False
        self._is_stale = False
        self._touched: set[str] = set()
        self._undo = ("", "")
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE)
        self._patience.timeout.connect(self._allow_editing)
        self.queue = QueuePanel(theme)
        self.side = Side(theme, keymap, session.settings)
        self.handlers = commands(self)
        self.workbench = Workbench(theme, ToolBar(theme, keymap, self.handlers), canvas)
        self.state = StatePage(theme)
        self._link = CanvasLink(session, canvas, self)
        self._lay_out()
        self._connect_session()
        self._connect_parts()
        self._order_tabs()
        KeptSheet(self, theme, page_sheet)
        theme.changed.connect(self._style_canvas)
        self._style_canvas()
        self.setFocusProxy(canvas)
        canvas.setAccessibleName("Photograph")
        self._on_tool(canvas.tool)

    def sizeHint(self) -> QSize:
        """Return a size at which the photograph has most of the room."""
        return QSize(self._theme.metrics.px(1280), self._theme.metrics.px(800))

    def showEvent(self, event: QShowEvent) -> None:
        """Show new instructions once the page itself is seen."""
        super().showEvent(event)
        self._show_new_instructions()

    def enter(self) -> None:
        """Read again what another page changed, and show what undo would act on."""
        if self._is_stale:
            self._is_stale = False
            self.session.reload()
        self.undo_changed.emit(*self._undo)

    def leave(self) -> None:
        """Store what is being typed, and say which images were worked on once all is stored."""
        self.flush()
        touched, self._touched = self._touched, set()
        if touched:
            told = partial(self.gradings_changed.emit, frozenset(touched))
            self.session.when_settled(told)

    def note_options(self) -> None:
        """Read the instructions and settings anew when the page is gone back to."""
        self._is_stale = True

    def note_gradings(self, images: object) -> None:
        """Read the queue anew when the page is gone back to."""
        self._is_stale = True

    def when_settled(self, then: Callable[[], object]) -> None:
        """Call back once all is stored, or the store refuses what is left."""
        self.session.when_settled(then)

    def flush(self) -> None:
        """Save a note that is still being written, as before going on or closing."""
        self.side.remarks.note.save()

    # What a grader asks for

    def go(self, position: int) -> None:
        """Open a place of the queue."""
        self.flush()
        self._show_work()
        self.session.go(position)

    def go_next(self) -> None:
        """Open the next image that the queue shows."""
        after = self.queue.model.shown_after(self.session.at)
        if after is not None:
            self.go(after)

    def go_previous(self) -> None:
        """Open the image before, of those that the queue shows."""
        before = self.queue.model.shown_before(self.session.at)
        if before is not None:
            self.go(before)

    def go_next_unfinished(self) -> None:
        """Open the next image that is not done, wherever it is."""
        self._show_work()
        self.session.next_unfinished()

    def go_previous_unfinished(self) -> None:
        """Open the last image before this one that is not done, wherever it is."""
        self._show_work()
        self.session.previous_unfinished()

    def done(self) -> None:
        """Finish the image and go on, or say why not."""
        self.flush()
        refused = self.session.done()
        if refused:
            self.side.done.refuse(refused)

    def answer_not_visible(self) -> None:
        """Say that nothing is visible, after a question where regions would go with it."""
        self._ask(self.session.answer_not_visible())

    def answer_count(self, count: int) -> None:
        """Say how many regions there are, after a question where some would go with it."""
        self._ask(self.session.answer_count(count))

    def toggle_queue(self) -> None:
        """Give the queue's room to the photograph, or bring the queue back; it stays so."""
        if self.queue.has_focus:
            self.canvas.setFocus()
        self._settings.shows_queue = not self._settings.shows_queue
        self._show_queue()

    def toggle_instructions(self) -> None:
        """Show the study's instructions beside the page, or put them away."""
        if self._instructions is not None and self._instructions.isVisible():
            self._instructions.close()
        else:
            self._show_instructions()

    # Building

    def _lay_out(self) -> None:
        work = QWidget()
        row = QHBoxLayout(work)
        space(row, self._theme, spacing="none")
        row.addWidget(self.workbench, 1)
        row.addWidget(self.side)
        self._middle = QStackedWidget()
        self._middle.addWidget(work)
        self._middle.addWidget(self.state)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(self.queue)
        self._split.addWidget(self._middle)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([self._theme.metrics.px(QUEUE_WIDTH), self._theme.metrics.px(1000)])
        whole = QHBoxLayout(self)
        space(whole, self._theme)
        whole.addWidget(self._split)
        self._look_again = self.state.add_button("Look at the images again", self._show_work)
        self._who = self.state.add_button("Change grader…", self.who_asked.emit)
        self.workbench.state.add_button("Next image", self.go_next)
        self._show_page_state(LOADING)

    def _style_canvas(self) -> None:
        style = DARK if self._theme.is_dark else LIGHT
        self.canvas.set_style(replace(style, scale=self._theme.metrics.scale))

    def _order_tabs(self) -> None:
        """Let Tab go from the canvas to the answers, to the tools, to the queue, and round."""
        rooms = (self.side, self.workbench.tools, self.queue)
        stops = [self.canvas, *(stop for room in rooms for stop in room.tab_stops)]
        for first, second in pairwise(stops):
            self.setTabOrder(first, second)

    def _connect_session(self) -> None:
        session = self.session
        session.undo_changed.connect(self._on_undo)
        session.queue_loaded.connect(self._on_queue)
        session.item_changed.connect(lambda at: self.queue.replace_item(session.items[at]))
        session.opening.connect(self._on_opening)
        session.sheet_loaded.connect(self._on_sheet)
        session.grading_changed.connect(self._on_grading)
        session.picture_ready.connect(self._on_picture)
        session.picture_failed.connect(self._on_no_picture)
        session.conflict.connect(self._on_conflict)
        session.all_done.connect(self._show_all_done)

    def _connect_parts(self) -> None:
        canvas, side, bench = self.canvas, self.side, self.workbench
        self.queue.chosen.connect(self.go)
        canvas.hint_changed.connect(self.hint_changed)
        canvas.told.connect(bench.toast.tell)
        self._link.told.connect(bench.toast.tell)
        canvas.selection_changed.connect(side.regions.select)
        canvas.tool_changed.connect(self._on_tool)
        side.regions.selected.connect(canvas.select)
        side.regions.delete_asked.connect(self._delete_region)
        side.answers.visible.connect(self.session.answer_visible)
        side.answers.not_visible.connect(self.handlers["not_visible"])
        side.answers.counted.connect(self.answer_count)
        side.remarks.note_left.connect(self.session.set_note)
        side.remarks.problem_chosen.connect(self.session.set_problem)
        side.remarks.through.connect(canvas.setFocus)
        side.remarks.note.textChanged.connect(self.session.touch)
        side.done.asked.connect(self.handlers["done"])
        bench.conflict.kept_mine.connect(partial(self.session.resolve, keep_mine=True))
        bench.conflict.took_theirs.connect(partial(self.session.resolve, keep_mine=False))

    # What the session tells

    def _on_queue(self) -> None:
        session = self.session
        self.queue.set_queue(session.items, session.name_of)
        if not session.items:
            is_packet = session.packet is not None
            nothing = no_task(session.grader, is_packet=is_packet)
            self._show_page_state(nothing, may_change=not is_packet)
            return
        self._show_queue()
        self._show_work()
        self.canvas.setFocus()
        if self.queue.model.counts[QueueState.DONE] == len(session.items):
            self._show_all_done()
        if self.isVisible():
            self._show_new_instructions()

    def _on_undo(self, undo: str, redo: str) -> None:
        self._undo = undo, redo
        self.undo_changed.emit(undo, redo)

    def _on_opening(self, item: QueueItem) -> None:
        bench = self.workbench
        bench.question.withdraw()
        bench.toast.withdraw()
        bench.sent_back.show_reason("")
        bench.conflict.hide()
        name = self.session.name_of(item)
        bench.tools.show_image(name, f"{item.position + 1} of {len(self.session.items)}")
        self.canvas.setAccessibleName(f"Photograph {name}")
        self._has_picture = False
        self._patience.start()
        bench.show_canvas()
        self._link.clear(PREPARING)
        self.canvas.set_enabled_for_edit(False)
        self.side.show_grading(None, item, is_other=True)
        self.queue.set_at(item.position)

    def _on_sheet(self, sheet: Sheet) -> None:
        self._patience.stop()
        self.side.show_grading(self.session.grading, self.session.item, is_other=True)
        self.workbench.sent_back.show_reason(self.session.sent_back)
        if not sheet.history.present.region and not self.canvas.is_drawing:
            self.canvas.set_tool(Tool.DRAW)  # the other tools have nothing to work on
        if not self.queue.has_focus:
            self.canvas.setFocus()

    def _on_grading(self, grading: Grading, gesture: str) -> None:
        self.workbench.question.withdraw()
        if gesture:
            self._touched.add(grading.image)
            self.workbench.toast.withdraw()  # it was of the gesture before
        self.workbench.conflict.hide()
        self.canvas.show_other(None)
        self.side.show_grading(grading, self.session.item, is_other=False)
        self.workbench.sent_back.show_reason(self.session.sent_back)
        self._allow_editing()

    def _on_picture(self, _item: QueueItem, pyramid: "Pyramid") -> None:
        self._has_picture = True
        self.canvas.show_picture(pyramid)
        self.workbench.show_canvas()
        self._allow_editing()

    def _on_no_picture(self, _item: QueueItem, problem: Problem) -> None:
        self.workbench.show_state(without_picture(problem))
        self._allow_editing()

    def _on_conflict(self, theirs: Grading, mine: Grading) -> None:
        self.canvas.show_other(theirs.region)
        self.workbench.conflict.show_both(theirs, mine)
        self._allow_editing()

    def _on_tool(self, tool: Tool) -> None:
        action = next(id for id, its_tool in TOOL_ACTIONS.items() if its_tool == tool)
        self.workbench.tools.show_tool(action)

    # Inside

    def _ask(self, question: Question | None) -> None:
        if question is not None:
            self.workbench.question.ask(
                question.text,
                partial(self.session.confirm, question),
                yes=question.confirm_text,
                no="Keep as it is",
            )

    def _allow_editing(self) -> None:
        can_edit = self._has_picture and self.session.may_edit
        self.canvas.set_enabled_for_edit(can_edit)
        self.side.setEnabled(self.session.may_edit)
        self.workbench.tools.set_can_edit(can_edit)

    def _delete_region(self, index: int) -> None:
        self.canvas.select(index)
        self.canvas.delete_region()

    def _show_work(self) -> None:
        self._middle.setCurrentIndex(0)

    def _show_queue(self) -> None:
        self.queue.setVisible(bool(self.session.items) and self._settings.shows_queue)

    def _show_page_state(
        self, state: State, *, may_look: bool = False, may_change: bool = False
    ) -> None:
        self.state.show_state(state)
        self.hint_changed.emit("")
        self._look_again.setVisible(may_look)
        self._who.setVisible(may_change)
        self._show_queue()
        self._middle.setCurrentWidget(self.state)
        buttons: list[QWidget] = [self._look_again, self._who]
        next((b for b in buttons if not b.isHidden()), self.state).setFocus()

    def _show_all_done(self) -> None:
        self.session.read_times(self._on_times)

    def _on_times(self, seconds: list[float]) -> None:
        is_packet = self.session.packet is not None
        thanks = all_done(len(self.session.items), seconds, is_packet=is_packet)
        self._show_page_state(thanks, may_look=True)

    def _show_new_instructions(self) -> None:
        text, grader = self.session.options.instructions, self.session.grader
        shown = Shown(self._settings, self._study_id)
        if shown.are_new(text, grader):
            self._show_instructions()
            shown.remember(text, grader)

    def _show_instructions(self) -> None:
        if self._instructions is None:
            text, key = self.session.options.instructions, self._keymap.label("instructions")
            self._instructions = InstructionsDialog(text, key=key, parent=self)
        self._instructions.show()
        self._instructions.activateWindow()
