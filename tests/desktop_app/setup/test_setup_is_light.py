"""The dialogs of the set-up load nothing heavy before they are asked to work."""

import subprocess
import sys
from pathlib import Path

import desktop_app.setup

HEAVY = ("torch", "scipy", "pandas", "sqlalchemy", "shapely", "matplotlib", "captum")


def test_opening_the_room_loads_nothing_heavy():
    folder = Path(desktop_app.setup.__path__[0])
    modules = [f"desktop_app.setup.{file.stem}" for file in sorted(folder.glob("[a-z]*.py"))]
    code = "\n".join(
        [
            "import importlib, sys",
            f"for name in {modules!r}: importlib.import_module(name)",
            f"loaded = [name for name in {HEAVY!r} if name in sys.modules]",
            "assert not loaded, loaded",
        ]
    )
    assert len(modules) > 20
    subprocess.run([sys.executable, "-c", code], check=True, cwd=folder.parents[1])
