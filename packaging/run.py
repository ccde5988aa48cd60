"""Set up an environment beside the code and run the window, the demo or the checks in it.

    python3 packaging/run.py window   the window; a study or packet may follow
    python3 packaging/run.py demo     a synthetic study in the window; without a screen, its report
    python3 packaging/run.py test     the whole test suite
    python3 packaging/run.py check    formatting, lint, types, import contracts
    python3 packaging/run.py bundle   the graders' program: a folder that needs no Python

Whatever follows is passed on. The first run makes `.venv` and installs what is missing; a later
one sees that nothing changed and starts at once. Standard library only.
"""

# It is run by whatever python3 is there, and must get as far as saying that it is too old.
from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
EXTRAS: dict[str, tuple[str, ...]] = {
    "window": (),
    "demo": ("saliency",),
    "test": ("test",),
    "check": ("test", "lint"),
    "bundle": ("bundle",),
}
ALSO_INSTALLS = {"test": ("saliency",)}
COMMANDS = {
    "window": [["-m", "desktop_app"]],
    "demo": [["-m", "desktop_app", "demo"]],
    "test": [["-m", "pytest"]],
    "check": [
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "ruff", "check", "."],
        ["-m", "mypy"],
        ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
    ],
    "bundle": [["packaging/build.py"]],
}
ON_SCREEN = ("window", "demo")
"""Commands that show themselves to a person; Qt draws the others' windows nowhere."""

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
"""What Qt loads on Linux, and the Debian package that brings it."""

X_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What Qt loads besides where its windows are to be seen."""

SCREEN_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool"}
"""With what a real window is looked at and clicked in where nobody sits."""

NEEDED = {
    "window": QT_LIBRARIES | X_LIBRARIES,
    "demo": QT_LIBRARIES | X_LIBRARIES,
    "test": QT_LIBRARIES,
    "bundle": QT_LIBRARIES | X_LIBRARIES | {"objdump": "binutils"},
}
WELCOME = {"test": X_LIBRARIES | SCREEN_PROGRAMS, "bundle": SCREEN_PROGRAMS}
"""What a command cannot do without on Linux, and what it does less without."""

FONTS = "fonts-dejavu-core"
INTERRUPTED = 130


class SetUpFailed(Exception):
    """What could not be set up, with the line to run by hand."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


