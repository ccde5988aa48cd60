"""A person at a desk, and studies for it."""

import threading

import pytest

from tests import packet_studies
from tests.desktop_app.desk.desks import at_desk


@pytest.fixture
def person(qtbot, tmp_path):
    with at_desk(qtbot, tmp_path) as person:
        yield person


@pytest.fixture
def folder(tmp_path):
    """Where the studies of a test lie."""
    folder = tmp_path / "studies"
    folder.mkdir()
    return folder


@pytest.fixture
def file(folder):
    """A study of three photographs that ada, bo and cy are asked for."""
    return packet_studies.make_study(folder)


@pytest.fixture
def other(folder):
    """Another study."""
    second = folder / "second"
    second.mkdir()
    return packet_studies.make_study(second).rename(second / "other.concord")


class Halting:
    """A step of a job at which it waits until the test lets it go on."""

    def __init__(self, monkeypatch, module, name):
        self.reached, self.goes_on = threading.Event(), threading.Event()
        whole = getattr(module, name)

        def halting(*args, **kwargs):
            self.reached.set()
            assert self.goes_on.wait(60)
            return whole(*args, **kwargs)

        monkeypatch.setattr(module, name, halting)


@pytest.fixture
def halt(monkeypatch):
    """A function that has a job wait at a step of its own, named with the module it is in."""
    import engine.pipeline

    halts = []

    def halt(name, module=engine.pipeline):
        halts.append(Halting(monkeypatch, module, name))
        return halts[-1]

    yield halt
    for one in halts:
        one.goes_on.set()
