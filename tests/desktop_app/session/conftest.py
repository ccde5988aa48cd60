"""A real study of small photographs, and a grader's session on it."""

import itertools
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PIL import Image as Picture

from desktop_app.session.grading import GradingSession
from desktop_app.worker.bridge import Bridge
from engine.domain.grading import Role, Task
from engine.domain.image import Image
from engine.images.digest import digest_of
from engine.study.sqlite import create_study, open_study
from engine.tasks.executors import InlineExecutor

COUNT = 6


@pytest.fixture
def file(tmp_path):
    """A closed study of six photographs, read by Ada and by Bo."""
    random = np.random.default_rng(0)
    images = []
    for number in range(COUNT):
        path = tmp_path / f"{number}.png"
        Picture.fromarray(random.integers(0, 255, (40, 60, 3), dtype=np.uint8)).save(path)
        images.append(Image(path.name, 60, 40, digest_of(path)))
    with create_study(tmp_path / "study.concord", author="lead") as study:
        study.add_images(images, author="lead")
        tasks = [
            Task(image.path, grader, Role.ASSIGNED, position)
            for grader in ("Ada", "Bo")
            for position, image in enumerate(images)
        ]
        study.assign_tasks(tasks, author="lead", seed=None)
    return tmp_path / "study.concord"


@pytest.fixture
def clock():
    """A clock that a test turns by hand: ``clock.now += 5``."""

    class Clock:
        now = 0.0

        def __call__(self):
            return self.now

    return Clock()


@pytest.fixture
def open_session(file, qtbot, clock):
    """A function that opens one more session on the study, all on the test's own thread."""
    moments = itertools.count()
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    studies = []

    def open_one(grader="Ada", executor=None, study=None):
        study = study or open_study(file, busy_timeout=0.1)
        studies.append(study)
        bridge = Bridge(executor or InlineExecutor())
        session = GradingSession(
            study,
            bridge,
            grader=grader,
            clock=clock,
            now=lambda: begin + timedelta(seconds=next(moments)),
        )
        bridge.setParent(session)
        session.load()
        if executor is None:
            qtbot.waitUntil(lambda: session.sheet is not None)
        return session

    yield open_one
    for study in studies:
        study.close()


@pytest.fixture
def settle(qtbot):
    """A function that waits until a session has stored everything."""
    return lambda session: qtbot.waitUntil(lambda: session.is_all_stored, timeout=60_000)
