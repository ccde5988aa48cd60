"""``python -m benchmarks.power``: how often planted wrong cues are found, and none invented.

180 synthetic studies, 60 of each kind, each with a classifier of its own, through the engine:
a quarter of an hour on two idle cores. A killed run goes on where it was.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.power.run import Outcome, in_processes, outcomes_of
from benchmarks.power.studies import KINDS, PLANTED, STRENGTH, Plan, plan_study

REACH = {"mark": ">= 0.95", "sex": ">= 0.95", "none": "<= 0.05"}

POWER = 0.8
"""Power at which a strength counts as still found."""

OUT = Path("build/power.jsonl")

RATE = ("studies", "counted", "rate", "95 % interval")

STRENGTHS = (STRENGTH, 0.85, 0.7, 0.55, 0.4)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the studies that are asked for and print what came of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.power", description=__doc__)
    parser.add_argument("--studies", type=int, default=60, help="of each kind")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2, help="studies at a time, a core each")
    parser.add_argument("--out", type=Path, default=OUT, help="outcomes, appended")
    parser.add_argument(
        "--strengths",
        type=float,
        nargs="*",
        help=f"also vary the cue's share of the planted pictures (by default {STRENGTHS})",
    )
    parser.add_argument("--strength-studies", type=int, default=20, help="of each strength")
    options = parser.parse_args(arguments)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    console = Console(width=None if sys.stdout.isatty() else 120)

    def run(plans: Sequence[Plan]) -> list[Outcome]:
        side_by_side = partial(in_processes, processes=options.processes)
        found = outcomes_of(plans, options.out, run=side_by_side)
        return list(track(found, total=len(plans), console=console, description="studies"))

    seeds = range(options.first_seed, options.first_seed + options.studies)
    console.print(kinds_table(run([plan_study(kind, seed) for seed in seeds for kind in KINDS])))
    if options.strengths is not None:
        weaker = [
            plan_study(kind, seed, strength=strength)
            for strength in options.strengths or STRENGTHS
            for seed in seeds[: options.strength_studies]
            for kind in PLANTED
        ]
        console.print(strengths_table(run(weaker)))
    return 0


def kinds_table(outcomes: Iterable[Outcome]) -> Table:
    """Return one row for each kind: hits where something is planted, accusations where not."""
    columns = ("kind", *RATE, "reach", "accuracy", "seconds", "slowest", "processor")
    table = _table("Planted flaws (hits) and clean studies (accusations)", columns)
    for kind, group in _grouped(outcomes, "kind").items():
        seconds = [each.seconds for each in group]
        table.add_row(
            kind,
            *_rate(group),
            REACH[kind],
            f"{fmean(each.accuracy for each in group):.2f}",
            f"{fmean(seconds):.1f}",
            f"{max(seconds):.1f}",
            f"{fmean(each.processor_seconds for each in group):.1f}",
        )
    return table


def strengths_table(outcomes: Iterable[Outcome]) -> Table:
    """Return hits by kind and strength, and the weakest strength that is found often enough."""
    table = _table("Share of planted pictures that show the cue", ("kind", "strength", *RATE))
    for kind, of_kind in _grouped(outcomes, "kind").items():
        by_strength = _grouped(of_kind, "strength")
        for strength, group in by_strength.items():
            table.add_row(kind, f"{strength:.2f}", *_rate(group))
        found = [each for each, group in by_strength.items() if _share(group) >= POWER]
        weakest = f"{min(found):.2f}" if found else "none"
        table.add_row(kind, weakest, "", "", f"weakest at power {POWER}", "", end_section=True)
    return table


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, justify="left" if column in ("kind", "reach") else "right")
    return table


def _grouped(outcomes: Iterable[Outcome], name: str) -> dict[Any, list[Outcome]]:
    """Return the outcomes by one of their attributes, in its natural order."""
    groups = defaultdict(list)
    for each in outcomes:
        groups[getattr(each, name)].append(each)
    return dict(sorted(groups.items()))


def _rate(group: Sequence[Outcome]) -> tuple[str, str, str, str]:
    """Return the cells named in `RATE`; the interval is Clopper and Pearson's."""
    from scipy.stats import binomtest

    counted = sum(each.is_counted for each in group)
    interval = binomtest(counted, len(group)).proportion_ci(0.95, method="exact")
    return (
        f"{len(group)}",
        f"{counted}",
        f"{_share(group):.3f}",
        f"{interval.low:.3f} to {interval.high:.3f}",
    )


def _share(group: Sequence[Outcome]) -> float:
    return fmean(each.is_counted for each in group)


if __name__ == "__main__":
    sys.exit(main())