def main(arguments: list[str]) -> int:
    """Set up what the command needs, run it, and return its exit status."""
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    if sys.version_info < (3, 11):  # noqa: UP036 - it is run by whatever python3 is there
        print(f"DermConcord needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 2
    command, *rest = arguments
    try:
        install_system_packages(command)
        python = set_up(EXTRAS[command])
        lines = [[str(python), *line, *rest] for line in COMMANDS[command]]
        return run_all(lines, on_screen=command in ON_SCREEN)
    except SetUpFailed as failed:
        print(failed, file=sys.stderr)
        return failed.status
    except KeyboardInterrupt:
        print("Stopped. Run the same command again to go on.", file=sys.stderr)
        return INTERRUPTED


def run_all(lines: Sequence[Sequence[str]], *, on_screen: bool = False) -> int:
    """Run commands in turn until one fails; return the last one's exit status."""
    shown = {} if on_screen else {"QT_QPA_PLATFORM": "offscreen"}
    environment = {**shown, "OMP_WAIT_POLICY": "PASSIVE", **os.environ}
    # Ctrl+C reaches the command as well, which then ends in its own good order.
    previous = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        for line in lines:
            status = subprocess.run(line, cwd=ROOT, env=environment, check=False).returncode
            if status:
                return status if status > 0 else 128 - status
        return 0
    finally:
        signal.signal(signal.SIGINT, previous)


def set_up(extras: Sequence[str]) -> Path:
    """Make the environment and install the project with the extras; return its interpreter."""
    windows = os.name == "nt"
    python = ENVIRONMENT / ("Scripts/python.exe" if windows else "bin/python")
    wanted = fingerprint()
    if python.exists() and is_ready(extras, wanted):
        return python
    if not has_pip(python):
        print(f"Making the environment {ENVIRONMENT} ...", flush=True)
        make_environment()
    print("Installing what is missing (some minutes the first time) ...", flush=True)
    project = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    must([*pip, "-c", str(CONSTRAINTS), "-e", project], what="The packages could not be installed")
    (ENVIRONMENT / f".ready-{'-'.join(extras)}").write_text(wanted)
    return python


def is_ready(extras: Sequence[str], wanted: str) -> bool:
    """Tell whether an earlier run installed these extras, or more, as they are wanted now."""
    for marker in ENVIRONMENT.glob(".ready-*"):
        names = marker.name.split("-")[1:]
        has = {*names, *(extra for name in names for extra in ALSO_INSTALLS.get(name, ()))}
        if has.issuperset(extras) and marker.read_text() == wanted:
            return True
    return False


def fingerprint() -> str:
    """Return a digest of all that decides what gets installed."""
    parts = [ROOT / "pyproject.toml", CONSTRAINTS]
    digest = hashlib.sha256(sys.version.encode())
    for part in parts:
        digest.update(part.read_bytes())
    return digest.hexdigest()


def has_pip(python: Path) -> bool:
    """Tell whether the environment is whole; one that was interrupted has no pip."""
    line = [str(python), "-m", "pip", "--version"]
    try:
        return subprocess.run(line, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_environment() -> None:
    """Make the virtual environment anew, with Debian's missing module where it may be installed."""
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        package = "python{}.{}-venv".format(*sys.version_info)
        install_packages([package], why="Python's venv module is not complete")
    line = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
    must(line, what="The environment could not be made")


def install_system_packages(command: str) -> None:
    """Install on Linux what a command needs of the system, where any of it is missing.

    Where only what is welcome is missing and cannot be installed, that is told and no more.
    """
    if command == "demo" and not has_display():
        return  # nothing is shown then
    needed, welcome = NEEDED.get(command, {}), WELCOME.get(command, {})
    if sys.platform != "linux" or all(map(is_there, (*needed, *welcome))):
        return
    packages = [*needed.values(), FONTS, *welcome.values()]
    if not all(map(is_there, needed)):
        install_packages(packages, why="Libraries that Qt needs are missing")
        return
    try:
        install_packages(packages, why="What a real window is tried with is missing")
    except SetUpFailed as failed:
        print(f"{failed}\nUntil then no real window is tried.", file=sys.stderr)


def has_display() -> bool:
    """Tell whether somebody sits before a screen, as far as Linux says."""
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def is_there(name: str) -> bool:
    """Tell whether the system has a shared library or a program."""
    return can_load(name) if ".so." in name else shutil.which(name) is not None


def can_load(library: str) -> bool:
    """Tell whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_packages(packages: Sequence[str], *, why: str) -> None:
    """Install Debian packages where this user may, else say what to run and stop."""
    line = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        raise SetUpFailed(
            f"{why}. Install what corresponds to these Debian packages: {' '.join(packages)}"
        )
    by_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if by_root and not may_be_root():
        raise SetUpFailed(
            f"{why}. Run this line, then the same command again:\n"
            f"  sudo apt-get update && sudo {shlex.join(line)}"
        )
    print(f"{why}: {shlex.join([*by_root, *line])}", flush=True)
    # Lists that cannot be refreshed may still be good enough to install from.
    subprocess.run([*by_root, "apt-get", "update", "-q"], stdout=subprocess.DEVNULL, check=False)
    must([*by_root, *line], what=f"{why} and could not be installed", output=subprocess.DEVNULL)


def may_be_root() -> bool:
    """Tell whether sudo lets this user in without asking."""
    if shutil.which("sudo") is None:
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0


def must(line: Sequence[str], *, what: str, output: int | None = None) -> None:
    """Run a line; where it fails, stop with its status, what failed, and the line itself."""
    status = subprocess.run(line, stdout=output, check=False).returncode
    if status:
        raise SetUpFailed(
            f"{what} (exit status {status}). The reason stands above. Then run this line, and the"
            f" same command again:\n  {shlex.join(line)}",
            status if status > 0 else 128 - status,
        )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
