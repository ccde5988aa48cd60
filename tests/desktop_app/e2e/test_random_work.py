"""Whatever a grader does and whenever the store answers, each gesture is kept with its image."""

import itertools
import shutil
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QCoreApplication

from desktop_app.session.conflicts import KEPT_MINE, TOOK_THEIRS
from desktop_app.session.grading import GradingSession
from desktop_app.worker.bridge import Bridge
from engine.domain.grading import Grading, Role, Status, Task
from engine.domain.image import Image
from engine.domain.polygon import ring
from engine.domain.problem import refuse
from engine.domain.queue import Draft, blank_grading
from engine.graders.flags import Question
from engine.study.sqlite import create_study, open_study
from engine.tasks.executors import Lane, SteppingExecutor
from tests.desktop_app.squares import square

IMAGES = tuple(f"{number}.png" for number in range(4))
GRADER = "Ada"
UNKNOWN = object()
"""In place of a draft that another window may have let go."""


class Lanes:
    """Lanes on which a task runs when the test says so, in any order of lanes."""

    def __init__(self):
        self._lanes = {lane: SteppingExecutor() for lane in Lane}

    def submit(self, lane, task, /, *args, **kwargs):
        return self._lanes[lane].submit(lane, task, *args, **kwargs)

    def step(self, lane):
        return self._lanes[lane].step()

    def close(self):
        while any([self.step(lane) for lane in Lane]):
            pass


class Unreadable:
    """A study from which no sheet can be read while the test says so."""

    def __init__(self, study):
        self._study = study
        self.is_out = False

    def __getattr__(self, name):
        return getattr(self._study, name)

    def sheet(self, *key):
        if self.is_out:
            raise refuse("study_unreadable", key[0], "The disk does not answer", "Wait for it")
        return self._study.sheet(*key)


@dataclass
class Steps:
    """States one after another, and which one holds, told from gestures by the plainest rules."""

    states: list
    at: int = 0

    @property
    def present(self):
        return self.states[self.at]

    def did(self, gesture, grading):
        if gesture == "undo":
            self.at -= 1
        elif gesture == "redo":
            self.at += 1
        else:
            self.states[self.at + 1 :] = [grading]
            self.at += 1
        return self


@dataclass
class Known:
    """All that is known of one image: what the store must hold, and what the window shows.

    Attributes
    ----------
    stored, waiting
        Gestures with the gradings they led to: those the store holds, those still on their way.
    shown
        What the window makes of them.
    disputed
        The own version, where another window wrote first and nobody has chosen yet.
    """

    image: str
    stored: list = field(default_factory=list)
    waiting: list = field(default_factory=list)
    shown: Steps | None = None
    draft: object = None
    disputed: Grading | None = None

    def told(self, count):
        """Return the steps that the first so many stored gestures tell."""
        steps = Steps([blank_grading(self.image, GRADER, Role.ASSIGNED)])
        for gesture, grading in self.stored[:count]:
            steps.did(gesture, grading)
        return steps


