"""The graders' program that was built grades a packet: ``pytest -m bundle tests/packaging``."""

import sys
from pathlib import Path

import pytest

DIST = Path(__file__).parents[2] / "dist"


@pytest.mark.bundle
@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks at the window through X")
def test_the_program_grades_a_packet_where_no_python_is(packaging, tmp_path):
    if not packaging("screen").can_show():
        pytest.skip("Xvfb and xdotool are missing")
    if not list(DIST.glob("dermconcord-*.tar.xz")):
        pytest.skip("nothing is built: python3 packaging/run.py bundle")
    trial = packaging("try_bundle")
    told = trial.prove(trial.newest_archive(), tmp_path)
    assert "the packet holds that and nothing else" in "\n".join(told)
