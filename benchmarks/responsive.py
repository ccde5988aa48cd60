"""The window while a run has both cores busy: for how long it answers nobody, beside an idle one.

The model, its gradients, the tables and figures that come in are those of the demo study.
"""

import json
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks.measure import Figure
from benchmarks.window import LONGEST, ROOT, quiet_environment

TIMES = 2


def measure() -> list[Figure]:
    """Measure runs in fresh processes; the best of them, since others use the machine too."""
    answers = [_ask() for _ in range(TIMES)]
    idle = min(answer["idle"]["longest"] for answer in answers)
    rows = []
    for name, words in (("first", "a first run, torch loading"), ("loaded", "a run after it")):
        best = min((answer[name] for answer in answers), key=lambda one: one["longest"])
        note = f"{best['late']} of {best['beats']:,} turns above 50 ms"
        rows.append(
            Figure(
                f"longest wait of the window, {words}", 1000 * best["longest"], 1000 * idle,
                "the same window, idle", idle / best["longest"], "< 50 ms", "ms", note,
            )
        )  # fmt: skip
    return rows


def _ask() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, quiet_environment() as environment:
        command = [sys.executable, "-m", "benchmarks.responsive_probe", folder]
        answer = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=2 * LONGEST, cwd=ROOT,
            env=environment,
        )  # fmt: skip
    if answer.returncode:
        raise RuntimeError(answer.stderr)
    return dict(json.loads(answer.stdout.splitlines()[-1]))