class Work(RuleBasedStateMachine):
    """One window on a real study: its grader's gestures, a second window, a store that fails."""

    template: Path

    def __init__(self):
        super().__init__()
        self.numbers = itertools.count(1)
        self.known = {image: Known(image) for image in IMAGES}
        self.problems = defaultdict(list)
        self.lock = None

    @initialize()
    def open_study(self):
        self.folder = TemporaryDirectory()
        self.file = Path(shutil.copy(self.template, self.folder.name))
        self.other = open_study(self.file, busy_timeout=0.01)
        self.open_window()

    def open_window(self):
        self.lanes = Lanes()
        self.study = Unreadable(open_study(self.file, busy_timeout=0.01))
        bridge = Bridge(self.lanes)
        self.bugs = []
        bridge.failed.connect(self.bugs.append)
        self.session = GradingSession(self.study, bridge, grader=GRADER, idle_after=0)
        bridge.setParent(self.session)
        self.session.sheet_loaded.connect(self.on_sheet)
        self.session.conflict.connect(self.on_conflict)
        self.session.problem.connect(self.on_problem)
        for known in self.known.values():
            known.shown = None
        self.session.load()

    # What the window tells

    def on_sheet(self, sheet):
        known = self.known[sheet.image]
        if not known.waiting and known.disputed is None:
            known.shown = known.told(sheet.parent or 0)
        if known.draft is UNKNOWN:
            known.draft = sheet.draft
        assert sheet.draft == known.draft

    def on_conflict(self, theirs, mine):
        known = self.known[theirs.image]
        self.give_up_waiting(known)
        assert theirs in [grading for _, grading in known.stored]
        assert mine == known.disputed

    def on_problem(self, problem):
        if problem.code == "changed_elsewhere":
            self.give_up_waiting(self.known[problem.where])

    def give_up_waiting(self, known):
        """Note what is disputed: the gestures that led to it are one from then on."""
        if known.disputed is None:
            known.disputed = known.waiting[-1][1]
            known.waiting.clear()

    # What the grader does

    @property
    def at_hand(self):
        return self.known[self.session.item.image]

    def expect(self, gesture, grading):
        """Expect a gesture on the image at hand, unless it changes nothing."""
        known = self.at_hand
        if grading == known.shown.present:
            return
        known.shown.did(gesture, grading)
        known.waiting.append((gesture, grading))
        if isinstance(known.draft, Draft) and not known.draft.is_open:
            known.draft = None

    def edited(self, **changes):
        return replace(self.at_hand.shown.present, status=Status.STARTED, **changes)

    @precondition(lambda self: self.session.may_edit)
    @rule(adds=st.booleans(), ends_outline=st.booleans())
    def draw(self, adds, ends_outline):
        present = self.at_hand.shown.present
        new = (square(next(self.numbers) / 8),)
        region = (*present.region, *new) if adds else new
        count = None if (present.roi_count or 0) > 4 else present.roi_count
        gesture = "draw region" if ends_outline else "move region"
        if ends_outline and self.at_hand.draft is not UNKNOWN:
            self.at_hand.draft = None
        self.session.set_region(region, gesture)
        self.expect(gesture, self.edited(region=region, visible=True, roi_count=count))

    @precondition(lambda self: self.session.may_edit)
    @rule(count=st.integers(0, 5), agrees=st.booleans())
    def answer(self, count, agrees):
        session, present = self.session, self.at_hand.shown.present
        question = session.answer_count(count) if count else session.answer_not_visible()
        loses_regions = bool(present.region) and count in (0, 5)
        assert isinstance(question, Question) == loses_regions
        region = () if loses_regions else present.region
        said = {"visible": bool(count), "roi_count": count or None, "region": region}
        if loses_regions and agrees:
            session.confirm(question)
            self.expect("answer and remove regions", self.edited(**said))
        elif not loses_regions and any(getattr(present, k) != v for k, v in said.items()):
            self.expect("answer", self.edited(**said))

    @precondition(lambda self: self.session.may_edit)
    @rule(problem=st.sampled_from(["", "blurred"]))
    def remark(self, problem):
        self.session.set_problem(problem)
        if problem != self.at_hand.shown.present.problem:
            self.expect("report problem", self.edited(problem=problem))
        note = f"note {next(self.numbers)}"
        self.session.set_note(note)
        self.expect("note", self.edited(note=note))

    @precondition(lambda self: self.session.may_edit)
    @rule()
    def be_done(self):
        known = self.at_hand
        present, draft = known.shown.present, known.draft
        if isinstance(draft, Draft) and draft.is_open:
            assert self.session.done()
            return
        before = self.session.at
        self.session.sheet_loaded.disconnect(self.on_sheet)  # the next image may be kept already
        refused = self.session.done()
        loaded = self.session.sheet if self.session.at != before else None
        self.session.sheet_loaded.connect(self.on_sheet)
        if not refused and present.status is not Status.DONE:
            known.shown.did("done", replace(present, status=Status.DONE))
            known.waiting.append(("done", known.shown.present))
            if isinstance(draft, Draft):
                known.draft = None
        if loaded is not None:
            self.on_sheet(loaded)

    @precondition(lambda self: self.session.may_edit)
    @rule(times=st.integers(1, 3))
    def undo(self, times):
        for _ in range(times):
            known = self.at_hand
            self.session.undo()
            if isinstance(known.draft, Draft) and not known.draft.is_open:
                known.draft = replace(known.draft, is_open=True)
            elif known.shown.at:
                known.waiting.append(("undo", known.shown.states[known.shown.at - 1]))
                known.shown.did("undo", None)

    @precondition(lambda self: self.session.may_edit)
    @rule()
    def redo(self):
        shown = self.at_hand.shown
        self.session.redo()
        if shown.at + 1 < len(shown.states):
            self.expect("redo", shown.states[shown.at + 1])

    @precondition(lambda self: self.session.may_edit)
    @rule(count=st.integers(1, 4), cancels=st.booleans())
    def draw_half(self, count, cancels):
        points = ring([(next(self.numbers), 1.0) for _ in range(count)])
        draft = Draft("region", points)
        self.session.set_draft(draft)
        if cancels:
            self.session.cancel_draft()
        self.at_hand.draft = replace(draft, is_open=not cancels)

    @precondition(lambda self: not self.session.may_edit)
    @rule()
    def draw_too_early(self):
        """Edit what is not there yet, or waits for a choice: nothing comes of it."""
        self.session.set_region((square(next(self.numbers) / 8),), "draw region")
        self.session.answer_count(3)
        self.session.set_note("too early")
        self.session.undo()
        self.session.set_draft(Draft("region", ring([(1, 2)])))
        assert self.session.done() == ""

    @precondition(lambda self: self.session.items)
    @rule(position=st.integers(0, len(IMAGES) - 1))
    def go(self, position):
        self.session.go(position)

    @precondition(lambda self: self.session.items)
    @rule(command=st.sampled_from(["next", "previous", "next_unfinished", "previous_unfinished"]))
    def go_on(self, command):
        getattr(self.session, command)()

    # What happens behind it

    @rule(steps=st.integers(1, 4))
    def run_store(self, steps):
        for _ in range(steps):
            self.lanes.step(Lane.STUDY)
            self.look_at_store()

    @rule()
    def decode(self):
        self.lanes.step(Lane.CPU)

    @rule()
    def hear(self):
        QCoreApplication.processEvents()

    @rule()
    def come_to_rest(self):
        for _ in range(3):
            self.run_store(20)
            QCoreApplication.processEvents()

    @precondition(lambda self: self.lock is None)
    @rule()
    def lock_store(self):
        self.lock = sqlite3.connect(self.file, isolation_level=None)
        self.lock.execute("BEGIN IMMEDIATE")

    @precondition(lambda self: self.lock is not None)
    @rule()
    def unlock_store(self):
        self.lock.close()
        self.lock = None

    @rule(is_out=st.booleans())
    def lose_sight(self, is_out):
        self.study.is_out = is_out

    @rule()
    def try_again(self):
        self.session.retry()

    @precondition(lambda self: self.lock is None)
    @rule(image=st.sampled_from(IMAGES))
    def write_in_other_window(self, image):
        known = self.known[image]
        sheet = self.other.sheet(image, GRADER, Role.ASSIGNED)
        note = f"other window {next(self.numbers)}"
        grading = replace(sheet.history.present, note=note, status=Status.STARTED)
        self.other.append(grading, author=GRADER, parent=sheet.parent, gesture="note")
        known.stored.append(("note", grading))
        known.draft = UNKNOWN

    @precondition(lambda self: self.session.item and self.at_hand.disputed is not None)
    @rule(keep_mine=st.booleans())
    def choose(self, keep_mine):
        known = self.at_hand
        if self.session.sheet is None:
            return
        mine = known.disputed
        self.session.resolve(keep_mine=keep_mine)
        known.disputed = None
        known.draft = self.session.sheet.draft
        known.shown = known.told(self.session.sheet.parent).did(KEPT_MINE, mine)
        known.waiting.append((KEPT_MINE, mine))
        if not keep_mine:
            theirs = known.shown.states[-2] if known.shown.at > 0 else None
            theirs = self.session.grading if theirs is None else theirs
            known.shown.did(TOOK_THEIRS, theirs)
            known.waiting.append((TOOK_THEIRS, theirs))

    @rule()
    def restart(self):
        self.end_window()
        self.open_window()

    # What holds all the time

    def look_at_store(self):
        """Expect what is new in the store to be the next of what was waiting for its image."""
        for image, known in self.known.items():
            held = self.other.revisions(image, GRADER)
            for revision in held[len(known.stored) :]:
                assert known.waiting, f"{image} holds {revision.gesture}, which nobody did"
                known.stored.append(known.waiting.pop(0))
            assert [(r.gesture, r.grading) for r in held] == known.stored

    @invariant()
    def the_window_shows_what_was_done_to_the_image_at_hand(self):
        session = getattr(self, "session", None)
        if session is None or session.sheet is None:
            return
        assert session.sheet.image == session.item.image
        assert session.grading == self.at_hand.shown.present
        if self.at_hand.draft is not UNKNOWN and self.at_hand.disputed is None:
            assert session.sheet.draft == self.at_hand.draft

    @invariant()
    def no_error_is_a_bug(self):
        assert getattr(self, "bugs", []) == []

    # The end

    def end_window(self):
        """Close the window as a person does: all is stored, the own version of a dispute too."""
        if self.lock is not None:
            self.unlock_store()
        self.study.is_out = False
        closed = []
        self.session.retry()
        self.session.close(lambda: closed.append(True))
        for _ in range(500):
            self.lanes.step(Lane.STUDY)
            self.look_at_store_at_the_end()
            QCoreApplication.processEvents()
            if closed:
                break
        assert closed, "the window does not close"
        self.lanes.close()
        self.session.deleteLater()
        QCoreApplication.sendPostedEvents(None, 52)
        self.look_at_store()
        assert [known.waiting for known in self.known.values() if known.waiting] == []
        for known in self.known.values():
            known.disputed = None
            draft = self.other.sheet(known.image, GRADER, Role.ASSIGNED).draft
            assert known.draft is UNKNOWN or draft == known.draft

    def look_at_store_at_the_end(self):
        """Expect both versions of what is disputed, the other window's last."""
        for known in self.known.values():
            held = self.other.revisions(known.image, GRADER)
            new = held[len(known.stored) :]
            if new and new[0].gesture == KEPT_MINE and known.disputed is None and known.waiting:
                self.give_up_waiting(known)
            if new and new[0].gesture == KEPT_MINE and known.disputed is not None:
                theirs = known.told(len(known.stored)).present
                known.waiting = [(KEPT_MINE, known.disputed), (TOOK_THEIRS, theirs)]
                known.disputed = None
        self.look_at_store()

    def teardown(self):
        if not hasattr(self, "session"):
            return
        try:
            self.end_window()
            assert self.other.check() == []
        finally:
            self.other.close()
            self.study.close()
            self.folder.cleanup()


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A closed study of a few images without pixels, which Ada reads."""
    file = tmp_path_factory.mktemp("template") / "study.concord"
    with create_study(file, author="lead") as study:
        study.add_images([Image(image, 60, 40) for image in IMAGES], author="lead")
        tasks = [Task(image, GRADER, Role.ASSIGNED, n) for n, image in enumerate(IMAGES)]
        study.assign_tasks(tasks, author="lead", seed=None)
    with closing(sqlite3.connect(file)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.mark.slow
def test_an_edit_is_never_lost_and_never_written_to_another_image(template, qapp):
    machine = type("WorkOnTemplate", (Work,), {"template": template})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
