"""The file of a study: how it is named, made, opened, closed and copied."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.problem import Refusal
from engine.study.connection import connect
from engine.study.sqlite import create_study, open_study


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("lesions", "lesions.concord"),
        ("lesions.concord", "lesions.concord"),
        ("lesions.v2", "lesions.v2.concord"),
        ("lesions [1]", "lesions [1].concord"),
        ("lesions 100%?#", "lesions 100%?#.concord"),
    ],
)
def test_a_study_has_its_suffix_and_is_found_without_it(tmp_path, given, made):
    if sys.platform == "win32" and "?" in given:
        pytest.skip("no such names on Windows")
    with create_study(tmp_path / given, author="lead") as study:
        identity = study.info().id
    assert names(tmp_path) == [made]
    with open_study(tmp_path / given) as study:
        assert study.info().id == identity
        assert study.folder == tmp_path.resolve()


def test_a_new_study_never_overwrites_a_file(tmp_path):
    (tmp_path / "s.concord").write_text("somebody's")
    with pytest.raises(Refusal) as refused:
        create_study(tmp_path / "s", author="lead")
    assert refused.value.problem.code == "file_exists"
    assert (tmp_path / "s.concord").read_text() == "somebody's"
    assert names(tmp_path) == ["s.concord"]


def test_a_new_study_needs_an_existing_folder(tmp_path):
    with pytest.raises(Refusal, match="No file can be made in this folder"):
        create_study(tmp_path / "nowhere" / "s", author="lead")


def test_a_missing_study_is_refused_and_not_made(tmp_path):
    with pytest.raises(Refusal) as refused:
        open_study(tmp_path / "s")
    assert refused.value.problem.code == "study_missing"
    assert names(tmp_path) == []


def test_the_database_survives_power_loss_and_keeps_its_references(file):
    statements = []
    with connect(file).connect() as connection:
        for pragma in ("journal_mode", "synchronous", "foreign_keys"):
            statements.append(connection.exec_driver_sql(f"PRAGMA {pragma}").scalar())
    assert statements == ["wal", 3, 1]


def test_closing_leaves_the_one_file_alone_with_everything_in_it(tmp_path):
    with create_study(tmp_path / "s", author="lead") as study:
        study.add_images([Image("a.png", 1, 1)], author="lead")
        assert len(names(tmp_path)) == 3
    assert names(tmp_path) == ["s.concord"]
    with closing(sqlite3.connect(tmp_path / "s.concord")) as plain:
        assert plain.execute("SELECT path FROM images").fetchall() == [("a.png",)]


def test_closing_tidies_up_though_a_stream_was_left_in_the_middle(file):
    study = open_study(file)
    stream = study.readings()
    next(stream)
    study.close()
    assert names(file.parent) == ["study.concord"]


def test_a_study_may_be_opened_in_one_thread_and_used_in_another(file):
    found = []
    study = open_study(file)
    thread = threading.Thread(target=lambda: found.append(len(study.images())))
    thread.start()
    thread.join()
    study.close()
    assert found == [20]


def test_a_copy_is_the_same_study_taken_while_it_is_open(file, tmp_path):
    with open_study(file) as study:
        study.append(Grading("00.png", "ada", note="x"), author="ada", parent=1)
        copy = study.save_copy(tmp_path / "copy")
        info, readings = study.info(), list(study.readings())
    assert copy == tmp_path / "copy.concord"
    assert names(tmp_path) == ["copy.concord", "study.concord"]
    with open_study(copy) as study:
        assert study.info() == info
        assert list(study.readings()) == readings
        assert study.check() == []


def test_a_copy_never_overwrites_a_file(file, tmp_path):
    (tmp_path / "copy.concord").write_text("somebody's")
    with open_study(file) as study, pytest.raises(Refusal) as refused:
        study.save_copy(tmp_path / "copy")
    assert refused.value.problem.code == "file_exists"
    assert (tmp_path / "copy.concord").read_text() == "somebody's"
    assert names(tmp_path) == ["copy.concord", "study.concord"]


def test_a_copy_never_overwrites_a_file_that_appears_meanwhile(file, tmp_path, monkeypatch):
    target = tmp_path / "copy.concord"
    link = os.link

    def link_too_late(source, destination):
        target.write_text("somebody's")
        link(source, destination)

    monkeypatch.setattr("os.link", link_too_late)
    with open_study(file) as study, pytest.raises(Refusal) as refused:
        study.save_copy(target)
    assert refused.value.problem.code == "file_exists"
    assert target.read_text() == "somebody's"
    assert names(tmp_path) == ["copy.concord", "study.concord"]


def test_where_links_are_unknown_a_file_is_renamed_into_place(tmp_path, monkeypatch):
    def no_links(source, target):
        raise PermissionError("this file system has no hard links")

    monkeypatch.setattr("os.link", no_links)
    create_study(tmp_path / "s", author="lead").close()
    assert names(tmp_path) == ["s.concord"]
    with pytest.raises(Refusal):
        create_study(tmp_path / "s", author="lead")


def test_a_study_reached_through_a_link_lies_where_its_file_lies(file, tmp_path):
    link = tmp_path / "elsewhere" / "link.concord"
    link.parent.mkdir()
    try:
        link.symlink_to(file)
    except OSError:
        pytest.skip("no symbolic links here")
    with open_study(link) as study:
        assert study.folder == file.parent
        study.add_images([Image("new.png", 1, 1)], author="lead")
    assert names(link.parent) == ["link.concord"]


def test_a_study_opened_for_reading_takes_no_writes(file):
    before = file.read_bytes()
    with open_study(file, read_only=True) as study:
        assert len(list(study.readings())) == 20
        with pytest.raises(Refusal) as refused:
            study.append(Grading("00.png", "ada"), author="ada", parent=1)
        assert study.check() == []
    assert refused.value.problem.code == "study_read_only"
    assert file.read_bytes() == before
    assert names(file.parent) == ["study.concord"]


def test_a_grader_who_reads_sees_what_another_program_writes(file):
    with open_study(file) as writer, open_study(file, read_only=True) as reader:
        writer.add_images([Image("new.png", 1, 1)], author="lead")
        assert len(reader.images()) == 21


def test_the_protocol_can_be_imported_without_the_database():
    code = "import sys, engine.study.protocol as p; assert 'sqlalchemy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_study_of_todays_schema_is_opened_without_loading_the_migrations(file):
    code = (
        "import sys; from pathlib import Path; from engine.study.sqlite import open_study;"
        "open_study(Path(sys.argv[1])).close(); assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(file)], check=True)
