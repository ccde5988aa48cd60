"""A file dialog over the open study's folder leaves the study's locks alone."""

import pytest
from PIL import Image as Picture

from desktop_app.window.settings import Settings, open_store
from engine.domain.grading import Role, Task
from engine.domain.image import Image
from engine.images.digest import digest_of
from engine.study.sqlite import create_study, open_study
from tests.desktop_app.e2e.at_window import hidden_screen, program
from tests.desktop_app.e2e.person import screen, wait_until

pytestmark = pytest.mark.skipif(not screen.can_show(), reason="takes Xvfb and xdotool")

GRADER = "Ada"


@pytest.fixture
def file(tmp_path):
    """A closed study of one photograph, whose grader the program knows."""
    photograph = tmp_path / "skin.png"
    Picture.new("RGB", (400, 300), (200, 140, 120)).save(photograph)
    with create_study(tmp_path / "study.concord", author=GRADER) as study:
        image = Image(photograph.name, 400, 300, digest_of(photograph))
        study.add_images([image], author=GRADER)
        tasks = [Task(image.path, GRADER, Role.ASSIGNED, 0)]
        study.assign_tasks(tasks, author=GRADER, seed=None)
        study_id = study.info().id
    settings = Settings(open_store(tmp_path / "home" / ".config" / "dermconcord" / "settings.ini"))
    settings.remember_grader(study_id, GRADER)
    settings.sync()
    return tmp_path / "study.concord"


def revisions(file):
    """Return what another program reads of the study; it opens and closes it each time."""
    with open_study(file, read_only=True) as study:
        return study.revisions("skin.png", GRADER)


@pytest.mark.slow
def test_what_is_stored_after_a_dialog_showed_the_study_is_there_for_others(tmp_path, file):
    with hidden_screen() as shown, program(tmp_path / "home", shown, file) as person:
        person.see("Not visible", kind="KeyButton")
        person.press("ctrl+o")
        person.attend("Open study")
        person.see("study.concord", kind="cell", window="Open study")
        person.press("Escape")
        person.turn_back()
        assert revisions(file) == []  # its end must not take the write-ahead log along
        person.press("q")
        wait_until(lambda: len(revisions(file)) == 1, "the answer", seconds=10)
        person.process.kill()  # nothing but what is on the disk is left
        person.process.wait()
    assert len(revisions(file)) == 1
