"""What all commands share: help, version, exit statuses, and output that any terminal takes."""

import importlib.metadata
import json
import os
import subprocess
import sys

import pytest

from engine.cli.terminal import print_json
from engine.tasks.cancel import Stopped


def test_the_version_is_that_of_the_package(run):
    assert run("--version").stdout == f"dermconcord {importlib.metadata.version('dermconcord')}\n"


def test_the_help_says_what_each_exit_status_means(run):
    said = " ".join(run("--help").stdout.split())
    assert "0 done, 1 problems in the data (they are listed), 2 wrong usage, 130 stopped" in said


@pytest.mark.parametrize("command", ["import", "demo", "doctor"])
def test_the_help_of_a_command_says_when_it_exits_with_1(run, command):
    assert "exit status" in " ".join(run(command, "--help").stdout.split())


def test_the_help_of_import_gives_the_defaults(run):
    said = " ".join(run("import", "--help").stdout.split())
    assert "(none: the file's author, or its folder)" in said
    assert "(light)" in said


@pytest.mark.parametrize(
    ("environment", "author"),
    [
        ({"USER": "ann", "USERNAME": "bob"}, "ann"),
        ({"USER": "", "USERNAME": "bob"}, "bob"),
        ({"USER": "", "USERNAME": ""}, "unknown"),
    ],
)
def test_the_log_gets_the_login_name(run, tmp_path, environment, author):
    file = tmp_path / "x.concord"
    run("new", file, **environment)

    from engine.study.sqlite import open_study

    with open_study(file, read_only=True) as study:
        assert {entry.author for entry in study.audit()} == {author}


def test_json_is_ascii(capsys):
    print_json({"where": "Läsion ✓", "bytes": "\udcff"})
    said = capsys.readouterr().out
    assert said.isascii()
    assert json.loads(said)["where"] == "Läsion ✓"


def test_a_name_that_the_terminal_cannot_show_is_written_as_codes(tmp_path):
    finished = subprocess.run(
        [sys.executable, "-m", "engine.cli", "new", tmp_path / "Läsion-✓.concord"],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert b"L\xe4sion-\\u2713.concord" in finished.stdout


@pytest.mark.parametrize("interruption", [Stopped, KeyboardInterrupt])
def test_an_interrupted_command_says_so_in_json_too(run, tmp_path, monkeypatch, interruption):
    def interrupt(*_, **__):
        raise interruption

    monkeypatch.setattr("engine.study.sqlite.create_study", interrupt)
    (problem,) = json.loads(run("new", tmp_path / "x", "--json", code=130).stdout)["problems"]
    assert problem["code"] == "stopped"
    assert "run the same command again" in run("new", tmp_path / "x", code=130).stderr.lower()


def test_a_study_that_exists_is_refused_with_status_1(run, study):
    assert str(study) in run("new", study, code=1).stderr


def test_a_file_of_no_use_that_was_named_is_a_warning(run, study, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.touch()
    (problem,) = json.loads(run("import", study, notes, "--json", code=1).stdout)["problems"]
    assert problem["where"] == str(notes)


def test_a_damaged_study_keeps_nothing_of_the_machine_back(run, study):
    study.write_bytes(b"no database " * 100)
    result = run("doctor", study, code=1)
    assert "python" in result.stdout
    assert "1 problem\n" in result.stdout
    assert str(study) in result.stderr
    document = json.loads(run("doctor", study, "--json", code=1).stdout)
    assert document["machine"]["versions"]["python"]
    assert document["study"] is None
    assert document["problems"]
