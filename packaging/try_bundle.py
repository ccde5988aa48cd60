"""Prove the graders' program: it grades a packet where no Python is, by keys and clicks alone.

    python packaging/try_bundle.py [ARCHIVE]

A study of two synthetic photographs is made with the full installation, and its packet is given to
the program, unpacked from its archive. The program runs on a screen of its own, with an environment
that names nothing, and where the system allows it with every Python of this machine and this
folder hidden from it. What a person would do is done with xdotool, guided by what the screen shows.
Then the packet must hold that and nothing else, and come back into the study.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from measure import bare_environment, end
from numpy.typing import NDArray
from screen import NotSeen, Screen, can_show, hidden_screen, wait_until

if TYPE_CHECKING:
    from engine.domain.grading import Grading

ROOT = Path(__file__).resolve().parents[1]
NAME = "dermconcord"
GRADER = "Grader One"
SIZE = (1200, 900)
CLEAR = (236, 188, 158)
DARKER = (176, 116, 84)
SPOT = (40, 60, 170)
SPOT_BOX = (420, 300, 700, 560)
"""Left, top, right and bottom of the spot that is to be outlined, in pixels of its photograph."""

SAME_COLOUR = 24
AREA = 60
"""An area has more pixels of its colour than this in each of its rows and columns."""

SCREEN_PIXEL = 1.5
"""How far, in pixels of the screen, a stored vertex may be from where the mouse clicked.

