"""One command: the window for a person, sub-commands for a script, and no Qt for the latter."""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app import __main__ as entry

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("arguments", "is_window"),
    [
        ([], True),
        (["melanoma.concord"], True),
        (["/studies/My Study.CONCORD"], True),
        (["demo"], False),
        (["--help"], False),
        (["new", "melanoma.concord"], False),
        (["a.concord", "b.concord"], False),
        (["photos"], False),
    ],
)
def test_nothing_or_one_study_opens_the_window(arguments, is_window):
    assert entry.opens_window(arguments) is is_window


@pytest.mark.parametrize(
    ("platform", "environment", "has_screen"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("win32", {}, True),
        ("darwin", {}, True),
    ],
)
def test_a_machine_without_a_screen_is_recognised(platform, environment, has_screen):
    assert entry.has_screen(environment, platform) is has_screen


@pytest.mark.parametrize(
    ("environment", "opens_window"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, False),
        ({}, False),
    ],
)
def test_the_demo_is_a_window_where_somebody_sees_it_and_a_command_elsewhere(
    monkeypatch, environment, opens_window
):
    asked = []
    monkeypatch.setattr(entry.os, "environ", environment)
    monkeypatch.setattr(entry.sys, "platform", "linux")
    monkeypatch.setattr(entry, "_run_command", lambda arguments: asked.append(arguments) or 0)
    monkeypatch.setattr(
        "desktop_app.main.run", lambda path, *, shows_demo=False: asked.append(shows_demo) or 0
    )
    entry.main(["demo"])
    entry.main(["demo", "folder"])
    assert asked == [True if opens_window else ["demo"], ["demo", "folder"]]


def run(code, **environment):
    finished = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return finished.returncode, finished.stdout, finished.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks for X11 or Wayland")
def test_without_a_screen_a_person_reads_what_can_be_done():
    status, _, told = run("import sys; from desktop_app.__main__ import main; sys.exit(main([]))")
    assert status == 2
    assert "there is no screen" in told
    assert "dermconcord --help" in told


def test_a_command_runs_as_before_and_loads_no_qt():
    status, told, _ = run(
        "import sys\n"
        "from desktop_app.__main__ import main\n"
        "try:\n"
        "    main(['--help'])\n"
        "finally:\n"
        "    print(*[m for m in ('PySide6', 'shiboken6', 'numpy') if m in sys.modules], 'loaded')\n"
    )
    assert status == 0
    assert "agreement" in told
    assert told.splitlines()[-1].strip() == "loaded"


def test_a_wrong_command_is_wrong_usage():
    status, _, told = run("from desktop_app.__main__ import main; main(['no-such-command'])")
    assert status == 2
    assert "no-such-command" in told


HEAVY = ("torch", "captum", "scipy", "pandas", "sqlalchemy", "pyqtgraph", "matplotlib", "shapely")


def test_the_frame_is_shown_before_anything_heavy_is_loaded(tmp_path):
    status, told, errors = run(
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from desktop_app.window.keymap import Keymap\n"
        "from desktop_app.window.main_window import MainWindow\n"
        "from desktop_app.window.settings import Settings, open_store\n"
        "from desktop_app.window.theme import Theme\n"
        "application = QApplication([])\n"
        f"settings = Settings(open_store(Path({str(tmp_path / 's.ini')!r})))\n"
        "window = MainWindow(Theme(application, settings), settings, Keymap(settings.store))\n"
        "window.show()\n"
        "application.processEvents()\n"
        "assert not window.grab().isNull()\n"
        f"print('heavy:', *[m for m in {HEAVY!r} if m in sys.modules])\n",
        QT_QPA_PLATFORM="offscreen",
    )
    assert status == 0, errors
    assert told.splitlines()[-1] == "heavy:"
