"""A run that ends in the middle, by its key or by a kill, is gone on with, and not repeated."""

import shutil

import numpy as np
import pytest

from desktop_app.window.settings import Settings, open_store
from engine.domain.options import StudyOptions
from engine.domain.settings import RunSettings, SaliencySettings
from engine.formats.options import ImportOptions
from engine.pipeline import import_files
from engine.study.sqlite import create_study, open_study
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor
from resources.demo.study import CARD, write_demo
from tests.desktop_app.e2e.at_window import command, hidden_screen, program
from tests.desktop_app.e2e.person import screen, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not screen.can_show(), reason="takes Xvfb and xdotool"),
]

ANALYST = "Ada"
SETTINGS = RunSettings(saliency=SaliencySettings(steps=10, joint_gradients=60))


@pytest.fixture
def file(tmp_path):
    """A closed demo study of few cases, whose analyst the program knows."""
    folder = tmp_path / "demo"
    made = write_demo(folder, cases=16)
    with create_study(folder / "demo.concord", author="demo") as study:
        sources = [made.photographs, made.manifest, made.gradings]
        import_files(study, sources, ImportOptions(), JobContext(InlineExecutor()), author="demo")
        study.set_options(StudyOptions(analysts=(ANALYST,), settings=SETTINGS), author="demo")
        study_id = study.info().id
    settings = Settings(open_store(tmp_path / "home" / ".config" / "dermconcord" / "settings.ini"))
    settings.remember_grader(study_id, ANALYST)
    settings.sync()
    return folder / "demo.concord"


def maps_of(file):
    """Return the maps beside a study, each with the time at which it was written."""
    folder = file.with_name(f"{file.name}.maps")
    return {path: path.stat().st_mtime_ns for path in folder.glob("*.map.npz")}


def begin_run(person):
    person.see("Explain page")
    person.go_to_page("ctrl+3", "Model card")
    person.see("Run", kind="KeyButton")
    person.press("F5")
    person.see("Pause the run")


def quit_window(person):
    person.quit(seconds=15)


def kill(person):
    person.process.kill()
    person.process.wait()
    person.assert_silent()


@pytest.mark.parametrize("end", [quit_window, kill])
def test_what_was_finished_before_the_end_is_kept_and_not_made_again(tmp_path, file, end):
    home, table = tmp_path / "home", tmp_path / "window.csv"
    with hidden_screen() as shown:
        with program(home, shown, file) as person:
            begin_run(person)
            wait_until(lambda: len(maps_of(file)) >= 4, "the first maps", pause=0.02)
            end(person)
        finished = maps_of(file)
        for path in finished:
            with np.load(path) as arrays:  # none is half written
                assert all(np.isfinite(arrays[name]).all() for name in arrays if
                           arrays[name].dtype.kind == "f")  # fmt: skip
        with program(home, shown, file, number=2) as person:
            begin_run(person)
            person.see("DermConcord demo classifier", kind="RunRow", seconds=120)
            person.press("ctrl+e")
            person.name_file("Export the table", table)
            person.see("The table was written")
            person.quit()
    after = maps_of(file)
    assert len(after) > len(finished), "the run had ended already"
    assert {path: after.get(path) for path in finished} == finished
    with open_study(file, read_only=True) as study:
        assert study.check() == []
    shutil.rmtree(file.with_name(f"{file.name}.maps"))
    command(home, "explain", file, "--model", CARD, "--csv", tmp_path / "anew.csv")
    assert table.read_bytes() == (tmp_path / "anew.csv").read_bytes()
