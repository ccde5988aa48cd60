"""What the graders' program weighs, how soon its window is there, and what it asks of a system."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ELF = b"\x7fELF"
MEGABYTE = 1_000_000
STARTS = 5


@dataclass(frozen=True)
class Requirements:
    """What the program takes from the system it runs on.

    Attributes
    ----------
    libraries
        Names of shared libraries that are not in the program.
    glibc
        The oldest version of the C library that will do, such as ``2.34``; empty where unknown.
    """

    libraries: tuple[str, ...]
    glibc: str


def size_of(folder: Path) -> int:
    """Return the bytes of a folder's files, links counted as nothing."""
    return sum(
        file.stat().st_size
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink()
    )


def megabytes(size: float) -> str:
    """Return a size as text, in millions of bytes."""
    return f"{size / MEGABYTE:.0f} MB"


def binaries(folder: Path) -> list[Path]:
    """Return the programs and libraries of a folder, by their first bytes."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink())
    return [file for file in files if _begins_with(file, ELF)]


def requirements(folder: Path) -> Requirements:
    """Read from the program's libraries what they ask for and is not among them."""
    own = {file.name for file in folder.rglob("*") if file.is_file()}
    tables = [
        subprocess.run(["objdump", "-p", file], capture_output=True, text=True, check=True).stdout
        for file in binaries(folder)
    ]
    asked = {name for table in tables for name in re.findall(r"NEEDED\s+(\S+)", table)}
    return Requirements(tuple(sorted(asked - own)), newest_glibc(tables))


def newest_glibc(tables: Iterable[str]) -> str:
    """Return the newest version of the C library that is named in any of the tables."""
    versions = {
        tuple(map(int, found.split(".")))
        for table in tables
        for found in re.findall(r"\bGLIBC_(\d+(?:\.\d+)+)", table)
    }
    return ".".join(map(str, max(versions))) if versions else ""


def debian_packages(libraries: Iterable[str]) -> dict[str, str]:
    """Return the package that brings each library, where this system is a Debian and knows it."""
    if not all(map(shutil.which, ("ldconfig", "dpkg"))):
        return {}
    places = loader_places(_output("ldconfig", "-p"))
    return {
        library: package
        for library in libraries
        if library in places and (package := _owner(places[library]))
    }


def loader_places(listing: str) -> dict[str, str]:
    """Return where the loader finds each library, from what ``ldconfig -p`` prints."""
    found = re.findall(r"^\s*(\S+) \(.*\) => (\S+)$", listing, re.MULTILINE)
    return dict(reversed(found))


def start_times(program: Path, *, starts: int = STARTS) -> tuple[float, float]:
    """Return the seconds from starting the program until its window is painted: cold, and warm.

    *Cold* is the first start, with none of the program's own files in memory; *warm* is the
    median of those that follow. Each start has a screen and a home of its own.
    """
    forget_files(program.parent)
    cold = start_time(program)
    return cold, median(start_time(program) for _ in range(starts))


def start_time(program: Path) -> float:
    """Start the program once on an empty screen and return the seconds until it is painted."""
    from screen import hidden_screen, wait_until  # noqa: PLC0415 - it loads numpy

    with hidden_screen() as screen, tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        process = subprocess.Popen(
            [program], env=bare_environment(Path(home), screen.display), start_new_session=True
        )
        try:
            wait_until(screen.is_painted, "the window", pause=0.005)
            return time.perf_counter() - began
        finally:
            end(process)


def bare_environment(home: Path, display: str) -> Mapping[str, str]:
    """Return an environment that names nothing of this machine, least of all a Python."""
    return {
        "HOME": str(home),
        "DISPLAY": display,
        "PATH": "/nowhere",
        "LANG": "C.UTF-8",
        "XDG_RUNTIME_DIR": str(home),
        "QT_QPA_PLATFORM": "xcb",
    }


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program that was started in a session of its own, and all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def forget_files(folder: Path) -> None:
    """Ask the system to drop a folder's files from memory, so that they are read from disk."""
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            handle = os.open(file, os.O_RDONLY)
            try:
                os.fsync(handle)  # what is not written yet cannot be dropped
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(handle)


def _begins_with(file: Path, start: bytes) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(start)) == start


def _output(*line: str) -> str:
    return subprocess.run(line, capture_output=True, text=True, check=False).stdout


def _owner(file: str) -> str:
    """Return the Debian package of a file; where /lib is a link, it may stand under /usr/lib."""
    for place in (file, f"/usr{file}", os.path.realpath(file)):
        found = _output("dpkg", "-S", place)
        if found:
            return found.partition(":")[0]
    return ""


if __name__ == "__main__":
    cold, warm = start_times(Path(sys.argv[1]).resolve())
    print(f"cold {cold:.2f} s, warm {warm:.2f} s")
