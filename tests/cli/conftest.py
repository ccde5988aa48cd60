"""A study for commands to be tried on."""

import pytest


@pytest.fixture
def study(run, tmp_path):
    """An empty study."""
    run("new", tmp_path / "x.concord")
    return tmp_path / "x.concord"
