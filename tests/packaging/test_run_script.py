"""The script that sets up an environment: what it installs, and what it says where it cannot."""

import ast
import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

SCRIPT = Path(__file__).parents[2] / "packaging" / "run.py"


@pytest.fixture
def script(tmp_path, monkeypatch):
    """The script as a module, with its environment in a folder of its own."""
    spec = importlib.util.spec_from_file_location("packaging_run", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(module, "is_there", lambda _: True)
    return module


@pytest.fixture
def ran(monkeypatch):
    """Lines that would have been run; ``ran.status`` gives the exit status of each."""
    made = SimpleNamespace(lines=[], status=lambda _: 0)

    def run(line, **_):
        if Path(line[0]).is_absolute() and not Path(line[0]).exists():
            raise FileNotFoundError(line[0])
        made.lines.append(" ".join(line))
        status = made.status(made.lines[-1])
        if "-m venv" in made.lines[-1] and not status:
            python = Path(
                line[-1], *("bin/python",) if os.name != "nt" else ("Scripts/python.exe",)
            )
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        return subprocess.CompletedProcess(line, status)

    monkeypatch.setattr(subprocess, "run", run)
    return made


def installs(ran):
    return [line for line in ran.lines if "pip install" in line]


def without_pip(line):
    return 1 if "pip --version" in line else 0


def test_a_second_run_installs_nothing(script, ran):
    assert script.main(["demo"]) == 0
    assert len(installs(ran)) == 1
    ran.lines.clear()
    assert script.main(["demo", "elsewhere"]) == 0
    (line,) = ran.lines
    assert line.endswith("-m desktop_app demo elsewhere")


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [("test", "demo", 1), ("check", "test", 1), ("check", "demo", 1), ("demo", "test", 2)],
)
def test_what_a_wider_set_up_installed_is_not_installed_again(script, ran, first, second, count):
    script.main([first])
    script.main([second])
    assert len(installs(ran)) == count


def test_changed_requirements_are_installed(script, ran, monkeypatch):
    script.main(["demo"])
    monkeypatch.setattr(script, "fingerprint", lambda: "another")
    script.main(["demo"])
    assert len(installs(ran)) == 2


def test_an_environment_without_pip_is_made_anew(script, ran):
    ran.status = without_pip
    python = script.ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    python.parent.mkdir(parents=True)
    python.touch()
    script.main(["demo"])
    assert any("-m venv --clear" in line for line in ran.lines)


def test_a_whole_environment_is_kept(script, ran, monkeypatch):
    script.main(["demo"])
    ran.lines.clear()
    monkeypatch.setattr(script, "fingerprint", lambda: "another")
    script.main(["demo"])
    assert len(installs(ran)) == 1
    assert not any("-m venv" in line for line in ran.lines)


@pytest.mark.parametrize(("failing", "told"), [("pip install", "packages"), ("-m venv", "made")])
def test_what_fails_is_told_with_its_line_and_its_status(script, ran, capsys, failing, told):
    ran.status = lambda line: 3 if failing in line else without_pip(line)
    assert script.main(["demo"]) == 3
    said = capsys.readouterr().err
    assert told in said
    assert next(line for line in ran.lines if failing in line) in said.replace("'", "")
    assert not any("engine.cli" in line for line in ran.lines)


def test_the_command_s_own_status_is_returned(script, ran):
    ran.status = lambda line: 5 if "pytest" in line else 0
    assert script.main(["test"]) == 5
    ran.status = lambda line: -signal.SIGTERM if "pytest" in line else 0
    assert script.main(["test"]) == 128 + signal.SIGTERM


def test_an_interrupted_set_up_ends_with_130_and_no_traceback(script, ran, capsys):
    def interrupt(_):
        raise KeyboardInterrupt

    ran.status = interrupt
    assert script.main(["demo"]) == 130
    assert "Stopped" in capsys.readouterr().err


