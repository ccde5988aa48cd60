"""Take the pictures of the window for the documentation: real window, real study, no person.

    python docs/screenshots/take.py            all of them
    python docs/screenshots/take.py drawing    the ones that are named
    python docs/screenshots/take.py --list     what each shows
    python docs/screenshots/take.py --demo F   keep the demo study in folder F for the next time

The pictures lie beside this file. They are the same each time, as far as the system's font is.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from demo import DemoShelf, shelf
from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from scenes import SCENES
from studio import save, studio

SCREEN = {"name": "", "x": 0, "y": 0, "width": 1920, "height": 1080, "dpr": 1}
SCREEN |= {"logicalDpi": 96, "logicalBaseDpi": 96}
"""A screen on which dialogs and menus have room."""

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Take the pictures that are asked for, and say how large they are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="pictures to take; all if none")
    parser.add_argument("--list", action="store_true", help="say what there is, and take nothing")
    parser.add_argument("--out", type=Path, default=HERE, help="where the pictures go")
    parser.add_argument("--demo", type=Path, help="where the demo study lies, or is to be kept")
    wanted = parser.parse_args()
    unknown = set(wanted.names) - SCENES.keys()
    if unknown:
        parser.error(f"no such picture: {', '.join(sorted(unknown))}")
    if wanted.list:
        for name, scene in SCENES.items():
            print(f"{name:20} {scene.__doc__}")
        return 0
    wanted.out.mkdir(parents=True, exist_ok=True)
    with shelf(wanted.demo) as demo:
        take(wanted.names or list(SCENES), wanted.out, demo)
    return 0


def take(names: list[str], folder: Path, demo: DemoShelf) -> None:
    """Take pictures into a folder; a folder of always the same name stands for a person's own."""
    qInstallMessageHandler(tell_qt)
    application = on_a_screen()
    home = Path(tempfile.gettempdir()) / "dermconcord-mia"
    for name in names:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        with studio(application, home, demo) as place:
            picture, kept = SCENES[name](place), place.colours
        file = folder / f"{name}.png"
        save(picture, file, kept)
        print(f"{file.name:26} {file.stat().st_size / 1024:5.0f} KiB", flush=True)
    shutil.rmtree(home)


def on_a_screen() -> QApplication:
    """Return the application, on a screen that nobody sees unless the environment names another."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "screen.json"
        file.write_text(json.dumps({"screens": [SCREEN]}), encoding="utf-8")
        os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={file}")
        return QApplication(sys.argv[:1])


def tell_qt(_kind: object, _context: object, message: str) -> None:
    """Pass on what Qt says, but for what the offscreen platform says of itself."""
    if "This plugin does not support" not in message:
        print(message, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
