"""``python -m benchmarks [NAME...]``: every promise about speed and memory, beside its peer.

Each figure and its peer come from the same run on the same machine, so that their ratio means
something where the seconds do not.
"""

import sys
from importlib import import_module

from rich.console import Console
from rich.table import Table

from benchmarks.measure import Figure

NAMES = (
    "votes",
    "localisation",
    "bootstrap",
    "start",
    "store",
    "flow",
    "report",
    "scale",
    "review",
    "responsive",
    "gradients",
    "gpu",
    "canvas",
    "window",
    "tables",
    "plots",
)


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all of them, and print their figures."""
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}; there are: {', '.join(NAMES)}")
        return 2
    console = Console(width=None if sys.stdout.isatty() else 180)
    for name in names or NAMES:
        figures = import_module(f"benchmarks.{name}").measure()
        console.print(table_of(name, figures))
    return 0


def table_of(name: str, figures: list[Figure]) -> Table:
    """Return the figures as a table for the terminal."""
    table = Table(title=name, title_justify="left")
    for column in ("what", "ours", "peer", "ratio", "reach", "against", "note"):
        table.add_column(column, justify="right" if column in ("ours", "peer", "ratio") else "left")
    for figure in figures:
        table.add_row(
            figure.name,
            f"{figure.ours:.4g} {figure.unit}",
            "" if figure.peer is None else f"{figure.peer:.4g} {figure.unit}",
            "" if figure.ratio is None else f"{figure.ratio:.3g}",
            figure.reach,
            figure.peer_name,
            figure.note,
        )
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
