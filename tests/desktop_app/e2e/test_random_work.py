"""Whatever a grader does and whenever the store answers, each gesture is kept with its image."""

import itertools
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QCoreApplication

from desktop_app.session.conflicts import KEPT_MINE, TOOK_THEIRS
from desktop_app.session.grading import GradingSession
from desktop_app.session.saving import Saving
from desktop_app.worker.bridge import Bridge
from engine.domain.grading import Role, Status, Task
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
GOING = ("next", "previous", "next_unfinished", "previous_unfinished")
GESTURES = (
    st.tuples(st.just("draw"), st.booleans(), st.booleans()),
    st.tuples(st.just("answer"), st.integers(0, 5), st.booleans()),
    st.tuples(st.just("remark"), st.sampled_from(["", "blurred"])),
    st.tuples(st.just("be_done")),
    st.tuples(st.just("undo"), st.integers(1, 3)),
    st.tuples(st.just("redo")),
    st.tuples(st.just("draw_half"), st.integers(1, 4), st.booleans()),
)
"""What takes an image that is there."""

NEED_AN_IMAGE = {"draw", "answer", "remark", "be_done", "undo", "redo", "draw_half"}

EVENTS = (
    st.tuples(st.just("go"), st.one_of(st.sampled_from(GOING), st.integers(0, 3)), st.booleans()),
    st.tuples(st.just("come_back"), st.booleans()),
    st.tuples(st.just("wait"), st.integers(0, 3), st.booleans()),
    st.tuples(st.just("rest")),
    st.tuples(st.just("lock_or_unlock_store")),
    st.tuples(st.just("lose_or_gain_sight")),
    st.tuples(st.just("write_in_other_window"), st.one_of(st.none(), st.sampled_from(IMAGES))),
    st.tuples(st.just("restart")),
)
"""What happens at any time."""


