"""A full disk, a read-only folder, a locked or corrupt file: told clearly, nothing lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, event

from engine.domain.findings import FindingMark
from engine.domain.grading import Grading, Role
from engine.domain.image import Image
from engine.domain.options import StudyOptions
from engine.domain.polygon import ring
from engine.domain.problem import Refusal
from engine.domain.queue import Draft
from engine.study.sqlite import create_study, open_study
from tests.packet_studies import make_study, pack

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


KEY = ("00.png", "ada", Role.ASSIGNED)
HALF_DRAWN = Draft("region", ring([[1, 2], [3, 4]]))

# what a window writes while a grader draws
WRITES_OF_A_WINDOW = {
    "gesture": lambda study: study.append(
        Grading("00.png", "ada", note="x" * 9000), author="ada", parent=1, gesture="note"
    ),
    "draft": lambda study: study.keep_draft(*KEY, Draft("region", np.ones((1000, 2)))),
    "activity": lambda study: study.add_activity(*KEY, began="2026", seconds=9),
    "options": lambda study: study.set_options(StudyOptions("x" * 9000), author="lead"),
    "condition map": lambda study: study.set_condition_map("m", {"a": "x" * 9000}, author="ann"),
    "mark": lambda study: study.mark_finding(
        FindingMark("m", "k", comment="x" * 9000), author="ann"
    ),
}
each_write = pytest.mark.parametrize(
    "write", WRITES_OF_A_WINDOW.values(), ids=WRITES_OF_A_WINDOW.keys()
)


def state_of(study):
    """Return all that the writes of a window could change."""
    sheet = study.sheet(*KEY)
    draft = sheet.draft and sheet.draft.points.tolist()
    beside = study.tasks(), study.condition_map("m"), study.finding_marks("m")
    return study.info(), study.options(), study.activity(), sheet.history, draft, beside


@contextmanager
def refused(code, file):
    """Expect a refusal of this code that names the file."""
    with pytest.raises(Refusal) as caught:
        yield
    assert (caught.value.problem.code, caught.value.problem.where) == (code, str(file))
    assert caught.value.problem.remedy


# corrupt


@pytest.mark.parametrize(
    "content",
    [b"", b"not a database at all", b"SQLite format 3\0" + b"\xff" * 4096],
    ids=["empty", "text", "broken header"],
)
def test_a_file_that_is_no_study_is_refused_and_left_alone(tmp_path, content):
    file = tmp_path / "s.concord"
    file.write_bytes(content)
    with refused("study_damaged", file):
        open_study(file)
    assert file.read_bytes() == content
    assert names(tmp_path) == ["s.concord"]


def test_a_database_without_a_study_is_refused_and_left_alone(tmp_path):
    file = tmp_path / "s.concord"
    with closing(sqlite3.connect(file)) as plain:
        plain.execute("CREATE TABLE photographs (id INTEGER)")
    before = file.read_bytes()
    with refused("study_damaged", file):
        open_study(file)
    assert file.read_bytes() == before


def test_a_study_cut_off_in_the_middle_is_refused_or_found_damaged(file):
    os.truncate(file, file.stat().st_size // 2)
    with refused("study_damaged", file), open_study(file) as study:
        assert "study_damaged" in [problem.code for problem in study.check()]
        list(study.readings())


# locked


def test_a_study_that_another_program_writes_to_is_refused_to_writers_only(file):
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as other,
        open_study(file, busy_timeout=0.05) as study,
    ):
        other.execute("BEGIN IMMEDIATE")
        with refused("study_locked", file):
            study.add_images([Image("new.png", 1, 1)], author="lead")
        assert len(list(study.readings())) == 20
        other.execute("ROLLBACK")
        assert study.add_images([Image("new.png", 1, 1)], author="lead").added == 1


@each_write
def test_a_window_is_told_that_another_program_writes_and_can_try_again(file, write):
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as other,
        open_study(file, busy_timeout=0.05) as study,
    ):
        before = state_of(study)
        other.execute("BEGIN IMMEDIATE")
        with refused("study_locked", file):
            write(study)
        assert state_of(study) == before
        other.execute("ROLLBACK")
        write(study)
        assert state_of(study) != before
        assert study.check() == []


def test_an_import_keeps_other_writers_out_from_its_beginning(file):
    def gradings():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        yield Grading("00.png", "dora")

    with (
        closing(sqlite3.connect(file, isolation_level=None, timeout=0.05)) as other,
        open_study(file) as study,
    ):
        assert study.record_gradings(gradings(), author="importer").added == 1
        other.execute("BEGIN IMMEDIATE")


def test_a_study_held_exclusively_by_another_program_is_refused(file):
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with refused("study_locked", file):
            open_study(file, busy_timeout=0.05)


# read-only


@pytest.fixture
def public_folder():
    """A folder every user can reach, so that a test run by root can become nobody in it."""
    folder = Path(tempfile.mkdtemp()).resolve()
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def without_rights():
    """Give up root's right to write everywhere."""
    if os.geteuid():
        yield
        return
    nobody = 65534
    os.setresuid(nobody, nobody, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def read_only_file(file, public_folder):
    """A study in a folder that cannot be written to."""
    target = Path(shutil.copy(file, public_folder))
    target.chmod(0o444)
    public_folder.chmod(0o555)
    return target


@POSIX
def test_a_study_in_a_read_only_folder_is_refused_for_writing(read_only_file):
    with without_rights(), refused("study_read_only", read_only_file):
        open_study(read_only_file)


@POSIX
def test_a_study_in_a_read_only_folder_opens_for_reading(read_only_file):
    with without_rights(), open_study(read_only_file, read_only=True) as study:
        assert len(list(study.readings())) == 20
        assert study.check() == []
    assert names(read_only_file.parent) == ["study.concord"]


@POSIX
def test_a_packet_with_an_unfinished_write_is_not_read_where_it_cannot_be_undone(public_folder):
    packet = pack(make_study(public_folder), "ada").file
    left_behind = packet.with_name(f"{packet.name}-journal")
    with closing(sqlite3.connect(packet, isolation_level=None)) as writer:
        writer.executescript("PRAGMA cache_size = 1; BEGIN; UPDATE pictures SET content = x'ff'")
        writer.execute("UPDATE images SET path = path || zeroblob(90000)")
        half = public_folder / "half.concord"
        shutil.copy(packet, half)
        shutil.copy(left_behind, public_folder / "half.concord-journal")
    for path in (half, public_folder / "half.concord-journal"):
        path.chmod(0o444)
    public_folder.chmod(0o555)
    with without_rights(), refused("study_read_only", half):
        open_study(half, read_only=True)


@POSIX
def test_a_writable_study_in_a_read_only_folder_is_refused_for_writing(read_only_file):
    read_only_file.chmod(0o666)
    with without_rights(), refused("study_read_only", read_only_file):
        open_study(read_only_file)


@POSIX
def test_no_study_is_made_in_a_read_only_folder(public_folder):
    public_folder.chmod(0o555)
    with without_rights(), refused("folder_read_only", public_folder / "s.concord"):
        create_study(public_folder / "s", author="lead")


@POSIX
def test_no_copy_is_saved_in_a_read_only_folder(file, public_folder):
    public_folder.chmod(0o555)
    with open_study(file) as study:
        with without_rights(), refused("folder_read_only", public_folder / "c.concord"):
            study.save_copy(public_folder / "c")
        assert study.check() == []


@each_write
def test_a_window_that_opened_a_study_for_reading_keeps_nothing(file, write):
    before = file.read_bytes()
    with open_study(file, read_only=True) as study, refused("study_read_only", file):
        write(study)
    assert file.read_bytes() == before


# full disk


@contextmanager
def room_for_pages(pages):
    """Let every database have at most so many pages, as on a disk that is full then."""

    def limit(connection, record):
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def many_gradings():
    return (Grading(f"{n:02}.png", "dora", note="x" * 10_000) for n in range(20))


def test_a_full_disk_stores_nothing_of_the_step_and_the_study_goes_on(file):
    pages = file.stat().st_size // 4096 + 10
    with room_for_pages(pages), open_study(file) as study:
        before = study.info(), list(study.readings())
        with refused("disk_full", file):
            study.record_gradings(many_gradings(), author="importer")
        assert (study.info(), list(study.readings())) == before
        assert study.add_images([Image("small.png", 1, 1)], author="lead").added == 1
    with open_study(file) as study:
        assert study.check() == []
        assert study.record_gradings(many_gradings(), author="importer").added == 20


@each_write
def test_a_window_on_a_full_disk_keeps_nothing_of_a_write_and_can_try_again(
    file, small_disk, write
):
    target = Path(shutil.copy(file, small_disk))
    with open_study(target) as study:
        study.keep_draft(*KEY, HALF_DRAWN)
        before = state_of(study)
        fill(small_disk, free=0)
        with refused("disk_full", target):
            write(study)
        assert state_of(study) == before
        (small_disk / "filling").unlink()
        write(study)
        assert state_of(study) != before
    with open_study(target) as study:
        assert study.check() == []


def test_no_half_made_study_is_left_on_a_full_disk(tmp_path):
    with room_for_pages(5), refused("disk_full", tmp_path / "s.concord"):
        create_study(tmp_path / "s", author="lead")
    assert names(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid():
        pytest.skip("only root can mount a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let root mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk, *, free):
    """Leave so many bytes free."""
    room = shutil.disk_usage(disk).free - free
    (disk / "filling").write_bytes(b"x" * room)


@pytest.mark.parametrize("free", [0, 4096, 65536, 100_000])
def test_a_really_full_disk_stores_nothing_and_the_study_opens_again(file, small_disk, free):
    target = Path(shutil.copy(file, small_disk))
    with open_study(target) as study:
        before = study.info(), list(study.readings())
        fill(small_disk, free=free)
        with refused("disk_full", target):
            study.record_gradings(many_gradings(), author="importer")
        assert (study.info(), list(study.readings())) == before
    (small_disk / "filling").unlink()
    with open_study(target) as study:
        assert (study.info(), list(study.readings())) == before
        assert study.check() == []
        assert study.record_gradings(many_gradings(), author="importer").added == 20
    assert names(small_disk) == ["study.concord"]


@pytest.mark.parametrize("free", [0, 8192])
def test_a_study_opened_on_a_full_disk_stores_nothing_and_is_whole_afterwards(
    file, small_disk, free
):
    target = Path(shutil.copy(file, small_disk))
    fill(small_disk, free=free)
    with refused("disk_full", target), open_study(target) as study:
        study.add_images([Image(f"{n}.png", 1, 1) for n in range(900)], author="lead")
    (small_disk / "filling").unlink()
    with open_study(target) as study:
        assert len(study.images()) == 20
        assert study.check() == []


def test_a_copy_to_a_full_disk_leaves_nothing_there(file, small_disk):
    fill(small_disk, free=16384)
    with open_study(file) as study, refused("disk_full", small_disk / "copy.concord"):
        study.save_copy(small_disk / "copy")
    assert names(small_disk) == ["filling"]


def test_no_half_made_study_is_left_on_a_really_full_disk(small_disk):
    fill(small_disk, free=16384)
    with refused("disk_full", small_disk / "s.concord"):
        create_study(small_disk / "s", author="lead")
    assert names(small_disk) == ["filling"]
