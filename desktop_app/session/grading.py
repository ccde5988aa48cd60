"""The one mutable object behind the Grade page: a grader, their queue, the image at hand."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.session.active_time import Clock
from desktop_app.session.conflicts import (
    CHANGED_ELSEWHERE,
    Dispute,
    changed_elsewhere,
    chosen,
    own_versions,
    with_own_versions,
)
from desktop_app.session.opening import Opening, read_opening, read_times
from desktop_app.session.pictures import Pictures
from desktop_app.session.saving import (
    RETRY_AFTER,
    Autosave,
    Key,
    Saving,
    SavingState,
    Writes,
    key_of,
)
from desktop_app.session.scratch import Now, Scratch
from desktop_app.session.standing import state_of, waits_for
from desktop_app.worker.bridge import Bridge, Job
from engine.domain.grading import Grading, Revision, Role, Status
from engine.domain.history import REDO, UNDO, History
from engine.domain.options import StudyOptions
from engine.domain.polygon import Region
from engine.domain.problem import Refusal
from engine.domain.queue import Draft, QueueItem, QueueState, Sheet
from engine.domain.settings import AgreementSettings
from engine.graders.flags import (
    Question,
    answered_count,
    answered_not_visible,
    answered_visible,
    as_done,
    why_not_done,
    with_note,
    with_problem,
    with_region,
)
from engine.study.protocol import PacketInfo, Study
from engine.tasks.executors import Lane

IDLE_AFTER = 60.0
"""Seconds without input after which a grader counts as away."""

OUTLINE_IS_OPEN = "An outline is still being drawn. Close it with Enter, or cancel it with Esc."


class GradingSession(QObject):
    """What a grader does to the images of their queue, one at a time.

    All reading and writing happens on the study's lane. Whatever a person does is shown at once
    and written behind it; what the store says later changes only what has to change.
    """

    queue_loaded = Signal()
    item_changed = Signal(int)
    opening = Signal(object)
    """The `QueueItem` that is being opened; nothing of the one before may be shown any longer."""
    sheet_loaded = Signal(object)
    grading_changed = Signal(object, str)
    """The present `Grading`, and the gesture that led to it, empty for one just loaded."""
    picture_ready = Signal(object, object)
    picture_failed = Signal(object, object)
    undo_changed = Signal(str, str)
    """The gestures that undo and redo would act on, empty where there is none."""
    saving_changed = Signal(object)
    problem = Signal(object)
    problem_gone = Signal(str)
    conflict = Signal(object, object)
    """Their `Grading` and the grader's own, where another window wrote to the record at hand."""
    all_done = Signal()
    """Done and next found nothing left to do."""

    def __init__(
        self,
        study: Study,
        bridge: Bridge,
        *,
        grader: str,
        settings: AgreementSettings | None = None,
        idle_after: float = IDLE_AFTER,
        clock: Clock = time.monotonic,
        now: Now = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.study = study
        self.grader = grader
        self._given_settings = settings
        self.items: list[QueueItem] = []
        self.options = StudyOptions()
        self.packet: PacketInfo | None = None
        self.at = -1
        self.sheet: Sheet | None = None
        self._bridge = bridge
        self._pictures: Pictures | None = None
        self._reading: Job | None = None
        self._unstored: dict[Key, Sheet] = {}
        self._contested: dict[Key, tuple[Grading, ...]] = {}
        self._disputes: dict[Key, Dispute] = {}
        self._unreadable = ""
        self._closing: Callable[[], None] | None = None
        self._autosave = Autosave(study, bridge, grader=grader, parent=self)
        self._scratch = Scratch(
            study,
            bridge,
            grader=grader,
            is_waiting=self._autosave.is_waiting,
            clock=clock,
            now=now,
            idle_after=idle_after,
            parent=self,
        )
        self._autosave.state_changed.connect(self.saving_changed)
        self._autosave.problem.connect(self.problem)
        self._autosave.recovered.connect(self.problem_gone)
        self._autosave.stored.connect(self._on_stored)
        self._autosave.conflicted.connect(self._on_conflict)

    # What is at hand

    @property
    def settings(self) -> AgreementSettings:
        """What holds of answers: as given, else as the study lays it down."""
        return self._given_settings or self.options.settings.agreement

    @property
    def item(self) -> QueueItem | None:
        """The place of the queue at hand."""
        return self.items[self.at] if 0 <= self.at < len(self.items) else None

    @property
    def grading(self) -> Grading | None:
        """What the grader says of the image at hand now; None while it is being read."""
        return self.sheet.history.present if self.sheet else None

    @property
    def may_edit(self) -> bool:
        """True once the image at hand was read, unless another window's version waits for it."""
        key = self._key()
        return self.sheet is not None and key not in self._contested and key not in self._disputes

    @property
    def is_all_stored(self) -> bool:
        """True where closing loses nothing."""
        return not self._autosave.state.waiting and not self._unstored

    @property
    def saving(self) -> SavingState:
        """How the store stands to what the window shows."""
        return self._autosave.state

    @property
    def sent_back(self) -> str:
        """The lead's reason, for as long as the image at hand waits to be done again."""
        return waits_for(self.sheet) if self.sheet else ""

    def name_of(self, item: QueueItem) -> str:
        """Return what an image is called before this grader."""
        return f"Image {item.position + 1}" if self.options.masks_names else item.image

    # The queue

    def load(self) -> None:
        """Read the queue and open the first image that is not done."""
        read = partial(read_opening, self.study, self.grader)
        self._reading = self._bridge.run(
            Lane.STUDY, read, then=self._on_opened, failed=self._on_sheet_unreadable
        )

    def reload(self) -> None:
        """Read the queue and the image at hand anew, as when a lead gave or sent back work."""
        read = partial(read_opening, self.study, self.grader)
        self._bridge.run(Lane.STUDY, read, then=self._on_reloaded, failed=self._on_sheet_unreadable)

    def go(self, position: int) -> None:
        """Open a place of the queue."""
        is_there = position == self.at and (self.sheet is not None or self._reading is not None)
        if is_there or not 0 <= position < len(self.items):
            return
        self._leave()
        self.at = position
        item = self.items[position]
        self.sheet = None
        self.opening.emit(item)
        if self._pictures:
            self._pictures.show(item, self._neighbours(position))
        kept = self._unstored.get((item.image, item.role))
        if kept is not None:
            self._on_sheet(kept)
        else:
            self._read_sheet(item)

    def next(self) -> None:
        """Open the place after this one."""
        self.go(self.at + 1)

    def previous(self) -> None:
        """Open the place before this one."""
        self.go(self.at - 1)

    def next_unfinished(self) -> bool:
        """Open the next place that is not done, from the beginning after the end."""
        count = len(self.items)
        return self._go_unfinished((self.at + step) % count for step in range(1, count + 1))

    def previous_unfinished(self) -> bool:
        """Open the place before this one that is not done, from the end before the beginning."""
        count = len(self.items)
        return self._go_unfinished((self.at - step) % count for step in range(1, count + 1))

    # What the grader says

    def set_region(self, region: Region, gesture: str) -> None:
        """Take the regions as a gesture on the canvas left them; an outline drawn is closed."""
        if self.may_edit and self.sheet and self.grading:
            if self.sheet.draft and gesture in ENDS_OUTLINE:
                self.sheet = replace(self.sheet, draft=None)
            self._gesture(with_region(self.grading, region, self.settings), gesture)

    def answer_not_visible(self) -> Question | None:
        """Say that no condition is visible; returns what to ask first where regions are drawn."""
        return self._answer(answered_not_visible, "answer")

    def answer_count(self, count: int) -> Question | None:
        """Say how many regions there are; returns what to ask first where too many has regions."""
        return self._answer(lambda g, settings: answered_count(g, count, settings), "answer")

    def answer_visible(self) -> None:
        """Say that a condition is visible, the number of regions still to be said."""
        if self.may_edit and self.grading is not None:
            self._gesture(answered_visible(self.grading), "answer")

    def confirm(self, question: Question) -> None:
        """Do what a question asked for, as one gesture."""
        grading = question.result
        if self.may_edit and self.grading and key_of(grading) == key_of(self.grading):
            self._gesture(grading, "answer and remove regions")

    def set_note(self, text: str) -> None:
        """Leave a note for the lead; an empty one takes it away."""
        if self.may_edit and self.grading:
            self._gesture(with_note(self.grading, text.strip()), "note")

    def set_problem(self, code: str) -> None:
        """Say what is wrong with the image, by its code; empty where nothing is."""
        if self.may_edit and self.grading:
            self._gesture(with_problem(self.grading, code), "report problem")

    def done(self) -> str:
        """Finish the image and open the next unfinished one, or say why it is not finished."""
        if not self.may_edit or self.sheet is None or self.grading is None:
            return ""
        if self.sheet.draft and self.sheet.draft.is_open:
            return OUTLINE_IS_OPEN
        if self.grading.status is not Status.DONE:
            why_not = why_not_done(self.grading, self.settings)
            if why_not:
                return why_not
            self._gesture(as_done(self.grading), "done")
        if not self.next_unfinished():
            self.all_done.emit()
        return ""

    def undo(self) -> None:
        """Take back the last gesture; a cancelled outline is opened again first."""
        if not self.may_edit or self.sheet is None:
            return
        draft, history = self.sheet.draft, self.sheet.history
        if draft is not None and not draft.is_open:
            self._keep_draft(self.sheet, replace(draft, is_open=True))
            self._tell(UNDO)
        elif history.undo_gesture is not None:
            self._move(history.undone(), UNDO)

    def redo(self) -> None:
        """Do again what undo took back last."""
        if self.may_edit and self.sheet and self.sheet.history.redo_gesture is not None:
            self._move(self.sheet.history.redone(), REDO)

    # The half-drawn outline

    def set_draft(self, draft: Draft | None) -> None:
        """Keep an outline as it grows, so that it is offered back after a crash."""
        if self.may_edit and self.sheet and self.sheet.draft != draft:
            self._keep_draft(self.sheet, draft)
            self._tell_undo()

    def cancel_draft(self) -> None:
        """Put the outline away; undo brings it back."""
        draft = self.sheet.draft if self.sheet else None
        if draft is not None and draft.is_open:
            self.set_draft(replace(draft, is_open=False))

    # Saving, conflicts, the end

    def retry(self) -> None:
        """Try at once to store what could not be stored, and to read what could not be read."""
        self._autosave.retry()
        if self._reading is None and self.sheet is None and self._closing is None:
            if self.item is not None:
                self._read_sheet(self.item)
            else:
                self.load()
        for key in self._contested:
            self._read_theirs(key)

    def resolve(self, *, keep_mine: bool) -> None:
        """Settle a conflict on the image at hand; both versions are in the history afterwards."""
        key = self._key()
        if key not in self._disputes or key in self._contested:
            return
        dispute = self._disputes.pop(key)
        if not self._disputes:
            self.problem_gone.emit(CHANGED_ELSEWHERE)
        self._gesture(*chosen(dispute, keep_mine=keep_mine))
        self._tell("")

    def touch(self) -> None:
        """Note that the grader did something: time at work counts up to the next pause."""
        self._scratch.touch()

    def read_times(self, then: Callable[[list[float]], None]) -> None:
        """Read the seconds at work on each image that has any, the grader's own alone."""
        read = partial(read_times, self.study, self.grader)
        self._bridge.run(Lane.STUDY, read, then=then, failed=self._on_unreadable)

    def set_idle_after(self, seconds: float) -> None:
        """Let visits from now on count a grader as away after this long."""
        self._scratch.idle_after = seconds

    def when_settled(self, then: Callable[[], object]) -> None:
        """Call back once all is stored, or the store refuses what is left."""
        self._autosave.when_settled(then)

    def close(self, then: Callable[[], None]) -> None:
        """Store all that is still to be stored, close the study and call back.

        What the store refuses is given up: wait for `when_settled` and ask before.
        """
        self._leave()
        self.sheet, self.items = None, []
        if self._pictures:
            self._pictures.forget_all()
        self._closing = then
        for key in self._contested:
            self._read_theirs(key)
        self._end()

    # Inside

    def _end(self) -> None:
        """Go on closing as far as it can be done now."""
        if self._contested or self._closing is None:
            return
        if self.saving.saving is Saving.SAVING:
            self._autosave.when_settled(self._end)
            return
        then, self._closing = self._closing, None
        self._bridge.run(
            Lane.STUDY, self.study.close, then=lambda _: then(), failed=lambda _: then()
        )

    def _on_opened(self, opening: Opening) -> None:
        self._reading = None
        self.items, self.options, self.packet = opening.items, opening.options, opening.packet
        is_packet = opening.packet is not None
        self._pictures = Pictures(self.study, self._bridge, is_packet=is_packet, parent=self)
        self._pictures.ready.connect(self.picture_ready)
        self._pictures.failed.connect(self.picture_failed)
        self.queue_loaded.emit()
        if not self.next_unfinished():
            self.go(0)

    def _on_reloaded(self, opening: Opening) -> None:
        """Go on at the same image, where it still is in the queue."""
        if self._closing is not None:
            return
        before = self.item
        self._leave()
        if self._pictures:
            self._pictures.forget_all()
        self.at, self.sheet = -1, None
        if before is None:
            self._on_opened(opening)
            return
        self.items, self.options, self.packet = opening.items, opening.options, opening.packet
        self.queue_loaded.emit()
        same = (i.position for i in self.items if (i.image, i.role) == (before.image, before.role))
        self.go(next(same, 0))

    def _go_unfinished(self, positions: Iterable[int]) -> bool:
        for position in positions:
            if self.items[position].state is not QueueState.DONE:
                self.go(position)
                return True
        return False

    def _neighbours(self, position: int) -> list[QueueItem]:
        wanted = (position + 1, position - 1)
        return [self.items[at] for at in wanted if 0 <= at < len(self.items)]

    def _on_sheet(self, sheet: Sheet) -> None:
        item = self.item
        if item is None or (sheet.image, sheet.role) != (item.image, item.role):
            return
        self._reading = None
        if self._unreadable:
            self.problem_gone.emit(self._unreadable)
            self._unreadable = ""
        key = (sheet.image, sheet.role)
        if key not in self._unstored:
            self._autosave.follow(key, sheet.parent)
        sheet = self._scratch.with_draft(sheet)
        self.sheet = sheet
        self._scratch.begin_visit(sheet)
        self.sheet_loaded.emit(sheet)
        self._tell("")
        if key in self._disputes:
            self._tell_dispute(key)

    def _read_sheet(self, item: QueueItem) -> None:
        self._reading = self._bridge.run(
            Lane.STUDY,
            partial(self.study.sheet, item.image, self.grader, item.role),
            then=self._on_sheet,
            failed=self._on_sheet_unreadable,
        )

    def _on_sheet_unreadable(self, error: BaseException) -> None:
        self._reading = None
        self._on_unreadable(error)

    def _on_unreadable(self, error: BaseException) -> None:
        if isinstance(error, Refusal):
            self._unreadable = error.problem.code
            self.problem.emit(error.problem)
        else:
            self._bridge.failed.emit(error)

    def _answer(
        self,
        answer: Callable[[Grading, AgreementSettings], Grading | Question],
        gesture: str,
    ) -> Question | None:
        if not self.may_edit or self.grading is None:
            return None
        answered = answer(self.grading, self.settings)
        if isinstance(answered, Question):
            return answered
        self._gesture(answered, gesture)
        return None

    def _gesture(self, grading: Grading, gesture: str) -> None:
        """Make a gesture; one that changes nothing is none."""
        if self.sheet and grading != self.sheet.history.present:
            self._move(self.sheet.history.did(grading, gesture), gesture)

    def _move(self, history: History, gesture: str) -> None:
        """Show another state and have it stored; an outline that was put away is gone with it."""
        if self.sheet is None:
            return
        self.touch()
        draft = self.sheet.draft
        if draft is not None and not draft.is_open:
            draft = None
        self.sheet = replace(self.sheet, history=history, draft=draft)
        self._unstored[self._key()] = self.sheet
        self._autosave.save(history.present, gesture)
        self._scratch.gesture_made(self.sheet)
        self._show_state(self.sheet)
        self._tell(gesture)

    def _keep_draft(self, sheet: Sheet, draft: Draft | None) -> None:
        self.sheet = replace(sheet, draft=draft)
        if self._key() in self._unstored:
            self._unstored[self._key()] = self.sheet
        self._scratch.draft_changed(self.sheet)

    def _on_stored(self, revision: Revision) -> None:
        key = key_of(revision.grading)
        if not self._autosave.is_waiting(key):
            self._unstored.pop(key, None)
            self._scratch.write_drafts()
        if self.sheet and key == self._key():
            self.sheet = replace(self.sheet, parent=revision.number)
            self._scratch.write_visit()

    def _show_state(self, sheet: Sheet) -> None:
        item = self.items[self.at]
        state = state_of(sheet)
        if item.state is not state:
            self.items[self.at] = replace(item, state=state)
            self.item_changed.emit(self.at)

    def _tell(self, gesture: str) -> None:
        if self.grading is not None:
            self.grading_changed.emit(self.grading, gesture)
        self._tell_undo()

    def _tell_undo(self) -> None:
        sheet = self.sheet
        if sheet is None:
            self.undo_changed.emit("", "")
            return
        is_put_away = sheet.draft is not None and not sheet.draft.is_open
        undo = "cancel outline" if is_put_away else sheet.history.undo_gesture
        self.undo_changed.emit(undo or "", sheet.history.redo_gesture or "")

    def _leave(self) -> None:
        if self._reading:
            self._reading.forget()
            self._reading = None
        self._scratch.end_visit()

    def _key(self) -> Key:
        return (self.sheet.image, self.sheet.role) if self.sheet else ("", Role.ASSIGNED)

    def _on_conflict(self, key: Key, given_up: Writes) -> None:
        """Read what another window wrote; nothing is edited meanwhile."""
        self._contested[key] = own_versions(given_up)
        self._read_theirs(key)
        if key == self._key():
            self._tell("")

    def _read_theirs(self, key: Key) -> None:
        image, role = key
        self._bridge.run(
            Lane.STUDY,
            partial(self.study.sheet, image, self.grader, role),
            then=partial(self._on_theirs, key),
            failed=partial(self._on_theirs_unreadable, key),
        )

    def _on_theirs(self, key: Key, theirs: Sheet) -> None:
        if key not in self._contested:
            return
        mine = self._contested.pop(key)
        sheet, writes = with_own_versions(theirs, mine)
        sheet = replace(sheet, draft=self._unstored[key].draft)
        self._unstored[key] = sheet
        self._autosave.follow(key, theirs.parent)
        for grading, gesture in writes:
            self._autosave.save(grading, gesture)
        self._scratch.gesture_made(sheet)
        self._disputes[key] = Dispute(theirs.history.present, mine[-1])
        if self._closing is not None:
            self._end()
        elif key == self._key():
            self.sheet = sheet
            self._show_state(sheet)
            self._tell("")
            self._tell_dispute(key)
        else:
            self.problem.emit(changed_elsewhere(self._name(key)))

    def _on_theirs_unreadable(self, key: Key, error: BaseException) -> None:
        """Read again later; a window that is closing does not wait for it."""
        self._on_unreadable(error)
        if self._closing is not None:
            self._contested.pop(key, None)
            self._end()
        else:
            QTimer.singleShot(RETRY_AFTER, self, partial(self._read_theirs, key))

    def _tell_dispute(self, key: Key) -> None:
        dispute = self._disputes[key]
        self.conflict.emit(dispute.theirs, dispute.mine)

    def _name(self, key: Key) -> str:
        named = (self.name_of(item) for item in self.items if (item.image, item.role) == key)
        return next(named, key[0])


ENDS_OUTLINE = frozenset({"draw region", "subtract hole"})
"""Gestures by which an outline that was being drawn becomes part of the regions."""