AGE = 20
"""Events that a window sees at least."""


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
    unheard
        How many gestures the store holds of which the window has not heard so.
    shown
        What the window makes of them.
    draft
        The half-drawn outline in the window; another window that writes lets it go in the store.
    given_up
        The own versions, where another window wrote first and the window has not read what.
    disputed
        The other window's version and the own one, until a person chooses.
    """

    image: str
    stored: list = field(default_factory=list)
    waiting: list = field(default_factory=list)
    unheard: int = 0
    shown: Steps | None = None
    draft: Draft | None = None
    is_draft_sure: bool = True
    given_up: list = field(default_factory=list)
    disputed: tuple | None = None

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
        self.lock = None
        self.is_open = False

    @initialize()
    def open_study(self):
        self.folder = TemporaryDirectory()
        self.file = Path(shutil.copy(self.template, self.folder.name))
        self.other = open_study(self.file, busy_timeout=0.01)
        self.plain = sqlite3.connect(self.file, isolation_level=None)
        self.open_window()
        self.rest()

    def open_window(self):
        self.lanes = Lanes()
        self.study = Unreadable(open_study(self.file, busy_timeout=0.01))
        bridge = Bridge(self.lanes)
        self.bugs = []
        bridge.failed.connect(self.bugs.append)
        self.session = GradingSession(self.study, bridge, grader=GRADER, idle_after=0)
        bridge.setParent(self.session)
        self.session.sheet_loaded.connect(self.heard(self.on_sheet))
        self.session.conflict.connect(self.heard(self.on_conflict))
        self.session.problem.connect(self.heard(self.on_problem))
        self.session._autosave.stored.connect(self.heard(self.on_stored))
        self.session._autosave.conflicted.connect(self.heard(self.on_given_up))
        for known in self.known.values():
            known.shown, known.unheard = None, 0
        self.session.load()
        self.is_open = True
        self.age = 0

    # What the window tells

    def heard(self, slot):
        """Return a slot whose failed assertions are not lost between Qt and the test."""

        def hear(*arguments):
            try:
                slot(*arguments)
            except Exception as error:
                self.bugs.append(error)

        return hear

    def on_sheet(self, sheet):
        known = self.known[sheet.image]
        if not (known.waiting or known.unheard or known.given_up):
            known.shown = known.told(sheet.parent or 0)
        if not known.is_draft_sure:
            known.draft, known.is_draft_sure = sheet.draft, True
        assert sheet.draft == known.draft

    def on_conflict(self, theirs, mine):
        known = self.known[theirs.image]
        self.take_up(known)
        assert (theirs, mine) == known.disputed

    def on_problem(self, problem):
        if problem.code == "changed_elsewhere":
            self.take_up(self.known[problem.where])

    def take_up(self, known):
        """Expect the own versions on top of what the other window wrote, as not done any more."""
        if not known.given_up:
            return
        mine, known.given_up = known.given_up, []
        sheet = self.session._unstored[known.image, Role.ASSIGNED]
        known.shown = known.told(sheet.parent)
        known.disputed = known.shown.present, mine[-1]
        known.waiting = [(KEPT_MINE, replace(own, status=Status.STARTED)) for own in mine]
        for gesture, grading in known.waiting:
            known.shown.did(gesture, grading)

    def on_stored(self, revision):
        self.known[revision.grading.image].unheard -= 1

    def on_given_up(self, key, writes):
        """Note what must not be lost: the gestures that led to it are one from then on."""
        known = self.known[key[0]]
        assert [(gesture, grading) for grading, gesture in writes] == known.waiting
        *before, (gesture, last) = known.waiting
        known.given_up = [grading for gesture, grading in before if gesture == KEPT_MINE]
        if gesture != TOOK_THEIRS or not known.given_up:
            known.given_up.append(last)
        known.waiting = []

    # What the grader does

    @property
    def at_hand(self):
        return self.known[self.session.item.image]

    @rule(events=st.lists(st.one_of(*GESTURES, *EVENTS), min_size=1, max_size=8))
    def live(self, events):
        """Let one thing after another happen.

        Hypothesis leaves rules out at random, so that they would seldom meet if each was one.
        """
        for name, *arguments in events:
            if name not in NEED_AN_IMAGE or self.session.may_edit:
                getattr(self, name)(*arguments)
            else:
                self.draw_too_early()
                self.choose(keep_mine=bool(next(self.numbers) % 2))
            self.look_at_window()
            self.age += 1

    def expect(self, gesture, grading):
        """Expect a gesture on the image at hand, unless it changes nothing."""
        known = self.at_hand
        if grading == known.shown.present and gesture not in ("undo", "redo"):
            return
        known.shown.did(gesture, grading)
        known.waiting.append((gesture, grading))
        known.is_draft_sure = True
        if known.draft and not known.draft.is_open:
            known.draft = None

    def edited(self, **changes):
        return replace(self.at_hand.shown.present, status=Status.STARTED, **changes)

    def draw(self, adds, ends_outline):
        present = self.at_hand.shown.present
        new = (square(next(self.numbers) / 8),)
        region = (*present.region, *new) if adds else new
        count = None if (present.roi_count or 0) > 4 else present.roi_count
        gesture = "draw region" if ends_outline else "move region"
        if ends_outline:
            self.at_hand.draft = None
        self.session.set_region(region, gesture)
        self.expect(gesture, self.edited(region=region, visible=True, roi_count=count))

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

    def remark(self, problem):
        self.session.set_problem(problem)
        if problem != self.at_hand.shown.present.problem:
            self.expect("report problem", replace(self.at_hand.shown.present, problem=problem))
        note = f"note {next(self.numbers)}"
        self.session.set_note(note)
        self.expect("note", replace(self.at_hand.shown.present, note=note))

    def be_done(self):
        known = self.at_hand
        present, draft = known.shown.present, known.draft
        if draft and draft.is_open:
            assert self.session.done()
            return
        said, outlined = present.roi_count or 0, len(present.region)
        is_complete = said == outlined or said > 4 if present.visible else present.visible is False
        is_done = present.status is Status.DONE
        if is_complete and not is_done:
            self.expect("done", replace(present, status=Status.DONE))
        assert bool(self.session.done()) == (not is_complete and not is_done)

    def undo(self, times):
        for _ in range(times):
            known = self.at_hand
            self.session.undo()
            if known.draft and not known.draft.is_open:
                known.draft = replace(known.draft, is_open=True)
                known.is_draft_sure = True
            elif known.shown.at:
                self.expect("undo", known.shown.states[known.shown.at - 1])

    def redo(self):
        shown = self.at_hand.shown
        self.session.redo()
        if shown.at + 1 < len(shown.states):
            self.expect("redo", shown.states[shown.at + 1])

    def draw_half(self, count, cancels):
        points = ring([(next(self.numbers), 1.0) for _ in range(count)])
        draft = Draft("region", points)
        self.session.set_draft(draft)
        if cancels:
            self.session.cancel_draft()
        self.at_hand.draft = replace(draft, is_open=not cancels)
        self.at_hand.is_draft_sure = True

    def draw_too_early(self):
        """Edit what is not there yet, or waits for a choice: nothing comes of it."""
        self.session.set_region((square(next(self.numbers) / 8),), "draw region")
        self.session.answer_count(3)
        self.session.set_note("too early")
        self.session.undo()
        self.session.set_draft(Draft("region", ring([(1, 2)])))
        assert self.session.done() == ""

    def go(self, where, waits):
        if isinstance(where, int):
            self.session.go(where)
        else:
            getattr(self.session, where)()
        if waits:
            self.rest()

    def come_back(self, waits):
        """Leave the image at hand and return to it."""
        at = self.session.at
        self.go((at + 1) % len(IMAGES), waits)
        self.look_at_window()
        self.go(at, waits)

    # What happens behind it

    def wait(self, steps, hears):
        self.run_store(steps)
        if hears:
            QCoreApplication.processEvents()

    def rest(self):
        for _ in range(3):
            self.run_store(20)
            QCoreApplication.processEvents()

    def run_store(self, steps):
        for _ in range(steps):
            if self.lanes.step(Lane.STUDY):
                self.look_at_store()

    def lock_or_unlock_store(self):
        if self.lock is None:
            self.lock = sqlite3.connect(self.file, isolation_level=None)
            self.lock.execute("BEGIN IMMEDIATE")
        else:
            self.lock.close()
            self.lock = None
            self.session.retry()

    def lose_or_gain_sight(self):
        self.study.is_out = not self.study.is_out

    def write_in_other_window(self, image):
        """Let the other window do a gesture, on the image at hand where none is named."""
        if self.lock is not None:
            return
        item = self.session.item
        known = self.known[image or (item.image if item else IMAGES[0])]
        image = known.image
        sheet = self.other.sheet(image, GRADER, Role.ASSIGNED)
        note = f"other window {next(self.numbers)}"
        grading = replace(sheet.history.present, note=note, status=Status.STARTED)
        self.other.append(grading, author=GRADER, parent=sheet.parent, gesture="note")
        known.stored.append(("note", grading))
        known.is_draft_sure = False

    def choose(self, keep_mine):
        """Choose between two versions, where there are two."""
        if self.session.sheet is None or not self.at_hand.disputed or self.at_hand.given_up:
            return
        theirs, mine = self.at_hand.disputed
        self.at_hand.disputed = None
        self.session.resolve(keep_mine=keep_mine)
        self.expect(*((KEPT_MINE, mine) if keep_mine else (TOOK_THEIRS, theirs)))

    def restart(self):
        """Close the window and open another, unless the one at hand is still young."""
        if self.age > AGE:
            self.end_window()
            self.open_window()
            self.rest()

    # What holds all the time

    def is_anything_new(self):
        """Tell whether the store holds more gestures than are known, by the plainest query."""
        (count,) = self.plain.execute("SELECT count(*) FROM revisions").fetchone()
        return count != sum(len(known.stored) for known in self.known.values())

    def look_at_store(self):
        """Expect what is new in the store to be the next of what was waiting for its image."""
        if not self.is_anything_new():
            return
        for image, known in self.known.items():
            held = self.other.revisions(image, GRADER)
            for revision in held[len(known.stored) :]:
                assert known.waiting, f"{image} holds {revision.gesture}, which nobody did"
                known.stored.append(known.waiting.pop(0))
                known.unheard += 1
            assert [(r.gesture, r.grading) for r in held] == known.stored

    def look_at_window(self):
        """Expect the window to show what was done to the image at hand, and no bug."""
        for bug in self.bugs:
            raise bug
        session = self.session
        if session.sheet is not None:
            assert session.sheet.image == session.item.image
            assert session.grading == self.at_hand.shown.present
            assert session.sheet.draft == self.at_hand.draft

    # The end

    def end_window(self):
        """Close the window as a person does: all is stored, the own version of a dispute too."""
        self.is_open = False
        if self.lock is not None:
            self.lock_or_unlock_store()
        self.study.is_out = False
        closed = []
        QCoreApplication.processEvents()
        if self.session.saving.saving is Saving.FAILING:
            self.work_until(lambda: self.session.saving.saving is Saving.SAVED)
        self.session.close(lambda: closed.append(True))
        self.work_until(lambda: closed)
        self.lanes.close()
        self.session.deleteLater()
        QCoreApplication.sendPostedEvents(None, 52)
        self.look_at_store()
        assert [known.waiting for known in self.known.values() if known.waiting] == []
        for known in self.known.values():
            assert not known.given_up
            known.disputed = None
            draft = self.other.sheet(known.image, GRADER, Role.ASSIGNED).draft
            assert draft == known.draft or not known.is_draft_sure

    def work_until(self, is_over):
        """Let the store and the window go on; no more writes than a few hundred can be waiting."""
        for _ in range(500):
            self.session.retry()
            if self.lanes.step(Lane.STUDY):
                self.look_at_store_at_the_end()
            QCoreApplication.processEvents()
            if is_over():
                return
        raise AssertionError("the window does not come to rest")

    def look_at_store_at_the_end(self):
        """Expect the own versions on top, of which a window that closes tells nobody."""
        if not self.is_anything_new():
            return
        for known in self.known.values():
            held = self.other.revisions(known.image, GRADER)
            if known.given_up and [r.gesture for r in held[len(known.stored) :]] == [KEPT_MINE]:
                self.take_up(known)
        self.look_at_store()

    def teardown(self):
        try:
            if self.is_open:
                self.end_window()
                assert self.other.check() == []
        finally:
            self.plain.close()
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
            max_examples=80,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            report_multiple_bugs=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
