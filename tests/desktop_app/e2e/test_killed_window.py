"""A window that is killed at any moment loses nothing but what the hand is just doing."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from desktop_app.window.settings import Settings, open_store
from engine.domain.grading import Role, Task
from engine.domain.image import Image
from engine.domain.queue import blank_grading
from engine.images.digest import digest_of
from engine.study.sqlite import create_study, open_study
from tests.desktop_app.e2e.scripted_window import fingerprint

ROOT = Path(__file__).parents[3]
GRADER = "Ada"
IMAGES = 5
EDITS = 500
KILLS = 50
SLACK = 0.015
"""Seconds within which a kill falls at random after it was decided on."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="takes processes that fork")


@pytest.fixture
def file(tmp_path):
    """A closed study of a few photographs, read by Ada."""
    random = np.random.default_rng(0)
    images = []
    for number in range(IMAGES):
        path = tmp_path / f"{number}.png"
        Picture.fromarray(random.integers(0, 255, (300, 400, 3), dtype=np.uint8)).save(path)
        images.append(Image(path.name, 400, 300, digest_of(path)))
    with create_study(tmp_path / "study.concord", author="lead") as study:
        study.add_images(images, author="lead")
        tasks = [Task(image.path, GRADER, Role.ASSIGNED, n) for n, image in enumerate(images)]
        study.assign_tasks(tasks, author="lead", seed=None)
    return tmp_path / "study.concord"


@pytest.fixture
def settings_file(tmp_path, file):
    """The settings of a person who is Ada in this study."""
    settings = Settings(open_store(tmp_path / "settings.ini"))
    with open_study(file) as study:
        settings.remember_grader(study.info().id, GRADER)
    settings.sync()
    return tmp_path / "settings.ini"


@pytest.fixture
def server(settings_file):
    """A process that opens windows when it is told to."""
    line = [sys.executable, "-m", "tests.desktop_app.e2e.scripted_window", str(settings_file)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        line, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield process
        process.stdin.close()


@dataclass
class Told:
    """All that the windows told so far.

    Attributes
    ----------
    stored
        Gestures by image, each with the fingerprint of the grading it led to.
    drafts
        Half-drawn outlines by image, None where there is none.
    at
        The image that was open last, and its place in the queue.
    under_way
        What was begun and not told to be over.
    is_stored
        Whether the gesture that was begun is known to be durable.
    """

    stored: dict = field(default_factory=lambda: {f"{n}.png": [] for n in range(IMAGES)})
    drafts: dict = field(default_factory=dict)
    at: tuple = ("0.png", 0)
    under_way: str = ""
    is_stored: bool = False

    @property
    def count(self):
        return sum(map(len, self.stored.values()))

    def hear(self, line):
        assert line["kind"] != "bug", line["text"]
        if line["kind"] == "begin":
            self.under_way, self.is_stored = line["what"], False
        elif line["kind"] == "stored":
            self.is_stored = True
            image = line["image"]
            self.stored[image].append((line["gesture"], line["print"]))
            if self.drafts.get(image) and not self.drafts[image][1]:
                self.drafts[image] = None  # what was put away goes with the next gesture
        elif line["kind"] == "rest":
            self.under_way = ""
            self.at = line["image"], line["place"]
            assert line["print"] == present(line["image"], self.stored[line["image"]])
            self.drafts[line["image"]] = line["draft"]


def present(image, stored):
    """Return the fingerprint of the state that holds after the gestures of an image."""
    blank = fingerprint(blank_grading(image, GRADER, Role.ASSIGNED))
    return stored[-1][1] if stored else blank


def assert_undo_returned_to_earlier_states(image, stored):
    """Expect of each undo and redo just the state that was there before."""
    states, at = [present(image, [])], 0
    for gesture, state in stored:
        if gesture in ("undo", "redo"):
            at += 1 if gesture == "redo" else -1
            assert states[at] == state
        else:
            at += 1
            states[at:] = [state]


def may_be(draft, before, what, *, is_gesture_stored):
    """Tell whether a draft may be what a kill left of one, given what was just being done."""
    if draft == before:
        return not (is_gesture_stored and what == "close")
    if draft is None:
        return bool(what) and (is_gesture_stored or (what == "undo" and len(before[2]) == 1))
    if what in ("vertex", "hole"):
        kept = before[2] if before and before[1] else []
        return draft[2][:-1] == kept
    if what == "undo":
        return draft[2] == before[2][:-1] or draft[1:] == [True, before[2]]
    return what == "cancel" and draft[1:] == [False, before[2]]


def run_until_killed(server, file, told, chance, seed):
    """Open a window, let it work for a while, kill it, and hear all that it told.

    Returns whether a half-drawn outline was offered back at the image that was open before.
    """
    image, place = told.at
    half = told.drafts.get(image)
    server.stdin.write(json.dumps([str(file), GRADER, seed, place]) + "\n")
    server.stdin.flush()
    process = json.loads(server.stdout.readline())["process"]
    wanted = told.count + chance.randrange(4, 17)
    first = None
    try:
        while told.count < wanted:
            line = json.loads(server.stdout.readline())
            told.hear(line)
            if line["kind"] == "rest" and first is None:
                first = line["image"], line["draft"]
        time.sleep(chance.uniform(0, SLACK))
    finally:
        os.kill(process, signal.SIGKILL)
    while (line := json.loads(server.stdout.readline()))["kind"] != "ended":
        told.hear(line)
    assert first == (image, half)
    return half is not None and half[1]


def compare(file, told):
    """Expect in the store what was told, and at most the one gesture that was under way."""
    more = []
    with open_study(file) as study:
        assert study.check() == []
        for image, stored in told.stored.items():
            held = [(r.gesture, fingerprint(r.grading)) for r in study.revisions(image, GRADER)]
            assert held[: len(stored)] == stored
            more += [(image, *gesture) for gesture in held[len(stored) :]]
            told.stored[image] = held
        assert len(more) <= (1 if told.under_way and not told.is_stored else 0), more
        assert not more or more[0][0] == told.at[0]
        for image in told.stored:
            draft = drafted(study.sheet(image, GRADER, Role.ASSIGNED).draft)
            before, is_stored = told.drafts.get(image), told.is_stored or bool(more)
            what = told.under_way if image == told.at[0] else ""
            assert may_be(draft, before, what, is_gesture_stored=is_stored), (draft, before, what)
            told.drafts[image] = draft


def drafted(draft):
    """Return a half-drawn outline as the windows tell it."""
    return draft and [draft.tool, draft.is_open, draft.points.tolist()]


@pytest.mark.slow
def test_fifty_kills_in_five_hundred_edits_lose_nothing_but_what_is_under_way(server, file):
    chance = random.Random(7)
    told, kills, offered = Told(), 0, 0
    while kills < KILLS or told.count < EDITS:
        offered += run_until_killed(server, file, told, chance, seed=kills)
        compare(file, told)
        kills += 1
    assert offered >= 3
    for image, stored in told.stored.items():
        assert_undo_returned_to_earlier_states(image, stored)
    gestures = {gesture for stored in told.stored.values() for gesture, _ in stored}
    assert {"draw region", "subtract hole", "move vertex", "move region", "delete region", "answer",
            "note", "report problem", "done", "undo", "redo"} <= gestures  # fmt: skip
