"""Fixtures that every test may use."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.cli import application

REAL_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real images and annotations; the test is skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("the optional folder of real data is absent")
    return REAL_DATA


@pytest.fixture
def run():
    """Run a dermconcord command in this process and return its result; a bug is raised."""

    def run(*arguments, code=0, **environment):
        result = CliRunner().invoke(application, [str(a) for a in arguments], env=environment)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run
