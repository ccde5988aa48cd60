"""The canvas starts without what it needs only once a gesture ends."""

import subprocess
import sys

HEAVY = ("shapely", "scipy", "pandas", "torch", "sqlalchemy", "pyqtgraph")


def _loaded_after(code):
    asked = f"{code}\nimport sys\nprint(*[m for m in {HEAVY!r} if m in sys.modules])"
    finished = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    return finished.stdout.split()


def test_importing_the_canvas_loads_no_geometry():
    assert _loaded_after("import desktop_app.canvas.canvas, desktop_app.canvas.warm") == []


def test_geometry_is_loaded_when_asked_for():
    code = "from desktop_app.canvas.warm import load_geometry\nload_geometry()"
    assert _loaded_after(code) == ["shapely"]