Where the photograph begins is read off the screen, which is itself one pixel uncertain.
"""

Box = tuple[int, int, int, int]


class NotProven(Exception):
    """What the program did otherwise than it should."""


@dataclass(frozen=True)
class Seen:
    """One photograph on the screen.

    Attributes
    ----------
    box
        Where it is: left, top, right and bottom.
    spot
        Where its spot is, or None where it has none.
    """

    box: Box
    spot: Box | None

    def corners(self) -> list[tuple[int, int]]:
        """Return four places just around the spot, on the screen."""
        left, top, right, bottom = self.spot or self.box
        return [
            (left - 6, top - 6),
            (right + 6, top - 6),
            (right + 6, bottom + 6),
            (left - 6, bottom + 6),
        ]

    def in_photograph(self, points: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
        """Return places on the screen as pixels of the photograph."""
        left, top, right, bottom = self.box
        scale = np.array(SIZE) / (right - left, bottom - top)
        return (np.asarray(points, float) - (left, top)) * scale

    @property
    def tolerance(self) -> float:
        """`SCREEN_PIXEL` in pixels of the photograph."""
        return SCREEN_PIXEL * SIZE[0] / (self.box[2] - self.box[0])


@dataclass
class Done:
    """What was done with the mouse and the keys; by name of what the photograph shows."""

    outlined: dict[str, tuple[Seen, list[tuple[int, int]]]] = field(default_factory=dict)


def main(arguments: list[str]) -> int:
    """Try an archive, the newest in ``dist`` where none is named; return the exit status."""
    if not can_show():
        print("This takes Xvfb and xdotool.", file=sys.stderr)
        return 2
    archive = Path(arguments[0]) if arguments else newest_archive()
    with tempfile.TemporaryDirectory() as folder:
        try:
            for line in prove(archive, Path(folder)):
                print(line, flush=True)
        except (NotProven, NotSeen) as failed:
            print(f"Not proven: {failed}", file=sys.stderr)
            return 1
    return 0


def newest_archive() -> Path:
    """Return the archive that was built last."""
    found = sorted((ROOT / "dist").glob(f"{NAME}-*.tar.xz"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise SystemExit("Nothing is built: python3 packaging/run.py bundle")
    return found[-1]


def prove(archive: Path, folder: Path) -> Sequence[str]:
    """Grade a packet with the program of an archive and return what was found, as lines.

    Raises
    ------
    NotProven
        The packet does not hold what was done, or the program used something of this machine.
    NotSeen
        The program did not show what it should.
    """
    study, packet = make_packet(folder)
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    program = folder / NAME / NAME
    hidden = python_folders() if can_hide() else []
    with hidden_screen() as screen:
        done = grade(program, packet, screen, hidden)
    if hidden:
        where = f"with {len(hidden)} folders of Python and of this project hidden"
    else:
        where = "with nothing hidden, as this system does not allow it"
    check_packet(packet, done)
    merge(study, packet)
    return [
        f"started {where}; all that it loaded is its own or the system's",
        "graded 2 photographs by keys and clicks; the packet holds that and nothing else",
        "the packet came back into the study",
    ]


def make_packet(folder: Path) -> tuple[Path, Path]:
    """Make a study of two photographs and its packet for one grader, by the command line."""
    study, packet = folder / "study.concord", folder / "packet.concord"
    photographs = folder / "photographs"
    photographs.mkdir()
    draw(CLEAR, None).save(photographs / "clear.png")
    draw(DARKER, SPOT_BOX).save(photographs / "spot.png")
    command("new", study)
    command("import", study, photographs)
    command("assign", study, "--graders", GRADER, "--per-image", 1)
    command("packet", study, GRADER, "--out", packet)
    return study, packet


def draw(skin: tuple[int, int, int], spot: Box | None):  # noqa: ANN201 - Pillow is loaded late
    """Return a photograph of one colour, with a spot on it where one is wanted."""
    from PIL import Image  # noqa: PLC0415

    picture = Image.new("RGB", SIZE, skin)
    if spot:
        picture.paste(SPOT, spot)
    return picture


def command(*words: object) -> None:
    """Run a command of the full installation."""
    line = [sys.executable, "-m", "engine.cli", *map(str, words)]
    subprocess.run(line, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def can_hide() -> bool:
    """Tell whether a program can be given a view of the files of its own here."""
    line = [*UNSHARE, "mount", "-t", "tmpfs", "none", "/mnt"]
    try:
        return subprocess.run(line, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


UNSHARE = ("unshare", "--map-root-user", "--mount")


def python_folders() -> list[Path]:
    """Return the folders of every Python that is found here, and of this project."""
    system = [
        found
        for place in ("/usr/lib", "/usr/local/lib", "/opt")
        for found in Path(place).glob("python3*")
    ]
    own = [Path(prefix) for prefix in (sys.prefix, sys.base_prefix) if not is_system(prefix)]
    folders = {folder.resolve() for folder in (ROOT, *own, *system) if folder.is_dir()}
    return sorted(one for one in folders if not any(one.is_relative_to(o) for o in folders - {one}))


def is_system(prefix: str) -> bool:
    """Tell whether a Python shares its folder with the rest of the system."""
    return prefix in ("/usr", "/usr/local", "/")


def start(
    program: Path, packet: Path, display: str, hidden: Sequence[Path]
) -> subprocess.Popen[bytes]:
    """Start the program with a packet, in a bare environment and with folders hidden from it."""
    home = packet.parent / "home"
    home.mkdir(exist_ok=True)
    line = [str(program), str(packet)]
    if hidden:
        mounts = [f"mount -t tmpfs none {shlex.quote(str(folder))}" for folder in hidden]
        line = [*UNSHARE, "/bin/sh", "-c", " && ".join([*mounts, f"exec {shlex.join(line)}"])]
    environment = dict(bare_environment(home, display))
    if hidden:
        environment["PATH"] = "/bin:/sbin"  # for unshare and mount; no Python is left there
    return subprocess.Popen(line, env=environment, cwd=home, start_new_session=True)


def grade(program: Path, packet: Path, screen: Screen, hidden: Sequence[Path]) -> Done:
    """Grade both photographs of the packet as a person would, then close the window."""
    process = start(program, packet, screen.display, hidden)
    try:
        window = wait_until(lambda: screen.window_of(process.pid), "the window")
        done = Done()
        for number in (1, 2):
            seen = wait_until(lambda: look(screen, not_again=done), "a photograph")
            screen.focus(window)
            answer(seen, screen, done)
            wait_until(partial(has_done, packet, number), f"{number} images done in the packet")
        check_loaded(loaded_libraries(process.pid), program.parent, hidden)
        screen.key("ctrl+q")
        wait_until(lambda: process.poll() is not None, "the program to end")
    finally:
        end(process)
    if process.returncode:
        raise NotProven(f"The program ended with status {process.returncode}")
    return done


def look(screen: Screen, *, not_again: Done) -> Seen | None:
    """Return the photograph that the screen shows, once it stands still and was not done yet."""
    first, second = seen_in(screen.picture()), seen_in(screen.picture())
    if first is None or first != second:
        return None
    return None if name_of(first) in not_again.outlined else first


def seen_in(picture: NDArray[np.uint8]) -> Seen | None:
    """Find a photograph of `make_packet` in a picture of the screen."""
    clear, darker = (box_of(picture, colour) for colour in (CLEAR, DARKER))
    if darker:
        return Seen(darker, box_of(picture, SPOT))
    return Seen(clear, None) if clear else None


def box_of(picture: NDArray[np.uint8], colour: tuple[int, int, int]) -> Box | None:
    """Return the box of the area of about this colour; an icon of that colour is no area."""
    near = np.abs(picture.astype(int) - colour).max(axis=2) < SAME_COLOUR
    rows, columns = (np.flatnonzero(near.sum(axis=axis) > AREA) for axis in (1, 0))
    if not (len(rows) and len(columns)):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def name_of(seen: Seen) -> str:
    """Return which photograph of the two it is."""
    return "spot" if seen.spot else "clear"


def answer(seen: Seen, screen: Screen, done: Done) -> None:
    """Answer one photograph: outline its spot, or say that nothing is to be seen."""
    corners = seen.corners() if seen.spot else []
    done.outlined[name_of(seen)] = seen, corners
    if seen.spot:
        screen.key("1", "p")
        for corner in corners:
            screen.click(*corner)
        screen.key("Return")
    else:
        screen.key("q")
    screen.key("ctrl+Return")


def has_done(packet: Path, wanted: int) -> bool:
    """Tell whether so many images of the packet's queue are done by now."""
    from engine.domain.queue import QueueState  # noqa: PLC0415 - the program is tried, not this
    from engine.study.sqlite import open_study  # noqa: PLC0415

    with open_study(packet, read_only=True) as study:
        return sum(item.state is QueueState.DONE for item in study.queue(GRADER)) == wanted