def debian(script, monkeypatch, *, user, has_sudo, missing="libfontconfig.so.1"):
    programs = {"apt-get", *(["sudo"] if has_sudo else [])}
    monkeypatch.setattr(script, "is_there", lambda name: name != missing)
    monkeypatch.setattr(script.shutil, "which", lambda name: name if name in programs else None)
    monkeypatch.setattr(script.os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(script.sys, "platform", "linux")


def test_root_installs_missing_libraries(script, ran, monkeypatch):
    debian(script, monkeypatch, user=0, has_sudo=False)
    assert script.main(["test"]) == 0
    (line,) = [line for line in ran.lines if "apt-get install" in line]
    assert line.startswith("apt-get install -y")
    assert "libfontconfig1" in line


def test_who_may_use_sudo_unasked_installs_with_it(script, ran, monkeypatch):
    debian(script, monkeypatch, user=1000, has_sudo=True)
    assert script.main(["test"]) == 0
    assert any(line.startswith("sudo -n apt-get install") for line in ran.lines)


@pytest.mark.parametrize("has_sudo", [True, False])
def test_who_may_not_is_given_the_line_to_run(script, ran, monkeypatch, capsys, has_sudo):
    debian(script, monkeypatch, user=1000, has_sudo=has_sudo)
    ran.status = lambda line: 1 if line.startswith("sudo") else 0
    assert script.main(["test"]) == 1
    said = capsys.readouterr().err
    assert "sudo apt-get install -y --no-install-recommends libegl1 " in said
    assert "libfontconfig1" in said
    assert not any("apt-get" in line for line in ran.lines)


def test_a_failing_apt_get_is_told_with_its_status(script, ran, monkeypatch, capsys):
    debian(script, monkeypatch, user=0, has_sudo=False)
    ran.status = lambda line: 100 if "apt-get install" in line else 0
    assert script.main(["test"]) == 100
    assert "apt-get install -y" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["window", "bundle"])
def test_a_window_that_is_seen_needs_the_libraries_of_x(script, ran, monkeypatch, command):
    debian(script, monkeypatch, user=0, has_sudo=False, missing="libxcb-cursor.so.0")
    assert script.main([command]) == 0
    assert any("apt-get install" in line and "libxcb-cursor0" in line for line in ran.lines)


def test_a_window_that_cannot_be_seen_is_not_opened(script, ran, monkeypatch, capsys):
    debian(script, monkeypatch, user=1000, has_sudo=False, missing="libxcb-cursor.so.0")
    assert script.main(["window"]) == 1
    assert "libxcb-cursor0" in capsys.readouterr().err
    assert not any("desktop_app" in line for line in ran.lines)


@pytest.mark.parametrize("missing", ["libxcb-cursor.so.0", "Xvfb", "xdotool"])
def test_who_cannot_have_a_screen_tests_without_it(script, ran, monkeypatch, capsys, missing):
    debian(script, monkeypatch, user=1000, has_sudo=False, missing=missing)
    assert script.main(["test"]) == 0
    assert "sudo apt-get install" in capsys.readouterr().err
    assert any(line.endswith("-m pytest") for line in ran.lines)


def test_the_window_opens_with_the_file_that_follows_and_without_the_saliency_packages(script, ran):
    assert script.main(["window", "mine.concord"]) == 0
    assert ran.lines[-1].endswith("-m desktop_app mine.concord")
    assert installs(ran)[0].endswith(str(script.ROOT))


def test_only_the_window_is_shown_on_the_person_s_screen(script, monkeypatch):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    see = [sys.executable, "-c", "import os; raise SystemExit('QT_QPA_PLATFORM' in os.environ)"]
    assert script.run_all([see], on_screen=True) == 0
    assert script.run_all([see]) == 1


def test_what_any_wider_set_up_installed_is_enough_for_the_window(script, ran):
    script.main(["demo"])
    ran.lines.clear()
    script.main(["window"])
    assert installs(ran) == []


def test_without_a_screen_the_demo_needs_no_system_library(script, ran, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    debian(script, monkeypatch, user=1000, has_sudo=False)
    assert script.main(["demo"]) == 0


def test_before_a_screen_the_demo_needs_what_the_window_needs(script, ran, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    debian(script, monkeypatch, user=1000, has_sudo=False)
    assert script.main(["demo"]) == 1


def test_an_old_python_is_told_what_is_needed(script, ran, monkeypatch, capsys):
    monkeypatch.setattr(script.sys, "version_info", (3, 8, 10))
    assert script.main(["demo"]) == 2
    assert "3.11" in capsys.readouterr().out
    assert ran.lines == []


def test_an_old_python_can_read_the_script_that_far():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    assert {name.partition(".")[0] for name in imported} <= set(sys.stdlib_module_names)
    first = next(node for node in tree.body if not isinstance(node, ast.Expr))
    assert first.module == "__future__", "annotations are evaluated by Python 3.8 without it"
