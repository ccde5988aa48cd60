"""How a command is run within this process."""

import pytest
from typer.testing import CliRunner

from engine.cli import application


@pytest.fixture
def run():
    """Run a dermconcord command and return its result; a bug is raised."""

    def run(*arguments, code=0, **environment):
        result = CliRunner().invoke(application, [str(a) for a in arguments], env=environment)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def study(run, tmp_path):
    """An empty study."""
    run("new", tmp_path / "x.concord")
    return tmp_path / "x.concord"