def loaded_libraries(process: int) -> set[Path]:
    """Return the shared libraries that a program has loaded by now."""
    lines = Path(f"/proc/{process}/maps").read_text().splitlines()
    files = {parts[5] for line in lines if len(parts := line.split(maxsplit=5)) == 6}
    return {Path(name) for name in files if ".so" in name}


def check_loaded(libraries: set[Path], folder: Path, hidden: Sequence[Path]) -> None:
    """Refuse a program, by the libraries it has loaded, that uses any Python but its own."""
    own = {library for library in libraries if library.is_relative_to(folder)}
    foreign = {one for one in libraries - own if not is_of_system(one)}
    if not own or foreign:
        raise NotProven(f"It loaded {sorted(map(str, foreign)) or 'nothing of its own'}")
    if any(one.is_relative_to(place) for one in libraries for place in hidden):
        raise NotProven("A folder that should have been hidden was not")


def is_of_system(library: Path) -> bool:
    """Tell whether a library is the system's, and of no Python there."""
    places = ("/lib", "/lib64", "/usr/lib")
    return any(map(library.is_relative_to, places)) and "python" not in str(library).lower()


def check_packet(packet: Path, done: Done) -> None:
    """Compare what the packet holds with what was done."""
    from engine.study.sqlite import open_study  # noqa: PLC0415 - the program is tried, not this

    with open_study(packet, read_only=True) as study:
        problems = study.check()
        sheets = [study.sheet(task.image, GRADER, task.role) for task in study.tasks(GRADER)]
    if problems or len(sheets) != len(done.outlined) or any(sheet.draft for sheet in sheets):
        raise NotProven(f"The packet holds something else: {problems} {sheets}")
    for sheet in sheets:
        check_grading(sheet.history.present, done)


def check_grading(grading: Grading | None, done: Done) -> None:
    """Refuse a grading that is not what was answered."""
    if grading is None or grading.status != "done" or grading.note or grading.problem:
        raise NotProven(f"A photograph was left as {grading}")
    seen, corners = done.outlined["spot" if grading.visible else "clear"]
    if seen.spot is None:
        if grading.roi_count or grading.region:
            raise NotProven(f"The clear photograph has regions: {grading}")
    elif grading.roi_count != 1 or len(grading.region) != 1 or grading.region[0].holes:
        raise NotProven(f"The spot was not outlined once: {grading}")
    else:
        check_outline(grading.region[0].exterior, seen, corners)


def check_outline(
    ring: NDArray[np.float64], seen: Seen, corners: Sequence[tuple[int, int]]
) -> None:
    """Refuse a stored outline that is not where the mouse clicked, vertex by vertex."""
    wanted = seen.in_photograph(corners)
    if len(ring) != len(wanted):
        raise NotProven(f"The outline has {len(ring)} vertices, not {len(wanted)}")
    nearest = np.abs(ring[:, None] - wanted[None]).max(axis=2).min(axis=1)
    if nearest.max() > seen.tolerance:
        raise NotProven(f"The outline is {nearest.max():.1f} pixels beside the clicks")


def merge(study: Path, packet: Path) -> None:
    """Bring the packet back into the study, and look whether it is there."""
    from engine.study.sqlite import open_study  # noqa: PLC0415 - the program is tried, not this

    command("merge", study, packet)
    with open_study(study, read_only=True) as opened:
        regions = [
            len(reading.latest.region) if reading.latest else None
            for _, readings in opened.readings()
            for reading in readings
        ]
    if sorted(map(str, regions)) != ["0", "1"]:
        raise NotProven(f"The study got {regions} regions from the packet")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
