"""The same exactness and the same pictures on a screen with two device pixels to each of ours."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FILES = ["test_exactness.py", "test_snapshots.py", "test_view.py"]


def test_all_holds_at_two_device_pixels_per_screen_pixel():
    environment = {**os.environ, "QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-x"]
    finished = subprocess.run(
        [*command, *(str(HERE / name) for name in FILES)],
        cwd=HERE.parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout[-4000:]
