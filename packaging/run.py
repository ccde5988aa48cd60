"""Set up an environment beside the code and run the demo, the tests or the checks in it.

    python3 packaging/run.py demo     the whole flow on a synthetic study
    python3 packaging/run.py test     the whole test suite
    python3 packaging/run.py check    formatting, lint, types, import contracts

Whatever follows is passed on. The first run makes `.venv` and installs what is missing; a later
one sees that nothing changed and starts at once. Standard library only.
"""

import ctypes
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
EXTRAS = {"demo": "saliency", "test": "test", "check": "test,lint"}
COMMANDS = {
    "demo": [["-m", "engine.cli", "demo"]],
    "test": [["-m", "pytest"]],
    "check": [
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "ruff", "check", "."],
        ["-m", "mypy"],
        ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
    ],
}
QT_LIBRARIES = ("libEGL.so.1", "libGL.so.1", "libxkbcommon.so.0", "libdbus-1.so.3")
DEBIAN_PACKAGES = (
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libdbus-1-3",
    "libfontconfig1",
    "libglib2.0-0",
    "fonts-dejavu-core",
)


def main(arguments: list[str]) -> int:
    """Set up what the command needs, run it, and return its exit status."""
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    if sys.version_info < (3, 11):  # noqa: UP036 - it is run by whatever python3 is there
        print(f"DermConcord needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 2
    command, *rest = arguments
    python = set_up(EXTRAS[command])
    if command != "demo":
        install_system_libraries()
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    for line in COMMANDS[command]:
        finished = subprocess.run([python, *line, *rest], cwd=ROOT, env=environment, check=False)
        if finished.returncode:
            return finished.returncode
    return 0


def set_up(extras: str) -> str:
    """Make the environment and install the project with the extras; return its interpreter."""
    folder = "Scripts" if os.name == "nt" else "bin"
    python = ENVIRONMENT / folder / ("python.exe" if os.name == "nt" else "python")
    ready = ENVIRONMENT / f".ready-{extras.replace(',', '-')}"
    wanted = fingerprint()
    if ready.is_file() and ready.read_text() == wanted:
        return str(python)
    if not python.exists():
        print(f"Making the environment {ENVIRONMENT} ...", flush=True)
        make_environment()
    print("Installing what is missing (some minutes the first time) ...", flush=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "-c", CONSTRAINTS, "-e", f"{ROOT}[{extras}]"], check=True)
    ready.write_text(wanted)
    return str(python)


def fingerprint() -> str:
    """Return a digest of all that decides what gets installed."""
    parts = [ROOT / "pyproject.toml", CONSTRAINTS]
    digest = hashlib.sha256(sys.version.encode())
    for part in parts:
        digest.update(part.read_bytes())
    return digest.hexdigest()


def make_environment() -> None:
    """Make the virtual environment, with Debian's missing module where it may be installed."""
    try:
        venv.create(ENVIRONMENT, with_pip=True)
    except (subprocess.CalledProcessError, ImportError):
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        install_packages(["python3-venv"], why="Python's venv module is not complete")
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)


def install_system_libraries() -> None:
    """Install the libraries that Qt loads, where any is missing."""
    if sys.platform != "linux" or all(map(can_load, QT_LIBRARIES)):
        return
    install_packages(DEBIAN_PACKAGES, why="libraries that Qt needs are missing")


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
        raise SystemExit(
            f"{why}. Install what corresponds to these Debian packages: {' '.join(packages)}"
        )
    if os.geteuid() != 0:
        raise SystemExit(
            f"{why}. Run this line, then the same command again:\n  sudo {shlex.join(line)}"
        )
    print(f"{why}: {shlex.join(line)}", flush=True)
    subprocess.run(["apt-get", "update", "-q"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
