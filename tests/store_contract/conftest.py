"""The stores that must keep the contract of `engine.study.protocol.Study`."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from engine.study.protocol import Study
from engine.study.sqlite import create_study

MakeStudy = Callable[[], Study]


def sqlite_file(folder: Path) -> Study:
    return create_study(folder / "study.concord", author="lead", clock=ticking())


BACKENDS = [sqlite_file]


def ticking() -> Callable[[], datetime]:
    """Return a clock that is a second later each time it is looked at."""
    seconds = count()
    return lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(seconds))


@pytest.fixture(params=BACKENDS, ids=lambda make: make.__name__)
def make_study(request, tmp_path_factory) -> Iterator[MakeStudy]:
    """A function that makes one more empty study; all are closed at the end."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(request.param(tmp_path_factory.mktemp("s"))))


@pytest.fixture
def study(make_study: MakeStudy) -> Study:
    """An empty study."""
    return make_study()
