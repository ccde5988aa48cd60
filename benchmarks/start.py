"""How quickly the command line answers, and what it loads to do so."""

import subprocess
import sys
from functools import partial

from benchmarks.measure import Figure, best_of

HEAVY = ("torch", "scipy", "pandas", "PySide6", "matplotlib", "sqlalchemy", "numpy")
PROBE = (
    "import sys; sys.argv = ['dermconcord', '--help']\n"
    "from engine.cli import main\n"
    "try: main()\n"
    "except SystemExit: pass\n"
    f"print(*[m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
)


def measure() -> list[Figure]:
    """Measure a cold ``dermconcord --help`` beside importing torch."""
    loaded = _run(PROBE).stderr.split()
    ours = best_of(partial(_run, PROBE), 5)
    peer = best_of(partial(_run, "import torch, scipy.stats, pandas"), 2)
    name = "cold dermconcord --help"
    note = f"loads of the heavy libraries: {', '.join(loaded) or 'none'}"
    reach = "loads none"
    return [
        Figure(name, ours, peer, "importing torch, scipy, pandas", peer / ours, reach, "s", note)
    ]


def _run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
