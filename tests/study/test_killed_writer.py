"""A program killed in the middle of a write leaves the study as it was before."""

import subprocess
import sys
from pathlib import Path

import pytest

from engine.study.sqlite import open_study

ROOT = Path(__file__).parents[2]

IMPORT_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from engine.domain.grading import Grading
from engine.study.sqlite import open_study

def gradings():
    for number in range(int(sys.argv[2])):
        yield Grading(f"{number % 20:02}.png", f"grader {number // 20}", note="x" * 5000)
    print("in the middle", flush=True)
    time.sleep(60)

open_study(Path(sys.argv[1])).record_gradings(gradings(), author="importer")
"""


def kill_an_import(file, *, after):
    """Kill a program that has handed over so many gradings of its import."""
    with subprocess.Popen(
        [sys.executable, "-c", IMPORT_UNTIL_KILLED, str(file), str(after)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout.readline() == "in the middle\n"
        program.kill()


@pytest.mark.parametrize("after", [[0], [150], [3000], [150, 3000, 20]], ids=str)
def test_a_killed_import_leaves_nothing_half_written_and_can_be_done_again(
    file, gradings_of, after
):
    with open_study(file) as study:
        before = study.info(), list(study.readings())
    for count in after:
        kill_an_import(file, after=count)
    with open_study(file) as study:
        assert study.check() == []
        assert (study.info(), list(study.readings())) == before
        again = study.record_gradings(gradings_of(20), author="importer")
        assert again.unchanged == 60
    assert [path.name for path in file.parent.iterdir()] == ["study.concord"]
