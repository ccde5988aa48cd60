"""Build the graders' program: one folder that needs no Python, and an archive of it.

    python3 packaging/run.py bundle      sets up .venv first
    python packaging/build.py            with the environment that is active

It makes ``dist/dermconcord/`` and ``dist/dermconcord-VERSION-SYSTEM.tar.xz``, and prints their
sizes, how soon the window is there, and what the system must bring. Tested on Linux; ``windows/``
and ``macos/`` say what to do there.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import measure
from contents import DISTRIBUTIONS
from screen import can_show

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CONSTRAINTS = HERE / "constraints.txt"
SPEC = HERE / "dermconcord.spec"
NAME = "dermconcord"
ICONS = ROOT / "resources" / "icons"
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)

LINUX_FILES = {
    "install.sh": "install.sh",
    "README.txt": "README.txt",
    "dermconcord.desktop": "share/applications/dermconcord.desktop",
    "dermconcord.metainfo.xml": "share/metainfo/dermconcord.metainfo.xml",
    "dermconcord.mime.xml": "share/mime/packages/dermconcord.xml",
}
"""Files of ``packaging/linux``, and where they go in the program's folder."""

QT_LICENCE = """Qt and PySide6 (The Qt Company Ltd.) are used under the GNU Lesser General Public
Licence, version 3: https://www.gnu.org/licenses/lgpl-3.0.html, sources: https://download.qt.io.
They are shared libraries in _internal/PySide6, which you may replace by your own build of them.
"""


def main(arguments: list[str]) -> int:
    """Build, measure and pack; return the exit status."""
    options = parser().parse_args(arguments)
    out = options.out.resolve()
    require_pyinstaller()
    folder = freeze(out)
    if sys.platform == "linux":
        strip(folder)
        add_linux_files(folder)
    add_licences(folder / "licences")
    archive = pack(folder, out / f"{archive_name()}.tar.xz")
    print(report(folder, archive, starts=options.starts))
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the reader of the command line."""
    made = argparse.ArgumentParser(description="Build the graders' program.")
    made.add_argument("--out", type=Path, default=ROOT / "dist", help="folder for what is made")
    made.add_argument(
        "--starts", type=int, default=measure.STARTS, help="warm starts to measure; 0 for none"
    )
    return made


def require_pyinstaller() -> None:
    """Install PyInstaller beside the running Python where it is missing, in the tested version."""
    if importlib.util.find_spec("PyInstaller") is None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-c", str(CONSTRAINTS), "pyinstaller"], check=True)


def freeze(out: Path) -> Path:
    """Let PyInstaller make the program's folder anew and return it."""
    line = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    line += ["--distpath", str(out), "--workpath", str(ROOT / "build" / "bundle"), str(SPEC)]
    # A fixed order of sets makes the same program from the same sources.
    subprocess.run(line, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "1"}, check=True)
    return out / NAME


def strip(folder: Path) -> None:
    """Take what only a debugger reads out of the program's libraries.

    Libraries that wheels bring in a folder of their own are left alone: they were edited after
    linking, and are small already.
    """
    files = [file for file in measure.binaries(folder) if may_strip(file.relative_to(folder))]
    subprocess.run(["strip", "--strip-unneeded", *map(str, files)], check=True)


def may_strip(file: Path) -> bool:
    """Tell whether `strip` leaves a library whole."""
    return file.name != NAME and not any(part.endswith(".libs") for part in file.parts)


def add_linux_files(folder: Path) -> None:
    """Add what a desktop wants to know: icons, menu entry, type of file, and how to enter them."""
    for name, place in LINUX_FILES.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "linux" / name, target)
    (folder / "install.sh").chmod(0o755)
    for size in ICON_SIZES:
        add_icon(folder, ICONS / f"app-{size}.png", f"{size}x{size}")
    add_icon(folder, ICONS / "app.svg", "scalable")


def add_icon(folder: Path, file: Path, size: str) -> None:
    """Add one picture of the icon where desktops look for that size."""
    target = folder / "share" / "icons" / "hicolor" / size / "apps"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, target / f"{NAME}{file.suffix}")


def add_licences(folder: Path) -> None:
    """Add the licence of the program and of everything in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(ROOT / "LICENSE", folder / "dermconcord.txt")
    (folder / "qt.txt").write_text(QT_LICENCE, encoding="utf-8")
    lines = [f"Python {platform.python_version()}"]
    for name in sorted(DISTRIBUTIONS):
        try:
            lines.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
        add_licences_of(name, folder / name)
    (folder / "versions.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def add_licences_of(name: str, folder: Path) -> None:
    """Add the licence files that a distribution was installed with."""
    installed = distribution(name)
    for file in installed.files or ():
        if is_licence(file.parts):
            text = Path(str(installed.locate_file(file)))
            place = "-".join(part for part in file.parts[1:] if part != "licenses")
            folder.mkdir(exist_ok=True)
            shutil.copy(text, folder / f"{place}.txt".replace(".txt.txt", ".txt"))


def is_licence(parts: tuple[str, ...]) -> bool:
    """Tell whether a file of a distribution, given by its path, is a licence."""
    words = ("licen", "copying", "notice", "authors")
    return parts[0].endswith(".dist-info") and any(word in parts[-1].lower() for word in words)


def archive_name() -> str:
    """Return the archive's name without its suffix: program, version, system."""
    return f"{NAME}-{project_version()}-{platform.system().lower()}-{platform.machine().lower()}"


def project_version() -> str:
    """Return the version that the program is built from."""
    return version(NAME)


def pack(folder: Path, archive: Path) -> Path:
    """Pack the folder into a new archive that says nothing of who built it."""

    def anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        return member

    with tarfile.open(archive, "w:xz") as tar:
        tar.add(folder, folder.name, filter=anonymous)
    return archive


def report(folder: Path, archive: Path, *, starts: int) -> str:
    """Return what there is to know of what was built, as text."""
    lines = [
        f"folder   {folder}  {measure.megabytes(measure.size_of(folder))}",
        f"archive  {archive}  {measure.megabytes(archive.stat().st_size)}",
    ]
    if sys.platform == "linux":
        lines += [start_line(folder / NAME, starts), *needs_lines(measure.requirements(folder))]
    return "\n".join(lines)


def start_line(program: Path, starts: int) -> str:
    """Measure starting the program and return it as a line."""
    if not starts:
        return "start    not measured"
    if not can_show():
        return "start    not measured: that takes Xvfb and xdotool"
    cold, warm = measure.start_times(program, starts=starts)
    return f"start    {cold:.2f} s cold, {warm:.2f} s warm, from the start to a painted window"


def needs_lines(needs: measure.Requirements) -> Iterable[str]:
    """Return what the system must bring, as lines."""
    yield f"glibc    {needs.glibc} or newer"
    packages = measure.debian_packages(needs.libraries)
    yield f"needs    {len(needs.libraries)} libraries: {' '.join(needs.libraries)}"
    if packages:
        names = sorted(set(packages.values()))
        yield f"         of {len(names)} Debian packages: {' '.join(names)}"
        others = [library for library in needs.libraries if library not in packages]
        yield f"         of packages not installed here: {' '.join(others) or 'none'}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
