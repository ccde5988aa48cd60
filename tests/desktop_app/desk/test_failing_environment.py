"""A locked file, a full disk, a folder without rights: told once, the work kept, stored in order.

Each is provoked while a window has the study open and a person goes on drawing.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from desktop_app.window.banner import Banner
from desktop_app.window.status import FAILING, SAVED
from engine.study.sqlite import open_study
from tests import packet_studies
from tests.desktop_app.squares import square

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
GESTURES = 3
HOLDS_THE_LOCK = """
import sqlite3, sys
study = sqlite3.connect(sys.argv[1], isolation_level=None)
study.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
study.execute("ROLLBACK")
"""


def regions_of(file, image):
    """Return the regions of each revision, oldest first."""
    with open_study(file, read_only=True) as study:
        return [r.grading.region for r in study.revisions(image, "ada")]


@contextmanager
def another_writer(file):
    """Another process that holds the write lock until it is told to let go."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDS_THE_LOCK, file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        assert other.stdout.readline() == "held\n"
        try:
            yield
        finally:
            other.stdin.close()
            other.wait(60)


@contextmanager
def full(disk):
    """Fill a disk to its last byte."""
    filling = disk / "filling"
    filling.write_bytes(b"x" * shutil.disk_usage(disk).free)
    try:
        yield
    finally:
        filling.unlink()


@contextmanager
def read_only(folder):
    """Take everybody's right to write in a folder, and root's right to write anywhere."""
    is_root, nobody = os.geteuid() == 0, 65534
    modes = {path: path.stat().st_mode for path in [folder, *folder.iterdir()]}
    for path in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if is_root:
        os.setresuid(nobody, nobody, 0)
    try:
        yield
    finally:
        if is_root:
            os.setresuid(0, 0, 0)
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid():
        pytest.skip("only root can mount a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let root mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def public_folder():
    """A folder every user can reach, so that a test run by root can become nobody in it.

    Tests name what lies on it before the person, who is then gone before it is.
    """
    folder = Path(tempfile.mkdtemp()).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


FAILURES = {
    "locked": (another_writer, "study_locked"),
    "full": (lambda file: full(file.parent), "disk_full"),
    "read-only": (lambda file: read_only(file.parent), "study_read_only"),
}


@pytest.fixture(
    params=["locked", "full", pytest.param("read-only", marks=POSIX)],
)
def failure(request):
    """A way in which a study cannot be written to, and the code of its problem."""
    return request.param


@pytest.fixture
def file(failure, request, tmp_path):
    """A study where it can be made to fail so."""
    places = {"full": "small_disk", "read-only": "public_folder"}
    folder = request.getfixturevalue(places[failure]) if failure in places else tmp_path
    study = packet_studies.make_study(folder)
    # what is written to a study goes on beside it, in a file that is open already; a packet's not
    return packet_studies.pack(study, "ada").file if failure == "read-only" else study


@pytest.fixture
def fails(failure, file):
    """A way to have the study fail, and the code of its problem."""
    provoke, code = FAILURES[failure]
    return lambda: provoke(file), code


def draw_and_be_refused(person, code):
    """Draw some regions that cannot be stored, and see what the window says."""
    for at in range(GESTURES):
        person.draw(square(2 + 9 * at, 6))
    person.wait(lambda: code in person.banners and person.session.saving.saving == "failing")


def shown(person):
    """Return the banners that can be seen."""
    banners = person.window.banners.findChildren(Banner)
    return [banner for banner in banners if banner.isVisible()]


def is_refused_once_more(person, code):
    """Try again, and wait for the refusal."""
    told = []
    person.session.problem.connect(told.append)
    person.press(code, "Try again now")
    person.wait(lambda: told)
    person.session.problem.disconnect(told.append)
    assert [problem.code for problem in told] == [code]


def stored_in_order(file):
    squares = [square(2 + 9 * at, 6) for at in range(GESTURES)]
    expected = [tuple(squares[: at + 1]) for at in range(GESTURES)]
    return regions_of(file, "p/00.png") == expected


def test_one_banner_tells_it_and_what_is_drawn_stays_until_a_retry_stores_it(file, fails, person):
    provoke, code = fails
    person.open(file, grader="ada")
    with provoke():
        draw_and_be_refused(person, code)
        for _ in range(3):
            is_refused_once_more(person, code)
        assert [banner.problem.code for banner in shown(person)] == [code]
        words = str(shown(person)[0].problem)
        assert str(file) in words
        assert "Leave the window open" in words
        buttons = [b.text() for b in shown(person)[0].findChildren(QPushButton)]
        assert buttons == ["Try again now"]
        assert person.window.status.saving.text.text() == FAILING
        assert len(person.session.grading.region) == GESTURES
        assert len(person.desk.page.canvas.region) == GESTURES
        assert person.desk.page.isEnabled()
    person.press(code, "Try again now")
    person.wait_until_stored()
    assert person.banners == ()
    assert person.window.status.saving.text.text() == SAVED
    assert stored_in_order(file)
    assert person.bugs == []


def test_it_is_tried_again_without_anybody_asking_and_the_banner_goes(file, fails, person):
    provoke, code = fails
    person.open(file, grader="ada")
    with provoke():
        draw_and_be_refused(person, code)
    person.wait_until_stored()  # by its own clock
    assert person.banners == ()
    assert stored_in_order(file)


def test_the_grader_goes_on_with_other_images_meanwhile(file, fails, person):
    provoke, code = fails
    person.open(file, grader="ada")
    with provoke():
        draw_and_be_refused(person, code)
        session = person.session
        session.next()
        person.wait(lambda: session.sheet is not None)
        assert session.grading.region == ()
        person.draw(square(1, 4))
        session.previous()
        assert len(session.grading.region) == GESTURES
        assert person.banners == (code,)
    person.press(code, "Try again now")
    person.wait_until_stored()
    assert stored_in_order(file)
    assert regions_of(file, "p/01.png") == [(square(1, 4),)]


def test_undo_goes_on_while_nothing_can_be_stored(file, fails, person):
    provoke, code = fails
    person.open(file, grader="ada")
    with provoke():
        draw_and_be_refused(person, code)
        person.do("undo")
        person.do("undo")
        person.do("redo")
        assert person.session.grading.region == (square(2, 6), square(11, 6))
    person.press(code, "Try again now")
    person.wait_until_stored()
    counts = [len(region) for region in regions_of(file, "p/00.png")]
    assert counts == [1, 2, 3, 2, 1, 2]


def test_a_dismissed_banner_comes_back_for_as_long_as_nothing_is_stored(file, fails, person):
    provoke, code = fails
    person.open(file, grader="ada")
    with provoke():
        draw_and_be_refused(person, code)
        person.banner(code).dismissed.emit(code)
        assert person.banners == ()
        person.wait(lambda: person.banners == (code,))
    person.wait_until_stored()
    assert person.banners == ()


@POSIX
def test_a_study_in_a_folder_that_cannot_be_written_to_is_refused_at_the_first_page(
    public_folder, person
):
    study = packet_studies.make_study(public_folder)
    with read_only(public_folder):
        person.desk.open(study)
        person.wait(lambda: person.banners)
    assert person.banners == ("study_read_only",)
    assert person.is_at_first_page


@POSIX
def test_a_study_whose_folder_becomes_read_only_while_it_is_open_goes_on_storing(
    public_folder, person
):
    study = packet_studies.make_study(public_folder)
    person.open(study, grader="ada")
    with read_only(public_folder):
        person.draw(square(3))
        person.wait_until_stored()
    assert person.banners == ()
    assert regions_of(study, "p/00.png") == [(square(3),)]
