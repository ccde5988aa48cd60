"""A program killed in the middle of a write leaves the study as it was before."""

import subprocess
import sys
from contextlib import contextmanager
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


DRAW_UNTIL_KILLED = """
import sys
from itertools import count
from pathlib import Path
from engine.domain.grading import Grading, Role, Status
from engine.domain.polygon import Polygon, ring
from engine.domain.queue import Draft
from engine.study.sqlite import open_study

def outline(number):
    return ring([[0, 0], [4, 0], [4, number + 1]])

with open_study(Path(sys.argv[1])) as study:
    parent = study.sheet("00.png", "ada").parent
    for number in count(parent):
        region = (Polygon(outline(number)),)
        grading = Grading("00.png", "ada", region=region, status=Status.STARTED)
        gesture = f"gesture {number}"
        parent = study.append(grading, author="ada", parent=parent, gesture=gesture).number
        study.keep_draft("00.png", "ada", Role.ASSIGNED, Draft("region", outline(number)))
        study.add_activity("00.png", "ada", Role.ASSIGNED, began="2026", seconds=number)
        print(number, flush=True)
"""

HALF_DRAW_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from engine.domain.grading import Role
from engine.domain.polygon import ring
from engine.domain.queue import Draft
from engine.study.sqlite import open_study

study = open_study(Path(sys.argv[1]))
study.add_activity("00.png", "ada", Role.ASSIGNED, began="2026", seconds=9)
study.keep_draft("00.png", "ada", Role.ASSIGNED, Draft("hole", ring([[1, 2], [3, 4]])))
print("half drawn", flush=True)
time.sleep(60)
"""


@contextmanager
def killed(code, *arguments):
    """Run a program whose lines of output can be read in the block, and kill it at its end."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        yield program.stdout
        program.kill()


def kill_an_import(file, *, after):
    """Kill a program that has handed over so many gradings of its import."""
    with killed(IMPORT_UNTIL_KILLED, file, after) as lines:
        assert lines.readline() == "in the middle\n"


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


@pytest.mark.parametrize("moments", [[1], [25], [2, 1, 30, 7]], ids=str)
def test_every_gesture_that_was_finished_outlives_a_killed_window(file, moments):
    for finished in moments:
        with killed(DRAW_UNTIL_KILLED, file) as lines:
            told = [int(lines.readline()) for _ in range(finished)]
        with open_study(file) as study:
            assert study.check() == []
            sheet = study.sheet("00.png", "ada")
        assert sheet.parent > told[-1]
        assert sheet.history.gestures == tuple(f"gesture {n}" for n in range(1, sheet.parent))
        assert sheet.history.present.region[0].exterior[-1].tolist() == [4, sheet.parent]
        assert told[-1] <= sheet.seconds < sheet.parent
        assert sheet.draft is None or sheet.draft.points[-1].tolist() == [4, sheet.parent]


def test_the_half_drawn_outline_and_the_time_at_work_outlive_a_killed_window(file):
    with killed(HALF_DRAW_UNTIL_KILLED, file) as lines:
        assert lines.readline() == "half drawn\n"
    with open_study(file) as study:
        sheet = study.sheet("00.png", "ada")
        assert (sheet.draft.tool, sheet.draft.points.tolist()) == ("hole", [[1, 2], [3, 4]])
        assert sheet.seconds == 9
        assert study.check() == []
