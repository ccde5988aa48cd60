"""What a study file is, is told to dialogs by its name."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeDatabase

from desktop_app.window.kinds_of_files import DATA_FOLDERS, USUAL, name_study_files


def test_the_kinds_are_added_behind_those_that_the_desktop_knows():
    environment = {}
    name_study_files(environment, "linux")
    before, ours = environment[DATA_FOLDERS].rsplit(":", 1)
    assert before == USUAL
    assert (Path(ours) / "mime" / "packages" / "dermconcord.xml").is_file()
    environment = {DATA_FOLDERS: "/opt/share"}
    name_study_files(environment, "linux")
    assert environment[DATA_FOLDERS] == f"/opt/share:{ours}"


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_are_left_alone(platform):
    environment = {}
    name_study_files(environment, platform)
    assert environment == {}


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal"])
def test_a_study_is_known_without_a_look_into_it(monkeypatch, tmp_path, ending):
    environment = {}
    name_study_files(environment, "linux")
    monkeypatch.setenv(DATA_FOLDERS, environment[DATA_FOLDERS])
    file = tmp_path / f"study.concord{ending}"
    file.write_bytes(b"SQLite format 3\0")
    kind = QMimeDatabase().mimeTypeForFile(str(file))
    assert kind.name() == "application/x-dermconcord"


def test_both_lists_of_names_are_alike():
    """GTK reads one of them, Qt the other."""
    environment = {}
    name_study_files(environment, "linux")
    folder = Path(environment[DATA_FOLDERS].rsplit(":", 1)[1]) / "mime"
    lines = (folder / "globs2").read_text(encoding="utf-8").splitlines()
    xml = (folder / "packages" / "dermconcord.xml").read_text(encoding="utf-8")
    assert len(lines) == xml.count("<glob ") == 4
    for line in lines:
        _, kind, pattern = line.split(":")
        assert f'type="{kind}"' in xml
        assert f'<glob pattern="{pattern}"/>' in xml
