"""The peer of the window: labelme, in an environment of its own so that ours stays as it is."""

import json
import os
import subprocess
import sys
import time
import venv
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.pictures import BUILD

VERSION = "6.3.1"
"""The newest for Python 3.11; `labelme_driver` calls what this version has."""

NAME = f"labelme {VERSION}"
FOLDER = BUILD / "labelme"
DRIVER = Path(__file__).with_name("labelme_driver.py")
LONGEST = 600.0
"""Seconds after which labelme is given up."""


def window_seconds(times: int) -> float | None:
    """Return the shortest time from starting labelme to its first paint, in seconds."""
    answers = [ask("window", repr(time.monotonic())) for _ in range(times)]
    return min((answer["seconds"] for answer in answers if answer), default=None)


def ask(what: str, argument: str) -> dict[str, Any] | None:
    """Have labelme measured in a process of its own.

    Returns
    -------
    dict or None
        What `labelme_driver` prints; None where labelme cannot be installed or does not answer.
    """
    python = environment()
    if python is None:
        return None
    home = FOLDER / "home"
    home.mkdir(exist_ok=True)
    variables = {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [str(python), str(DRIVER), what, argument]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    try:
        answer = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            env=kept | variables,
        )
    except subprocess.TimeoutExpired:
        return None
    if answer.returncode:
        print(answer.stderr, file=sys.stderr)
        return None
    return dict(json.loads(answer.stdout.splitlines()[-1]))


@cache
def environment() -> Path | None:
    """Return the Python that has labelme, installed now where it is not yet; None without it."""
    folder = FOLDER / f"python-{VERSION}"
    python = folder / "bin" / "python"
    done = folder / "installed"
    if done.exists():
        return python
    venv.create(folder, with_pip=True, clear=True)
    install = [str(python), "-m", "pip", "install", "--quiet", f"labelme=={VERSION}"]
    told = subprocess.run(install, check=False, capture_output=True, text=True)
    if told.returncode:
        print(told.stderr, file=sys.stderr)
        return None
    done.touch()
    return python
