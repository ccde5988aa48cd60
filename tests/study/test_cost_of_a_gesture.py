"""What a window writes costs the database as little in a large study as in a small one."""

from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from engine.domain.grading import Grading, Role, Status, Task
from engine.domain.image import Image
from engine.domain.polygon import ring
from engine.domain.queue import Draft
from engine.study.sqlite import create_study, open_study

KEY = ("000.png", "ada", Role.ASSIGNED)
WRITES = {
    "gesture": lambda study: study.append(
        Grading(*KEY[:2], visible=False), author="ada", parent=1, gesture="answer not visible"
    ),
    "draft": lambda study: study.keep_draft(*KEY, Draft("region", ring([[1, 2], [3, 4]]))),
    "activity": lambda study: study.add_activity(*KEY, began="2026", seconds=9),
    "sheet": lambda study: study.sheet(*KEY),
}


@pytest.fixture
def make_study(tmp_path):
    """Return a function that makes a study of so many images, each read and spoken of."""

    def make(images):
        file = tmp_path / f"{images}.concord"
        names = [f"{number:03}.png" for number in range(images)]
        with create_study(file, author="lead") as study:
            study.add_images([Image(name, 9, 9) for name in names], author="lead")
            tasks = [Task(name, "ada", Role.ASSIGNED, n) for n, name in enumerate(names)]
            study.assign_tasks(tasks, author="lead", seed=1)
            gradings = [Grading(name, "ada", status=Status.STARTED) for name in names]
            study.record_gradings(gradings, author="importer")
            study.label_body_parts({name: frozenset() for name in names}, author="lead")
        return file

    return make


@contextmanager
def counted_steps():
    """Count the steps of SQLite's machine, of connections made in the block."""
    steps = []

    def watch(connection, record):
        connection.set_progress_handler(lambda: steps.append(1), 1)

    event.listen(Engine, "connect", watch)
    try:
        yield steps
    finally:
        event.remove(Engine, "connect", watch)


def cost(file, write):
    """Return the steps that a write takes."""
    with counted_steps() as steps, open_study(file) as study:
        opening = len(steps)
        write(study)
        return len(steps) - opening


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_write_takes_no_more_steps_where_a_hundred_times_as_much_is_stored(make_study, write):
    small, large = (cost(make_study(images), write) for images in (5, 500))
    assert 0 < large < 1.5 * small


def test_a_queue_takes_steps_in_proportion_to_its_own_tasks(make_study):
    def read(study):
        assert study.queue("ada")

    few, many = (cost(make_study(images), read) for images in (50, 500))
    assert 0 < many < 15 * few


def test_asking_for_what_was_withdrawn_takes_steps_in_proportion_to_the_tasks(tmp_path):
    def ask_again(images):
        names = [f"{number:03}.png" for number in range(images)]
        tasks = [Task(name, "ada", Role.ASSIGNED, n) for n, name in enumerate(names)]
        with create_study(tmp_path / f"{images}.concord", author="lead") as study:
            study.add_images([Image(name, 9, 9) for name in names], author="lead")
            study.assign_tasks(tasks, author="lead", seed=1)
            assert study.withdraw_tasks(tasks, author="lead").changed == images
        return cost(study.file, lambda study: study.assign_tasks(tasks, author="lead", seed=2))

    few, many = map(ask_again, (50, 500))
    assert 0 < few < many < 15 * few
